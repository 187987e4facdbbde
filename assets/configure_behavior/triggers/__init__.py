"""When a conversation goes to a person: triggers, the suite that tries them, and what they find in past tickets."""

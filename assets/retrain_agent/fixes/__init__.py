"""What would mend a pattern: proposed ready to review, ranked, and tried out before anybody accepts it."""

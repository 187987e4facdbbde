"""The monthly session with the support team: the agenda, and what they know that no figure shows."""

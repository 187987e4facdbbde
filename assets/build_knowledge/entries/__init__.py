"""Entries that people own: their versions, which of them are live, and what a review makes of a draft."""

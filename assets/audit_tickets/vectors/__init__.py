"""Meaning: the encoder, and the vectors it made, kept by content."""

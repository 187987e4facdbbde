"""Bodies to text that may be embedded, shown and stored: cleaning, redaction, language."""

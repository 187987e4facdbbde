"""The content audit: what is wrong with articles and entries, each finding typed, quoted and with its fix."""

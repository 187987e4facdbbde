"""What tickets are about: the known-category model, discovered candidates and their proposals."""

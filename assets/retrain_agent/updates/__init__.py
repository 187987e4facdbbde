"""The weekly micro-update: accepted changes in a new release, held back where it would break something."""

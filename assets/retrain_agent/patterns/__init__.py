"""Failures that belong together: grouped, named, counted, and the same pattern next week."""

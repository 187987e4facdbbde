"""The quarterly knowledge audit: what must be looked at, by whom, by when, and what came of it."""

"""Releases that exist only to be tried: a release with other entries, labels or behavior, in memory."""

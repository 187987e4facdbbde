"""Faults planted on purpose into a release, to measure whether failures are found, told apart and mended."""

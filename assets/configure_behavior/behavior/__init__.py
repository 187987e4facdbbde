"""The behavior spec as people read, compare and check it."""

"""Typed models of the files people write, their loading, errors and JSON Schemas. Nothing here computes or stores."""

"""Exports to source records: finding, reading, checking and counting them."""

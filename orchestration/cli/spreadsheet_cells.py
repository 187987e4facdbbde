"""Texts in CSV files that people open in a spreadsheet, where a cell that begins like a formula is run as one.

Belongs here: escaping such a cell on the way out and undoing it on the way in. Does not belong here: any file.
"""

from __future__ import annotations

import re

# One apostrophe is put before what would be run, and before what looks as if that had been done: so it can be undone.
_RUNS = re.compile(r"'*[=+\-@\t\r\n]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r\n]")


def escaped(text: str) -> str:
    """The text as a cell that no spreadsheet runs."""
    return f"'{text}" if _RUNS.match(text) else text


def unescaped(text: str) -> str:
    """The text of a cell that ``escaped`` wrote."""
    return text[1:] if _ESCAPED.match(text) else text

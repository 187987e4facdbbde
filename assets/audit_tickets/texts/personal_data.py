"""What a finder of personal data returns, and what stands in its place.

Belongs here: kinds, placeholders, the span type, and addresses on the web that several finders must recognise.
Does not belong here: any rule that finds something (`contact_finders`, `number_finders`, `address_finders`,
`secret_finders`, `name_finder`) or replaces it (`redaction`).
"""

from __future__ import annotations

import re
from typing import NamedTuple

KINDS = ("SECRET", "EMAIL", "IBAN", "CARD", "ID", "IP", "PHONE", "ADDRESS", "NAME")
"""Kinds of personal data; where two claim the same characters, the earlier one has them."""

PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(KINDS)})\]")
"""What stands for redacted text: `[EMAIL]`, `[PHONE]` …"""

URL = re.compile(r"(?:\b[a-z][a-z0-9+.-]{1,15}://|\bwww\.)[^\s<>\"'`|{}]+", re.IGNORECASE)


class Span(NamedTuple):
    """Characters `start` to `end` (exclusive) of a text that are personal data of one kind."""

    start: int
    end: int
    kind: str


def words(text: str) -> frozenset[str]:
    """Return the words of a list written as one text, which keeps long lists readable."""
    return frozenset(text.split())


def url_spans(text: str) -> list[tuple[int, int]]:
    """Return where web addresses are, so that digits inside them are not taken for numbers of people."""
    if "://" not in text and "www." not in text.lower():
        return []
    return [match.span() for match in URL.finditer(text)]


def lower(text: str) -> str:
    """Return the text in lower case with every character at its old place (`İ` alone becomes two and is kept)."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def is_inside(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    """Tell whether a range overlaps one of the spans."""
    return any(start < stop and end > begin for begin, stop in spans)

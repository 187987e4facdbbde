"""Values that stand for a range of product versions: ``>= 60``, ``< 128``, ``>= 60 < 115``.

Belongs here: writing and reading such a value, and comparing two of them. Does not belong here: what a condition is
(``conditions``) or which words of an article mean a version (``articles``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBER = r"\d{1,9}(?:\.\d{1,9}){0,5}"
_RANGE = re.compile(rf"(?:>=\s*({_NUMBER}))?\s*(?:<\s*({_NUMBER}))?")
_VERSION = re.compile(rf"(?:[a-z][a-z .]{{0,40}}?\s*)?({_NUMBER})(?![\d.])")

Version = tuple[int, ...]


@dataclass(frozen=True)
class VersionRange:
    """Versions from ``low`` on (None: from the first) up to before ``high`` (None: without end)."""

    low: Version | None
    high: Version | None

    def overlaps(self, other: VersionRange) -> bool:
        """Whether one version can lie in both."""
        return _is_below(self.low, other.high) and _is_below(other.low, self.high)

    def __str__(self) -> str:
        low = f">= {dotted(self.low)}" if self.low is not None else ""
        high = f"< {dotted(self.high)}" if self.high is not None else ""
        return f"{low} {high}".strip()


def read_range(value: str) -> VersionRange | None:
    """The range that a condition's value stands for, or None where it is an ordinary value."""
    match = _RANGE.fullmatch(value) if value else None
    if match is None:
        return None
    low, high = match.groups()
    return VersionRange(version(low) if low else None, version(high) if high else None)


def read_version(value: str) -> VersionRange | None:
    """One version as a reader's context names it (``115.3``, ``tb 115``), as a range; None where it is none."""
    match = _VERSION.match(value)
    if match is None:
        return None
    number = version(match[1])
    return VersionRange(number, (*number, 0))


def version(text: str) -> Version:
    """Numbers of a dotted version without trailing zeros, so that 60 and 60.0 are one."""
    parts = [int(part) for part in text.split(".")]
    while len(parts) > 1 and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def dotted(number: Version) -> str:
    """The reverse of ``version``."""
    return ".".join(str(part) for part in number)


def _is_below(low: Version | None, high: Version | None) -> bool:
    return low is None or high is None or low < high

"""Quantities with a unit: what one is, and whether two of them can both be true.

Belongs here: the record and the comparison. Does not belong here: reading quantities in a text (``fact_finders``), and
which sentences are about the same thing (``aligned_sentences``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["duration", "money", "percent", "size", "count", "clock", "version"]
Role = Literal["exact", "at_least", "every"]


@dataclass(frozen=True)
class Fact:
    """A quantity in a text, at ``start:end``.

    ``unit`` is the currency, the counted noun's stem, or ``business`` for working days; durations are in seconds,
    sizes in bytes, hours of the day in minutes. ``low`` and ``high`` differ for a range ("3 to 5 days"). ``per`` is a
    price's period where it names one.
    """

    kind: Kind
    unit: str
    low: float
    high: float
    role: Role
    start: int
    end: int
    text: str
    per: str = ""

    @property
    def group(self) -> tuple[str, str, str]:
        """What must agree before two values can be compared."""
        return self.kind, self.unit, self.role

    def agrees_with(self, other: Fact) -> bool:
        """Whether the ranges of two comparable facts meet."""
        slack = 1e-6 * max(abs(self.high), abs(other.high), 1.0)
        return self.low <= other.high + slack and other.low <= self.high + slack


def differing_facts(one: Sequence[Fact], other: Sequence[Fact]) -> tuple[Fact, Fact] | None:
    """A fact of each side that cannot both be true; None where any comparable pair agrees or none is comparable."""
    for group in dict.fromkeys(fact.group for fact in one):
        left = [fact for fact in one if fact.group == group]
        right = [fact for fact in other if fact.group == group]
        pairs = [(a, b) for a in left for b in right if not a.per or not b.per or a.per == b.per]
        if pairs and not any(a.agrees_with(b) for a, b in pairs):
            return pairs[0]
    return None

"""The month that a session looks back on.

Belongs here: reading YYYY-MM, and its bounds in UTC. Does not belong here: what happened in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")


class MonthError(ValueError):
    """What was given is no month; ``str()`` says how to write one."""


@dataclass(frozen=True, order=True)
class SessionMonth:
    """A calendar month, UTC."""

    year: int
    month: int

    @classmethod
    def read(cls, text: str) -> SessionMonth:
        """Read ``2026-06``.

        Raises:
            MonthError: it is none.
        """
        found = _MONTH.fullmatch(text.strip())
        if found is None or not 1 <= int(found[2]) <= 12 or not 2000 <= int(found[1]) <= 2200:
            raise MonthError(f"{text.strip()[:40]!r} is no month; write year and month, such as 2026-06.")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, at: pd.Timestamp) -> SessionMonth:
        """The month of a moment, UTC."""
        at = pd.Timestamp(at).tz_convert("UTC")
        return cls(at.year, at.month)

    @property
    def start(self) -> pd.Timestamp:
        """Its first moment."""
        return pd.Timestamp(year=self.year, month=self.month, day=1, tz="UTC")

    @property
    def end(self) -> pd.Timestamp:
        """The first moment after it."""
        return self.start + pd.DateOffset(months=1)

    @property
    def before(self) -> SessionMonth:
        """The month before."""
        return SessionMonth.of(self.start - pd.Timedelta(days=1))

    @property
    def words(self) -> str:
        """“June 2026”."""
        return f"{self.start:%B %Y}"

    def holds(self, times: pd.Series) -> pd.Series:
        """Which moments lie in it; NaT in none."""
        return (times >= self.start) & (times < self.end)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

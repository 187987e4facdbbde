"""A quarter of a year in UTC: its name, its ends, and the ids of what stands on its list.

Does not belong here: when a quarter's audit is made (``orchestration.schedules``).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

import pandas as pd

_NAME = re.compile(r"(\d{4})-?[Qq]([1-4])")


@dataclass(frozen=True, order=True)
class Quarter:
    """start: its first moment, UTC."""

    start: pd.Timestamp

    def __post_init__(self) -> None:
        start = self.start
        if start.tz is None or start != start.normalize() or start.day != 1 or start.month not in (1, 4, 7, 10):
            raise ValueError(f"{start} is not the first moment of a quarter in UTC, such as 2026-07-01 00:00+00:00")

    @classmethod
    def named(cls, name: str) -> Quarter:
        """The quarter that people call ``2026-Q3``, or that begins on 2026-07-01. Raises ValueError for no quarter."""
        said = _NAME.fullmatch(name.strip())
        if said:
            return cls(pd.Timestamp(year=int(said[1]), month=3 * int(said[2]) - 2, day=1, tz="UTC"))
        try:
            return cls(pd.Timestamp(name.strip(), tz="UTC"))
        except ValueError:
            raise ValueError(f"'{name[:40]}' is no quarter; write one such as 2026-Q3") from None

    @classmethod
    def around(cls, moment: pd.Timestamp) -> Quarter:
        """The quarter in which a moment lies."""
        day = moment.tz_convert("UTC")
        return cls(pd.Timestamp(year=day.year, month=day.month - (day.month - 1) % 3, day=1, tz="UTC"))

    @property
    def name(self) -> str:
        """YYYY-Qn, which sorts as quarters follow each other."""
        return f"{self.start.year}-Q{(self.start.month + 2) // 3}"

    @property
    def end(self) -> pd.Timestamp:
        """The first moment after it."""
        return self.start + pd.DateOffset(months=3)


def item_id(quarter: str, subject_kind: str, subject_id: str) -> str:
    """16 hex digits that name a subject on a quarter's list, whoever owns it and whatever it says."""
    return hashlib.sha256(f"{quarter}|{subject_kind}|{subject_id}".encode()).hexdigest()[:16]

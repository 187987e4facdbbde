"""The two periods that are laid side by side: what came lately, and what came before.

Does not belong here: which tickets fall into them (``routed_tickets``).
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

RECENT_DAYS, REFERENCE_DAYS = 28, 84
"""Whole weeks, so that both hold as many of every weekday; four against twelve."""


@dataclass(frozen=True)
class Windows:
    """reference_start < reference_end = recent_start < recent_end, UTC; each holds its start and not its end."""

    reference_start: pd.Timestamp
    recent_start: pd.Timestamp
    recent_end: pd.Timestamp

    @property
    def reference_end(self) -> pd.Timestamp:
        """Where the one ends the other begins."""
        return self.recent_start

    def is_recent(self, times: pd.Series) -> pd.Series:
        """True in the recent window, False in the reference, null in neither."""
        known = times.notna() & (times >= self.reference_start) & (times < self.recent_end)
        return (times >= self.recent_start).astype("boolean").where(known)


def windows_before(
    as_of: pd.Timestamp, recent_days: int = RECENT_DAYS, reference_days: int = REFERENCE_DAYS
) -> Windows:
    """The windows of a run: nothing at or after ``as_of`` is looked at.

    Raises:
        ValueError: a window without days, or a moment without a zone.
    """
    if recent_days < 1 or reference_days < 1:
        raise ValueError("a window needs a day at least")
    if as_of.tzinfo is None:
        raise ValueError(f"as_of {as_of} needs a time zone, such as UTC")
    recent_start = as_of - pd.Timedelta(days=recent_days)
    return Windows(recent_start - pd.Timedelta(days=reference_days), recent_start, as_of)

"""Tickets counted by day: all together, and by each value of what is known of them.

Belongs here: counting. Does not belong here: which values there are (``text_categories``, ``named_versions``), nor what is
unusual (``detect_changes``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assets.sustain_learning.signals.silences import Silence, coverage_on, find_silences, hour_shares

ALL = "all"
DIMENSIONS = ("all", "category", "version", "plan", "language", "page", "os")
"""What is watched, in the order in which signals of the same day are told."""
HOURS_FROM_DAYS = 56
"""At what hours customers write is learnt from the first days, so that later ones change nothing about earlier ones."""
MOST_VALUES = 200
"""Of one dimension; beyond that, values are addresses or names rather than groups of customers."""


@dataclass(frozen=True)
class DailyCounts:
    """Days in a row from ``first_day``, s series.

    ``dimension``, ``value``: of each series, ("all", "all") first. ``counts``: (s, days) tickets. ``of``: (s, days) tickets of
    which the dimension is known (all tickets in the first row). ``since``: (s,) the first day on which a series may be looked
    at, since its values were not known before. ``silences`` and ``shares``: of ``silences``.
    """

    first_day: pd.Timestamp
    dimension: np.ndarray
    value: np.ndarray
    counts: np.ndarray
    of: np.ndarray
    since: np.ndarray
    silences: list[Silence]
    shares: np.ndarray

    @property
    def days(self) -> int:
        """How many."""
        return int(self.counts.shape[1])

    def date(self, day: int) -> pd.Timestamp:
        """Midnight UTC at which a day begins."""
        return self.first_day + pd.Timedelta(days=int(day))

    def coverage(self, day: int) -> np.ndarray:
        """``coverage_on`` the end of a day."""
        return coverage_on(self.silences, day, self.shares)


def count_days(
    created_at: pd.Series, values: Mapping[str, pd.Series], until: pd.Timestamp, since: Mapping[str, int] | None = None
) -> DailyCounts | None:
    """Count tickets by UTC day; None without a ticket or without a whole day.

    Args:
        created_at: (n,) UTC.
        values: by dimension, (n,) text in the same order, null where not known, or lists of texts (a ticket may name two
            versions).
        until: the data's present. The day that is not over is not counted.
        since: by dimension, the first day on which its values were known; 0 without.
    """
    created = pd.to_datetime(created_at, utc=True).reset_index(drop=True)
    created = created[created < until]
    if not len(created):
        return None
    first = created.min().normalize()
    days = int((until.normalize() - first).days)
    if days < 1:
        return None
    at = ((created - first).dt.total_seconds() // 86_400).astype(int)
    within = (at >= 0) & (at < days)
    everything = np.bincount(at[within], minlength=days).astype(float)
    dimension, value, counts, of = [ALL], [ALL], [everything], [everything]
    for name, given in values.items():
        known = given.reset_index(drop=True).loc[created.index][within]
        flat = known.map(_as_list).explode().dropna()
        if not len(flat):
            continue
        where = at.loc[flat.index].to_numpy()
        # Whether a ticket names a version is known of every ticket; whether it has a plan, of those with the field alone.
        total = (
            everything if name == "version" else np.bincount(at.loc[flat.index.unique()], minlength=days).astype(float)
        )
        codes, names = pd.factorize(flat.astype(str), sort=True)
        # The first that were ever seen, so that what comes later does not change what was watched before.
        kept = pd.Series(where).groupby(codes).min().sort_values(kind="stable").index[:MOST_VALUES]
        for code in sorted(kept):
            dimension.append(name)
            value.append(str(names[code]))
            counts.append(np.bincount(where[codes == code], minlength=days).astype(float))
            of.append(total)
    seen = created[within]
    end = first + pd.Timedelta(days=days)
    early = seen[seen < first + pd.Timedelta(days=HOURS_FROM_DAYS)]
    return DailyCounts(
        first,
        np.array(dimension, dtype=object),
        np.array(value, dtype=object),
        np.array(counts),
        np.array(of),
        np.array([(since or {}).get(name, 0) for name in dimension]),
        find_silences(seen, first, end),
        hour_shares(early),
    )


def _as_list(value: object) -> object:
    if isinstance(value, (list, tuple, set, frozenset)):
        return sorted(str(one) for one in value) or None
    return value

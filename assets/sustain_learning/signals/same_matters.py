"""Several series that change because of the same tickets, told once.

Belongs here: which changes are one matter. Does not belong here: finding changes (``detect_changes``), or telling them.

A page that fails makes its category, its page and perhaps a plan stand out. What is found later and consists mostly of the same
tickets is told with what was found first. All tickets together hold every ticket and are a matter of their own, and so is each
version.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from assets.sustain_learning.signals.daily_counts import ALL, DailyCounts
from assets.sustain_learning.signals.detect_changes import Change

SHARED = 0.5
"""Of the smaller one's tickets."""
TOGETHER_DAYS = 21


@dataclass
class Matter:
    """The change that was found first, and those that came with it."""

    change: Change
    also: list[Change] = field(default_factory=list)


def same_matters(
    changes: Sequence[Change], counted: DailyCounts, tickets: pd.DataFrame, day: np.ndarray
) -> list[Matter]:
    """Changes, each once, in the order in which they were found.

    Args:
        tickets: of ``customer_tickets``; day: (n,) days since the first, of each. Only what had come in when a change was
        found decides.
    """
    found: list[Matter] = []
    for change in changes:
        first = next((one for one in found if _is_same(one, change, counted, tickets, day)), None)
        if first is None:
            found.append(Matter(change))
        else:
            first.also.append(change)
    return found


def members(tickets: pd.DataFrame, dimension: str, value: str) -> np.ndarray:
    """Which tickets a series counts: bool (n,)."""
    if dimension == ALL:
        return np.ones(len(tickets), dtype=bool)
    if dimension == "version":
        return np.array([value in one for one in tickets["version"]], dtype=bool)
    return (tickets[dimension].astype(str) == value).to_numpy(dtype=bool)


def _is_same(matter: Matter, change: Change, counted: DailyCounts, tickets: pd.DataFrame, day: np.ndarray) -> bool:
    first = matter.change
    kinds = {str(counted.dimension[first.series]), str(counted.dimension[change.series])}
    if first.series == change.series or ALL in kinds or "version" in kinds:
        return False
    if change.found - first.found > TOGETHER_DAYS or (first.end is not None and first.end < change.start):
        return False
    since = min(first.start, change.start)
    now = (day >= since) & (day <= change.found)
    sides = [
        now & members(tickets, str(counted.dimension[one.series]), str(counted.value[one.series]))
        for one in (first, change)
    ]
    smaller = min(int(side.sum()) for side in sides)
    return smaller > 0 and int((sides[0] & sides[1]).sum()) >= SHARED * smaller

"""Which tickets can be compared at all, in which week of the rollout they came in, and what was set aside.

Belongs here: the population of the comparison. Does not belong here: what is compared (``conditions``).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from assets.pilot_agent.verdict.outcomes import Outcomes, read_outcomes
from desk.pilot import PilotFile


def comparable(
    frame: pd.DataFrame, pilot: PilotFile, categories: Sequence[str]
) -> tuple[Outcomes, np.ndarray, tuple[str, ...]]:
    """Outcomes of the rollout that can be compared, their week of rollout from 0 (n,), and what was set aside in words.

    Args:
        frame: as ``read_outcomes`` takes it.
        categories: categories in scope where the plan names none; none: all that occur.
    """
    start = pd.Timestamp(pilot.rollout_start, tz="UTC")
    whole = read_outcomes(frame)
    named = pilot.categories.ids or list(categories)
    is_in_scope = frame["category_id"].isin(named).to_numpy() if named else frame["category_id"].notna().to_numpy()
    is_in_time = (frame["created_at"] >= start).to_numpy()
    kept = is_in_scope & is_in_time & whole.is_drawable
    notes = []
    for count, words in (
        (int((~is_in_time).sum()), "came in before the rollout"),
        (int((is_in_time & ~is_in_scope).sum()), "are of categories out of scope"),
        (int((is_in_time & is_in_scope & ~whole.is_drawable).sum()), "are of unknown requesters, who cannot be drawn"),
    ):
        if count:
            notes.append(f"{count:,} tickets {words} and are left out of the comparison.")
    data = whole if kept.all() else read_outcomes(frame[kept])
    both = np.intersect1d(data.requester[data.is_ai], data.requester[~data.is_ai])
    if len(both):
        notes.append(
            f"{len(both):,} requesters have tickets in both arms, as after a change of the share; each ticket counts for the "
            "arm it was assigned to."
        )
    answered = int((data.is_involved & ~data.is_ai).sum())
    if answered:
        notes.append(f"The agent was involved in {answered:,} tickets of the control arm: the arms have mixed.")
    stamps = pd.DatetimeIndex(data.frame["created_at"])
    weeks = ((stamps - start) // pd.Timedelta(days=7)).to_numpy() if len(stamps) else np.zeros(0, dtype=np.int64)
    return data, weeks, tuple(notes)

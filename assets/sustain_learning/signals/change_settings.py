"""How volumes are watched: windows, what counts as usual, and how false alarms are shared out.

Belongs here: the numbers and where they come from. Does not belong here: the watching (``detect_changes``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assets.sustain_learning.signals.daily_counts import ALL

DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True)
class ChangeSettings:
    """Settings of the watch.

    ``windows``: days that a change may have lasted when it is looked for. ``fall_window``: only a level that was low for so
    long is a fall, since every holiday is low. ``baseline_days`` before the last ``guard_days`` say what is usual (the guard
    keeps the beginning of a change out of it), ``season_days`` how weekdays differ; ``least_days`` of the baseline must be
    there. ``wander``: by how much (log scale) a level moves between its baseline and the window without anything having
    happened, before it can be learnt; ``wander_least``, ``wander_most``: bounds of what is learnt. ``least_ratio`` and
    ``least_excess``: what is smaller is no news however sure. ``quiet_days`` without excess end a change; one that lasts
    ``shift_days`` has become the new level. ``share_all``: of the false alarms, for all tickets together.
    """

    windows: tuple[int, ...] = (1, 2, 3, 5, 7, 10, 14)
    fall_window: int = 21
    baseline_days: int = 56
    guard_days: int = 14
    season_days: int = 182
    least_days: int = 21
    wander: float = 0.2
    wander_least: float = 0.1
    wander_most: float = 0.4
    least_ratio: float = 1.3
    least_excess: float = 6.0
    quiet_days: int = 7
    shift_days: int = 28
    share_all: float = 0.25


def share_out(
    dimension: np.ndarray, is_established: np.ndarray, is_seen: np.ndarray, settings: ChangeSettings
) -> np.ndarray:
    """Each series' part of the false alarms, adding up to 1 at most: float (s,).

    All tickets together have ``share_all``; the rest goes to the dimensions alike. Within one, half goes to values that have
    been usual and half to those that have only been seen, so that a hundred rare pages do not blind the watch on ten usual.
    """
    parts = np.zeros(len(dimension))
    parts[dimension == ALL] = settings.share_all
    names = [
        name for name in dict.fromkeys(dimension.tolist()) if name != ALL and (is_seen & (dimension == name)).any()
    ]
    for name in names:
        mine = dimension == name
        for group in (mine & is_established, mine & is_seen & ~is_established):
            if group.any():
                parts[group] = (1 - settings.share_all) / len(names) / 2 / group.sum()
    return parts

"""Whether an entry was right up to some day and wrong from then on.

Belongs here: the test over one entry's judged answers. Does not belong here: which answers are laid before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

MOST = 0.05
CLEAN = 0.8


@dataclass(frozen=True)
class TurningPoint:
    """at: of the first wrong answer; p: one-sided Mann-Whitney, that wrong answers come later; counts as (right before,
    wrong before, right after, wrong after)."""

    at: pd.Timestamp
    p: float
    counts: tuple[int, int, int, int]


def turning_point(wrong: Sequence[pd.Timestamp], right: Sequence[pd.Timestamp]) -> TurningPoint | None:
    """The moment from which answers are wrong, None where right and wrong ones mix.

    At the moment chosen the fewest answers are on the wrong side of it; of either kind at most one in five may be.
    """
    from scipy.stats import mannwhitneyu

    later = np.array([one.value for one in wrong if not pd.isna(one)], dtype=np.int64)
    earlier = np.array([one.value for one in right if not pd.isna(one)], dtype=np.int64)
    if len(later) < 2 or len(earlier) < 2:
        return None
    moments = np.unique(later)
    misplaced = [(int((later < at).sum() + (earlier >= at).sum()), at) for at in moments]
    at = min(misplaced)[1]
    before, after = int((earlier < at).sum()), int((later >= at).sum())
    if before < CLEAN * len(earlier) or after < CLEAN * len(later):
        return None
    p = float(mannwhitneyu(later, earlier, alternative="greater").pvalue)
    if p > MOST:
        return None
    counts = (before, len(later) - after, len(earlier) - before, after)
    return TurningPoint(pd.Timestamp(at, tz="UTC"), p, counts)

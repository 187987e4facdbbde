"""What the AI got wrong in a month, by type, beside the month before.

Belongs here: counts and rates. Does not belong here: which failures belong together (``patterns``), sentences of the page.

The denominator is the answers that somebody judged: nothing is known of the others. Replayed tickets are left out, since
nothing was said to those customers in the month.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from assets.audit_tickets.roadmap.category_metrics import wilson_interval
from assets.retrain_agent.frames import FAILURE_TYPES, REPLAY
from assets.retrain_agent.patterns.pattern_trend import rate_ratio
from assets.retrain_agent.review_session.session_month import SessionMonth


@dataclass(frozen=True)
class TypeCount:
    """Wrong answers of one type. low, high: of the share among judged answers of the month, 95 %; NaN without any; against:
    more, fewer, alike (no difference shown) or unknown (nothing was judged in one of the months)."""

    failure_type: str
    now: int
    before: int
    share: float
    low: float
    high: float
    share_before: float
    against: str


@dataclass(frozen=True)
class WrongAnswers:
    """A month's judged answers. by_source: (source, judged, wrong), the most judged first; types: those that were there in
    one of the months, the most frequent first."""

    judged: int
    wrong: int
    judged_before: int
    wrong_before: int
    low: float
    high: float
    by_source: tuple[tuple[str, int, int], ...]
    types: tuple[TypeCount, ...]

    @property
    def share(self) -> float:
        """Wrong among judged, NaN without any."""
        return self.wrong / self.judged if self.judged else math.nan

    @property
    def share_before(self) -> float:
        """The same in the month before."""
        return self.wrong_before / self.judged_before if self.judged_before else math.nan


def wrong_answers(cases: pd.DataFrame, failures: pd.DataFrame, month: SessionMonth) -> WrongAnswers:
    """Count a month and the one before.

    Args:
        cases: ``judged_answers``. failures: ``failures``. Both by when the customer asked; a case that came twice counts
            once.
    """
    live = cases[cases["source"] != REPLAY].drop_duplicates("case_id")
    failed = failures[failures["source"] != REPLAY].drop_duplicates("failure_id")
    now, before = (live[one.holds(live["occurred_at"])] for one in (month, month.before))
    failed_now, failed_before = (failed[one.holds(failed["occurred_at"])] for one in (month, month.before))
    wrong, wrong_before = (int(one["is_wrong"].fillna(False).sum()) for one in (now, before))
    counts, counts_before = (one["failure_type"].value_counts().to_dict() for one in (failed_now, failed_before))
    types = [
        _type(kind, int(counts.get(kind, 0)), int(counts_before.get(kind, 0)), len(now), len(before))
        for kind in FAILURE_TYPES
        if kind in counts or kind in counts_before
    ]
    sources = now.groupby("source")["is_wrong"].agg(["size", "sum"]).reset_index()
    low, high = wilson_interval(wrong, len(now))
    return WrongAnswers(
        judged=len(now),
        wrong=wrong,
        judged_before=len(before),
        wrong_before=wrong_before,
        low=low,
        high=high,
        by_source=tuple(
            sorted(
                ((str(name), int(size), int(bad)) for name, size, bad in sources.to_numpy().tolist()),
                key=lambda one: (-one[1], one[0]),
            )
        ),
        types=tuple(sorted(types, key=lambda one: (-one.now, -one.before))),
    )


def _type(kind: str, now: int, before: int, judged: int, judged_before: int) -> TypeCount:
    low, high = wilson_interval(now, judged)
    _, ratio_low, ratio_high = rate_ratio(now, judged, before, judged_before)
    against = "alike"
    if not judged or not judged_before:
        against = "unknown"
    elif ratio_low > 1:
        against = "more"
    elif ratio_high < 1:
        against = "fewer"
    return TypeCount(
        kind,
        now,
        before,
        now / judged if judged else math.nan,
        low,
        high,
        before / judged_before if judged_before else math.nan,
        against,
    )

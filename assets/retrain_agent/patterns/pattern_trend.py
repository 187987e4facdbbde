"""Whether a pattern comes more or less often than before, with an interval, and whether it is over.

Belongs here: counts of the last 28 days against the 28 before, and silence. Does not belong here: which failures a pattern
has (``pattern_groups``).

Two Poisson counts are compared by the conditional test (Przyborowski and Wilenski 1940): given both together, the newer one
is binomial. Its exact (Clopper-Pearson) interval becomes one of the ratio. What is counted is a requester on a day, so that
who writes three times in an afternoon counts once. Where it is known how many answers were judged, the ratio is per judged
answer: a week in which nobody reviewed is no good week. Days are UTC, so that a change of clocks moves nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

WINDOW = pd.Timedelta(days=28)
Asked = tuple[pd.Timestamp | None, str]
NEW, RISING, STEADY, FALLING, UNCLEAR, GONE = "new", "rising", "steady", "falling", "unclear", "gone"
TRENDS = {
    NEW: "first seen in the last 28 days",
    RISING: "more often than in the 28 days before",
    STEADY: "about as often as in the 28 days before",
    FALLING: "less often than in the 28 days before",
    UNCLEAR: "too few to say whether it is more or less often than before",
    GONE: "not seen any more",
}
"""Trends, in words."""
STEADY_WITHIN = 2.0
"""A ratio whose interval lies between half and twice is steady; a wider one that holds 1 says nothing."""
SILENT_BY_CHANCE = 0.01
"""A pattern is gone when a silence as long as this one has at most this chance at the pace it had."""


@dataclass(frozen=True)
class Trend:
    """recent: requester-days of the last 28 days; before: of the 28 before. ratio, low, high: NaN where there is none; a
    high of NaN beside a low has no upper end."""

    word: str
    recent: int
    before: int
    ratio: float
    low: float
    high: float


def pattern_trend(
    asked: Sequence[Asked], as_of: pd.Timestamp, judged: pd.Series | None = None, may_be_gone: bool = True
) -> Trend:
    """The trend of one pattern.

    Args:
        asked: when each failure's question was asked, UTC, none after as_of (None counts nowhere), and by whom.
        judged: when every judged answer's question was asked, right ones too; None: not known, then days are compared.
        may_be_gone: whether silence may say that it is over.
    """
    days = requester_days(asked)
    recent = [at for at, _ in days if at > as_of - WINDOW]
    before = [at for at, _ in days if as_of - 2 * WINDOW < at <= as_of - WINDOW]
    exposed = (
        (1.0, 1.0)
        if judged is None
        else (_judged(judged, as_of - WINDOW, as_of), _judged(judged, as_of - 2 * WINDOW, as_of - WINDOW))
    )
    ratio, low, high = rate_ratio(len(recent), exposed[0], len(before), exposed[1])
    word = GONE if may_be_gone and is_gone(days, as_of, judged) else _word(days, as_of, exposed, low, high)
    return Trend(word, len(recent), len(before), ratio, low, high)


def requester_days(asked: Sequence[Asked]) -> list[tuple[pd.Timestamp, str]]:
    """The first time of each requester on each UTC day, in the order of time."""
    first: dict[tuple[str, str], pd.Timestamp] = {}
    for at, who in sorted((at, who) for at, who in asked if at is not None):
        first.setdefault((f"{at:%Y-%m-%d}", who), at)
    return sorted((at, who) for (_, who), at in first.items())


def rate_ratio(recent: int, exposed_recent: float, before: int, exposed_before: float) -> tuple[float, float, float]:
    """Ratio of two rates with its exact 95 % interval; NaN for what cannot be said.

    Args:
        recent, before: counts. exposed_recent, exposed_before: days, or judged answers.
    """
    from scipy.stats import binomtest

    total = recent + before
    if not total or exposed_recent <= 0 or exposed_before <= 0:
        return math.nan, math.nan, math.nan
    interval = binomtest(recent, total).proportion_ci(confidence_level=0.95, method="exact")
    scale = exposed_before / exposed_recent
    low, high = (
        share / (1 - share) * scale if share < 1 else math.nan for share in (float(interval.low), float(interval.high))
    )
    return (recent / before * scale if before else math.nan), low, high


def is_gone(days: Sequence[tuple[pd.Timestamp, str]], as_of: pd.Timestamp, judged: pd.Series | None) -> bool:
    """Whether it has been silent for 28 days at least, and longer than chance explains at the pace it had.

    With n failures over a span s and a silence t, all n fall into s by chance with (s / (s + t)) to the n; s is 28 days
    at least, so that a few on one day make no pace.
    """
    if not days:
        return False
    first, last = days[0][0], days[-1][0]
    if as_of - last < WINDOW:
        return False
    start = min(first, last - WINDOW)
    if judged is None:
        span, silence = (last - start) / WINDOW, (as_of - last) / WINDOW
    else:
        span, silence = max(_judged(judged, start, last), float(len(days))), _judged(judged, last, as_of)
    return bool((span / (span + silence)) ** len(days) <= SILENT_BY_CHANCE)


def _word(
    days: Sequence[tuple[pd.Timestamp, str]],
    as_of: pd.Timestamp,
    exposed: tuple[float, float],
    low: float,
    high: float,
) -> str:
    if days and days[0][0] > as_of - WINDOW and exposed[1] > 0:
        return NEW
    if low > 1:
        return RISING
    if high < 1:
        return FALLING
    return STEADY if low >= 1 / STEADY_WITHIN and high <= STEADY_WITHIN else UNCLEAR


def _judged(judged: pd.Series, after: pd.Timestamp, until: pd.Timestamp) -> float:
    return float(((judged > after) & (judged <= until)).sum())

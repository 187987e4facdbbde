"""One figure of a month, as a row of ``learning_report``.

Belongs here: the shape of a figure, and making one from counted tickets or from counts. Does not belong here: which figures
there are (``month_rates``, ``month_counts``, ``knowledge_then``), their words (``report_words``).
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from assets.pilot_agent.verdict.clustered_rates import tally, wilson
from assets.sustain_learning.report.month_differences import NONE, mean_difference, rate_difference

ALL = "all"
RATE = "rate"


@dataclass(frozen=True)
class Figure:
    """A metric of a month. cut: all, a category, or what else it is cut by with its kind before it (arm:control,
    phase:shadow, reason:trigger, type:stale, …); NaN where something is not known or not measured."""

    metric: str
    cut: str = ALL
    unit: str = RATE
    numerator: float = math.nan
    denominator: float = math.nan
    value: float = math.nan
    low: float = math.nan
    high: float = math.nan
    before: float = math.nan
    difference: float = math.nan
    difference_low: float = math.nan
    difference_high: float = math.nan
    higher_is_better: bool | None = None
    sentence: str = ""

    @property
    def is_known(self) -> bool:
        """Whether there is a value."""
        return not math.isnan(self.value)

    def as_row(self) -> dict[str, Any]:
        """Its columns."""
        return asdict(self)


def rate_figure(
    metric: str,
    cut: str,
    hits: np.ndarray,
    counts: np.ndarray,
    requesters: np.ndarray,
    is_now: np.ndarray,
    higher_is_better: bool | None,
) -> Figure:
    """A rate of the month and of the month before, with Wilson intervals on effective samples.

    Args:
        hits, counts: (n,) whether a ticket of either month scores, and counts. requesters: (n,) codes over both months.
        is_now: (n,) whether it is of the month; otherwise of the month before.
    """
    here, there = counts & is_now, counts & ~is_now
    now, before = tally(hits[here], requesters[here]), tally(hits[there], requesters[there])
    low, high = wilson(now)
    difference = rate_difference(hits[here], requesters[here], hits[there], requesters[there])
    return Figure(
        metric, cut, RATE, now.numerator, now.denominator, now.rate, low, high, before.rate, *difference, higher_is_better
    )  # fmt: skip


def mean_figure(
    metric: str,
    cut: str,
    unit: str,
    values: np.ndarray,
    requesters: np.ndarray,
    is_now: np.ndarray,
    interval: tuple[float, float],
    higher_is_better: bool | None,
) -> Figure:
    """A mean of the month and of the month before; values that are not known are NaN and left out.

    Args:
        interval: of the month's mean.
    """
    known = ~np.isnan(values)
    here, there = known & is_now, known & ~is_now
    difference = NONE
    if here.any() and there.any():
        difference = mean_difference(values[here], requesters[here], values[there], requesters[there])
    return Figure(
        metric, cut, unit, float(values[here].sum()), int(here.sum()),
        float(values[here].mean()) if here.any() else math.nan, *interval,
        float(values[there].mean()) if there.any() else math.nan, *difference, higher_is_better,
    )  # fmt: skip


def count_figure(
    metric: str,
    unit: str,
    now: float,
    before: float = math.nan,
    cut: str = ALL,
    higher_is_better: bool | None = None,
    *,
    is_comparable: bool = True,
    sentence: str = "",
) -> Figure:
    """A count of the month; the difference is exact, and left out where the months are not alike (one is cut)."""
    return Figure(
        metric, cut, unit, value=now, before=before, higher_is_better=higher_is_better, sentence=sentence,
        difference=now - before if is_comparable else math.nan,
    )  # fmt: skip

"""A figure of one month against the month before, where the same requesters write in both.

Belongs here: differences of rates and of means with 95 % intervals, clustered by requester over both months. Does not
belong here: what a metric counts (``pilot_agent.verdict.metrics``), the interval of one rate (``clustered_rates``).

Method: within a month the design effect of requesters is the pilot's (``clustered_rates.tally``), and the interval is the
pilot's (``differences.difference_interval``, Miettinen and Nurminen 1985). That interval takes the two samples for
independent. A requester of both months makes them dependent, so both effective samples are scaled by what the
linearised covariance over requesters (Taylor, as for any ratio in a survey: Wolter 2007, ch. 6) does to the variance of
the difference: 1 - 2 cov / (var + var). The scaling stays within ``LEAST`` and ``MOST``, because a few requesters with many
tickets make a covariance as shaky as a variance.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from statistics import NormalDist
from typing import Any

import numpy as np

from assets.pilot_agent.verdict.clustered_rates import tally
from assets.pilot_agent.verdict.differences import difference_interval

LEAST, MOST = 0.25, 2.0
Compared = tuple[float, float, float]
"""The difference, and its 95 % interval; NaN where there is none."""
NONE: Compared = (math.nan, math.nan, math.nan)


def rate_difference(
    hits: np.ndarray, requesters: np.ndarray, hits_before: np.ndarray, requesters_before: np.ndarray
) -> Compared:
    """The rate of a month less that of the month before.

    Args:
        hits: (n,) whether each counted ticket of the month scores. requesters: (n,) codes from 0, the same requester's
            the same in both months. hits_before, requesters_before: (m,) the same of the month before.
    """
    now, before = tally(hits, requesters), tally(hits_before, requesters_before)
    if not now.denominator or not before.denominator:
        return NONE
    scale = dependence(_parts(hits, requesters, now.rate), _parts(hits_before, requesters_before, before.rate))
    scaled = [replace(one, design_effect=one.design_effect * scale) for one in (now, before)]
    return now.rate - before.rate, *difference_interval(scaled[0], scaled[1])


def mean_difference(
    values: np.ndarray, requesters: np.ndarray, values_before: np.ndarray, requesters_before: np.ndarray
) -> Compared:
    """The mean of a month less that of the month before, with a normal interval; NaN with fewer than two requesters a month."""
    if len(np.unique(requesters)) < 2 or len(np.unique(requesters_before)) < 2:
        return NONE
    means = float(values.mean()), float(values_before.mean())
    first, second = _parts(values, requesters, means[0]), _parts(values_before, requesters_before, means[1])
    size = max(len(first), len(second))
    both = np.zeros(size)
    both[: len(first)] += first
    both[: len(second)] -= second
    half = NormalDist().inv_cdf(0.975) * math.sqrt(float(np.square(both).sum()))
    difference = means[0] - means[1]
    return difference, difference - half, difference + half


def from_intervals(now: Mapping[str, Any], before: Mapping[str, Any]) -> Compared:
    """The difference of two published rates whose tickets are not at hand, from their intervals (MOVER: Newcombe 1998, Zou and
    Donner 2008); nothing is known of requesters in both.

    Args:
        now, before: value, low and high.
    """
    numbers = [float(one[name]) for one in (now, before) for name in ("value", "low", "high")]
    if any(math.isnan(one) for one in numbers):
        return NONE
    value, low, high, value_before, low_before, high_before = numbers
    difference = value - value_before
    return (
        difference,
        difference - math.hypot(value - low, high_before - value_before),
        difference + math.hypot(high - value, value_before - low_before),
    )


def dependence(first: np.ndarray, second: np.ndarray) -> float:
    """How many times the variance of the difference is what it would be with nobody in both months."""
    variance = float(np.square(first).sum() + np.square(second).sum())
    if variance <= 0:
        return 1.0
    shared = min(len(first), len(second))
    covariance = float((first[:shared] * second[:shared]).sum())
    return min(max(1 - 2 * covariance / variance, LEAST), MOST)


def _parts(values: np.ndarray, requesters: np.ndarray, mean: float) -> np.ndarray:
    """What each requester (by code) adds to the mean's error: (sum - mean x size) / n."""
    sums = np.bincount(requesters, weights=values.astype(float))
    return np.asarray((sums - mean * np.bincount(requesters)) / len(values))

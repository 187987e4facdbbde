"""Differences between two months: what requesters in both do to the interval."""

import math

import numpy as np
import pytest

from assets.pilot_agent.verdict.clustered_rates import tally
from assets.pilot_agent.verdict.differences import difference_interval
from assets.sustain_learning.report.month_differences import (
    LEAST,
    dependence,
    from_intervals,
    mean_difference,
    rate_difference,
)

HITS, BEFORE = np.array([True] * 30 + [False] * 30), np.array([True] * 42 + [False] * 18)
OWN, OTHERS = np.arange(60), np.arange(60) + 60


def test_with_other_requesters_it_is_the_pilots_interval():
    found = rate_difference(HITS, OWN, BEFORE, OTHERS)
    assert found[0] == pytest.approx(-0.2)
    assert found[1:] == pytest.approx(difference_interval(tally(HITS, OWN), tally(BEFORE, OWN)))


def test_customers_who_stay_as_they_are_make_it_narrower_and_contrary_ones_wider():
    same = rate_difference(HITS, OWN, BEFORE, OWN)
    contrary = rate_difference(HITS, OWN, BEFORE[::-1], OWN)
    apart = rate_difference(HITS, OWN, BEFORE, OTHERS)
    widths = [high - low for _, low, high in (same, apart, contrary)]
    assert widths == sorted(widths)
    assert widths[0] < 0.8 * widths[1]
    assert widths[2] > 1.1 * widths[1]
    assert same[0] == apart[0] == contrary[0]


def test_the_scale_is_that_of_the_variance_of_a_difference_over_requesters():
    rng = np.random.default_rng(1)
    first, second = rng.normal(size=200), rng.normal(size=200)
    together = np.square(first - second).sum() / (np.square(first).sum() + np.square(second).sum())
    assert dependence(first, second) == pytest.approx(together)
    assert dependence(first, first) == LEAST
    assert dependence(first, -first) == 2.0
    assert dependence(np.zeros(3), np.zeros(3)) == 1.0


def test_a_month_without_tickets_gives_no_difference():
    none = np.zeros(0, dtype=bool)
    assert all(math.isnan(one) for one in rate_difference(HITS, OWN, none, np.zeros(0, dtype=int)))
    assert all(math.isnan(one) for one in mean_difference(HITS, OWN, none, np.zeros(0, dtype=int)))


def test_means_by_hand():
    # Four customers of one ticket each a month: means 2 and 1, each part (value - mean) / 4.
    now, before = np.array([1.0, 1.0, 3.0, 3.0]), np.array([1.0, 1.0, 1.0, 1.0])
    difference, low, high = mean_difference(now, np.arange(4), before, np.arange(4, 8))
    assert difference == 1.0
    assert (high - low) / 2 == pytest.approx(1.959964 * math.sqrt(4 * 0.25**2), rel=1e-5)


def test_published_rates_are_compared_by_their_intervals():
    now, before = {"value": 0.5, "low": 0.4, "high": 0.6}, {"value": 0.7, "low": 0.62, "high": 0.76}
    difference, low, high = from_intervals(now, before)
    assert difference == pytest.approx(-0.2)
    assert low == pytest.approx(-0.2 - math.hypot(0.1, 0.06))
    assert high == pytest.approx(-0.2 + math.hypot(0.1, 0.08))
    assert all(math.isnan(one) for one in from_intervals(now, {**before, "low": math.nan}))

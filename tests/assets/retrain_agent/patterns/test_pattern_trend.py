"""Trends: the last 28 days against the 28 before, and silence."""

import math

import pandas as pd
import pytest
from scipy.stats import binom

from assets.retrain_agent.patterns.pattern_trend import (
    FALLING,
    GONE,
    NEW,
    RISING,
    STEADY,
    UNCLEAR,
    WINDOW,
    pattern_trend,
    rate_ratio,
    requester_days,
)
from tests.assets.retrain_agent.patterns.invented_failures import AS_OF, days_ago


def asked(*days):
    return [(days_ago(day, hours=1), f"customer-{number}") for number, day in enumerate(days)]


def test_the_interval_of_the_ratio_is_the_exact_conditional_one():
    ratio, low, high = rate_ratio(12, 1.0, 4, 1.0)
    assert ratio == 3.0
    # At its ends the observed split is just as extreme as 2.5 % allows.
    assert binom.sf(11, 16, low / (1 + low)) == pytest.approx(0.025, abs=1e-9)
    assert binom.cdf(12, 16, high / (1 + high)) == pytest.approx(0.025, abs=1e-9)


def test_twice_as_much_looked_at_and_twice_as_much_found_is_no_change():
    ratio, low, high = rate_ratio(20, 200.0, 10, 100.0)
    assert ratio == 1.0
    assert low < 1 < high


def test_without_anything_before_the_ratio_has_no_upper_end():
    ratio, low, high = rate_ratio(5, 1.0, 0, 1.0)
    assert math.isnan(ratio)
    assert 0 < low < 5
    assert math.isnan(high)
    assert all(math.isnan(one) for one in rate_ratio(0, 1.0, 0, 1.0))
    assert all(math.isnan(one) for one in rate_ratio(3, 10.0, 0, 0.0))


@pytest.mark.parametrize(
    ("days", "word"),
    [
        ([1, 2, 3], NEW),
        ([*range(1, 21), 30, 40], RISING),
        ([1, *range(29, 49)], FALLING),
        ([*range(1, 28), *range(1, 28), *range(29, 55), *range(29, 55)], STEADY),
        ([1, 2, 30], UNCLEAR),
        ([60, 61, 62, 63, 64, 65], GONE),
        ([40], UNCLEAR),
    ],
)
def test_words(days, word):
    assert pattern_trend(asked(*days), AS_OF).word == word


def test_silence_while_nobody_judged_is_no_news():
    judged = pd.Series([days_ago(day) for day in range(60, 70) for _ in range(20)])
    days = asked(60, 61, 62, 63, 64, 65)
    assert pattern_trend(days, AS_OF, judged).word == UNCLEAR
    judged = pd.concat([judged, pd.Series([days_ago(day) for day in range(1, 50) for _ in range(20)])])
    assert pattern_trend(days, AS_OF, judged).word == GONE


def test_more_reviews_are_no_rise():
    often = asked(*range(1, 21), *range(30, 40))
    judged = pd.Series([days_ago(day, hours=1) for day in [*range(1, 21), *range(30, 40)] for _ in range(10)])
    assert pattern_trend(often, AS_OF).low < 1
    with_reviews = pattern_trend(often, AS_OF, judged)
    assert with_reviews.ratio == 1.0
    assert with_reviews.word != RISING


def test_a_week_in_which_reviewing_began_is_not_called_new():
    judged = pd.Series([days_ago(1)] * 30)
    assert pattern_trend(asked(1, 2, 3), AS_OF, judged).word == UNCLEAR


def test_what_only_a_replay_shows_is_never_over():
    assert pattern_trend([], AS_OF, may_be_gone=False).word == UNCLEAR
    assert pattern_trend(asked(80, 81, 82, 83, 84), AS_OF, may_be_gone=False).word != GONE


def test_a_requester_counts_once_a_day_whatever_the_clocks_do():
    # The night in which clocks in Europe go back: 01:30 local happens twice, in UTC it does not.
    night = pd.date_range("2025-10-25 22:30", periods=4, freq="h", tz="UTC")
    days = requester_days([(at, "ana") for at in night] + [(night[0], "ben")])
    assert [(f"{at:%m-%d %H:%M}", who) for at, who in days] == [
        ("10-25 22:30", "ana"),
        ("10-25 22:30", "ben"),
        ("10-26 00:30", "ana"),
    ]


def test_the_windows_meet_without_a_gap_and_without_counting_twice():
    trend = pattern_trend([(AS_OF - WINDOW, "a"), (AS_OF - 2 * WINDOW, "b"), (AS_OF, "c"), (None, "d")], AS_OF)
    assert (trend.recent, trend.before) == (1, 1)

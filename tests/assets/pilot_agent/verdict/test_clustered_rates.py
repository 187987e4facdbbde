"""Rates by requester, and intervals that neither hide clusters nor invent certainty."""

import math

import numpy as np
import pytest
from scipy.stats import binom
from statsmodels.stats.proportion import proportion_confint

from assets.pilot_agent.verdict.clustered_rates import (
    LEAST_FREEDOM,
    NOTHING,
    Tally,
    exact_bounds,
    p_not_above,
    p_not_below,
    tally,
    wilson,
)


def independent(hits: int, n: int) -> Tally:
    return Tally(hits, n, n, 1.0)


def test_without_repeats_it_is_the_textbook_interval():
    hits = np.array([1] * 30 + [0] * 70, dtype=bool)
    found = tally(hits, np.arange(100))
    assert (found.numerator, found.denominator, found.requesters) == (30, 100, 100)
    assert found.design_effect == pytest.approx(1.0, abs=0.02)
    assert wilson(independent(30, 100)) == pytest.approx(proportion_confint(30, 100, method="wilson"))
    assert exact_bounds(independent(3, 50), 0.025) == pytest.approx(proportion_confint(3, 50, method="beta"))


def test_the_jackknife_is_the_one_done_by_hand():
    rng = np.random.default_rng(0)
    sizes = rng.integers(1, 8, 60)
    requester = np.repeat(np.arange(60), sizes)
    hits = rng.random(60)[requester] < 0.5
    found = tally(hits, requester)
    left_out = [hits[requester != one].mean() for one in range(60)]
    variance = 59 / 60 * np.square(np.array(left_out) - hits.mean()).sum()
    assert found.design_effect == pytest.approx(variance / (hits.mean() * (1 - hits.mean()) / len(hits)))
    assert found.effective < len(hits) / 2
    assert LEAST_FREEDOM <= found.freedom < 60


def test_codes_need_not_be_without_gaps():
    assert tally(np.array([True, False]), np.array([3, 900])).requesters == 2


def test_one_requesters_tickets_are_never_many_opinions():
    found = tally(np.ones(50, dtype=bool), np.zeros(50, dtype=int))
    assert found.effective == 1
    assert wilson(found)[0] < 0.25


def test_where_nobody_scores_tickets_of_one_requester_count_as_alike():
    found = tally(np.zeros(40, dtype=bool), np.repeat(np.arange(10), 4))
    assert found.effective == pytest.approx(10)
    assert wilson(found)[0] == 0.0


def test_luck_does_not_make_tickets_count_for_more_than_they_are():
    hits = np.tile([True, False], 50)
    assert tally(hits, np.repeat(np.arange(50), 2)).design_effect == pytest.approx(1.1)


def test_nothing_measured_is_not_zero():
    assert math.isnan(NOTHING.rate)
    assert all(math.isnan(end) for end in wilson(NOTHING))
    assert exact_bounds(NOTHING, 0.05) == (0.0, 1.0)
    assert p_not_below(NOTHING, 0.1) == p_not_above(NOTHING, 0.1) == 1.0


@pytest.mark.parametrize(
    ("hits", "n", "limit"), [(0, 59, 0.05), (1, 93, 0.05), (4, 80, 0.1), (30, 40, 0.6), (7, 7, 0.5)]
)
def test_exact_tests_are_binomial_tails(hits, n, limit):
    assert p_not_below(independent(hits, n), limit) == pytest.approx(binom.cdf(hits, n, limit))
    assert p_not_above(independent(hits, n), limit) == pytest.approx(binom.sf(hits - 1, n, limit))


def test_fifty_nine_answers_without_an_error_certify_five_percent():
    assert p_not_below(independent(0, 59), 0.05) <= 0.05 < p_not_below(independent(0, 58), 0.05)

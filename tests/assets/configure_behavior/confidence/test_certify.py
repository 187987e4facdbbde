"""Bounds are the exact ones, the search stops where it must, and the promise is kept."""

import numpy as np
import pytest
from scipy.stats import binomtest

from assets.configure_behavior.confidence.certify import (
    GRID,
    certify,
    fewest_answers,
    likeliest_start,
    lower_bound,
    p_value,
    upper_bound,
    usual_start,
)


@pytest.mark.parametrize(("wrong", "answers"), [(0, 59), (1, 93), (2, 124)])
def test_fewest_answers_are_the_known_ones(wrong, answers):
    assert fewest_answers(0.05, 0.95, wrong) == answers
    assert upper_bound(wrong, answers, 0.95) <= 0.05 < upper_bound(wrong, answers - 1, 0.95)


@pytest.mark.parametrize(("wrong", "answered"), [(0, 7), (3, 40), (40, 40), (17, 200)])
def test_bounds_are_clopper_and_pearsons(wrong, answered):
    # One-sided at 95 % is two-sided at 90 %.
    interval = binomtest(wrong, answered).proportion_ci(0.90, "exact")
    assert upper_bound(wrong, answered, 0.95) == pytest.approx(interval.high)
    assert lower_bound(wrong, answered, 0.95) == pytest.approx(interval.low)


def test_a_bound_within_the_risk_and_a_small_p_value_are_one_thing():
    for wrong in range(6):
        for answered in range(max(1, wrong), 300, 7):
            assert (upper_bound(wrong, answered, 0.95) <= 0.05) == (p_value(wrong, answered, 0.05) <= 0.05)


def test_nothing_answered_proves_nothing():
    assert upper_bound(0, 0, 0.95) == 1.0
    assert p_value(0, 0, 0.05) == 1.0
    found = certify(np.zeros(0), np.zeros(0, dtype=bool), 0.05, 0.95)
    assert (found.threshold, found.count_answered, found.upper_bound) == (None, 0, 1.0)


def test_the_lowest_threshold_that_is_proved_is_taken_and_the_search_stops_at_the_first_that_is_not():
    confidence = np.r_[np.full(100, 0.98), np.full(60, 0.8), np.full(400, 0.6)]
    is_wrong = np.r_[np.zeros(100, bool), np.ones(60, bool), np.zeros(400, bool)]
    found = certify(confidence, is_wrong, 0.05, 0.95)
    assert found.threshold == 0.81
    assert (found.count_answered, found.count_wrong) == (100, 0)
    # At 0.6 too few of 560 would be wrong for a risk of 15 %, but what lies behind a failure is never looked at.
    assert certify(confidence, is_wrong, 0.15, 0.95).threshold == 0.81
    assert certify(confidence, is_wrong, 0.15, 0.95, start=0.6).threshold == 0.5


def test_an_unsafe_start_gives_no_threshold_whatever_lies_above_it():
    confidence = np.r_[np.full(200, 0.99), np.full(200, 0.9)]
    is_wrong = np.r_[np.zeros(200, bool), np.ones(200, bool)]
    assert certify(confidence, is_wrong, 0.05, 0.95, start=0.9).threshold is None
    assert certify(confidence, is_wrong, 0.05, 0.95).threshold == 0.905


def test_the_start_is_where_a_proof_is_likeliest_by_other_tickets():
    confidence = np.r_[np.full(100, 0.95), np.full(400, 0.8), np.full(500, 0.6)]
    is_wrong = np.r_[np.zeros(500, bool), np.ones(250, bool), np.zeros(250, bool)]
    # A tenth of 100 tickets at 0.95 would be too few; half of them at 0.8 too, at 5 % but not at 10 %.
    assert likeliest_start(confidence, is_wrong, 100, 0.05, 0.95) == usual_start(0.05)
    assert likeliest_start(confidence, is_wrong, 100, 0.1, 0.95) == 0.8
    assert likeliest_start(confidence, is_wrong, 10_000, 0.05, 0.95) in (0.95, 0.8)
    assert likeliest_start(confidence[:0], is_wrong[:0], 100, 0.05, 0.95) == usual_start(0.05)


def test_the_promise_is_kept_as_often_as_stated_and_a_naive_threshold_breaks_it():
    """Confidence that is exact: the true risk at every threshold can be computed."""
    rng = np.random.default_rng(0)
    grid = np.array(GRID)
    population = rng.beta(6, 1.2, 400_000)
    true_risk = {t: float((1 - population[population >= t]).mean()) for t in grid}
    broken = naive = answered = 0
    for _ in range(400):
        confidence = rng.beta(6, 1.2, 300)
        is_wrong = rng.random(300) > confidence
        found = certify(confidence, is_wrong, 0.1, 0.9)
        answered += found.threshold is not None
        broken += found.threshold is not None and true_risk[found.threshold] > 0.1
        safe = [t for t in grid if (confidence >= t).any() and is_wrong[confidence >= t].mean() <= 0.1]
        naive += bool(safe) and true_risk[min(safe)] > 0.1
    assert lower_bound(broken, 400, 0.95) <= 0.1
    assert answered > 200
    assert lower_bound(naive, 400, 0.95) > 0.1


def test_wrong_input_is_refused():
    some = np.array([0.9])
    with pytest.raises(ValueError, match="one of each"):
        certify(some, np.array([True, False]), 0.05, 0.95)
    with pytest.raises(ValueError, match="between 0 and 1"):
        certify(some, np.array([True]), 0.0, 0.95)
    with pytest.raises(ValueError, match="no threshold of the grid"):
        certify(some, np.array([True]), 0.05, 0.95, start=0.123)


def test_the_grid_falls_and_ends_at_one_half():
    assert list(GRID) == sorted(set(GRID), reverse=True)
    assert (GRID[0], GRID[-1]) == (0.995, 0.5)

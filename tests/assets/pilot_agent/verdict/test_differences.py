"""Two rates against each other: the score method, checked against brute force."""

import math

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from statsmodels.stats.proportion import test_proportions_2indep as proportions_test

from assets.pilot_agent.verdict.clustered_rates import NOTHING, Tally
from assets.pilot_agent.verdict.differences import (
    _restricted,
    difference_interval,
    p_not_above_difference,
    p_not_below_difference,
)


def independent(hits: int, n: int, freedom: float = math.inf) -> Tally:
    return Tally(hits, n, n, 1.0, freedom)


def test_the_restricted_estimate_is_the_most_likely_one():
    rng = np.random.default_rng(1)
    for _ in range(300):
        n1, n2 = rng.integers(3, 300, 2)
        x1, x2 = rng.integers(0, n1 + 1), rng.integers(0, n2 + 1)
        value = rng.uniform(-0.9, 0.9)

        def unlikely(rate, x1=x1, x2=x2, n1=n1, n2=n2, value=value):
            rates = np.clip([rate, rate - value], 1e-12, 1 - 1e-12)
            return -(np.array([x1, x2]) * np.log(rates) + np.array([n1 - x1, n2 - x2]) * np.log(1 - rates)).sum()

        bounds = (max(0.0, value), min(1.0, 1 + value))
        best = minimize_scalar(unlikely, bounds=bounds, method="bounded", options={"xatol": 1e-10}).fun
        assert unlikely(_restricted(x1 / n1, x2 / n2, n2 / n1, value)[0]) <= best + 1e-4


def test_at_zero_it_is_the_pooled_test_everybody_knows():
    ours = p_not_above_difference(independent(70, 100), independent(110, 200), 0.0)
    theirs = proportions_test(70, 100, 110, 200, method="score", compare="diff", alternative="larger").pvalue
    assert ours == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize("freedom", [math.inf, 12.0])
def test_interval_and_tests_never_contradict_each_other(freedom):
    first, second = independent(40, 60, freedom), independent(300, 500, freedom)
    low, high = difference_interval(first, second)
    assert low < first.rate - second.rate < high
    assert p_not_above_difference(first, second, low) == pytest.approx(0.025, abs=1e-6)
    assert p_not_below_difference(first, second, high) == pytest.approx(0.025, abs=1e-6)


def test_shaky_variances_widen():
    sure, shaky = (difference_interval(independent(40, 60, f), independent(300, 500, f)) for f in (math.inf, 8.0))
    assert shaky[0] < sure[0] < sure[1] < shaky[1]


def test_the_ends_are_reached_and_nothing_is_unknown():
    low, high = difference_interval(independent(20, 20), independent(0, 20))
    assert 0.6 < low < high <= 1.0
    both = difference_interval(independent(0, 30), independent(0, 30))
    assert both[0] < 0 < both[1]
    assert both[0] == pytest.approx(-both[1])
    assert all(math.isnan(end) for end in difference_interval(NOTHING, independent(1, 2)))
    assert p_not_above_difference(NOTHING, independent(1, 2), 0.0) == 1.0


def test_the_two_sides_are_mirror_images():
    first, second = independent(33, 90), independent(50, 70)
    assert p_not_above_difference(first, second, -0.2) == pytest.approx(
        p_not_below_difference(second, first, 0.2), abs=1e-9
    )

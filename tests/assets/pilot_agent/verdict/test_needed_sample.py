"""Sample sizes do what they say: tried out by simulation and by exact tails."""

import math

import numpy as np
import pytest
from scipy.stats import binom

from assets.pilot_agent.verdict.clustered_rates import Tally, p_not_below
from assets.pilot_agent.verdict.differences import p_not_above_difference
from assets.pilot_agent.verdict.needed_sample import (
    needed_against_rate,
    needed_below_limit,
    power_against_rate,
    power_below_limit,
)


def test_the_sample_reaches_its_power():
    n = math.ceil(needed_against_rate(0.7, 0.7, 0.08, 0.05, 0.8, ratio=4))
    assert power_against_rate(0.7, 0.7, 0.08, 0.05, n, 4 * n) == pytest.approx(0.8, abs=0.005)
    rng = np.random.default_rng(0)
    shown = [
        p_not_above_difference(Tally(int(x), n, n, 1.0), Tally(int(y), 4 * n, 4 * n, 1.0), -0.08) <= 0.05
        for x, y in zip(rng.binomial(n, 0.7, 1500), rng.binomial(4 * n, 0.7, 1500), strict=True)
    ]
    assert np.mean(shown) == pytest.approx(0.8, abs=0.035)


def test_beyond_the_margin_no_sample_helps():
    assert math.isinf(needed_against_rate(0.6, 0.7, 0.1, 0.05, 0.8))
    assert math.isinf(needed_against_rate(0.7, 0.7, 0.05, 0.05, 0.8, fixed=50))
    assert math.isinf(needed_below_limit(0.05, 0.05, 0.05, 0.8))


def test_the_exact_sample_reaches_its_power_and_one_much_smaller_does_not():
    n = int(needed_below_limit(0.01, 0.05, 0.05, 0.8))
    allowed = max(k for k in range(n) if p_not_below(Tally(k, n, n, 1.0), 0.05) <= 0.05)
    assert binom.cdf(allowed, n, 0.01) >= 0.8
    assert power_below_limit(n, 0.01, 0.05, 0.05) == pytest.approx(binom.cdf(allowed, n, 0.01))
    assert power_below_limit(n * 0.7, 0.01, 0.05, 0.05) < 0.8
    assert power_below_limit(0, 0.01, 0.05, 0.05) == 0.0

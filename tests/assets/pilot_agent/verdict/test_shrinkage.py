"""Noise is drawn in, differences are kept."""

import numpy as np
import pytest

from assets.pilot_agent.verdict.clustered_rates import NOTHING, Tally
from assets.pilot_agent.verdict.shrinkage import noise, shrink


def test_alike_categories_become_one_estimate():
    shrunk, between = shrink(np.array([0.10, 0.11, 0.09]), np.array([0.01, 0.01, 0.01]))
    assert between == 0
    assert shrunk == pytest.approx([0.10, 0.10, 0.10])


def test_what_truly_differs_stays_apart_and_the_noisiest_moves_most():
    shrunk, between = shrink(np.array([0.5, 0.0, -0.5]), np.array([1e-4, 1e-4, 0.1]))
    assert between > 0.05
    assert shrunk[0] == pytest.approx(0.5, abs=0.01)
    assert -0.5 < shrunk[2] < -0.1


def test_noise_is_never_nothing():
    assert noise(Tally(0, 20, 20, 1.0)) > 0
    assert noise(NOTHING) == pytest.approx(0.125)

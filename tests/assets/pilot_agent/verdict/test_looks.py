"""Alpha spending: published boundaries, and a sum that never exceeds what was promised."""

from statistics import NormalDist

import numpy as np
import pytest

from assets.pilot_agent.verdict.looks import level, safety_alpha, spent


def test_the_boundaries_are_the_published_ones():
    # Lan-DeMets O'Brien-Fleming, five equal looks, one-sided 0.025 (Jennison and Turnbull 2000).
    bounds = [NormalDist().inv_cdf(1 - level((2, 4, 6, 8, 10), number, 0.025)) for number in range(5)]
    assert bounds == pytest.approx([4.877, 3.357, 2.680, 2.290, 2.031], abs=0.002)


def test_one_look_has_everything():
    assert level((4,), 0, 0.05) == pytest.approx(0.05)
    assert spent(1.0, 0.05) == pytest.approx(0.05)
    assert spent(0.0, 0.05) == 0.0


def test_looks_together_err_as_often_as_promised():
    looks, alpha = (2, 3, 4), 0.05
    steps = np.random.default_rng(0).standard_normal((200_000, 3)) * np.sqrt([2, 1, 1])
    scores = np.cumsum(steps, axis=1) / np.sqrt(looks)
    bounds = [NormalDist().inv_cdf(1 - level(looks, number, alpha)) for number in range(3)]
    assert (scores > bounds).any(axis=1).mean() == pytest.approx(alpha, abs=0.002)
    naive = (scores > NormalDist().inv_cdf(1 - alpha)).any(axis=1).mean()
    assert naive > 0.08


def test_less_alpha_never_makes_a_look_easier():
    for number in range(3):
        values = [level((2, 3, 4), number, alpha) for alpha in (0.001, 0.01, 0.025, 0.05)]
        assert values == sorted(values)


def test_safety_checks_add_up_to_their_alpha_however_long():
    assert sum(safety_alpha(week, 0.05) for week in range(1, 500)) < 0.05
    assert safety_alpha(1, 0.05) == 0.025

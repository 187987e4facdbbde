"""Pairs: the exact test against enumeration, the interval against published and brute-force figures."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import binomtest

from assets.retrain_agent.effects.paired import (
    Pairs,
    PairsError,
    _score,
    design_effect,
    effective_pairs,
    exact_test,
    interval,
    read_pairs,
)
from tests.assets.retrain_agent.effects.pairs import pairs_frame


def once(gained: int, lost: int, n: int) -> Pairs:
    return read_pairs(pairs_frame(*("g" * gained + "l" * lost + "n" * (n - gained - lost))))


def test_pairs_are_counted_by_requester():
    pairs = read_pairs(pairs_frame("ggl", "bbbn", "l?"))
    assert pairs.sizes.tolist() == [3, 4, 1]
    assert pairs.gained.tolist() == [2, 0, 0]
    assert pairs.lost.tolist() == [1, 0, 1]
    assert (pairs.n, pairs.n_discordant, pairs.n_unjudged, pairs.difference) == (8, 4, 1, 0.0)


def test_requesters_nobody_knows_are_not_one_person():
    frame = pairs_frame("ggg", "nn")
    frame.loc[:2, "requester_id"] = None
    assert read_pairs(frame).sizes.tolist() == [2, 1, 1, 1]


def test_a_ticket_replayed_twice_counts_once_and_may_not_contradict_itself():
    frame = pairs_frame("gn", "l")
    assert read_pairs(pd.concat([frame, frame.head(2)])).n_repeated == 2
    assert read_pairs(pd.concat([frame, frame.head(2)])).n == 3
    other = frame.head(1).assign(after=False)
    with pytest.raises(PairsError, match="ticket-0 was replayed twice with different outcomes"):
        read_pairs(pd.concat([frame, other]))
    with pytest.raises(PairsError, match="lack the columns after"):
        read_pairs(frame.drop(columns="after"))


@pytest.mark.parametrize(("gained", "lost", "n"), [(1, 7, 21), (12, 0, 12), (5, 5, 40), (31, 12, 300), (1, 0, 50)])
def test_with_one_ticket_each_it_is_mcnemars_exact_test(gained, lost, n):
    exact, mid_p = exact_test(once(gained, lost, n))
    binomial = binomtest(gained, gained + lost)
    assert exact == pytest.approx(binomial.pvalue)
    # McNemar's mid-p: the chance of exactly what was seen counts half, on both sides.
    seen = math.comb(gained + lost, gained) / 2 ** (gained + lost) * (1 if gained == lost else 2)
    assert mid_p == pytest.approx(binomial.pvalue - seen / 2)


def test_published_case():
    # Fagerland, Lydersen and Laake 2014, airway hyper-responsiveness: 1 and 7 discordant of 21.
    assert interval(once(1, 7, 21)) == pytest.approx((-0.517, -0.026), abs=0.0005)
    assert exact_test(once(1, 7, 21)) == pytest.approx((0.0703, 0.0391), abs=0.0001)


def test_with_several_tickets_each_requester_is_one_coin():
    pairs = read_pairs(pairs_frame("gggg", "ggn", "l", "g", "llb", "gl"))
    nets = [4, 2, -1, 1, -2]  # the last requester gained one and lost one: nothing to throw for
    sums = [abs(sum(s * n for s, n in zip(signs, nets, strict=True))) for signs in itertools.product((1, -1), repeat=5)]
    exact, mid_p = exact_test(pairs)
    assert exact == pytest.approx(np.mean([one >= 4 for one in sums]))
    assert mid_p == pytest.approx(np.mean([one > 4 for one in sums]) + np.mean([one == 4 for one in sums]) / 2)


def test_one_requester_who_writes_fifty_times_proves_nothing():
    pairs = read_pairs(pairs_frame("g" * 50, *("n" * 10)))
    assert exact_test(pairs) == (1.0, 0.5)
    low, high = interval(pairs)
    assert low < 0 < high
    assert exact_test(once(50, 0, 60))[0] < 1e-9


def test_nothing_changed():
    pairs = once(0, 0, 100)
    assert exact_test(pairs) == (1.0, 1.0)
    z2 = 1.959964**2
    assert interval(pairs) == pytest.approx((-z2 / (100 + z2), z2 / (100 + z2)), abs=1e-6)


def test_the_jackknife_is_the_one_done_by_hand():
    pairs = read_pairs(pairs_frame("ggg", "gnb", "l", "n", "bb", "gg", "nn", "lln"))
    net, sizes = pairs.net, pairs.sizes
    left_out = [(net.sum() - net[one]) / (sizes.sum() - sizes[one]) for one in range(8)]
    variance = 7 / 8 * np.square(np.array(left_out) - pairs.difference).sum()
    found, freedom = design_effect(pairs)
    assert found == pytest.approx(variance / ((9 / 17 - (3 / 17) ** 2) / 17))
    assert freedom == 8.0
    assert effective_pairs(pairs) == pytest.approx(17 / found)


def test_luck_does_not_make_pairs_count_for_more_than_they_are():
    pairs = read_pairs(pairs_frame(*["gl"] * 30))
    assert design_effect(pairs) == (pytest.approx(1.1), math.inf)
    assert design_effect(once(5, 3, 40)) == (1.0, math.inf)
    assert design_effect(read_pairs(pairs_frame("gln"))) == (3.0, math.inf)


def test_the_interval_holds_what_the_score_test_leaves_standing():
    for gained, lost, n in ((12, 3, 40), (0, 6, 30), (2, 2, 15)):
        low, high = interval(once(gained, lost, n))
        assert low < (gained - lost) / n < high
        for end in (low, high):
            assert abs(_score(n, gained, lost, end)) == pytest.approx(1.959964, abs=1e-4)


def test_the_variance_is_the_likeliest_one():
    rng = np.random.default_rng(2)
    for _ in range(100):
        gained, lost, rest = rng.integers(1, 20, 3)
        n, value = gained + lost + rest, rng.uniform(-0.5, 0.5)

        def unlikely(only_before, gained=gained, lost=lost, rest=rest, value=value):
            parts = np.array([only_before + value, only_before, 1 - 2 * only_before - value])
            return -(np.array([gained, lost, rest]) * np.log(np.clip(parts, 1e-12, 1))).sum()

        bounds = (max(0.0, -value), (1 - value) / 2)
        best = minimize_scalar(unlikely, bounds=bounds, method="bounded", options={"xatol": 1e-11}).x
        variance = n * (2 * best + value * (1 - value))
        assert _score(n, gained, lost, value) == pytest.approx((gained - lost - n * value) / variance**0.5, rel=1e-3)


def test_no_pairs_at_all():
    pairs = read_pairs(pairs_frame("??"))
    assert (pairs.n, pairs.n_unjudged) == (0, 2)
    assert math.isnan(pairs.difference)
    assert all(math.isnan(end) for end in interval(pairs))
    assert exact_test(pairs) == (1.0, 1.0)

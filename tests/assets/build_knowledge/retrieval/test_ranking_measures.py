"""Measures over ranks."""

import numpy as np
import pytest

from assets.build_knowledge.retrieval.ranking_measures import best_rank, measure_ranks


def test_measures_by_hand():
    found = measure_ranks(np.array([1, 2, 6, np.inf]), ["a", "b", "c", "d"])
    assert found["recall_at_1"].value == 0.25
    assert found["recall_at_5"].value == 0.5
    assert found["recall_at_10"].value == 0.75
    assert found["mrr"].value == pytest.approx((1 + 1 / 2 + 1 / 6) / 4)
    assert all(one.low <= one.value <= one.high for one in found.values())


def test_tickets_of_one_person_widen_the_interval():
    ranks = np.tile([1, 9], 50)
    alone = measure_ranks(ranks, [str(number) for number in range(100)])["recall_at_1"]
    together = measure_ranks(ranks, ["loud" if number % 2 else f"p{number % 7}" for number in range(100)])[
        "recall_at_1"
    ]
    assert together.high - together.low > 1.5 * (alone.high - alone.low)


def test_same_seed_same_interval():
    ranks, people = np.arange(1, 40), [str(number % 9) for number in range(39)]
    assert measure_ranks(ranks, people, seed=3) == measure_ranks(ranks, people, seed=3)
    assert measure_ranks(ranks, people, seed=3) != measure_ranks(ranks, people, seed=4)


def test_best_rank_takes_any_right_entry():
    assert best_rank(["a", "b", "c"], ["c", "b"]) == 2
    assert best_rank(["a"], ["z"]) == np.inf


def test_nothing_to_measure_is_said():
    with pytest.raises(ValueError, match="no tickets to measure"):
        measure_ranks(np.array([]), [])

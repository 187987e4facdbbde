"""The detector finds what has moved, and nothing where nothing has, with customers who write more than once."""

from __future__ import annotations

import math

import numpy as np
import pytest

from assets.sustain_learning.drift.shift_test import (
    adjusted,
    embedding_shift,
    mean_shift,
    rate_shift,
    share_shifts,
)

DIMENSIONS = 12


def texts(rng: np.random.Generator, count: int, customers: int, moved: float = 0.0) -> tuple[np.ndarray, list[str]]:
    """Unit vectors of customers who are each like himself; a share ``moved`` of the texts is about something else."""
    by = rng.integers(0, customers, count)
    own = rng.normal(size=(customers, DIMENSIONS))[by]
    vectors = 0.8 * own + rng.normal(size=(count, DIMENSIONS))
    vectors[: round(moved * count), 0] += 6.0
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors, [f"{rng.integers(10**9)}-{one}" if customers >= count else str(one) for one in by]


def test_alike_samples_are_called_moved_no_more_often_than_agreed() -> None:
    rng = np.random.default_rng(3)
    p_texts, p_rates, p_means = [], [], []
    for _ in range(50):
        (old, old_by), (new, new_by) = texts(rng, 60, 15), texts(rng, 40, 12)
        new_by = [f"new {one}" for one in new_by]
        found = [
            embedding_shift(old, new, old_by, new_by),
            rate_shift(old[:, 0] > 0.2, new[:, 0] > 0.2, old_by, new_by),
            mean_shift(old[:, 0], new[:, 0], old_by, new_by),
        ]
        for kept, one in zip((p_texts, p_rates, p_means), found, strict=True):
            assert one is not None
            kept.append(one.p)
    # 50 tests at 5 %: more than 7 would happen once in a hundred times.
    for kept in (p_texts, p_rates, p_means):
        assert sum(p <= 0.05 for p in kept) <= 7


def test_customers_who_write_often_would_be_taken_for_news_if_texts_were_counted() -> None:
    rng = np.random.default_rng(5)
    as_texts = as_customers = 0
    for _ in range(8):
        (old, old_by), (new, new_by) = texts(rng, 50, 5), texts(rng, 50, 5)
        alone = embedding_shift(old, new, [None] * 50, [None] * 50)
        together = embedding_shift(old, new, old_by, [f"new {one}" for one in new_by])
        assert alone is not None
        assert together is not None
        as_texts += alone.p <= 0.05
        as_customers += together.p <= 0.05
    assert as_texts >= 7
    assert as_customers <= 2


def test_effect_grows_with_the_share_that_is_new() -> None:
    rng = np.random.default_rng(7)
    old, old_by = texts(rng, 120, 120)
    found = []
    for moved in (0.0, 0.25, 0.5):
        new, new_by = texts(rng, 120, 120, moved)
        shift = embedding_shift(old, new, old_by, new_by)
        assert shift is not None
        found.append(shift)
        assert shift.low <= shift.effect <= shift.high
    none, some, much = found
    assert none.p > 0.05
    assert some.p < 0.01
    assert much.p < 0.001
    assert none.effect < 0.1
    assert much.effect == pytest.approx(2 * some.effect, rel=0.25)
    assert some.low > 0


def test_same_input_same_result_and_more_rows_than_are_compared() -> None:
    rng = np.random.default_rng(9)
    (old, old_by), (new, new_by) = texts(rng, 400, 400), texts(rng, 400, 400, 0.5)
    first = embedding_shift(old, new, old_by, new_by, most_rows=100)
    assert first == embedding_shift(old, new, old_by, new_by, most_rows=100)
    assert first is not None
    assert (first.n_reference, first.n_recent) == (400, 400)
    assert first.p < 0.01


def test_too_little_tells_nothing() -> None:
    one, many = np.eye(3)[:1], np.eye(3)
    assert embedding_shift(one, many, ["a"], ["b", "c", "d"]) is None
    assert embedding_shift(many, many, ["a", "a", "a"], ["b", "c", "d"]) is None
    assert embedding_shift(np.empty((0, 3)), many, [], ["b", "c", "d"]) is None
    assert mean_shift([1.0], [2.0, 3.0], ["a"], ["b", "c"]) is None
    assert rate_shift([], [True], [], ["a"]) is None
    assert share_shifts([], ["a"], [], ["x"]) == {}


def test_unfit_input_is_refused() -> None:
    with pytest.raises(ValueError, match="requester"):
        embedding_shift(np.eye(3), np.eye(3), ["a"], ["b", "c", "d"])
    with pytest.raises(ValueError, match="dimensions"):
        embedding_shift(np.eye(3), np.eye(4), ["a", "b", "c"], ["d", "e", "f", "g"])


def test_rate_of_many_customers_is_proof_and_of_one_is_none() -> None:
    old, old_by = [False] * 90 + [True] * 10, [f"old {one}" for one in range(100)]
    new = [False] * 20 + [True] * 20
    many = rate_shift(old, new, old_by, [f"new {one}" for one in range(40)])
    one = rate_shift(old, new, old_by, [f"new {one}" for one in range(20)] + ["angry"] * 20)
    assert many is not None
    assert one is not None
    assert many.effect == one.effect == pytest.approx(0.4)
    assert many.p < 0.001
    assert many.low > 0.2
    assert one.p > 0.05
    assert one.low < 0


def test_mean_that_fell() -> None:
    rng = np.random.default_rng(1)
    before, now = rng.normal(0.7, 0.1, 40), rng.normal(0.3, 0.1, 30)
    shift = mean_shift(before, now, list(range(40)), list(range(100, 130)))
    assert shift is not None
    assert shift.effect == pytest.approx(-0.4, abs=0.06)
    assert shift.low < shift.effect < shift.high < -0.3
    assert shift.p < 0.001


def test_shares_of_labels_with_unknown_ones_counted() -> None:
    old = ["a"] * 50 + ["b"] * 50
    new = ["a"] * 50 + [None] * 25 + ["c"] * 25
    found = share_shifts(old, new, list(range(100)), list(range(100, 200)))
    assert set(found) == {"a", "b", "c"}
    assert found["a"].effect == 0
    assert found["a"].p == 1.0
    assert found["b"].effect == -0.5
    assert found["c"].effect == 0.25
    assert found["b"].p < 0.001
    assert found["c"].p < 0.001


def test_false_discoveries_are_held_over_all_tests() -> None:
    p = [0.001, 0.02, math.nan, 0.03, 0.9]
    found = adjusted(p)
    assert math.isnan(found[2])
    assert found[[0, 1, 3, 4]] == pytest.approx([0.004, 0.04, 0.04, 0.9])
    assert adjusted([]).shape == (0,)

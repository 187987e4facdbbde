"""Groups by size alone, and Holm with weights."""

import pytest
from statsmodels.stats.multitest import multipletests

from assets.pilot_agent.verdict.families import OVER_ALL, SMALL, Group, group_categories, holm, shares


def same(alpha: float) -> float:
    return alpha


def test_small_categories_are_put_together():
    assert group_categories({"a": 100, "b": 99, "c": 1}, 100) == [
        Group("a", ("a",), True),
        Group(SMALL, ("b", "c"), True),
    ]
    assert group_categories({"b": 9, "c": 1}, 100) == [Group(SMALL, ("b", "c"), False)]
    assert group_categories({"a": 100, "c": 1}, 100)[1] == Group("c", ("c",), False)


def test_the_chance_of_error_is_shared_out_whole():
    assert shares(["only"]) == {OVER_ALL: 1.0}
    found = shares(["a", "b", "c"])
    assert sum(found.values()) == pytest.approx(1)
    assert found[OVER_ALL] == 0.5


def test_with_equal_weights_it_is_holm():
    p_values = {"a": 0.012, "b": 0.02, "c": 0.04, "d": 0.2}
    theirs = multipletests(list(p_values.values()), alpha=0.05, method="holm")[0]
    refuted, _ = holm(p_values, dict.fromkeys(p_values, 0.25), 0.0, 0.05, same)
    assert refuted == {name for name, is_refuted in zip(p_values, theirs, strict=True) if is_refuted}


def test_who_waits_keeps_its_share():
    p_values, weights = {"a": 0.02, "b": 0.02}, {"a": 0.25, "b": 0.25}
    assert holm(p_values, weights, 0.0, 0.05, same)[0] == {"a", "b"}
    refuted, needed = holm(p_values, weights, 0.5, 0.05, same)
    assert refuted == set()
    assert needed == {"a": pytest.approx(0.0125), "b": pytest.approx(0.0125)}

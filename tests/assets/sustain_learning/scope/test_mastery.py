"""When what is automated is mastered."""

from __future__ import annotations

from typing import Any

from assets.sustain_learning.scope.mastery import Mastery, mastery
from assets.sustain_learning.scope.scope_frames import Autonomy
from desk.learning import Mastered
from tests.assets.sustain_learning.scope.scope_cases import (
    AS_OF,
    MASTERED,
    RULES,
    answers_to,
    ended,
    frames,
    turn,
)


def found(rule: Mastered = RULES.mastered, autonomy: Autonomy | None = None, **given: Any) -> Mastery:
    return mastery(frames(**{**MASTERED, **given}), autonomy or Autonomy(), rule, RULES.decayed.at_least, AS_OF)


def test_a_tier_whose_categories_resolve_enough_and_are_hardly_wrong_is_mastered():
    one = found()
    assert (one.is_mastered, one.tier, one.share) == (True, 1, 1.0)
    assert one.mastered == ("billing", "login")
    assert (one.resolution.count.numerator, one.resolution.count.denominator) == (170, 200)
    assert one.sentence.endswith("More may follow.")


def test_a_share_of_the_tickets_suffices_and_what_lacks_is_said():
    # 300 of 400 tickets are about login, and 70 % are asked for.
    one = found(outcomes=[*ended("login", 90, 10), *ended("billing", 50, 50)])
    assert (one.is_mastered, one.mastered, one.share) == (True, ("login",), 0.75)
    assert one.lacking == ("Billing: resolves 50% (50 of 100, 40–60 %), and 60% must be shown.",)
    assert not found(outcomes=[*ended("login", 50, 50), *ended("billing", 90, 10)]).is_mastered


def test_resolution_counts_by_the_lower_end_and_wrong_answers_by_the_upper():
    assert "login" not in found(outcomes=[*ended("login", 65, 35), *ended("billing", 90, 10)]).mastered
    one = found(answers=[*answers_to("login", 56, 4), *answers_to("billing", 90, 1)])
    assert "login" not in one.mastered
    assert "more than 10% must be ruled out" in one.lacking[0]


def test_what_was_hardly_judged_is_not_mastered():
    one = found(answers=[*answers_to("login", 19, 0), *answers_to("billing", 90, 1)])
    assert one.mastered == ("billing",)
    assert "19 reviewed answers of the 20 that are needed" in one.lacking[0]
    one = found(outcomes=ended("login", 19, 0))
    assert "the agent took part in 0 tickets" in one.lacking[0]


def test_what_lies_before_the_window_or_after_the_clock_counts_for_nothing():
    assert found(outcomes=[*ended("login", 90, 0, days_ago=57), *ended("billing", 90, 0, days_ago=-1)]).mastered == ()


def test_what_lost_its_autonomy_is_not_mastered():
    one = found(autonomy=Autonomy(withdrawn={"login": turn("login")}))
    assert one.mastered == ("billing",)
    assert "it lost its autonomy" in one.lacking[0]


def test_a_higher_tier_counts_once_something_of_it_answers_by_itself():
    categories = [("login", "automate", 1, "automate", 300), ("exports", "automate", 2, "automate", 300)]
    assert found(categories=categories).tier == 1
    assert found(categories=categories).is_mastered
    one = found(categories=categories, answers=[*MASTERED["answers"], *answers_to("exports", 1, 0)])
    assert (one.tier, one.is_mastered) == (2, False)


def test_a_desk_without_anything_automated_or_answered_masters_nothing():
    assert not found(categories=[]).is_mastered
    assert not found(categories=[("login", "hybrid", None, "automate", 300)]).is_mastered
    one = found(answers=[], outcomes=[])
    assert (one.is_mastered, one.share, one.resolution.count.denominator) == (False, 0.0, 0)


def test_a_desk_without_volumes_weighs_categories_alike():
    categories = [("login", "automate", 1, None, 0), ("billing", "automate", 1, None, 0)]
    assert found(categories=categories, outcomes=ended("login", 90, 10)).share == 0.5

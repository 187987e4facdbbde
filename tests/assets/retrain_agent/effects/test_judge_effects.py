"""From measurements to verdicts: alone, and among the other changes of a month."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from assets.retrain_agent.effects.effect import Effect, not_measurable
from assets.retrain_agent.effects.judge_effects import judge_month, live_effect, paired_effect
from benchmarks.effects_worlds import PairedWorld, replayed
from tests.assets.retrain_agent.effects.live_outcomes import AS_OF, CHANGE, RELEASED, outcomes, steady
from tests.assets.retrain_agent.effects.pairs import pairs_frame


def effect(p: float, difference: float = 0.1, low: float = 0.01, high: float = 0.2, **changes) -> Effect:
    made = Effect("C-1", "resolution_rate", "paired", 100, 30, difference, low, high, p, "no_effect_shown", "")
    return replace(made, **changes)


def test_an_effect_on_replayed_tickets():
    found = paired_effect("C-031", "resolution_rate", pairs_frame(*("g" * 12 + "l" * 2 + "b" * 60 + "n" * 26)))
    assert (found.method, found.n, found.n_discordant, found.verdict) == ("paired", 100, 14, "improvement")
    assert found.difference == pytest.approx(0.10)
    assert found.p == pytest.approx(2 * (1 + 14 + 91) / 2**14)
    assert found.mid_p < found.p
    assert 0 < found.low < 0.1 < found.high
    assert found.counted == "100 tickets replayed; 12 score only after the change, 2 only before it"
    assert found.why == "p = 0.013"


def test_direction_depends_on_the_metric():
    frame = pairs_frame(*("g" * 14 + "n" * 60))
    assert paired_effect("C-1", "resolution_rate", frame).verdict == "improvement"
    assert paired_effect("C-1", "missed_escalation_rate", frame, higher_is_better=False).verdict == "worse"
    frame = pairs_frame(*("l" * 14 + "n" * 60))
    assert paired_effect("C-1", "resolution_rate", frame).verdict == "worse"
    assert paired_effect("C-1", "missed_escalation_rate", frame, higher_is_better=False).verdict == "improvement"


def test_a_change_without_effect_is_said_to_have_none():
    found = paired_effect("C-2", "resolution_rate", pairs_frame(*("b" * 40 + "n" * 20)))
    assert (found.verdict, found.p, found.why) == ("no_effect_shown", 1.0, "every one of 60 tickets came out as before")
    found = paired_effect("C-2", "resolution_rate", pairs_frame(*("g" * 5 + "l" * 3 + "n" * 40)))
    assert (found.verdict, found.why) == ("no_effect_shown", "no more than chance explains (p = 0.727)")


def test_what_cannot_be_judged_has_no_figures():
    few = paired_effect("C-3", "resolution_rate", pairs_frame("gggg", "gg", "g", "g", "g"))
    assert (few.verdict, few.why) == ("not_measurable", "9 tickets of 5 requesters; 6 requesters are needed")
    assert all(math.isnan(one) for one in (few.difference, few.low, few.high, few.p))
    mostly = paired_effect("C-3", "resolution_rate", pairs_frame(*("g" * 10 + "?" * 11)))
    assert mostly.why == "11 of 21 tickets could not be judged on both sides"
    assert mostly.counted.endswith("left out: 11 could not be judged on both sides")


def test_six_requesters_who_were_all_helped_are_enough():
    assert paired_effect("C-3", "resolution_rate", pairs_frame(*"gggggg")).verdict == "improvement"


def test_a_live_effect_and_what_was_left_out():
    frame = steady((30, 30), (45, 15))
    frame.loc[:4, "outcome"] = None
    found = live_effect(CHANGE, "resolution_rate", frame, AS_OF)
    assert (found.method, found.verdict, found.n_discordant, found.mid_p) == ("live", "improvement", None, None)
    assert found.difference == pytest.approx(0.25, abs=0.01)
    assert found.counted == (
        "2,155 tickets (475 targeted before, 240 targeted after, 960 untouched before, 480 untouched after); left out: "
        "5 have no known outcome"
    )


def test_a_rolled_back_change_says_until_when():
    rolled_back = replace(CHANGE, ended_at=RELEASED + pd.Timedelta(days=12))
    found = live_effect(rolled_back, "resolution_rate", steady((30, 30), (45, 15)), AS_OF)
    assert found.verdict == "improvement"
    assert ", until 28 March 2026, 09:00 UTC" in found.counted
    at_once = replace(CHANGE, ended_at=RELEASED + pd.Timedelta(days=2))
    assert live_effect(at_once, "resolution_rate", steady(), AS_OF).why.startswith("0 targeted after")


def test_a_category_that_moved_by_itself_before_is_not_judged():
    drifting = outcomes(
        [("password_reset", week + 0.5, 40 + 4 * week, 20 - 4 * week) for week in range(-8, 4)]
        + [("billing", week + 0.5, 30, 30) for week in range(-8, 4)]
    )
    found = live_effect(CHANGE, "resolution_rate", drifting, AS_OF)
    assert found.verdict == "not_measurable"
    assert "did not move alike before the change (p = below 0.001)" in found.why
    thin = steady(weeks=range(-1, 4))
    assert "too few tickets to see" in live_effect(CHANGE, "resolution_rate", thin, AS_OF).why


def test_a_quiet_month_and_an_empty_one():
    nothing = not_measurable("C-9", "csat", "live", 3, "too few")
    assert judge_month([]) == []
    assert judge_month([nothing]) == [nothing]
    # What cannot be judged costs the others nothing.
    assert judge_month([effect(0.04), *[nothing] * 20])[0].verdict == "improvement"


def test_benjamini_and_hochberg_by_hand():
    # Of five, the k-th smallest p-value must be below k x 1 %: 0.012 <= 2 % and 0.035 <= 4 %, but 0.3 is not <= 5 %.
    p_values = [0.3, 0.012, 0.035, 0.028, 0.031]
    verdicts = [one.verdict for one in judge_month([effect(p) for p in p_values])]
    assert verdicts == ["no_effect_shown", "improvement", "improvement", "improvement", "improvement"]
    among_many = judge_month([effect(0.03), *(effect(0.5) for _ in range(9))])
    assert {one.verdict for one in among_many} == {"no_effect_shown"}
    assert among_many[0].why == "among so many effects chance explains one like this (p = 0.030, 0.300 among 10 effects looked at)"  # fmt: skip


def test_judging_again_starts_anew():
    alone = judge_month([effect(0.03)])
    among = judge_month([*alone, *(effect(0.5) for _ in range(9))])
    assert (alone[0].verdict, among[0].verdict) == ("improvement", "no_effect_shown")
    assert judge_month(among[:1]) == alone


def test_test_and_interval_must_agree():
    judged = judge_month([effect(0.03, low=-0.01)])[0]
    assert (judged.verdict, judged.why) == ("no_effect_shown", "the interval does not leave zero out (p = 0.030)")


def test_changes_without_effect_are_rarely_called_improvements():
    world = PairedWorld(n=120, gained=0.08, lost=0.08, icc=0.4)
    effects = [
        paired_effect("C-1", "resolution_rate", replayed(np.random.default_rng((4, number)), world))
        for number in range(200)
    ]
    assert sum(one.verdict == "improvement" for one in effects) <= 10
    months = [one for at in range(0, 200, 10) for one in judge_month(effects[at : at + 10])]
    assert sum(one.verdict == "improvement" for one in months) <= 3

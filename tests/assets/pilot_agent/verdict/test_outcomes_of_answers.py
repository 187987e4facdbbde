"""The rollout's two arms and the shadow weeks, each as what can be counted."""

from __future__ import annotations

import pandas as pd
import pytest

from assets.pilot_agent.verdict.outcomes import read_outcomes
from assets.pilot_agent.verdict.outcomes_of_answers import handle_minutes, rollout_outcomes, shadow_outcomes
from tests.assets.pilot_agent.verdict.answered_tickets import answered, fct

BOTH = fct(
    answered(1),
    answered(2, "control", plan=None, week=1),
    answered(3, None, action="draft", review="correct", should_escalate=False),
    answered(4, None, action="escalate", csat_positive=True),
    answered(5, None, action="ask"),
)


def test_the_rollout_is_who_was_assigned_to_an_arm():
    found = rollout_outcomes(BOTH)
    assert found["ticket_id"].tolist() == ["t1", "t2"]
    assert len(read_outcomes(found)) == 2
    assert found["plan"].tolist() == ["pro", "unknown"], "a value nobody knows keeps its tickets"
    assert found["week"].tolist() == ["0", "1"]


@pytest.mark.parametrize("kind", ["assumed", "confirmed", "verified"])
def test_resolution_is_the_registered_one_or_the_kind_asked_for(kind):
    row = answered(
        1, is_resolved_assumed=False, is_resolved_confirmed=False, is_resolved_verified=False, is_resolved=False
    )
    frame = fct({**row, f"is_resolved_{kind}": True})
    assert rollout_outcomes(frame, kind)["is_resolved"].tolist() == [True]
    assert rollout_outcomes(frame)["is_resolved"].tolist() == [False]
    others = {"assumed", "confirmed", "verified"} - {kind}
    assert all(not rollout_outcomes(frame, other)["is_resolved"].any() for other in others)


def test_shadow_is_one_arm_in_which_everything_was_decided_and_nothing_sent():
    found = shadow_outcomes(BOTH).set_index("ticket_id")
    assert set(found.index) == {"t3", "t4", "t5"}
    assert set(found["arm"]) == {"ai"}
    assert found["is_involved"].all()
    assert found["is_escalated"].to_dict() == {"t3": False, "t4": True, "t5": False}
    assert found[["is_resolved", "is_false_resolution", "csat_positive"]].isna().all(axis=None)
    assert found.at["t3", "review"] == "correct"
    assert set(found["week"]) == {"1"}, "the week of the shadow phase"
    read_outcomes(found.reset_index())


def test_the_frame_that_was_handed_in_stays_as_it_is():
    before = BOTH.copy(deep=True)
    rollout_outcomes(BOTH, "verified")
    shadow_outcomes(BOTH)
    pd.testing.assert_frame_equal(BOTH, before)


def test_minutes_are_the_helpdesks_or_the_proxys_and_never_both():
    assert handle_minutes(BOTH).tolist() == [10.0] * 5
    recorded = fct(answered(1, handle_time_minutes=3.0), answered(2))
    assert handle_minutes(recorded).iloc[0] == 3
    assert pd.isna(handle_minutes(recorded).iloc[1])


def test_nothing_gives_nothing():
    assert rollout_outcomes(fct()).empty
    assert shadow_outcomes(fct()).empty

"""From published frames to the published verdict: what is judged, what is said before, and what was decided once."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from assets.pilot_agent.answers.frames import ANSWER, PLAN, frame_of
from assets.pilot_agent.verdict.pilot_verdict import CONDITION_COLUMNS, VERDICT_COLUMNS
from assets.pilot_agent.verdict.published_verdict import (
    ABOUT,
    NOTE_COLUMNS,
    PublishedVerdict,
    plan_as_begun,
    publish_verdict,
)
from benchmarks.pilot_statistics import Truth, as_of, plan, simulate
from desk.pilot import PilotFile, pilot_content, pilot_hash
from tests.assets.pilot_agent.answers.review_frames import answer, answers, review, reviews

TRUTH = Truth(
    difference=0.08,
    own=(("bad", -0.2),),
    categories=(("bad", 0.48), ("good", 0.52)),
    tickets_per_week=3000,
    missed=0.001,
)
PILOT = plan(categories={"ids": ["bad", "good"], "min_answered": 150})
DIGEST = pilot_hash(PILOT)


def plans(pilot: PilotFile = PILOT, weeks: int = 4, **changes) -> pd.DataFrame:
    digest = pilot_hash(pilot)
    row = {
        **dict.fromkeys(PLAN), "pilot_id": pilot.pilot_id, "pilot_hash": digest,
        "content": json.dumps(pilot_content(pilot)), "is_current": True, "is_signed": True,
        "missing_roles": [], "as_of": as_of(pilot, weeks), "registered_hash": digest, "share_now": 0.2, **changes,
    }  # fmt: skip
    return frame_of([row], PLAN)


@cache
def outcomes(difference: float = 0.08) -> pd.DataFrame:
    """``fct_ai_answers``, the columns that are read."""
    frame = simulate(np.random.default_rng(0), replace(TRUTH, difference=difference))
    more = {
        "pilot_id": "simulated", "action": "answer", "plan": "pro", "language": "en", "channel": "email", "week": 0, "day": "d",
        "handle_time_minutes": None, "handle_time_proxy_minutes": 5.0,
    }  # fmt: skip
    return frame.assign(
        **more, share=0.15, mode=frame["arm"].map({"ai": "rollout", "control": "control"}), release_id="r1"
    )


SHADOW = answers(
    answer("a1", pilot_id="simulated"),
    answer("a2", pilot_id="simulated", action="escalate"),
    answer("b3", pilot_id="winter"),
)
REVIEWS = reviews(review("a1"), review("b3"), review("b3", by="Ines Falk"))


def publish(
    plan_frame: pd.DataFrame | None = None, answered: pd.DataFrame | None = None, looks: pd.DataFrame | None = None
) -> PublishedVerdict:
    return publish_verdict(
        plans() if plan_frame is None else plan_frame, outcomes() if answered is None else answered, SHADOW, REVIEWS,
        automated=["bad", "good", "other"], looks=looks,
    )  # fmt: skip


def said(found: PublishedVerdict, kind: str) -> list[str]:
    return found.notes.loc[found.notes["kind"] == kind, "sentence"].tolist()


def test_the_registered_plan_is_judged_and_its_clock_stands_beside_the_verdict():
    found = publish()
    assert list(found.verdicts.columns) == [*ABOUT, *VERDICT_COLUMNS]
    assert found.verdicts.set_index("group")["verdict"].to_dict() == {
        "over all": "hold",
        "bad": "roll_back",
        "good": "expand",
    }
    assert found.verdicts["group"].iloc[0] == "over all"
    assert set(found.verdicts["pilot_hash"]) == {DIGEST}
    assert set(found.verdicts["as_of"]) == {as_of(PILOT, 4)}
    assert set(found.verdicts["weeks_settled"]) == {4}
    assert list(found.conditions.columns) == ["pilot_id", *CONDITION_COLUMNS]
    assert set(found.conditions["pilot_id"]) == {"simulated"}
    assert found.sentences[0].startswith("Over all: hold.")


def test_a_look_is_kept_and_decides_when_later_data_say_otherwise():
    first = publish()
    assert first.looks[["pilot_hash", "week"]].to_numpy().tolist() == [[DIGEST, 4]]
    worse = outcomes(-0.3)
    assert publish(answered=worse).verdicts.set_index("group").at["good", "verdict"] == "roll_back"
    again = publish(answered=worse, looks=first.looks)
    assert again.verdicts.set_index("group").at["good", "verdict"] == "expand"
    assert again.verdicts.set_index("group").at["good", "cause"] == "recorded"
    pd.testing.assert_frame_equal(again.looks, first.looks)


def test_looks_of_another_plan_decide_nothing():
    looks = publish().looks.assign(pilot_hash="b" * 64)
    found = publish(answered=outcomes(-0.3), looks=looks)
    assert found.verdicts.set_index("group").at["good", "verdict"] == "roll_back"
    assert len(found.looks) == 2


def test_before_the_look_nothing_is_decided_and_nothing_kept():
    found = publish(plans(weeks=2))
    assert set(found.verdicts["verdict"]) == {"keep_collecting"}
    assert found.looks.empty


def test_another_pilots_answers_and_reviews_are_not_counted():
    theirs = outcomes(-0.3).assign(pilot_id="winter", ticket_id=lambda frame: "w" + frame["ticket_id"].astype(str))
    found = publish(answered=pd.concat([outcomes(), theirs], ignore_index=True))
    pd.testing.assert_frame_equal(found.verdicts, publish().verdicts)
    assert said(found, "coverage") == ["Tagged in shadow: 1 of 2 answers (50%)."]
    assert "tagged by two" in said(found, "agreement")[0], "the two who agreed did so in another pilot"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"is_signed": False, "registered_hash": None, "missing_roles": ["support lead"]}, "pilot.yaml is not signed; missing: support lead"),
        ({"registered_hash": "b" * 64}, "changed after the rollout of 'simulated' began"),
    ],
)  # fmt: skip
def test_a_plan_that_may_not_judge_judges_nothing_and_says_why(changes, says):
    found = publish(plans(**changes))
    assert found.verdicts.empty
    assert found.conditions.empty
    (sentence,) = found.sentences
    assert says in sentence
    assert said(found, "plan") == [sentence]


def test_a_plan_that_may_not_judge_leaves_the_looks_that_were_made():
    looks = publish().looks
    pd.testing.assert_frame_equal(publish(plans(registered_hash="b" * 64), looks=looks).looks, looks)


def test_before_the_rollout_it_is_said_when_it_may_begin():
    found = publish(answered=outcomes().iloc[:0])
    assert found.verdicts.empty
    assert said(found, "comparison") == [f"The rollout has not begun; it may from {PILOT.rollout_start} on."]
    assert said(found, "assignment") == ["No ticket has been assigned to an arm yet."]


def test_without_any_plan_there_is_nothing_to_say():
    found = publish(frame_of([], PLAN), looks=None)
    assert found.sentences == ()
    assert found.notes.empty
    assert list(found.notes.columns) == list(NOTE_COLUMNS)


def test_empty_frames_are_as_typed_as_full_ones():
    full, empty = publish(), publish(frame_of([], PLAN))
    for name in ("verdicts", "conditions", "looks", "notes"):
        assert dict(getattr(full, name).dtypes) == dict(getattr(empty, name).dtypes), name
    assert len(frame_of([], ANSWER)) == 0


def test_numbers_of_conditions_that_have_no_reference_are_null_and_the_rest_are_whole():
    rows = publish().conditions.set_index(["group", "metric"])
    limit = rows.loc[("good", "missed_escalation_rate")]
    assert pd.isna(limit["reference_denominator"])
    assert limit["reference_rate"] == pytest.approx(0.03)
    assert rows.loc[("good", "resolution_rate"), "reference_denominator"] > 0
    assert str(rows["ai_numerator"].dtype) == "Int64"


def test_weeks_are_counted_from_when_the_rollout_really_began():
    began = pd.Timestamp(PILOT.rollout_start, tz="UTC") + pd.Timedelta(days=20, hours=9)
    late = plan_as_begun(PILOT, began)
    assert late.rollout_start == (began + pd.Timedelta(days=1)).date()
    assert plan_as_begun(PILOT, pd.Timestamp(PILOT.rollout_start, tz="UTC")) == PILOT
    assert plan_as_begun(PILOT, pd.NaT) == PILOT
    found = publish(plans(rollout_began=began))
    assert set(found.verdicts["verdict"]) == {"keep_collecting"}, "one week of it is not two"


def test_tickets_of_a_stopped_rollout_and_other_releases_are_told_apart():
    stopped = outcomes().assign(
        share=0.0, arm="control", mode="control", ticket_id=lambda one: "s" + one["ticket_id"].astype(str)
    )
    found = publish(answered=pd.concat([outcomes(), stopped], ignore_index=True))
    pd.testing.assert_frame_equal(found.verdicts, publish().verdicts)
    mixed = outcomes()
    mixed.loc[mixed.index[:50], ["release_id", "share"]] = ["r2", 0.1]
    comparison = said(publish(answered=mixed), "comparison")
    assert any("2 releases answered" in one for one in comparison)
    assert any("share was changed" in one for one in comparison)

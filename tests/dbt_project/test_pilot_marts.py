"""What the pilot's marts say of tickets whose every hour is known: one real dbt build, a story for every definition."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from assets.pilot_agent.verdict.metrics import METRICS, rates
from assets.pilot_agent.verdict.outcomes_of_answers import rollout_outcomes
from tests.dbt_project.lakes import BuiltLake, dbt
from tests.dbt_project.pilots import IN_SHADOW, Pilot, Said, Story, Turn
from tests.dbt_project.records import DESK_FIELDS

RECENT = "2026-03-28 10:00"
SETTLED_ONLY = "2026-03-25 10:00"
DAY = 24
STAFF, BOT, AGAIN = Said("staff", 1), Said("bot", 1), Said("requester", 2)

ALIKE = {
    # name: (story, is_resolved_assumed, is_resolved_confirmed, is_false_resolution)
    "answered": (Story("answered", (STAFF,)), True, False, False),
    "answered_by_a_bot": (Story("answered_by_a_bot", (BOT,)), True, False, False),
    "still_waiting": (Story("still_waiting", (STAFF, AGAIN)), False, False, None),
    "thanks_after_solved": (Story("thanks_after_solved", (STAFF, AGAIN), status="solved"), True, False, False),
    "nobody_answered": (Story("nobody_answered"), False, False, None),
    "closed_unanswered": (Story("closed_unanswered", status="closed"), False, False, None),
    "a_note_is_no_answer": (Story("a_note_is_no_answer", (Said("note", 1),), status="solved"), False, False, None),
    "too_early": (Story("too_early", (STAFF,), at=RECENT), None, None, None),
    "unanswered_too_early": (Story("unanswered_too_early", at=RECENT), None, None, None),
    "answered_late": (Story("answered_late", (Said("staff", 18 * DAY),)), None, None, None),
    "window_just_over": (Story("window_just_over", (Said("staff", 14),), at="2026-03-26 10:00"), True, False, None),
    "accepted": (Story("accepted", (Said("staff", 1, True),)), True, True, False),
    "accepted_at_once": (Story("accepted_at_once", (Said("staff", 1, True),), at=RECENT), None, True, None),
    "settled_but_may_return": (Story("settled_but_may_return", (STAFF,), at=SETTLED_ONLY), True, False, None),
    "reopened": (
        Story("reopened", (STAFF, AGAIN, Said("staff", 3)), status="solved", solved_hours=1.5),
        True,
        False,
        True,
    ),
    "no_category": (Story("no_category", (STAFF,), category_id=None), True, False, None),
}
"""Stories without a word of the agent, told once in each arm; the outcome must be the same."""

RETURNS = {
    # name: (days after the first answer, category of the second ticket, is_false_resolution of the first)
    "within_the_week": (6.9, "password_reset", True),
    "after_the_week": (7.1, "password_reset", False),
    "on_something_else": (2, "billing", False),
    "before_the_answer": (-0.02, "password_reset", False),
}

OWN = [
    Story("solved_days_later", (STAFF,), status="closed", solved_hours=6 * DAY, requester="slow"),
    Story("back_before_the_close", at="2026-03-12 10:00", requester="slow"),
    Story("early_return", (STAFF,), at=SETTLED_ONLY, requester="early"),
    Story("early_returned", at="2026-03-26 10:00", requester="early"),
    Story("nobody_knows_him", (STAFF,), arm="control", requester=None),
    Story("agent_answered", turns=(Turn("answer", status="delivered"),), csat="good"),
    Story("agent_answer_ready", turns=(Turn("answer", status="ready"),), plan=None),
    Story("agent_answered_and_he_wrote_again", (AGAIN,), turns=(Turn("answer", status="delivered"),), csat="bad"),
    Story("agent_answered_the_second_word", (AGAIN,), turns=(Turn("answer", 3, "delivered"),)),
    Story("person_stepped_in", (Said("staff", 5),), turns=(Turn("answer", status="delivered"),)),
    Story("left_with_question", (BOT,), turns=(Turn("ask", status="delivered"),), status="closed"),
    Story("question_then_person", (Said("staff", 5),), turns=(Turn("ask", status="delivered"),)),
    Story(
        "question_then_answer",
        (AGAIN,),
        turns=(Turn("ask", status="delivered"), Turn("answer", 3, "delivered", category_id="billing", release_id="r2")),
    ),
    Story("question_then_escalation", (AGAIN,), turns=(Turn("ask", status="delivered"), Turn("escalate", 3))),
    Story("stopped", turns=(Turn("answer", status="withheld"),)),
    Story("after_the_stop", (STAFF,), arm="control", share=0.0),
    Story("approved_draft", turns=(Turn("answer", status="delivered", approved_by="Mia"),), mode="shadow"),
    Story("approved_handover", turns=(Turn("draft", status="delivered", approved_by="Mia"),)),
    Story("unapproved_draft", turns=(Turn("answer"),), mode="shadow", csat="good"),
    Story("out_of_scope", (STAFF,), turns=(Turn("answer"),), mode="shadow", arm="control"),
    Story("shadow_answer", (STAFF,), turns=(Turn("answer"),), at=IN_SHADOW, arm=None),
    Story("shadow_sent", turns=(Turn("answer", status="delivered", approved_by="Mia"),), at=IN_SHADOW, arm=None),
    Story("shadow_escalate", (STAFF,), turns=(Turn("escalate"),), at="2026-03-05 10:00", arm=None),
    Story("erased", is_erased=True),
    Story("another_pilot", pilot_id="winter"),
]
TWO = (("Mia", "correct", None), ("Noa", "incorrect", "wrong_answer"))
REVIEWED = {
    # name: (turns, review, count_reviewers, is_resolved_verified, should_escalate)
    "untagged": ((Turn("answer"),), None, 0, None, None),
    "correct": ((Turn("answer", reviews=(("Mia", "correct", None),)),), "correct", 1, True, False),
    "two_reviewers": ((Turn("answer", reviews=TWO),), "incorrect", 2, False, False),
    "changed_her_mind": (
        (Turn("answer", reviews=(("(Mia)", "incorrect", "should_have_escalated"), ("Mia", "needs_improvement", "tone"))),),
        "needs_improvement", 1, False, False,
    ),
    "praised_question": ((Turn("ask", reviews=(("Mia", "correct", None),)), Turn("answer", 3)), None, 1, None, None),
    "blamed_question": (
        (Turn("ask", reviews=(("Mia", "incorrect", "other"),)), Turn("answer", 3, reviews=(("Mia", "correct", None),))),
        "incorrect", 1, False, False,
    ),
    "missed": ((Turn("answer", reviews=(("Mia", "incorrect", "should_have_escalated"),)),), "incorrect", 1, False, True),
    "rightly_escalated": ((Turn("escalate", reviews=(("Mia", "correct", None),)),), "correct", 1, True, True),
    "needlessly_escalated": (
        (Turn("escalate", reviews=(("Mia", "incorrect", "needless_escalation"),)),), "incorrect", 1, False, False,
    ),
}  # fmt: skip


def twice(story: Story) -> list[Story]:
    """The same ticket in each arm."""
    return [dataclasses.replace(story, name=f"{story.name}-{arm}", arm=arm) for arm in ("ai", "control")]


def returning(name: str) -> list[Story]:
    days, category, _ = RETURNS[name]
    found = []
    for story in twice(Story(name, (STAFF,), requester="somebody")):
        who = f"{name}-{story.arm}-person"
        at = story.created_at + pd.Timedelta(hours=1 + days * DAY)
        again = dataclasses.replace(story, name=f"{story.name}-again", said=(), at=str(at.tz_localize(None)))
        found += [
            dataclasses.replace(story, requester=who),
            dataclasses.replace(again, requester=who, category_id=category),
        ]
    return found


def sent(turn: Turn) -> Turn:
    """The turn with its answer or question delivered."""
    return dataclasses.replace(turn, status="delivered") if turn.action in ("answer", "ask") else turn


STORIES = [
    *(one for story, *_ in ALIKE.values() for one in twice(story)),
    *(one for name in RETURNS for one in returning(name)),
    *OWN,
    *(Story(name, turns=tuple(sent(turn) for turn in turns)) for name, (turns, *_) in REVIEWED.items()),
    Story("control_reviewed", (STAFF,), turns=(Turn("answer", reviews=TWO),), arm="control"),
]


@pytest.fixture(scope="module")
def piloted(tmp_path_factory: pytest.TempPathFactory) -> BuiltLake:
    """Every story, built and tested."""
    home = tmp_path_factory.mktemp("pilot")
    Pilot(STORIES).write(home, DESK_FIELDS)
    dbt(home, "run", "--exclude", "tag:pilot_agent")
    dbt(home, "build", "--select", "tag:pilot_agent")
    return BuiltLake(home)


@pytest.fixture(scope="module")
def answers(piloted: BuiltLake) -> pd.DataFrame:
    frame = piloted.mart("fct_ai_answers")
    return frame.assign(name=frame["ticket_id"].str.removeprefix("forum:")).set_index("name")


def known(value: object) -> object:
    return None if pd.isna(value) else bool(value)


def test_every_ticket_is_there_once_but_the_erased_and_those_of_another_pilot(answers: pd.DataFrame) -> None:
    assert sorted(answers.index) == sorted(one.name for one in STORIES if one.name not in ("erased", "another_pilot"))


@pytest.mark.parametrize("arm", ["ai", "control"])
@pytest.mark.parametrize("name", list(ALIKE))
def test_outcomes_are_the_same_in_both_arms(answers: pd.DataFrame, name: str, arm: str) -> None:
    row = answers.loc[f"{name}-{arm}"]
    assert known(row["is_resolved_assumed"]) is ALIKE[name][1]
    assert known(row["is_resolved_confirmed"]) is ALIKE[name][2]
    assert known(row["is_false_resolution"]) is ALIKE[name][3]
    assert known(row["is_resolved"]) is ALIKE[name][1]
    assert pd.isna(row["resolved_at"]) == (ALIKE[name][1] is not True)
    assert row["is_escalated"]
    assert not row["is_involved"]


@pytest.mark.parametrize("arm", ["ai", "control"])
@pytest.mark.parametrize("name", list(RETURNS))
def test_who_comes_back_on_the_same_category_within_seven_days_was_not_helped(
    answers: pd.DataFrame, name: str, arm: str
) -> None:
    assert known(answers.loc[f"{name}-{arm}", "is_false_resolution"]) is RETURNS[name][2]


def test_a_return_is_counted_from_the_answer_and_not_from_the_late_close(answers: pd.DataFrame) -> None:
    row = answers.loc["solved_days_later"]
    assert row["resolved_at"] == row["answered_at"] == pd.Timestamp("2026-03-10 11:00", tz="UTC")
    assert row["is_false_resolution"]


def test_a_return_is_known_for_nobody_before_its_window_has_passed(answers: pd.DataFrame) -> None:
    row = answers.loc["early_return"]
    assert row["is_resolved_assumed"]
    assert pd.isna(row["is_false_resolution"])


def test_a_requester_nobody_knows_cannot_come_back(answers: pd.DataFrame) -> None:
    row = answers.loc["nobody_knows_him"]
    assert row["is_resolved_assumed"]
    assert pd.isna(row["requester_id"])
    assert pd.isna(row["is_false_resolution"])


@pytest.mark.parametrize(
    ("name", "involved", "reason", "resolved"),
    [
        ("agent_answered", True, None, True),
        ("agent_answer_ready", False, None, False),
        ("agent_answered_and_he_wrote_again", True, None, False),
        ("agent_answered_the_second_word", True, None, True),
        ("person_stepped_in", True, "person_replied", True),
        ("left_with_question", True, None, False),
        ("question_then_person", True, "person_replied", True),
        ("question_then_answer", True, None, True),
        ("question_then_escalation", True, "low_confidence", False),
        ("stopped", False, "rollout_stopped", False),
        ("after_the_stop", False, "control", True),
        ("approved_draft", False, "needs_approval", True),
        ("approved_handover", False, "low_confidence", True),
        ("unapproved_draft", False, "needs_approval", False),
        ("out_of_scope", False, "control", True),
        ("shadow_answer", False, None, True),
        ("shadow_sent", False, None, True),
        ("shadow_escalate", False, "low_confidence", True),
    ],
)
def test_what_the_agent_did_itself(
    answers: pd.DataFrame, name: str, involved: bool, reason: str | None, resolved: bool
) -> None:
    row = answers.loc[name]
    assert bool(row["is_involved"]) is involved
    assert (None if pd.isna(row["escalation_reason"]) else row["escalation_reason"]) == reason
    assert bool(row["is_escalated"]) is (reason is not None)
    assert known(row["is_resolved_assumed"]) is resolved


def test_the_last_turn_acts_and_the_first_names_the_category(answers: pd.DataFrame) -> None:
    row = answers.loc["question_then_answer"]
    assert (row["answer_id"], row["action"], row["first_action"]) == ("question_then_answer-2", "answer", "ask")
    assert (row["category_id"], row["release_id"], row["count_turns"]) == ("password_reset", "r2", 2)
    assert row["confidence"] == pytest.approx(0.82)
    assert list(row["entry_ids"]) == ["k1"]


def test_a_delivered_reply_counts_from_its_delivery(answers: pd.DataFrame) -> None:
    assert answers.loc["agent_answered", "answered_at"] == pd.Timestamp("2026-03-10 11:06", tz="UTC")
    assert pd.isna(answers.loc["agent_answer_ready", "answered_at"]), "ready is not sent"


def test_weeks_are_whole_and_counted_by_phase(answers: pd.DataFrame) -> None:
    assert answers.loc["agent_answered", ["week", "phase", "arm"]].tolist() == [0, "rollout", "ai"]
    assert answers.loc["too_early-control", "week"] == 2
    assert answers.loc["shadow_answer", ["shadow_week", "phase"]].tolist() == [0, "shadow"]
    assert answers.loc["shadow_escalate", "shadow_week"] == 1
    assert answers.loc["agent_answered", ["shadow_week"]].isna().all()
    assert answers.loc["shadow_answer", ["week", "arm", "share"]].isna().all()
    assert str(answers.loc["shadow_answer", "day"])[:10] == "2026-02-24"


def test_ratings_are_positive_negative_or_unknown(answers: pd.DataFrame) -> None:
    rated = [
        known(answers.loc[name, "csat_positive"])
        for name in ("agent_answered", "agent_answered_and_he_wrote_again", "stopped")
    ]
    assert rated == [True, False, None]


@pytest.mark.parametrize("name", list(REVIEWED))
def test_the_most_severe_tag_that_stands_counts(answers: pd.DataFrame, name: str) -> None:
    _, review, count, verified, should_escalate = REVIEWED[name]
    row = answers.loc[name]
    assert (None if pd.isna(row["review"]) else row["review"]) == review
    assert row["count_reviewers"] == count
    assert known(row["is_resolved_verified"]) is verified
    assert known(row["should_escalate"]) is should_escalate


def test_nobody_was_shown_what_was_decided_in_the_control_arm(answers: pd.DataFrame) -> None:
    assert answers.loc["control_reviewed", ["review", "is_resolved_verified", "should_escalate"]].isna().all()


@pytest.mark.parametrize("by", ["all", "category_id", "day", "plan"])
def test_days_add_up_to_the_metrics_of_the_verdict(piloted: BuiltLake, answers: pd.DataFrame, by: str) -> None:
    daily = piloted.mart("fct_pilot_daily").assign(all="all")
    daily = daily[daily["arm"].notna()]
    outcomes = rollout_outcomes(answers).assign(all="all")
    daily[by], outcomes[by] = (frame[by].astype("string").fillna("unknown") for frame in (daily, outcomes))
    for as_assigned in (False, True):
        found = rates(outcomes, (by,), as_assigned=as_assigned).set_index(["metric", by, "arm"])
        for metric in METRICS:
            name = f"{metric}_as_assigned" if as_assigned and f"{metric}_as_assigned_numerator" in daily else metric
            sums = daily.groupby([by, "arm"])[[f"{name}_numerator", f"{name}_denominator"]].sum()
            sums = sums[sums.iloc[:, 1] > 0]
            of_metric = found.loc[[metric]] if metric in found.index else found.iloc[:0]
            assert len(sums) == len(of_metric) > 0, metric
            for key, (numerator, denominator) in zip(sums.index, sums.to_numpy(), strict=True):
                row = of_metric.loc[(metric, *key)]
                assert (numerator, denominator) == (row["numerator"], row["denominator"]), (metric, key)


def test_every_reading_that_differs_as_assigned_has_its_columns(piloted: BuiltLake, answers: pd.DataFrame) -> None:
    daily = piloted.mart("fct_pilot_daily")
    outcomes = rollout_outcomes(answers)
    alone, assigned = (rates(outcomes, as_assigned=way).set_index(["metric", "arm"]) for way in (False, True))
    counts = ["numerator", "denominator"]
    differing = {
        metric
        for metric, arm in alone.index
        if (alone.loc[(metric, arm), counts] != assigned.loc[(metric, arm), counts]).any()
    }
    assert differing == {
        name.removesuffix("_as_assigned_numerator") for name in daily if name.endswith("_as_assigned_numerator")
    }


def test_shadow_is_in_the_plain_counts_only(piloted: BuiltLake) -> None:
    daily = piloted.mart("fct_pilot_daily")
    shadow = daily[daily["phase"] == "shadow"]
    assert shadow["count_tickets"].sum() == 3
    assert shadow["count_resolved_assumed"].sum() == 3
    assert (
        not shadow.filter(regex="(?<!minutes)_(numerator|denominator)$")
        .drop(columns=["handle_time_denominator", "handle_time_proxy_denominator"])
        .to_numpy()
        .any()
    )


def test_broken_pilots_are_refused(tmp_path: Path) -> None:
    pilot = Pilot(
        [
            Story("one_arm", requester="one"),
            Story("other_arm", requester="one", arm="control"),
            Story("not_as_drawn", requester="two"),
            Story("sent_in_control", turns=(Turn("answer", status="delivered"),), arm="control"),
            Story("nobody", requester=None),
            Story("unasked", turns=(Turn("answer", status="delivered"),), mode="shadow"),
            Story("unasked_handover", turns=(Turn("draft", status="delivered"),)),
        ],
        points={"two": 0.7},
    )
    pilot.write(tmp_path, DESK_FIELDS)
    dbt(tmp_path, "run")
    with duckdb.connect(str(tmp_path / "dbt/understudy.duckdb")) as connection:
        connection.execute("delete from fct_ai_answers where ticket_id = 'forum:unasked'")
    said = dbt(tmp_path, "test", "--select", "tag:pilot_agent,test_type:singular", fails=True)
    for test, rows in {
        "assert_arms_do_not_mix": 4,
        "assert_nothing_was_sent_unasked": 3,
        "assert_every_answered_ticket_is_in_fct_ai_answers_once": 1,
        "assert_pilot_days_add_up": 1,
    }.items():
        assert f"FAIL {rows} {test} " in said, said[-3000:]

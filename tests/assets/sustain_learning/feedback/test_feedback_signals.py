"""Each thing that was said is one signal, tied to its answer, however late, often exported or taken back."""

from __future__ import annotations

from typing import Any

import pandas as pd

from assets.pilot_agent.answers.frames import frame_of
from assets.sustain_learning.frames import SIGNAL
from tests.assets.sustain_learning.feedback.small_answers import (
    START,
    answer,
    answers,
    days,
    decision,
    decisions,
    feedback,
    outcome,
    outcomes,
    review,
    reviews,
    said,
    signals,
    tickets,
)


def only(frame: pd.DataFrame) -> Any:
    assert len(frame) == 1, frame
    return frame.iloc[0]


def test_nothing_said_is_an_empty_table() -> None:
    pd.testing.assert_frame_equal(signals(), frame_of([], SIGNAL))
    assert signals(answers=answers(answer("a")), decisions=decisions(decision("d"))).empty


def test_a_review_that_finds_fault() -> None:
    found = only(
        signals(
            answers=answers(answer("a")),
            reviews=reviews(review("a", right_answer="Ask jo.berg@example.com to reset it.")),
            tickets=tickets({"ticket_id": "zendesk:a", "handle_time_minutes": 7.5}),
        )
    )
    assert (found["kind"], found["source"], found["said_by"]) == ("correction", "pilot", "reviewer")
    assert found["is_trouble"]
    assert not found["is_positive"]
    assert found["reason"] == "wrong_answer"
    assert (found["entry_id"], found["entry_hash"], found["category_id"]) == ("reset", "h1", "passwords")
    assert (found["release_id"], found["mode"], found["requester_id"]) == ("r1", "rollout", "customer a")
    assert found["occurred_at"] == days(3)
    assert found["handle_minutes"] == 7.5
    assert "@" not in found["words"]
    assert "reset it" in found["words"]


def test_withdrawn_reviews_and_approvals_say_nothing() -> None:
    found = signals(
        answers=answers(answer("a"), answer("b"), answer("c")),
        reviews=reviews(
            review("a", is_current=False),
            review("b", tag="correct", reason=None, decision="approve"),
            review("c", tag=None, reason=None, decision="reject"),
        ),
    )
    assert only(found)["answer_id"] == "c"
    assert only(found)["reason"] == "reject"


def test_an_edit_of_a_right_answer_is_a_correction_and_no_trouble() -> None:
    found = only(
        signals(
            answers=answers(answer("a")),
            reviews=reviews(review("a", tag="correct", reason=None, decision="edit", edited_reply="Shorter.")),
        )
    )
    assert found["kind"] == "correction"
    assert found["is_positive"]
    assert not found["is_trouble"]
    assert found["words"] == "Shorter."


def test_two_reviewers_are_two_signals_and_a_changed_mind_is_the_same_one() -> None:
    both = signals(
        answers=answers(answer("a")), reviews=reviews(review("a"), review("a", review_id="2", reviewer="Ole"))
    )
    assert len(both) == 2
    again = signals(
        answers=answers(answer("a")),
        reviews=reviews(review("a", is_current=False), review("a", review_id="new", reason="outdated")),
    )
    assert only(again)["reason"] == "outdated"
    assert only(again)["signal_id"] in set(both["signal_id"])


def test_reviews_about_handing_over_are_escalations() -> None:
    found = signals(
        answers=answers(answer("a"), answer("b", action="escalate", reply=None)),
        reviews=reviews(review("a", reason="should_have_escalated"), review("b", reason="needless_escalation")),
    )
    assert list(found["kind"]) == ["escalation", "escalation"]
    assert found["is_trouble"].all()
    assert found.set_index("answer_id")["entry_id"].isna().to_dict() == {"a": False, "b": True}


def test_a_rating_that_comes_late_is_one_signal_of_the_same_day() -> None:
    asked = {"answers": answers(answer("a"))}
    before = signals(**asked, outcomes=outcomes(outcome("a")), tickets=tickets({"ticket_id": "zendesk:a"}))
    assert before.empty
    late = {"ticket_id": "zendesk:a", "csat": "bad", "csat_score": "1"}
    found = only(signals(**asked, outcomes=outcomes(outcome("a", csat_positive=False)), tickets=tickets(late)))
    assert (found["kind"], found["source"], found["said_by"]) == ("csat", "helpdesk", "customer")
    assert found["is_trouble"]
    assert found["rating"] == 1.0
    assert found["occurred_at"] == days(1)
    changed = only(signals(**asked, outcomes=outcomes(outcome("a", csat_positive=True)), tickets=tickets(late)))
    assert changed["signal_id"] == found["signal_id"]
    assert changed["is_positive"]
    assert not changed["is_trouble"]


def test_a_ticket_exported_twice_is_said_once_and_the_last_export_counts() -> None:
    found = signals(
        answers=answers(answer("a"), answer("a")),
        outcomes=outcomes(outcome("a", csat_positive=False), outcome("a", csat_positive=True)),
        tickets=tickets(
            {"ticket_id": "zendesk:a", "csat_score": "bad"}, {"ticket_id": "zendesk:a", "csat_score": "good"}
        ),
    )
    assert only(found)["is_positive"]
    assert pd.isna(only(found)["rating"])


def test_a_rating_where_a_person_answered_too_is_not_the_agents_trouble() -> None:
    found = signals(
        answers=answers(answer("a")),
        outcomes=outcomes(outcome("a", csat_positive=False, is_escalated=True, escalation_reason="person_replied")),
    ).set_index("kind")
    assert not found.loc["csat", "is_trouble"]
    assert not found.loc["csat", "is_positive"]
    assert found.loc["escalation", "is_trouble"]
    assert found.loc["escalation", "said_by"] == "assignee"


def test_people_alone_say_nothing_of_the_agent() -> None:
    found = signals(
        answers=answers(answer("a", mode="control"), answer("b", mode="shadow")),
        outcomes=outcomes(
            outcome("a", mode="control", is_involved=False, csat_positive=False, is_escalated=True),
            outcome("b", mode="shadow", is_involved=False, csat_positive=False),
        ),
        reviews=reviews(review("a")),
    )
    assert found.empty


def test_a_customer_who_came_back_and_a_handover_with_its_reason() -> None:
    found = signals(
        answers=answers(answer("a"), answer("b", action="escalate", reply=None)),
        outcomes=outcomes(
            outcome("a", is_false_resolution=True),
            outcome(
                "b", action="escalate", is_involved=False, is_escalated=True, escalation_reason="wants a person",
                resolved_at=None, should_escalate=True,
            ),
        ),
    ).set_index("answer_id")  # fmt: skip
    assert found.loc["a", "kind"] == "reopen"
    assert found.loc["a", "is_trouble"]
    assert found.loc["b", "kind"] == "escalation"
    assert found.loc["b", "reason"] == "wants a person"
    assert not found.loc["b", "is_trouble"]
    assert pd.isna(found.loc["b", "is_positive"])


def test_of_live_ratings_the_last_counts_and_erased_ones_say_nothing() -> None:
    found = signals(
        decisions=decisions(decision("d"), decision("e")),
        feedback=feedback(
            said("d", "thumbs", 2, is_positive=True, rating=1.0),
            said("d", "thumbs", 1, is_positive=False, rating=-1.0),
            said("d", "csat", 3, is_positive=None, rating=3.0),
            said("e", "thumbs", 4, is_erased=True),
        ),
    ).set_index("kind")
    assert set(found.index) == {"thumbs", "csat"}
    assert set(found["answer_id"]) == {"d"}
    assert found.loc["thumbs", "is_positive"]
    assert found.loc["thumbs", "occurred_at"] == days(2)
    assert pd.isna(found.loc["csat", "is_positive"])
    assert not found.loc["csat", "is_trouble"]
    assert (found["source"] == "live").all()


def test_live_escalations_corrections_and_closed_handoffs() -> None:
    found = signals(
        decisions=decisions(decision("d"), decision("e", action="escalate", reply=None, handoff_reason="unclear")),
        feedback=feedback(
            said("d", "escalation", 1, reason="wants a person"),
            said("d", "correction", 2, right_answer="Use the portal."),
            said("e", "handoff", 3, was_needed=False, outcome="resolved", handle_minutes=12.0),
        ),
    )
    asked = only(found[(found["answer_id"] == "d") & (found["kind"] == "escalation")])
    assert asked["is_trouble"]
    assert asked["said_by"] == "customer"
    assert only(found[found["kind"] == "correction"])["words"] == "Use the portal."
    closed = only(found[(found["answer_id"] == "e") & found["is_trouble"]])
    assert closed["reason"] == "needless_escalation"
    assert closed["handle_minutes"] == 12.0
    assert only(found[(found["answer_id"] == "e") & ~found["is_trouble"]])["reason"] == "unclear"


def test_what_the_helpdesk_says_of_a_live_answer_is_said_once() -> None:
    mine = {"ticket_id": "zendesk:d", "csat": "bad", "csat_score": "2", "count_reopens": 1, "count_staff_replies": 0}
    asked = {
        "decisions": decisions(
            decision("d", decided_at=START), decision("late", ticket_id="zendesk:d", decided_at=days(1))
        ),
        "tickets": tickets(mine),
    }
    found = signals(**asked)
    assert set(found["kind"]) == {"csat", "reopen"}
    assert set(found["answer_id"]) == {"late"}
    told = signals(**asked, feedback=feedback(said("late", "csat", 1, is_positive=False, rating=2.0)))
    assert list(told.loc[told["kind"] == "csat", "source"]) == ["live"]


def test_words_about_answers_that_are_gone_are_left_out() -> None:
    assert signals(reviews=reviews(review("a")), outcomes=outcomes(outcome("a", csat_positive=False))).empty
    assert signals(feedback=feedback(said("d", "thumbs", 1, is_positive=False))).empty

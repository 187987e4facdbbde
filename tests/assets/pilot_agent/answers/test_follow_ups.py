"""Customers who answered the agent's question: which turn is decided, and what it may change."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from assets.configure_behavior.decisions.decision import Turn
from assets.pilot_agent.answers.follow_ups import MAX_CHARS, follow_ups
from tests.assets.pilot_agent.answers.new_tickets import (
    BEGUN,
    IN_ROLLOUT,
    NOT_DRAWN,
    SYNC,
    comments,
    drafted,
    plan,
    shares,
    ticket,
)
from tests.assets.pilot_agent.answers.review_frames import answer, answers

OPENING = ("1", 1, "requester", 0, SYNC)
OTHER_MATTER = "Never mind that, but tell me instead: how do I export all documents to a file, can I download all documents at once?"
FOR_PEOPLE = (
    "Something else: please send me the invoice for March, we need it for accounting and our bookkeeper wants it today"
)


def asking(number: int = 1, **changes):
    return answer(
        f"a{number}", ticket_id=f"zd:{number}", mode="rollout", arm="ai", action="ask", reply="Which phone?",
        question=SYNC, asked_at=IN_ROLLOUT, created_at=IN_ROLLOUT, **changes,
    )  # fmt: skip


def waiting(*rows, of=None, **changes):
    return follow_ups(answers(asking() if of is None else of), comments(OPENING, *rows, **changes))


def test_a_customer_who_answered_waits_for_the_next_turn():
    (found,) = waiting(("1", 2, "bot", 1, "Which phone?"), ("1", 3, "requester", 2, "an iPhone"))
    assert (found.ticket_id, found.turn, found.text) == ("zd:1", 2, "an iPhone")
    assert found.asked_at == IN_ROLLOUT + pd.Timedelta(hours=2)
    assert found.conversation == (Turn("customer", SYNC), Turn("ai_agent", "Which phone?"))


def test_several_messages_are_read_as_one_in_order_and_bounded():
    (found,) = waiting(("1", 3, "requester", 2, "an iPhone"), ("1", 2, "requester", 0.01, "since yesterday"))
    assert found.text == "since yesterday\nan iPhone"
    assert found.asked_at == IN_ROLLOUT + pd.Timedelta(hours=2)
    (found,) = waiting(("1", 2, "requester", 1, "x" * 9_000))
    assert len(found.text) == MAX_CHARS


def test_the_opening_is_no_answer_although_it_is_dated_after_its_ticket():
    late = ("1", 1, "requester", 0.001, SYNC)
    assert follow_ups(answers(asking()), comments(late)) == []


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [("1", 2, "bot", 1, "Which phone?")],
        [("1", 2, "staff", 1, "I take over."), ("1", 3, "requester", 2, "an iPhone")],
        [("1", 2, "requester", 1, "an iPhone"), ("1", 3, "staff", 2, "Thank you.")],
        [("1", 2, "requester", 1, "  "), ("1", 3, "requester", 2, None)],
        [("2", 2, "requester", 1, "an iPhone")],
    ],
)
def test_nobody_waits_who_said_nothing_or_whom_a_person_answered(rows):
    assert waiting(*rows) == []


def test_an_internal_note_is_no_reply_of_the_customer_nor_of_a_person():
    assert waiting(("1", 2, "requester", 1, "an iPhone"), is_public=False) == []
    said = pd.concat(
        [
            comments(("1", 2, "staff", 1, "Looks odd."), is_public=False),
            comments(("1", 3, "requester", 2, "an iPhone")),
        ]
    )
    assert [one.text for one in follow_ups(answers(asking()), said)] == ["an iPhone"]


@pytest.mark.parametrize(
    "changes", [{"mode": "shadow"}, {"mode": "control"}, {"action": "answer"}, {"action": "escalate"}, {"turn": 3}]
)
def test_only_what_the_rollout_asked_goes_on_and_no_further_than_three_turns(changes):
    of = {**asking(), **changes}
    assert waiting(("1", 2, "requester", 1, "an iPhone"), of=of) == []


def test_what_was_answered_in_the_turn_before_is_not_read_again():
    later = {**asking(), "answer_id": "a9", "turn": 2, "asked_at": IN_ROLLOUT + pd.Timedelta(hours=2)}
    later["conversation"] = json.dumps([{"author": "customer", "text": SYNC}])
    both = answers(asking(), later)
    before = ("1", 2, "requester", 1, "no idea")
    assert follow_ups(both, comments(OPENING, before)) == []
    (found,) = follow_ups(both, comments(OPENING, before, ("1", 3, "requester", 3, "an iPhone")))
    assert (found.turn, found.text) == (3, "an iPhone")
    assert [one.author for one in found.conversation] == ["customer", "customer", "ai_agent"]


def test_they_come_by_ticket():
    rows = [(str(number), 2, "requester", 1, "an iPhone") for number in (3, 1, 2)]
    found = follow_ups(answers(asking(3), asking(1), asking(2)), comments(*rows))
    assert [one.ticket_id for one in found] == ["zd:1", "zd:2", "zd:3"]


def talk(*said: str, share=BEGUN, first: str = SYNC, **changes) -> pd.DataFrame:
    """The first turn, and a further run for each thing the customer says."""
    opening = ticket("1", first, IN_ROLLOUT)
    frame = drafted(opening, shares=shares(*share), **changes)
    written = [("1", 1, "requester", 0, first)]
    for place, text in enumerate(said, 1):
        written.append(("1", place + 1, "requester", place, text))
        frame = drafted(opening, shares=shares(*share), comments=comments(*written), previous=frame, **changes)
    return frame


def test_the_answer_to_a_question_is_answered_in_the_same_ticket_arm_and_category():
    frame = talk("an iPhone")
    assert frame["turn"].tolist() == [1, 2]
    assert frame["action"].tolist() == ["ask", "answer"]
    assert frame["answer_id"].is_unique
    assert "Background App Refresh" in frame["reply"].iloc[1]
    for same in ("ticket_id", "requester_id", "created_at", "phase", "mode", "arm", "share", "category_id", "bucket"):
        assert frame[same].nunique() == 1, same
    assert frame["question"].tolist() == [SYNC, "an iPhone"]
    assert [one["author"] for one in json.loads(frame["conversation"].iloc[1])] == ["customer", "ai_agent"]
    assert frame["asked_at"].tolist() == [IN_ROLLOUT, IN_ROLLOUT + pd.Timedelta(hours=1)]
    assert len(talk("an iPhone", "thank you, that helped")) == 2, "what was answered needs no further turn"


def test_a_turn_is_decided_once():
    frame = talk("an iPhone")
    again = drafted(
        ticket("1", SYNC, IN_ROLLOUT), shares=shares(*BEGUN), previous=frame,
        comments=comments(OPENING, ("1", 2, "requester", 1, "an iPhone")),
    )  # fmt: skip
    pd.testing.assert_frame_equal(again, frame)


def test_another_matter_keeps_the_category_of_the_first_message_and_what_is_for_people_is_not_sent():
    frame = talk(FOR_PEOPLE)
    assert frame["action"].tolist() == ["ask", "draft"]
    assert frame["category_id"].tolist() == ["mobile_sync", "mobile_sync"]
    assert frame["bucket"].tolist() == ["automate", "automate"], "bucket and category go together"
    assert frame["entry_ids"].iloc[1][0].startswith("invoice")


def test_what_lies_outside_the_plans_scope_waits_for_a_person_in_a_later_turn_too():
    within, outside = talk(OTHER_MATTER), talk(OTHER_MATTER, pilot=plan(categories={"ids": ["mobile_sync"]}))
    assert within["action"].tolist() == outside["action"].tolist() == ["ask", "answer"]
    assert within["mode"].tolist() == ["rollout", "rollout"]
    assert outside["mode"].tolist() == ["rollout", "shadow"]
    assert outside["arm"].tolist() == ["ai", "ai"]


def test_questions_of_shadow_and_control_are_not_pursued():
    said = comments(OPENING, ("1", 2, "requester", 1, "an iPhone"))
    for who, share in (("person-1", ()), (NOT_DRAWN, BEGUN)):
        opening = ticket("1", SYNC, IN_ROLLOUT, requester_id=who)
        first = drafted(opening, shares=shares(*share))
        assert first["action"].tolist() == ["ask"]
        pd.testing.assert_frame_equal(drafted(opening, shares=shares(*share), comments=said, previous=first), first)

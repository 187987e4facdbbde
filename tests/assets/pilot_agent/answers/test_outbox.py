"""Which replies go out."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from assets.pilot_agent.answers.frames import OUTBOX
from assets.pilot_agent.answers.outbox import outbox
from tests.assets.pilot_agent.answers.review_frames import MONDAY, answer, answers, review, reviews

NOBODY = pd.DataFrame(columns=["answer_id", "delivered_by", "delivered_at", "reply"])
SUNDAY = MONDAY - pd.Timedelta(days=1)
LATER = MONDAY + pd.Timedelta(days=3)


def sent(answer_id: str, reply: str | None = None) -> pd.DataFrame:
    return pd.DataFrame([{"answer_id": answer_id, "delivered_by": "adapter", "delivered_at": LATER, "reply": reply}])


def made(
    given: list[dict[str, Any]], said: list[dict[str, Any]] | None = None, delivered=NOBODY, share=0.15, answered=(),
    since=SUNDAY, stopped=(), restored=None,
):  # fmt: skip
    """share: 0 or None sends nothing; since when it sends otherwise. answered: when people replied, by ticket."""
    found = outbox(
        answers(*given), reviews(*(said or [])), delivered, lambda pilot: since if share else None, dict(answered),
        lambda pilot: set(stopped), restored or {},
    )  # fmt: skip
    assert list(found.columns) == list(OUTBOX)
    return found.to_dict("records")


def statuses(*arguments: Any, **named: Any) -> dict[str, str]:
    return {row["answer_id"]: row["status"] for row in made(*arguments, **named)}


def rollout(answer_id: str, **changes: Any) -> dict[str, Any]:
    return answer(answer_id, mode="rollout", **changes)


def test_the_rollout_sends_answers_and_questions_by_itself_and_nothing_else():
    given = [
        rollout("a1"), rollout("a2", action="ask"), rollout("a3", action="draft"), rollout("a4", action="escalate"),
        answer("a5"), answer("a6", mode="control"), rollout("a7", reply=None),
    ]  # fmt: skip
    rows = made(given)
    assert [row["answer_id"] for row in rows] == ["a1", "a2"]
    assert rows[0]["ready_at"] == MONDAY + pd.Timedelta(hours=2)
    assert pd.isna(rows[0]["approved_by"])


def test_a_shadow_draft_waits_for_approval_and_an_edited_one_carries_the_edited_text():
    given = [answer("a1"), answer("a2"), answer("a3"), answer("a4", action="draft")]
    said = [
        review("a1", decision="approve"), review("a2", decision="edit", edited_reply="Better."),
        review("a3"), review("a4", decision="reject"),
    ]  # fmt: skip
    rows = {row["answer_id"]: row for row in made(given, said)}
    assert set(rows) == {"a1", "a2"}, "a tag is no approval, and a rejected draft never goes"
    assert (rows["a1"]["reply"], rows["a1"]["approved_by"]) == ("Reply a1.", "Noor Haddad")
    assert rows["a2"]["reply"] == "Better."
    assert rows["a1"]["ready_at"] == MONDAY + pd.Timedelta(days=1)


@pytest.mark.parametrize("share", [0.0, None])
def test_a_stopped_rollout_withholds_what_was_not_sent_and_leaves_shadow_alone(share):
    given = [rollout("a1"), rollout("a2"), rollout("a3"), answer("a4")]
    said = [review("a2", decision="approve"), review("a4", decision="approve")]
    found = statuses(given, said, sent("a3"), share)
    assert found == {"a1": "withheld", "a2": "withheld", "a3": "delivered", "a4": "ready"}


def test_a_rollout_answer_that_was_rejected_before_it_was_sent_is_withheld():
    said = [review("a1", "incorrect", decision="reject"), review("a2", "incorrect", decision="reject")]
    assert statuses([rollout("a1"), rollout("a2"), rollout("a3")], said, sent("a2")) == {
        "a1": "withheld", "a2": "delivered", "a3": "ready",
    }  # fmt: skip


def test_one_reject_beats_approvals_and_a_replaced_word_counts_nothing():
    late = {"reviewed_at": MONDAY + pd.Timedelta(days=2)}
    said = [
        review("a1", decision="reject"), review("a1", by="Ada Moreno", decision="approve", **late),
        review("a2", decision="reject", is_current=False), review("a2", decision="approve", **late),
        review("a3", decision="edit", edited_reply="First."),
        review("a3", by="Ada Moreno", decision="edit", edited_reply="Second.", **late),
    ]  # fmt: skip
    rows = {row["answer_id"]: row["reply"] for row in made([answer("a1"), answer("a2"), answer("a3")], said)}
    assert rows == {"a2": "Reply a2.", "a3": "Second."}


def test_approving_a_handover_sends_nothing_unless_a_person_wrote_it():
    given = [answer("a1", action="escalate"), answer("a2", action="escalate")]
    said = [review("a1", decision="approve"), review("a2", decision="edit", edited_reply="I am on it.")]
    assert [(row["answer_id"], row["reply"]) for row in made(given, said)] == [("a2", "I am on it.")]


def test_the_reply_to_an_overtaken_message_stays_back():
    given = [rollout("a1", action="ask"), rollout("b1", turn=2), rollout("a2")]
    assert statuses(given) == {"a1": "withheld", "b1": "ready", "a2": "ready"}
    assert statuses(given, [], sent("a1"))["a1"] == "delivered"


def test_what_was_sent_stays_in_the_words_that_were_sent():
    (row,) = made([answer("a1")], [review("a1", decision="reject")], sent("a1", "As it was."))
    assert (row["status"], row["reply"], row["delivered_at"]) == ("delivered", "As it was.", LATER)
    (row,) = made([answer("a1")], [], sent("a1"))
    assert row["reply"] == "Reply a1."


def test_nothing_to_send_is_a_typed_frame():
    assert dict(outbox(answers(), reviews(), NOBODY, lambda pilot: None, {}).dtypes) == dict(
        outbox(answers(rollout("a1")), reviews(), NOBODY, lambda pilot: MONDAY, {}).dtypes
    )


def test_what_a_stop_held_back_stays_back_when_the_rollout_begins_again():
    given = [rollout("a1"), rollout("a2", asked_at=MONDAY + pd.Timedelta(days=2))]
    assert statuses(given, since=MONDAY + pd.Timedelta(days=1)) == {"a1": "withheld", "a2": "ready"}


def test_whoever_was_answered_by_a_person_meanwhile_gets_nothing_more():
    replied = {"zd:1": MONDAY + pd.Timedelta(hours=5), "zd:2": MONDAY - pd.Timedelta(hours=5)}
    assert statuses([rollout("a1"), rollout("a2")], answered=replied) == {"a1": "withheld", "a2": "ready"}
    approved = [review("a1", decision="approve")]
    assert statuses([answer("a1")], approved, answered=replied) == {"a1": "withheld"}


def test_an_edit_goes_before_an_approval_of_what_was_edited():
    early, late = MONDAY + pd.Timedelta(days=1), MONDAY + pd.Timedelta(days=2)
    edit = review("a1", "needs_improvement", decision="edit", edited_reply="Better.", reviewed_at=early)
    approval = review("a1", by="Ada Moreno", decision="approve", reviewed_at=late)
    (row,) = made([answer("a1")], [edit, approval])
    assert (row["reply"], row["status"]) == ("Better.", "ready")


def test_what_one_calls_incorrect_is_not_sent_because_another_approved_it():
    said = [review("a1", "incorrect"), review("a1", by="Ada Moreno", decision="approve")]
    assert made([answer("a1")], said) == []


def test_a_stopped_category_holds_back_what_was_not_delivered_and_leaves_the_others_and_approved_drafts():
    given = [
        rollout("a1", category_id="billing"), rollout("a2", category_id="login"), rollout("a3", category_id="billing"),
        answer("a4", category_id="billing"),
    ]  # fmt: skip
    said = [review("a4", decision="approve")]
    assert statuses(given, said, delivered=sent("a3"), stopped=["billing"]) == {
        "a1": "withheld", "a2": "ready", "a3": "delivered", "a4": "ready",
    }  # fmt: skip


def test_what_was_held_back_before_a_category_was_restored_stays_with_people():
    given = [
        rollout("a1", category_id="billing"), rollout("a2", category_id="login"),
        rollout("a3", category_id="billing", asked_at=LATER),
    ]  # fmt: skip
    restored = {"billing": MONDAY + pd.Timedelta(days=2)}
    assert statuses(given, restored=restored) == {"a1": "withheld", "a2": "ready", "a3": "ready"}

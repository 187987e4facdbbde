"""What a key comes to: never is sent by a slip what was found wanting."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.reviews import AnswerReview
from service.console.answers.item import Item, items_of
from service.console.answers.judging import Judgement, NotToBeEdited, fates_of, review_of
from tests.assets.pilot_agent.answers.review_frames import answer, answers


def item(**changes: Any) -> Item:
    return items_of(answers(answer("a1", **changes)))[0]


DRAFT, SENT, HANDED = item(), item(mode="rollout"), item(action="escalate", reply="Perhaps this.")


@pytest.mark.parametrize(
    ("given", "decision"),
    [
        (Judgement("correct"), "approve"),
        (Judgement("needs_improvement", "tone"), "reject"),
        (Judgement("needs_improvement", "tone", is_sent_as_is=True), "approve"),
        (Judgement("incorrect"), "reject"),
        (Judgement("incorrect", is_sent_as_is=True), "reject"),
        (Judgement("needs_improvement", edited_reply="Better."), "edit"),
        (Judgement("incorrect", edited_reply="Better."), "edit"),
    ],
    ids=str,
)
def test_a_tag_decides_over_a_draft(given: Judgement, decision: str) -> None:
    made = review_of(DRAFT, given, None)
    assert (made.tag, made.reason, made.decision) == (given.tag, given.reason, decision)


def test_what_is_not_to_be_sent_takes_an_earlier_edit_with_it() -> None:
    own = AnswerReview("a1", "needs_improvement", decision="edit", edited_reply="Better.", right_answer="Right.")
    for tag in ("needs_improvement", "incorrect"):
        made = review_of(DRAFT, Judgement(tag, is_withheld=True), own)
        assert (made.decision, made.edited_reply, made.right_answer) == ("reject", None, "Right.")
        assert review_of(DRAFT, Judgement(tag), own).edited_reply == "Better."


def test_what_may_become_of_a_reply_is_offered_with_what_holds_first() -> None:
    own = "edit"
    assert fates_of(DRAFT, "needs_improvement", None) == ("r", "a")
    assert fates_of(DRAFT, "incorrect", None) == ("r",)
    assert fates_of(DRAFT, "needs_improvement", own) == ("e", "r", "a")
    assert fates_of(DRAFT, "incorrect", own) == ("e", "r")
    assert fates_of(SENT, "needs_improvement", None) == ("r",)


@pytest.mark.parametrize("shown", [SENT, HANDED], ids=["sent", "handed over"])
@pytest.mark.parametrize("tag", ["correct", "needs_improvement", "incorrect"])
def test_nothing_is_decided_where_nothing_waits(shown: Item, tag: str) -> None:
    assert review_of(shown, Judgement(tag), None).decision is None


def test_a_person_may_send_their_own_words_instead_of_a_suggestion() -> None:
    made = review_of(HANDED, Judgement("incorrect", edited_reply=" This. "), None)
    assert (made.decision, made.edited_reply) == ("edit", "This.")


def test_what_was_sent_is_not_edited_and_an_edit_changes_something() -> None:
    with pytest.raises(NotToBeEdited, match="already"):
        review_of(SENT, Judgement("incorrect", edited_reply="Better."), None)
    with pytest.raises(NotToBeEdited, match="Nothing was changed"):
        review_of(DRAFT, Judgement("needs_improvement", edited_reply="  Reply a1.\n"), None)


def test_of_an_earlier_word_stays_what_the_new_tag_does_not_touch() -> None:
    own = AnswerReview("a1", "needs_improvement", "tone", "Mind the tone.", "Say it kindly.", "edit", "Kindly.")
    worse = review_of(DRAFT, Judgement("incorrect", "outdated"), own)
    assert worse == AnswerReview("a1", "incorrect", "outdated", "Mind the tone.", "Say it kindly.", "edit", "Kindly.")
    assert review_of(DRAFT, Judgement("correct"), own) == AnswerReview(
        "a1", "correct", None, "Mind the tone.", None, "approve"
    )
    as_it_is = review_of(DRAFT, Judgement("needs_improvement", is_sent_as_is=True), own)
    assert (as_it_is.decision, as_it_is.edited_reply) == ("approve", None)

"""What a key comes to: the review that is recorded, with what happens to the draft.

Belongs here: the defaults, and what is kept of an earlier word. Does not belong here: keys and buttons (``review_bar``).
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.reviews import AnswerReview
from service.console.answers.item import Item

CORRECT, NEEDS_IMPROVEMENT, INCORRECT = "correct", "needs_improvement", "incorrect"


class NotToBeEdited(ValueError):
    """There is nothing to send instead; ``str()`` says why."""


@dataclass(frozen=True)
class Judgement:
    """What a reviewer says with keys and fields. is_sent_as_is: a draft that needs improvement goes out all the same;
    is_withheld: nothing goes out, this person's earlier edit neither."""

    tag: str
    reason: str | None = None
    comment: str | None = None
    right_answer: str | None = None
    edited_reply: str | None = None
    is_sent_as_is: bool = False
    is_withheld: bool = False


def review_of(item: Item, given: Judgement, own: AnswerReview | None) -> AnswerReview:
    """The review to record.

    A draft that is correct is approved, any other is rejected: nobody sends by a slip what was found wanting. It is sent
    edited where a text is given, and, where it only needs improvement, as it is where one says so. Of what this person
    said before (``own``) stays what the new tag does not touch: the comment, and while it is not called correct, the right
    answer and an edit, unless nothing is to go out.

    Raises:
        NotToBeEdited: an edit of what was sent, or an edit that changes nothing.
    """
    is_faulted = given.tag != CORRECT
    edited = (given.edited_reply or "").strip() or None
    if edited is not None:
        _require_editable(item, edited)
    elif own is not None and own.decision == "edit" and is_faulted and not (given.is_sent_as_is or given.is_withheld):
        edited = own.edited_reply
    decision = "edit" if edited else None
    if decision is None and item.is_decided_by_people:
        is_sent = not is_faulted or (given.tag == NEEDS_IMPROVEMENT and given.is_sent_as_is)
        decision = "approve" if is_sent else "reject"
    kept = own.right_answer if own is not None and is_faulted else None
    return AnswerReview(
        item.answer_id,
        given.tag,
        given.reason,
        given.comment or (own.comment if own is not None else None),
        given.right_answer or kept,
        decision,
        edited,
    )


def fates_of(item: Item, tag: str, own_decision: str | None) -> tuple[str, ...]:
    """What may become of a reply that was found wanting, as keys, the one that holds if nothing is said first: e, this
    person's earlier edit goes out; r, nothing does; a, it goes out as it is."""
    found = ["e"] if own_decision == "edit" else []
    found.append("r")
    if tag == NEEDS_IMPROVEMENT and item.is_decided_by_people:
        found.append("a")
    return tuple(found)


def _require_editable(item: Item, edited: str) -> None:
    if item.is_sent_alone:
        raise NotToBeEdited("This reply went to the customer already; say what would have been right instead (key c).")
    if edited == item.reply.strip():
        raise NotToBeEdited("Nothing was changed, so there is nothing to send instead.")

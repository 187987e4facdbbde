"""Signals that people gave on purpose: reviewers' tags and edits, customers' ratings and thumbs, closed handoffs.

Belongs here: one signal a word that stands. Does not belong here: what a ticket's course shows (``said_by_tickets``).

Only what stands counts: a review that was withdrawn or replaced is none, and of several ratings of one kind the last is
meant, so that a rating that comes weeks later is a changed mind and no second voice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd

from assets.pilot_agent.live.frames import HANDOFF
from assets.sustain_learning.feedback.answer_facts import (
    ESCALATE,
    LIVE,
    PILOT,
    is_false,
    is_true,
    records,
    text,
    unknown,
)
from assets.sustain_learning.frames import CORRECTION, CSAT, ESCALATION, THUMBS
from ledger.events import name_key

Word = dict[str, Any]
"""A signal before it is tied to its answer: kind, source, subject, answer_id, and what was said."""
CUSTOMER, REVIEWER, ASSIGNEE = "customer", "reviewer", "assignee"
_ABOUT_HANDOVER = ("should_have_escalated", "needless_escalation")
_CHANGED = ("edit", "reject")


def of_reviews(reviews: pd.DataFrame) -> Iterator[Word]:
    """Of every review that stands and finds fault or changes what was to be sent, one word; approvals say nothing.

    Args:
        reviews: ``answer_reviews``.
    """
    standing = reviews[reviews["is_current"].fillna(False).astype(bool)]
    for row in records(standing.drop_duplicates("review_id", keep="last")):
        tag, decision, reason = text(row["tag"]), text(row["decision"]), text(row["reason"])
        is_right = tag == "correct"
        if decision not in _CHANGED and (tag is None or is_right):
            continue
        who = name_key(str(row["reviewer"])) if text(row["reviewer"]) else str(row["review_id"])
        yield {
            "kind": ESCALATION if reason in _ABOUT_HANDOVER else CORRECTION,
            "source": PILOT,
            # A reviewer has one word on an answer, whatever its id after a new export.
            "subject": f"{row['answer_id']}\n{who}",
            "answer_id": str(row["answer_id"]),
            "occurred_at": row["reviewed_at"],
            "is_positive": is_right,
            "is_trouble": not is_right,
            "reason": reason or (tag if not is_right else None) or decision,
            "words": text(row["right_answer"]) or text(row["edited_reply"]) or text(row["comment"]),
            "said_by": REVIEWER,
        }


def of_feedback(feedback: pd.DataFrame, facts: Mapping[str, Mapping[str, Any]]) -> Iterator[Word]:
    """What came back from the live service, one word a decision and kind; erased events say nothing.

    Args:
        feedback: ``live_feedback``. facts: of every decision (``answer_facts``).
    """
    said = feedback[~feedback["is_erased"].fillna(False).astype(bool)].sort_values("sequence", kind="stable")
    for decision_id, rows in said.groupby("decision_id", sort=False):
        action = facts.get(str(decision_id), {}).get("action")
        by_kind: dict[str, list[dict[str, Any]]] = {}
        for row in records(rows):
            by_kind.setdefault(text(row["kind"]) or "", []).append(row)
        for kind, told in by_kind.items():
            if kind in _READ:
                yield _READ[kind](told, action) | {
                    "source": LIVE,
                    "subject": f"{decision_id}\n{kind}",
                    "answer_id": str(decision_id),
                    "occurred_at": told[-1]["given_at"],
                }


def _rating(kind: str) -> Callable[[list[dict[str, Any]], str | None], Word]:
    def read(told: list[dict[str, Any]], action: str | None) -> Word:
        last = told[-1]
        return {
            "kind": kind,
            "is_positive": None if unknown(last["is_positive"]) else bool(last["is_positive"]),
            "is_trouble": is_false(last["is_positive"]),
            "rating": None if unknown(last["rating"]) else float(last["rating"]),
            "reason": text(last["reason"]),
            "words": text(last["comment"]),
            "said_by": CUSTOMER,
        }

    return read


def _asked_for_person(told: list[dict[str, Any]], action: str | None) -> Word:
    last = told[-1]
    return {
        "kind": ESCALATION,
        "is_positive": None,
        # Asking for a person after an answer says that it did not do; after a handover it is nothing new.
        "is_trouble": action != ESCALATE,
        "reason": text(last["reason"]),
        "words": text(last["comment"]),
        "said_by": CUSTOMER,
    }


def _correction(told: list[dict[str, Any]], action: str | None) -> Word:
    reasons = [one for row in reversed(told) if (one := text(row["reason"]))]
    words = [one for row in reversed(told) if (one := text(row["right_answer"]) or text(row["comment"]))]
    return {
        "kind": CORRECTION,
        "is_positive": False,
        "is_trouble": True,
        "reason": next(iter(reasons), None),
        "words": next(iter(words), None),
        "said_by": ASSIGNEE,
    }


def _handoff(told: list[dict[str, Any]], action: str | None) -> Word:
    last = told[-1]
    is_needless = action == ESCALATE and is_false(last["was_needed"])
    return {
        "kind": ESCALATION,
        "is_positive": True if action == ESCALATE and is_true(last["was_needed"]) else False if is_needless else None,
        "is_trouble": is_needless,
        "reason": "needless_escalation" if is_needless else text(last["outcome"]),
        "words": text(last["right_answer"]) or text(last["comment"]),
        "said_by": ASSIGNEE,
        "handle_minutes": None if unknown(last["handle_minutes"]) else float(last["handle_minutes"]),
    }


_READ: Mapping[str, Callable[[list[dict[str, Any]], str | None], Word]] = {
    "thumbs": _rating(THUMBS),
    "csat": _rating(CSAT),
    "escalation": _asked_for_person,
    "correction": _correction,
    HANDOFF: _handoff,
}

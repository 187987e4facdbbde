"""The columns of the frames that the pilot writes, with their types, so that an empty frame is as typed as a full one.

Belongs here: names and dtypes. Does not belong here: how a frame comes about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

TIME, TEXT, TRUTH, NUMBER, WHOLE, LIST = "datetime64[us, UTC]", "string", "boolean", "float64", "Int64", "object"

SHADOW, ROLLOUT, CONTROL = "shadow", "rollout", "control"
"""Modes. shadow: a person approves before anything is sent. rollout: answers and questions are sent. control: decided,
so that the category is known as in the other arm, and shown to nobody."""

SENT_ALONE = ("answer", "ask")
"""Actions whose reply the rollout sends without a person."""
DONE = ("solved", "closed")
"""Statuses of a ticket that nobody works on any more."""

DECISION: Mapping[str, str] = {
    "action": TEXT, "category_id": TEXT, "category_confidence": NUMBER, "bucket": TEXT, "confidence": NUMBER,
    "threshold": NUMBER, "risk": NUMBER, "entry_ids": LIST, "entry_hashes": LIST, "reply": TEXT, "is_suggestion": TRUTH,
    "handoff_reason": TEXT, "handoff_queue": TEXT, "is_urgent": TRUTH, "steps": LIST, "reasons": TEXT,
    "release_id": TEXT, "release_as_of": TIME, "encoder_revision": TEXT, "behavior_hash": TEXT,
}  # fmt: skip
"""A decision as published. reply: what the customer reads, or (is_suggestion) what a person is handed. entry_ids: those
the reply rests on, entry_hashes their content. steps: the rules asked, in order; reasons: the same as JSON, with scores.
category_id: what the first message resembles, null where it resembles nothing known."""

ANSWER: Mapping[str, str] = {
    "answer_id": TEXT, "pilot_id": TEXT, "ticket_id": TEXT, "turn": WHOLE, "requester_id": TEXT, "created_at": TIME,
    "asked_at": TIME, "decided_at": TIME, "phase": TEXT, "mode": TEXT, "arm": TEXT, "share": NUMBER, **DECISION,
    "language": TEXT, "plan": TEXT, "channel": TEXT, "context": TEXT, "question": TEXT, "conversation": TEXT,
    "tags_then": LIST,
}  # fmt: skip
"""``shadow_answers`` [new ticket x release x turn]. created_at: of the ticket; asked_at: of the message answered; phase:
shadow or rollout; arm: ai or control, null in the shadow phase; share: in force when the ticket came, null in shadow;
question: the redacted message; conversation: earlier turns as JSON; tags_then: the ticket's tags when it was decided, which
cannot be about the answer."""

ASSIGNMENT: Mapping[str, str] = {
    "pilot_id": TEXT, "requester_id": TEXT, "point": NUMBER, "arm": TEXT, "first_arm": TEXT, "first_ticket_id": TEXT,
    "first_assigned_at": TIME, "share_then": NUMBER, "share_now": NUMBER, "count_tickets": WHOLE,
}  # fmt: skip
"""``rollout_assignments`` [requester]: arm is the one of the newest ticket, first_arm that of the first."""

REVIEW: Mapping[str, str] = {
    "review_id": TEXT, "answer_id": TEXT, "ticket_id": TEXT, "reviewer": TEXT, "role": TEXT, "source": TEXT,
    "reviewed_at": TIME, "tag": TEXT, "reason": TEXT, "comment": TEXT, "right_answer": TEXT, "decision": TEXT,
    "edited_reply": TEXT, "is_current": TRUTH,
}  # fmt: skip
"""``answer_reviews`` [review]: tag correct, needs_improvement or incorrect; decision approve, edit or reject (null: only
tagged); source terminal, csv, helpdesk or console; is_current: the reviewer's last word on this answer."""

OUTBOX: Mapping[str, str] = {
    "answer_id": TEXT, "ticket_id": TEXT, "mode": TEXT, "action": TEXT, "reply": TEXT, "approved_by": TEXT,
    "ready_at": TIME, "status": TEXT, "delivered_at": TIME,
}  # fmt: skip
"""``outbox`` [reply to send]: status ready, delivered or withheld (the rollout was stopped before it was sent)."""

REPLAY: Mapping[str, str] = {
    "ticket_id": TEXT, "created_at": TIME, "requester_id": TEXT, **DECISION, "question": TEXT, "language": TEXT,
    "label_category_id": TEXT, "linked_entry_ids": LIST, "same_answer_ids": LIST, "was_escalated": TRUTH,
    "is_category_right": TRUTH, "is_entry_right": TRUTH, "judged_by": TEXT,
}  # fmt: skip
"""``replay_answers`` [holdout ticket x release]: the decision, and what people did. linked_entry_ids: entries whose
article people linked; same_answer_ids: entries that say what people said; is_entry_right: the first entry is one of
these, null where people's answer cannot be laid beside any; judged_by: link, reply or none."""

PLAN: Mapping[str, str] = {
    "pilot_id": TEXT, "pilot_hash": TEXT, "content": TEXT, "is_current": TRUTH, "is_signed": TRUTH, "signed_by": LIST,
    "missing_roles": LIST, "first_seen_as_of": TIME, "as_of": TIME, "shadow_start": TIME, "rollout_start": TIME,
    "rollout_end": TIME, "settle_days": WHOLE, "resolution_kind": TEXT, "registered_hash": TEXT, "share_now": NUMBER, "rollout_began": TIME,
}  # fmt: skip
"""``pilot_plan`` [plan version]. registered_hash: of the plan that is signed in full and under which the rollout runs (or
would); as_of: the clock of the run, the same in all rows; share_now: null before the rollout."""


def frame_of(rows: Iterable[Sequence[Any]] | Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    """A frame of exactly these columns and types from tuples in their order, or from mappings; empty ones too."""
    return typed(pd.DataFrame(list(rows), columns=list(columns)), columns)


def typed(frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """The frame with these columns in this order and of these types.

    Raises:
        KeyError: a column is missing.
    """
    made = frame[list(columns)].copy()
    for name, kind in columns.items():
        if kind == TIME:
            made[name] = pd.to_datetime(made[name], utc=True).astype(TIME)  # type: ignore[call-overload]
        elif kind == LIST:
            made[name] = pd.Series([as_list(one) for one in made[name]], index=made.index, dtype="object")
        else:
            made[name] = made[name].astype(kind)  # type: ignore[call-overload]
    return made.reset_index(drop=True)


def as_list(value: Any) -> list[Any]:
    """A list, a tuple or an array as a list; empty for anything else, such as null."""
    return list(value) if isinstance(value, (list, tuple)) or hasattr(value, "tolist") else []

"""Replies to send: by the rollout at once, from drafts once a person approved or edited them.

Belongs here: which reply is sent, in which words, and what holds it back. Does not belong here: sending (a person or an
adapter of the helpdesk), recording that it was sent (``ledger.deliveries``).

What holds a reply back wins over what sends it: one reviewer's reject over another's approval, a stopped rollout over
everything that it has not sent yet, a later message of the customer over the reply to the one before.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

import pandas as pd

from assets.pilot_agent.answers.answer_reviews import reviewable, standing
from assets.pilot_agent.answers.frames import OUTBOX, ROLLOUT, SENT_ALONE, frame_of

READY, DELIVERED, WITHHELD = "ready", "delivered", "withheld"
APPROVE, EDIT, REJECT = "approve", "edit", "reject"
WRONG = "incorrect"


def outbox(
    answers: pd.DataFrame,
    reviews: pd.DataFrame,
    deliveries: pd.DataFrame,
    sending_since: Callable[[str], datetime | None],
    answered: Mapping[str, pd.Timestamp],
    stopped: Callable[[str], Collection[str]] = lambda _: (),
    restored: Mapping[str, datetime] = MappingProxyType({}),
) -> pd.DataFrame:
    """Frame ``outbox`` [reply to send]; columns ``frames.OUTBOX``, the longest ready first.

    Args:
        answers: ``frames.ANSWER``. reviews: ``frames.REVIEW``; those that stand count.
        deliveries: what ``ledger.deliveries.deliveries`` returns.
        sending_since: since when a pilot's rollout sends without a stop, by its id; None: it sends nothing.
        answered: when a person last replied, by ticket (``answered_by_people``).
        stopped: categories of a pilot, by its id, that are people's again. restored: since when a category that was may be
            answered alone again: what was asked before stays back, as with a rollout that begins again.

    Of the rollout: answers and questions, at once. Of everything else (drafts, and all of shadow): what a person approved,
    or edited, in the words of the latest edit or approval. A decision to hand over is sent to nobody by approving it: only
    words that a person wrote instead are. Rejected drafts are never here; a rollout's reply that was rejected before it
    was sent is withheld, and so is everything that a person has answered meanwhile, or that was asked before the rollout
    began or began again. What was delivered stays delivered, with the text that was sent where it was recorded.
    """
    tags, said = standing(reviews, "tag"), standing(reviews, "decision")
    wrong = set(tags.loc[tags["tag"] == WRONG, "answer_id"])
    decided: dict[str, list[dict[str, Any]]] = {}
    for one in _records(said.sort_values("reviewed_at", kind="stable")):
        decided.setdefault(one["answer_id"], []).append(one)
    sent = {row["answer_id"]: row for row in _records(deliveries)}
    judged = reviewable(answers)
    last_turn = judged.groupby(["pilot_id", "ticket_id"])["turn"].max().to_dict() if len(judged) else {}
    since = {str(pilot): sending_since(str(pilot)) for pilot in judged["pilot_id"].unique()}
    people_again = {pilot: stopped(pilot) for pilot in since}
    rows = []
    for answer in _records(judged):
        row = _reply(answer, decided.get(answer["answer_id"], []), is_wrong=answer["answer_id"] in wrong)
        delivered = sent.get(answer["answer_id"])
        if row is None and delivered is None:
            continue
        row = row or _row(answer, answer["reply"], answer["decided_at"])
        is_late = answer["turn"] < last_turn[answer["pilot_id"], answer["ticket_id"]]
        replied_at, begun = answered.get(answer["ticket_id"]), since[answer["pilot_id"]]
        is_late |= replied_at is not None and replied_at > answer["asked_at"]
        is_stopped = answer["mode"] == ROLLOUT and (
            begun is None
            or answer["asked_at"] < begun
            or answer["category_id"] in people_again[answer["pilot_id"]]
            or answer["asked_at"] < restored.get(answer["category_id"], answer["asked_at"])
        )
        if delivered is not None:
            said_then = delivered.get("reply")
            row |= {"status": DELIVERED, "delivered_at": delivered["delivered_at"]}
            row["reply"] = row["reply"] if pd.isna(said_then) else said_then
        elif is_late or is_stopped:
            row["status"] = WITHHELD
        rows.append(row)
    return frame_of(sorted(rows, key=lambda row: (row["ready_at"], row["answer_id"])), OUTBOX)


def _records(frame: pd.DataFrame) -> list[Any]:
    return frame.to_dict("records")


def answered_by_people(comments: pd.DataFrame) -> dict[str, pd.Timestamp]:
    """When a person last replied to each ticket in public.

    Args:
        comments: ``fct_ticket_comments``.
    """
    replies = comments[(comments["author_role"] == "staff") & comments["is_public"].astype(bool)]
    return dict(replies.groupby("ticket_id")["created_at"].max())


def _reply(answer: dict[str, Any], decisions: list[dict[str, Any]], *, is_wrong: bool) -> dict[str, Any] | None:
    """The reply of one answer as a row, ready or withheld by a reject; None where there is nothing to send.

    An edit goes before every approval of what was edited, and what somebody calls incorrect is not sent as it stands.
    """
    is_sent_alone = answer["mode"] == ROLLOUT and answer["action"] in SENT_ALONE
    own = None if pd.isna(answer["reply"]) else answer["reply"]
    edits = [one for one in decisions if one["decision"] == EDIT]
    if any(one["decision"] == REJECT for one in decisions) or (is_wrong and not edits):
        return {**_row(answer, own, answer["decided_at"]), "status": WITHHELD} if is_sent_alone and own else None
    if decisions:
        latest = (edits or decisions)[-1]
        reply = latest["edited_reply"] if latest["decision"] == EDIT else own
        may_go = latest["decision"] == EDIT or answer["action"] != "escalate"
        if may_go and reply is not None and not pd.isna(reply):
            return _row(answer, reply, latest["reviewed_at"], approved_by=latest["reviewer"])
    return _row(answer, own, answer["decided_at"]) if is_sent_alone and own else None


def _row(answer: dict[str, Any], reply: Any, ready_at: pd.Timestamp, approved_by: str | None = None) -> dict[str, Any]:
    return {
        "answer_id": answer["answer_id"],
        "ticket_id": answer["ticket_id"],
        "mode": answer["mode"],
        "action": answer["action"],
        "reply": reply,
        "approved_by": approved_by,
        "ready_at": ready_at,
        "status": READY,
        "delivered_at": None,
    }

"""Reviews that people leave in the helpdesk: tags and fields of a ticket, read through the desk's mapping.

Belongs here: from a ticket's tags to a row of ``answer_reviews``. Does not belong here: reviews in the ledger, and which
of two counts (``answer_reviews``).

A helpdesk tags tickets, not answers. What is said of a ticket is said of the last answer that was decided before its version
in the export, by tags that were not there when it was decided, and said at the time of that version at the latest: nothing tells when a tag was set, or by whom other
than who the ticket was assigned to.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from assets.pilot_agent.answers.frames import REVIEW, ROLLOUT, SHADOW, as_list, frame_of
from desk.review_mapping import Reviews
from ledger.reviews import TAGS

HELPDESK = "helpdesk"
MAX_SHOWN = 60


def helpdesk_reviews(
    tickets: pd.DataFrame, answers: pd.DataFrame, mappings: Mapping[str, Reviews | None]
) -> tuple[pd.DataFrame, list[str]]:
    """Read what the helpdesk says of answers.

    Args:
        tickets: ``fct_tickets``: ticket_id, source, tags (list), context (JSON), assignee_id, updated_at.
        answers: ``frames.ANSWER``.
        mappings: helpdesk name to its ``reviews`` block, None where it has none.

    Returns:
        Rows ``frames.REVIEW`` with source helpdesk, at most one a ticket; the reviewer is the assignee's pseudonym, or
        ``<helpdesk>:unassigned``; tag is null where the ticket was only approved or rejected. And one sentence for each
        ticket that contradicts itself or says what nobody mapped: set aside, never fatal.
    """
    used = {name: mapping for name, mapping in mappings.items() if mapping is not None}
    said = tickets[tickets["source"].isin(used) & tickets["ticket_id"].isin(set(answers["ticket_id"]))]
    reviewable = answers[answers["mode"].isin([SHADOW, ROLLOUT])].sort_values(["asked_at", "turn", "answer_id"])
    of_ticket = {str(ticket): part for ticket, part in reviewable.groupby("ticket_id")}
    rows, problems = [], []
    tickets_said: list[Any] = said.sort_values("ticket_id").to_dict("records")
    for ticket in tickets_said:
        known = of_ticket.get(ticket["ticket_id"])
        if known is None or pd.isna(ticket["updated_at"]):
            continue
        known = known[known["decided_at"] < ticket["updated_at"]]
        if known.empty:
            continue
        # A tag that was there before the answer (a macro's, or about the turn before) says nothing of it.
        before = {_folded(tag) for tag in as_list(known["tags_then"].iloc[-1])}
        new = [tag for tag in as_list(ticket["tags"]) if _folded(tag) not in before]
        try:
            review = _read({**ticket, "tags": new}, used[ticket["source"]])
        except _Unclear as problem:
            problems.append(f"{ticket['ticket_id']}: {problem}")
            continue
        if review is not None:
            rows.append(_row(ticket, str(known["answer_id"].iloc[-1]), review))
    return frame_of(rows, REVIEW), problems


class _Unclear(Exception):
    """The ticket says two things, or nothing that is mapped."""


def _read(ticket: Mapping[str, Any], mapping: Reviews) -> dict[str, str | None] | None:
    tags = {_folded(tag) for tag in as_list(ticket["tags"])}
    context = _facts(ticket["context"])
    meanings: list[str] = [meaning for value, meaning in mapping.tags.items() if _folded(value) in tags]
    meanings += _of_field(context, mapping.field, mapping.tags, TAGS)
    reasons: list[str] = [reason for value, reason in mapping.reasons.items() if _folded(value) in tags]
    reasons += _of_field(context, mapping.reason_field, mapping.reasons, ())
    decisions = ["approve"] * _has(tags, mapping.approved_tags) + ["reject"] * _has(tags, mapping.rejected_tags)
    for what, found in (("", meanings), (", by its tags", decisions)):
        if len(set(found)) > 1:
            raise _Unclear(
                f"says both {' and '.join(dict.fromkeys(found))}{what}; it counts once one of the two is gone"
            )
    if "incorrect" in meanings and "approve" in decisions:
        raise _Unclear("says incorrect and approves it; it counts once one of the two is gone")
    if not (meanings or decisions):
        if reasons:
            raise _Unclear(f"gives the reason {reasons[0]}, but says nothing of the answer")
        return None
    return {
        "tag": meanings[0] if meanings else None,
        "reason": reasons[0] if reasons else None,
        "decision": decisions[0] if decisions else None,
    }


def _of_field(
    context: Mapping[str, Any], field: str | None, mapped: Mapping[str, str], plain: Iterable[str]
) -> list[str]:
    """What a field says: a mapped value, or one of the plain words."""
    value = context.get(field) if field else None
    if value is None or not str(value).strip():
        return []
    meanings = {word: word for word in plain} | {_folded(name): meaning for name, meaning in mapped.items()}
    said = _folded(value)
    meaning = meanings.get(said) or meanings.get("_".join(said.replace("-", " ").split()))
    if meaning is None:
        raise _Unclear(f"its field {field} says {str(value)[:MAX_SHOWN]!r}, which 'reviews' in desk.yaml does not map")
    return [meaning]


def _row(ticket: Mapping[str, Any], answer_id: str, review: Mapping[str, str | None]) -> dict[str, Any]:
    assignee = ticket["assignee_id"]
    reviewer = f"{ticket['source']}:unassigned" if pd.isna(assignee) else str(assignee)
    # Of what is said, not of when: a newer export of the same ticket is the same review.
    words = [answer_id, reviewer, *(review[name] or "" for name in ("tag", "reason", "decision"))]
    return {
        **dict.fromkeys(REVIEW),
        **review,
        "review_id": hashlib.sha256("\x1f".join([HELPDESK, *words]).encode()).hexdigest()[:32],
        "answer_id": answer_id,
        "ticket_id": ticket["ticket_id"],
        "reviewer": reviewer,
        "source": HELPDESK,
        "reviewed_at": ticket["updated_at"],
        "is_current": True,
    }


def _has(tags: set[str], wanted: Iterable[str]) -> bool:
    return any(_folded(one) in tags for one in wanted)


def _folded(value: Any) -> str:
    return str(value).casefold().strip()


def _facts(context: Any) -> Mapping[str, Any]:
    try:
        facts = json.loads(context) if isinstance(context, str) else {}
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}

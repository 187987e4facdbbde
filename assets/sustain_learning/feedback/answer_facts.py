"""What is known of every answer that something can be said about: whose it was, what it rested on, when.

Belongs here: one record an answer, from the pilot and from the live service alike. Does not belong here: what was said of
it (``said_by_people``, ``said_by_tickets``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from assets.pilot_agent.answers.frames import CONTROL, as_list
from assets.pilot_agent.verdict.outcomes_of_answers import handle_minutes

PILOT, LIVE, HELPDESK = "pilot", "live", "helpdesk"
"""Where something is said."""
ESCALATE = "escalate"
ABOUT = (
    "ticket_id", "answer_id", "requester_id", "release_id", "entry_id", "entry_hash", "category_id", "mode",
)  # fmt: skip
"""Columns of a signal that are the answer's and not the word's."""


def answer_facts(answers: pd.DataFrame, decisions: pd.DataFrame, tickets: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """By answer_id (of the live service decision_id) the columns ``ABOUT`` and action, origin, sent, at, minutes.

    Args:
        answers: ``shadow_answers``. decisions: ``live_decisions``. tickets: ``fct_tickets``, for the minutes people spent.
            What only a control arm saw was shown to nobody, so that nothing can be said of it.

    entry_id is the first entry, where anything was said or suggested from it; a handover without a reply rests on none.
    """
    minutes = _minutes(tickets)
    found: dict[str, dict[str, Any]] = {}
    for origin, frame, name in ((PILOT, answers, "answer_id"), (LIVE, decisions, "decision_id")):
        for row in records(frame.drop_duplicates(name, keep="last")):
            if text(row["mode"]) == CONTROL:
                continue
            entries = [str(one) for one in as_list(row["entry_ids"])] if text(row["reply"]) else []
            hashes = [str(one) for one in as_list(row["entry_hashes"])]
            ticket_id = text(row["ticket_id"])
            asked = [row.get("asked_at"), row.get("decided_at")]
            found[str(row[name])] = {
                **{one: text(row[one]) for one in ("requester_id", "release_id", "category_id", "mode", "action")},
                "ticket_id": ticket_id,
                "answer_id": str(row[name]),
                "entry_id": entries[0] if entries else None,
                "entry_hash": hashes[0] if entries and hashes else None,
                "origin": origin,
                "reply": text(row["reply"]),
                "handoff_reason": text(row["handoff_reason"]),
                "sent": is_true(row.get("sends")),
                "at": next((one for one in asked if one is not None and not pd.isna(one)), pd.NaT),
                "minutes": minutes.get(ticket_id or ""),
            }
    return found


def records(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """The rows as dictionaries."""
    for row in frame.to_dict("records"):
        yield {str(name): value for name, value in row.items()}


def text(value: Any) -> str | None:
    """The words, None for none."""
    return None if unknown(value) or not str(value).strip() else str(value)


def unknown(value: Any) -> bool:
    """Whether nothing is said."""
    return value is None or bool(pd.isna(value))


def is_true(value: Any) -> bool:
    """Whether it is known and true."""
    return not unknown(value) and bool(value)


def is_false(value: Any) -> bool:
    """Whether it is known and false."""
    return not unknown(value) and not bool(value)


def _minutes(tickets: pd.DataFrame) -> Mapping[str, float]:
    if tickets.empty:
        return {}
    once = tickets.drop_duplicates("ticket_id", keep="last")
    spent = handle_minutes(once)
    return {str(one): float(value) for one, value in zip(once["ticket_id"], spent, strict=True) if not pd.isna(value)}

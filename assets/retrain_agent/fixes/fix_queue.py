"""The fix queue: what to decide first, what was decided, and what is no longer proposed.

Belongs here: ranking, and carrying decisions from one day to the next. Does not belong here: drawing fixes up
(``propose_fixes``), recording decisions (the ledger), the words of a review session.

Rank is by volume times harm: tickets a month that fail this way, weighed by how bad one such failure is. Of two that weigh the
same the one that costs people more minutes comes first.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from assets.audit_tickets.texts.redaction import redact
from assets.pilot_agent.answers.frames import as_list, frame_of
from assets.retrain_agent import frames
from assets.retrain_agent.fixes.fix import is_known, quoted, text_or_none
from assets.retrain_agent.fixes.proposal import KNOWLEDGE_KINDS, NOTE, TRIGGER, Proposal, fix_id

OPEN, ACCEPTED, REJECTED, WITHDRAWN = "open", "accepted", "rejected", "withdrawn"
DECIDED = (ACCEPTED, REJECTED)
URGENT_SCORE = 1.0
"""A fix of knowledge or of a trigger is urgent from here on: the harm of one outright wrong answer to a customer a month. Below
it, waiting for the monthly retrain costs less than a release."""
URGENT_KINDS = KNOWLEDGE_KINDS | {TRIGGER}
SAID_AGAIN = 2.0
"""A proposal that was rejected comes back only when this many times as many training tickets speak for it."""


def fix_queue(
    proposed: pd.DataFrame,
    insights: pd.DataFrame,
    decisions: pd.DataFrame,
    previous: pd.DataFrame | None,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """``frames.FIX``: open fixes by rank, then decided ones (the newest first), then withdrawn ones.

    Args:
        proposed: of ``propose_fixes``.
        insights: what people said in sessions: insight_id, text, category_id, said_by, said_at; each is a note.
        decisions: fix_id, status, change_id, decided_by, decided_at, note; of several about one fix the newest counts. A fix that
            was edited and then accepted is still that fix.
        previous: the queue as it was, None where there was none.

    A decided fix stays for ever. One that was open and is proposed no longer is withdrawn; it is open again when it is back. A
    rejected fix that returns in slightly other words is not asked about again, unless ``SAID_AGAIN`` times as many tickets speak
    for it.
    """
    before = {str(row["fix_id"]): row for row in _records(previous)} if previous is not None else {}
    decided = _decisions(decisions)
    new = {str(row["fix_id"]): row for row in (*_records(proposed), *_notes(insights, proposed, as_of))}
    rows: dict[str, dict[str, Any]] = {}
    for name, row in {**before, **new}.items():
        kept = dict(row)
        if name in before and is_known(before[name]["proposed_as_of"]):
            kept["proposed_as_of"] = before[name]["proposed_as_of"]
        if name in decided:
            kept |= decided[name]
        elif name in before and before[name]["status"] in DECIDED:
            kept |= {one: before[name][one] for one in ("status", "change_id", "decided_by", "decided_at", "note")}
        else:
            kept["status"] = OPEN if name in new else WITHDRAWN
        rows[name] = kept
    rejected = [row for row in rows.values() if row["status"] == REJECTED]
    for name in [one for one, row in rows.items() if row["status"] == OPEN]:
        if any(_was_said_no_to(rows[name], other) for other in rejected):
            if name in before:
                rows[name]["status"] = WITHDRAWN
            else:
                del rows[name]
    return _ranked(list(rows.values()))


def _ranked(rows: list[dict[str, Any]]) -> pd.DataFrame:
    ranked = sorted(
        (row for row in rows if row["status"] == OPEN),
        key=lambda row: (-_number(row["score"]), -_number(row["minutes_per_month"]), str(row["fix_id"])),
    )
    for place, row in enumerate(ranked, start=1):
        row["rank"] = place
        row["is_urgent"] = row["kind"] in URGENT_KINDS and _number(row["score"]) >= URGENT_SCORE
    rest = [row for row in rows if row["status"] != OPEN]
    for row in rest:
        row["rank"] = None
    # Two stable sorts: ids break ties, and of one status the newest decision comes first.
    rest.sort(key=lambda row: str(row["fix_id"]))
    rest.sort(key=lambda row: (row["status"] not in DECIDED, -_seconds(row["decided_at"])))
    return frame_of([*ranked, *rest], frames.FIX)


def _decisions(decisions: pd.DataFrame) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in _records(decisions.sort_values("decided_at", kind="stable")):
        found[str(row["fix_id"])] = {
            name: row.get(name) for name in ("status", "change_id", "decided_by", "decided_at", "note")
        }
    return found


def _notes(insights: pd.DataFrame, proposed: pd.DataFrame, as_of: pd.Timestamp) -> list[dict[str, Any]]:
    """What people said, as notes. Nobody counted how often it happens: it stands beside its category's worst fix, so that it is
    read with it, and last where the category has none."""
    found: list[dict[str, Any]] = []
    worst = proposed.groupby("category_id")["score"].max().to_dict() if len(proposed) else {}
    for row in _records(insights):
        text = redact(str(row["text"])).text
        category = text_or_none(row["category_id"])
        said_at = row["said_at"] if is_known(row["said_at"]) else as_of
        found.append(
            {
                **dict.fromkeys(frames.FIX),
                "fix_id": fix_id(str(row["insight_id"]), NOTE, Proposal()),
                "insight_id": str(row["insight_id"]),
                "kind": NOTE,
                "category_id": category,
                "title": quoted(text, 120),
                "why": f"Said in a session on {said_at:%Y-%m-%d}: {text}",
                "proposal": Proposal().to_json(),
                "source_ticket_ids": [],
                "score": float(worst.get(category, 0.0)) if category else 0.0,
                "is_urgent": False,
                "status": OPEN,
                "proposed_as_of": said_at,
            }
        )
    return found


def _was_said_no_to(row: dict[str, Any], rejected: dict[str, Any]) -> bool:
    """Whether somebody rejected the same thing for the same pattern, in other words or with a ticket more."""
    if row["kind"] == NOTE or (row["pattern_id"], row["kind"]) != (rejected["pattern_id"], rejected["kind"]):
        return False
    if _gist(row) != _gist(rejected):
        return False
    return len(as_list(row["source_ticket_ids"])) < SAID_AGAIN * max(1, len(as_list(rejected["source_ticket_ids"])))


def _gist(row: dict[str, Any]) -> object:
    """What a proposal is about, whatever its wordings and examples."""
    proposal = Proposal.from_json(str(row["proposal"]))
    return (
        sorted(
            (one.entry_id if one.base_hash else "", one.answer, str(sorted(one.conditions.items())))
            for one in proposal.entries
        ),
        sorted({one.category_id for one in proposal.labels}),
        sorted(str(one["id"]) for one in proposal.triggers),
        sorted(proposal.settings),
    )


def _number(value: object) -> float:
    return float(value) if is_known(value) else 0.0  # type: ignore[arg-type]


def _seconds(value: object) -> float:
    return pd.Timestamp(value).timestamp() if is_known(value) else 0.0  # type: ignore[arg-type]


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]

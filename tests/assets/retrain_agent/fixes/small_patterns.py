"""A desk of two or three entries with failing tickets, for the tests of fixes; everybody in it is invented."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from assets.pilot_agent.answers.frames import frame_of
from assets.retrain_agent import frames
from assets.retrain_agent.fixes.propose_fixes import propose_fixes
from assets.retrain_agent.trials.trial_release import Material
from desk.behavior import BehaviorFile
from desk.conditions import dump_conditions
from ledger.entries import semantic_hash
from tests.behaviors import behavior
from tests.encoders import HashingEncoder

AS_OF = pd.Timestamp("2026-07-01", tz="UTC")
START = pd.Timestamp("2026-06-01", tz="UTC")
CATEGORIES = {"invoices": "Invoices", "passwords": "Passwords", "exports": "Exports", "legal": "Legal"}
encode = HashingEncoder().encode


def entry(entry_id: str, category_id: str, question: str, answer: str, **more: Any) -> dict[str, Any]:
    """A row of ``live_entries``; conditions as a mapping."""
    fields = {"conditions": {}, "phrasings": [], "valid_from": pd.NaT, "valid_until": pd.NaT, **more}
    content = {
        "question": question,
        "answer": answer,
        "conditions": fields["conditions"],
        "phrasings": fields["phrasings"],
        "category": category_id,
        "valid_from": None,
        "valid_until": None,
    }
    return {
        "entry_id": entry_id,
        "category_id": category_id,
        "question": question,
        "answer": answer,
        "owner": "Ada Invented",
        "sources": "[]",
        "reviewed_at": START,
        "review_by": AS_OF + pd.Timedelta(days=90),
        "status": "accepted",
        "file": f"knowledge/{category_id}/{entry_id}.md",
        "is_current": True,
        "is_accepted": True,
        "accepted_by": "Ada Invented",
        "accepted_at": START,
        "is_in_date": True,
        "is_file_broken": False,
        "draft_id": None,
        "first_seen_as_of": START,
        "last_seen_as_of": START,
        **fields,
        "conditions": dump_conditions(fields["conditions"]),
        "content_hash": semantic_hash(content),
    }


def failure(number: int, question: str, **more: Any) -> dict[str, Any]:
    """A row of ``failures``; context as a mapping, side train unless said."""
    row = {
        **dict.fromkeys(frames.FAILURE),
        "failure_id": f"f{number:03d}",
        "source": frames.REVIEW,
        "answer_id": f"a{number:03d}",
        "ticket_id": f"t{number:03d}",
        "requester_id": f"r{number:03d}",
        "occurred_at": AS_OF - pd.Timedelta(days=20, hours=-number),
        "release_id": "b" * 64,
        "side": "train",
        "action": "answer",
        "entry_ids": [],
        "entry_hashes": [],
        "steps": [],
        "language": "en",
        "question": question,
        "right_entry_ids": [],
        "evidence": [],
        "type_confidence": 0.9,
        **more,
    }
    if isinstance(row["context"], Mapping):
        row["context"] = json.dumps(row["context"])
    return row


def case_of(row: Mapping[str, Any], *, is_wrong: bool) -> dict[str, Any]:
    """The judged answer of a failure's row, or one that was right."""
    return {name: row.get(name) for name in frames.CASE} | {"case_id": row["failure_id"], "is_wrong": is_wrong}


def pattern(failure_type: str, failures: Sequence[Mapping[str, Any]], **more: Any) -> dict[str, Any]:
    """A pattern of these failures."""
    names = [str(row["failure_id"]) for row in failures]
    return {
        **dict.fromkeys(frames.PATTERN),
        "pattern_id": hashlib.sha256("".join([failure_type, *names]).encode()).hexdigest()[:12],
        "name": "what they are called does not matter here",
        "failure_type": failure_type,
        "failure_ids": names,
        "example_ids": names[:3],
        "count_failures": len(names),
        "count_requesters": len(names),
        "count_training": sum(row["side"] == "train" for row in failures),
        "first_at": min(row["occurred_at"] for row in failures),
        "last_at": max(row["occurred_at"] for row in failures),
        "tickets_per_month": float(len(names)),
        "minutes_per_month": 6.0 * len(names),
        "trend": "rising",
        "harm": 0.8,
        "status": "open",
        **more,
    }


def material(
    entries: Sequence[Mapping[str, Any]],
    failures: Sequence[Mapping[str, Any]] = (),
    aside: Sequence[Mapping[str, Any]] = (),
    labels: Mapping[str, tuple[str, str]] | None = None,
    replies: Mapping[str, str] | None = None,
) -> Material:
    """Frames of a desk with these entries and tickets.

    labels: (category, text) by id of tickets that nobody judged. replies: what people answered, by ticket.
    """
    labels, replies = dict(labels or {}), dict(replies or {})
    live = pd.DataFrame([dict(one) for one in entries])
    gone = pd.DataFrame([{"why_not_live": [], **one} for one in aside], columns=[*live.columns, "why_not_live"])
    said = [(str(row["ticket_id"]), str(row["question"]), str(row["side"]), row["occurred_at"]) for row in failures]
    old = [(name, text, "train", START) for name, (_, text) in labels.items()]
    tickets = list(dict.fromkeys([*said, *old]))
    names = [one[0] for one in tickets]
    comments = [_comment(name, 0, "requester", text, at) for name, text, _, at in tickets]
    at_of = {one[0]: one[3] for one in tickets}
    comments += [_comment(name, 1, "staff", text, at_of[name]) for name, text in replies.items()]
    return Material(
        live=live,
        aside=gone,
        articles=pd.DataFrame(columns=["article_id", "title", "headings", "text", "url"], dtype="object"),
        tickets=pd.DataFrame(
            {
                "ticket_id": names,
                "requester_id": [f"r-{name}" for name in names],
                "created_at": [one[3] for one in tickets],
                "is_in_audit": True,
                "context": None,
            }
        ),
        intents=pd.DataFrame(
            {"ticket_id": list(labels), "assigned_category_id": [category for category, _ in labels.values()]},
            dtype="str",
        ),
        splits=pd.DataFrame(
            {"ticket_id": names, "split": [one[2] for one in tickets], "group_id": [f"r-{name}" for name in names]}
        ),
        comments=pd.DataFrame(comments, columns=list(_comment("", 0, "", "", START))),
        texts=pd.DataFrame({"ticket_id": names, "text": [one[1] for one in tickets]}),
        categories=pd.DataFrame(
            {
                "category_id": list(CATEGORIES),
                "name": list(CATEGORIES.values()),
                "bucket": "automate",
                "owner": "Ada Invented",
                "examples": [[] for _ in CATEGORIES],
            }
        ),
    )


def proposed(
    patterns: Sequence[Mapping[str, Any]],
    failures: Sequence[Mapping[str, Any]],
    desk: Material,
    right: Sequence[Mapping[str, Any]] = (),
    spec: BehaviorFile | None = None,
    earlier_specs: Sequence[BehaviorFile] = (),
) -> pd.DataFrame:
    """The fixes; ``right`` are rows like failures of answers that were right."""
    cases = [*(case_of(row, is_wrong=True) for row in failures), *(case_of(row, is_wrong=False) for row in right)]
    return propose_fixes(
        frame_of(patterns, frames.PATTERN),
        frame_of(failures, frames.FAILURE),
        frame_of(cases, frames.CASE),
        desk,
        spec or behavior(),
        encode,
        AS_OF,
        earlier_specs=earlier_specs,
    )


def _comment(ticket_id: str, position: int, role: str, text: str, at: pd.Timestamp) -> dict[str, Any]:
    return {
        "ticket_id": ticket_id,
        "position": position,
        "author_role": role,
        "is_public": True,
        "created_at": at,
        "subject": None,
        "text": text,
        "language": "en",
        "text_hash": hashlib.sha256(text.encode()).hexdigest(),
    }

"""A little knowledge as earlier steps publish it: entries, articles, findings, coverage, trouble, drift."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from assets.build_knowledge.entries.entry_versions import ENTRY_COLUMNS
from assets.pilot_agent.answers.frames import frame_of
from assets.sustain_learning.audit_work.audited import Audited
from assets.sustain_learning.frames import DRIFT, TROUBLE

ADA, BEN = "Ada Moreno", "Ben Osei"


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz="UTC")


ACCEPTED = day("2026-05-10 09:00")
OPENED = day("2026-07-01 06:00")


def version(entry_id: str, letter: str = "a", **changes: Any) -> dict[str, Any]:
    row = {
        "entry_id": entry_id,
        "content_hash": letter * 64,
        "category_id": "login",
        "question": f"How do I {entry_id}?",
        "answer": "Press it.",
        "conditions": "{}",
        "phrasings": [],
        "owner": ADA,
        "reviewed_at": ACCEPTED,
        "review_by": day("2026-12-01"),
        "valid_from": None,
        "valid_until": None,
        "sources": "[]",
        "status": "accepted",
        "file": f"login/{entry_id}.md",
        "is_current": True,
        "is_accepted": True,
        "accepted_by": ADA,
        "accepted_at": ACCEPTED,
        "is_in_date": True,
        "is_file_broken": False,
        "draft_id": None,
        "first_seen_as_of": ACCEPTED,
        "last_seen_as_of": OPENED,
        **changes,
    }
    assert set(row) - {"why_not_live"} == set(ENTRY_COLUMNS)
    return row


def aside(entry_id: str, *why: str, **changes: Any) -> dict[str, Any]:
    return {**version(entry_id, **changes), "why_not_live": list(why)}


def rests_on(*articles: str) -> str:
    return json.dumps([{"kind": "article", "id": f"{one}#0a", "hash": "x"} for one in articles])


def article(article_id: str, letter: str = "d", **changes: Any) -> dict[str, Any]:
    return {
        "article_id": article_id,
        "section_id": f"{article_id}#0a",
        "title": f"All about {article_id}",
        "owner": None,
        "article_hash": letter * 64,
        "created_at": day("2025-01-01"),
        "retired_as_of": None,
        **changes,
    }


def finding(number: int, subject_id: str, kind: str = "entry", letter: str = "a", **changes: Any) -> dict[str, Any]:
    return {
        "finding_id": f"find_{number:012x}",
        "type": "stale",
        "reason": "ended_price",
        "subject_kind": kind,
        "subject_id": subject_id,
        "subject_hash": letter * 64,
        "other_kind": None,
        "other_id": None,
        "other_hash": None,
        "is_blocking": False,
        "is_other_blocked": False,
        "evidence": "It says 9 €.",
        "fix": "Say 11 €.",
        "found_as_of": day("2026-06-20"),
        "first_found_as_of": day("2026-06-20"),
        "status": "open",
        **changes,
    }


def category(name: str, count_live: int, **changes: Any) -> dict[str, Any]:
    needed = max(0, 3 - count_live)
    return {
        "category_id": name,
        "name": name.capitalize(),
        "bucket": "hybrid",
        "tier": None,
        "is_first_tier": False,
        "count_live_entries": count_live,
        "entries_needed": needed,
        "missing": [f"{needed} more live entries ({count_live} of 3)"] if needed else [],
        "is_covered": needed == 0,
        "count_tickets": 30,
        **changes,
    }


def trouble(entry_id: str, count_trouble: int, count_answers: int, **changes: Any) -> dict[str, Any]:
    rate = count_trouble / count_answers
    return {
        **dict.fromkeys(TROUBLE),
        "entry_id": entry_id,
        "count_answers": count_answers,
        "count_trouble": count_trouble,
        "count_trouble_before": 0,
        "count_requesters": count_trouble,
        "trouble_rate": rate,
        "low": max(0.0, rate - 0.1),
        "high": min(1.0, rate + 0.1),
        "trouble_per_month": float(count_trouble),
        "by_kind": json.dumps({"correction": count_trouble} if count_trouble else {}),
        **changes,
    }


def drift(number: int, **changes: Any) -> dict[str, Any]:
    return {
        **dict.fromkeys(DRIFT),
        "drift_id": f"{number:016x}",
        "kind": "question_drift",
        "effect": 0.4,
        "is_drift": True,
        "sentence": "Customers ask for something else here.",
        "found_as_of": day("2026-06-25"),
        **changes,
    }


def audited(**rows: list[dict[str, Any]]) -> Audited:
    """Frames from rows; entries are the versions that are live or set aside, unless given."""
    rows.setdefault("entries", [*rows.get("live", []), *rows.get("set_aside", [])])
    made = {name: pd.DataFrame(them) for name, them in rows.items() if them}
    for name, columns in (("trouble", TROUBLE), ("drift", DRIFT)):
        if name in rows:
            made[name] = frame_of(rows[name], columns)
    return Audited(**made)

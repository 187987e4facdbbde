"""A small desk with failures, patterns and fixes made by hand; half of what customers say in it is an attack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from assets.pilot_agent.answers.frames import frame_of
from assets.retrain_agent import frames
from assets.retrain_agent.fixes.proposal import (
    CATEGORY_EXAMPLES,
    EDIT_ENTRY,
    NOTE,
    Proposal,
    ProposedEntry,
    ProposedLabel,
    fix_id,
)
from desk.entry import Entry
from desk.knowledge import write_entry
from desk.loading import load_desk
from orchestration.lake import write_parquet
from orchestration.people.knowledge_desk import read_entries
from tests.assets.pilot_agent.answers.review_frames import answer
from tests.orchestration.pilot_lakes import lake_of
from tests.service.console.answer_desks import review_desk

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script> {{7*7}} ${7*7} [x](javascript:alert(3))"
NOW = pd.Timestamp("2026-03-09T12:00Z")
ENTRY = Entry(
    id="invoice-copy", category="billing", question="Where do I find my invoices?", answer="Open Settings, then Invoices.",
    owner="Ida Brandt", status="accepted", file="billing/invoice-copy.md",
)  # fmt: skip
RIGHT = "Sign in at pay.example with the code that was mailed to you."
TRAIN, HOLDOUT = ("zd:1", "zd:2"), "zd:3"
"""Tickets; their answers are a1, a2 and a3."""
STALE = Proposal(
    entries=(
        ProposedEntry(
            ENTRY.id, "billing", ENTRY.question, RIGHT, owner="Ida Brandt", base_hash=ENTRY.content_hash,
            sources=[{"kind": "ticket", "id": "zd:1", "hash": None}],
        ),
    )
)  # fmt: skip
LABELS = Proposal(labels=tuple(ProposedLabel(one, "billing", "login") for one in TRAIN))
FIXES = {
    "stale": fix_id("p-stale", EDIT_ENTRY, STALE),
    "labels": fix_id("p-labels", CATEGORY_EXAMPLES, LABELS),
    "note": fix_id("p-note", NOTE, Proposal()),
}


def fixes_desk(folder: Path) -> Path:
    """The desk: a stale entry, labels to correct, and something to look into; nothing is decided."""
    made = review_desk(
        folder, *(answer(f"a{number}", category_id="billing", question=HOSTILE, reply=HOSTILE) for number in (1, 2, 3))
    )
    write_entry(made / "knowledge" / ENTRY.file, ENTRY)
    lake = lake_of(made)
    splits = [(one, "train") for one in TRAIN] + [(HOLDOUT, "holdout")]
    write_parquet(pd.DataFrame(splits, columns=["ticket_id", "split"]), lake.folder / "ticket_splits.parquet")
    texts = [(one, f"invoice please {HOSTILE}") for one, _ in splits]
    write_parquet(pd.DataFrame(texts, columns=["ticket_id", "text"]), lake.folder / "ticket_vectors.parquet")
    publish(made, "failures", frames.FAILURE, [failure(number) for number in (1, 2, 3)])
    patterns = [
        pattern("p-stale", frames.STALE_KNOWLEDGE, f"Invoices moved {HOSTILE}"),
        pattern("p-labels", frames.INTENT_MISCLASSIFICATION, "Invoices taken for logging in", failure_ids=[]),
        pattern("p-note", frames.UNEXPLAINED, "Nobody knows", failure_ids=[]),
    ]
    publish(made, "failure_patterns", frames.PATTERN, patterns)
    rows = [
        fix("stale", "p-stale", EDIT_ENTRY, STALE, f"Say where invoices are {HOSTILE}", is_urgent=True, rank=1),
        fix("labels", "p-labels", CATEGORY_EXAMPLES, LABELS, f"Tell invoices from logging in {HOSTILE}", rank=2),
        fix("note", "p-note", NOTE, Proposal(), "Look into this", rank=3, category_id="login"),
    ]
    publish(made, "fix_queue", frames.FIX, rows)
    return made


def entry_now(folder: Path, name: str = ENTRY.id) -> Entry:
    """An entry as its file says now."""
    return next(one for one in read_entries(load_desk(folder))[0] if one.id == name)


def failure(number: int, **changes: Any) -> dict[str, Any]:
    return {
        **dict.fromkeys(frames.FAILURE), "failure_id": f"f{number}", "source": frames.REVIEW, "answer_id": f"a{number}",
        "ticket_id": f"zd:{number}", "requester_id": f"p{number}", "occurred_at": NOW, "side": "holdout" if number == 3 else "train",
        "action": "answer", "category_id": "billing", "entry_ids": [ENTRY.id], "entry_hashes": [ENTRY.content_hash],
        "steps": [], "question": f"Question {number} {HOSTILE}", "context": "{}", "reply": f"Reply {number} {HOSTILE}",
        "right_answer": f"Right {number} {HOSTILE}", "right_entry_ids": [], "failure_type": frames.STALE_KNOWLEDGE,
        "type_confidence": 0.9, "evidence": [f"It contradicts the entry {HOSTILE}"], "target_entry_id": ENTRY.id, **changes,
    }  # fmt: skip


def pattern(name: str, failure_type: str, words: str, **changes: Any) -> dict[str, Any]:
    return {
        **dict.fromkeys(frames.PATTERN), "pattern_id": name, "name": words, "failure_type": failure_type,
        "type_confidence": 0.9, "category_id": "billing", "failure_ids": ["f1", "f2", "f3"], "example_ids": ["f3", "f2"],
        "count_failures": 3, "count_requesters": 3, "count_training": 2, "first_at": NOW, "last_at": NOW,
        "tickets_per_month": 30.0, "minutes_per_month": 240.0, "trend": "rising", "trend_ratio": 1.5, "trend_low": 1.1,
        "trend_high": 2.0, "harm": 0.8, "status": "open", "first_seen_as_of": NOW, "last_seen_as_of": NOW, **changes,
    }  # fmt: skip


def fix(name: str, of: str, kind: str, proposal: Proposal, title: str, **changes: Any) -> dict[str, Any]:
    return {
        **dict.fromkeys(frames.FIX), "fix_id": FIXES[name], "pattern_id": of, "kind": kind, "category_id": "billing",
        "title": title, "why": f"Three reviewers say so {HOSTILE}", "proposal": proposal.to_json(),
        "source_ticket_ids": list(TRAIN), "score": 24.0, "tickets_per_month": 30.0, "minutes_per_month": 240.0, "harm": 0.8,
        "is_urgent": False, "status": "open", "proposed_as_of": NOW, **changes,
    }  # fmt: skip


def effect(metric: str, verdict: str, difference: float, low: float, high: float, **changes: Any) -> dict[str, Any]:
    return {
        **dict.fromkeys(frames.EFFECT), "change_id": "C-001", "metric": metric, "method": "paired", "month": "2026-03",
        "n": 40, "n_discordant": 6, "difference": difference, "low": low, "high": high, "p": 0.01, "verdict": verdict,
        "why": "6 of 40 tickets came out otherwise", "counted": "40 tickets", "sentence": f"change C-001: {metric} {HOSTILE}",
        "higher_is_better": True, **changes,
    }  # fmt: skip


def replayed(ticket: str, before: bool | None, after: bool | None, **changes: Any) -> dict[str, Any]:
    return {
        **dict.fromkeys(frames.REPLAYED), "change_id": "C-001", "ticket_id": ticket, "requester_id": ticket,
        "category_id": "billing", "before_action": "escalate", "after_action": "answer", "after_entry_id": ENTRY.id,
        "is_right_before": before, "is_right_after": after, "replayed_as_of": NOW, **changes,
    }  # fmt: skip


def publish(folder: Path, name: str, columns: dict[str, str] | Any, rows: list[dict[str, Any]]) -> None:
    """Write a frame of the stage."""
    write_parquet(frame_of(rows, columns), lake_of(folder).folder / f"{name}.parquet")

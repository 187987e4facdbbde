"""A small desk with a queue of fixes, as earlier stages and a run of this one leave it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from assets.pilot_agent.answers.frames import frame_of
from assets.retrain_agent.fixes.proposal import Proposal, ProposedEntry, ProposedLabel, fix_id
from assets.retrain_agent.frames import FAILURE, FIX, PATTERN
from desk.knowledge import Entry, parse_entry
from desk.loading import Desk, load_desk
from ledger.store import Ledger, open_ledger
from orchestration.lake import Lake, write_parquet
from orchestration.people.behavior_starter import starter_behavior
from orchestration.people.knowledge_desk import Reviewer

AT = pd.Timestamp("2026-06-08 09:00", tz="UTC")
MIRA = Reviewer("Mira Okafor", "knowledge owner", dt.datetime(2026, 6, 9, 9, tzinfo=dt.UTC))
ADA = Reviewer("Ada Moreno", "support lead", dt.datetime(2026, 6, 9, 10, tzinfo=dt.UTC))
DESK = """desk_id: acme
company: Acme (fictional)
helpdesks: [{name: zendesk, kind: zendesk, exports: "zendesk-*"}]
signers: {roadmap: [support lead], knowledge: [knowledge owner, support lead], behavior: [support lead]}
"""
CATEGORIES = """categories:
  - {id: login, name: Login, bucket: automate, tier: 1, owner: Identity team}
  - {id: billing, name: Billing, bucket: hybrid, tier: 1}
"""
ENTRY = """---
id: reset
category: login
question: How do I reset my password?
conditions: {}   # for all
phrasings:
  - locked out
owner: Identity team
status: accepted
---
Press *Reset*.
Then wait.
"""
SIDES = {"zendesk:1": "train", "zendesk:2": "train", "zendesk:3": "holdout", "zendesk:4": "calibration"}
TRIGGER = {
    "id": "outage", "reason": "Something is down for everybody.", "phrases": ["down for everyone"],
    "fires_on": ["It is down for everyone."], "quiet_on": ["Scroll down, please."],
}  # fmt: skip


def entry() -> Entry:
    return parse_entry(ENTRY, ["login", "billing"], "reset.md")


def edited(**changes: Any) -> ProposedEntry:
    fields = {
        "entry_id": "reset", "category_id": "login", "question": "How do I reset my password?",
        "answer": "Press *Reset*.\nThe link lives for 60 minutes.", "phrasings": ["locked out", "no mail came"],
        "sources": [{"kind": "ticket", "id": "zendesk:1", "hash": "ab"}], "base_hash": entry().content_hash,
    }  # fmt: skip
    return ProposedEntry(**{**fields, **changes})


def new(**changes: Any) -> ProposedEntry:
    fields = {
        "entry_id": "reset-sso", "category_id": "login", "question": "How do I reset my password?",
        "answer": "Ask your company.", "conditions": {"sso": [True]}, "sources": [{"kind": "ticket", "id": "zendesk:2", "hash": None}],
    }  # fmt: skip
    return ProposedEntry(**{**fields, **changes})


KNOWLEDGE = Proposal(entries=(edited(), new()), asks_for=("sso",))
LABELS = Proposal(labels=(ProposedLabel("zendesk:1", "billing", "login"), ProposedLabel("zendesk:2", "billing")))
BEHAVIOR = Proposal(triggers=(TRIGGER,), settings={"reply.max_words": 150})
NOTE = Proposal()
PROPOSALS = {"split_entry": KNOWLEDGE, "category_examples": LABELS, "trigger": BEHAVIOR, "note": NOTE}


def row(rank: int, kind: str, proposal: Proposal, **changes: Any) -> dict[str, Any]:
    return {
        **dict.fromkeys(FIX), "fix_id": fix_id("p1", kind, proposal), "pattern_id": "p1", "kind": kind, "failure_type": "edge_case_collision",
        "category_id": "login", "title": f"Mend it by {kind}", "why": "12 customers a month were told the wrong thing.",
        "proposal": proposal.to_json(), "source_ticket_ids": ["zendesk:1", "zendesk:2"], "rank": rank, "score": 1.0 / rank,
        "tickets_per_month": 12.0, "minutes_per_month": 60.0, "harm": 0.5, "is_urgent": rank == 1, "status": "open",
        "proposed_as_of": AT, **changes,
    }  # fmt: skip


def publish_fixes(folder: Path, *rows: dict[str, Any]) -> None:
    made = rows or [row(rank, kind, one) for rank, (kind, one) in enumerate(PROPOSALS.items(), start=1)]
    write_parquet(frame_of(made, FIX), lake_of(folder).folder / "fix_queue.parquet")


def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    for name in ("UNDERSTUDY_DESK", "UNDERSTUDY_HOME", "UNDERSTUDY_AS_OF", "DAGSTER_HOME", "UNDERSTUDY_POSTGRES_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "240")
    (folder / "desk.yaml").write_text(DESK)
    (folder / "categories.yaml").write_text(CATEGORIES)
    (folder / "behavior.yaml").write_text(starter_behavior("Acme", ["en"]))
    (folder / "knowledge").mkdir()
    (folder / "knowledge" / "reset.md").write_text(ENTRY)
    lake = lake_of(folder)
    splits = pd.DataFrame({"ticket_id": list(SIDES), "split": list(SIDES.values())})
    write_parquet(splits, lake.folder / "ticket_splits.parquet")
    failures = [
        {
            **dict.fromkeys(FAILURE), "failure_id": f"f{place}", "ticket_id": ticket, "side": side, "occurred_at": AT,
            "question": f"Question of {ticket}?", "reply": "Press Reset.", "right_answer": "Ask your company.", "evidence": ["sso is true"],
            "context": '{"sso": "true"}',
        }
        for place, (ticket, side) in enumerate(SIDES.items(), start=1)
    ]  # fmt: skip
    pattern = {
        **dict.fromkeys(PATTERN), "pattern_id": "p1", "name": "Company logins are sent to the wrong page",
        "failure_type": "edge_case_collision", "failure_ids": ["f1", "f2", "f3"], "example_ids": ["f1", "f3"], "count_failures": 3,
        "count_requesters": 3, "tickets_per_month": 12.0, "trend": "rising", "status": "open",
    }  # fmt: skip
    write_parquet(frame_of(failures, FAILURE), lake.folder / "failures.parquet")
    write_parquet(frame_of([pattern], PATTERN), lake.folder / "failure_patterns.parquet")
    publish_fixes(folder)
    return load_desk(folder)


def id_of(kind: str) -> str:
    return fix_id("p1", kind, PROPOSALS[kind])


def lake_of(folder: Path) -> Lake:
    lake = Lake(folder / ".understudy")
    lake.prepare()
    return lake


def ledger_of(folder: Path) -> Ledger:
    return open_ledger(lake_of(folder).ledger_file)

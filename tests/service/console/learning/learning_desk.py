"""A small desk with all that is learnt in it, made by hand; half of what customers say in it is an attack."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from assets.pilot_agent.answers.frames import frame_of
from assets.sustain_learning import frames
from desk.loading import load_desk
from ledger.autonomy import withdraw_autonomy
from orchestration.lake import Lake, write_parquet
from orchestration.learning_pages import LEARNING_TABLES, learnt_month
from tests.assets.sustain_learning.report.invented_months import full
from tests.orchestration.pilot_lakes import ledger_of
from tests.orchestration.test_audit_work_cli import audited_desk, opened

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script> {{7*7}} ${7*7} [x](javascript:alert(3))"
NOW = pd.Timestamp("2026-09-01T12:00Z")
OPENED = "2026-07-01"
LATE = "2026-09-01"
"""The desk's clock while the audit is opened, and when its time is over."""
TRAIN, HOLDOUT = "zd:1", "zd:2"
BILLING = "b" * 16
MONTHS = ("2026-06", "2026-07")


def bare_desk(folder: Path) -> Path:
    """A desk in which nothing of the stage was ever run."""
    folder.mkdir(parents=True)
    (folder / "desk.yaml").write_text(
        'desk_id: acme\ncompany: Acme (fictional)\nhelpdesks: [{name: zendesk, kind: zendesk, exports: "zendesk-*"}]\n'
    )
    (folder / "categories.yaml").write_text("categories:\n  - {id: login, name: Login, bucket: automate, tier: 1}\n")
    Lake(folder / ".understudy").prepare()
    return folder


def learning_desk(folder: Path) -> Path:
    """A desk with an audit of four entries, a report of two months, signals, drift, trouble, a proposal, and a category that
    lost its autonomy. ``UNDERSTUDY_AS_OF`` must be ``OPENED`` while it is made."""
    audited_desk(folder)
    lake = Lake(folder / ".understudy")
    findings = lake.read("knowledge_findings")
    write_parquet(findings.assign(evidence=findings["evidence"] + HOSTILE), lake.file("knowledge_findings"))
    drafts = lake.read("knowledge_drafts")
    write_parquet(drafts.assign(draft_id="draft_1", score=1.0), lake.file("knowledge_drafts"))
    opened(folder)
    _report(folder, lake)
    publish(
        folder, "support_signals", frames.SUPPORT_SIGNAL, [signal("s1"), signal("s2", status="over", change="spike")]
    )
    publish(
        folder, "knowledge_drift", frames.DRIFT, [drifted("d1"), drifted("d2", is_drift=False, sentence="not this")]
    )
    publish(folder, "entry_trouble", frames.TROUBLE, [trouble("reset", 1), trouble("share", 2, count_trouble=0)])
    publish(folder, "scope_proposals", frames.SCOPE, [proposal()])
    splits = pd.DataFrame([(TRAIN, "train"), (HOLDOUT, "holdout")], columns=["ticket_id", "split"])
    write_parquet(splits, lake.folder / "ticket_splits.parquet")
    texts = pd.DataFrame([(TRAIN, f"teaches {HOSTILE}"), (HOLDOUT, "kept aside")], columns=["ticket_id", "text"])
    write_parquet(texts, lake.folder / "ticket_vectors.parquet")
    with ledger_of(folder) as ledger:
        withdraw_autonomy(
            ledger,
            "login",
            reason=f"40% are wrong {HOSTILE}",
            metric="wrong_of_reviewed",
            occurred_at=NOW.to_pydatetime(),
        )
    return folder


def publish(folder: Path, name: str, columns: Any, rows: list[dict[str, Any]]) -> None:
    """Write a frame of the stage."""
    write_parquet(frame_of(rows, columns), Lake(folder / ".understudy").folder / f"{name}.parquet")


def signal(name: str, **changes: Any) -> dict[str, Any]:
    return {
        **dict.fromkeys(frames.SUPPORT_SIGNAL), "signal_id": name, "change": frames.SHIFT, "dimension": "category", "value": "login",
        "started_at": NOW - pd.Timedelta(days=9), "found_at": NOW, "diagnosis": frames.SUSPECTED_BUG, "is_explained": False,
        "example_ticket_ids": [TRAIN, HOLDOUT], "sentence": f"Tickets about login: 21 a day {HOSTILE}", "status": "new", **changes,
    }  # fmt: skip


def drifted(name: str, **changes: Any) -> dict[str, Any]:
    return {
        **dict.fromkeys(frames.DRIFT), "drift_id": name, "kind": frames.QUESTION_DRIFT, "entry_id": "reset", "category_id": "login",
        "owner": "Ada Moreno", "is_drift": True, "example_ticket_ids": [TRAIN], "sentence": f"Customers ask otherwise {HOSTILE}",
        "found_as_of": NOW, **changes,
    }  # fmt: skip


def trouble(name: str, rank: int, **changes: Any) -> dict[str, Any]:
    return {
        **dict.fromkeys(frames.TROUBLE), "entry_id": name, "category_id": "login", "question": f"How do I {name}? {HOSTILE}",
        "owner": "Ada Moreno", "count_answers": 20, "count_signals": 9, "count_trouble": 8, "count_trouble_before": 3,
        "count_requesters": 8, "trouble_rate": 0.4, "low": 0.2, "high": 0.6, "rate_shrunk": 0.4, "handle_minutes": 30.0,
        "trouble_per_month": 2.5, "rank": rank, "by_kind": '{"correction": 1, "csat": 7}', "example_answer_ids": [], **changes,
    }  # fmt: skip


def proposal(**changes: Any) -> dict[str, Any]:
    steps = [
        {"step": "knowledge", "is_done": True, "why": "3 live entries", "what_to_do": ""},
        {
            "step": "verdict",
            "is_done": False,
            "why": f"no pilot has judged it {HOSTILE}",
            "what_to_do": "understudy pilot plan",
        },
    ]
    return {
        **dict.fromkeys(frames.SCOPE), "proposal_id": BILLING, "kind": frames.WIDEN, "category_id": "billing",
        "from_bucket": "hybrid", "to_bucket": "automate", "tier": 2, "tickets_per_month": 30.0, "step": "verdict",
        "steps": json.dumps(steps), "reasons": ["The first tier is mastered."], "sentence": f"Billing may follow {HOSTILE}",
        "status": "proposed", "proposed_as_of": NOW, **changes,
    }  # fmt: skip


def _report(folder: Path, lake: Lake) -> None:
    given = full()
    for part in ("answers", "tickets", "changes", "effects"):
        frame = getattr(given, part)
        frame = frame.assign(updated_at=pd.Timestamp("2026-08-02T12:00Z")) if part == "tickets" else frame
        write_parquet(frame, lake.folder / f"{LEARNING_TABLES[part]}.parquet")
    report = learnt_month(load_desk(folder), MONTHS[-1]).report
    write_parquet(report[report["month"].isin(MONTHS)], lake.folder / "learning_report.parquet")

"""A small desk whose first tier is mastered, as earlier stages and a run of this one leave it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from assets.sustain_learning.scope.scope_frames import ScopeFrames
from assets.sustain_learning.scope.scope_proposals import scope_proposals
from desk.loading import Desk, load_desk
from ledger.autonomy import scope_decisions
from ledger.store import Ledger, open_ledger
from orchestration.autonomy import autonomy_of, withdraw_what_decays
from orchestration.lake import Lake, write_parquet
from tests.assets.sustain_learning.scope.scope_cases import AS_OF, RULES

DESK = """desk_id: acme
company: Acme (fictional)
helpdesks: [{name: zendesk, kind: zendesk, exports: "zendesk-*"}]
signers: {roadmap: [support lead], pilot: [head of support]}
"""
CATEGORIES = """# Ours.
categories:
  - {id: login, name: Login, bucket: automate, tier: 1}
  - {id: billing, name: Billing, bucket: automate, tier: 1}
  - id: exports   # asked for every Monday
    name: Exports
    bucket: hybrid
    tier:
  - {id: sharing, name: Sharing, bucket: hybrid}
  - {id: refunds, name: Refunds, bucket: escalate}
"""
NAMES = {
    "accepted_categories": "categories", "training_roadmap": "roadmap", "knowledge_coverage": "coverage",
    "confidence_thresholds": "thresholds", "behavior_spec": "spec", "shadow_answers": "answers", "answer_reviews": "reviews",
    "live_decisions": "decisions", "judged_answers": "judged", "fct_ai_answers": "outcomes", "pilot_verdict": "verdicts",
    "pilot_looks": "looks",
}  # fmt: skip


def ledger_of(desk: Desk) -> Ledger:
    return open_ledger(Lake(desk.home).ledger_file)


def make(folder: Path, monkeypatch: pytest.MonkeyPatch, given: ScopeFrames) -> Desk:
    """The desk in a folder, its lake filled, and one run of the scope."""
    for name in ("UNDERSTUDY_DESK", "DAGSTER_HOME", "UNDERSTUDY_POSTGRES_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "240")
    monkeypatch.setenv("UNDERSTUDY_HOME", str(folder / ".understudy"))
    monkeypatch.setenv("UNDERSTUDY_AS_OF", str(AS_OF))
    (folder / "desk.yaml").write_text(DESK)
    (folder / "categories.yaml").write_text(CATEGORIES)
    desk = load_desk(folder)
    lake = Lake(desk.home)
    lake.prepare()
    for name, field in NAMES.items():
        write_parquet(getattr(given, field), lake.folder / f"{name}.parquet")
    tickets = pd.DataFrame({"updated_at": [AS_OF], "created_at": [AS_OF]})
    write_parquet(tickets, lake.folder / "fct_tickets.parquet")
    run_scope(desk, given)
    return desk


def run_scope(desk: Desk, given: ScopeFrames, as_of: pd.Timestamp = AS_OF) -> list[str]:
    """What the asset does: take back what decays, then propose."""
    lake = Lake(desk.home)
    with ledger_of(desk) as ledger:
        said = withdraw_what_decays(ledger, given, RULES, as_of)
        frame = scope_proposals(
            given, autonomy_of(ledger), scope_decisions(ledger), RULES, as_of, lake.previous("scope_proposals")
        )
    write_parquet(frame, lake.folder / "scope_proposals.parquet")
    return said

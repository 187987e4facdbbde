"""``understudy report pilot`` on what lies in the lake and in the ledger, from nothing at all to a running rollout."""

import datetime as dt

import pytest
from typer.testing import CliRunner

from desk.loading import load_desk
from desk.pilot import pilot_content, pilot_hash
from ledger.pilots import set_share
from ledger.sign_offs import record_sign_off
from orchestration.cli import app
from orchestration.lake import Lake, write_parquet
from orchestration.resources import DeskResource
from tests.assets.audit_tickets.roadmap.test_roadmap_page import Tags
from tests.assets.pilot_agent.report.invented_pilot import findings, plan

DESK = """desk_id: acme
company: Acme (fictional)
languages: [en]
helpdesks: [{name: zendesk, kind: zendesk, exports: "zendesk-*"}]
signers: {pilot: [support lead]}
"""
CATEGORIES = """categories:
  - {id: password_reset, name: Reset of a password, bucket: automate, tier: 1}
"""
TABLES = {
    "plan": "pilot_plan", "verdict": "pilot_verdict", "conditions": "pilot_conditions", "notes": "pilot_notes",
    "metrics": "pilot_metrics", "answers": "shadow_answers", "reviews": "answer_reviews",
    "assignments": "rollout_assignments", "replay": "replay_answers",
}  # fmt: skip
AT = dt.datetime(2026, 2, 26, 9, 30, tzinfo=dt.UTC)


@pytest.fixture
def desk(tmp_path, monkeypatch):
    for name in ("UNDERSTUDY_DESK", "UNDERSTUDY_HOME", "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "300")
    (tmp_path / "desk.yaml").write_text(DESK, encoding="utf-8")
    (tmp_path / "categories.yaml").write_text(CATEGORIES, encoding="utf-8")
    return tmp_path


def report(desk, *arguments):
    said = CliRunner().invoke(app, ["report", "pilot", "--desk", str(desk), *arguments])
    assert said.exit_code == 0, said.output
    return said.output


def test_before_there_is_anything_the_page_says_so(desk):
    said = report(desk)
    page = Lake(load_desk(desk).home).reports / "pilot.html"
    assert str(page) in said
    assert "No pilot is planned" in Tags(page.read_text(encoding="utf-8")).text


def test_the_page_is_made_from_the_lake_and_signed_by_the_ledger(desk):
    lake, found, digest = Lake(load_desk(desk).home), findings("rollout"), pilot_hash(plan())
    lake.prepare()
    for part, name in TABLES.items():
        write_parquet(getattr(found, part), lake.folder / f"{name}.parquet")
    who = {"by": "Mira Okafor", "role": "support lead", "known_roles": ["support lead"], "occurred_at": AT}
    with DeskResource(folder=str(desk)).ledger as ledger:
        record_sign_off(ledger, "pilot", digest, content=pilot_content(plan()), note="as agreed", **who)
        set_share(ledger, "spring", 0.2, plan_hash=digest, reason="shadow went well", **who)
    report(desk, "--output", str(desk / "pilot.html"))
    shown = Tags((desk / "pilot.html").read_text(encoding="utf-8")).text
    assert "Mira Okafor, support lead, 26 February 2026, 09:30 UTC: “as agreed”" in shown
    assert "26 February 2026, 09:30 UTC started – 20% Mira Okafor, support lead shadow went well" in shown
    assert "Reset of a password" in shown
    assert "keep collecting" in shown
    assert "Replay (past tickets; nothing was sent) The release was given 320 past tickets" in shown

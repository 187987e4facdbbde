"""``understudy report review`` on what lies in the lake and in the ledger."""

import datetime as dt

import pandas as pd
import pytest
from typer.testing import CliRunner

from desk.loading import load_desk
from ledger.fixes import reject_fix
from ledger.insights import add_insight
from orchestration.cli import app
from orchestration.lake import Lake, write_parquet
from orchestration.people.pages import SESSION_TABLES
from orchestration.resources import DeskResource
from tests.assets.audit_tickets.roadmap.test_roadmap_page import Tags
from tests.assets.retrain_agent.review_session.invented_month import AS_OF, full

DESK = """desk_id: acme
company: Acme (fictional)
languages: [en]
helpdesks: [{name: zendesk, kind: zendesk, exports: "zendesk-*"}]
signers: {knowledge: [support lead]}
"""
CATEGORIES = """categories:
  - {id: invoice_copy, name: Copies of invoices, bucket: automate, tier: 1}
"""
WHO = {"by": "Mira Okafor", "role": "support lead", "known_roles": ["support lead"]}


@pytest.fixture
def desk(tmp_path, monkeypatch):
    for name in ("UNDERSTUDY_DESK", "UNDERSTUDY_HOME", "UNDERSTUDY_AS_OF", "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "300")
    (tmp_path / "desk.yaml").write_text(DESK, encoding="utf-8")
    (tmp_path / "categories.yaml").write_text(CATEGORIES, encoding="utf-8")
    return tmp_path


@pytest.fixture
def lake(desk):
    lake, frames = Lake(load_desk(desk).home), full()
    lake.prepare()
    for part, name in SESSION_TABLES.items():
        write_parquet(getattr(frames, part), lake.folder / f"{name}.parquet")
    moments = pd.DataFrame({"updated_at": [AS_OF], "created_at": [AS_OF]})
    write_parquet(moments, lake.marts / "fct_tickets.parquet")
    return lake


def report(desk, *arguments):
    return CliRunner().invoke(app, ["report", "review", "--desk", str(desk), *arguments])


def test_without_failures_it_names_the_command(desk, lake):
    (lake.folder / "failure_patterns.parquet").unlink()
    said = report(desk)
    assert said.exit_code == 1
    assert "Run: understudy run retrain_agent" in said.output


def test_before_the_first_run_it_names_the_command(desk):
    said = report(desk)
    assert said.exit_code == 1
    assert "Run: understudy run" in said.output


def test_the_last_month_that_is_over_is_reviewed(desk, lake):
    said = report(desk)
    assert said.exit_code == 0, said.output
    assert "review-2026-06.html" in said.output
    text = Tags((lake.reports / "review-2026-06.html").read_text(encoding="utf-8")).text
    assert "Review of June 2026: Acme (fictional)" in text
    assert "in Copies of invoices" in text


def test_what_was_decided_and_said_since_the_run_is_in_it(desk, lake):
    when = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
    with DeskResource(folder=str(desk)).ledger as ledger:
        reject_fix(ledger, f"{1:016x}", reason="It is right as it is.", occurred_at=when, **WHO)
        add_insight(ledger, "Calls about the portal doubled.", month="2026-06", occurred_at=when, **WHO)
    said = report(desk, "--month", "2026-06", "--output", str(desk / "june.html"))
    assert said.exit_code == 0, said.output
    text = Tags((desk / "june.html").read_text(encoding="utf-8")).text
    assert "Change the entry “How do I download an invoice?”" not in text
    assert "Calls about the portal doubled. Mira Okafor, 1 July" in text


def test_what_is_no_month_is_refused(desk, lake):
    said = report(desk, "--month", "June")
    assert said.exit_code == 1
    assert "such as 2026-06" in said.output
    assert not list(lake.reports.glob("review-*"))

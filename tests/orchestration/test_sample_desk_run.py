"""The main job on the sample desk, through the command, with the real encoder; then what people do with the result."""

import hashlib
import json

import dagster as dg
import pytest

from tests.desks import SAMPLE, ask, copy_sample_desk, understudy

pytestmark = pytest.mark.graph


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = copy_sample_desk(tmp_path_factory.mktemp("sample"))
    done = understudy("run", "audit_tickets", desk=desk)
    assert done.returncode == 0, done.stdout + done.stderr
    (desk / "first_run.txt").write_text(done.stdout)
    return desk


def test_it_says_what_it_found_and_where_to_look(desk):
    said = (desk / "first_run.txt").read_text()
    assert "is a fictional company" in said
    assert "Training roadmap" in said
    for command in ("understudy report roadmap", "understudy dev", "understudy sign-off roadmap"):
        assert command in said


def test_nothing_is_lost_or_doubled(desk):
    truth = {(source, key) for source, key in _answer_key_ids()}
    rows = ask(desk, "select source, helpdesk_ticket_id as id from fct_tickets")
    landed = [(row["source"], str(row["id"])) for row in rows]
    assert len(landed) == len(set(landed))
    assert truth <= set(landed)
    orphans = ask(desk, "select count(*) n from fct_ticket_comments c anti join fct_tickets t using (ticket_id)")
    assert orphans == [{"n": 0}]
    counts = ask(
        desk, "select (select count(*) from redacted_comments) a, (select count(*) from fct_ticket_comments) b"
    )
    assert counts[0]["a"] == counts[0]["b"] > len(landed)


def _answer_key_ids():
    import csv
    import gzip

    with gzip.open(SAMPLE / "answer_key" / "tickets.csv.gz", "rt", encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            yield row["helpdesk"], row["ticket_id"]


def test_no_text_or_address_stands_in_a_mart(desk):
    columns = ask(
        desk,
        "select table_name t, column_name c from information_schema.columns where table_name like 'fct_%' or table_name like 'dim_%'",
    )
    assert columns
    forbidden = {"subject", "body", "body_text", "body_html", "requester_name", "requester_email", "email", "text"}
    assert not {row["c"] for row in columns} & forbidden
    assert understudy("query", "select * from int_comment_texts", desk=desk).returncode == 1


def test_every_ticket_has_one_side_and_one_verdict(desk):
    (row,) = ask(
        desk,
        "select count(*) filter (where is_in_audit) audited, count(distinct s.ticket_id) split from fct_tickets t "
        "left join ticket_splits s using (ticket_id)",
    )
    assert row["audited"] == row["split"] > 0
    (audited,) = ask(
        desk, "select count(*) n from fct_tickets t anti join ticket_intents i using (ticket_id) where is_in_audit"
    )
    assert audited == {"n": 0}


def test_risk_is_escalated_whatever_its_volume(desk):
    rows = {
        row["category_id"]: row
        for row in ask(desk, "select category_id, bucket, reasons, count_tickets from training_roadmap")
    }
    risky = [row for name, row in rows.items() if any(word in name for word in ("legal", "security_incident"))]
    assert risky
    assert {row["bucket"] for row in risky} == {"escalate"}
    assert all(row["reasons"] for row in rows.values())


def test_runs_and_lineage_are_in_the_instance(desk, monkeypatch):
    monkeypatch.setenv("DAGSTER_HOME", str(desk / ".understudy" / "dagster"))
    with dg.DagsterInstance.get() as instance:
        jobs = {run.job_name: run.status for run in instance.get_runs()}
        assert jobs["land_exports_job"] == dg.DagsterRunStatus.SUCCESS
        assert jobs["audit_tickets_job"] == dg.DagsterRunStatus.SUCCESS
        landed = instance.get_materialized_partitions(dg.AssetKey("raw_tickets"))
        assert len(landed) == len(list((SAMPLE / "inbox").iterdir()))
        event = instance.get_latest_materialization_event(dg.AssetKey("training_roadmap"))
        assert event is not None
        metadata = event.asset_materialization.metadata
        assert any(
            isinstance(value, dg.MarkdownMetadataValue) and "data:image/png" in value.md_str
            for value in metadata.values()
        )
        assert any(
            isinstance(value, dg.MarkdownMetadataValue) and "| ---" in value.md_str for value in metadata.values()
        )


def test_a_second_run_encodes_nothing_and_writes_the_same_files(desk):
    lake = desk / ".understudy" / "lake"
    before = {file: hashlib.sha256(file.read_bytes()).hexdigest() for file in lake.rglob("*.parquet")}
    assert len(before) > 12
    done = understudy("run", "audit_tickets", desk=desk)
    assert done.returncode == 0, done.stderr
    assert {file: hashlib.sha256(file.read_bytes()).hexdigest() for file in lake.rglob("*.parquet")} == before
    assert _metadata_of(desk, "ticket_vectors")["encoded"] == 0


def _metadata_of(desk, asset):
    import os

    os.environ["DAGSTER_HOME"] = str(desk / ".understudy" / "dagster")
    try:
        with dg.DagsterInstance.get() as instance:
            event = instance.get_latest_materialization_event(dg.AssetKey(asset))
            return {key: value.value for key, value in event.asset_materialization.metadata.items()}
    finally:
        del os.environ["DAGSTER_HOME"]


def test_status_names_what_is_missing(desk):
    done = understudy("status", desk=desk)
    assert done.returncode == 0, done.stderr
    state = {line.split()[0]: line for line in done.stdout.splitlines() if line.strip()}
    assert "never" not in state["training_roadmap"]
    assert "never" in state["live_entries"], "the next stage has not run"


def test_the_report_is_one_self_contained_page(desk, tmp_path):
    page = tmp_path / "roadmap.html"
    done = understudy("report", "roadmap", "--output", str(page), desk=desk)
    assert done.returncode == 0, done.stderr
    html = page.read_text(encoding="utf-8")
    assert "fictional" in html.lower()
    assert "<script" not in html
    assert 'src="http' not in html
    assert 'href="http' not in html or "stylesheet" not in html


def test_signing_is_bound_to_decisions_and_not_to_volumes(desk):
    early = understudy("sign-off", "roadmap", "--by", "Ada Moreno", "--role", "support lead", desk=desk)
    assert early.returncode == 1
    assert "--accept-proposals" in early.stderr
    wrong = understudy(
        "sign-off", "roadmap", "--by", "Ada Moreno", "--role", "janitor", "--accept-proposals", desk=desk
    )
    assert wrong.returncode == 1
    assert "janitor" in wrong.stderr
    first = understudy(
        "sign-off", "roadmap", "--by", "Ada Moreno", "--role", "support lead", "--accept-proposals", desk=desk
    )
    assert first.returncode == 0, first.stderr
    assert "Still to sign: head of support" in first.stdout
    second = understudy("sign-off", "roadmap", "--by", "Bo Lind", "--role", "Head of Support", desk=desk)
    assert second.returncode == 0, second.stderr
    assert "Fully signed" in second.stdout
    assert understudy("ledger", "verify", desk=desk).returncode == 0
    assert "Fully signed" in understudy("status", desk=desk).stdout

    text = (desk / "categories.yaml").read_text()
    (desk / "categories.yaml").write_text(text.replace("bucket: automate", "bucket: hybrid", 1))
    assert "Still to sign: support lead, head of support" in understudy("status", desk=desk).stdout
    (desk / "categories.yaml").write_text(text)
    assert "Fully signed" in understudy("status", desk=desk).stdout


def test_a_tampered_ledger_is_found_out(tmp_path):
    import sqlite3
    from contextlib import closing

    desk = copy_sample_desk(tmp_path, exports="nothing")
    (desk / "categories.yaml").write_text("categories: [{id: login, name: Login, bucket: automate}]\n")
    signed = understudy("sign-off", "roadmap", "--by", "Ada Moreno", "--role", "support lead", desk=desk)
    assert signed.returncode == 0, signed.stderr
    assert understudy("ledger", "verify", desk=desk).returncode == 0
    with closing(sqlite3.connect(desk / ".understudy" / "ledger" / "ledger.sqlite")) as db:
        for (name,) in db.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            db.execute(f'drop trigger "{name}"')
        db.execute("update ledger_events set role = 'somebody else' where sequence = 2")
        db.commit()
    done = understudy("ledger", "verify", desk=desk)
    assert done.returncode == 1
    assert "changed after the fact" in done.stderr


def test_proposals_are_written_for_a_person(desk):
    done = understudy("categories", "propose", desk=desk)
    assert done.returncode == 0, done.stderr
    assert ask(desk, "select count(*) > 0 as some from category_candidates") == [{"some": True}]
    again = understudy("run", "audit_tickets", desk=desk)
    assert again.returncode == 0, again.stderr


def test_contracts_publish_data_docs(desk):
    docs = desk / ".understudy" / "expectations" / "gx" / "uncommitted" / "data_docs" / "local_site" / "index.html"
    text = docs.read_text(encoding="utf-8")
    for contract in ("raw_tickets", "redacted_comments", "ticket_intents", "training_roadmap"):
        assert f"{contract}_contract" in text


def test_a_newer_export_supersedes_and_history_is_kept(desk):
    """The Zendesk incremental export came after the account export: both are in raw, the newer wins in facts."""
    rows = ask(
        desk,
        "select ticket_id from fct_tickets where source = 'zendesk' and updated_at > '2026-06-01' limit 1",
    )
    assert rows
    manifests = [json.loads(file.read_text()) for file in (desk / ".understudy" / "exports").glob("*.json")]
    assert all(one["records_read"] == one["records_landed"] + one["records_rejected"] for one in manifests)

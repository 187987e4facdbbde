"""``understudy knowledge`` as a person meets it: drafts, acceptance, edits, what is live, findings."""

import json
import stat
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from desk.knowledge import read_entry, read_knowledge
from ledger.knowledge import accepted_entries, dismissed_findings, draft_decisions, verified_articles
from ledger.store import open_ledger
from orchestration.cli import app
from orchestration.lake import Lake, write_parquet

AS_OF = pd.Timestamp("2026-06-01", tz="UTC")
DESK = """desk_id: acme
company: Acme (fictional)
helpdesks: [{name: zendesk, kind: zendesk, exports: "zendesk-*"}]
signers: {roadmap: [support lead], knowledge: [knowledge owner, support lead]}
"""
CATEGORIES = """categories:
  - {id: password_reset, name: Password reset, bucket: automate, tier: 1, owner: Identity team}
  - {id: cancel_subscription, name: Cancel, bucket: hybrid, tier: 1}
"""
WHO = ["--by", "Mira Okafor", "--role", "support lead"]


def draft(number: int, **changes) -> dict:
    return {
        "draft_id": f"draft_{number:012x}",
        "category_id": "password_reset",
        "question": f"How do I reset password {number}?",
        "answer": "Press *Reset*.",
        "conditions": "{}",
        "phrasings": ["locked out"],
        "sources": json.dumps([{"kind": "article", "id": "zendesk:1", "hash": "ab"}]),
        "origin": "article_section",
        "why": "12 customers asked this",
        "suggested_owner": None,
        "score": float(number),
        "status": "open",
        **changes,
    }


def finding(number: int, **changes) -> dict:
    return {
        "finding_id": f"find_{number:012x}",
        "type": "stale",
        "reason": "untouched",
        "subject_kind": "article",
        "subject_id": "zendesk:1",
        "subject_hash": "a" * 64,
        "other_id": None,
        "other_hash": None,
        "is_blocking": True,
        "evidence": "“\x1b[31m9 €”",
        "fix": "Look at it.",
        "found_as_of": AS_OF,
        "first_found_as_of": AS_OF,
        "status": "open",
        **changes,
    }


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Path:
    for name in ("UNDERSTUDY_DESK", "UNDERSTUDY_HOME", "DAGSTER_HOME", "VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "desk.yaml").write_text(DESK)
    (folder / "categories.yaml").write_text(CATEGORIES)
    publish(folder, "knowledge_drafts", [draft(1), draft(2), draft(3, category_id="cancel_subscription")])
    publish(folder, "knowledge_findings", [finding(1)])
    article = {"article_id": "zendesk:1", "section_id": "zendesk:1#0a", "title": "Passwords", "article_hash": "a" * 64}
    publish(folder, "help_center_articles", [{**article, "slug": "passwords", "retired_as_of": None}])
    return folder


def publish(desk: Path, name: str, rows: list[dict]) -> None:
    lake = Lake(desk / ".understudy")
    lake.prepare()
    write_parquet(pd.DataFrame(rows), lake.folder / f"{name}.parquet")


def run(desk: Path, *arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["knowledge", *arguments, "--desk", str(desk)])
    said = done.output if code == 0 else done.stderr
    assert done.exit_code == code, done.output
    return " ".join(said.split())


def ledger_of(desk: Path):
    return open_ledger(desk / ".understudy" / "ledger" / "ledger.sqlite")


def entries_of(desk: Path):
    entries, rejected = read_knowledge(desk / "knowledge", ["password_reset", "cancel_subscription"])
    assert rejected == []
    return {entry.id: entry for entry in entries}


def editor(tmp_path: Path, monkeypatch, script: str) -> None:
    """An editor that changes the file it is given by a line of sed."""
    program = tmp_path / "an editor.sh"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("EDITOR", f"'{program}'")


def test_open_drafts_are_listed_and_written_once(desk):
    said = run(desk, "draft")
    assert said.index("draft_000000000002") < said.index("draft_000000000001"), "the most promising first"
    assert "draft_000000000001" not in run(desk, "draft", "--category", "cancel_subscription")
    assert "wrote" in run(desk, "draft", "--category", "password_reset", "--write")
    written = entries_of(desk)
    assert set(written) == {"how-do-i-reset-password-1", "how-do-i-reset-password-2"}
    assert {entry.status for entry in written.values()} == {"draft"}
    file = desk / "knowledge" / "password_reset" / "how-do-i-reset-password-1.md"
    file.write_text(file.read_text().replace("Press *Reset*.", "Mine."))
    assert "wrote" not in run(desk, "draft", "--category", "password_reset", "--write")
    assert "Mine." in file.read_text()


def test_a_draft_is_never_written_over_a_file_that_is_there(desk):
    file = desk / "knowledge" / "password_reset" / "how-do-i-reset-password-1.md"
    file.parent.mkdir(parents=True)
    file.write_text("notes of a person")
    run(desk, "draft", "--write")
    assert file.read_text() == "notes of a person"
    assert (file.parent / "how-do-i-reset-password-1-000000.md").is_file()


def test_accepting_a_draft_writes_its_file_and_signs_exactly_that(desk):
    said = run(desk, "accept", "draft_000000000001", *WHO, "--note", "Fine.", "--review-by", "2027-01-31")
    assert "owned by Identity team, to be looked at again by 2027-01-31" in said
    (entry,) = entries_of(desk).values()
    assert (entry.status, entry.owner, str(entry.review_by)) == ("accepted", "Identity team", "2027-01-31")
    with ledger_of(desk) as ledger:
        (row,) = accepted_entries(ledger).to_dict("records")
        assert (row["entry_id"], row["content_hash"]) == (entry.id, entry.content_hash)
        assert (row["accepted_by"], row["note"]) == ("Mira Okafor", "Fine.")
        assert draft_decisions(ledger)["status"].tolist() == ["accepted"]
    assert "draft_000000000001" not in run(desk, "draft")
    assert "True" in run(desk, "list", "--category", "password_reset")


def test_of_a_draft_that_was_written_as_a_file_the_file_counts(desk):
    run(desk, "draft", "--write")
    file = desk / "knowledge" / "password_reset" / "how-do-i-reset-password-1.md"
    file.write_text(
        file.read_text().replace("Press *Reset*.", "Press it, then wait.").replace("---\n", "---\n# mine\n", 1)
    )
    run(desk, "accept", "draft_000000000001", *WHO, "--owner", "Ada Moreno")
    entry = entries_of(desk)["how-do-i-reset-password-1"]
    assert (entry.answer, entry.owner, entry.status) == ("Press it, then wait.", "Ada Moreno", "accepted")
    assert "# mine" in file.read_text()
    with ledger_of(desk) as ledger:
        assert accepted_entries(ledger)["content_hash"].tolist() == [entry.content_hash]


def test_an_edited_entry_is_unsigned_until_it_is_accepted_again(desk, tmp_path, monkeypatch):
    run(desk, "accept", "draft_000000000001", *WHO)
    name = "how-do-i-reset-password-1"
    editor(tmp_path, monkeypatch, 'sed -i s/Press/Click/ "$1"')
    said = run(desk, "edit", name)
    assert "unsigned again" in said
    assert f"understudy knowledge accept {name}" in said
    assert entries_of(desk)[name].answer == "Click *Reset*."
    assert "nobody has accepted this version" in run(desk, "list", "--not-live")
    run(desk, "accept", name, *WHO)
    assert name not in run(desk, "list", "--not-live")
    assert "Nothing was changed" in run(desk, "edit", name)


def test_an_edit_that_is_no_entry_changes_nothing_and_is_kept_elsewhere(desk, tmp_path, monkeypatch):
    run(desk, "accept", "draft_000000000001", *WHO)
    file = desk / "knowledge" / "password_reset" / "how-do-i-reset-password-1.md"
    before = file.read_bytes()
    editor(tmp_path, monkeypatch, 'sed -i s/^status:.*/status:\\ live/ "$1"')
    said = run(desk, "edit", "how-do-i-reset-password-1", code=1)
    assert "how-do-i-reset-password-1.md:15: 'status'" in said
    assert file.read_bytes() == before
    kept = Path(said.rsplit("is kept in ", 1)[1])
    assert "status: live" in kept.read_text()


def test_edit_needs_an_editor_that_works_and_an_entry(desk, tmp_path, monkeypatch):
    run(desk, "accept", "draft_000000000001", *WHO)
    assert "set EDITOR" in run(desk, "edit", "how-do-i-reset-password-1", code=1)
    monkeypatch.setenv("EDITOR", "no-such-editor-anywhere")
    assert "cannot be started" in run(desk, "edit", "how-do-i-reset-password-1", code=1)
    editor(tmp_path, monkeypatch, "exit 3")
    assert "ended with 3" in run(desk, "edit", "how-do-i-reset-password-1", code=1)
    assert "Did you mean how-do-i-reset-password-1?" in run(desk, "edit", "how-do-i-reset-pasword-1", code=1)


def test_a_broken_file_can_be_mended_in_the_editor(desk, tmp_path, monkeypatch):
    run(desk, "accept", "draft_000000000001", *WHO)
    file = desk / "knowledge" / "password_reset" / "how-do-i-reset-password-1.md"
    file.write_text(file.read_text().replace("status: accepted", "status: live"))
    said = run(desk, "list")
    assert "how-do-i-reset-password-1.md:15" in said
    assert "'status'" in run(desk, "accept", "how-do-i-reset-password-1", *WHO, code=1)
    editor(tmp_path, monkeypatch, 'sed -i "s/status: live/status: accepted/" "$1"')
    assert "This version is accepted" in run(desk, "edit", "how-do-i-reset-password-1")


def test_a_rejected_draft_is_not_offered_again(desk):
    run(desk, "reject", "draft_000000000002", *WHO, "--note", "We no longer offer this.")
    assert "draft_000000000002" not in run(desk, "draft")
    with ledger_of(desk) as ledger:
        assert draft_decisions(ledger)["note"].tolist() == ["We no longer offer this."]
    run(desk, "accept", "draft_000000000002", *WHO)
    with ledger_of(desk) as ledger:
        assert draft_decisions(ledger)["status"].tolist() == ["accepted"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["accept", "draft_000000000001", "--by", "A", "--role", "intern"], "knowledge owner, support lead"),
        (["accept", "draft_000000000001", "--by", " ", "--role", "support lead"], "who is deciding"),
        (["accept", "draft_00000000001", *WHO], "Did you mean draft_000000000001"),
        (["accept", "draft_000000000003", *WHO], "has no owner"),
        (["accept", "draft_000000000001", *WHO, "--review-by", "2020-01-01"], "must lie after"),
        (["reject", "draft_000000000001", *WHO, "--note", " "], "A reason is needed"),
        (["reject", "draft_9", *WHO, "--note", "x"], "there is no draft or entry 'draft_9'"),
        (["draft", "--category", "pasword_reset"], "Did you mean password_reset?"),
        (["list", "--category", "poetry"], "categories.yaml"),
        (["verify", "zendesk:2", *WHO], "there is no article 'zendesk:2'"),
        (["verify", "zendesk:1", "--by", "A", "--role", "intern"], "'intern' is not a role"),
        (["dismiss", "find_9", *WHO, "--note", "x"], "there is no open finding 'find_9'"),
        (["dismiss", "find_000000000001", *WHO, "--note", ""], "A reason is needed"),
    ],
)
def test_errors_say_what_to_do_and_leave_nothing_behind(desk, arguments, words):
    assert words in run(desk, *arguments, code=1)
    assert not (desk / "knowledge").exists()
    with ledger_of(desk) as ledger:
        assert ledger.head().sequence == 0


@pytest.mark.parametrize("command", ["draft", "audit"])
def test_before_the_first_run_it_says_what_to_run(desk, command):
    for file in (desk / ".understudy" / "lake").glob("*.parquet"):
        file.unlink()
    assert "understudy run build_knowledge" in run(desk, command, code=1)
    assert "0 rows" in run(desk, "list"), "files need no run"


def test_a_desk_with_a_mistake_stops_every_command(desk):
    (desk / "desk.yaml").write_text(DESK.replace("signers", "singers"))
    assert "desk.yaml:4" in run(desk, "list", code=1)


def test_findings_come_most_urgent_first_and_without_those_dismissed(desk):
    publish(
        desk,
        "knowledge_findings",
        [
            finding(1, type="duplicate", is_blocking=False),
            finding(2, type="stale"),
            finding(3, type="contradiction", other_id="zendesk:2", other_hash="b" * 64),
            finding(4, type="unsafe", status="dismissed"),
            finding(5, type="not_customer_language", is_blocking=False, first_found_as_of=AS_OF - pd.Timedelta(days=9)),
        ],
    )
    done = CliRunner().invoke(app, ["knowledge", "audit", "--format", "json", "--desk", str(desk)])
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert [row["type"] for row in rows] == ["contradiction", "stale", "duplicate", "not_customer_language"]
    assert rows[0]["other_id"] == "zendesk:2"
    run(desk, "dismiss", "find_000000000003", *WHO, "--note", "Both are right.")
    said = run(desk, "audit")
    assert "contradiction" not in said
    assert "stale" in said
    assert "\x1b[31m" not in said, "a customer's words do not steer the terminal"
    with ledger_of(desk) as ledger:
        assert dismissed_findings(ledger)["note"].tolist() == ["Both are right."]


@pytest.mark.parametrize("name", ["zendesk:1", "passwords", "zendesk:1#0a"])
def test_an_article_is_verified_as_it_stands(desk, name):
    assert "verified zendesk:1 as support lead: Passwords" in run(desk, "verify", name, *WHO)
    with ledger_of(desk) as ledger:
        (row,) = verified_articles(ledger).to_dict("records")
    assert (row["article_id"], row["article_hash"], row["verified_by"]) == ("zendesk:1", "a" * 64, "Mira Okafor")


def test_an_accepted_entry_with_an_open_finding_says_it_is_not_live(desk):
    run(desk, "accept", "draft_000000000001", *WHO)
    (entry,) = entries_of(desk).values()
    about = {"subject_kind": "entry", "subject_id": entry.id, "subject_hash": entry.content_hash}
    publish(desk, "knowledge_findings", [finding(7, **about, fix="Write the new price.")])
    assert "Write the new price." in run(desk, "list", "--not-live")
    assert "It is not live yet: stale (untouched): Write the new price." in run(desk, "accept", entry.id, *WHO)
    run(desk, "dismiss", "find_000000000007", *WHO, "--note", "The price is right.")
    assert "0 rows" in run(desk, "list", "--not-live")


def test_a_file_that_git_brought_needs_only_an_acceptance(desk):
    file = desk / "knowledge" / "password_reset" / "by-hand.md"
    file.parent.mkdir(parents=True)
    file.write_text(
        "---\nid: by-hand\ncategory: password_reset\nquestion: Where?\nowner: Ada\nstatus: accepted\n---\nThere.\n"
    )
    assert "nobody has accepted this version" in run(desk, "list", "--not-live")
    run(desk, "accept", "by-hand", *WHO)
    assert "0 rows" in run(desk, "list", "--not-live")
    assert read_entry(file, ["password_reset"]).review_by is not None

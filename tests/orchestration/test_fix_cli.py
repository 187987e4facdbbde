"""``understudy fix`` and ``understudy insight`` as a person meets them."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from desk.loading import load_behavior
from ledger.fixes import fix_decisions
from orchestration.cli import app
from orchestration.people.knowledge_files import open_entry
from tests.orchestration.fix_lakes import id_of, ledger_of, make

LEAD = ["--by", "Ada Moreno", "--role", "support lead"]


@pytest.fixture
def desk(tmp_path, monkeypatch):
    folder = tmp_path / "desk"
    folder.mkdir()
    return make(folder, monkeypatch)


def run(desk, *words: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, [*words, "--desk", str(desk.folder)])
    assert done.exit_code == code, done.output
    assert "Traceback" not in done.output
    if code:
        assert done.output.count("error:") == 1
    return done.output


def export(desk, tmp_path: Path, kind: str) -> tuple[Path, dict]:
    file = tmp_path / f"{kind}.yaml"
    run(desk, "fix", "export", id_of(kind)[:8], str(file))
    return file, YAML(typ="safe").load(file.read_text())


def test_fixes_are_listed_and_one_is_shown_with_its_differences(desk):
    listed = run(desk, "fix", "list")
    assert listed.index("Mend it by split_entry") < listed.index("Mend it by trigger")
    assert "trigger" not in run(desk, "fix", "list", "--urgent")
    assert "Mend it" not in run(desk, "fix", "list", "--category", "billing")
    shown = run(desk, "fix", "show", id_of("split_entry")[:8])
    for words in (
        "a condition to add; open", "Company logins are sent to the wrong page", "zendesk:1: Question of zendesk:1?",
        "right: Ask your company.", "known: sso true", "    - Then wait.", "    + The link lives for 60 minutes.", "+ for whom: sso: true",
        "It needs to be known of a customer: sso.",
    ):  # fmt: skip
        assert words in shown, words
    assert "zendesk:3" not in shown, "whoever edits a fix must not have read tickets that measure it"
    assert "1 more are not shown: their tickets measure the agent" in shown
    behavior = run(desk, "fix", "show", id_of("trigger"))
    assert "trigger 'outage' was added: “Something is down for everybody.”" in behavior
    assert "zendesk:1: login -> billing" in run(desk, "fix", "show", id_of("category_examples"))
    assert "nothing in it to accept" in run(desk, "fix", "show", id_of("note"))


def test_a_fix_is_accepted_and_shown_as_the_change_it_became(desk):
    said = run(
        desk, "fix", "accept", id_of("split_entry")[:8], *LEAD, "--owner", "Noor Haddad", "--review-by", "2027-12-31"
    )
    assert "it is change C-001" in said
    assert "owned by Noor Haddad, to be looked at again by 2027-12-31" in said
    assert "accepted by Ada Moreno" in run(desk, "fix", "show", id_of("split_entry"))
    assert "as change C-001" in run(desk, "fix", "show", id_of("split_entry"))
    assert "split_entry" not in run(desk, "fix", "list")
    assert "is change C-001" in run(desk, "fix", "accept", id_of("split_entry")[:8], *LEAD)


def test_a_fix_is_edited_as_a_file(desk, tmp_path):
    file, document = export(desk, tmp_path, "split_entry")
    assert [one["entry_id"] for one in document["entries"]] == ["reset", "reset-sso"]
    assert "base_hash" not in file.read_text()
    file.write_text(file.read_text().replace("60 minutes", "90 minutes"))
    run(desk, "fix", "accept", id_of("split_entry"), *LEAD, "--file", str(file))
    assert open_entry(desk, "reset").entry.answer == "Press *Reset*.\nThe link lives for 90 minutes."
    assert "already: it is change C-001" in run(desk, "fix", "accept", id_of("split_entry"), *LEAD, "--file", str(file))
    file, document = export(desk, tmp_path, "trigger")
    assert document["settings"] == {"reply.max_words": 150}
    file.write_text(file.read_text().replace("150", "160"))
    assert "understudy sign-off behavior" in run(desk, "fix", "accept", id_of("trigger"), *LEAD, "--file", str(file))
    assert load_behavior(desk.folder).reply.max_words == 160
    file, _ = export(desk, tmp_path, "category_examples")
    run(desk, "fix", "accept", id_of("category_examples"), *LEAD, "--file", str(file))
    with ledger_of(desk.folder) as ledger:
        assert fix_decisions(ledger)["change_id"].tolist() == ["C-001", "C-002", "C-003"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("entries: [", ":1: not valid YAML"),
        ("- a", "the file must be 'name: value' lines, not a list"),
        ("entrys: []", "'entrys' is nothing that the file has"),
        ("entries: {a: b}", "entries must be a list, not a mapping"),
        ("entries: [{entry_id: reset}]", "category_id of entry 1 must be words, and is missing"),
        ("entries: [{entry_id: reset, base_hash: ab}]", "'base_hash' is nothing that entry 1 has"),
        ("labels: [{ticket_id: 12, category_id: login}]", "ticket_id of a label must be words, not '12'"),
        ("", "the file must be 'name: value' lines, not nothing"),
    ],
)
def test_a_file_that_is_no_fix_is_refused_with_place_and_reason(desk, tmp_path, text, says):
    file = tmp_path / "fix.yaml"
    file.write_text(text)
    assert says in run(desk, "fix", "accept", id_of("split_entry"), *LEAD, "--file", str(file), code=1)


def test_a_file_that_is_there_is_not_overwritten_and_one_that_is_not_is_said(desk, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("notes")
    assert "File exists" in run(desk, "fix", "export", id_of("note"), str(file), code=1)
    assert file.read_text() == "notes"
    missing = str(tmp_path / "no.yaml")
    assert "cannot be read" in run(desk, "fix", "accept", id_of("note"), *LEAD, "--file", missing, code=1)


def test_a_rejected_fix_says_why(desk):
    said = run(desk, "fix", "reject", id_of("note"), *LEAD, "--reason", "We say so on purpose.")
    assert "Ada Moreno rejected" in said
    assert "We say so on purpose." in run(desk, "fix", "show", id_of("note"))
    assert "A reason is needed" in run(desk, "fix", "reject", id_of("trigger"), *LEAD, "--reason", " ", code=1)
    assert "not a role" in run(
        desk, "fix", "reject", id_of("trigger"), "--by", "Ada", "--role", "visitor", "--reason", "No.", code=1
    )
    assert "there is no fix" in run(desk, "fix", "show", "zzzz", code=1)


def test_insights_are_added_and_listed(desk):
    run(desk, "insight", "add", "Calls about the portal doubled.", *LEAD, "--category", "billing", "--month", "2026-05")
    run(desk, "insight", "add", "Other.", *LEAD, "--month", "2026-06")
    listed = run(desk, "insight", "list", "--month", "2026-05")
    assert "Calls about the portal doubled." in listed
    assert "Other." not in listed
    assert "no category" in run(desk, "insight", "add", "x", *LEAD, "--category", "nothing", code=1)

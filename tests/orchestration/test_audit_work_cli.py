"""The quarterly audit as people do it: ``understudy knowledge work`` and ``confirm``."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from desk.loading import load_desk
from ledger.audits import closed_items
from ledger.knowledge import accepted_entries
from ledger.store import open_ledger
from orchestration.audits import audit_quarter
from orchestration.cli import app
from orchestration.lake import Lake, write_parquet
from orchestration.people.audit_work import chosen, confirm, work
from orchestration.people.knowledge_desk import KnowledgeProblem, Reviewer
from orchestration.people.knowledge_review import accept
from orchestration.resources import DeskResource
from tests.assets.sustain_learning.audit_work.knowledge import article, category, day, finding, rests_on, trouble

DESK = """desk_id: acme
company: Acme (fictional)
helpdesks: [{name: zendesk, kind: zendesk, exports: "zendesk-*"}]
signers: {roadmap: [support lead], knowledge: [knowledge owner, support lead]}
"""
CATEGORIES = """categories:
  - {id: login, name: Login, bucket: automate, tier: 1, owner: Ada Moreno}
  - {id: billing, name: Billing, bucket: hybrid}
"""
ENTRY = """---
id: {id}
category: {category}
question: How do I {id}?
conditions: {{}}
phrasings: [please {id}]
owner: {owner}
status: draft
---
Press *{id}*.
Then wait.
"""
ENTRIES = {"reset": "Ada Moreno", "unlock": "Ada Moreno", "share": "Ada Moreno", "pay": "Ben Osei"}
MAY = Reviewer("Mira Okafor", "support lead", dt.datetime(2026, 5, 10, 9, tzinfo=dt.UTC))
JULY = Reviewer("Ben Osei", "knowledge owner", dt.datetime(2026, 7, 3, 9, tzinfo=dt.UTC))
WHO = ["--by", "Ben Osei", "--role", "knowledge owner"]


@pytest.fixture
def desk(finished_desk, tmp_path, monkeypatch) -> Path:
    for name in ("UNDERSTUDY_DESK", "UNDERSTUDY_HOME", "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("UNDERSTUDY_AS_OF", "2026-07-01")
    return Path(shutil.copytree(finished_desk, tmp_path / "desk"))


@pytest.fixture(scope="module")
def finished_desk(tmp_path_factory) -> Iterator[Path]:
    """A desk whose entries were accepted in May and whose July audit is open, once for all."""
    with pytest.MonkeyPatch.context() as environment:
        for name in ("UNDERSTUDY_DESK", "UNDERSTUDY_HOME", "DAGSTER_HOME"):
            environment.delenv(name, raising=False)
        environment.setenv("UNDERSTUDY_AS_OF", "2026-07-01")
        folder = audited_desk(tmp_path_factory.mktemp("audited") / "desk")
        opened(folder)
        yield folder


def audited_desk(folder: Path) -> Path:
    (folder / "knowledge").mkdir(parents=True)
    (folder / "desk.yaml").write_text(DESK)
    (folder / "categories.yaml").write_text(CATEGORIES)
    for name, owner in ENTRIES.items():
        where = "billing" if name == "pay" else "login"
        (folder / "knowledge" / f"{name}.md").write_text(ENTRY.format(id=name, category=where, owner=owner))
    loaded = load_desk(folder)
    for name in ENTRIES:
        accept(loaded, name, MAY, review_by=dt.date(2026, 12, 31))
    accept(loaded, "share", MAY, review_by=dt.date(2026, 9, 15))
    publish(folder, "entry_trouble", [trouble("reset", 1, 40)])
    publish(folder, "help_center_articles", [article("zd:1", locale="en", updated_at=None)])
    publish(folder, "knowledge_coverage", [category("billing", 1)])
    hashes = {row["entry_id"]: row["content_hash"] for row in in_ledger(folder, accepted_entries).to_dict("records")}
    publish(folder, "knowledge_findings", [
        finding(1, "unlock", evidence="It says 9 €.") | {"subject_hash": hashes["unlock"]},
        finding(2, "zd:1", "article", "d"),
    ])  # fmt: skip
    publish(folder, "knowledge_drafts", [{"status": "open", "category_id": "billing", "sources": rests_on("zd:1")}])
    return folder


def publish(desk: Path, name: str, rows) -> None:
    lake = Lake(desk / ".understudy")
    lake.prepare()
    write_parquet(pd.DataFrame(rows), lake.folder / f"{name}.parquet")


def in_ledger(desk: Path, read) -> pd.DataFrame:
    with open_ledger(desk / ".understudy" / "ledger" / "ledger.sqlite") as ledger:
        return read(ledger)


def opened(desk: Path, quarter: str = "2026-07-01") -> pd.DataFrame:
    """Publish the entries as they stand, and open the quarter's audit over them."""
    from orchestration.people.knowledge_audit import entries_now

    now = entries_now(load_desk(desk))
    publish(desk, "live_entries", now.live)
    publish(desk, "entries_set_aside", now.not_live)
    frame = audit_quarter(DeskResource(folder=str(desk)), day(quarter))
    publish(desk, "knowledge_audit", frame)
    return frame


def run(desk: Path, *arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["knowledge", *arguments, "--desk", str(desk)])
    assert done.exit_code == code, done.output
    return " ".join((done.output if code == 0 else done.stderr).split())


def test_before_an_audit_is_opened_the_command_says_how(desk):
    (desk / ".understudy" / "lake" / "knowledge_audit.parquet").unlink()
    assert "no audit has been opened yet. Run: understudy run quarterly" in run(desk, "work", code=1)


def test_everybodys_share_and_what_comes_first(desk):
    said = run(desk, "work")
    assert "Audit of 2026-Q3: 6 items, 0 done, due by 2026-07-31 (30 days left)." in said
    assert "Ada Moreno: 3 of 3 to do, 1 with something against them, about 5 minutes" in said
    assert "Ben Osei: 1 of 1 to do, 0 with something against them" in said
    assert "Nobody (unowned): 2 of 2 to do" in said
    assert "“How do I unlock?” (unlock) (Ada Moreno): It says 9 €." in said


def test_one_owners_share_says_what_to_do(desk):
    said = run(desk, "work", "--owner", "ada moreno")
    first, quiet = said.split("NOTHING OF NOTE SPEAKS AGAINST THESE (2)")
    assert "LOOK AT THESE FIRST (1) 1. “How do I unlock?” (unlock) - It says 9 €. Say 11 €." in first
    assert "(reset), accepted 2026-05-10, 40 answers lately, 1 went wrong" in quiet
    assert "Press *reset*." in quiet
    assert "(share), accepted 2026-05-10, confirming renews its review" in quiet
    assert 'confirm --quiet --owner "Ada Moreno"' in quiet
    assert "Did you mean Ada Moreno" in run(desk, "work", "--owner", "Ada Morena", code=1)
    assert "no audit of 2026-Q2; there are: 2026-Q3" in run(desk, "work", "--quarter", "2026-Q2", code=1)
    assert "is no quarter" in run(desk, "work", "--quarter", "spring", code=1)


def test_quiet_entries_are_confirmed_in_one_go_each_by_name(desk):
    refused = run(desk, "confirm", "--quiet", "--owner", "Ada Moreno", *WHO, code=1)
    assert "somebody must say yes" in refused
    assert in_ledger(desk, closed_items).empty
    said = run(desk, "confirm", "--quiet", "--owner", "Ada Moreno", "--yes", *WHO)
    assert "confirmed: “How do I reset?” (reset), owned by Ada Moreno" in said
    assert "confirmed: “How do I share?” (share), owned by Ada Moreno, next review set" in said
    assert "Ben Osei confirmed 2 items of the audit of 2026-Q3 as knowledge owner." in said
    assert set(in_ledger(desk, closed_items)["subject_id"]) == {"reset", "share"}
    after = run(desk, "work", "--owner", "Ada Moreno")
    assert "DONE (2)" in after
    assert "“How do I reset?” (reset): confirmed by Ben Osei" in after
    assert "Nothing is left" in run(desk, "confirm", "--quiet", "--owner", "Ada Moreno", "--yes", *WHO)


def test_confirming_renews_a_review_that_would_fall_due_before_the_next_audit_is_over(desk):
    loaded = load_desk(desk)
    confirm(loaded, chosen(loaded, ["share", "reset"]), JULY)
    until = in_ledger(desk, accepted_entries).set_index("entry_id")["review_by"]
    assert until["share"] == day("2026-12-30"), "180 days after the look"
    assert until["reset"] == day("2026-12-31"), "as it was"
    items = {one.row["subject_id"]: one for one in work(loaded).items}
    assert items["share"].row["done_how"] == "accepted anew"
    assert items["reset"].row["done_how"] == "confirmed"


def test_an_entry_past_its_review_alone_comes_back_by_confirming(desk, monkeypatch):
    monkeypatch.setenv("UNDERSTUDY_AS_OF", "2026-09-20")
    loaded = load_desk(desk)
    (share,) = chosen(loaded, ["share"])
    assert share.row["reasons"] == ["It is out of use: its review was due by 2026-09-15."]
    assert "next review set" in " ".join(confirm(loaded, [share], JULY))
    assert {one.row["subject_id"]: one.is_done for one in work(loaded).items}["share"]


def test_several_items_by_name_or_id_articles_and_categories_too(desk):
    frame = Lake(desk / ".understudy").read("knowledge_audit")
    pay = frame.set_index("subject_id").loc["pay", "item_id"]
    said = run(desk, "confirm", pay[:6], "zd:1", "billing", "pay", *WHO, "--note", "Read with Lena.")
    assert "confirmed 3 items" in said
    assert "article “All about zd:1” (zd:1)" in said
    assert "category “Billing” (billing), owned by unowned" in said
    assert set(in_ledger(desk, closed_items)["note"]) == {"Read with Lena."}
    assert "done already, confirmed by Ben Osei" in run(desk, "confirm", "pay", *WHO)
    assert len(in_ledger(desk, closed_items)) == 3
    republished = opened(desk).set_index("subject_id")["status"]
    assert republished[["pay", "zd:1", "billing"]].tolist() == ["done"] * 3


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["confirm", *WHO], "name the items to confirm"),
        (["confirm", "reset", "--quiet", *WHO], "name the items to confirm"),
        (["confirm", "--quiet", *WHO], "--quiet goes with --owner"),
        (["confirm", "resett", *WHO], "Did you mean reset"),
        (["confirm", "reset", "--by", "Ben Osei", "--role", "intern"], "is not a role that signs knowledge"),
        (["confirm", "reset", "--by", " ", "--role", "support lead"], "name is needed"),
    ],
)
def test_what_cannot_be_confirmed_records_nothing(desk, arguments, says):
    assert says in run(desk, *arguments, code=1)
    assert in_ledger(desk, closed_items).empty


def test_an_edited_entry_must_be_accepted_and_takes_nothing_else_with_it(desk):
    file = desk / "knowledge" / "reset.md"
    file.write_text(file.read_text().replace("Then wait.", "Then do not wait."))
    said = run(desk, "confirm", "pay", "reset", *WHO, code=1)
    assert "nothing was recorded" in said
    assert "understudy knowledge accept reset" in said
    assert in_ledger(desk, closed_items).empty
    accept(load_desk(desk), "reset", JULY)
    assert "“How do I reset?” (reset): edited by Ben Osei" in run(desk, "work", "--owner", "Ada Moreno")


def test_what_changed_since_it_was_shown_is_not_confirmed(desk):
    loaded = load_desk(desk)
    shown = chosen(loaded, ["reset"])
    file = desk / "knowledge" / "reset.md"
    file.write_text(file.read_text().replace("Then wait.", "Then do not wait."))
    accept(loaded, "reset", JULY)
    with pytest.raises(KnowledgeProblem, match="not what you were shown"):
        confirm(loaded, shown, JULY)
    assert in_ledger(desk, closed_items).empty


def test_open_items_of_earlier_quarters_are_not_forgotten(desk, monkeypatch):
    monkeypatch.setenv("UNDERSTUDY_AS_OF", "2026-10-01")
    opened(desk, "2026-10-01")
    said = run(desk, "work")
    assert "Audit of 2026-Q4" in said
    late = run(desk, "work", "--quarter", "2026-Q3")
    assert "overdue" in late
    assert "62 days ago" in late

"""``understudy calibration``: which tickets are shown, and what a person says about them."""

import pandas as pd
import pytest
from typer.testing import CliRunner

from ledger.labels import right_entries
from ledger.store import open_ledger
from orchestration.cli import app
from orchestration.lake import Lake, write_parquet

DESK = """desk_id: acme
company: Acme (fictional)
helpdesks: [{name: zendesk, kind: zendesk, exports: "zendesk-*"}]
"""
CATEGORIES = "categories: [{id: login, name: Login, bucket: automate}, {id: refund, name: Refund, bucket: escalate}]\n"
WHO = ["--by", "Mira Okafor", "--role", "knowledge owner"]
TICKETS = [
    ("zd:1", "login", False, "calibration"),
    ("zd:2", "login", False, "calibration"),
    ("zd:3", "login", True, "calibration"),
    ("zd:4", "refund", False, "calibration"),
    ("zd:5", "login", False, "holdout"),
    ("zd:6", "login", False, "train"),
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in ("UNDERSTUDY_DESK", "UNDERSTUDY_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "desk.yaml").write_text(DESK)
    (tmp_path / "categories.yaml").write_text(CATEGORIES)
    lake = Lake(tmp_path / ".understudy")
    lake.prepare()
    rows = pd.DataFrame(TICKETS, columns=["ticket_id", "predicted_category_id", "is_unknown", "split"])
    write_parquet(rows.drop(columns="split"), lake.folder / "ticket_intents.parquet")
    write_parquet(rows[["ticket_id", "split"]], lake.folder / "ticket_splits.parquet")
    write_parquet(rows[["ticket_id"]].assign(text="How do I log in?"), lake.folder / "ticket_vectors.parquet")
    live = pd.DataFrame({"entry_id": ["log-in"], "content_hash": ["a" * 64]})
    write_parquet(live, lake.folder / "live_entries.parquet")
    return tmp_path


def run(folder, *arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["calibration", *arguments, "--desk", str(folder)])
    assert done.exit_code == code, done.output
    return " ".join(done.output.split())


def test_only_calibration_tickets_that_may_be_answered_are_shown(folder):
    said = run(folder, "list", "--format", "csv")
    assert "zd:1" in said
    assert "zd:2" in said
    for left_out in ("zd:3", "zd:4", "zd:5", "zd:6"):
        assert left_out not in said


def test_what_a_customer_wrote_does_not_steer_the_terminal(folder):
    lake = Lake(folder / ".understudy")
    texts = pd.DataFrame({"ticket_id": ["zd:1", "zd:2"], "text": ["\x1b[31mred", "plain"]})
    write_parquet(texts, lake.folder / "ticket_vectors.parquet")
    said = run(folder, "list")
    assert "\x1b" not in said
    assert "�[31mred" in said


def test_what_a_person_names_is_kept_and_shown_and_empty_rows_are_passed_over(folder):
    file = folder / "named.csv"
    file.write_text("ticket_id,entry_ids,text\nzd:1,log-in,How?\nzd:2,,How?\n")
    assert "1 tickets" in run(folder, "name", str(file), *WHO)
    assert "zd:1,login,review,log-in" in run(folder, "list", "--format", "csv")
    file.write_text("ticket_id,entry_ids\nzd:1,none\n")
    run(folder, "name", str(file), *WHO)
    assert "zd:1,login,review,none" in run(folder, "list", "--format", "csv")


def test_a_word_about_an_entry_that_changed_since_counts_no_longer(folder):
    file = folder / "named.csv"
    file.write_text("ticket_id,entry_ids\nzd:1,log-in\n")
    run(folder, "name", str(file), *WHO)
    live = pd.DataFrame({"entry_id": ["log-in"], "content_hash": ["b" * 64]})
    write_parquet(live, Lake(folder / ".understudy").folder / "live_entries.parquet")
    assert "review" not in run(folder, "list", "--format", "csv")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ticket_id,entry_ids\nzd:5,log-in\n", "zd:5 is not a calibration ticket"),
        ("ticket_id,entry_ids\nzd:1,log-out\n", "there is no live entry 'log-out'"),
        ("ticket\nzd:1\n", "lacks the column entry_ids, ticket_id"),
    ],
)
def test_a_mistake_records_nothing(folder, text, words):
    file = folder / "named.csv"
    file.write_text(text)
    assert words in run(folder, "name", str(file), *WHO, code=1)
    with open_ledger(folder / ".understudy" / "ledger" / "ledger.sqlite") as ledger:
        assert right_entries(ledger).empty


def test_before_the_stages_it_says_what_to_run(folder):
    (Lake(folder / ".understudy").folder / "live_entries.parquet").unlink()
    assert "understudy run" in run(folder, "list", code=1)

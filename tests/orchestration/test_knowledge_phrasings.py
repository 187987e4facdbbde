"""``understudy knowledge phrasings``: what customers say that an entry does not say yet."""

import pandas as pd
import pytest
from typer.testing import CliRunner

from desk.knowledge import read_knowledge
from orchestration.cli import app
from orchestration.lake import Lake, write_parquet
from orchestration.resources import EncoderResource
from tests.encoders import HashingEncoder

DESK = """desk_id: acme
company: Acme (fictional)
helpdesks: [{name: zendesk, kind: zendesk, exports: "zendesk-*"}]
"""
ENTRY = """---
id: reset
category: password_reset
question: How do I reset my password?
phrasings: ["I want to reset my password please"]
owner: Mira Okafor
---
Press *Reset*.
"""
ASKED = ["reset my password please, it is gone", "how can I reset a lost password", "where is my invoice for May"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in ("UNDERSTUDY_DESK", "UNDERSTUDY_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(EncoderResource, "load", lambda self: HashingEncoder())
    (tmp_path / "desk.yaml").write_text(DESK)
    (tmp_path / "categories.yaml").write_text("categories: [{id: password_reset, name: Password reset}]\n")
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "knowledge" / "reset.md").write_text(ENTRY)
    lake = Lake(tmp_path / ".understudy")
    lake.prepare()
    rows = [(f"t{n}", "password_reset", "en", text, 3.0) for n, text in enumerate(ASKED)]
    frame = pd.DataFrame(rows, columns=["ticket_id", "category_id", "language", "question", "strength"])
    write_parquet(frame, lake.folder / "customer_questions.parquet")
    return tmp_path


def run(folder, *arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["knowledge", "phrasings", *arguments, "--desk", str(folder)])
    assert done.exit_code == code, done.output
    return " ".join(done.output.split())


def test_what_customers_say_beside_an_entry_is_listed_and_nothing_is_written(folder):
    said = run(folder)
    assert "reset a lost password" in said
    assert "invoice" not in said
    assert (folder / "knowledge" / "reset.md").read_text() == ENTRY


def test_written_phrasings_stand_behind_the_entrys_own(folder):
    said = run(folder, "reset", "--write")
    assert "unsigned" in said
    (entry,), _ = read_knowledge(folder / "knowledge", ["password_reset"])
    assert entry.phrasings[0] == "I want to reset my password please"
    assert len(entry.phrasings) >= 2
    assert not any("invoice" in one for one in entry.phrasings)


def test_errors_name_the_entry_and_the_way(folder):
    assert "there is no entry 'rest'. Did you mean reset?" in run(folder, "rest", code=1)
    assert "name the entry" in run(folder, "--write", code=1)

"""The parts of the real desk's benchmark: rows to look at, memory, shortened exports, and the first tier by rule."""

from __future__ import annotations

import gzip
import subprocess
import sys

import pandas as pd
from typer.testing import CliRunner

from benchmarks.memory import PeakMemory, family
from benchmarks.thunderbird_desk import shortened
from benchmarks.thunderbird_desk_people import choose_first_tier
from benchmarks.thunderbird_desk_rows import TELLING, telling_rows
from desk.knowledge import Entry, write_entry
from desk.loading import load_desk
from orchestration.cli.app import app
from orchestration.lake import Lake, write_parquet

CATEGORIES = """categories:
  - {id: calendar, name: Calendar, bucket: hybrid, tier: 1}
  - {id: contacts, name: Contacts, bucket: hybrid, tier: 1}
  - {id: spam, name: Spam, bucket: escalate}
"""
HOLDING = "import sys; held = bytearray(120_000_000); print('held', flush=True); sys.stdin.read()"


def test_the_rows_are_those_of_the_query_and_private_tables_are_counted_alone(tmp_path):
    lake = Lake(tmp_path)
    lake.prepare()
    splits = pd.DataFrame(
        {"split": ["train"] * 3 + ["holdout"], "reason": ["new group"] * 4, "ticket_id": list("abcd")}
    )
    write_parquet(splits, lake.folder / "ticket_splits.parquet")
    write_parquet(pd.DataFrame({"name": ["Ada Moreno"]}), lake.private / "int_comment_texts.parquet")
    write_parquet(pd.DataFrame({"number": range(20)}), lake.folder / "anything.parquet")
    found = telling_rows(lake, rows=3)
    assert found["ticket_splits"] == (
        4,
        [
            {"split": "train", "reason": "new group", "tickets": 3},
            {"split": "holdout", "reason": "new group", "tickets": 1},
        ],
    )
    assert found["int_comment_texts"] == (1, [])
    assert found["anything"] == (20, [{"number": 0}, {"number": 1}, {"number": 2}])
    assert "anything" not in TELLING


def test_memory_is_that_of_a_process_and_its_children():
    command = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {HOLDING!r}], stdin=sys.stdin)"
    with subprocess.Popen([sys.executable, "-c", command], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        assert len(family(process.pid)) == 2
        with PeakMemory(process.pid) as memory:
            pass
        process.stdin.close()
    assert 0.1 < memory.peak_gib < 1
    assert family(process.pid) == set()


def test_an_export_is_cut_at_a_line(tmp_path):
    export = tmp_path / "tickets-2025-12.ndjson.gz"
    with gzip.open(export, "wb") as handle:
        handle.write(b'{"id": 1}\n{"id": 2}\n{"id": 3}\n')
    assert shortened(export, None, tmp_path / "cut") == export
    with gzip.open(shortened(export, 2, tmp_path / "cut")) as handle:
        assert handle.read() == b'{"id": 1}\n{"id": 2}\n'


def test_the_first_tier_is_what_has_its_entries(tmp_path):
    CliRunner().invoke(app, ["init", str(tmp_path)])
    (tmp_path / "categories.yaml").write_text(CATEGORIES, encoding="utf-8")
    desk = load_desk(tmp_path)
    assert choose_first_tier(desk).endswith("as proposed")
    for number in range(3):
        entry = Entry(
            id=f"share-{number}", category="calendar", question=f"How do I share calendar {number}?", answer="Like this.",
            phrasings=["share it", "give it to others", "let others see it"], status="accepted",
            owner="Ada Moreno", reviewed_at="2026-01-01", review_by="2026-07-01",
        )  # fmt: skip
        write_entry(desk.knowledge / f"calendar/{entry.id}.md", entry)
    assert choose_first_tier(load_desk(tmp_path)).endswith("first tier: calendar")
    tiers = {one.id: one.tier for one in load_desk(tmp_path).categories}
    assert tiers == {"calendar": 1, "contacts": 2, "spam": None}

"""Which week or month a run takes up, and how it says what came of it."""

import subprocess
import sys
import time

import pandas as pd
import pytest

from assets.pilot_agent.answers.frames import frame_of
from assets.retrain_agent.frames import CANDIDATE, UPDATE
from desk.loading import load_desk
from orchestration.cli.app import PERIODS as NAMED
from orchestration.cli.period_words import candidate_lines, update_lines
from orchestration.cli.running_periods import PERIODS, PeriodError, _partition_of
from orchestration.lake import Lake, write_parquet
from orchestration.partitions import monthly_partitions, weekly_partitions
from tests.conftest import ROOT
from tests.desks import copy_sample_desk, environment


@pytest.fixture
def lake(tmp_path) -> Lake:
    made = Lake(tmp_path / "home")
    made.prepare()
    return made


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/Los_Angeles"])
def test_a_day_is_that_of_utc_wherever_the_machine_stands(monkeypatch, zone):
    monkeypatch.setenv("TZ", zone)
    monkeypatch.setenv("UNDERSTUDY_AS_OF", "2026-06-01")  # a Monday, and the first of a month
    time.tzset()
    try:
        assert _partition_of(weekly_partitions, None) == "2026-06-01"
        assert _partition_of(monthly_partitions, None) == "2026-06-01"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_what_is_no_week_or_no_moment_is_said(monkeypatch):
    with pytest.raises(PeriodError, match="'2026-06-02' is none of the partitions"):
        _partition_of(weekly_partitions, "2026-06-02")
    monkeypatch.setenv("UNDERSTUDY_AS_OF", "soon")
    with pytest.raises(PeriodError, match="'soon' is no moment"):
        _partition_of(weekly_partitions, None)


def test_the_command_knows_every_period():
    assert tuple(PERIODS) == NAMED


@pytest.mark.parametrize("day", ["2019-05-02", "2199-05-02"])
def test_data_from_outside_the_calendar_is_no_failure(tmp_path, day):
    folder = copy_sample_desk(tmp_path, exports="none")
    lake = Lake(load_desk(folder).home)
    lake.prepare()
    at = pd.to_datetime([day], utc=True)
    write_parquet(pd.DataFrame({"created_at": at, "updated_at": at}), lake.file("fct_tickets"))
    # In a process of its own: running leaves the desk in the environment, where other tests would find it.
    program = (
        "import sys; from pathlib import Path; from rich.console import Console; from desk.loading import load_desk;"
        "from orchestration.cli.running_periods import run_due;"
        "outcome = run_due(load_desk(Path(sys.argv[1])), Console(quiet=True)); print(outcome.problems, *outcome.warnings)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert done.stdout.startswith("[] nothing was made by the calendar: "), done.stderr
    assert done.stdout.count("nothing was made") == 1


def test_a_week_says_what_was_built_and_what_to_do_next(lake):
    counts = {name: 7 for name in UPDATE if name.startswith("count_")}
    common = {**dict.fromkeys(UPDATE), **counts, "change_ids": [], "built_as_of": pd.Timestamp("2026-06-03", tz="UTC")}
    rows = [
        {**common, "week": "2026-06-01", "status": "built", "release_id": "a" * 64, "change_ids": ["C-001"], "why": ["well done"]},
        {**common, "week": "2026-06-08", "status": "held", "release_id": "b" * 64, "change_ids": ["C-002"], "why": ["it breaks"]},
        {**common, "week": "2026-06-15", "status": "nothing", "why": ["no accepted change can be taken up"]},
    ]  # fmt: skip
    write_parquet(frame_of(rows, UPDATE), lake.folder / "micro_updates.parquet")
    built, held, nothing = (update_lines(lake, row["week"], None) for row in rows)
    assert "built. Release aaaaaaaaaaaa holds C-001: 7 affected tickets replayed" in built[0]
    assert built[1:] == [
        "- well done",
        "To take it to customers: understudy release sign aaaaaaaaaaaa, then: understudy release activate aaaaaaaaaaaa",
    ]
    assert update_lines(lake, "2026-06-01", "a" * 64)[-1] == "It is current."
    assert held[1:] == ["- it breaks"]
    assert nothing == ["Micro-update of the week of 2026-06-15: nothing.", "- no accepted change can be taken up"]


def test_a_month_says_whether_its_candidate_may_take_over(lake):
    rows = [
        {**dict.fromkeys(CANDIDATE), "month": "2026-05", "verdict": "promotable", "release_id": "c" * 64, "why": []},
        {**dict.fromkeys(CANDIDATE), "month": "2026-06", "verdict": "not_built", "why": ["nothing new"]},
    ]
    write_parquet(frame_of(rows, CANDIDATE), lake.folder / "candidate_release.parquet")
    assert candidate_lines(lake, "2026-05", None)[0] == "Candidate of 2026-05: promotable. Release cccccccccccc."
    assert "release sign cccccccccccc" in candidate_lines(lake, "2026-05", None)[-1]
    assert candidate_lines(lake, "2026-06", None) == ["Candidate of 2026-06: not built.", "- nothing new"]

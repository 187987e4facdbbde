"""Killing the run at any moment and running again ends in the same state."""

import os
import signal
import subprocess
import time

import pandas as pd
import pytest

from orchestration.lake import Lake, read_parquet
from tests.conftest import ROOT
from tests.desks import UNDERSTUDY, copy_sample_desk, environment, understudy

pytestmark = pytest.mark.graph
MOMENTS = [(0, 1.0), (0, 4.0), (1, 0.0), (3, 0.5), (4, 2.0), (5, 0.2), (7, 1.0), (9, 0.1), (11, 0.3), (14, 0.0)]
"""When to kill: after so many lines of the run's output, and so many seconds more."""
COMPARED = (
    "fct_tickets", "fct_ticket_comments", "redacted_comments", "ticket_vectors", "ticket_splits", "category_candidates",
    "ticket_intents", "training_roadmap",
)  # fmt: skip


def start(desk) -> subprocess.Popen:
    return subprocess.Popen(
        [UNDERSTUDY, "run", "audit_tickets", "--desk", str(desk)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(PYTHONUNBUFFERED="1"),
        start_new_session=True,
    )


def kill_at(desk, count_lines: int, seconds: float) -> None:
    run = start(desk)
    assert run.stdout is not None
    for _ in range(count_lines):
        assert run.stdout.readline(), "the run ended before it could be killed"
    time.sleep(seconds)
    assert run.poll() is None, "the run ended before it could be killed"
    os.killpg(run.pid, signal.SIGKILL)
    run.communicate()


def test_ten_kills_end_where_an_undisturbed_run_ends(tmp_path):
    calm = copy_sample_desk(tmp_path / "calm", exports="freshdesk-*")
    assert understudy("run", "audit_tickets", desk=calm).returncode == 0

    killed = copy_sample_desk(tmp_path / "killed", exports="freshdesk-*")
    for number, moment in enumerate(MOMENTS):
        kill_at(killed, *moment)
        torn = [file for file in (killed / ".understudy" / "lake").rglob("*.parquet") if not _is_readable(file)]
        assert not torn, f"after kill {number}: {torn}"

    done = understudy("run", "audit_tickets", desk=killed)
    assert done.returncode == 0, done.stdout + done.stderr
    for name in COMPARED:
        one, other = (Lake(desk / ".understudy").read(name) for desk in (calm, killed))
        pd.testing.assert_frame_equal(_sorted(one), _sorted(other), obj=name)


def _is_readable(file) -> bool:
    try:
        read_parquet(file)
    except (OSError, ValueError):
        return False
    return True


def _sorted(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values(frame.columns[0]).reset_index(drop=True)

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
KILLS = 10
COMPARED = (
    "fct_tickets", "fct_ticket_comments", "redacted_comments", "ticket_vectors", "ticket_splits", "category_candidates",
    "ticket_intents", "training_roadmap",
)  # fmt: skip


def start(desk) -> subprocess.Popen:
    return subprocess.Popen(
        [UNDERSTUDY, "run", "audit_tickets", "--desk", str(desk)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(),
        start_new_session=True,
    )


def test_ten_kills_end_where_an_undisturbed_run_ends(tmp_path):
    calm = copy_sample_desk(tmp_path / "calm", exports="freshdesk-*")
    started = time.monotonic()
    assert understudy("run", "audit_tickets", desk=calm).returncode == 0
    whole = time.monotonic() - started

    killed = copy_sample_desk(tmp_path / "killed", exports="freshdesk-*")
    interrupted = 0
    for number in range(KILLS):
        run = start(killed)
        try:
            run.wait(timeout=whole * (number + 1) / (KILLS + 1))
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
            run.wait()
            interrupted += 1
        torn = [file for file in (killed / ".understudy" / "lake").rglob("*.parquet") if not _is_readable(file)]
        assert not torn, f"after kill {number}: {torn}"
    assert interrupted >= KILLS // 2

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

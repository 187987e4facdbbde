from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from ledger.chain import Anchor
from ledger.schema import ledger_payloads
from ledger.store import open_ledger
from ledger.verification import verify
from tests.ledger.conftest import accepted

WORKER = Path(__file__).with_name("append_worker.py")
ROOT = Path(__file__).parents[2]


def start_worker(location: str, name: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(WORKER), location, name, str(count)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def anchors(output: str) -> list[Anchor]:
    """Acknowledged events, from complete lines only."""
    lines = [line.split() for line in output.splitlines(keepends=True) if line.endswith("\n")]
    return [Anchor(int(sequence), event_hash) for sequence, event_hash in lines]


def test_processes_appending_at_once_make_one_chain(location: str):
    """Nobody opened the ledger before: the workers also race to create it."""
    workers = [start_worker(location, f"worker{number}", 40) for number in range(4)]
    acknowledged = [anchor for worker in workers for anchor in anchors(worker.communicate(timeout=60)[0])]
    assert [worker.returncode for worker in workers] == [0, 0, 0, 0]
    assert sorted(anchor.sequence for anchor in acknowledged) == list(range(1, 161))
    with open_ledger(location) as ledger:
        result = verify(ledger, acknowledged)
    assert result.is_intact, result.first_break
    assert result.count_events == 160


def test_threads_appending_at_once_make_one_chain(location: str):
    with open_ledger(location) as ledger:
        with ThreadPoolExecutor(8) as pool:
            events = list(pool.map(lambda number: ledger.append(accepted(number)), range(64)))
        assert sorted(event.sequence for event in events) == list(range(1, 65))
        assert verify(ledger).is_intact


def test_one_key_from_many_threads_is_one_event(location: str):
    with open_ledger(location) as ledger, ThreadPoolExecutor(8) as pool:
        events = list(pool.map(lambda _: ledger.append(accepted(1, idempotency_key="k")), range(32)))
        assert len({event.event_id for event in events}) == 1
        assert ledger.head().sequence == 1


def test_killed_writers_leave_a_whole_chain_with_all_they_acknowledged(location: str):
    """Five writers at full speed, killed one after the other at random moments, verified after each kill."""
    moments = random.Random(7)
    workers = [start_worker(location, f"worker{number}", 1_000_000) for number in range(5)]
    acknowledged: list[Anchor] = []
    try:
        for worker in workers:
            assert worker.stdout is not None
            seen = "".join(worker.stdout.readline() for _ in range(moments.randint(1, 25)))
            worker.send_signal(signal.SIGKILL)
            acknowledged += anchors(seen + worker.stdout.read())
            worker.wait()
            with open_ledger(location) as ledger:
                result = verify(ledger, acknowledged)
            assert result.is_intact, result.first_break
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    with open_ledger(location) as ledger:
        count_before = ledger.head().sequence
        assert ledger.append(accepted(1)).sequence == count_before + 1
        assert verify(ledger, acknowledged).is_intact
        with ledger.reading() as connection:
            count_payloads = connection.execute(sa.select(sa.func.count()).select_from(ledger_payloads)).scalar_one()
    assert count_before >= len(acknowledged) >= 5
    assert count_payloads == count_before + 1, "no words without their event"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_a_forked_child_does_not_use_its_parents_connection(location: str):
    with open_ledger(location) as ledger:
        ledger.append(accepted(1))
        child = os.fork()
        if child == 0:
            try:
                ledger.append(accepted(2))
                os._exit(0)
            finally:
                os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert ledger.append(accepted(3)).sequence == 3
        assert verify(ledger).is_intact

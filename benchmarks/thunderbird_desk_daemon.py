"""A new month under a running daemon: dropped into the inbox, and watched until what follows from it is there.

Belongs here: starting ``understudy dev``, dropping and waiting. Does not belong here: what the runs compute, or where they are
recorded (``orchestration.run_record``).
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.memory import PeakMemory
from benchmarks.served import ROOT, UNDERSTUDY, environment
from desk.loading import load_desk
from orchestration.run_record import Recorded, RunRecord, recorded

POLL_SECONDS = 5.0
QUIET_SECONDS = 150.0
"""Nothing under way for as long: automation looks every 30 s and may take several looks to ask for more."""
LANDING = "land_exports_job"
END_SECONDS = 60.0


@dataclass(frozen=True)
class Followed:
    """What came of a new export: seconds from the drop to the last run's end, the runs in order, the assets that follow from
    tickets by themselves and were not made anew, and the most memory that all processes together held."""

    seconds: float
    began: float
    runs: list[RunRecord]
    not_followed: list[str]
    peak_gib: float


def drop_and_watch(desk: Path, export: Path, log: Path, limit_seconds: float) -> Followed:
    """Start the daemon, link ``export`` into the inbox, and wait until nothing more is asked for.

    Raises:
        SystemExit: the daemon ended by itself, or the export was not landed within the limit.
    """
    loaded = load_desk(desk)
    with (
        recorded(loaded) as instance,
        _daemon(desk, log) as process,
        PeakMemory(process.pid) as memory,
    ):
        started = time.time()
        _wait_until_quiet(instance, process, started, limit_seconds)
        begun = time.time()
        (Path(str(loaded.inbox)) / export.name).symlink_to(export)
        print(f"\n{export.name} lies in the inbox; waiting for what follows", flush=True)
        _wait_until_quiet(instance, process, begun, limit_seconds, wanted=LANDING)
        runs = instance.runs(begun)
        ended = max((one.ended or begun for one in runs), default=begun)
        return Followed(
            round(ended - begun, 1), begun, runs, instance.not_followed("raw_tickets", begun), memory.peak_gib
        )


@contextmanager
def _daemon(desk: Path, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    ports = ["--port", str(_free_port()), "--console-port", str(_free_port())]
    with log.open("wb") as said:
        process = subprocess.Popen(
            [UNDERSTUDY, "dev", "--desk", str(desk), *ports],
            cwd=ROOT, stdout=said, stderr=subprocess.STDOUT, env=environment(), start_new_session=True,
        )  # fmt: skip
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(timeout=END_SECONDS)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)


def _wait_until_quiet(
    instance: Recorded, process: subprocess.Popen[bytes], since: float, limit_seconds: float, wanted: str | None = None
) -> None:
    """Until nothing has been under way for a while, and a run of the job ``wanted`` has ended.

    Raises:
        SystemExit: the daemon ended by itself, or the limit was reached before.
    """
    quiet_since = time.monotonic()
    while time.monotonic() - quiet_since < QUIET_SECONDS:
        if process.poll() is not None:
            raise SystemExit("understudy dev ended by itself; its words are in the desk's dev.log")
        if time.time() - since > limit_seconds:
            raise SystemExit(f"not done after {limit_seconds:,.0f} s; what it said is in the desk's dev.log")
        mine = instance.runs(since)
        is_wanted_missing = wanted is not None and not any(one.job == wanted and one.ended for one in mine)
        if is_wanted_missing or any(one.is_under_way for one in mine):
            quiet_since = time.monotonic()
        time.sleep(POLL_SECONDS)


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])

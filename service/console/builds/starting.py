"""Starting a build: one at a time, in a session of its own, so that it outlives the server that started it.

Belongs here: the refusal of a second one, the process and its environment. Does not belong here: what it does (``runner``).
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from assets.configure_behavior.releases.saved_release import ReleaseError
from desk.loading import Desk
from service.console.builds.records import Build, Builds, Step, newest_release

STAGES = ("build_knowledge", "configure_behavior")
"""The next release in whole."""
WEEKLY = ("weekly",)
"""The week's release alone: accepted fixes, replayed on what they are about and on what must not change."""
SEARCH = ("retrain_agent",)
"""No release: what people said of answers is read anew, failures are looked for, and what changes did is measured."""
EFFECTS = ("effects",)
"""No release: what changes did is measured anew."""
COMMAND = (str(Path(sys.executable).parent / "understudy"), "run")
START_SECONDS = 60.0
ASK_SECONDS = 1.0
"""How long it waits for the word that nobody else is starting one: a page may be asking the same."""
ROOT = Path(__file__).parents[3]


class AlreadyBuilding(ReleaseError):
    """A build runs already, of this server or another."""


def start_build(desk: Desk, by: str, command: Sequence[str] = COMMAND, stages: Sequence[str] = STAGES) -> Build:
    """Start building the next release of a desk; returns its record at once.

    Raises:
        AlreadyBuilding: one runs already. ReleaseError: the process did not start.
    """
    builds = Builds.of(desk.home)
    try:
        with FileLock(builds.starting_file, timeout=ASK_SECONDS):
            if builds.is_running():
                raise AlreadyBuilding("A build runs already. Its output is below; wait for it.")
            return _start(builds, desk, by, command, stages)
    except Timeout:
        raise AlreadyBuilding("Somebody has just started a build. Load the page again.") from None


def _start(builds: Builds, desk: Desk, by: str, command: Sequence[str], stages: Sequence[str]) -> Build:
    now = dt.datetime.now(dt.UTC)
    build = Build(
        f"{now:%Y%m%dT%H%M%S%f}", by, now.isoformat(timespec="seconds"), [Step(one) for one in stages],
        newest_before=newest_release(desk.home),
    )  # fmt: skip
    builds.write(build)
    arguments = [str(desk.folder), str(desk.home), build.build_id, *command]
    with builds.log_file(build.build_id).open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "service.console.builds.runner", *arguments],
            cwd=ROOT, env=_environment(desk), stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
    # Somebody has to ask for the code of a process that ended, else it stays in the table of processes.
    threading.Thread(target=process.wait, name="build", daemon=True).start()
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        found = builds.read(build.build_id)
        if found.state != "running" or builds.is_running():
            return found
        if process.poll() is not None:
            found = builds.read(build.build_id)
            if found.state != "running":  # it ended since it was asked for
                return found
            ended_at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
            builds.write(replace(found, state="failed", ended_at=ended_at))
            break
        time.sleep(0.05)
    raise ReleaseError(f"The build did not start: {builds.tail(build.build_id)[-400:].strip() or 'it said nothing'}")


def _environment(desk: Desk) -> dict[str, str]:
    """This server's environment, for output that is a file: no colours, no waiting for more before it is written."""
    return {
        **os.environ,
        "UNDERSTUDY_HOME": str(desk.home),
        "PYTHONUNBUFFERED": "1",
        "NO_COLOR": "1",
        "TERM": "dumb",
        "COLUMNS": "110",
    }

"""The process that builds: ``python -m service.console.builds.runner DESK HOME BUILD_ID``.

Belongs here: running the steps one after the other under the lock, and keeping the record. Does not belong here: starting
it (``starting``). It imports nothing of the platform: each step is a command of its own.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from service.console.builds.records import Build, Builds, Step, newest_release

LOCK_SECONDS = 10.0
"""How long it waits for the lock: somebody may be asking whether it is held."""


def main(desk: str, home: str, build_id: str, *command: str) -> int:
    """Run every step of the record; returns the code of the process.

    Args:
        command: what a stage is run with; a stage's name and the desk are added.
    """
    builds = Builds.of(Path(home))
    try:
        with FileLock(builds.lock_file, timeout=LOCK_SECONDS):
            return _build(builds, builds.read(build_id), Path(home), [*command], ["--desk", desk])
    except Timeout:
        print("Another build runs already, so this one was not begun.", flush=True)
        build = builds.read(build_id)
        builds.write(replace(build, state="failed", ended_at=_now()))
        return 1


def _build(builds: Builds, build: Build, home: Path, command: list[str], desk: list[str]) -> int:
    for place, step in enumerate(build.steps):
        build = _kept(builds, build, place, "running")
        print(f"== {step.stage}", flush=True)
        code = subprocess.run([*command, step.stage, *desk], stdin=subprocess.DEVNULL, check=False).returncode
        build = _kept(builds, build, place, "failed" if code else "done")
        if code:
            builds.write(replace(build, state="failed", ended_at=_now()))
            return code
    builds.write(replace(build, state="done", ended_at=_now(), newest_after=newest_release(home)))
    return 0


def _kept(builds: Builds, build: Build, place: int, state: str) -> Build:
    steps = [Step(one.stage, state) if at == place else one for at, one in enumerate(build.steps)]
    build = replace(build, steps=steps)
    builds.write(build)
    return build


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

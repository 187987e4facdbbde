"""What is known of builds: a record and a log a build, and whether one runs now.

Belongs here: the files under the desk's home in ``builds/``. Does not belong here: running the steps (``runner``), starting
one (``starting``), the page.

A build holds the lock file as long as it lives, whichever server started it: a record that says "running" while nobody
holds the lock, and nobody is starting one either, is of a build that was killed.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock, Timeout

State = Literal["running", "done", "failed", "cut off"]
TAIL_CHARS = 12_000
KEPT = 50
"""Builds whose records are shown; older ones lie there still."""
PROBE_SECONDS = 0.1
"""How long one asks for a lock before it counts as held: somebody else who asks holds it for an instant as well."""


@dataclass(frozen=True)
class Step:
    """One stage of a build: its name and how it went; ``state`` is waiting, running, done or failed."""

    stage: str
    state: str = "waiting"


@dataclass(frozen=True)
class Build:
    """One build. Times are ISO 8601 in UTC. ``newest_before`` and ``newest_after`` are ids of the last built release."""

    build_id: str
    by: str
    started_at: str
    steps: list[Step]
    state: State = "running"
    ended_at: str = ""
    newest_before: str = ""
    newest_after: str = ""

    @property
    def is_new_release(self) -> bool:
        """Whether it built a release that was not there before."""
        return self.state == "done" and bool(self.newest_after) and self.newest_after != self.newest_before

    @property
    def is_weekly(self) -> bool:
        """Whether it was the week's release alone."""
        return [one.stage for one in self.steps] == ["weekly"]

    @property
    def is_search(self) -> bool:
        """Whether it looked for failures, which builds no release."""
        return [one.stage for one in self.steps] == ["retrain_agent"]

    @property
    def is_measuring(self) -> bool:
        """Whether it measured what changes did, which builds no release."""
        return [one.stage for one in self.steps] == ["effects"]


@dataclass(frozen=True)
class Builds:
    """The folder of a desk's builds."""

    folder: Path

    @classmethod
    def of(cls, home: Path) -> Builds:
        """The builds of the desk with this home; the folder is made."""
        folder = home / "builds"
        folder.mkdir(parents=True, exist_ok=True)
        return cls(folder)

    @property
    def lock_file(self) -> Path:
        """Held by the build that runs."""
        return self.folder / ".running.lock"

    @property
    def starting_file(self) -> Path:
        """Held for a moment by who starts one."""
        return self.folder / ".starting.lock"

    def log_file(self, build_id: str) -> Path:
        """What a build printed."""
        return self.folder / f"{build_id}.log"

    def write(self, build: Build) -> None:
        """Keep a record; a reader sees the old one or the new one."""
        file = self.folder / f"{build.build_id}.json"
        temporary = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}.tmp")
        temporary.write_text(json.dumps(asdict(build), indent=1), encoding="utf-8")
        temporary.replace(file)

    def read(self, build_id: str) -> Build:
        """The record of one build.

        Raises:
            FileNotFoundError: there is none.
        """
        words: dict[str, Any] = json.loads((self.folder / f"{build_id}.json").read_text(encoding="utf-8"))
        return Build(**{**words, "steps": [Step(**one) for one in words["steps"]]})

    def all(self) -> list[Build]:
        """The last builds, the newest first; one that says it runs and does not was cut off."""
        return self._newest(KEPT)

    def mark(self) -> tuple[str, State, tuple[Step, ...]] | None:
        """What a page about builds depends on, cheaper than all of them: the newest one, and how far it got."""
        found = self._newest(1)
        return (found[0].build_id, found[0].state, tuple(found[0].steps)) if found else None

    def is_running(self) -> bool:
        """Whether a build holds the lock now."""
        return _is_held(self.lock_file)

    def _newest(self, at_most: int) -> list[Build]:
        names = sorted((file.stem for file in self.folder.glob("*.json")), reverse=True)[:at_most]
        found = [self.read(name) for name in names]
        if any(one.state == "running" for one in found) and not (_is_held(self.starting_file) or self.is_running()):
            # It may have ended between reading its record and asking for the lock.
            found = [self.read(name) for name in names]
            found = [replace(one, state="cut off") if one.state == "running" else one for one in found]
        return found

    def tail(self, build_id: str) -> str:
        """The end of what a build printed."""
        try:
            with self.log_file(build_id).open("rb") as handle:
                handle.seek(0, os.SEEK_END)
                size = handle.tell()
                handle.seek(max(0, size - TAIL_CHARS))
                text = handle.read().decode("utf-8", errors="replace")
        except FileNotFoundError:
            return ""
        return text.split("\n", 1)[-1] if size > TAIL_CHARS else text


def _is_held(file: Path) -> bool:
    try:
        with FileLock(file, timeout=PROBE_SECONDS, poll_interval=PROBE_SECONDS / 5):
            return False
    except Timeout:
        return True


def newest_release(home: Path) -> str:
    """The id of the release that was built last; empty where there is none."""
    files = [file for file in (home / "releases").glob("*.status.json") if len(file.name.split(".")[0]) == 64]
    return max(files, key=lambda one: one.stat().st_mtime_ns).name.split(".")[0] if files else ""

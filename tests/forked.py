"""Commands in a process of their own, without Python and the platform being started anew for each.

A child is forked from a process that has imported the platform and done nothing else (the fork server of ``multiprocessing``).
It has the environment, the output and the exit code of the command that a shell would start, and ends as that one would; what is
saved is seconds of imports. Does not belong here: what must be a fresh Python (kills, servers, the command's own start), which
the tests of it start themselves.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.forkserver
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from multiprocessing.context import ForkServerContext
from pathlib import Path
from unittest import mock

PRELOADED = [f"orchestration.{name}" for name in ("cli", "cli.status", "jobs", "schedules", "sensors", "dbt")]
"""Not ``orchestration.definitions``, which take the desk from the environment as they are imported."""


def run_forked(
    arguments: Sequence[str], *, cwd: Path, environment: Mapping[str, str], timeout: float
) -> subprocess.CompletedProcess[str]:
    """Run ``understudy`` with these arguments.

    Raises:
        subprocess.TimeoutExpired: it took longer than so many seconds, and was killed.
    """
    command = ["understudy", *arguments]
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("output", "errors")]
        child = _server().Process(target=_understudy, args=(command, str(cwd), dict(environment), *map(str, files)))
        child.start()
        child.join(timeout)
        if child.exitcode is None:
            child.kill()
            child.join()
            raise subprocess.TimeoutExpired(command, timeout)
        output, errors = (file.read_text(encoding="utf-8", errors="replace") for file in files)
        done = subprocess.CompletedProcess(command, child.exitcode, output, errors)
        child.close()
    return done


@cache
def _server() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    # What is imported looks for a terminal and its width then, and is to find what the commands' own environment has.
    with mock.patch.dict(os.environ, {"COLUMNS": "160", "TERM": "dumb"}):
        multiprocessing.forkserver.ensure_running()
    return context


def _understudy(command: list[str], cwd: str, environment: dict[str, str], output: str, errors: str) -> None:
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    for number, file, mode in ((0, os.devnull, os.O_RDONLY), (1, output, os.O_WRONLY), (2, errors, os.O_WRONLY)):
        opened = os.open(file, mode | os.O_CREAT, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    for name, number, mode in (("stdin", 0, "r"), ("stdout", 1, "w"), ("stderr", 2, "w")):
        setattr(sys, name, os.fdopen(number, mode, encoding="utf-8"))
    sys.argv = command
    from orchestration.cli import app

    app()

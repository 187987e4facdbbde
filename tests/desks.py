"""Desks for tests that run the real graph: copies of the sample desk, and the command run as a person would."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.conftest import ROOT
from tests.forked import run_forked

SAMPLE = ROOT / "examples" / "brindlebase"
UNDERSTUDY = str(Path(sys.executable).parent / "understudy")


def copy_sample_desk(folder: Path, exports: str = "*") -> Path:
    """A copy of the sample desk, with those exports of its inbox that match the glob; times lie in the past."""
    desk = folder / "desk"
    (desk / "inbox").mkdir(parents=True)
    for name in ("desk.yaml", "categories.yaml", "behavior.yaml", "releases.csv"):
        shutil.copy(SAMPLE / name, desk / name)
    for entry in (SAMPLE / "inbox").glob(exports):
        add_export(entry, desk)
    return desk


def demo_desk(tmp_path_factory) -> Path:
    """The desk that ``make demo`` leaves behind before its pilot, made once for all test processes; what it printed is in
    ``said.txt``.

    Tests that change a desk take a copy of it (``copy_of``).
    """
    return _made_once(
        tmp_path_factory, "demo_desk", lambda desk: ["examples.demo", "--desk", str(desk), "--skip-pilot"]
    )


def pilot_desk(tmp_path_factory) -> Path:
    """The same desk with the simulated pilot played to its verdict."""
    before = demo_desk(tmp_path_factory)

    def command(desk: Path) -> list[str]:
        shutil.copytree(before, desk, symlinks=True)
        (desk / "said.txt").unlink()
        return ["examples.demo_pilot", "--desk", str(desk)]

    return _made_once(tmp_path_factory, "pilot_desk", command)


def _made_once(tmp_path_factory, name: str, command: Callable[[Path], list[str]]) -> Path:
    from filelock import FileLock

    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    desk = shared / "desk"
    shared.mkdir(exist_ok=True)
    with FileLock(shared / ".lock"):
        if not (desk / "said.txt").is_file():
            done = subprocess.run(
                [sys.executable, "-m", *command(desk)],
                cwd=ROOT, capture_output=True, text=True, env=environment(), timeout=1_800, check=False,
            )  # fmt: skip
            assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-4_000:]
            (desk / "said.txt").write_text(done.stdout)
    return desk


def copy_of(desk: Path, folder: Path) -> Path:
    """A copy of a desk with all that it knows; its state moves with it."""
    shutil.copytree(desk, folder / "desk", symlinks=True)
    return folder / "desk"


def add_export(entry: Path, desk: Path, name: str | None = None) -> Path:
    """Put an export into a desk's inbox as one that nobody is writing any more."""
    target = desk / "inbox" / (name or entry.name)
    shutil.copytree(entry, target) if entry.is_dir() else shutil.copy(entry, target)
    for file in [target, *target.rglob("*")]:
        os.utime(file, (1_780_000_000, 1_780_000_000))
    return target


def environment(**extra: str) -> dict[str, str]:
    """The environment of a fresh shell: nothing of another desk leaks in."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("UNDERSTUDY_", "DAGSTER_HOME", "DBT_TARGET"))
    }
    return {**kept, "COLUMNS": "160", **extra}


def understudy(
    *arguments: str, desk: Path | None = None, timeout: float = 900, **extra: str
) -> subprocess.CompletedProcess:
    """Run the command; the caller looks at code, output and errors."""
    command = [*arguments, *(["--desk", str(desk)] if desk else [])]
    return run_forked(command, cwd=ROOT, environment=environment(**extra), timeout=timeout)


def ask(desk: Path, sql: str) -> list[dict]:
    """Rows of a query through the command."""
    done = understudy("query", sql, "--format", "json", desk=desk)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]

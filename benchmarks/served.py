"""A copy of a desk, served as ``understudy serve`` does, for benchmarks that talk to the server.

Belongs here: making the copy, credentials, starting, watching and ending the process. Does not belong here: what is asked
(``service``, ``soak``).
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
UNDERSTUDY = str(Path(sys.executable).parent / "understudy")
START_SECONDS = 240.0
SCOPES = ("decisions:write", "feedback:write", "handoffs:write", "releases:read")
NO_LIMIT = 10_000_000
OPERATOR = "Ada Moreno"
_TOKEN = re.compile(r"und_\S+")


@dataclass
class Served:
    """A running server. ``log`` is the file with all that it said."""

    base: str
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def cpu_seconds(self) -> float:
        """What all its threads together have worked so far; 0 where the system does not tell."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def copy_of_desk(desk: Path | None, folder: Path, *, is_unlimited: bool = True) -> Path:
    """A copy of a demo desk below ``folder``; without one, the sample desk is taken to its release first (minutes).

    Args:
        is_unlimited: let one token ask as often as it likes; the limit would be measured otherwise.

    Raises:
        SystemExit: the desk has no release, or the demo failed.
    """
    copy = folder / "desk"
    if desk is None:
        print("taking the sample desk to its release first (minutes) ...", flush=True)
        command = [sys.executable, "-m", "examples.demo", "--desk", str(copy), "--skip-pilot"]
        if subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, env=environment(), check=False).returncode:
            raise SystemExit("the demo failed; run it by itself to see why: make demo")
    elif not any((desk / ".understudy" / "releases").glob("*/manifest.json")):
        raise SystemExit(f"{desk} has no release; make one (make demo), or name another desk with --desk")
    else:
        shutil.copytree(desk, copy, symlinks=True)
    if is_unlimited:
        settings = yaml.safe_load((copy / "desk.yaml").read_text(encoding="utf-8"))
        settings.setdefault("service", {})["requests_per_minute"] = NO_LIMIT
        (copy / "desk.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    return copy


def environment() -> dict[str, str]:
    """The environment of a fresh shell: nothing of another desk leaks in."""
    leaking = ("UNDERSTUDY_", "DAGSTER_HOME", "DBT_TARGET")
    return {name: value for name, value in os.environ.items() if not name.startswith(leaking)}


def understudy(*arguments: str, desk: Path, stdin: str | None = None) -> str:
    """Run the command and return what it said.

    Raises:
        SystemExit: it failed; carries its words.
    """
    done = subprocess.run(
        [UNDERSTUDY, *arguments, "--desk", str(desk)],
        cwd=ROOT, capture_output=True, text=True, env=environment(), check=False, input=stdin,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"understudy {arguments[0]} failed: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def issue_token(desk: Path, name: str) -> str:
    """A token with every scope."""
    scopes = [word for scope in SCOPES for word in ("--scope", scope)]
    found = _TOKEN.search(understudy("token", "issue", name, *scopes, "--by", OPERATOR, desk=desk))
    if found is None:
        raise SystemExit("understudy token issue printed no token")
    return found.group()


def start_server(desk: Path, port: int | None = None, log: Path | None = None) -> Served:
    """Start the server and wait until it decides.

    Args:
        port: a free one when None. log: appended to; beside the desk when None.

    Raises:
        SystemExit: it ended by itself or is not ready in time; carries the end of its log.
    """
    port, log = port or _free_port(), log or desk.parent / "served.log"
    with log.open("ab") as said:
        process = subprocess.Popen(
            [UNDERSTUDY, "serve", "--host", "127.0.0.1", "--port", str(port), "--desk", str(desk)],
            cwd=ROOT, stdout=said, stderr=subprocess.STDOUT, env=environment(), start_new_session=True,
        )  # fmt: skip
    served = Served(f"http://127.0.0.1:{port}", port, process, log)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"the server ended by itself:\n{log.read_text(errors='replace')[-4_000:]}")
        try:
            with urllib.request.urlopen(f"{served.base}/ready", timeout=5):
                return served
        except (urllib.error.URLError, OSError):  # not listening yet, or 503: the release is being loaded
            time.sleep(0.1)
    served.kill()
    raise SystemExit(f"the server was not ready in {START_SECONDS:.0f} s:\n{log.read_text(errors='replace')[-4_000:]}")


@contextmanager
def serving(desk: Path) -> Iterator[Served]:
    """A server that ends with the block."""
    served = start_server(desk)
    try:
        yield served
    finally:
        served.process.terminate()
        try:
            served.process.wait(30)
        except subprocess.TimeoutExpired:
            served.kill()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])

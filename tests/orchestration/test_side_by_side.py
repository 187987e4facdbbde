"""Servers that start and end together."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from orchestration.side_by_side import run_together
from tests.conftest import ROOT


def is_there(pid: int) -> bool:
    """Whether a process runs (one that ended and was not yet collected does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def writes(file: Path, then: str = "time.sleep(60)") -> list[str]:
    """A process that writes its number into a file and waits."""
    return [sys.executable, "-c", f"import os, time; open({str(file)!r}, 'w').write(str(os.getpid())); {then}"]


def number_in(file: Path) -> int:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if file.is_file() and (text := file.read_text()):
            return int(text)
        time.sleep(0.05)
    raise AssertionError(f"{file} was never written")


def test_when_one_ends_the_others_end_and_its_code_is_told(tmp_path):
    waiting = tmp_path / "waiting"
    ends = f"import os, time\nwhile not os.path.exists({str(waiting)!r}): time.sleep(0.05)\nraise SystemExit(3)"
    assert run_together([writes(waiting), [sys.executable, "-c", ends]], tmp_path) == 3
    assert not is_there(number_in(waiting))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_all_of_them_and_what_they_started(tmp_path, number):
    first, child = tmp_path / "first", tmp_path / "child"
    starts = writes(first, f"import subprocess; subprocess.Popen({writes(child)!r}); time.sleep(60)")
    program = (
        "import signal; signal.signal(signal.SIGHUP, signal.SIG_DFL);"
        "from pathlib import Path; from orchestration.side_by_side import run_together;"
        f"raise SystemExit(run_together([{starts!r}, {writes(tmp_path / 'second')!r}], Path('.')))"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT)
    processes = [number_in(file) for file in (first, child, tmp_path / "second")]
    parent.send_signal(number)
    assert parent.wait(40) == 0
    assert not any(is_there(one) for one in processes)

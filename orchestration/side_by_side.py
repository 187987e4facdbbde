"""Several servers as one command: they start together and end together.

Belongs here: starting, watching and ending processes. Does not belong here: what they serve (``instance``, ``cli.serve``).
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

PATIENCE_SECONDS = 20.0
"""How long a server may take to end by itself before it is killed."""


_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""The last comes where a terminal is closed: the servers have sessions of their own and would outlive it."""


class _Ended(Exception):
    """A person or a supervisor wants an end."""


def run_together(commands: Sequence[Sequence[str]], folder: Path) -> int:
    """Run the commands until one of them ends or this process is asked to; ends the others, and what they started.

    Returns:
        The code of the first to end by itself; 0 where all were asked to.
    """
    # Under nohup hanging up is ignored, and stays so.
    is_to_survive = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    wanted = [number for number in _ENDING if not (is_to_survive and number == signal.SIGHUP)]
    before = {number: signal.signal(number, _end) for number in wanted}
    running: list[subprocess.Popen[bytes]] = []
    try:
        for command in commands:
            # A session each: a Ctrl-C reaches this process alone, which then ends them in order.
            running.append(subprocess.Popen(list(command), cwd=folder, start_new_session=True))
        while True:
            for one in running:
                if (code := one.poll()) is not None:
                    return code
            time.sleep(0.2)
    except _Ended:
        return 0
    finally:
        for number in before:
            signal.signal(number, signal.SIG_IGN)
        _end_all(running)
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(number: int, frame: FrameType | None) -> None:
    raise _Ended


def _end_all(running: Sequence[subprocess.Popen[bytes]]) -> None:
    for one in running:
        _tell(one, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE_SECONDS
    for one in running:
        with contextlib.suppress(subprocess.TimeoutExpired):
            one.wait(max(0.1, deadline - time.monotonic()))
        _tell(one, signal.SIGKILL)
        one.wait()


def _tell(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Signal the whole session: a server's own children end with it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)

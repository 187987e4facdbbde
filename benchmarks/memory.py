"""The most memory that a process and all it started held at one moment, as Linux tells it.

Belongs here: reading ``/proc``. Shared pages are counted once (proportional set size), so that the sum is what the machine has
to have. Does not belong here: what is measured.
"""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType

PROC = Path("/proc")
EVERY_SECONDS = 1.0
KIB_IN_GIB = 1024**2


class PeakMemory:
    """Watches a process and its descendants while in its ``with`` block; ``peak_gib`` is 0 where ``/proc`` is missing."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.peak_gib = 0.0
        self._is_over = threading.Event()
        self._watching = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> PeakMemory:
        self._watching.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        self._watching.join()

    def _watch(self) -> None:
        while True:
            held = sum(_pss_kib(one) for one in family(self.pid)) / KIB_IN_GIB
            self.peak_gib = max(self.peak_gib, round(held, 2))
            if self._is_over.wait(EVERY_SECONDS):
                return


def family(pid: int) -> set[int]:
    """A process and all that descend from it, where they are alive."""
    parents: dict[int, int] = {}
    for folder in PROC.glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
        except (OSError, IndexError):
            continue  # it ended meanwhile
        parents[int(folder.name)] = int(fields[1])
    found = {pid} & set(parents)
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def _pss_kib(pid: int) -> int:
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)

"""Making a release current, or going back, on a thread of its own: verified first, which takes seconds.

Belongs here: one such change at a time for a desk, its progress and what it came to. Does not belong here: what forbids it
(``orchestration.releases``), the page.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from assets.configure_behavior.releases.saved_release import ReleaseError
from desk.loading import DeskError, load_desk
from ledger.errors import LedgerError

if TYPE_CHECKING:
    from assets.audit_tickets.vectors.encoder import Encoder

log = logging.getLogger("understudy.console")


@dataclass
class Change:
    """One change of the current release. ``release_id`` is None for going back; ``count_total`` 0 where it is not known."""

    release_id: str | None
    by: str
    state: Literal["running", "done", "refused"] = "running"
    count_done: int = 0
    count_total: int = 0
    said: list[str] = field(default_factory=list)

    @property
    def in_words(self) -> str:
        """What is going on, for whoever looks."""
        what = (
            f"Release {self.release_id[:12]} is being checked"
            if self.release_id
            else "The earlier release is being checked"
        )
        if not self.count_done:
            return f"{what}, started by {self.by}: its files are compared …"
        of = f" of {self.count_total:,}" if self.count_total else ""
        return f"{what}, started by {self.by}: {self.count_done:,}{of} past tickets decided again …"


class AlreadyChanging(ReleaseError):
    """The current release is being changed already."""


_lock = threading.Lock()
_changes: dict[Path, Change] = {}


def change_of(folder: Path) -> Change | None:
    """The change that runs in this server, or the last one that ran."""
    return _changes.get(folder)


def forget(folder: Path, change: Change) -> None:
    """Stop showing a change that has ended."""
    with _lock:
        if change.state != "running" and _changes.get(folder) is change:
            del _changes[folder]


def start_change(
    folder: Path,
    load_encoder: Callable[[], Encoder],
    *,
    by: str,
    role: str,
    note: str,
    release_id: str | None,
    instead_of: str | None = None,
) -> Change:
    """Begin making a release current (None: going back to the one before); returns at once.

    Args:
        instead_of: id of the release that the person was shown as the current one, empty for none.

    Raises:
        AlreadyChanging: another change runs in this server.
    """
    change = Change(release_id, by)
    with _lock:
        running = _changes.get(folder)
        if running is not None and running.state == "running":
            raise AlreadyChanging(f"Somebody is at it already. {running.in_words}")
        _changes[folder] = change
    work = threading.Thread(
        target=_run, args=(change, folder, load_encoder, role, note, instead_of), name="activation", daemon=True
    )
    work.start()
    return change


def _run(
    change: Change,
    folder: Path,
    load_encoder: Callable[[], Encoder],
    role: str,
    note: str,
    instead_of: str | None,
) -> None:
    from orchestration import releases

    try:
        desk = load_desk(folder)
        decide = _counting(change)
        if change.release_id is None:
            change.said = releases.roll_back(desk, load_encoder(), change.by, role, note, decide, instead_of=instead_of)
        else:
            change.count_total = _count_replayed(desk, change.release_id)
            change.said = releases.activate(
                desk, change.release_id, load_encoder(), change.by, role, note, decide, instead_of=instead_of
            )
        change.state = "done"
    except releases.ReleaseRefused as refused:
        change.said = [str(refused).split("\n", 1)[0], *refused.problems]
        change.state = "refused"
    except (ReleaseError, LedgerError, DeskError) as error:
        change.said, change.state = [str(error)], "refused"
    except Exception:
        log.exception("changing the current release failed")
        change.said = [
            "That did not work, and the mistake is ours: the current release is as it was. The log says more."
        ]
        change.state = "refused"


def _counting(change: Change) -> Any:
    """What decides, counting; each replayed ticket is one step of progress."""
    from assets.configure_behavior.releases.build_release import the_decide

    decide = the_decide()

    def counting(*arguments: Any, **named: Any) -> Any:
        change.count_done += 1
        return decide(*arguments, **named)

    return counting


def _count_replayed(desk: Any, release_id: str) -> int:
    from assets.configure_behavior.releases.saved_release import read_release
    from orchestration.releases import folder_of

    return len(read_release(folder_of(desk, release_id)).regression)

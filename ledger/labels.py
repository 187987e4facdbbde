"""Which entry is right for a past ticket, as a person said: what confidence is calibrated on where replies do not tell.

Belongs here: recording it, and reading what stands. Does not belong here: which tickets may be used so (the stage that
calibrates), what old replies tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ledger.events import Event, EventType
from ledger.knowledge import decided, decision_event, decisions_frame
from ledger.signable import require_known_role
from ledger.store import Ledger

if TYPE_CHECKING:
    import pandas as pd

TICKET = "ticket"
COLUMNS = ["ticket_id", "entries", "named_by", "named_at"]


@dataclass(frozen=True)
class RightEntry:
    """What a person says of a ticket: the entries that answer it, each with the content hash it had; none: nothing does."""

    ticket_id: str
    entries: tuple[tuple[str, str], ...] = ()


def name_right_entries(
    ledger: Ledger,
    named: Sequence[RightEntry],
    *,
    by: str,
    role: str,
    occurred_at: datetime,
    known_roles: Iterable[str],
    note: str | None = None,
) -> list[Event]:
    """Record them in one transaction. Of a ticket the latest word counts.

    Raises `SignOffError` for a role that may not, or an empty name.
    """
    require_known_role(role, known_roles, signs="knowledge")
    words = {"note": note.strip()} if note and note.strip() else {}
    return ledger.append_all(
        [
            decision_event(
                EventType.RIGHT_ENTRY_NAMED, TICKET, one.ticket_id, by, role, occurred_at,
                {"entries": [list(entry) for entry in one.entries], **words},
            )
            for one in named
        ]
    )  # fmt: skip


def right_entries(ledger: Ledger) -> pd.DataFrame:
    """Frame [ticket]: ticket_id, entries (list of [entry id, content hash]), named_by, named_at.

    A word whose payload was erased is gone.
    """
    latest: dict[str, dict[str, Any]] = {}
    for event, by, words in decided(ledger, [EventType.RIGHT_ENTRY_NAMED], TICKET):
        if "entries" in words:
            latest[event.subject_hash] = {
                "ticket_id": event.subject_hash,
                "entries": words["entries"],
                "named_by": by,
                "named_at": event.occurred_at,
            }
    frame = decisions_frame(latest.values(), COLUMNS, at="named_at")
    frame["entries"] = [one["entries"] for one in latest.values()]
    return frame.astype({"entries": "object"})

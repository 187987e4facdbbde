"""Which category is right for a past ticket, as a person said: what the category model learns instead of a label.

Belongs here: recording it, and reading what stands. Does not belong here: which tickets may teach (the stage that learns),
which entry is right (`labels`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ledger.errors import FixError
from ledger.events import Event, EventType, NewEvent
from ledger.knowledge import decided, decision_event, decisions_frame
from ledger.signable import require_known_role
from ledger.store import Ledger

if TYPE_CHECKING:
    import pandas as pd

TICKET = "ticket"
COLUMNS = ["ticket_id", "category_id", "corrected_by", "corrected_at", "change_id"]


def correct_categories(
    ledger: Ledger,
    corrected: Iterable[tuple[str, str]],
    *,
    by: str,
    role: str,
    occurred_at: datetime,
    known_roles: Iterable[str],
    change_id: str | None = None,
) -> list[Event]:
    """Record (ticket, right category) in one transaction. Of a ticket the latest word counts.

    Raises `SignOffError` for a role that may not or an empty name, `FixError` for a ticket named with two categories; nothing
    is recorded then.
    """
    require_known_role(role, known_roles, signs="knowledge")
    return ledger.append_all(
        correction_events(corrected, by=by, role=role, occurred_at=occurred_at, change_id=change_id)
    )


def correction_events(
    corrected: Iterable[tuple[str, str]], *, by: str, role: str, occurred_at: datetime, change_id: str | None = None
) -> list[NewEvent]:
    """The events of `correct_categories`, to be appended with others."""
    right: dict[str, str] = {}
    for ticket_id, category_id in corrected:
        if right.setdefault(ticket_id, category_id) != category_id:
            raise FixError(
                f"Nothing was recorded. Ticket {ticket_id} is given two categories, {right[ticket_id]} and {category_id}; "
                "keep one of them."
            )
    change = {} if change_id is None else {"change_id": change_id}
    return [
        decision_event(
            EventType.CATEGORY_CORRECTED, TICKET, ticket, by, role, occurred_at, {"category_id": category, **change}
        )
        for ticket, category in right.items()
    ]


def category_corrections(ledger: Ledger) -> pd.DataFrame:
    """Frame [ticket]: ticket_id, category_id, corrected_by, corrected_at, change_id, by the latest word on each ticket.

    A ticket whose latest word was erased is gone: nothing older takes its place.
    """
    latest: dict[str, dict[str, Any] | None] = {}
    for event, by, words in decided(ledger, [EventType.CATEGORY_CORRECTED], TICKET):
        latest[event.subject_hash] = None
        if "category_id" in words:
            latest[event.subject_hash] = {
                "ticket_id": event.subject_hash,
                "category_id": words["category_id"],
                "corrected_by": by,
                "corrected_at": event.occurred_at,
                "change_id": words.get("change_id"),
            }
    return decisions_frame([one for one in latest.values() if one is not None], COLUMNS, at="corrected_at")

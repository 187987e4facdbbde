"""What people said of items of a quarterly audit: "I have looked, and it is right as it stands".

Belongs here: recording that, and reading it as a frame. Does not belong here: what is on an audit's list, and what else
closes an item (the stage that makes the audit).

The subject of an event is the item and the content that was looked at, so that a changed content is not confirmed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ledger.entries import split_subject
from ledger.errors import SignOffError
from ledger.events import Event, EventType
from ledger.knowledge import decided, decision_event, decisions_frame
from ledger.signable import require_known_role
from ledger.store import Ledger

if TYPE_CHECKING:
    import pandas as pd

AUDIT_ITEM = "audit_item"
COLUMNS = [
    "item_id", "content_hash", "closed_by", "closed_role", "closed_at", "quarter", "subject_kind", "subject_id", "note",
]  # fmt: skip
_ITEM, _HASH = re.compile(r"[0-9a-f]{16}"), re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class ItemToClose:
    """An item as a person closes it: its id, the hash of what was looked at, and what it is about, in words."""

    item_id: str
    content_hash: str
    quarter: str
    subject_kind: str
    subject_id: str

    def subject(self) -> str:
        """What the event names. Raises `SignOffError` for what is no item or no content."""
        if not _ITEM.fullmatch(self.item_id) or not _HASH.fullmatch(self.content_hash):
            raise SignOffError(
                f"Nothing was recorded. {self.item_id[:80]!r} with {self.content_hash[:80]!r} is no item of an audit: "
                "16 hex digits and 64 of what was looked at are."
            )
        return f"{self.item_id}:{self.content_hash}"


def close_items(
    ledger: Ledger,
    items: Sequence[ItemToClose],
    *,
    by: str,
    role: str,
    occurred_at: datetime,
    known_roles: Iterable[str],
    note: str | None = None,
) -> list[Event]:
    """Record that these items were looked at and are right as they stand: one event each, in one transaction.

    Raises `SignOffError` for a role that may not, or an empty name; nothing is recorded then.
    """
    require_known_role(role, known_roles, signs="knowledge")
    said = {"note": note.strip()} if note and note.strip() else {}
    return ledger.append_all(
        [
            decision_event(
                EventType.AUDIT_ITEM_CLOSED,
                AUDIT_ITEM,
                one.subject(),
                by,
                role,
                occurred_at,
                {"quarter": one.quarter, "subject_kind": one.subject_kind, "subject_id": one.subject_id, **said},
            )
            for one in items
        ]
    )


def closed_items(ledger: Ledger) -> pd.DataFrame:
    """Frame [item x content] of the last word on each: `COLUMNS`; what was erased is null, that it was said stays."""
    latest: dict[str, dict[str, Any]] = {}
    for event, by, words in decided(ledger, [EventType.AUDIT_ITEM_CLOSED], AUDIT_ITEM):
        item, content_hash = split_subject(event.subject_hash)
        latest[event.subject_hash] = {
            "item_id": item,
            "content_hash": content_hash,
            "closed_by": by,
            "closed_role": event.role,
            "closed_at": event.occurred_at,
            **{name: words.get(name) for name in ("quarter", "subject_kind", "subject_id", "note")},
        }
    return decisions_frame(latest.values(), COLUMNS, at="closed_at")

"""What happened at the doors, into the ledger.

Belongs here: the shape of those events. Their payloads hold what changed and never a secret: no password, cookie, token or
hash of one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.events import EventType, NewEvent

if TYPE_CHECKING:
    from ledger.store import Ledger

ADMIN = "admin"
OPERATOR = "operator"
"""Whoever works at the server's terminal."""
ONESELF = "account holder"


@dataclass(frozen=True)
class Actor:
    """Who does something at the doors, and as what."""

    name: str
    role: str = ADMIN


def record(
    ledger: Ledger,
    event_type: EventType,
    subject: tuple[str, str],
    actor: Actor,
    at: dt.datetime,
    payload: Mapping[str, Any],
) -> None:
    """Append one event about ``subject`` (its kind and id). Raises ``LedgerError``."""
    kind, subject_id = subject
    ledger.append(NewEvent(event_type, kind, subject_id, actor.name, actor.role, at, dict(payload)))

"""Which replies were really sent, as the person or the adapter that sent them says.

Belongs here: recording deliveries, and reading them. Does not belong here: which replies may be sent (the stage that owns
the outbox).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ledger.errors import InvalidEventError, ReviewError
from ledger.events import Event, EventType, NewEvent
from ledger.knowledge import decided, decisions_frame
from ledger.reviews import ANSWER
from ledger.schema import ledger_events
from ledger.signable import require_known_role
from ledger.store import Ledger

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("answer_id", "delivered_by", "delivered_at", "reply")


def record_delivery(
    ledger: Ledger,
    answer_ids: Sequence[str],
    *,
    by: str,
    role: str,
    occurred_at: datetime,
    known_roles: Iterable[str],
    replies: Mapping[str, str] | None = None,
) -> list[Event]:
    """Record that the replies of these answers were sent, in one transaction; returns the new events.

    What was delivered before is delivered: no second event. `replies`: the text that was sent, kept as erasable words.
    Raises `SignOffError` for a role that may not, `ReviewError` for an empty name or an odd id; nothing is recorded then.
    """
    require_known_role(role, known_roles, signs="a delivery")
    sent = replies or {}
    try:
        new = [
            NewEvent(
                EventType.REPLY_DELIVERED, ANSWER, one, by, role, occurred_at,
                payload={"reply": sent[one]} if one in sent else None,
            )
            for one in dict.fromkeys(answer_ids)
        ]  # fmt: skip
    except InvalidEventError as problem:
        raise ReviewError(f"Nothing was recorded. {problem}") from problem
    columns = ledger_events.c
    query = sa.select(columns.subject_hash).where(
        columns.event_type == str(EventType.REPLY_DELIVERED), columns.subject_kind == ANSWER
    )
    with ledger.engine.writing() as connection:
        known: set[str] = set(connection.execute(query).scalars())
        return ledger.append_within(connection, [one for one in new if one.subject_hash not in known])


def deliveries(ledger: Ledger) -> pd.DataFrame:
    """Frame [delivered answer]: answer_id, delivered_by (null once erased), delivered_at, reply (null: not said, erased).

    That it was delivered stays true when its words are erased. The first delivery counts.
    """
    first: dict[str, dict[str, Any]] = {}
    for event, by, words in decided(ledger, [EventType.REPLY_DELIVERED], ANSWER):
        first.setdefault(
            event.subject_hash,
            {
                "answer_id": event.subject_hash,
                "delivered_by": by,
                "delivered_at": event.occurred_at,
                "reply": words.get("reply"),
            },
        )
    return decisions_frame(first.values(), list(COLUMNS), at="delivered_at")

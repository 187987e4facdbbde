"""What people said in a review session that analytics did not see.

Belongs here: recording it, and reading it. Does not belong here: what becomes of it (the fix queue), the session's page.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ledger.errors import FixError
from ledger.events import Event, EventType
from ledger.knowledge import decided, decision_event, decisions_frame
from ledger.schema import ledger_events, ledger_payloads
from ledger.signable import require_known_role
from ledger.store import Ledger, as_event

if TYPE_CHECKING:
    import pandas as pd

INSIGHT = "insight"
MAX_TEXT_CHARS = 4_000
COLUMNS = ["insight_id", "text", "category_id", "month", "said_by", "said_at"]
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def add_insight(
    ledger: Ledger,
    text: str,
    *,
    category_id: str | None = None,
    month: str | None = None,
    by: str,
    role: str,
    occurred_at: datetime,
    known_roles: Iterable[str],
) -> Event:
    """Record what a person said. The same words about the same category in the same month are one event, whoever says them.

    month: of the session, YYYY-MM; by default that of `occurred_at` (UTC). The insight's id is the event's subject: drawn by
    chance, since an id made of the words would outlive their erasure.

    Raises `FixError` for no words, too many, or a month that is none, `SignOffError` for a role that may not or an empty name;
    nothing is recorded then.
    """
    require_known_role(role, known_roles, signs="an insight")
    tidy = "\n".join(" ".join(line.split()) for line in text.strip().splitlines())
    if not tidy:
        raise FixError("Nothing was recorded. Write what was said.")
    if len(tidy) > MAX_TEXT_CHARS:
        raise FixError(f"Nothing was recorded. At most {MAX_TEXT_CHARS:,} characters; this has {len(tidy):,}.")
    month = month or f"{occurred_at.astimezone(UTC):%Y-%m}"
    if not _MONTH.fullmatch(month):
        raise FixError(f"Nothing was recorded. {month[:40]!r} is no month; write year and month, such as 2026-05.")
    words = {"text": tidy, "category_id": category_id, "month": month}
    name = uuid.uuid4().hex[:16]
    event = decision_event(EventType.INSIGHT_ADDED, INSIGHT, name, by, role, occurred_at, words)
    with ledger.engine.writing() as connection:
        return _said_before(connection, words) or ledger.append_within(connection, [event])[0]


def insights(ledger: Ledger) -> pd.DataFrame:
    """Frame [insight] in the order in which they were said: `COLUMNS`. An insight whose words were erased is gone."""
    rows = [
        {
            "insight_id": event.subject_hash,
            **{name: words.get(name) for name in ("text", "category_id", "month")},
            "said_by": by,
            "said_at": event.occurred_at,
        }
        for event, by, words in decided(ledger, [EventType.INSIGHT_ADDED], INSIGHT)
        if "text" in words
    ]
    return decisions_frame(rows, COLUMNS, at="said_at")


def _said_before(connection: sa.Connection, words: dict[str, Any]) -> Event | None:
    columns, payloads = ledger_events.c, ledger_payloads.c
    query = (
        sa.select(columns.event_id, payloads.body)
        .select_from(ledger_events.join(ledger_payloads, payloads.payload_digest == columns.payload_digest))
        .where(columns.event_type == str(EventType.INSIGHT_ADDED), columns.subject_kind == INSIGHT)
        .where(payloads.body.is_not(None))
        .order_by(columns.sequence)
    )
    for row in connection.execute(query):
        if json.loads(row.body) == words:
            found = connection.execute(sa.select(ledger_events).where(columns.event_id == row.event_id)).one()
            return as_event(found)
    return None

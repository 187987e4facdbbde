"""Erasing words that people wrote, and names, without breaking the chain.

Belongs here: emptying a payload or a name together with its salt, as an event of its own. Does not belong here:
deciding what must be erased, and reaching stores outside the ledger.

The digest stays in the chain and commits to words nobody can guess back, because the 32 random bytes that were
hashed with them are gone too.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ledger.errors import NotInLedgerError
from ledger.events import Event, EventType, NewEvent
from ledger.schema import ledger_actors, ledger_payloads
from ledger.store import Ledger, find_actor, first_event


def erase_payload(
    ledger: Ledger,
    payload_digest: str,
    *,
    by: str,
    role: str,
    occurred_at: datetime,
    payload: Mapping[str, Any] | None = None,
) -> Event:
    """Erase the words behind `payload_digest` and record that it was done (`payload`: reason, if any).

    Erasing again returns the first erasure, and erases anew what a restored backup brought back. On SQLite the
    file is cleaned at once; on PostgreSQL call `purge_erased` when its lock can be afforded.
    Raises `NotInLedgerError` for an unknown digest.
    """
    new_event = NewEvent(EventType.PAYLOAD_ERASED, "payload", payload_digest, by, role, occurred_at, payload=payload)
    with ledger.engine.writing() as connection:
        where = ledger_payloads.c.payload_digest == payload_digest
        if connection.execute(sa.select(ledger_payloads.c.payload_digest).where(where)).first() is None:
            raise NotInLedgerError(f"The ledger holds no payload {payload_digest!r}, so nothing was erased.")
        event = _record_once(ledger, connection, new_event)
        connection.execute(ledger_payloads.update().where(where).values(salt=None, body=None))
    _clean_file(ledger)
    return event


def erase_actor(
    ledger: Ledger,
    name: str,
    *,
    by: str,
    role: str,
    occurred_at: datetime,
    payload: Mapping[str, Any] | None = None,
) -> Event:
    """Erase a person's name; what they decided stays, under a pseudonym that no longer leads to them.

    Words they wrote are payloads: find those with `ledger.events(actor_id=…)` and erase them one by one.
    Should they act again, they get a new pseudonym. Raises `NotInLedgerError` for a name that never acted.
    """
    with ledger.engine.writing() as connection:
        actor_id = find_actor(connection, name)
        if actor_id is None:
            raise NotInLedgerError(f"The ledger knows nobody called {name!r}, so nothing was erased.")
        new_event = NewEvent(EventType.ACTOR_ERASED, "actor", actor_id, by, role, occurred_at, payload=payload)
        event = _record_once(ledger, connection, new_event)
        where = ledger_actors.c.actor_id == actor_id
        connection.execute(ledger_actors.update().where(where).values(salt=None, name=None, name_key=None))
    _clean_file(ledger)
    return event


def purge_erased(ledger: Ledger) -> bool:
    """Overwrite what erased words left in the database's own files; True when none is left in them.

    See `LedgerEngine.purge` for what each engine does. Backups and archived logs are outside its reach.
    """
    return ledger.engine.purge()


def _record_once(ledger: Ledger, connection: sa.Connection, new_event: NewEvent) -> Event:
    earlier = first_event(connection, new_event.event_type, new_event.subject_kind, new_event.subject_hash)
    return earlier or ledger.append_within(connection, [new_event])[0]


def _clean_file(ledger: Ledger) -> None:
    if ledger.engine.is_sqlite:
        ledger.engine.purge()

"""The ledger itself: append, look up, and the head of the chain.

Belongs here: one write path through which every event goes, and small reads. Does not belong here: what events
mean (`sign_offs`), walking the whole chain (`verification`), erasing (`erasure`), frames (`export`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ledger import chain, events
from ledger.chain import GENESIS, Anchor
from ledger.engine import LedgerEngine
from ledger.errors import IdempotencyConflictError, NotInLedgerError
from ledger.events import Event, EventType, NewEvent
from ledger.schema import ledger_actors, ledger_events, ledger_payloads

# Built once: building a statement costs more than running it, and every event needs these.
_INSERT_EVENT = ledger_events.insert()
_INSERT_PAYLOAD = ledger_payloads.insert()
_INSERT_ACTOR = ledger_actors.insert()
_FIND_ACTOR = sa.select(ledger_actors.c.actor_id).where(ledger_actors.c.name_key == sa.bindparam("key"))


def open_ledger(location: str | Path, *, wait_seconds: float = 30.0) -> Ledger:
    """Open the ledger at a file path (SQLite) or a `postgresql://` address, creating it on first use.

    Raises `LedgerError` for an address that cannot hold one and `LedgerSchemaError` when it is from a newer version.
    """
    engine = LedgerEngine(location, wait_seconds=wait_seconds)
    engine.initialise()
    return Ledger(engine)


class Ledger:
    """An append-only, hash-chained record. Safe to use from several threads and processes at once."""

    def __init__(self, engine: LedgerEngine) -> None:
        self.engine = engine

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Ledger({self.engine.url.render_as_string(hide_password=True)!r})"

    def close(self) -> None:
        """Give back the ledger's connections."""
        self.engine.close()

    def reading(self) -> AbstractContextManager[sa.Connection]:
        """A consistent read transaction, for the ledger's own modules."""
        return self.engine.reading()

    def append(self, new_event: NewEvent) -> Event:
        """Write one event and return it; when this returns, it is durable.

        With an idempotency key that was used before, returns the event of that time, provided type, subject,
        actor, role and payload agree (the time may differ: a retry is later).
        Raises `IdempotencyConflictError` when they do not, `LedgerBusyError` when another writer does not finish.
        """
        return self.append_all([new_event])[0]

    def append_all(self, new_events: Sequence[NewEvent]) -> list[Event]:
        """Write several events in one transaction: all of them or none. Same rules as `append`."""
        with self.engine.writing() as connection:
            return self.append_within(connection, new_events)

    def append_within(self, connection: sa.Connection, new_events: Sequence[NewEvent]) -> list[Event]:
        """`append_all` inside a write transaction that the ledger's own modules already hold."""
        head = _head(connection)
        written = []
        for new_event in new_events:
            event = _earlier(connection, new_event)
            if event is None:
                event = _write(connection, new_event, head)
                head = Anchor(event.sequence, event.event_hash)
            written.append(event)
        return written

    def head(self) -> Anchor:
        """Sequence and hash of the last event (0 and zeros for an empty ledger); store it elsewhere as an anchor."""
        with self.reading() as connection:
            return _head(connection)

    def event(self, event_id: str) -> Event:
        """The event with this id. Raises `NotInLedgerError`."""
        with self.reading() as connection:
            row = connection.execute(sa.select(ledger_events).where(ledger_events.c.event_id == event_id)).first()
        if row is None:
            raise NotInLedgerError(f"The ledger holds no event {event_id!r}.")
        return as_event(row)

    def events(
        self,
        *,
        event_types: Sequence[EventType | str] = (),
        subject_kind: str | None = None,
        subject_hash: str | None = None,
        actor_id: str | None = None,
        after_sequence: int = 0,
    ) -> Iterator[Event]:
        """Events in order, filtered by what is given, streamed in bounded memory. No type given means all."""
        columns = ledger_events.c
        query = sa.select(ledger_events).where(columns.sequence > after_sequence).order_by(columns.sequence)
        if event_types:
            query = query.where(columns.event_type.in_([str(name) for name in event_types]))
        for column, value in (
            (columns.subject_kind, subject_kind),
            (columns.subject_hash, subject_hash),
            (columns.actor_id, actor_id),
        ):
            if value is not None:
                query = query.where(column == value)
        with self.reading() as connection:
            for row in connection.execution_options(yield_per=500).execute(query):
                yield as_event(row)

    def payload(self, payload_digest: str | None) -> dict[str, Any] | None:
        """The words behind a digest; None when there are none or they were erased.

        Raises `NotInLedgerError` for a digest that no payload ever had.
        """
        if payload_digest is None:
            return None
        query = sa.select(ledger_payloads.c.body).where(ledger_payloads.c.payload_digest == payload_digest)
        with self.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise NotInLedgerError(f"The ledger holds no payload {payload_digest!r}.")
        return None if row.body is None else json.loads(row.body)

    def actor_name(self, actor_id: str) -> str | None:
        """The name behind a pseudonym, None when erased. Raises `NotInLedgerError` for an unknown one."""
        query = sa.select(ledger_actors.c.name).where(ledger_actors.c.actor_id == actor_id)
        with self.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise NotInLedgerError(f"The ledger knows no person {actor_id!r}.")
        return row.name

    def actor_id(self, name: str) -> str | None:
        """The pseudonym under which this person acts, None for someone who never did (or was erased)."""
        with self.reading() as connection:
            return find_actor(connection, name)


def as_event(row: Any) -> Event:
    """An `Event` from a row of `ledger_events`."""
    fields = dict(row._mapping)
    return Event(**{**fields, "occurred_at": events.utc_moment(fields["occurred_at"])})


def find_actor(connection: sa.Connection, name: str) -> str | None:
    """The pseudonym of `name`, or None."""
    return connection.execute(_FIND_ACTOR, {"key": events.name_key(name)}).scalar_one_or_none()


def first_event(connection: sa.Connection, event_type: EventType, subject_kind: str, subject_hash: str) -> Event | None:
    """The earliest event of a type about a subject, or None."""
    columns = ledger_events.c
    query = (
        sa.select(ledger_events)
        .where(
            columns.event_type == str(event_type),
            columns.subject_kind == subject_kind,
            columns.subject_hash == subject_hash,
        )
        .order_by(columns.sequence)
        .limit(1)
    )
    row = connection.execute(query).first()
    return None if row is None else as_event(row)


def actor_body(name: str) -> str:
    """What a pseudonym commits to, together with its salt."""
    return chain.canonical_json({"name": name})


def _head(connection: sa.Connection) -> Anchor:
    columns = ledger_events.c
    query = sa.select(columns.sequence, columns.event_hash).order_by(columns.sequence.desc()).limit(1)
    row = connection.execute(query).first()
    return GENESIS if row is None else Anchor(row.sequence, row.event_hash)


def _earlier(connection: sa.Connection, new_event: NewEvent) -> Event | None:
    """The event that an idempotency key already made, checked to be the same one."""
    if new_event.idempotency_key is None:
        return None
    query = (
        sa.select(ledger_events, ledger_payloads.c.body)
        .outerjoin(ledger_payloads, ledger_payloads.c.payload_digest == ledger_events.c.payload_digest)
        .where(ledger_events.c.event_id == new_event.event_id())
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    fields = dict(row._mapping)
    body = fields.pop("body")
    earlier = Event(**{**fields, "occurred_at": events.utc_moment(fields["occurred_at"])})
    # Erased words cannot be compared; that there were words can.
    has_same_words = (earlier.payload_digest is not None) == (new_event.payload is not None) and (
        body is None or body == new_event.payload_body()
    )
    actor_id = find_actor(connection, new_event.actor)
    is_same = has_same_words and (
        earlier.event_type,
        earlier.subject_kind,
        earlier.subject_hash,
        earlier.role,
    ) == (new_event.event_type, new_event.subject_kind, new_event.subject_hash, events.role_key(new_event.role))
    is_same = is_same and (actor_id == earlier.actor_id or _is_erased(connection, earlier.actor_id))
    if not is_same:
        raise IdempotencyConflictError(
            f"The key {new_event.idempotency_key[:80]!r} was already used for event {earlier.sequence} "
            f"({earlier.event_type}) with other content. Use a new key for a new event."
        )
    return earlier


def _is_erased(connection: sa.Connection, actor_id: str) -> bool:
    query = sa.select(ledger_actors.c.name).where(ledger_actors.c.actor_id == actor_id)
    return connection.execute(query).scalar_one_or_none() is None


def _write(connection: sa.Connection, new_event: NewEvent, head: Anchor) -> Event:
    event_id, role = new_event.event_id(), events.role_key(new_event.role)
    occurred_at = events.utc_text(new_event.occurred_at)
    actor_id = _actor(connection, new_event.actor)
    payload_digest = _keep_words(connection, new_event.payload_body())
    event = Event(
        sequence=head.sequence + 1,
        event_id=event_id,
        event_type=str(new_event.event_type),
        occurred_at=events.utc_moment(occurred_at),
        actor_id=actor_id,
        role=role,
        subject_kind=new_event.subject_kind,
        subject_hash=new_event.subject_hash,
        payload_digest=payload_digest,
        previous_hash=head.event_hash,
        event_hash=chain.event_hash(
            sequence=head.sequence + 1,
            event_id=event_id,
            event_type=str(new_event.event_type),
            occurred_at=occurred_at,
            actor_id=actor_id,
            role=role,
            subject_kind=new_event.subject_kind,
            subject_hash=new_event.subject_hash,
            payload_digest=payload_digest,
            previous_hash=head.event_hash,
        ),
    )
    connection.execute(_INSERT_EVENT, {**asdict(event), "occurred_at": occurred_at})
    return event


def _keep_words(connection: sa.Connection, body: str | None) -> str | None:
    if body is None:
        return None
    salt = chain.new_salt()
    payload_digest = chain.salted_digest(salt, body)
    connection.execute(_INSERT_PAYLOAD, {"payload_digest": payload_digest, "salt": salt, "body": body})
    return payload_digest


def _actor(connection: sa.Connection, name: str) -> str:
    known = find_actor(connection, name)
    if known is not None:
        return known
    salt, shown = chain.new_salt(), events.display_name(name)
    actor_id = chain.salted_digest(salt, actor_body(shown))
    row = {"actor_id": actor_id, "salt": salt, "name": shown, "name_key": events.name_key(name)}
    connection.execute(_INSERT_ACTOR, row)
    return actor_id

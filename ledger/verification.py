"""Walking the chain to say whether it is whole and, if not, where it first breaks and how.

Belongs here: detection. Does not belong here: prevention (`guards`), repair (there is none: a broken chain is
evidence). A chain rewritten to its end by someone who owns the database is only seen against an anchor kept elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from ledger import chain, guards
from ledger.chain import GENESIS, Anchor
from ledger.events import EventType
from ledger.schema import ledger_actors, ledger_events, ledger_payloads
from ledger.store import Ledger, actor_body

_ROWS_AT_ONCE = 200
_MOVED_SEARCH_BEYOND_END = 1_000


class BreakKind(StrEnum):
    """How the record was harmed."""

    EVENT_EDITED = "event_edited"
    EVENT_DELETED = "event_deleted"
    EVENTS_REORDERED = "events_reordered"
    LINK_BROKEN = "link_broken"
    PAYLOAD_EDITED = "payload_edited"
    PAYLOAD_MISSING = "payload_missing"
    PAYLOAD_RESTORED = "payload_restored"
    NAME_EDITED = "name_edited"
    NAME_MISSING = "name_missing"
    NAME_RESTORED = "name_restored"
    TAIL_CUT = "tail_cut"
    HISTORY_REWRITTEN = "history_rewritten"


@dataclass(frozen=True)
class Break:
    """The first place where the record is not what was written: sequence, kind, and a sentence."""

    sequence: int
    kind: BreakKind
    message: str


@dataclass(frozen=True)
class Verification:
    """What a walk found. `count_events` were in order before the break, or in all; `head` is the last of them."""

    count_events: int
    head: Anchor
    first_break: Break | None
    missing_guards: tuple[str, ...]

    @property
    def is_intact(self) -> bool:
        """Whether every event, payload and name is what was written."""
        return self.first_break is None


def verify(
    ledger: Ledger,
    anchors: Iterable[Anchor] = (),
    on_progress: Callable[[int, int], None] | None = None,
) -> Verification:
    """Walk the whole ledger in bounded memory, in one consistent view of it, and report the first break.

    `anchors` are heads kept elsewhere: an anchor past the end means the tail was cut, another hash at its place
    means the history was rewritten. `missing_guards` names triggers that someone dropped or disabled.
    `on_progress` is called with (events walked, events in all).
    """
    expected = {anchor.sequence: anchor for anchor in anchors if anchor.sequence > 0}
    with ledger.reading() as connection:
        missing_guards = guards.missing(connection)
        total = connection.execute(sa.select(sa.func.count()).select_from(ledger_events)).scalar_one()
        head = GENESIS
        found: Break | None = None
        for row in _rows(connection):
            found = _check_event(connection, row, head) or _check_words(row) or _check_anchor(row, expected)
            if found is not None:
                break
            head = Anchor(row.sequence, row.event_hash)
            if on_progress is not None and (head.sequence % _ROWS_AT_ONCE == 0 or head.sequence == total):
                on_progress(head.sequence, total)
    last: int = max(expected, default=0)
    if found is None and last > head.sequence:
        found = Break(
            head.sequence + 1,
            BreakKind.TAIL_CUT,
            f"Events {head.sequence + 1} to {last} are missing from the end: an anchor proves that they were written.",
        )
    return Verification(head.sequence, head, found, missing_guards)


def _rows(connection: sa.Connection) -> Iterator[Any]:
    columns, erasures = ledger_events.c, ledger_events.alias("erasures")

    def is_erased(event_type: EventType, subject: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
        kind = "payload" if event_type is EventType.PAYLOAD_ERASED else "actor"
        return sa.exists().where(
            erasures.c.subject_kind == kind,
            erasures.c.subject_hash == subject,
            erasures.c.event_type == str(event_type),
        )

    query = (
        sa.select(
            ledger_events,
            ledger_payloads.c.salt.label("payload_salt"),
            ledger_payloads.c.body.label("payload_body"),
            ledger_actors.c.salt.label("actor_salt"),
            ledger_actors.c.name.label("actor_name"),
            is_erased(EventType.PAYLOAD_ERASED, columns.payload_digest).label("is_payload_erased"),
            is_erased(EventType.ACTOR_ERASED, columns.actor_id).label("is_actor_erased"),
        )
        .outerjoin(ledger_payloads, ledger_payloads.c.payload_digest == columns.payload_digest)
        .outerjoin(ledger_actors, ledger_actors.c.actor_id == columns.actor_id)
        .order_by(columns.sequence)
    )
    yield from connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(query)


def _hash_at(row: Any, sequence: int) -> str:
    return chain.event_hash(
        sequence=sequence,
        event_id=row.event_id,
        event_type=row.event_type,
        occurred_at=row.occurred_at,
        actor_id=row.actor_id,
        role=row.role,
        subject_kind=row.subject_kind,
        subject_hash=row.subject_hash,
        payload_digest=row.payload_digest,
        previous_hash=row.previous_hash,
    )


def _check_event(connection: sa.Connection, row: Any, head: Anchor) -> Break | None:
    here = head.sequence + 1
    if row.sequence != here:
        gap = f"event {here} is" if row.sequence == here + 1 else f"events {here} to {row.sequence - 1} are"
        return Break(here, BreakKind.EVENT_DELETED, f"After event {head.sequence}, {gap} missing.")
    if _hash_at(row, here) != row.event_hash:
        return _explain_wrong_hash(connection, row, here)
    if row.previous_hash != head.event_hash:
        return Break(
            here,
            BreakKind.LINK_BROKEN,
            f"Event {here} does not continue event {here - 1}: one of the two was rewritten together with its hash.",
        )
    return None


def _explain_wrong_hash(connection: sa.Connection, row: Any, here: int) -> Break:
    """Tell an event that was moved from one that was edited: a moved one still fits the number it was written with."""
    last: int = connection.execute(sa.select(sa.func.max(ledger_events.c.sequence))).scalar_one()
    written = next(
        (at for at in range(1, last + _MOVED_SEARCH_BEYOND_END) if _hash_at(row, at) == row.event_hash), None
    )
    if written is None:
        return Break(here, BreakKind.EVENT_EDITED, f"Event {here} was edited after it was written.")
    before = sa.select(ledger_events.c.sequence).where(ledger_events.c.event_hash == row.previous_hash)
    is_predecessor_kept = row.previous_hash == chain.GENESIS_HASH or connection.execute(before).first() is not None
    if written > here and not is_predecessor_kept:
        return Break(
            here,
            BreakKind.EVENT_DELETED,
            f"Event {here} was deleted: what now stands in its place was written as event {written}.",
        )
    return Break(
        here,
        BreakKind.EVENTS_REORDERED,
        f"Events were put in another order: what now stands as event {here} was written as event {written}.",
    )


def _check_words(row: Any) -> Break | None:
    here = row.sequence
    if row.payload_digest is not None:
        if row.payload_body is None or row.payload_salt is None:
            if not row.is_payload_erased:
                return Break(
                    here,
                    BreakKind.PAYLOAD_MISSING,
                    f"The words of event {here} are gone, and no event records that they were erased.",
                )
        elif row.is_payload_erased:
            return Break(
                here,
                BreakKind.PAYLOAD_RESTORED,
                f"The words of event {here} were erased and are back, as after restoring a backup: erase them again.",
            )
        elif not _is_commitment(row.payload_digest, row.payload_salt, row.payload_body):
            return Break(here, BreakKind.PAYLOAD_EDITED, f"The words of event {here} were edited after it was written.")
    if row.actor_name is None or row.actor_salt is None:
        if not row.is_actor_erased:
            return Break(
                here,
                BreakKind.NAME_MISSING,
                f"The name of who made event {here} is gone, and no event records that it was erased.",
            )
    elif row.is_actor_erased:
        return Break(
            here,
            BreakKind.NAME_RESTORED,
            f"The name of who made event {here} was erased and is back, as after restoring a backup: erase it again.",
        )
    elif not _is_commitment(row.actor_id, row.actor_salt, actor_body(row.actor_name)):
        return Break(here, BreakKind.NAME_EDITED, f"The name of who made event {here} was edited after it was written.")
    return None


def _is_commitment(digest: str, salt: str, body: str) -> bool:
    try:
        return chain.salted_digest(salt, body) == digest
    except ValueError:  # a salt that is no longer hexadecimal was edited too
        return False


def _check_anchor(row: Any, expected: dict[int, Anchor]) -> Break | None:
    anchor = expected.get(row.sequence)
    if anchor is None or anchor.event_hash == row.event_hash:
        return None
    return Break(
        row.sequence,
        BreakKind.HISTORY_REWRITTEN,
        f"Event {row.sequence} is not the one an anchor was taken of: it, or events before it, were rewritten.",
    )

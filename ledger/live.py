"""What the agent decided live, and what became of it: decisions, feedback on them, handoffs that people closed.

Belongs here: recording these, one subject for all three (the decision's id), and reading them. Does not belong here:
deciding, whether a reply is sent (``service``), what the words come to (the stages).

Everything a customer, a colleague or the agent said stands in the words of an event, which can be erased; the event stays.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ledger import chain
from ledger.errors import InvalidEventError, NotInLedgerError
from ledger.events import Event, EventType, NewEvent, utc_moment
from ledger.schema import ledger_actors, ledger_events, ledger_payloads
from ledger.store import Ledger, first_event

DECISION = "decision"
MODES = ("shadow", "rollout", "control")
FEEDBACK_KINDS = ("thumbs", "csat", "escalation", "correction")
OUTCOMES = ("resolved", "unresolved", "duplicate", "no_reply")
_DECISION_ID = re.compile(r"[0-9a-f]{32}")

Told = tuple[Event, str | None, dict[str, Any]]
"""An event, the name of who is behind it (None once erased), and its words (empty once erased)."""


@dataclass(frozen=True)
class LiveDecision:
    """A decision as it was recorded. ``words`` (and all that is read from them) and ``by`` are None once erased."""

    decision_id: str
    event: Event
    by: str | None
    words: dict[str, Any] | None

    @property
    def request(self) -> dict[str, Any] | None:
        """What was asked: message, conversation, context, requester_id, ticket_id, channel."""
        return None if self.words is None else self.words["request"]

    @property
    def decision(self) -> dict[str, Any] | None:
        """What was decided: ``Decision.to_dict()``."""
        return None if self.words is None else self.words["decision"]

    @property
    def mode(self) -> str | None:
        """One of ``MODES``."""
        return None if self.words is None else self.words["mode"]

    @property
    def release_id(self) -> str | None:
        """What decided."""
        return None if self.words is None else self.words["release_id"]

    @property
    def sends(self) -> bool | None:
        """Whether the reply was to go out without a person."""
        return None if self.words is None else self.words["sends"]


def decision_event(
    decision_id: str,
    *,
    request: Mapping[str, Any],
    decision: Mapping[str, Any],
    mode: str,
    sends: bool,
    by: str,
    role: str,
    occurred_at: datetime,
    idempotency_key: str | None = None,
) -> NewEvent:
    """The event of one decision, to be appended. ``by`` is the client that asked.

    Args:
        decision_id: 32 hex digits.
        request: message, conversation, context, requester_id, ticket_id, channel.
        decision: ``Decision.to_dict()``.
        mode: one of ``MODES``.

    Raises:
        InvalidEventError: an id or mode that is none, or words the ledger cannot hold.
    """
    if mode not in MODES:
        raise InvalidEventError(f"{mode!r} is no mode in which a message is decided; there are {', '.join(MODES)}.")
    words = {
        "request": dict(request),
        "decision": dict(decision),
        "mode": mode,
        "release_id": decision["release_id"],
        "sends": bool(sends),
    }
    return _event(EventType.DECISION_MADE, decision_id, words, by, role, occurred_at, idempotency_key)


def record_decision(
    ledger: Ledger,
    decision_id: str,
    *,
    request: Mapping[str, Any],
    decision: Mapping[str, Any],
    mode: str,
    sends: bool = False,
    by: str,
    role: str,
    occurred_at: datetime,
    idempotency_key: str | None = None,
) -> Event:
    """Record a decision; durable when this returns. Arguments as for ``decision_event``.

    Raises:
        InvalidEventError: as ``decision_event``. IdempotencyConflictError: the key stands for another decision.
    """
    return ledger.append(
        decision_event(
            decision_id,
            request=request,
            decision=decision,
            mode=mode,
            sends=sends,
            by=by,
            role=role,
            occurred_at=occurred_at,
            idempotency_key=idempotency_key,
        )
    )


def record_feedback(
    ledger: Ledger,
    decision_id: str,
    *,
    kind: str,
    words: Mapping[str, Any],
    by: str,
    role: str,
    occurred_at: datetime,
    idempotency_key: str | None = None,
) -> Event:
    """Record what a customer or a colleague says of a decision.

    Args:
        kind: one of ``FEEDBACK_KINDS``.
        words: thumbs: ``thumbs`` (up, down). csat: ``score`` (1 to 5) or ``rating`` (good, bad), ``comment``. escalation:
            ``reason``. correction: ``right_answer``, ``right_entry_id``. All may hold ``source``.

    Raises:
        NotInLedgerError: no such decision was made. InvalidEventError: an unknown kind, or words the ledger cannot hold.
        IdempotencyConflictError: the key stands for another event.
    """
    if kind not in FEEDBACK_KINDS:
        raise InvalidEventError(f"{kind!r} is no kind of feedback; there are {', '.join(FEEDBACK_KINDS)}.")
    said = {name: value for name, value in words.items() if value is not None}
    return _about(
        ledger,
        _event(EventType.FEEDBACK_GIVEN, decision_id, {**said, "kind": kind}, by, role, occurred_at, idempotency_key),
    )


def close_handoff(
    ledger: Ledger,
    decision_id: str,
    *,
    resolved_by: str,
    outcome: str,
    was_needed: bool | None = None,
    handle_minutes: float | None = None,
    right_answer: str | None = None,
    comment: str | None = None,
    by: str,
    role: str,
    occurred_at: datetime,
    idempotency_key: str | None = None,
) -> Event:
    """Record how a person ended what was handed over; of several, the last one holds.

    Args:
        resolved_by: the person. outcome: one of ``OUTCOMES``. was_needed: whether it had to be handed over at all.
        handle_minutes: how long the person worked on it. right_answer: what they replied.

    Raises:
        NotInLedgerError: no such decision was made. InvalidEventError: an unknown outcome, or words the ledger cannot hold.
        IdempotencyConflictError: the key stands for another event.
    """
    if outcome not in OUTCOMES:
        raise InvalidEventError(f"{outcome!r} is no outcome of a handoff; there are {', '.join(OUTCOMES)}.")
    said: dict[str, Any] = {
        "resolved_by": resolved_by,
        "outcome": outcome,
        "was_needed": was_needed,
        "handle_minutes": handle_minutes,
        "right_answer": right_answer,
        "comment": comment,
    }
    words = {name: value for name, value in said.items() if value is not None}
    return _about(ledger, _event(EventType.HANDOFF_CLOSED, decision_id, words, by, role, occurred_at, idempotency_key))


def read_decision(ledger: Ledger, decision_id: str) -> LiveDecision | None:
    """The decision of this id; None where none was made."""
    if not _DECISION_ID.fullmatch(decision_id):
        return None
    query = _told([EventType.DECISION_MADE], decision_id).limit(1)
    with ledger.reading() as connection:
        row = connection.execute(query).first()
    if row is None:
        return None
    event, by, words = _read(row)
    return LiveDecision(decision_id, event, by, words or None)


def decisions_made(ledger: Ledger, *, after_sequence: int = 0) -> Iterator[Told]:
    """Every decision in order, streamed; the id is the event's ``subject_hash``."""
    return _stream(ledger, EventType.DECISION_MADE, None, after_sequence)


def feedback_given(ledger: Ledger, decision_id: str | None = None, *, after_sequence: int = 0) -> Iterator[Told]:
    """Feedback in order, streamed: on all decisions, or on one."""
    return _stream(ledger, EventType.FEEDBACK_GIVEN, decision_id, after_sequence)


def handoffs_closed(ledger: Ledger, decision_id: str | None = None, *, after_sequence: int = 0) -> Iterator[Told]:
    """Closed handoffs in order, streamed: of all decisions, or of one."""
    return _stream(ledger, EventType.HANDOFF_CLOSED, decision_id, after_sequence)


def as_recorded(event: NewEvent) -> dict[str, Any]:
    """The words of an event as every later reader will see them, whatever the order they were given in."""
    body = event.payload_body()
    return {} if body is None else dict(json.loads(body))


def _event(
    event_type: EventType,
    decision_id: str,
    words: Mapping[str, Any],
    by: str,
    role: str,
    occurred_at: datetime,
    idempotency_key: str | None,
) -> NewEvent:
    if not _DECISION_ID.fullmatch(decision_id):
        raise InvalidEventError(f"{decision_id[:80]!r} is no id of a decision; one has 32 hex digits.")
    chain.canonical_json(dict(words))  # said here, and not first in the middle of a transaction
    return NewEvent(event_type, DECISION, decision_id, by, role, occurred_at, words, idempotency_key)


def _about(ledger: Ledger, event: NewEvent) -> Event:
    with ledger.engine.writing() as connection:
        if first_event(connection, EventType.DECISION_MADE, DECISION, event.subject_hash) is None:
            raise NotInLedgerError(f"No decision {event.subject_hash} was made, so nothing was recorded.")
        return ledger.append_within(connection, [event])[0]


def _stream(ledger: Ledger, event_type: EventType, decision_id: str | None, after_sequence: int) -> Iterator[Told]:
    query = _told([event_type], decision_id, after_sequence)
    with ledger.reading() as connection:
        for row in connection.execution_options(yield_per=500).execute(query):
            yield _read(row)


def _told(event_types: list[EventType], decision_id: str | None, after_sequence: int = 0) -> sa.Select[Any]:
    columns, actors, payloads = ledger_events.c, ledger_actors.c, ledger_payloads.c
    source = ledger_events.outerjoin(ledger_actors, actors.actor_id == columns.actor_id).outerjoin(
        ledger_payloads, payloads.payload_digest == columns.payload_digest
    )
    query = (
        sa.select(ledger_events, actors.name.label("actor_name"), payloads.body.label("body"))
        .select_from(source)
        .where(columns.event_type.in_([str(one) for one in event_types]), columns.subject_kind == DECISION)
        .order_by(columns.sequence)
    )
    if decision_id is not None:
        query = query.where(columns.subject_hash == decision_id)
    return query.where(columns.sequence > after_sequence) if after_sequence else query


def _read(row: sa.Row[Any]) -> Told:
    fields = dict(row._mapping)
    by, body = fields.pop("actor_name"), fields.pop("body")
    event = Event(**{**fields, "occurred_at": utc_moment(fields["occurred_at"])})
    return event, by, json.loads(body) if body else {}

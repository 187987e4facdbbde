"""Sign-offs: a person's recorded decision about one exact content hash, in a role.

Belongs here: recording, withdrawing, and the state of the signatures on a hash. A later stage makes something
signable by adding a line to `signable.SIGNABLE`. Does not belong here: which roles must sign (the desk says), how a hash
is computed (`decisions`, or the stage that owns the thing), what a missing signature stops (the checks).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ledger import events
from ledger.errors import InvalidEventError, NotInLedgerError, SignOffError
from ledger.events import Event, EventType, NewEvent
from ledger.signable import in_words, require_known_role, signable
from ledger.store import Ledger, first_event


@dataclass(frozen=True)
class ToSign:
    """One thing to be signed: its hash, the content it must hash to, and `details` kept with the signature.

    Details are words beside the chain, as a note is: they can be erased.
    """

    subject_hash: str
    content: Any
    details: Mapping[str, Any] | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True)
class Signature:
    """One standing signature. `by` and `note` are None once erased (a note also when none was given)."""

    role: str
    by: str | None
    actor_id: str
    occurred_at: datetime
    note: str | None
    event_id: str
    sequence: int


@dataclass(frozen=True)
class SignOffState:
    """The signatures on one hash. Roles are spelt as the desk spells them; other roles' signatures are listed too.

    `distinct_people` is True when every required role that is signed can be counted to another person.
    """

    subject_kind: str
    subject_hash: str
    signed_roles: tuple[str, ...]
    missing_roles: tuple[str, ...]
    signatures: tuple[Signature, ...]
    distinct_people: bool

    @property
    def is_complete(self) -> bool:
        """Whether every required role has signed."""
        return not self.missing_roles


@dataclass(frozen=True)
class SignedContent:
    """What was signed last: its hash, its snapshot (None when it was erased), and the signatures standing on it."""

    subject_hash: str
    content: Any
    signatures: tuple[Signature, ...]


def record_sign_off(
    ledger: Ledger,
    subject_kind: str,
    subject_hash: str,
    *,
    by: str,
    role: str,
    occurred_at: datetime,
    known_roles: Iterable[str],
    content: Any,
    note: str | None = None,
    idempotency_key: str | None = None,
) -> Event:
    """Record that `by` signs `subject_hash` as `role`, and keep a readable snapshot of `content` (once per hash).

    For a roadmap `content` is its decisions, and must hash to `subject_hash`: nobody signs what they were not
    shown. `known_roles` are the roles the desk lets sign this; case and spacing do not count.
    Raises `SignOffError` for an unknown role, an empty name, or other content; nothing is recorded then.
    """
    one = ToSign(subject_hash, content, idempotency_key=idempotency_key)
    who: dict[str, Any] = {"by": by, "role": role, "occurred_at": occurred_at, "known_roles": known_roles}
    return record_sign_offs(ledger, subject_kind, [one], note=note, **who)[0]


def record_sign_offs(
    ledger: Ledger,
    subject_kind: str,
    to_sign: Sequence[ToSign],
    *,
    by: str,
    role: str,
    occurred_at: datetime,
    known_roles: Iterable[str],
    note: str | None = None,
    together_with: Sequence[NewEvent] = (),
) -> list[Event]:
    """`record_sign_off` for many things in one transaction: all are signed, and the other events written, or none.

    Returns the signing events, in order. Raises as `record_sign_off` does, at the first that must not be signed.
    """
    kind = signable(subject_kind)
    pairs = prepare_sign_offs(
        subject_kind, to_sign, by=by, role=role, occurred_at=occurred_at, known_roles=known_roles, note=note
    )
    with ledger.engine.writing() as connection:
        written = sign_offs_to_write(connection, pairs)
        events_written = ledger.append_within(connection, [*written, *together_with])
        is_signing = [one.event_type == kind.event_type for one in written]
        return [event for event, counts in zip(events_written, is_signing, strict=False) if counts]


def prepare_sign_offs(
    subject_kind: str,
    to_sign: Sequence[ToSign],
    *,
    by: str,
    role: str,
    occurred_at: datetime,
    known_roles: Iterable[str],
    note: str | None = None,
) -> list[tuple[NewEvent, NewEvent]]:
    """The events of signing many things, for `sign_offs_to_write`: the content as it was shown, and the signature on it.

    Raises as `record_sign_off` does, at the first that must not be signed.
    """
    kind, name = signable(subject_kind), in_words(subject_kind)
    require_known_role(role, known_roles, signs=f"the {name}")
    pairs = []
    for one in to_sign:
        content = list(one.content) if isinstance(one.content, Iterator) else one.content
        if kind.digest(content) != one.subject_hash:
            raise SignOffError(
                f"The {name} has changed since it was shown: what is to be signed no longer has the "
                f"hash {one.subject_hash[:12]}…. Look at it again, then sign."
            )
        who: dict[str, Any] = {"actor": by, "role": role, "occurred_at": occurred_at}
        subject = (subject_kind, one.subject_hash)
        words = {**(one.details or {}), **(_note(note) or {})} or None
        try:
            shown = NewEvent(EventType.CONTENT_RECORDED, *subject, payload={"content": kind.canonical(content)}, **who)
            signed = NewEvent(kind.event_type, *subject, payload=words, idempotency_key=one.idempotency_key, **who)
        except InvalidEventError as problem:
            raise SignOffError(f"The {name} was not signed. {problem}") from problem
        pairs.append((shown, signed))
    return pairs


def sign_offs_to_write(connection: sa.Connection, pairs: Iterable[tuple[NewEvent, NewEvent]]) -> list[NewEvent]:
    """Inside a write transaction: what `prepare_sign_offs` made, without content that is kept already."""
    written: list[NewEvent] = []
    kept: set[tuple[str, str]] = set()
    for shown, signed in pairs:
        subject = (signed.subject_kind, signed.subject_hash)
        is_kept = subject in kept or first_event(connection, EventType.CONTENT_RECORDED, *subject) is not None
        kept.add(subject)
        written += [signed] if is_kept else [shown, signed]
    return written


def withdraw_sign_off(
    ledger: Ledger,
    subject_kind: str,
    subject_hash: str,
    *,
    by: str,
    role: str,
    occurred_at: datetime,
    note: str | None = None,
) -> Event:
    """Take back one's own signature on a hash; the record keeps both. Signing again later is possible.

    Raises `SignOffError` when this person has no standing signature on it in this role.
    """
    signable(subject_kind)
    try:
        withdrawn = NewEvent(
            EventType.SIGN_OFF_WITHDRAWN, subject_kind, subject_hash, by, role, occurred_at, payload=_note(note)
        )
    except InvalidEventError as problem:
        raise SignOffError(f"No signature was withdrawn. {problem}") from problem
    standing = _standing(ledger, subject_kind, subject_hash)
    if (events.role_key(role), ledger.actor_id(by)) not in standing:
        raise SignOffError(
            f"{events.display_name(by)} has no signature as {role!r} on this {subject_kind} ({subject_hash[:12]}…), "
            "so there is nothing to withdraw. Only the person who signed can withdraw."
        )
    return ledger.append(withdrawn)


def sign_off_state(ledger: Ledger, subject_kind: str, subject_hash: str, required_roles: Sequence[str]) -> SignOffState:
    """Who has signed `subject_hash`, in which roles, and who is still missing.

    Per person and role the latest signature counts, unless it was withdrawn. No required role means complete.
    """
    spelling = {events.role_key(role): role for role in required_roles}
    standing = _standing(ledger, subject_kind, subject_hash)
    signers: dict[str, set[str]] = {key: set() for key in spelling}
    for key, actor_id in standing:
        if key in signers:
            signers[key].add(actor_id)
    signed = [key for key in spelling if signers[key]]
    return SignOffState(
        subject_kind=subject_kind,
        subject_hash=subject_hash,
        signed_roles=tuple(spelling[key] for key in signed),
        missing_roles=tuple(role for key, role in spelling.items() if not signers[key]),
        signatures=tuple(_signature(ledger, event, spelling) for event in standing.values()),
        distinct_people=_can_all_differ([signers[key] for key in signed]),
    )


def last_signed(
    ledger: Ledger, subject_kind: str, required_roles: Sequence[str] = (), *, other_than: str | None = None
) -> SignedContent | None:
    """The most recently signed content of a kind, to compare with what is proposed now; None when there is none.

    With `required_roles` only content they all signed counts; `other_than` leaves one hash out.
    """
    newest_first: dict[str, None] = {}
    signed = list(ledger.events(event_types=[signable(subject_kind).event_type], subject_kind=subject_kind))
    for event in reversed(signed):
        newest_first.setdefault(event.subject_hash)
    for subject_hash in newest_first:
        state = sign_off_state(ledger, subject_kind, subject_hash, required_roles)
        if subject_hash != other_than and state.signatures and state.is_complete:
            return SignedContent(subject_hash, signed_content(ledger, subject_kind, subject_hash), state.signatures)
    return None


def signed_content(ledger: Ledger, subject_kind: str, subject_hash: str) -> Any:
    """The snapshot stored when this hash was first signed, None when it was erased.

    For a roadmap: a list of mappings for `decisions.decisions_from_content`. Raises `NotInLedgerError` when this
    hash was never signed.
    """
    for event in ledger.events(
        event_types=[EventType.CONTENT_RECORDED], subject_kind=subject_kind, subject_hash=subject_hash
    ):
        payload = ledger.payload(event.payload_digest)
        return None if payload is None else payload["content"]
    raise NotInLedgerError(f"No {subject_kind} with the hash {subject_hash[:12]}… was ever signed.")


def _note(note: str | None) -> dict[str, str] | None:
    return {"note": note.strip()} if note is not None and note.strip() else None


def _standing(ledger: Ledger, subject_kind: str, subject_hash: str) -> dict[tuple[str, str], Event]:
    """(role, person) → their latest signature on this hash, without those withdrawn, in the order of signing."""
    signing = signable(subject_kind).event_type
    standing: dict[tuple[str, str], Event] = {}
    for event in ledger.events(
        event_types=[signing, EventType.SIGN_OFF_WITHDRAWN], subject_kind=subject_kind, subject_hash=subject_hash
    ):
        key = (event.role, event.actor_id)
        standing.pop(key, None)
        if event.event_type == signing:
            standing[key] = event
    return standing


def _signature(ledger: Ledger, event: Event, spelling: dict[str, str]) -> Signature:
    payload = ledger.payload(event.payload_digest)
    return Signature(
        role=spelling.get(event.role, event.role),
        by=ledger.actor_name(event.actor_id),
        actor_id=event.actor_id,
        occurred_at=event.occurred_at,
        note=None if payload is None else payload.get("note"),
        event_id=event.event_id,
        sequence=event.sequence,
    )


def _can_all_differ(signers_by_role: Sequence[set[str]]) -> bool:
    """Whether each role can be given a person of its own (bipartite matching by augmenting paths, Kuhn 1955)."""
    given: dict[str, int] = {}

    def give(role: int, tried: set[str]) -> bool:
        for person in signers_by_role[role] - tried:
            tried.add(person)
            if person not in given or give(given[person], tried):
                given[person] = role
                return True
        return False

    return all(give(role, set()) for role in range(len(signers_by_role)))

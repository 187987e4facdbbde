"""What people decided about proposed fixes: accepted ones are changes with an id, rejected ones are not offered again.

Belongs here: recording acceptance and rejection, giving change ids, and reading what stands. Does not belong here: what a
fix is (the stage that proposes it), writing files (``orchestration.people``), which release holds a change.

The change id stands in the subject of the event, beside the fix: words can be erased, the number of a change must not be.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ledger.corrections import correction_events
from ledger.entries import split_subject
from ledger.errors import FixError
from ledger.events import Event, EventType
from ledger.knowledge import ENTRY, EntryAcceptance, decided, decision_event
from ledger.schema import ledger_actors, ledger_events, ledger_payloads
from ledger.sign_offs import prepare_sign_offs, sign_offs_to_write
from ledger.signable import require_known_role
from ledger.store import Ledger, as_event, find_actor

if TYPE_CHECKING:
    import pandas as pd

FIX = "fix"
ACCEPTED, REJECTED = "accepted", "rejected"
MAX_REASON_CHARS = 20_000
COLUMNS = (
    "fix_id", "status", "change_id", "decided_by", "decided_role", "decided_at", "note", "pattern_id", "kind", "title",
    "category_ids", "entry_ids", "entry_hashes", "behavior_hash", "labelled_ticket_ids", "source_ticket_ids",
    "target_ticket_ids", "is_urgent", "proposal", "sequence",
)  # fmt: skip
_LISTS = ("category_ids", "entry_ids", "entry_hashes", "labelled_ticket_ids", "source_ticket_ids", "target_ticket_ids")
_TYPES = [str(EventType.FIX_ACCEPTED), str(EventType.FIX_REJECTED)]


class FixDecidedError(FixError):
    """The fix was accepted before, so that nothing was recorded; ``change_id`` is the change it became."""

    def __init__(self, sentence: str, change_id: str) -> None:
        super().__init__(sentence)
        self.change_id = change_id


@dataclass(frozen=True)
class FixToAccept:
    """A fix as it is accepted. proposal: JSON of what is changed, as the person left it; labels: (training ticket, category)
    that are corrected by it; behavior_hash: of the spec it was written into, None where it touches none."""

    fix_id: str
    kind: str
    title: str
    proposal: str
    pattern_id: str | None = None
    category_ids: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    behavior_hash: str | None = None
    source_ticket_ids: tuple[str, ...] = ()
    target_ticket_ids: tuple[str, ...] = ()
    is_urgent: bool = False


def accept_fix(
    ledger: Ledger,
    fix: FixToAccept,
    *,
    entries: Sequence[EntryAcceptance] = (),
    by: str,
    role: str,
    occurred_at: datetime,
    known_roles: Iterable[str],
    note: str | None = None,
) -> Event:
    """Record that a fix is accepted, sign its entries and correct its labels: all of it in one transaction, or nothing.

    The change gets the next id, C-001 and on, in the order of acceptance. The same proposal accepted again is the event of
    the first time, whoever says it. Returns the event; ``change_id_of`` reads its id.

    Raises `FixDecidedError` where the fix was accepted with another proposal, `SignOffError` for a role that may not or an
    empty name; nothing is recorded then.
    """
    known = list(known_roles)
    require_known_role(role, known, signs="this fix")
    who: dict[str, Any] = {"by": by, "role": role, "occurred_at": occurred_at}
    signatures = prepare_sign_offs(ENTRY, [one.to_sign() for one in entries], known_roles=known, note=note, **who)
    words = _words(fix, [signed.subject_hash for _, signed in signatures], note)
    with ledger.engine.writing() as connection:
        before = _last_word(connection, fix.fix_id)
        if before is not None and before[0].event_type == EventType.FIX_ACCEPTED:
            event, name, said = before
            if said and said["proposal"] != fix.proposal:
                change = change_id_of(event)
                raise FixDecidedError(
                    f"Nothing was recorded. {name or 'Somebody'} has accepted this fix already, in another wording: it is "
                    f"change {change}. Edit what it wrote instead.",
                    change,
                )
            return event
        change_id = _next_change_id(connection)
        corrections = correction_events(fix.labels, change_id=change_id, **who)
        subject = f"{fix.fix_id}:{change_id}"
        accepted = decision_event(EventType.FIX_ACCEPTED, FIX, subject, by, role, occurred_at, words)
        written = [*sign_offs_to_write(connection, signatures), *corrections, accepted]
        return ledger.append_within(connection, written)[-1]


def reject_fix(
    ledger: Ledger,
    fix_id: str,
    *,
    by: str,
    role: str,
    occurred_at: datetime,
    known_roles: Iterable[str],
    reason: str,
) -> Event:
    """Record that a fix is not wanted, and why. The same word of the same person again is the event of the first time.

    Raises `FixDecidedError` where it was accepted before, `FixError` without a reason, `SignOffError` for a role that may
    not or an empty name; nothing is recorded then.
    """
    require_known_role(role, known_roles, signs="this fix")
    note = " ".join(reason.split())
    if not note:
        raise FixError("Nothing was recorded. A reason is needed: say why the fix is not wanted.")
    if len(note) > MAX_REASON_CHARS:
        raise FixError(
            f"Nothing was recorded. The reason has more than {MAX_REASON_CHARS:,} characters; make it shorter."
        )
    rejected = decision_event(EventType.FIX_REJECTED, FIX, fix_id, by, role, occurred_at, {"note": note})
    with ledger.engine.writing() as connection:
        before = _last_word(connection, fix_id)
        if before is not None and before[0].event_type == EventType.FIX_ACCEPTED:
            change = change_id_of(before[0])
            raise FixDecidedError(
                f"Nothing was recorded. {before[1] or 'Somebody'} has accepted this fix already: it is change {change}. To "
                "undo a change, roll the release back, or edit the entry or the spec it changed.",
                change,
            )
        if before is not None and before[2].get("note") == note and before[0].actor_id == find_actor(connection, by):
            return before[0]
        return ledger.append_within(connection, [rejected])[0]


def change_id_of(event: Event) -> str:
    """The change id of an acceptance."""
    return split_subject(event.subject_hash)[1]


def fix_decisions(ledger: Ledger) -> pd.DataFrame:
    """Frame [fix] of the last word on each fix, `COLUMNS`, in the order in which they were recorded.

    status: accepted or rejected. change_id: null unless accepted. sequence: of the event, which tells the order where clocks
    do not. What words held is null (or an empty list) once they were erased; status and change_id stay.
    """
    import pandas as pd

    latest: dict[str, dict[str, Any]] = {}
    for event, by, words in decided(ledger, [EventType.FIX_ACCEPTED, EventType.FIX_REJECTED], FIX):
        is_accepted = event.event_type == EventType.FIX_ACCEPTED
        fix_id, change_id = split_subject(event.subject_hash) if is_accepted else (event.subject_hash, None)
        latest.pop(fix_id, None)
        latest[fix_id] = {
            **{name: words.get(name, [] if name in _LISTS else None) for name in COLUMNS},
            "fix_id": fix_id,
            "status": ACCEPTED if is_accepted else REJECTED,
            "change_id": change_id,
            "decided_by": by,
            "decided_role": event.role,
            "decided_at": event.occurred_at,
            "sequence": event.sequence,
        }
    frame = pd.DataFrame(list(latest.values()), columns=list(COLUMNS))
    frame["decided_at"] = pd.to_datetime(frame["decided_at"], utc=True).astype("datetime64[us, UTC]")
    kinds = {"is_urgent": "boolean", "sequence": "int64", **dict.fromkeys(_LISTS, "object")}
    return frame.astype({name: kinds.get(name, "string") for name in COLUMNS if name != "decided_at"})


def _words(fix: FixToAccept, signed: Sequence[str], note: str | None) -> dict[str, Any]:
    entries = [split_subject(subject) for subject in signed]
    told = {name: value for name, value in asdict(fix).items() if name not in ("fix_id", "labels")}
    return {
        **{name: list(value) if isinstance(value, tuple) else value for name, value in told.items()},
        "entry_ids": [name for name, _ in entries],
        "entry_hashes": [content_hash for _, content_hash in entries],
        "labelled_ticket_ids": [ticket for ticket, _ in fix.labels],
        **({"note": note.strip()} if note and note.strip() else {}),
    }


def _last_word(connection: sa.Connection, fix_id: str) -> tuple[Event, str | None, dict[str, Any]] | None:
    """The acceptance of a fix, else the last word on it, with name and words, inside a transaction."""
    columns = ledger_events.c
    query = (
        sa.select(ledger_events)
        .where(columns.event_type.in_(_TYPES), columns.subject_kind == FIX)
        .where(sa.or_(columns.subject_hash == fix_id, columns.subject_hash.startswith(f"{fix_id}:", autoescape=True)))
        .order_by(columns.event_type, columns.sequence.desc())  # "accepted" comes before "rejected"
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    event = as_event(row)
    name = sa.select(ledger_actors.c.name).where(ledger_actors.c.actor_id == event.actor_id)
    body = sa.select(ledger_payloads.c.body).where(ledger_payloads.c.payload_digest == event.payload_digest)
    said = connection.scalar(body)
    return event, connection.scalar(name), json.loads(said) if said else {}


def _next_change_id(connection: sa.Connection) -> str:
    columns = ledger_events.c
    query = sa.select(columns.subject_hash).where(
        columns.event_type == str(EventType.FIX_ACCEPTED), columns.subject_kind == FIX
    )
    subjects = [str(row.subject_hash) for row in connection.execute(query)]
    numbers = [int(split_subject(one)[1].removeprefix("C-")) for one in subjects]
    return f"C-{max(numbers, default=0) + 1:03d}"

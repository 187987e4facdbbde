"""What people decided about knowledge: entries accepted, drafts rejected, articles verified, findings dismissed.

Belongs here: recording those decisions, and reading what stands, as frames. Does not belong here: how a signature is
kept (`sign_offs`), how an entry is hashed (`entries`), what a decision does to an entry (the stage that owns it).

One signature in any of the desk's roles for knowledge accepts an entry: unlike a roadmap, no second one is waited for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ledger.entries import SEMANTIC_FIELDS, entry_subject, semantic_hash, split_subject
from ledger.errors import InvalidEventError, SignOffError
from ledger.events import Event, EventType, NewEvent, utc_moment
from ledger.schema import ledger_actors, ledger_events, ledger_payloads
from ledger.sign_offs import ToSign, record_sign_offs
from ledger.signable import require_known_role
from ledger.store import Ledger

if TYPE_CHECKING:
    import pandas as pd

ENTRY, DRAFT, ARTICLE, FINDING = "knowledge_entry", "knowledge_draft", "help_center_article", "knowledge_finding"


@dataclass(frozen=True)
class EntryAcceptance:
    """One entry as it is accepted: its id, its tidied semantic fields (`entries.SEMANTIC_FIELDS`), and until when.

    `review_by` is the date by which it must be looked at again; `draft_id` the draft it came from.
    """

    entry_id: str
    content: dict[str, Any]
    review_by: date | None = None
    draft_id: str | None = None

    def to_sign(self) -> ToSign:
        """What the signature is about."""
        content = {"entry_id": self.entry_id, **{name: self.content[name] for name in SEMANTIC_FIELDS}}
        details = {"review_by": self.review_by.isoformat()} if self.review_by else None
        return ToSign(entry_subject(self.entry_id, semantic_hash(content)), content, details)


def accept_entries(
    ledger: Ledger,
    accepted: Sequence[EntryAcceptance],
    *,
    by: str,
    role: str,
    occurred_at: datetime,
    known_roles: Iterable[str],
    note: str | None = None,
) -> list[Event]:
    """Sign entries, each bound to its content hash, and close the drafts they came from; one transaction.

    Accepting the same content again renews its review date. Raises `SignOffError` for a role that may not or an
    empty name; nothing is recorded then.
    """
    drafts = [one for one in accepted if one.draft_id]
    closing = [
        decision_event(
            EventType.DRAFT_ACCEPTED, DRAFT, str(one.draft_id), by, role, occurred_at, {"entry_id": one.entry_id}
        )
        for one in drafts
    ]
    return record_sign_offs(
        ledger,
        ENTRY,
        [one.to_sign() for one in accepted],
        by=by,
        role=role,
        occurred_at=occurred_at,
        known_roles=known_roles,
        note=note,
        together_with=closing,
    )


def reject_drafts(
    ledger: Ledger,
    draft_ids: Sequence[str],
    *,
    by: str,
    role: str,
    occurred_at: datetime,
    known_roles: Iterable[str],
    note: str,
) -> list[Event]:
    """Record that these drafts are not wanted, and why; they are not offered again. Raises `SignOffError`."""
    require_known_role(role, known_roles, signs="knowledge")
    words = {"note": _needed(note)}
    return ledger.append_all(
        [decision_event(EventType.DRAFT_REJECTED, DRAFT, one, by, role, occurred_at, words) for one in draft_ids]
    )


def verify_article(
    ledger: Ledger,
    article_id: str,
    article_hash: str,
    *,
    by: str,
    role: str,
    occurred_at: datetime,
    known_roles: Iterable[str],
    note: str | None = None,
) -> Event:
    """Record that an article, as it stands (`article_hash`), is right; a changed article is unverified again.

    Raises `SignOffError` for a role that may not, or an empty name.
    """
    require_known_role(role, known_roles, signs="knowledge")
    words = {"article_id": article_id, **({"note": note.strip()} if note and note.strip() else {})}
    return ledger.append(
        decision_event(EventType.ARTICLE_VERIFIED, ARTICLE, article_hash, by, role, occurred_at, words)
    )


def dismiss_finding(
    ledger: Ledger,
    finding_id: str,
    *,
    by: str,
    role: str,
    occurred_at: datetime,
    known_roles: Iterable[str],
    note: str,
) -> Event:
    """Record that a finding is no fault, and why. Its id holds the hashes of what was compared, so that a change of
    either side is a new finding. Raises `SignOffError` for a role that may not, an empty name or no reason."""
    require_known_role(role, known_roles, signs="knowledge")
    words = {"note": _needed(note)}
    return ledger.append(decision_event(EventType.FINDING_DISMISSED, FINDING, finding_id, by, role, occurred_at, words))


def accepted_entries(ledger: Ledger) -> pd.DataFrame:
    """Standing acceptances, one row an entry and content hash: the latest where several people accepted it.

    Columns: entry_id, content_hash, accepted_by (null once erased), accepted_at, accepted_role, review_by, note.
    """
    import pandas as pd

    standing: dict[str, dict[tuple[str, str], dict[str, Any]]] = {}
    types = [EventType.KNOWLEDGE_ENTRY_ACCEPTED, EventType.SIGN_OFF_WITHDRAWN]
    for event, by, words in decided(ledger, types, ENTRY):
        signatures = standing.setdefault(event.subject_hash, {})
        signatures.pop((event.role, event.actor_id), None)
        if event.event_type == EventType.KNOWLEDGE_ENTRY_ACCEPTED:
            entry_id, content_hash = split_subject(event.subject_hash)
            signatures[event.role, event.actor_id] = {
                "entry_id": entry_id,
                "content_hash": content_hash,
                "accepted_by": by,
                "accepted_at": event.occurred_at,
                "accepted_role": event.role,
                "review_by": words.get("review_by"),
                "note": words.get("note"),
            }
    rows = [list(signatures.values())[-1] for signatures in standing.values() if signatures]
    names = ["entry_id", "content_hash", "accepted_by", "accepted_at", "accepted_role", "review_by", "note"]
    frame = decisions_frame(rows, names, at="accepted_at")
    frame["review_by"] = pd.to_datetime(frame["review_by"], utc=True).astype("datetime64[us, UTC]")
    return frame


def draft_decisions(ledger: Ledger) -> pd.DataFrame:
    """The latest decision on each draft: draft_id, status (accepted|rejected), decided_by, decided_at, entry_id, note."""
    latest: dict[str, dict[str, Any]] = {}
    for event, by, words in decided(ledger, [EventType.DRAFT_ACCEPTED, EventType.DRAFT_REJECTED], DRAFT):
        latest[event.subject_hash] = {
            "draft_id": event.subject_hash,
            "status": "accepted" if event.event_type == EventType.DRAFT_ACCEPTED else "rejected",
            "decided_by": by,
            "decided_at": event.occurred_at,
            "entry_id": words.get("entry_id"),
            "note": words.get("note"),
        }
    names = ["draft_id", "status", "decided_by", "decided_at", "entry_id", "note"]
    return decisions_frame(latest.values(), names, at="decided_at")


def verified_articles(ledger: Ledger) -> pd.DataFrame:
    """The latest verification of each article hash: article_hash, article_id, verified_by, verified_at, note."""
    latest: dict[str, dict[str, Any]] = {}
    for event, by, words in decided(ledger, [EventType.ARTICLE_VERIFIED], ARTICLE):
        latest[event.subject_hash] = {
            "article_hash": event.subject_hash,
            "article_id": words.get("article_id"),
            "verified_by": by,
            "verified_at": event.occurred_at,
            "note": words.get("note"),
        }
    return decisions_frame(
        latest.values(), ["article_hash", "article_id", "verified_by", "verified_at", "note"], at="verified_at"
    )


def dismissed_findings(ledger: Ledger) -> pd.DataFrame:
    """Findings that someone dismissed: finding_id, dismissed_by, dismissed_at, note."""
    latest: dict[str, dict[str, Any]] = {}
    for event, by, words in decided(ledger, [EventType.FINDING_DISMISSED], FINDING):
        latest[event.subject_hash] = {
            "finding_id": event.subject_hash,
            "dismissed_by": by,
            "dismissed_at": event.occurred_at,
            "note": words.get("note"),
        }
    return decisions_frame(latest.values(), ["finding_id", "dismissed_by", "dismissed_at", "note"], at="dismissed_at")


def audit_decisions(ledger: Ledger) -> pd.DataFrame:
    """What clears findings: decision (article_verified|finding_dismissed), subject_hash, decided_by, decided_at.

    `subject_hash` is the article's hash or the finding's id. Acceptances are not among them: an entry past its review
    was accepted once too, and a newer acceptance shows in the entry's own dates.
    """
    import pandas as pd

    verified, dismissed = verified_articles(ledger), dismissed_findings(ledger)
    parts = [
        verified.rename(columns={"article_hash": "subject_hash", "verified_by": "decided_by", "verified_at": "decided_at"})
        .assign(decision=str(EventType.ARTICLE_VERIFIED)),
        dismissed.rename(columns={"finding_id": "subject_hash", "dismissed_by": "decided_by", "dismissed_at": "decided_at"})
        .assign(decision=str(EventType.FINDING_DISMISSED)),
    ]  # fmt: skip
    columns = ["decision", "subject_hash", "decided_by", "decided_at"]
    return pd.concat([part[columns] for part in parts], ignore_index=True).astype({"decision": "str"})


def decision_event(
    event_type: EventType, kind: str, subject: str, by: str, role: str, at: datetime, words: dict[str, Any] | None
) -> NewEvent:
    """An event about knowledge, its mistakes said as a refusal. Raises `SignOffError`."""
    try:
        return NewEvent(event_type, kind, subject, by, role, at, payload=words)
    except InvalidEventError as problem:
        raise SignOffError(f"Nothing was recorded. {problem}") from problem


def _needed(note: str) -> str:
    if not note.strip():
        raise SignOffError("Nothing was recorded. A reason is needed: say in the note why.")
    return note.strip()


def decided(
    ledger: Ledger, event_types: Sequence[EventType], kind: str
) -> Iterator[tuple[Event, str | None, dict[str, Any]]]:
    """Events of a kind in order, each with the name and the words that have not been erased; one query."""
    columns, actors, payloads = ledger_events.c, ledger_actors.c, ledger_payloads.c
    source = ledger_events.outerjoin(ledger_actors, actors.actor_id == columns.actor_id).outerjoin(
        ledger_payloads, payloads.payload_digest == columns.payload_digest
    )
    query = (
        sa.select(ledger_events, actors.name.label("actor_name"), payloads.body.label("body"))
        .select_from(source)
        .where(columns.event_type.in_([str(one) for one in event_types]), columns.subject_kind == kind)
        .order_by(columns.sequence)
    )
    with ledger.reading() as connection:
        rows = connection.execute(query).all()
    for row in rows:
        fields = dict(row._mapping)
        by, body = fields.pop("actor_name"), fields.pop("body")
        event = Event(**{**fields, "occurred_at": utc_moment(fields["occurred_at"])})
        yield event, by, json.loads(body) if body else {}


def decisions_frame(rows: Iterable[dict[str, Any]], names: list[str], *, at: str) -> pd.DataFrame:
    """Decisions as a frame of texts, `at` being the column with their time (UTC)."""
    import pandas as pd

    frame = pd.DataFrame(list(rows), columns=names)
    frame[at] = pd.to_datetime(frame[at], utc=True).astype("datetime64[us, UTC]")
    return frame.astype({name: "str" for name in names if name not in (at, "review_by")})

"""Who accepted which version of an entry, when, and what that version said.

Belongs here: reading the ledger of one entry. Does not belong here: which entries are live (``knowledge_audit``),
accepting (``knowledge_review``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from desk.knowledge import Entry
from desk.loading import Desk
from ledger.entries import SEMANTIC_FIELDS, split_subject
from ledger.events import EventType
from ledger.knowledge import ENTRY, decided
from orchestration.people.knowledge_desk import ledger_of


@dataclass(frozen=True)
class Acceptance:
    """A person's word on one version. ``by`` and ``note`` are None once erased; ``content`` is the version's fields."""

    by: str | None
    role: str
    at: dt.datetime
    content_hash: str
    content: dict[str, Any] | None
    note: str | None
    review_by: str | None
    is_withdrawn: bool
    """whether this takes an acceptance back"""


def acceptances(desk: Desk, entry_id: str) -> list[Acceptance]:
    """Every acceptance of an entry and every one taken back, the newest first."""
    types = [EventType.KNOWLEDGE_ENTRY_ACCEPTED, EventType.SIGN_OFF_WITHDRAWN, EventType.CONTENT_RECORDED]
    contents: dict[str, dict[str, Any]] = {}
    found = []
    with ledger_of(desk) as ledger:
        for event, by, words in decided(ledger, types, ENTRY):
            name, content_hash = split_subject(event.subject_hash)
            if name != entry_id:
                continue
            if event.event_type == EventType.CONTENT_RECORDED:
                contents[content_hash] = words.get("content") or {}
                continue
            found.append((event, by, words, content_hash))
    return [
        Acceptance(
            by=by,
            role=event.role,
            at=event.occurred_at,
            content_hash=content_hash,
            content=contents.get(content_hash) or None,
            note=words.get("note"),
            review_by=words.get("review_by"),
            is_withdrawn=event.event_type == EventType.SIGN_OFF_WITHDRAWN,
        )
        for event, by, words, content_hash in reversed(found)
    ]


def accepted_before(history: Sequence[Acceptance], entry: Entry) -> Entry | None:
    """The version that was accepted last, other than the one on file; None where there is none, or it was erased.

    Owner, dates and sources are those of ``entry``: an acceptance is about none of them.
    """
    for one in history:
        if one.is_withdrawn or one.content_hash == entry.content_hash or one.content is None:
            continue
        fields = {name: one.content.get(name) for name in SEMANTIC_FIELDS}
        try:
            return entry.changed(**fields)
        except ValidationError:
            return None  # Accepted when entries had another shape: nothing to lay beside.
    return None


def is_accepted(history: Sequence[Acceptance], content_hash: str) -> bool:
    """Whether an acceptance of this version stands."""
    standing: dict[tuple[str, str | None], bool] = {}
    for one in reversed(history):
        if one.content_hash == content_hash:
            standing[one.role, one.by] = not one.is_withdrawn
    return any(standing.values())

"""What an event is: the types a ledger knows, an event to be written, and an event as it was written.

Belongs here: the vocabulary and the rules for single fields. A later stage adds its event types to `EventType`;
nothing else has to change. Does not belong here: storage, hashing, what a type means for a projection.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from ledger import chain
from ledger.errors import InvalidEventError

MAX_NAME_CHARS = 200
MAX_ROLE_CHARS = 80
_KIND = re.compile(r"[a-z][a-z0-9_]{0,63}")
_SUBJECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:\-]{0,127}")


class EventType(StrEnum):
    """Everything that can be recorded. Stored as text, so an older reader meets newer types without harm."""

    ROADMAP_SIGNED_OFF = "roadmap_signed_off"
    SIGN_OFF_WITHDRAWN = "sign_off_withdrawn"
    CONTENT_RECORDED = "content_recorded"
    CATEGORY_ACCEPTED = "category_accepted"
    CATEGORY_MERGED = "category_merged"
    CATEGORY_SPLIT = "category_split"
    CATEGORY_RENAMED = "category_renamed"
    CATEGORY_DISMISSED = "category_dismissed"
    KNOWLEDGE_ENTRY_ACCEPTED = "knowledge_entry_accepted"
    DRAFT_ACCEPTED = "draft_accepted"
    DRAFT_REJECTED = "draft_rejected"
    ARTICLE_VERIFIED = "article_verified"
    FINDING_DISMISSED = "finding_dismissed"
    RIGHT_ENTRY_NAMED = "right_entry_named"
    BEHAVIOR_SIGNED_OFF = "behavior_signed_off"
    RELEASE_SIGNED_OFF = "release_signed_off"
    RELEASE_ACTIVATED = "release_activated"
    ANSWER_REVIEWED = "answer_reviewed"
    REPLY_DELIVERED = "reply_delivered"
    PILOT_SIGNED_OFF = "pilot_signed_off"
    ROLLOUT_SHARE_SET = "rollout_share_set"
    ROLLOUT_CATEGORY_STOPPED = "rollout_category_stopped"
    FIX_ACCEPTED = "fix_accepted"
    FIX_REJECTED = "fix_rejected"
    INSIGHT_ADDED = "insight_added"
    CATEGORY_CORRECTED = "category_corrected"
    AUDIT_ITEM_CLOSED = "audit_item_closed"
    AUTONOMY_WITHDRAWN = "autonomy_withdrawn"
    AUTONOMY_RESTORED = "autonomy_restored"
    SCOPE_DECIDED = "scope_decided"
    DECISION_MADE = "decision_made"
    FEEDBACK_GIVEN = "feedback_given"
    HANDOFF_CLOSED = "handoff_closed"
    ACCOUNT_CHANGED = "account_changed"
    TOKEN_CHANGED = "token_changed"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    PAYLOAD_ERASED = "payload_erased"
    ACTOR_ERASED = "actor_erased"


@dataclass(frozen=True)
class NewEvent:
    """An event to be written. `actor` and `payload` are words: they go beside the chain, never into it.

    `subject_hash` is a content hash or a source's own id (letters, digits, '.', '_', ':', '-'; at most 128);
    `occurred_at` must carry a time zone. The same `idempotency_key` twice makes one event.
    Raises `InvalidEventError` on construction.
    """

    event_type: EventType
    subject_kind: str
    subject_hash: str
    actor: str
    role: str
    occurred_at: datetime
    payload: Mapping[str, Any] | None = None
    idempotency_key: str | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.event_type, EventType):
            raise InvalidEventError(f"{self.event_type!r} is not an event type this version can write.")
        if not _KIND.fullmatch(self.subject_kind):
            raise InvalidEventError(f"The subject kind {self.subject_kind[:80]!r} must be a lower-case word.")
        if not _SUBJECT.fullmatch(self.subject_hash):
            raise InvalidEventError(
                f"The subject of a {self.event_type} event must be a hash or an id of at most 128 letters, digits, "
                f"'.', '_', ':' or '-', not {self.subject_hash[:80]!r}."
            )
        if self.idempotency_key is not None and not self.idempotency_key:
            raise InvalidEventError("An idempotency key must not be empty; leave it out instead.")
        if self.payload is not None and not isinstance(self.payload, Mapping):
            raise InvalidEventError("A payload is a mapping from names to values.")
        display_name(self.actor)
        role_key(self.role)
        utc_text(self.occurred_at)

    def event_id(self) -> str:
        """32 hex digits: derived from the idempotency key where there is one, else random."""
        if self.idempotency_key is None:
            return uuid.uuid4().hex
        return chain.sha256_hex(f"understudy.ledger.key:{self.idempotency_key}")[:32]

    def payload_body(self) -> str | None:
        """The payload as canonical JSON, or None. Raises `InvalidEventError` when it is too large."""
        if self.payload is None:
            return None
        body = chain.canonical_json(dict(self.payload))
        if len(body) > chain.MAX_PAYLOAD_CHARS:
            raise InvalidEventError(
                f"The content of this {self.event_type} event has {len(body):,} characters; "
                f"the ledger takes at most {chain.MAX_PAYLOAD_CHARS:,}."
            )
        return body


@dataclass(frozen=True)
class Event:
    """One event as written: ids and digests only, in the order of `sequence` (1, 2, 3 … without a gap)."""

    sequence: int
    event_id: str
    event_type: str
    occurred_at: datetime
    actor_id: str
    role: str
    subject_kind: str
    subject_hash: str
    payload_digest: str | None
    previous_hash: str
    event_hash: str


def utc_text(moment: datetime) -> str:
    """`moment` as 'YYYY-MM-DDTHH:MM:SS.ffffffZ', the only spelling of a time in the chain.

    Takes a datetime or pandas Timestamp with a time zone (nanoseconds are cut); raises `InvalidEventError` else.
    """
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise InvalidEventError(f"An event needs a time with a time zone, such as UTC; {moment!r} has none.")
    at = moment.astimezone(UTC)
    return f"{at.year:04d}-{at:%m-%dT%H:%M:%S}.{at.microsecond:06d}Z"


def utc_moment(text: str) -> datetime:
    """Read what `utc_text` wrote, as an aware datetime in UTC."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def display_name(name: str) -> str:
    """A person's name with its spaces tidied. Raises `InvalidEventError` when nothing is left or it is too long."""
    tidy = " ".join(_without_invisible(unicodedata.normalize("NFC", name)).split())
    if not tidy:
        raise InvalidEventError("A name is needed: who is deciding this?")
    if len(tidy) > MAX_NAME_CHARS:
        raise InvalidEventError(f"A name may have at most {MAX_NAME_CHARS} characters; this one has {len(tidy)}.")
    return tidy


def name_key(name: str) -> str:
    """The form under which two spellings are one person: width, case and spacing do not count."""
    folded = unicodedata.normalize("NFKC", display_name(name)).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def role_key(role: str) -> str:
    """The form under which two spellings are one role. Raises `InvalidEventError` when empty or too long."""
    folded = unicodedata.normalize("NFKC", _without_invisible(role)).casefold()
    tidy = " ".join(unicodedata.normalize("NFKC", folded).split())
    if not tidy:
        raise InvalidEventError("A role is needed: in what role is this decided?")
    if len(tidy) > MAX_ROLE_CHARS:
        raise InvalidEventError(f"A role may have at most {MAX_ROLE_CHARS} characters; this one has {len(tidy)}.")
    return tidy


def _without_invisible(text: str) -> str:
    """Drop what cannot be seen (or stored): else 'Ana' with a zero-width space would count as a second person."""
    kept = (" " if char.isspace() else char for char in text)
    return "".join(char for char in kept if unicodedata.category(char) not in {"Cc", "Cf", "Cs"})

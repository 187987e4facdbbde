"""What can be signed, and in which roles.

Belongs here: a line in `SIGNABLE` for each kind of thing, and the refusal of roles the desk does not name. Does not
belong here: recording (`sign_offs`), how content becomes canonical (`decisions`, `entries`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ledger import chain, entries, events
from ledger import decisions as roadmap_decisions
from ledger.errors import InvalidEventError, SignOffError
from ledger.events import EventType


@dataclass(frozen=True)
class Signable:
    """A kind of thing that can be signed: its event, and how its content is made canonical and hashed."""

    event_type: EventType
    canonical: Callable[[Any], Any]
    digest: Callable[[Any], str]


def document(content: Any) -> Any:
    """A document that is already in its one form: a behavior spec, a release's recipe."""
    return content


def document_digest(content: Any) -> str:
    """SHA-256 over the canonical JSON of a document; 64 hex digits."""
    return chain.sha256_hex(chain.canonical_json(content))


SIGNABLE = {
    "roadmap": Signable(
        EventType.ROADMAP_SIGNED_OFF, roadmap_decisions.decisions_content, roadmap_decisions.decision_digest
    ),
    "knowledge_entry": Signable(EventType.KNOWLEDGE_ENTRY_ACCEPTED, entries.entry_content, entries.entry_digest),
    "behavior": Signable(EventType.BEHAVIOR_SIGNED_OFF, document, document_digest),
    "release": Signable(EventType.RELEASE_SIGNED_OFF, document, document_digest),
    "pilot": Signable(EventType.PILOT_SIGNED_OFF, document, document_digest),
}


def signable(subject_kind: str) -> Signable:
    """The line of `SIGNABLE` for a kind. Raises `SignOffError` for what cannot be signed."""
    if subject_kind not in SIGNABLE:
        raise SignOffError(f"{subject_kind!r} is not something to sign; that is: {', '.join(sorted(SIGNABLE))}.")
    return SIGNABLE[subject_kind]


def in_words(subject_kind: str) -> str:
    """A kind as a sentence names it: "knowledge entry"."""
    return subject_kind.replace("_", " ")


def require_known_role(role: str, known_roles: Iterable[str], *, signs: str) -> None:
    """Refuse a role that the desk does not name for signing `signs` ("the roadmap"); case and spacing do not count.

    Raises `SignOffError` with the roles that may.
    """
    known = list(known_roles)
    try:
        is_known = events.role_key(role) in {events.role_key(name) for name in known}
    except InvalidEventError as problem:
        raise SignOffError(f"Nothing was signed. {problem}") from problem
    if not is_known:
        may = f"The roles that sign it: {', '.join(known)}." if known else "The desk names no role that signs it."
        raise SignOffError(f"{role!r} is not a role that signs {signs}. {may}")

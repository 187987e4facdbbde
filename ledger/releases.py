"""Releases in the ledger: signatures on them, which one is current, and which were before.

Belongs here: recording an activation or a rollback, and reading what stands. Does not belong here: what a release is
and what forbids activating it (the stage that builds it), its files.

A signature is about the recipe's hash; beside it stands the digest of the files that were signed, so that a folder
changed afterwards, manifest and all, is noticed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ledger.errors import InvalidEventError, SignOffError
from ledger.events import Event, EventType, NewEvent
from ledger.sign_offs import ToSign, record_sign_offs, sign_off_state
from ledger.signable import require_known_role
from ledger.store import Ledger

RELEASE = "release"


@dataclass(frozen=True)
class Activation:
    """One release made current. ``replaces`` is the release that was current before (None: none was).

    ``by``, ``note`` and ``artefacts_digest`` are None once erased; ``is_rollback`` is then False.
    """

    release_id: str
    replaces: str | None
    is_rollback: bool
    by: str | None
    role: str
    occurred_at: datetime
    note: str | None
    artefacts_digest: str | None
    event_id: str
    sequence: int


def sign_release(
    ledger: Ledger,
    recipe: Mapping[str, Any],
    release_id: str,
    artefacts_digest: str,
    *,
    by: str,
    role: str,
    occurred_at: datetime,
    known_roles: Iterable[str],
    note: str | None = None,
) -> Event:
    """Record that ``by`` signs the release of this recipe, in the files of this digest.

    Raises ``SignOffError`` when the recipe does not have the release's hash, for a role that may not, or an empty name.
    """
    one = ToSign(release_id, dict(recipe), details={"artefacts": artefacts_digest})
    return record_sign_offs(
        ledger, RELEASE, [one], by=by, role=role, occurred_at=occurred_at, known_roles=known_roles, note=note
    )[0]


def signed_artefacts(ledger: Ledger, release_id: str, required_roles: Iterable[str]) -> dict[str, str | None]:
    """The digest of the files that stands beside the newest signature of each required role that signed; None where
    it was erased."""
    state = sign_off_state(ledger, RELEASE, release_id, list(required_roles))
    found: dict[str, str | None] = {}
    for one in state.signatures:
        if one.role in state.signed_roles:
            words = ledger.payload(ledger.event(one.event_id).payload_digest)
            found[one.role] = None if words is None else words.get("artefacts")
    return found


def artefact_differences(
    ledger: Ledger, release_id: str, artefacts_digest: str, required_roles: Iterable[str]
) -> list[str]:
    """A sentence for every role that signed other files than those of this digest; empty when all signed these."""
    sentences = []
    for role, signed in signed_artefacts(ledger, release_id, required_roles).items():
        if signed is None:
            sentences.append(f"which files {role} signed is not known any more; sign the release again")
        elif signed != artefacts_digest:
            sentences.append(
                f"{role} signed other files ({signed[:12]}) than those in the folder ({artefacts_digest[:12]}): they were "
                "changed, or built on another machine; look at them and sign again"
            )
    return sentences


def record_activation(
    ledger: Ledger,
    release_id: str,
    *,
    by: str,
    role: str,
    occurred_at: datetime,
    known_roles: Iterable[str],
    artefacts_digest: str,
    note: str | None = None,
    is_rollback: bool = False,
) -> Event:
    """Record that a release is current from now on. Whether it may be is for the caller to know.

    Raises ``SignOffError`` for a role that may not, or an empty name; nothing is recorded then.
    """
    require_known_role(role, known_roles, signs="releases")
    words: dict[str, Any] = {"artefacts": artefacts_digest, "is_rollback": is_rollback}
    if note and note.strip():
        words["note"] = note.strip()
    try:
        event = NewEvent(EventType.RELEASE_ACTIVATED, RELEASE, release_id, by, role, occurred_at, payload=words)
    except InvalidEventError as problem:
        raise SignOffError(f"Nothing was activated. {problem}") from problem
    return ledger.append(event)


def activations(ledger: Ledger) -> list[Activation]:
    """Every activation, oldest first."""
    found: list[Activation] = []
    for event in list(ledger.events(event_types=[EventType.RELEASE_ACTIVATED], subject_kind=RELEASE)):
        words = ledger.payload(event.payload_digest) or {}
        found.append(
            Activation(
                release_id=event.subject_hash,
                replaces=found[-1].release_id if found else None,
                is_rollback=bool(words.get("is_rollback", False)),
                by=ledger.actor_name(event.actor_id),
                role=event.role,
                occurred_at=event.occurred_at,
                note=words.get("note"),
                artefacts_digest=words.get("artefacts"),
                event_id=event.event_id,
                sequence=event.sequence,
            )
        )
    return found


def current_release(ledger: Ledger) -> Activation | None:
    """The activation that stands: the last one; None before the first."""
    found = activations(ledger)
    return found[-1] if found else None


def releases_before(ledger: Ledger) -> list[str]:
    """What a rollback may go back to, the nearest first.

    A rollback takes back everything since the release it made current: going back twice goes back two releases, and
    does not return to the one that was just left.
    """
    stack: list[str] = []
    for one in activations(ledger):
        if one.is_rollback and one.release_id in stack:
            while stack[-1] != one.release_id:
                stack.pop()
        else:
            stack = [*(other for other in stack if other != one.release_id), one.release_id]
    return stack[-2::-1]

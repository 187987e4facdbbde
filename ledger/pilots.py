"""The rollout in the ledger: which share of requesters the agent answers, since when, and who said so.

Belongs here: recording a share or the stop of one category, and reading what was in force when. Does not belong here: what forbids raising it
(``orchestration.pilots``), who is drawn (the stage), the plan's signatures (``sign_offs``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ledger.errors import SignOffError
from ledger.events import Event, EventType
from ledger.knowledge import decided, decision_event
from ledger.schema import ledger_events
from ledger.signable import require_known_role
from ledger.store import Ledger

PILOT = "pilot"


class ShareChangedError(SignOffError):
    """The share is not what the person was shown; nothing was recorded."""


@dataclass(frozen=True)
class ShareChange:
    """A share of requesters, 0 (stopped) to 1, from a moment on. ``by`` and ``reason`` are None once erased."""

    pilot_id: str
    share: float
    plan_hash: str
    occurred_at: datetime
    by: str | None
    role: str
    reason: str | None
    sequence: int


def set_share(
    ledger: Ledger,
    pilot_id: str,
    share: float,
    *,
    plan_hash: str,
    by: str,
    role: str,
    occurred_at: datetime,
    known_roles: Iterable[str],
    reason: str,
    seen: int | None = None,
) -> Event:
    """Record that from ``occurred_at`` on this share of requesters is the agent's. Whether it may be is for the caller to
    know.

    Args:
        seen: ``sequence`` of the last change that the person knew of, 0 for none; None: it does not matter.

    Raises:
        ShareChangedError: somebody changed the share after ``seen``. SignOffError: a role that may not, an empty name or
            reason, or a share that is none. Nothing is recorded then.
    """
    require_known_role(role, known_roles, signs="the pilot")
    if not 0 <= share <= 1:
        raise SignOffError(f"Nothing was recorded. A share of {share * 100:.6g} % is not possible; give 0 to 100 %.")
    if not reason.strip():
        raise SignOffError("Nothing was recorded. A reason is needed: say why the share changes.")
    # Words can be erased, share and plan must not be: they stand in the id, which is part of the chain.
    subject = f"{pilot_id}:{plan_hash}:{share:.6f}"
    words = {"reason": reason.strip()}
    event = decision_event(EventType.ROLLOUT_SHARE_SET, PILOT, subject, by, role, occurred_at, words)
    with ledger.engine.writing() as connection:
        if seen is not None and _last_change(connection, pilot_id) > seen:
            raise ShareChangedError(
                "Nothing was recorded. Somebody has changed the share since you were shown it, or stopped the rollout. Look "
                "at why, then decide again."
            )
        return ledger.append_within(connection, [event])[0]


def stop_category(
    ledger: Ledger,
    pilot_id: str,
    category_id: str,
    *,
    by: str,
    role: str,
    occurred_at: datetime,
    known_roles: Iterable[str],
    reason: str,
) -> Event:
    """Record that the agent answers nothing of a category by itself any more, for as long as this pilot lasts.

    Raises:
        SignOffError: a role that may not, an empty name or reason, or ids that are none; nothing is recorded then.
    """
    require_known_role(role, known_roles, signs="the pilot")
    if not reason.strip():
        raise SignOffError("Nothing was recorded. A reason is needed: say why the category is stopped.")
    subject, words = f"{pilot_id}:{category_id}", {"reason": reason.strip()}
    return ledger.append(
        decision_event(EventType.ROLLOUT_CATEGORY_STOPPED, PILOT, subject, by, role, occurred_at, words)
    )


@dataclass(frozen=True)
class CategoryStop:
    """A category that is people's again. ``by`` and ``reason`` are None once erased."""

    pilot_id: str
    category_id: str
    occurred_at: datetime
    by: str | None
    role: str
    reason: str | None


def category_stops(ledger: Ledger, pilot_id: str) -> dict[str, CategoryStop]:
    """The first stop of each category that was stopped in a pilot, by category."""
    found: dict[str, CategoryStop] = {}
    for event, by, words in decided(ledger, [EventType.ROLLOUT_CATEGORY_STOPPED], PILOT):
        pilot, category = event.subject_hash.rsplit(":", 1)
        if pilot == pilot_id:
            one = CategoryStop(pilot, category, event.occurred_at, by, event.role, words.get("reason"))
            found.setdefault(category, one)
    return found


def share_changes(ledger: Ledger, pilot_id: str) -> list[ShareChange]:
    """Every share of a pilot, in the ledger's order: clocks differ, and the last word recorded is the one that holds."""
    found = []
    for event, by, words in decided(ledger, [EventType.ROLLOUT_SHARE_SET], PILOT):
        one = _change(event, by, words)
        if one.pilot_id == pilot_id:
            found.append(one)
    return found


def current_share(ledger: Ledger, pilot_id: str) -> float | None:
    """The share that was set last; None before the first."""
    found = share_changes(ledger, pilot_id)
    return found[-1].share if found else None


def sending_since(ledger: Ledger, pilot_id: str) -> datetime | None:
    """Since when the rollout sends without having been stopped; None while it sends nothing.

    What a stop held back stays back when it begins again: nobody knows any more that it was right.
    """
    since = None
    for one in share_changes(ledger, pilot_id):
        since = None if one.share == 0 else since or one.occurred_at
    return since


def running_pilots(ledger: Ledger) -> dict[str, str]:
    """Pilots whose share is above 0, with the hash of the plan it was set under."""
    last: dict[str, ShareChange] = {}
    for event, by, words in decided(ledger, [EventType.ROLLOUT_SHARE_SET], PILOT):
        one = _change(event, by, words)
        last[one.pilot_id] = one
    return {name: one.plan_hash for name, one in last.items() if one.share > 0}


def share_at(changes: Sequence[ShareChange], moment: datetime) -> float | None:
    """The share in force at a moment: of those set for it or before, the last word; None before the first above 0.

    Stopping what has not begun changes nothing: the shadow weeks go on.

    Args:
        changes: ``share_changes``.
    """
    before = [one.share for one in changes if one.occurred_at <= moment]
    return before[-1] if any(before) else None


def _last_change(connection: sa.Connection, pilot_id: str) -> int:
    """Sequence of the last change of a pilot's share, inside a transaction; 0 where there is none."""
    columns = ledger_events.c
    query = sa.select(columns.sequence, columns.subject_hash).where(
        columns.event_type == str(EventType.ROLLOUT_SHARE_SET), columns.subject_kind == PILOT
    )
    mine = [one.sequence for one in connection.execute(query) if one.subject_hash.rsplit(":", 2)[0] == pilot_id]
    return max(mine, default=0)


def _change(event: Event, by: str | None, words: dict[str, Any]) -> ShareChange:
    name, plan, share = event.subject_hash.rsplit(":", 2)
    return ShareChange(
        pilot_id=name,
        share=float(share),
        plan_hash=plan,
        occurred_at=event.occurred_at,
        by=by,
        role=event.role,
        reason=words.get("reason"),
        sequence=event.sequence,
    )

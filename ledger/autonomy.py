"""Autonomy in the ledger: which categories lost it, which got it back, and what people decided about the agent's scope.

Belongs here: recording those, and the one answer to what the agent may not answer alone (``category_holds``), whoever asks.
Does not belong here: when a category decays or is ready (the stage that measures it), the stop of a category in one pilot
(``pilots``).

The platform itself withdraws; only a person restores. A withdrawal outlives pilots and releases, unlike a stop. What must
hold without words (category, kind, decision) stands in the subject of the event, for words can be erased.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ledger.errors import ScopeError
from ledger.events import Event, EventType
from ledger.knowledge import decided, decision_event
from ledger.pilots import category_stops, share_changes
from ledger.schema import ledger_events, ledger_payloads
from ledger.signable import require_known_role
from ledger.store import Ledger, as_event, find_actor

if TYPE_CHECKING:
    import pandas as pd

AUTONOMY, PROPOSAL = "autonomy", "scope_proposal"
PLATFORM, PLATFORM_ROLE = "Understudy", "platform"
"""As who the platform acts where no person does."""
ACCEPTED, REJECTED = "accepted", "rejected"
WIDEN = "widen"
MAX_REASON_CHARS = 20_000
COLUMNS = (
    "proposal_id", "kind", "category_id", "decision", "to_bucket", "tier", "decided_by", "decided_role", "decided_at", "reason",
    "sequence",
)  # fmt: skip
_TURNS = (EventType.AUTONOMY_WITHDRAWN, EventType.AUTONOMY_RESTORED)
HOLDING_EVENTS = (*_TURNS, EventType.SCOPE_DECIDED, EventType.ROLLOUT_CATEGORY_STOPPED)
"""Events after which ``category_holds`` may say something else; a share that begins is one too."""


@dataclass(frozen=True)
class AutonomyTurn:
    """The last word on a category's autonomy. ``by``, ``reason`` and ``metric`` are None once erased; metric and figures: what it
    was withdrawn for, as ``scope_proposals`` names it."""

    category_id: str
    occurred_at: datetime
    by: str | None
    role: str
    reason: str | None
    metric: str | None
    sequence: int
    figures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class ScopeDecision:
    """A person's word on a proposal about scope. to_bucket, tier: what an accepted one writes into ``categories.yaml``."""

    proposal_id: str
    kind: str
    category_id: str
    decision: str
    to_bucket: str | None = None
    tier: int | None = None


def withdraw_autonomy(
    ledger: Ledger,
    category_id: str,
    *,
    reason: str,
    metric: str,
    occurred_at: datetime,
    figures: Mapping[str, float] | None = None,
    seen: int | None = None,
) -> Event | None:
    """Record that the agent answers nothing of a category by itself any more, until a person restores it.

    Args:
        reason: for people, without a full stop. metric, figures: what it rests on.
        seen: ``sequence`` of the last restoration that the figures know of, 0 for none; None: it does not matter.

    Returns:
        The event; None where it was withdrawn before, or a person restored it after ``seen``: two daemons at once record one.

    Raises:
        ScopeError: no reason. SignOffError: an id that is none. Nothing is recorded then.
    """
    words = {
        "reason": _needed(reason, "say why the autonomy is withdrawn"),
        "metric": metric,
        "figures": dict(figures or {}),
    }
    event = decision_event(
        EventType.AUTONOMY_WITHDRAWN, AUTONOMY, category_id, PLATFORM, PLATFORM_ROLE, occurred_at, words
    )
    with ledger.engine.writing() as connection:
        last = _last_turn(connection, category_id)
        if last is not None and last.event_type == EventType.AUTONOMY_WITHDRAWN:
            return None
        if last is not None and seen is not None and last.sequence > seen:
            return None
        return ledger.append_within(connection, [event])[0]


def restore_autonomy(
    ledger: Ledger,
    category_id: str,
    *,
    by: str,
    role: str,
    occurred_at: datetime,
    known_roles: Iterable[str],
    reason: str,
) -> Event:
    """Record that a category may be answered by the agent alone again. The same word of the same person again is the event of
    the first time.

    Raises:
        ScopeError: nothing was withdrawn, or no reason. SignOffError: a role that may not, or an empty name. Nothing is recorded
            then.
    """
    require_known_role(role, known_roles, signs="the pilot")
    words = {"reason": _needed(reason, "say why the category may answer by itself again")}
    event = decision_event(EventType.AUTONOMY_RESTORED, AUTONOMY, category_id, by, role, occurred_at, words)
    with ledger.engine.writing() as connection:
        last = _last_turn(connection, category_id)
        if last is None or last.event_type != EventType.AUTONOMY_WITHDRAWN:
            if last is not None and last.actor_id == find_actor(connection, by) and _words(connection, last) == words:
                return last
            raise ScopeError(
                f"Nothing was recorded. '{category_id[:80]}' has not lost its autonomy, so there is nothing to restore."
            )
        return ledger.append_within(connection, [event])[0]


def withdrawn_categories(ledger: Ledger) -> dict[str, AutonomyTurn]:
    """The withdrawals that stand, by category, in the order in which they were recorded."""
    return _standing(ledger, EventType.AUTONOMY_WITHDRAWN)


def restored_categories(ledger: Ledger) -> dict[str, AutonomyTurn]:
    """The restorations that stand, by category: what was judged before them counts for nothing."""
    return _standing(ledger, EventType.AUTONOMY_RESTORED)


def category_holds(ledger: Ledger, pilot_id: str) -> dict[str, str]:
    """What the agent may not answer alone in a pilot, whatever bucket it has: by category, why, as a sentence about "this
    category".

    That is what people stopped in this pilot, what lost its autonomy, and what joined the scope after this pilot's rollout
    began: it has been in no shadow of it, and a pilot that begins later tries it.
    """
    found: dict[str, str] = {}
    changes = share_changes(ledger, pilot_id)
    begun = next((one.sequence for one in changes if one.share > 0), None)
    if begun is not None:
        for event, decision, _, _ in _decided(ledger):
            if decision.kind == WIDEN and decision.decision == ACCEPTED and event.sequence > begun:
                found[decision.category_id] = (
                    f"This category joined the scope on {event.occurred_at:%Y-%m-%d}, after the rollout of this pilot began: a "
                    "person sends until a pilot has tried it."
                )
    for category, stop in category_stops(ledger, pilot_id).items():
        found[category] = f"This category was stopped on {stop.occurred_at:%Y-%m-%d}{_because(stop.reason)}"
    for category, turn in withdrawn_categories(ledger).items():
        found[category] = f"This category lost its autonomy on {turn.occurred_at:%Y-%m-%d}{_because(turn.reason)}"
    return found


def decide_scope(
    ledger: Ledger,
    decision: ScopeDecision,
    *,
    by: str,
    role: str,
    occurred_at: datetime,
    known_roles: Iterable[str],
    reason: str,
) -> Event:
    """Record that a proposal is accepted or rejected. The same decision again is the event of the first time, whoever says it;
    what was rejected may be accepted later, what was accepted is undone where its bucket stands.

    Raises:
        ScopeError: it was accepted and is to be rejected, or no reason for a rejection. SignOffError: a role that may not, or
            an empty name. Nothing is recorded then.
    """
    require_known_role(role, known_roles, signs="this proposal")
    told = " ".join(reason.split())
    if decision.decision == REJECTED:
        told = _needed(reason, "say why it is not wanted")
    words = {
        name: value
        for name, value in (("to_bucket", decision.to_bucket), ("tier", decision.tier), ("reason", told))
        if value not in (None, "")
    }
    prefix = f"{decision.proposal_id}:{decision.kind}:{decision.category_id}"
    event = decision_event(
        EventType.SCOPE_DECIDED, PROPOSAL, f"{prefix}:{decision.decision}", by, role, occurred_at, words
    )
    with ledger.engine.writing() as connection:
        last = _last(connection, (EventType.SCOPE_DECIDED,), PROPOSAL, [f"{prefix}:{ACCEPTED}", f"{prefix}:{REJECTED}"])
        before = None if last is None else last.subject_hash.rsplit(":", 1)[1]
        if last is not None and before == decision.decision:
            return last
        if before == ACCEPTED:
            raise ScopeError(
                "Nothing was recorded. The proposal was accepted before. To take the category back, set its bucket in "
                "categories.yaml and sign the roadmap again."
            )
        return ledger.append_within(connection, [event])[0]


def scope_decisions(ledger: Ledger) -> pd.DataFrame:
    """Frame [proposal] of the last word on each proposal, ``COLUMNS``, in the order in which they were recorded; what was
    erased is null."""
    import pandas as pd

    latest: dict[str, dict[str, Any]] = {}
    for event, one, by, words in _decided(ledger):
        latest.pop(one.proposal_id, None)
        latest[one.proposal_id] = {
            "proposal_id": one.proposal_id,
            "kind": one.kind,
            "category_id": one.category_id,
            "decision": one.decision,
            "to_bucket": one.to_bucket,
            "tier": one.tier,
            "decided_by": by,
            "decided_role": event.role,
            "decided_at": event.occurred_at,
            "reason": words.get("reason"),
            "sequence": event.sequence,
        }
    frame = pd.DataFrame(list(latest.values()), columns=list(COLUMNS))
    frame["decided_at"] = pd.to_datetime(frame["decided_at"], utc=True).astype("datetime64[us, UTC]")
    kinds = {"tier": "Int64", "sequence": "int64"}
    return frame.astype({name: kinds.get(name, "string") for name in COLUMNS if name != "decided_at"})


def _decided(ledger: Ledger) -> list[tuple[Event, ScopeDecision, str | None, dict[str, Any]]]:
    found = []
    for event, by, words in decided(ledger, [EventType.SCOPE_DECIDED], PROPOSAL):
        proposal, kind, category, decision = event.subject_hash.split(":", 3)
        found.append(
            (
                event,
                ScopeDecision(proposal, kind, category, decision, words.get("to_bucket"), words.get("tier")),
                by,
                words,
            )
        )
    return found


def _standing(ledger: Ledger, wanted: EventType) -> dict[str, AutonomyTurn]:
    found: dict[str, AutonomyTurn] = {}
    for event, by, words in decided(ledger, _TURNS, AUTONOMY):
        category = event.subject_hash
        found.pop(category, None)
        if event.event_type == wanted:
            found[category] = AutonomyTurn(
                category, event.occurred_at, by, event.role, words.get("reason"), words.get("metric"), event.sequence,
                words.get("figures", {}),
            )  # fmt: skip
    return found


def _last_turn(connection: sa.Connection, category_id: str) -> Event | None:
    return _last(connection, _TURNS, AUTONOMY, [category_id])


def _last(connection: sa.Connection, types: Iterable[EventType], kind: str, subjects: list[str]) -> Event | None:
    """The last event of these types about one of these subjects, inside a transaction."""
    columns = ledger_events.c
    query = (
        sa.select(ledger_events)
        .where(columns.event_type.in_([str(one) for one in types]), columns.subject_kind == kind)
        .where(columns.subject_hash.in_(subjects))
        .order_by(columns.sequence.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return None if row is None else as_event(row)


def _words(connection: sa.Connection, event: Event) -> dict[str, Any]:
    body = connection.scalar(
        sa.select(ledger_payloads.c.body).where(ledger_payloads.c.payload_digest == event.payload_digest)
    )
    return json.loads(body) if body else {}


def _because(reason: str | None) -> str:
    return "." if not reason else f": {reason.strip().rstrip('.')}."


def _needed(reason: str, what: str) -> str:
    told = " ".join(reason.split())
    if not told:
        raise ScopeError(f"Nothing was recorded. A reason is needed: {what}.")
    if len(told) > MAX_REASON_CHARS:
        raise ScopeError(
            f"Nothing was recorded. The reason has more than {MAX_REASON_CHARS:,} characters; make it shorter."
        )
    return told

"""The agent's scope as the page shows it, and people's decisions on it, which are about what they were shown.

Belongs here: reading proposals and lost autonomy, who may decide, refusing what changed meanwhile. Does not belong here: what
deciding does (``orchestration.people.scope_desk``), drawing (``scope_page``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assets.sustain_learning.frames import BACK, WIDEN
from assets.sustain_learning.scope.short_way import Step, steps_of
from ledger.autonomy import AutonomyTurn, restored_categories, scope_decisions, withdrawn_categories
from orchestration.people import scope_desk
from orchestration.people.knowledge_desk import Reviewer
from orchestration.people.scope_desk import ScopeProblem
from service.console.fixes.reading import list_of, moment_of, number_of, text_of
from service.identity.account import Role

if TYPE_CHECKING:
    from desk.loading import Desk
    from ledger.store import Ledger
    from service.console.frame import Visit

PROPOSED, WITHDRAWN, IN_FORCE, REJECTED = "proposed", "withdrawn", "in_force", "rejected"


class ScopeChanged(ScopeProblem):
    """A proposal is not what the person was shown any more; ``str()`` says so, and nothing was recorded."""


@dataclass(frozen=True)
class Proposal:
    """A proposal as ``frames.SCOPE`` has it and people decided since. reason: of a rejection."""

    proposal_id: str
    kind: str
    category_id: str
    status: str
    sentence: str
    reasons: tuple[str, ...]
    steps: tuple[Step, ...]
    from_bucket: str
    to_bucket: str
    tier: int | None
    tickets_per_month: float | None
    decided_by: str | None
    decided_at: dt.datetime | None
    reason: str
    proposed_at: dt.datetime | None

    @property
    def can_be_decided(self) -> bool:
        """Whether a person may accept or reject it now."""
        return self.kind in (WIDEN, BACK) and self.status == PROPOSED

    @property
    def is_open(self) -> bool:
        """Whether it is neither rejected nor without ground."""
        return self.status not in (WITHDRAWN, REJECTED)


@dataclass(frozen=True)
class ScopeView:
    """How the scope stands. proposals: None where nobody looked yet; lost: what lost its autonomy, the newest first."""

    proposals: tuple[Proposal, ...] | None
    lost: tuple[AutonomyTurn, ...]
    restored: tuple[AutonomyTurn, ...]
    names: Mapping[str, str]
    roadmap_roles: tuple[str, ...]
    pilot_roles: tuple[str, ...]

    def roles_of(self, one: Proposal) -> tuple[str, ...]:
        """The roles any one of which decides about a proposal."""
        return self.roadmap_roles if one.kind == WIDEN else self.pilot_roles


def read_scope(desk: Desk, ledger: Ledger) -> ScopeView:
    """Proposals and lost autonomy as they stand this moment."""
    try:
        rows: list[Any] | None = scope_desk.proposals(desk).to_dict("records")
    except ScopeProblem:
        rows = None
    reasons = {
        str(row["proposal_id"]): text_of(row["reason"]) or "" for row in scope_decisions(ledger).to_dict("records")
    }
    return ScopeView(
        proposals=None if rows is None else proposals_of(rows, reasons),
        lost=tuple(reversed(withdrawn_categories(ledger).values())),
        restored=tuple(reversed(restored_categories(ledger).values())),
        names={one.id: one.name for one in desk.categories},
        roadmap_roles=tuple(desk.settings.signers["roadmap"]),
        pilot_roles=tuple(desk.settings.signers["pilot"]),
    )


def proposals_of(rows: Sequence[Mapping[str, Any]], reasons: Mapping[str, str]) -> tuple[Proposal, ...]:
    """Proposals, what can be decided first, then by how many tickets they are about."""
    found = [_proposal(row, reasons) for row in rows]
    return tuple(
        sorted(
            found,
            key=lambda one: (not one.can_be_decided, not one.is_open, -(one.tickets_per_month or 0), one.proposal_id),
        )
    )


def read_notes(desk: Desk) -> list[str] | None:
    """How the rest of the scope stands, in sentences; None where a stage before has not run yet."""
    try:
        return scope_desk.notes(desk)
    except ScopeProblem:
        return None


def decider(visit: Visit, known: Sequence[str], note: str = "") -> Reviewer:
    """The person as the ledger will know them.

    Raises:
        NotAllowed: they are no approver, or sign in none of these roles. SessionEnded: they are not signed in any more.
    """
    account = visit.account(Role.APPROVER)
    return Reviewer(account.name, account.signing_role(known), visit.service.clock(), note.strip())


def accept_shown(desk: Desk, shown: Proposal, reviewer: Reviewer) -> list[str]:
    """Accept a proposal as it was shown; returns what to tell.

    Raises:
        ScopeChanged: it is another one by now, or decided. ScopeProblem, LedgerError: as ``scope_desk.accept``.
    """
    _require_as_shown(desk, shown)
    return scope_desk.accept(desk, shown.proposal_id, reviewer)


def reject_shown(desk: Desk, shown: Proposal, reviewer: Reviewer, reason: str) -> list[str]:
    """Reject a proposal as it was shown; returns what to tell.

    Raises:
        ScopeChanged: it is another one by now, or decided. ScopeProblem, LedgerError: as ``scope_desk.reject``.
    """
    _require_as_shown(desk, shown)
    return scope_desk.reject(desk, shown.proposal_id, reviewer, reason)


def restore_shown(desk: Desk, ledger: Ledger, shown: AutonomyTurn, reviewer: Reviewer, reason: str) -> list[str]:
    """Give a category its autonomy back that was lost as it was shown; returns what to tell.

    Raises:
        ScopeChanged: it was given back, or was lost anew, since. ScopeProblem, LedgerError: as ``scope_desk.restore``.
    """
    now = withdrawn_categories(ledger).get(shown.category_id)
    if now is None:
        raise ScopeChanged("Nothing was recorded. Somebody gave this category its autonomy back meanwhile.")
    if now.sequence != shown.sequence:
        raise ScopeChanged(
            "Nothing was recorded. This category was given back and lost its autonomy anew meanwhile: "
            f"{now.reason or 'no reason is on file'}. Look at it again."
        )
    return scope_desk.restore(desk, shown.category_id, reviewer, reason)


def _require_as_shown(desk: Desk, shown: Proposal) -> None:
    now = _proposal(scope_desk.proposal_of(desk, shown.proposal_id).row, {})
    if now.status != shown.status:
        by = f" by {now.decided_by}" if now.decided_by else ""
        raise ScopeChanged(f"Nothing was recorded. This proposal is {now.status.replace('_', ' ')} meanwhile{by}.")
    if (now.sentence, now.reasons, now.to_bucket, now.tier, now.steps) != (
        shown.sentence, shown.reasons, shown.to_bucket, shown.tier, shown.steps,
    ):  # fmt: skip
        raise ScopeChanged("Nothing was recorded. What this proposal rests on has changed meanwhile. Look at it again.")


def _proposal(row: Mapping[str, Any], reasons: Mapping[str, str]) -> Proposal:
    tier = number_of(row["tier"])
    name = str(row["proposal_id"])
    try:
        steps = tuple(steps_of(str(row["steps"])))
    except (ValueError, TypeError):
        steps = ()
    return Proposal(
        proposal_id=name, kind=str(row["kind"]), category_id=str(row["category_id"]), status=str(row["status"]),
        sentence=text_of(row["sentence"]) or "", reasons=list_of(row["reasons"]), steps=steps,
        from_bucket=text_of(row["from_bucket"]) or "", to_bucket=text_of(row["to_bucket"]) or "",
        tier=None if tier is None else int(tier), tickets_per_month=number_of(row["tickets_per_month"]),
        decided_by=text_of(row["decided_by"]), decided_at=moment_of(row["decided_at"]), reason=reasons.get(name, ""),
        proposed_at=moment_of(row["proposed_as_of"]),
    )  # fmt: skip

"""Who may decide about a fix, and who may record what was said in a session.

Belongs here: roles by what a fix changes. Does not belong here: refusing a role (``ledger.signable``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ledger.events import role_key

if TYPE_CHECKING:
    from assets.retrain_agent.fixes.proposal import Proposal
    from desk.loading import Desk


def roles_of(desk: Desk, proposal: Proposal) -> list[str]:
    """The roles any one of which may accept a proposal: entries and labels are knowledge's, triggers and settings behavior's;
    for both, a role that may do both."""
    knowledge, behavior = desk.settings.signers["knowledge"], desk.settings.signers["behavior"]
    if not proposal.touches_behavior:
        return knowledge
    if not (proposal.entries or proposal.labels):
        return behavior
    both = {role_key(one) for one in behavior}
    return [one for one in knowledge if role_key(one) in both]


def deciding_roles(desk: Desk) -> list[str]:
    """The roles any one of which may reject a fix: all that may accept some."""
    return _each_once([*desk.settings.signers["knowledge"], *desk.settings.signers["behavior"]])


def insight_roles(desk: Desk) -> list[str]:
    """The roles any one of which may record what was said: those that review answers, and those that decide about fixes."""
    return _each_once([*desk.settings.signers["review"], *deciding_roles(desk)])


def _each_once(roles: Iterable[str]) -> list[str]:
    found: dict[str, str] = {}
    for one in roles:
        found.setdefault(role_key(one), one)
    return list(found.values())

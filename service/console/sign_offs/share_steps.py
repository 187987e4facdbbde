"""Changing the share, stopping the rollout or one category of it, as the person stands at the click.

Belongs here: who may, and that the share is still what was shown. Does not belong here: what must hold before a share is
raised (``orchestration.pilots``), the questions before it (``rollout``, ``category_stops``).

Each runs on a thread, and takes desk and ledger as they are then. The role is what was chosen on the page: it counts only
while it is one of the account's.
"""

from __future__ import annotations

from pathlib import Path

from desk.loading import Desk, load_desk, load_pilot
from service.console.sign_offs.standing import role_now
from service.identity.account import Account


def change_shown_share(
    folder: Path, account: Account, pilot_id: str, share: float, *, role: str, reason: str, seen: int
) -> list[str]:
    """Set the share, unless somebody changed it after ``seen``; 0 stops in any case. Returns what to tell the person.

    Args:
        pilot_id: of the plan that was shown. share: 0 to 1. seen: ``sequence`` of the change that was shown last, 0 for none.

    Raises:
        NotAllowed: not this account, in this role. PilotError, LedgerError: as ``orchestration.pilots.change_share``.
    """
    from orchestration.pilots import PilotError, change_share

    desk, role = _desk_and_role(folder, account, role)
    plan = load_pilot(folder) if share else None
    if share and (plan is None or plan.pilot_id != pilot_id):
        raise PilotError(f"the share was not changed:\n  - pilot.yaml is not the plan of “{pilot_id}” any more")
    return change_share(desk, share, by=account.name, role=role, reason=reason, seen=seen)


def stop_everything(folder: Path, account: Account, *, role: str, reason: str) -> list[str]:
    """Stop whatever runs; returns what to tell the person. Raises as ``change_shown_share``."""
    from orchestration.kill_switch import stop_rollouts

    desk, role = _desk_and_role(folder, account, role)
    return stop_rollouts(desk, by=account.name, role=role, reason=reason)


def stop_category(folder: Path, account: Account, category: str, *, role: str, reason: str) -> list[str]:
    """Stop one category of whatever runs; returns what to tell the person. Raises as ``change_shown_share``."""
    from orchestration.kill_switch import stop_one_category

    desk, role = _desk_and_role(folder, account, role)
    return stop_one_category(desk, category, by=account.name, role=role, reason=reason)


def _desk_and_role(folder: Path, account: Account, role: str) -> tuple[Desk, str]:
    desk = load_desk(folder)
    return desk, role_now(account, role, desk.settings.signers.get("pilot", []))

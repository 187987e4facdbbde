"""The kill switch of the rollout: it needs the ledger and nothing else.

Belongs here: stopping whatever runs. Does not belong here: beginning or changing a share, which has conditions (``pilots``).
"""

from __future__ import annotations

import datetime as dt

from desk.loading import Desk
from ledger.pilots import running_pilots, set_share
from orchestration.resources import DeskResource


def stop_rollouts(desk: Desk, *, by: str, role: str, reason: str, occurred_at: dt.datetime | None = None) -> list[str]:
    """Stop every rollout of the desk; returns what to tell the person.

    ``pilot.yaml`` is not read: a plan that was broken, renamed or deleted must not keep the agent answering.

    Raises:
        LedgerError: the role may not, or name or reason is empty.
    """
    said = []
    with DeskResource(folder=str(desk.folder)).ledger as ledger:
        for pilot_id, plan_hash in running_pilots(ledger).items():
            set_share(
                ledger, pilot_id, 0.0, plan_hash=plan_hash, by=by, role=role,
                occurred_at=occurred_at or dt.datetime.now(dt.UTC), known_roles=desk.settings.signers["pilot"],
                reason=reason,
            )  # fmt: skip
            said.append(
                f"The rollout of '{pilot_id}' is stopped: nothing more is sent, and every new ticket is people's."
            )
    return said or ["No rollout is running: nothing is sent, and nothing was recorded."]

"""The kill switch of the rollout: it needs the ledger and nothing else.

Belongs here: stopping whatever runs, or one category of it. Does not belong here: beginning or changing a share, which has conditions (``pilots``).
"""

from __future__ import annotations

import datetime as dt

from desk.loading import Desk
from ledger.errors import SignOffError
from ledger.pilots import category_stops, running_pilots, set_share, stop_category
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


def stop_one_category(
    desk: Desk, category: str, *, by: str, role: str, reason: str, occurred_at: dt.datetime | None = None
) -> list[str]:
    """Stop the agent in one category of whatever runs; returns what to tell the person. It is for as long as the pilot lasts.

    Raises:
        LedgerError: the role may not, name or reason is empty, or there is no such category.
    """
    known = [one.id for one in desk.categories]
    if category not in known:
        raise SignOffError(
            f"Nothing was stopped. There is no category '{category[:80]}'; there are {', '.join(known)}."
        )
    said = []
    with DeskResource(folder=str(desk.folder)).ledger as ledger:
        for pilot_id in running_pilots(ledger):
            if category in category_stops(ledger, pilot_id):
                said.append(f"'{category}' was stopped in '{pilot_id}' before; nothing was recorded.")
                continue
            stop_category(
                ledger, pilot_id, category, by=by, role=role, occurred_at=occurred_at or dt.datetime.now(dt.UTC),
                known_roles=desk.settings.signers["pilot"], reason=reason,
            )  # fmt: skip
            said.append(
                f"The agent answers nothing of '{category}' by itself any more: what was not sent is withheld, and new "
                f"answers wait for a person, until another pilot than '{pilot_id}' is registered."
            )
    return said or ["No rollout is running: nothing is sent, and nothing was recorded."]

"""The page ``/answers``: who looks, which answers, and that a browser is really there.

Belongs here: putting a visit's parts together and taking them apart. Does not belong here: what a key does (``review_page``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from nicegui import ui

from desk.loading import load_desk
from orchestration.people.review_desk import ReviewProblem, review_roles
from service.console import looks
from service.console.answers.filters import Filters
from service.console.answers.look import STYLE
from service.console.answers.review_page import ReviewPage
from service.console.answers.sitting import Reviewer, Sitting
from service.console.answers.stock import Stock, load_stock
from service.console.frame import Visit, page
from service.identity.account import Account, NotAllowed, Role

STILL_HERE = "understudy_still_here"
RENEWED = """
if (!window.understudyReads) {
  const here = () => { if (document.visibilityState === "visible") emitEvent("%s"); };
  window.understudyReads = setInterval(here, %d);
  document.addEventListener("visibilitychange", here);
}
"""
"""A page that nobody sees says nothing, so that what it holds is given to others when its time is over."""


class Roles:
    """The roles that may review, read anew once ``desk.yaml`` has changed: every tag needs them, and reading is slow."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stamp: tuple[int, int] | None = None
        self._roles: list[str] = []

    def __call__(self) -> Sequence[str]:
        state = (self._folder / "desk.yaml").stat()
        if (stamp := (state.st_mtime_ns, state.st_size)) != self._stamp:
            self._roles, self._stamp = review_roles(load_desk(self._folder)), stamp
        return self._roles


@page("/answers", "Answers")
async def answers(
    visit: Visit,
    who: str = "",
    mode: str = "",
    category: str = "",
    action: str = "",
    tag: str = "",
    confidence: str = "",
    age: str = "",
    answer: str = "",
) -> None:
    """The review queue; all it is asked for stands in the address."""
    ui.add_css(STYLE)
    asked = {
        "who": who, "mode": mode, "category": category, "action": action, "tag": tag, "confidence": confidence, "age": age,
    }  # fmt: skip
    filters = Filters.of({name: value for name, value in asked.items() if value})
    account = visit.account()
    with ui.element("div").classes("answers") as waiting:
        looks.text("Fetching the answers…", "muted")
    # Only what a browser shows is claimed: from here on there is one.
    client = ui.context.client
    await client.connected()
    if client.is_deleted:
        return
    try:
        roles, stock = await visit.work(_load, visit)
    except ReviewProblem:
        waiting.clear()
        with waiting:
            looks.empty(
                "There are no answers yet. They come with the first tickets of a pilot.", icon="hourglass_empty"
            )
            ui.link("How to begin a pilot", "/pilot")
        return
    except Exception:
        waiting.delete()  # the page says instead what went wrong
        raise
    sitting = Sitting(stock, visit.service.claims, _reviewer(account, roles), roles, visit.service.clock)
    await visit.work(sitting.open, filters, answer or None)
    agreement = [] if sitting.shown is not None else await visit.work(stock.agreement)
    waiting.delete()
    made = ReviewPage(visit, sitting, lambda: _reviewer_who_acts(visit, roles), agreement)
    client.on_disconnect(sitting.leave)
    client.on_connect(sitting.renew)
    ui.on(STILL_HERE, made.still_here)
    ui.run_javascript(RENEWED % (STILL_HERE, _milliseconds(visit.service.settings.claim_minutes)))


def _load(visit: Visit) -> tuple[Roles, Stock]:
    roles = Roles(visit.service.folder)
    roles()
    return roles, load_stock(visit.service.desk, visit.service.ledger)


def _milliseconds(claim_minutes: float) -> int:
    """How often a claim is renewed: each minute, and several times before it runs out."""
    return int(min(dt.timedelta(minutes=1), dt.timedelta(minutes=claim_minutes) / 3).total_seconds() * 1_000)


def _reviewer(account: Account, roles: Roles) -> Reviewer:
    """The person as they look at the queue; without a role where they may only read."""
    try:
        account.require(Role.REVIEWER)
        role: str | None = account.signing_role(roles())
    except NotAllowed:
        role = None
    return Reviewer(account.account_id, account.name, role)


def _reviewer_who_acts(visit: Visit, roles: Roles) -> Reviewer:
    """The person as they stand this moment. Raises ``NotAllowed`` and ``SessionEnded``."""
    account = visit.account(Role.REVIEWER)
    return Reviewer(account.account_id, account.name, account.signing_role(roles()))

"""Having failures looked for, and effects measured, from the pages of fixes: when that was last done, starting it, watching it.

Belongs here: that line of a page. Does not belong here: the process (``builds``), how failures are found or effects measured
(the stage).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nicegui import ui

from orchestration.lake import Lake
from service.console import looks
from service.console.builds.pages import draw_build
from service.console.builds.records import Build, Builds
from service.console.builds.starting import EFFECTS, SEARCH, start_build
from service.console.frame import Visit, say
from service.console.sign_offs.living import Living
from service.console.sign_offs.standing import day
from service.identity.account import NotAllowed, Role

if TYPE_CHECKING:
    from service.identity.account import Account
    from service.service import Service

LOOKERS = (Role.REVIEWER, Role.KNOWLEDGE_OWNER, Role.APPROVER)
"""Who may have it done: it changes nothing that customers get."""


@dataclass(frozen=True)
class Kind:
    """What is run, the frame that says when it last ended, and its words. at: takes the moment of the last time."""

    stages: tuple[str, ...]
    frame: str
    button: str
    under_way: str
    never: str
    at: str


SEARCHING = Kind(
    SEARCH, "fix_queue", "Look for failures anew", "Looking for failures",
    "What people say of answers is read, and what went wrong is grouped.",
    "Failures were last looked for on {}. What was said of answers since is not in it.",
)  # fmt: skip
MEASURING = Kind(
    EFFECTS, "training_effects", "Measure effects anew", "Measuring what changes did",
    "What changes did was not measured yet.", "What changes did was last measured on {}.",
)  # fmt: skip


@dataclass(frozen=True)
class Stand:
    """When it last ended; None: never. build: the newest build if it was of this kind."""

    ended_at: dt.datetime | None
    build: Build | None
    tail: str
    is_running: bool


def read_stand(service: Service, kind: Kind) -> Stand:
    """How it stands."""
    file = Lake(service.desk.home).file(kind.frame)
    builds = Builds.of(service.desk.home)
    newest = next(iter(builds.all()), None)
    mine = newest if newest is not None and tuple(one.stage for one in newest.steps) == kind.stages else None
    return Stand(
        ended_at=dt.datetime.fromtimestamp(file.stat().st_mtime, dt.UTC) if file.is_file() else None,
        build=mine,
        tail=builds.tail(mine.build_id) if mine else "",
        is_running=newest is not None and newest.state == "running",
    )


def draw_looking(visit: Visit, kind: Kind, redraw: Callable[[], Awaitable[None]]) -> Living[Stand]:
    """A line with the button, and the run while it goes on or where it failed.

    Args:
        redraw: draws this and what depends on it anew; called when a run that was watched has ended.
    """

    def draw(found: Stand) -> None:
        with ui.element("div").classes("spread"):
            looks.text(kind.never if found.ended_at is None else kind.at.format(day(found.ended_at)), "muted small")
            if _may(visit.account()):
                button = ui.button(kind.button, icon="refresh", on_click=lambda: visit.attempt(start))
                button.props("flat dense").set_enabled(not found.is_running)
        if found.build is not None and found.build.state != "done":
            with looks.card(kind.under_way if found.build.state == "running" else "What was begun last"):
                draw_build(visit, found.build, found.tail, stepped)

    async def stepped() -> None:
        found = await visit.work(read_stand, visit.service, kind)
        # One of them: drawing anew ends the timer that calls this, and with it whatever would come after.
        await (living.refresh() if found.is_running else redraw())

    async def start() -> None:
        account = visit.account()
        if not _may(account):
            raise NotAllowed(
                f"This needs the role reviewer, knowledge owner or approver; {account.name} has none of them."
            )
        await visit.work(lambda: start_build(visit.service.desk, account.name, stages=kind.stages))
        say("It has begun. You may leave this page; it goes on.")
        await living.refresh()

    living: Living[Stand] = Living(visit, lambda: read_stand(visit.service, kind), draw, is_quiet=True)
    return living


def _may(account: Account) -> bool:
    return any(account.may(one) for one in LOOKERS)

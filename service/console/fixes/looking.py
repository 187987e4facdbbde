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
    """When it last ended; None: never. build: the newest of this kind. is_running: some build runs, of whatever kind."""

    ended_at: dt.datetime | None
    build: Build | None
    tail: str
    is_running: bool


def read_stand(service: Service, kind: Kind) -> Stand:
    """How it stands."""
    file = Lake(service.desk.home).file(kind.frame)
    builds = Builds.of(service.desk.home)
    found = builds.all()
    mine = next((one for one in found if tuple(step.stage for step in one.steps) == kind.stages), None)
    return Stand(
        ended_at=dt.datetime.fromtimestamp(file.stat().st_mtime, dt.UTC) if file.is_file() else None,
        build=mine,
        tail=builds.tail(mine.build_id) if mine else "",
        is_running=bool(found) and found[0].state == "running",
    )


def draw_looking(visit: Visit, kind: Kind, redraw: Callable[[], Awaitable[None]]) -> Living[Stand]:
    """A line with the button, and the run while it goes on or where it failed.

    Args:
        redraw: draws this and what depends on it anew; called when a run has ended, whoever began it.
    """
    shown: list[Stand] = []

    def draw(found: Stand) -> None:
        shown[:] = [found]
        with ui.element("div").classes("spread"):
            looks.text(kind.never if found.ended_at is None else kind.at.format(day(found.ended_at)), "muted small")
            if _may(visit.account()):
                button = ui.button(kind.button, icon="refresh", on_click=lambda: visit.attempt(start))
                button.props("flat dense").set_enabled(not found.is_running)
        if found.build is not None and found.build.state != "done":
            with looks.card(kind.under_way if found.build.state == "running" else "What was begun last"):
                draw_build(visit, found.build, found.tail)

    async def changed() -> None:
        found = await visit.work(read_stand, visit.service, kind)
        is_over = bool(shown) and not found.is_running and _end_of(found) != _end_of(shown[0])
        # One of them: drawing anew may end the timer that calls this, and with it whatever would come after.
        await (redraw() if is_over else living.refresh())

    async def start() -> None:
        account = visit.account()
        if not _may(account):
            raise NotAllowed(
                f"This needs the role reviewer, knowledge owner or approver; {account.name} has none of them."
            )
        await visit.work(lambda: start_build(visit.service.desk, account.name, stages=kind.stages))
        say("It has begun. You may leave this page; it goes on.")
        await living.refresh()

    def mark() -> tuple[object, ...]:
        return Builds.of(visit.service.home).mark(), Lake(visit.service.home).modified_at(kind.frame)

    living: Living[Stand] = Living(
        visit, lambda: read_stand(visit.service, kind), draw, is_quiet=True, mark=mark, changed=changed
    )
    return living


def _end_of(found: Stand) -> tuple[object, ...]:
    return found.ended_at, found.build and (found.build.build_id, found.build.state)


def _may(account: Account) -> bool:
    return any(account.may(one) for one in LOOKERS)

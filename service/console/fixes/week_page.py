"""``/fixes/week``: the week's release of accepted fixes: what waits for it, building it, and what came of it.

Belongs here: the page, and its part that other pages show too. Does not belong here: the process (``builds``), whether a
release is held back (the stage), signing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nicegui import ui

from ledger.releases import current_release
from orchestration.lake import Lake
from service.console import looks
from service.console.builds.pages import draw_build
from service.console.builds.records import Build, Builds
from service.console.builds.starting import WEEKLY, start_build
from service.console.fixes.looks import STYLE
from service.console.fixes.reading import Change, Week, read_queue
from service.console.fixes.words import week_in_words
from service.console.frame import Visit, page, say
from service.console.knowledge.words import bounded, some
from service.console.sign_offs import parts
from service.console.sign_offs.living import Living
from service.console.sign_offs.subjects import read_subject
from service.identity.account import NotAllowed, Role

if TYPE_CHECKING:
    from service.identity.account import Account
    from service.service import Service

BUILDERS = (Role.APPROVER, Role.KNOWLEDGE_OWNER)
"""Who may build the week's release: it reaches nobody before it is signed and made current."""


@dataclass(frozen=True)
class WeekView:
    """What waits for the week's release and what the last ones came to. build: the newest build of a release if it was a
    week's; what was looked for or measured since leaves it there. is_running: some build runs, of whatever kind."""

    waiting: tuple[Change, ...]
    week: Week | None
    build: Build | None
    tail: str
    is_running: bool
    is_behavior_signed: bool
    current_id: str


def read_week(service: Service) -> WeekView:
    """How the week's release stands."""
    queue = read_queue(service.desk, service.ledger)
    builds = Builds.of(service.desk.home)
    found = builds.all()
    newest = next((one for one in found if not (one.is_search or one.is_measuring)), None)
    weekly = newest if newest is not None and newest.is_weekly else None
    behavior = any(one.touches_behavior for one in queue.unreleased)
    current = current_release(service.ledger)
    return WeekView(
        waiting=queue.unreleased,
        week=queue.week,
        build=weekly,
        tail=builds.tail(weekly.build_id) if weekly else "",
        is_running=bool(found) and found[0].state == "running",
        is_behavior_signed=not behavior or read_subject(service.desk, service.ledger, "behavior").is_signed,
        current_id=current.release_id if current else "",
    )


@page("/fixes/week", "The week's release")
async def week_page(visit: Visit) -> None:
    """What waits for the week's release, and building it."""
    parts.dress()
    ui.add_css(STYLE)
    ui.link("← All fixes", "/fixes")
    draw_week(visit, has_changes=True)


def draw_week(visit: Visit, *, has_changes: bool = False) -> None:
    """The card of the week's release. has_changes: list what waits for it."""

    def draw(found: WeekView) -> None:
        account = visit.account()
        with looks.card("The week's release"):
            looks.text(week_in_words(found.week))
            if found.week is not None and found.week.status == "held":
                parts.problems("It was held back because:", [bounded(one) for one in found.week.why])
            if has_changes:
                _draw_waiting(found.waiting)
            elif found.waiting:
                looks.text(
                    f"{some(len(found.waiting), 'accepted change waits', 'accepted changes wait')} for a release."
                )
            if not found.is_behavior_signed:
                with ui.element("div").classes("notice row"):
                    looks.text(
                        "An accepted change is in behavior.yaml: it is signed first, then it goes into a release."
                    )
                    ui.link("Read and sign the behavior", "/sign-offs/behavior")
            _draw_start(account, found)
            release = found.week.release_id if found.week is not None and found.week.status == "built" else None
            if release and release != found.current_id and not found.is_running:
                with ui.element("div").classes("row"):
                    ui.link(f"Read, sign and make current: release {release[:12]}", f"/sign-offs/release/{release}").classes("strong")  # fmt: skip
        if found.build is not None:
            with looks.card("The build that runs" if found.build.state == "running" else "The last build"):
                draw_build(visit, found.build, found.tail)

    def _draw_start(account: Account, found: WeekView) -> None:
        if not any(account.may(one) for one in BUILDERS):
            looks.text("A knowledge owner or an approver can build it.", "muted")
            return
        button = ui.button("Build the week's release", icon="build", on_click=lambda: visit.attempt(start))
        button.set_enabled(not found.is_running)
        if found.is_running:
            looks.text("A build runs; another can be started when it has ended.", "muted")
        elif not any(one.is_for_the_week for one in found.waiting):
            looks.text("No accepted change waits for it.", "muted")

    async def start() -> None:
        account = visit.account()
        if not any(account.may(one) for one in BUILDERS):
            raise NotAllowed(f"This needs the role knowledge owner or approver; {account.name} has neither.")
        await visit.work(lambda: start_build(visit.service.desk, account.name, stages=WEEKLY))
        say("The build has begun. You may leave this page; it goes on.")
        await living.refresh()

    living: Living[WeekView] = Living(visit, lambda: read_week(visit.service), draw, mark=lambda: _mark(visit.service))


def _mark(service: Service) -> tuple[object, ...]:
    """What comes of the week changes with one of these, whoever began it and wherever."""
    return Builds.of(service.home).mark(), Lake(service.home).modified_at("micro_updates")


def _draw_waiting(waiting: tuple[Change, ...]) -> None:
    if not waiting:
        return
    parts.minor("Accepted changes that customers do not have yet")
    with ui.element("ul").classes("plain"):
        for one in waiting:
            with ui.element("li"), ui.element("div").classes("row"):
                ui.link(f"{one.change_id}: {bounded(one.title)[:300]}", f"/fixes/changes/{one.change_id}")
                looks.text(_waits_for(one), "muted small")


def _waits_for(change: Change) -> str:
    if not change.is_for_the_week:
        return "takes effect with the month's retrain"
    return "taken up once the behavior is signed" if change.touches_behavior else "taken up as it is"

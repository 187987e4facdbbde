"""``/builds``: build the next release, watch it, and what to do with what came of it.

Belongs here: the page. Does not belong here: the process (``starting``, ``runner``), releases as such (``sign_offs``).
"""

from __future__ import annotations

import datetime as dt

from nicegui import ui

from service.console import looks
from service.console.builds.records import Build, Builds
from service.console.builds.starting import start_build
from service.console.frame import Visit, page, say
from service.console.sign_offs import parts
from service.console.sign_offs.living import Living
from service.console.sign_offs.standing import day
from service.identity.account import Role

POLL_SECONDS = 1.0
SHOWN_ERRORS = 12
STAGE_WORDS = {
    "build_knowledge": "Knowledge: entries, findings, search",
    "configure_behavior": "Thresholds and the release",
    "weekly": "The week's release: accepted fixes, replayed",
    "retrain_agent": "Failures, what would mend them, and what changes did",
    "effects": "What changes did",
}
STATE_CHIPS = {"running": "note", "done": "good", "failed": "bad", "cut off": "bad", "waiting": ""}


@page("/builds", "Build the next release", role=Role.APPROVER)
async def builds_page(visit: Visit) -> None:
    """Build the next release, and see what was built before."""
    parts.dress()
    ui.link("← All releases", "/sign-offs/release")

    def read() -> tuple[list[Build], str]:
        builds = Builds.of(visit.service.desk.home)
        found = builds.all()
        return found, builds.tail(found[0].build_id) if found else ""

    def draw(found: tuple[list[Build], str]) -> None:
        builds, tail = found
        newest = builds[0] if builds else None
        with looks.card("Build the next release"):
            looks.text(
                "Entries that were accepted, the behavior and the decisions as they stand become a release: thresholds are "
                "chosen anew and everything is frozen. It takes a few minutes. Customers notice nothing until the release is "
                "signed and made current."
            )
            is_running = newest is not None and newest.state == "running"
            button = ui.button("Build it now", icon="build", on_click=lambda: visit.attempt(start))
            button.set_enabled(not is_running)
            if is_running:
                looks.text("A build runs; another can be started when it has ended.", "muted")
        if newest is not None:
            with looks.card("The build that runs" if is_running else "The last build"):
                draw_build(visit, newest, tail)
        if len(builds) > 1:
            with looks.card("Builds before"):
                rows = [[day(_at(one.started_at)), one.by, one.state, outcome_in_words(one)] for one in builds[1:]]
                parts.table(["Started", "By", "Went", "Came to"], rows, "Builds before")

    async def start() -> None:
        account = visit.account(Role.APPROVER)
        await visit.work(lambda: start_build(visit.service.desk, account.name))
        say("The build has begun. You may leave this page; it goes on.")
        await living.refresh()

    living: Living[tuple[list[Build], str]] = Living(
        visit, read, draw, mark=lambda: Builds.of(visit.service.home).mark()
    )


def outcome_in_words(build: Build) -> str:
    """What a build came to, and what to do next."""
    if build.state == "running":
        return "It runs."
    if build.state == "cut off":
        return "It was cut off before its end: the machine or its process was stopped. Nothing was changed; start it again."
    if build.state == "failed":
        stage = next((one.stage for one in build.steps if one.state == "failed"), "")
        where = f" at “{STAGE_WORDS.get(stage, stage)}”" if stage else ""
        return f"It failed{where}. The last lines of its output say why; correct that, then start it again."
    if build.is_search:
        return "Failures were looked for anew; the queue of fixes says what was found."
    if build.is_measuring:
        return "What changes did was measured anew; each change says it."
    short = build.newest_after[:12]
    if build.is_new_release:
        return f"Release {short} is built: look at it and sign it."
    if build.is_weekly:
        return "No new release came of it: nothing waited, or it was held back. The week's result says which, and why."
    return (
        f"Nothing has changed since release {short} was built, so it is that one again."
        if short
        else "No release came of it."
    )


def errors_in(output: str) -> list[str]:
    """What the failed command said was wrong: the lines from its last ``error:`` on."""
    _, found, said = output.rpartition("\nerror: ")
    return [line.strip() for line in said.split("\n") if line.strip()][:SHOWN_ERRORS] if found else []


def draw_build(visit: Visit, build: Build, tail: str) -> None:
    """One build: its steps, what it came to, its output, which follows while it runs. Drawing it anew when its steps change
    is for the part of the page that it stands in (``Living`` with ``Builds.mark``)."""
    with ui.element("div").classes("row"):
        looks.chip(build.state, STATE_CHIPS.get(build.state, ""))
        looks.text(f"Started by {build.by}, {day(_at(build.started_at))}", "muted")
    for step in build.steps:
        with ui.element("div").classes("row"):
            looks.chip(step.state, STATE_CHIPS.get(step.state, ""))
            looks.text(STAGE_WORDS.get(step.stage, step.stage))
    if build.state != "running":
        looks.text(outcome_in_words(build), "strong")
        if build.state == "failed" and (said := errors_in(tail)):
            parts.problems("It said:", said)
        is_named = build.is_new_release or not (build.is_weekly or build.is_search or build.is_measuring)
        if build.newest_after and build.state == "done" and is_named:
            ui.link(f"Look at release {build.newest_after[:12]}", f"/sign-offs/release/{build.newest_after}")
    # Once it went well its output is of use to few.
    place = parts.details("What it printed") if build.state == "done" else ui.element("div")
    with place, ui.element("div").classes("log").props("tabindex=0 role=log") as box:
        box.props["aria-label"] = "Output of the build"
        label = ui.label(tail or "It has not said anything yet.").classes("mono text")
    if build.state != "running":
        return

    async def look() -> None:
        now = await visit.work(lambda: Builds.of(visit.service.home).tail(build.build_id))
        label.set_text(now or "It has not said anything yet.")

    ui.timer(POLL_SECONDS, look)


def _at(stamp: str) -> dt.datetime:
    return dt.datetime.fromisoformat(stamp)

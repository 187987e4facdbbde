"""``/pilot``: the dashboard of the pilot, and the same as a page to keep.

Belongs here: the order of its parts, and looking again every few seconds. Does not belong here: what a part shows.
"""

from __future__ import annotations

import datetime as dt

from fastapi import Request
from nicegui import app, run, ui
from starlette.responses import HTMLResponse

from service.console import looks
from service.console.frame import SERVICE, Visit
from service.console.frame import page as console_page
from service.console.pilot.course_view import draw_course, draw_replay, draw_shares
from service.console.pilot.figures import Live, figures_of
from service.console.pilot.live_view import draw_live
from service.console.pilot.looks import STYLE
from service.console.pilot.parts import Part, counts
from service.console.pilot.reading_view import draw_reading
from service.console.pilot.verdict_view import draw_headline, draw_verdicts
from service.service import Service

PARTS = {
    "live": "Live now",
    "verdict": "Verdict",
    "course": "Week by week",
    "replay": "Replay",
    "reading": "Worth reading",
}
SECONDS = 3.0
"""Between two looks at the ledger while somebody watches."""
_VISIBILITY = """
if (!window.pilotWatched) {
  window.pilotWatched = true;
  document.addEventListener("visibilitychange", () => emitEvent("pilot_visibility", document.visibilityState));
}
"""


@console_page("/pilot", "Pilot")
async def pilot(visit: Visit) -> None:
    """Send the page at once and fill it as soon as it is counted, which takes seconds the first time after a run."""
    ui.add_css(STYLE)
    body = ui.element("div").classes("pilot-body")
    with body, ui.element("div").classes("card empty").props('role="status"'):
        ui.spinner(size="34px").props('aria-hidden="true"')
        ui.label("Counting…")

    async def fill() -> None:
        figures = await visit.work(figures_of, visit.service)
        now = await visit.work(figures.live, visit.service.ledger)
        body.clear()
        with body:
            _draw(visit, now)

    async def attempt() -> None:
        if not await visit.attempt(fill):
            body.clear()
            with body:
                looks.empty("The pilot's figures could not be read.", icon="error")

    ui.timer(0, attempt, once=True)


def _draw(visit: Visit, now: Live) -> None:
    published, parts = now.published, []
    with looks.card():
        parts.append(draw_headline(now))
        with ui.element("nav").classes("pilot-jumps").props('aria-label="Parts of this page"'):
            for anchor, title in PARTS.items():
                ui.link(title, f"#{anchor}")
            ui.link("All as one page to keep or print", "/pilot/report.html")
    with _part("live"), looks.card("Live now"):
        follow = Follower(visit, now, parts)
        parts.extend(draw_live(now))
    with _part("verdict"):
        draw_verdicts(published)
    with _part("course"):
        draw_course(published)
        with looks.card():
            parts.append(draw_shares(now, visit.service.clock()))
    with _part("replay"):
        draw_replay(published)
    with _part("reading"), looks.card():
        parts.append(draw_reading(now))
    follow.begin()


def _part(anchor: str) -> ui.element:
    part = ui.element("div").classes("pilot-body pilot-jump")
    part.props["id"] = anchor
    return part


class Follower:
    """Looks at the ledger every few seconds and gives new figures to the page's parts.

    It looks only while the page can be seen. After as long as a login may go unused it stops until somebody asks for more:
    a page left open is nobody's presence, and must not keep a session alive.
    """

    def __init__(self, visit: Visit, now: Live, parts: list[Part]) -> None:
        self._visit, self._now, self._parts = visit, now, parts
        self._used_at = visit.service.clock()
        self._lasts = dt.timedelta(minutes=visit.service.settings.idle_minutes)
        self._is_looking = False
        with ui.element("div").classes("pilot-live") as self._line:
            ui.element("div").classes("dot").props('aria-hidden="true"')
            self._words = ui.label().props('role="status"')
            self._more = ui.button("Go on", on_click=self._go_on).props("flat dense")
        counts("Counted from the ledger this minute; nothing here waits for a run.")
        self._say()

    def begin(self) -> None:
        """Look from now on."""
        self._timer = ui.timer(SECONDS, self._look, immediate=False)
        ui.on("pilot_visibility", self._seen)
        ui.run_javascript(_VISIBILITY)
        self._say()

    async def _look(self) -> None:
        if self._is_looking:
            return
        if self._visit.service.clock() - self._used_at > self._lasts:
            self._pause()
            return
        self._is_looking = True
        try:
            if not await self._visit.attempt(self._take):
                self._pause()
        finally:
            self._is_looking = False

    async def _take(self) -> None:
        figures = await self._visit.work(figures_of, self._visit.service)
        now = await self._visit.work(figures.live, self._visit.service.ledger)
        if now is self._now:
            return
        # Nothing new is shown to somebody who was signed out in the meantime.
        self._visit.account()
        if now.published is not self._now.published:
            self._pause("A run has published new figures.", "Show them")
            return
        self._now = now
        for part in self._parts:
            part.follow(now)
        self._say()

    async def _go_on(self) -> None:
        if self._now.published.version != (await self._visit.work(self._newest)).published.version:
            ui.navigate.reload()
            return
        await self._visit.attempt(self._resume)

    def _newest(self) -> Live:
        return figures_of(self._visit.service).live(self._visit.service.ledger)

    def _resume(self) -> None:
        self._visit.account()
        self._used_at = self._visit.service.clock()
        self._timer.activate()
        self._say()

    async def _seen(self, event: object) -> None:
        is_visible = getattr(event, "args", None) == "visible"
        if is_visible:
            await self._visit.attempt(self._resume)
        else:
            self._timer.deactivate()

    def _pause(self, why: str = "Paused, since nobody used this page for a while.", what: str = "Go on") -> None:
        self._timer.deactivate()
        self._line.classes(add="paused")
        self._words.set_text(why)
        self._more.set_text(what)
        self._more.set_visibility(True)

    def _say(self) -> None:
        tagged = self._now.tags.whole
        self._line.classes(remove="paused")
        self._words.set_text(f"Follows the ledger: {tagged.tagged:,} of {tagged.answers:,} answers are tagged.")
        self._more.set_visibility(False)


@app.get("/pilot/report.html", include_in_schema=False)
async def report(request: Request) -> HTMLResponse:
    """The pilot's page as one file, for whoever is signed in."""
    service: Service = request.scope[SERVICE]
    html = await run.io_bound(lambda: figures_of(service).page(service.ledger))
    headers = {
        "Content-Disposition": 'attachment; filename="pilot.html"',
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox",
    }
    return HTMLResponse(html, headers=headers)

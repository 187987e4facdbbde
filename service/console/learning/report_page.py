"""``/learning``: what a month taught, and the same as a page to keep.

Belongs here: the page, its pictures and the page to keep as answers to requests. Does not belong here: reading and counting
(``months``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fastapi import Request
from nicegui import app, run, ui
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from assets.retrain_agent.review_session.session_month import SessionMonth
from assets.sustain_learning.report.page_tables import Cell
from assets.sustain_learning.report.page_trends import Picture
from orchestration.lake import Lake
from service.console import looks
from service.console.frame import SERVICE, Visit, page
from service.console.knowledge.parts import folded
from service.console.knowledge.words import bounded
from service.console.learning.looks import Noted, dress, table
from service.console.learning.months import Month, NoSuchMonth, months_of, read_month
from service.console.learning.waits import LearningWaits, read_waits
from service.console.learning.words import capitalised
from service.console.sign_offs import parts
from service.console.sign_offs.living import Living

MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
SAYS = (
    ("better", "▲ Better", "Nothing is shown to have got better."),
    ("worse", "▼ Worse", "Nothing is shown to have got worse."),
    ("unclear", "? Nobody can tell", "Nothing that is counted here."),
)
RATIOS = {"effects_of_changes": (2.2, 0.8)}
"""Width by height of a picture, wide and narrow, before it has arrived; what is not named is as most are."""
MOST = (1.88, 1.31)


@page("/learning", "Learning")
async def report_page(visit: Visit, month: str = "") -> None:
    """The month's report."""
    dress("/learning")
    asked = month if MONTH.fullmatch(month) else ""

    def draw(found: Month | None) -> None:
        if found is None:
            looks.empty(
                "No month has been reported yet. A report is made at the end of every month; of the one under way: understudy "
                "run monthly",
                icon="hourglass_empty",
            )
            return
        _head(found)
        _says(found)
        with ui.element("div").classes("learn-cards"):
            for one in found.cards:
                _card(one, found)
        compared = found.headline.compared
        if compared:
            looks.text(
                f"In brackets the 95 % interval of the change. “Better” and “worse” are held against chance over all {compared} "
                "figures that are compared; what would stand alone, and not among so many, is “perhaps”.",
                "muted small",
            )
        with looks.card("Month by month"):
            Living(
                visit, lambda: months_of(visit.service).pictures(found.month), lambda drawn: _plots(drawn, found.month)
            )
        _tables(found)

    Living(visit, lambda: read_waits(visit.service.desk, visit.service.ledger), _waits, is_quiet=True)
    home = visit.service.home
    Living(
        visit,
        lambda: read_month(visit.service.desk, asked),
        draw,
        mark=lambda: Lake(home).modified_at("learning_report"),
    )


@app.get("/learning/report/{month}", include_in_schema=False)
async def report_to_keep(request: Request, month: str) -> Response:
    """The month's page as one file, for whoever is signed in."""
    service = request.scope[SERVICE]
    try:
        html = await run.io_bound(lambda: months_of(service).page(month))
    except NoSuchMonth as problem:
        return PlainTextResponse(str(problem), 404)
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
    }
    return HTMLResponse(html, headers=headers)


@app.get("/learning/picture/{month}/{name}", include_in_schema=False)
async def picture(request: Request, month: str, name: str) -> Response:
    """One picture of a month, ``NAME.svg`` for a screen and ``NAME-narrow.svg`` for a telephone."""
    service = request.scope[SERVICE]
    stem = name.removesuffix(".svg")
    is_narrow = stem.endswith("-narrow")
    try:
        drawn = await run.io_bound(
            lambda: months_of(service).drawn(month, stem.removesuffix("-narrow"), is_narrow=is_narrow)
        )
    except NoSuchMonth as problem:
        return PlainTextResponse(str(problem), 404)
    policy = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"}
    return Response(drawn, media_type="image/svg+xml", headers=policy)


def _waits(found: LearningWaits) -> None:
    """What waits on the other pages, in a line each."""
    told = found.lines()
    if told:
        with looks.card("What waits"), ui.element("ul").classes("plain"):
            for one in told:
                with ui.element("li"):
                    ui.link(one.sentence, one.path)


def _head(found: Month) -> None:
    with ui.element("div").classes("spread"):
        choices = {one: SessionMonth.read(one).words for one in found.months}
        select = ui.select(
            choices, value=found.month, label="Month", on_change=lambda e: ui.navigate.to(f"/learning?month={e.value}")
        )
        select.props("outlined dense").style("min-width:min(240px,100%)")
        ui.link("All of it as one page to keep or print", f"/learning/report/{found.month}", new_tab=True)
    cut = "The month was not over then. " if found.is_cut else ""
    looks.text(
        f"{cut}Every figure counts the month's tickets, with what was known of them by {found.counted_at}.",
        "muted small",
    )


def _says(found: Month) -> None:
    with ui.element("div").classes("learn-says"):
        for name, title, nothing in SAYS:
            with looks.card(title, classes=name):
                told = getattr(found.headline, name)
                if told:
                    parts.bullets(capitalised(one) for one in told)
                else:
                    looks.text(nothing, "muted")


def _card(one: Cell, found: Month) -> None:
    with ui.element("div").classes("learn-card"):
        ui.label(one.title).classes("name")
        with ui.element("div").classes("figure"):
            ui.label(one.value)
            if one.mark:
                ui.label(one.mark).classes(f"mark {one.state}").props('aria-hidden="true"')
        if not one.is_known:
            ui.label("nothing to count from").classes("muted")
            return
        ui.label(f"{one.counted} ({one.ends})" if one.counted and one.ends else one.counted or one.means).classes(
            "muted"
        )
        if one.change:
            ui.label(one.change)
        if one.before != "–":
            ui.label(f"{found.before}: {one.before}{f', {one.reading}' if one.reading else ''}").classes("muted")


def _plots(drawn: Sequence[Picture], month: str) -> None:
    if not drawn:
        looks.text("There is nothing to draw yet: the agent has answered nobody.", "muted")
        return
    with ui.element("div").classes("learn-plots"):
        for one in drawn:
            wide, narrow = RATIOS.get(one.name, MOST)
            with ui.element("div").classes("broad" if one.name in RATIOS else ""):
                parts.minor(one.title)
                with ui.element("picture"):
                    source = ui.element("source").props('media="(max-width: 760px)"')
                    source.props["srcset"] = f"/learning/picture/{month}/{one.name}-narrow.svg"
                    image = ui.element("img").style(f"--wide:{wide};--narrow:{narrow}").props("loading=lazy")
                    image.props["src"] = f"/learning/picture/{month}/{one.name}.svg"
                    image.props["alt"] = one.alt
                if one.note:
                    looks.text(one.note, "muted small")
                with folded("The same as a table"):
                    head = [(name, place > 0) for place, name in enumerate(one.header)]
                    table(one.title, head, one.rows)


def _tables(found: Month) -> None:
    head = (("Figure", False), (found.words, True), (found.before, True), ("Change", False))
    for title, cells in found.groups:
        with looks.card(title):
            rows = [(Noted(one.title, one.means), _value(one), one.before, _change(one)) for one in cells]
            table(title, head, rows)
    if found.people:
        with looks.card("Beside people, in the same weeks"):
            looks.text(
                "What means the same where people answer alone: tickets that the pilot gave to people.", "muted small"
            )
            people = [(title, _value(mine), _value(theirs)) for title, mine, theirs in found.people]
            table("Beside people", (("Figure", False), ("The AI", True), ("People", True)), people)
    if found.categories:
        with looks.card("By category"):
            columns = [("Category", False), *((one, True) for one in found.columns)]
            by_category = [(bounded(name), *(_value(one) for one in cells)) for name, cells in found.categories]
            table("By category", columns, by_category)


def _value(one: Cell) -> str:
    ends = f" ({one.ends})" if one.ends else ""
    return f"{one.value}{ends}" if one.is_known else "–"


def _change(one: Cell) -> str:
    return " · ".join(part for part in (one.change, one.reading) if part) or "–"

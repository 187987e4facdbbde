"""``/fixes``: what goes wrong and would be mended by what, the worst first; what was decided and what it did.

Belongs here: the page, its filters, and the form for what the figures do not show. Does not belong here: one fix
(``fix_page``), the week's release (``week_page``).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from nicegui import ui

from assets.retrain_agent.review_session.asked_decisions import beside_figures
from orchestration.people.fix_desk import add_insight
from orchestration.people.fix_roles import insight_roles
from service.console import looks
from service.console.fixes import words
from service.console.fixes.looking import SEARCHING, draw_looking
from service.console.fixes.looks import STYLE
from service.console.fixes.reading import OPEN, Change, Fix, Insight, Queue, read_queue
from service.console.fixes.week_page import draw_week
from service.console.frame import Visit, page, say
from service.console.knowledge.words import bounded
from service.console.sign_offs import parts
from service.console.sign_offs.living import Living

PAGE = 20
ALL = "all"
CHANGES_SHOWN = 8
MAX_INSIGHT_CHARS = 4_000


@page("/fixes", "Fixes")
async def fixes_page(visit: Visit, kind: str = "", category: str = "", status: str = OPEN) -> None:
    """The fix queue."""
    parts.dress()
    ui.add_css(STYLE)
    asked = {"kind": kind, "category": category, "status": status if status in words.STATUSES else OPEN}

    def draw(queue: Queue) -> None:
        _Queue(queue, asked).draw()
        _draw_insights(visit, queue, living.refresh)
        _draw_changes(queue.changes)

    async def read_again() -> None:
        await living.refresh()
        await looking.refresh()

    looking = draw_looking(visit, SEARCHING, read_again)
    living: Living[Queue] = Living(visit, lambda: read_queue(visit.service.desk, visit.service.ledger), draw)
    draw_week(visit)


class _Queue:
    """The list with its filters; what is chosen stands in ``asked``, so that it outlives drawing anew."""

    def __init__(self, queue: Queue, asked: dict[str, str]) -> None:
        self.queue, self.asked = queue, asked
        self.shown = PAGE

    def draw(self) -> None:
        """Filters, and the list below them."""
        if not self.queue.is_there:
            looks.empty(
                "Nobody has looked for failures yet. They are found in reviews and outcomes of answers: have them looked "
                "for above, or run: understudy run retrain_agent",
                icon="hourglass_empty",
            )
            return
        fixes = self.queue.fixes
        if not fixes:
            looks.empty("Nothing goes wrong often enough to be mended: no fix is proposed.")
            return
        kinds = {one.kind: words.kind(one.kind) for one in fixes}
        there = {one.category_id for one in fixes}
        categories = {name: title for name, title in self.queue.names.items() if name in there}
        with ui.element("div").classes("fix-filters"):
            self._filter("status", "Decision", {name: self._counted(name) for name in words.STATUSES}, OPEN)
            self._filter("kind", "Kind of fix", {"": "Every kind", **kinds}, "")
            self._filter("category", "Category", {"": "Every category", **categories}, "")
        self._list()

    def _filter(self, name: str, label: str, options: dict[str, str], otherwise: str) -> None:
        if self.asked[name] not in options:
            self.asked[name] = otherwise
        select = ui.select(
            options, value=self.asked[name], label=label, on_change=lambda e: self._choose(name, e.value)
        )
        select.props("outlined dense").classes("field w-full")

    def _counted(self, status: str) -> str:
        count = sum(status in (ALL, one.status) for one in self.queue.fixes)
        return f"{words.STATUSES[status]} ({count:,})"

    def _choose(self, name: str, value: str | None) -> None:
        self.asked[name] = value or ""
        self.shown = PAGE
        self._list.refresh()

    @ui.refreshable_method
    def _list(self) -> None:
        found = [one for one in self.queue.fixes if self._fits(one)]
        if not found:
            nothing_left = self.asked["status"] == OPEN and not self.queue.open
            looks.empty("Every proposed fix is decided. Well done." if nothing_left else "No fix fits these filters.")
            return
        with looks.card():
            looks.text(
                "What would help most comes first: how often it goes wrong, times how bad that is.", "muted small"
            )
            with ui.element("ol").classes("fix-list"):
                for one in found[: self.shown]:
                    _line(one, self.queue.names)
            if len(found) > self.shown:
                ui.button("Show more", on_click=self._more).props("outline")

    def _fits(self, fix: Fix) -> bool:
        asked = self.asked
        return (
            asked["status"] in (ALL, fix.status)
            and asked["kind"] in ("", fix.kind)
            and asked["category"] in ("", fix.category_id)
        )

    def _more(self) -> None:
        self.shown += PAGE
        self._list.refresh()


def _line(fix: Fix, names: Mapping[str, str]) -> None:
    with ui.element("li").classes("fix-line"):
        with ui.element("div").classes("place"):
            if fix.rank is not None:
                ui.label(f"{fix.rank}").props["aria-label"] = f"Place {fix.rank}"
            else:
                ui.icon("forum" if fix.is_insight else "remove").props('aria-hidden="true"')
        with ui.element("div").classes("body"):
            ui.link(bounded(fix.title) or "Without a title", f"/fixes/{fix.fix_id}").classes("strong")
            if why := beside_figures(fix.why):
                looks.text(_short(why), "text small")
            with ui.element("div").classes("row"):
                chips(fix, names)
            looks.text(words.in_figures(fix), "figures muted")
            if fix.status != OPEN:
                looks.text(decided_in_words(fix), "text small strong")


def chips(fix: Fix, names: Mapping[str, str]) -> None:
    """What kind of fix, of which category, and what presses."""
    if fix.is_urgent and fix.status == OPEN:
        looks.chip("urgent", "bad")
    looks.chip(words.kind(fix.kind), "note")
    if fix.category_id:
        looks.chip(bounded(names.get(fix.category_id, fix.category_id))[:80])
    if fix.is_insight:
        looks.chip("said by your team")
    if fix.status != OPEN:
        looks.chip(words.STATUSES.get(fix.status, fix.status).lower(), "good" if fix.status == "accepted" else "")


def decided_in_words(fix: Fix) -> str:
    """Who decided what, and why."""
    if fix.status == "withdrawn":
        return "It has stopped, or a better proposal took its place."
    who = fix.decided_by or "an erased person"
    when = f" on {words.day(fix.decided_at)}" if fix.decided_at else ""
    change = f", change {fix.change_id}" if fix.change_id else ""
    note = f": {_short(fix.note)}" if fix.note else ""
    return f"{words.STATUSES.get(fix.status, fix.status)} by {who}{when}{change}{note}"


def _draw_changes(changes: Sequence[Change]) -> None:
    with looks.card("What was decided, and what it did"):
        if not changes:
            looks.text("No fix was accepted yet. Once one is, it stands here with its effect.", "muted")
            return
        parts.folded(changes, _change_list, "changes", first=CHANGES_SHOWN)


def _change_list(some_changes: Sequence[Change]) -> None:
    with ui.element("ul").classes("fix-list"):
        for one in some_changes:
            with ui.element("li").classes("stack").style("border-top:1px solid var(--line);padding:10px 0;gap:4px"):
                with ui.element("div").classes("row"):
                    ui.link(f"{one.change_id}: {bounded(one.title)[:300]}", f"/fixes/changes/{one.change_id}").classes("strong")  # fmt: skip
                    looks.chip(*words.CHANGE_STATUSES.get(one.status, (one.status, "")))
                looks.text(words.change_in_words(one), "muted small")
                if one.is_measured_before:
                    looks.text("Its effect was measured before customers had it; its page says how.", "muted small")
                    continue
                for sentence in one.sentences[:3]:
                    looks.text(bounded(words.capitalised(sentence)))
                if len(one.sentences) > 3:
                    looks.text(f"and {len(one.sentences) - 3} more", "muted small")
                if not one.sentences and one.status == "released":
                    looks.text("Its effect was not measured yet.", "muted small")


def _draw_insights(visit: Visit, queue: Queue, refresh: Callable[[], Awaitable[None]]) -> None:
    with looks.card("What did you see that the figures do not show?"):
        looks.text("It goes into the queue, beside what was found in answers. Write about the matter, not about a customer.", "muted small")  # fmt: skip
        text = ui.textarea("What you saw").props(f"outlined autogrow maxlength={MAX_INSIGHT_CHARS}").classes("w-full")
        with ui.element("div").classes("row"):
            category = ui.select({"": "No category", **queue.names}, value="", label="What it is about")
            category.props("outlined dense").style("min-width:min(260px,100%)")
            button = ui.button("Record it", icon="add")

        async def step() -> None:
            account = visit.account()
            desk = await visit.work(lambda: visit.service.desk)
            role, at = account.signing_role(insight_roles(desk)), visit.service.clock()
            await visit.work(add_insight, desk, text.value or "", category.value or None, account.name, role, at=at)
            say("Recorded. It stands in the queue with the next run.")
            await refresh()

        async def record() -> None:
            button.disable()
            if not await visit.attempt(step):
                button.enable()

        button.on_click(record)
        if queue.insights:
            parts.minor("Said, and in the queue with the next run")
            parts.folded(queue.insights, lambda some_: _insight_list(some_, queue), "insights", first=5)


def _insight_list(insights: Sequence[Insight], queue: Queue) -> None:
    for one in insights:
        with ui.element("div").classes("stack").style("gap:2px"):
            looks.text(bounded(one.text), "quote")
            about = f", about {queue.names.get(one.category_id, one.category_id)}" if one.category_id else ""
            looks.text(f"{one.said_by or 'An erased person'}, {words.day(one.said_at)}{about}", "muted small")


def _short(text: str | None, limit: int = 400) -> str:
    given = text or ""
    return given if len(given) <= limit else f"{given[:limit].rstrip()} …"

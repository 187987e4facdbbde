"""``/knowledge/findings``: what is wrong with articles and entries, with evidence, and what to do about it.

Belongs here: the page and its actions. Does not belong here: finding anything (``assets.build_knowledge.findings``), what a
decision does (``orchestration.people.knowledge_audit``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nicegui import ui

from orchestration.people.knowledge_audit import URGENCY, dismiss, open_findings, verify
from orchestration.people.knowledge_desk import read_entries
from service.console import looks
from service.console.frame import Visit, page, say
from service.console.knowledge import gathering, parts
from service.console.knowledge.differences import marked_quotes
from service.console.knowledge.words import TYPES, bounded, day, finding_type, for_whom, reason, some

if TYPE_CHECKING:
    from desk.loading import Desk

MANY = 12
"""Findings of a part that are listed at first."""
_QUOTED = re.compile(r"“([^”]{1,600})”")


@dataclass(frozen=True)
class Side:
    """One of the texts a finding is about. ``text`` is None where it is not there any more."""

    kind: str
    name: str
    title: str
    text: str | None
    for_whom: str
    is_kept_from_use: bool


@dataclass(frozen=True)
class Shelf:
    """What the page begins with; ``rows`` is None where nothing was checked yet."""

    rows: list[dict[str, Any]] | None
    waiting: gathering.Waiting
    refusal: str | None


def shelf(visit: Visit) -> Shelf:
    """The open findings, the most urgent first."""
    desk = visit.service.desk
    waiting = gathering.waiting(desk)
    rows: list[Any] | None = None if waiting.findings is None else open_findings(desk).to_dict("records")
    return Shelf(rows, waiting, parts.may_decide(visit, desk))


def sides_of(desk: Desk, row: Mapping[str, Any]) -> list[Side]:
    """The texts that a finding is about, as they are now."""
    entries = {entry.id: entry for entry in read_entries(desk)[0]}
    found = []
    for side, is_kept in (("subject", row["is_blocking"]), ("other", row["is_other_blocked"])):
        kind, name = row.get(f"{side}_kind"), row.get(f"{side}_id")
        if not isinstance(name, str) or not isinstance(kind, str):
            continue
        if kind == "entry" and name in entries:
            entry = entries[name]
            found.append(Side(kind, name, entry.question, entry.answer, for_whom(entry.conditions), bool(is_kept)))
        else:
            article = gathering.article_text(desk, name) if kind == "article" else None
            title, text = article if article is not None else (name, None)
            found.append(Side(kind, name, title, text, "", bool(is_kept)))
    return found


def quotes_in(evidence: str) -> list[str]:
    """What a finding's evidence quotes; a quote cut in its middle counts as its two ends."""
    return [part.strip() for quote in _QUOTED.findall(evidence) for part in quote.split(" … ") if part.strip()]


@page("/knowledge/findings", "Knowledge")
async def content(visit: Visit, finding: str = "", type: str = "") -> None:
    """Draw the page."""
    found = await visit.work(shelf, visit)
    parts.dress("/knowledge/findings", found.waiting.counts)
    if found.rows is None:
        looks.empty("Nothing was checked yet. Run: understudy run build_knowledge", icon="hourglass_empty")
        return
    await _Findings(visit, found, found.rows, finding, type).draw()


class _Findings:
    def __init__(self, visit: Visit, found: Shelf, rows: list[dict[str, Any]], chosen: str, kind: str) -> None:
        self.visit, self.found, self.rows = visit, found, rows
        self.kind = kind if kind in TYPES else ""
        self.most = MANY
        self.chosen = chosen if any(row["finding_id"] == chosen for row in rows) else ""
        self.is_gone = bool(chosen) and not self.chosen

    async def draw(self) -> None:
        """Filter, the chosen finding, and the list."""
        if self.is_gone:
            looks.text("That finding is not open any more.", "quote")
        if not self.rows:
            looks.empty("Nothing is wrong with articles and entries.")
            return
        there = [name for name in URGENCY if any(row["type"] == name for row in self.rows)]
        ui.select({"": "Every kind", **{name: finding_type(name) for name in there}}, value=self.kind, label="Kind",
                  on_change=lambda e: self._filter(e.value or "")).props("outlined dense").style("max-width:320px")  # fmt: skip
        await self._detail()
        self._list()

    def _filter(self, kind: str) -> None:
        self.kind = kind
        self._list.refresh()

    @ui.refreshable_method
    def _list(self) -> None:
        shown = [row for row in self.rows if not self.kind or row["type"] == self.kind]
        kept = [row for row in shown if row["is_blocking"] or row["is_other_blocked"]]
        rest = [row for row in shown if not (row["is_blocking"] or row["is_other_blocked"])]
        for title, rows in (("They keep a text from being used", kept), ("Worth putting right", rest)):
            if rows:
                with looks.card(f"{title}: {some(len(rows), 'finding', 'findings')}"), ui.element("div"):
                    for row in rows[: self.most]:
                        self._line(row)
                    if len(rows) > self.most:
                        ui.button(f"Show {len(rows) - self.most:,} more", on_click=self._more).props("outline")

    def _more(self) -> None:
        self.most = len(self.rows)
        self._list.refresh()

    def _line(self, row: dict[str, Any]) -> None:
        here = " here" if row["finding_id"] == self.chosen else ""
        with ui.element("div").classes(f"entry-line{here}"), ui.element("div").classes("row apart top"):
            with ui.element("div").classes("grow"):
                ui.label(f"{finding_type(row['type'])}: {reason(row['reason'])}").classes("strong")
                looks.text(bounded(row["evidence"]), "text small muted")
            ui.button("Look", on_click=lambda _, name=row["finding_id"]: self._choose(name)).props("outline").props[
                "aria-label"
            ] = f"Look at: {reason(row['reason'])}"

    @ui.refreshable_method
    async def _detail(self) -> None:
        row = next((row for row in self.rows if row["finding_id"] == self.chosen), None)
        if row is None:
            return
        desk = await self.visit.work(lambda: self.visit.service.desk)
        sides = await self.visit.work(sides_of, desk, row)
        with looks.card(f"{finding_type(row['type'])}: {reason(row['reason'])}"):
            with ui.element("div").classes("row"):
                looks.chip("keeps a text from being used", "bad") if row["is_blocking"] or row[
                    "is_other_blocked"
                ] else looks.chip("nothing is kept from use", "")
                ui.label(f"first found {day(row['first_found_as_of'])}").classes("muted small")
            looks.text(bounded(row["evidence"]))
            ui.label("What to do").classes("muted small")
            looks.text(bounded(row["fix"]), "text strong")
            titles = {side.title for side in sides}
            self._sides(sides, [quote for quote in quotes_in(row["evidence"]) if quote not in titles])
            self._actions(row, sides)

    def _sides(self, sides: list[Side], quotes: list[str]) -> None:
        said = [_said(side, quotes) for side in sides]
        with ui.element("div").classes("two" if len(sides) > 1 else ""):
            for at, side in enumerate(sides):
                with ui.element("div").classes("plain-list"):
                    kind = "Entry" if side.kind == "entry" else "Help article"
                    looks.text(f"{kind}: {bounded(side.title)}", "text strong")
                    if side.is_kept_from_use:
                        with ui.element("div").classes("row"):
                            looks.chip("kept from use", "bad")
                    if side.text is None:
                        looks.text("It is not there any more.", "muted")
                        continue
                    against = " ".join(said[1 - at]) if len(sides) == 2 else ""
                    with ui.element("div").classes("quote"):
                        parts.runs(marked_quotes(side.text, said[at], against), marks=True)
                    if side.for_whom:
                        looks.text(side.for_whom, "small muted")

    def _actions(self, row: dict[str, Any], sides: list[Side]) -> None:
        if self.found.refusal is not None:
            looks.text(self.found.refusal, "muted")
            return
        with ui.element("div").classes("row"):
            for side in sides:
                if side.kind == "entry" and side.text is not None:
                    ui.button(
                        "Change the entry", icon="edit",
                        on_click=lambda _, name=side.name: ui.navigate.to(f"/knowledge/entry/{name}?edit=1"),
                    ).props("outline")  # fmt: skip
                elif side.kind == "article" and side.text is not None:
                    ui.button(
                        f"“{side.title[:60]}” is right as it stands", icon="check",
                        on_click=lambda _, name=side.name: self._verify(name),
                    ).props("outline no-caps")  # fmt: skip
            ui.button("Dismiss", icon="close", on_click=lambda: self._ask_why(row)).props("outline")
        looks.text(
            "Articles are corrected in the help center. What was corrected there is seen once it was read again.",
            "small muted",
        )

    def _choose(self, name: str) -> None:
        self.chosen = name
        self._detail.refresh()
        self._list.refresh()
        ui.run_javascript("window.scrollTo({top: 0})")

    async def _verify(self, article: str) -> None:
        async def step() -> None:
            desk = await self.visit.work(lambda: self.visit.service.desk)
            who = parts.reviewer(self.visit, desk)
            await self.visit.work(verify, desk, article, who)
            say("Recorded that the article is right as it stands. Findings that this clears go with the next check.")

        await self.visit.attempt(step)

    def _ask_why(self, row: dict[str, Any]) -> None:
        with ui.dialog() as dialog, ui.card().style("min-width:min(440px,90vw)"):
            looks.heading("Dismiss this finding")
            looks.text("It stays dismissed while both texts stay as they are.", "muted")
            why = ui.textarea("Why it is no fault").props("outlined autofocus").classes("field")
            with ui.element("div").classes("row"):
                ui.button("Dismiss", on_click=lambda: self._dismiss(row, why, dialog))
                ui.button("Cancel", on_click=dialog.close).props("flat")
        dialog.open()

    async def _dismiss(self, row: dict[str, Any], why: ui.textarea, dialog: ui.dialog) -> None:
        if not (why.value or "").strip():
            why.error = "Say why it is no fault."
            return

        async def step() -> None:
            desk = await self.visit.work(lambda: self.visit.service.desk)
            who = parts.reviewer(self.visit, desk, why.value)
            await self.visit.work(dismiss, desk, row["finding_id"], who)
            dialog.close()
            self.rows = [one for one in self.rows if one["finding_id"] != row["finding_id"]]
            self.chosen = ""
            say("Dismissed. An entry that only this kept from use is live again.")
            self._detail.refresh()
            self._list.refresh()

        await self.visit.attempt(step)


def _said(side: Side, quotes: list[str]) -> list[str]:
    """The quotes that stand in a text, whatever marks stand between their words."""
    text = f" {_words(side.text or '')} "
    return [one for one in quotes if f" {_words(one)} " in text]


def _words(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))

"""``/knowledge/entries``: every entry, with whether an answer may be taken from it and why not.

Belongs here: the list and its filters. Does not belong here: one entry (``entry_page``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nicegui import ui

from orchestration.people import knowledge_audit
from service.console import looks
from service.console.frame import Visit, page
from service.console.knowledge import gathering, parts
from service.console.knowledge.words import bounded, day, some

if TYPE_CHECKING:
    from service.service import Service

ALL, LIVE, NOT_LIVE = "all", "live", "not_live"
STANDINGS = {ALL: "Live or not", LIVE: "Live", NOT_LIVE: "Not live"}
PAGE = 50


def gather(service: Service) -> tuple[list[dict[str, Any]], list[str], dict[str, str], gathering.Waiting]:
    """Entries as they stand, files that are none, names of categories, and what waits."""
    desk = service.desk
    now = knowledge_audit.entries_now(desk)
    entries, mistakes = knowledge_audit.standing(desk, now=now)
    readers = gathering.readers_by_entry(now)
    rows: list[Any] = entries.assign(for_whom=[readers.get(name, "") for name in entries["entry_id"]]).to_dict(
        "records"
    )
    return rows, mistakes, gathering.category_names(desk), gathering.waiting(desk)


@page("/knowledge/entries", "Knowledge")
async def content(visit: Visit, category: str = "", standing: str = ALL) -> None:
    """Draw the page."""
    rows, mistakes, names, waiting = await visit.work(gather, visit.service)
    parts.dress("/knowledge/entries", waiting.counts)
    _Entries(rows, mistakes, names, category, standing).draw()


class _Entries:
    def __init__(
        self, rows: list[dict[str, Any]], mistakes: list[str], names: dict[str, str], category: str, standing: str
    ) -> None:
        self.rows, self.mistakes, self.names = rows, mistakes, names
        self.category = category if category in names else ""
        self.standing = standing if standing in STANDINGS else ALL
        self.search = ""
        self.shown = PAGE

    def draw(self) -> None:
        """Filters, and the list below them."""
        with ui.element("div").classes("form-two"):
            ui.input(
                "Search in questions, owners and names", on_change=lambda e: self._filter(search=e.value or "")
            ).props("outlined dense clearable debounce=200").classes("field")
            with ui.element("div").classes("form-two"):
                ui.select({"": "Every category", **self.names}, value=self.category, label="Category",
                          on_change=lambda e: self._filter(category=e.value or "")).props("outlined dense").classes("field")  # fmt: skip
                ui.select(STANDINGS, value=self.standing, label="Standing",
                          on_change=lambda e: self._filter(standing=e.value)).props("outlined dense").classes("field")  # fmt: skip
        self._list()

    def _filter(self, **changes: str) -> None:
        for name, value in changes.items():
            setattr(self, name, value)
        self.shown = PAGE
        self._list.refresh()

    @ui.refreshable_method
    def _list(self) -> None:
        found = [row for row in self.rows if self._fits(row)]
        live = sum(bool(row["is_live"]) for row in found)
        if not found:
            looks.empty("No entry fits." if self.rows else "There is no entry yet.", icon="search_off")
        else:
            with looks.card():
                looks.text(f"{some(len(found), 'entry', 'entries')}, {live:,} of them live.", "muted")
                with ui.element("div"):
                    for row in found[: self.shown]:
                        self._line(row)
                if len(found) > self.shown:
                    ui.button("Show more", on_click=self._more).props("outline")
        if self.mistakes:
            with looks.card("Files that are no entries yet"):
                parts.text_lines(self.mistakes)

    def _line(self, row: dict[str, Any]) -> None:
        with ui.element("div").classes("entry-line"):
            with ui.element("div").classes("row apart top"):
                with ui.element("div").classes("grow"):
                    ui.link(bounded(row["question"]), f"/knowledge/entry/{row['entry_id']}").classes("strong")
                looks.chip("Live", "good") if row["is_live"] else looks.chip("Not live", "bad")
            owner = row["owner"] if isinstance(row["owner"], str) else "nobody"
            category = self.names.get(row["category_id"], row["category_id"])
            looks.text(row["for_whom"], "small")
            looks.text(f"{category} · owned by {owner} · next review {day(row['review_by'])}", "small muted")
            for why in row["why_not_live"]:
                looks.text(f"{why[:1].upper()}{why[1:]}", "text small diff-gone")

    def _fits(self, row: dict[str, Any]) -> bool:
        if self.category and row["category_id"] != self.category:
            return False
        if self.standing != ALL and bool(row["is_live"]) != (self.standing == LIVE):
            return False
        text = f"{row['question']} {row['owner']} {row['entry_id']}".casefold()
        return all(word in text for word in self.search.casefold().split())

    def _more(self) -> None:
        self.shown += PAGE
        self._list.refresh()

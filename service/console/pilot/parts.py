"""Pieces of the dashboard: words and charts that follow figures in place, tables of figures, links to answers.

Belongs here: what several parts of the page are drawn with. Does not belong here: any part's own figures.

Words change where they stand, so that whoever reads, tabs or listens keeps their place; a piece is drawn anew only where
its shape changes, such as by a new reviewer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from nicegui import ui

from service.console.pilot.figures import Live

MAX_CHARS = 120
"""Of a name in a table or a link: names are written by people."""


class Part:
    """A piece of the page that follows ``Live`` figures.

    draw: puts the piece's elements on the page through the part's methods, each told how to read its words from the figures.
    shape: what must not change for the elements to stay as they are.
    """

    def __init__(
        self, now: Live, draw: Callable[[Part], None], shape: Callable[[Live], object], classes: str = ""
    ) -> None:
        self.now = now
        self._draw, self._shape = draw, shape
        self._drawn_for = shape(now)
        self._followers: list[Callable[[], object]] = []
        self.opened: set[str] = set()
        self._box = ui.element("div").classes(f"pilot-part {classes}")
        with self._box:
            draw(self)

    def follow(self, now: Live) -> None:
        """Show other figures."""
        self.now = now
        if (shape := self._shape(now)) != self._drawn_for:
            self._drawn_for = shape
            self._followers.clear()
            self._box.clear()
            with self._box:
                self._draw(self)
            return
        for follower in self._followers:
            follower()

    def leave(self, summary: str, *, is_open: bool) -> None:
        """Remember what the viewer opened."""
        (self.opened.add if is_open else self.opened.discard)(summary)

    def text(self, read: Callable[[Live], str], classes: str = "text") -> None:
        """Words, as text."""
        label = ui.label(read(self.now)).classes(classes)
        self._followers.append(lambda: label.set_text(read(self.now)))

    def link(self, read: Callable[[Live], str], target: str) -> None:
        """Words that lead to a path of the console."""
        link = ui.link(read(self.now), target)
        self._followers.append(lambda: link.set_text(read(self.now)))

    def style(self, element: ui.element, read: Callable[[Live], str]) -> None:
        """A style from numbers of ours."""
        element.style(replace=read(self.now))
        self._followers.append(lambda: element.style(replace=read(self.now)))

    def spoken(self, element: ui.element, read: Callable[[Live], str]) -> None:
        """What those who listen hear instead of the element."""

        def say() -> None:
            if element.props.get("aria-label") != (words := read(self.now)):
                element.props["aria-label"] = words
                element.update()

        element.props["role"] = "img"
        say()
        self._followers.append(say)

    def chart(self, read: Callable[[Live], dict[str, Any]], said: Callable[[Live], str], classes: str = "") -> None:
        """A chart whose options are read from the figures, and its words for those who listen."""
        box, drawn = chart(read(self.now), said(self.now), classes)
        self.spoken(box, said)

        def redraw() -> None:
            drawn.options.clear()
            drawn.options.update(read(self.now))
            drawn.update()

        self._followers.append(redraw)


def chart(options: dict[str, Any], said: str, classes: str = "") -> tuple[ui.element, ui.echart]:
    """A chart with its words; the box around it, and the chart."""
    with ui.element("div").classes(f"pilot-chart {classes}") as box:
        drawn = ui.echart(options, renderer="svg")
        drawn.props["aria-hidden"] = "true"
    box.props["role"] = "img"
    box.props["aria-label"] = said
    return box, drawn


@contextmanager
def details(summary: str, part: Part | None = None) -> Iterator[None]:
    """What opens at a click or a key; in a part it stays as it was left, also where the part is drawn anew."""
    with ui.element("details").classes("pilot-details") as opens:
        if part is not None:
            if summary in part.opened:
                opens.props["open"] = True
            opens.on(
                "toggle",
                lambda event: part.leave(summary, is_open=bool(event.args)),
                js_handler="(event) => emit(event.target.open)",
            )
        with ui.element("summary"):
            ui.label(summary)
        yield


def table(about: str, head: Sequence[str], rows: Sequence[Sequence[str]], numbers: int = 0) -> None:
    """A table of text; the last ``numbers`` columns are figures. ``about`` names it for those who listen."""
    with ui.element("div").classes("scroll") as around:
        around.props["tabindex"] = "0"
        around.props["role"] = "region"
        around.props["aria-label"] = about
        with ui.element("table").classes("table pilot-table"):
            with ui.element("thead"), ui.element("tr"):
                for place, name in enumerate(head):
                    with _cell("th", place >= len(head) - numbers).props("scope=col"):
                        ui.label(name)
            with ui.element("tbody"):
                for row in rows:
                    with ui.element("tr"):
                        for place, words in enumerate(row):
                            with _cell("td" if place else "th", place >= len(head) - numbers).props(
                                "" if place else "scope=row"
                            ):
                                ui.label(words)


def counts(words: str) -> None:
    """The line under a heading that says what is counted."""
    ui.label(words).classes("muted small")


def answers_path(category: str | None = None, *, tag: str | None = None, is_sent: bool = False) -> str:
    """Where the answers behind a figure are listed.

    Args:
        category: "" for those that resemble nothing known, None for all. tag: of ``REVIEWS``, or "untagged".
    """
    asked = {"who": "untagged" if tag == "untagged" else "all"}
    if category is not None:
        asked["category"] = category or "-"
    if tag not in (None, "untagged"):
        asked["tag"] = str(tag)
    if is_sent:
        asked["mode"] = "sent"
    return f"/answers?{urlencode(asked)}"


def counted(name: str, said: Callable[[Live], str], width: Callable[[Live], str], part: Part) -> None:
    """A line of a list: a name, how often, and a bar as long."""
    with ui.element("div").classes("pilot-counted"):
        ui.label(short(name, 200)).classes("text")
        part.text(said, "muted")
        with ui.element("div").classes("line"):
            part.style(ui.element("div"), width)


def short(words: str, limit: int = MAX_CHARS) -> str:
    """Words of people, cut where they go on for ever."""
    return words if len(words) <= limit else f"{words[: limit - 1]}…"


def _cell(tag: str, is_number: bool) -> ui.element:
    return ui.element(tag).classes("number" if is_number else "")

"""The list of the queue beside the answer: where one is, what is done, what somebody else has.

Belongs here: drawing it a page at a time, and marking it cheaply. Does not belong here: what the queue is (``sitting``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nicegui import ui

from service.console.answers.item import Item
from service.console.answers.sitting import Sitting
from service.console.answers.words import DONE, one_line

PAGE = 40
OPEN, TAGGED, TAKEN = "radio_button_unchecked", "check_circle", "lock"
SAYS = {OPEN: "", TAGGED: "tagged: ", TAKEN: "open by somebody else: "}


class QueueList:
    """Lines of one page of the queue. ``choose`` is called with the id of the answer whose line was pressed."""

    def __init__(self, sitting: Sitting, choose: Callable[[str], Any]) -> None:
        self._sitting, self._choose = sitting, choose
        self._box = ui.element("nav").classes("queue").props('aria-label="Queue"')
        self._first: int | None = None
        self._queue: list[Item] | None = None
        self._lines: dict[str, tuple[ui.element, ui.icon, ui.label]] = {}
        self._marks: dict[str, tuple[str, bool]] = {}

    def toggle(self) -> None:
        """Show or hide it where the page is too narrow to have it always."""
        self._box.classes(toggle="open")

    def show(self) -> None:
        """Bring it up to date: draw another page of it where the shown answer is on another, else only mark lines."""
        queue, place = self._sitting.queue, self._sitting.place
        first = (self._first or 0) if place is None else place // PAGE * PAGE
        first = 0 if first >= len(queue) else first
        if first != self._first or queue is not self._queue:
            self._draw(queue, first)
        self._mark()

    def _draw(self, queue: list[Item], first: int) -> None:
        self._first, self._queue, self._lines, self._marks = first, queue, {}, {}
        self._box.clear()
        with self._box:
            if len(queue) > PAGE:
                ui.label(f"{first + 1:,} to {min(first + PAGE, len(queue)):,} of {len(queue):,}").classes("small muted")
            for item in queue[first : first + PAGE]:
                with ui.element("button").classes("line").props('type="button"') as line:
                    icon = ui.icon(OPEN).props('aria-hidden="true"')
                    ui.label(self._sitting.stock.category_name(item.category_id)).classes("what")
                    ask = ui.label(one_line(item.question, 60)).classes("ask")
                    line.on("click", lambda _, name=item.answer_id: self._choose(name))
                line.props["title"] = DONE.get(item.action, item.action)
                self._lines[item.answer_id] = (line, icon, ask)

    def _mark(self) -> None:
        sitting = self._sitting
        others = sitting.claims.of_others(sitting.reviewer.account_id)
        shown = None if sitting.shown is None else sitting.shown.answer_id
        for answer_id, (line, icon, _) in self._lines.items():
            is_done = self._is_done(answer_id)
            mark = (TAGGED if is_done else TAKEN if answer_id in others else OPEN, answer_id == shown)
            if self._marks.get(answer_id) == mark:
                continue
            self._marks[answer_id] = mark
            name, is_here = mark
            icon.set_name(name)
            line.classes(add="done" if is_done else "", remove="" if is_done else "done")
            line.classes(add="here" if is_here else "", remove="" if is_here else "here")
            if is_here:
                line.props["aria-current"] = "true"
            else:
                line.props.pop("aria-current", None)
            line.update()

    def _is_done(self, answer_id: str) -> bool:
        """Tagged by this person where the queue is about them, else by anybody."""
        said = self._sitting.stock.said.get(answer_id, ())
        is_own = self._sitting.filters.who in ("second", "mine")
        return any(one.tag is not None and (not is_own or one.is_by(self._sitting.reviewer.name)) for one in said)

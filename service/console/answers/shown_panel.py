"""The answer on the page: its heading, who else has it, what this reviewer said of it, and both sides.

Belongs here: drawing what the sitting shows, or the end of the queue. Does not belong here: each side, anything that acts.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui
from nicegui.events import KeyEventArguments

from service.console import looks
from service.console.answers import words
from service.console.answers.draft_panel import draw_draft, draw_words
from service.console.answers.end_panel import draw_end
from service.console.answers.item import Item
from service.console.answers.sitting import Sitting
from service.console.answers.ticket_panel import draw_ticket

KeyPressed = Callable[[KeyEventArguments, str], Awaitable[None]]
INTO_VIEW = """
(() => { const one = document.querySelector(".answers .shown");
  if (one && one.getBoundingClientRect().top < 0) one.scrollIntoView(); })()
"""


class ShownPanel:
    """Drawn anew for every answer. ``pressed`` gets each key with the id of the answer that it was pressed for."""

    def __init__(self, sitting: Sitting, pressed: KeyPressed) -> None:
        self._sitting, self._pressed = sitting, pressed
        self._box = ui.element("div").classes("shown")
        self._notice: ui.element | None = None

    def show(self, agreement: Sequence[str]) -> None:
        """Draw the shown answer; at the end of the queue what comes of it, with how far reviewers agree."""
        sitting, item = self._sitting, self._sitting.shown
        name = "" if item is None else item.answer_id
        self._box.clear()
        self._box.props["data-answer"] = name
        self._notice = None
        with self._box:
            # Made anew too: a key pressed before the browser shows this answer still names the one before, or nothing.
            ui.keyboard(
                lambda event: self._pressed(event, name), ignore=["input", "select", "textarea"], repeating=False
            )
            if item is None:
                draw_end(sitting, agreement)
                return
            self._draw_head(item)
            said = sitting.stock.said.get(item.answer_id, [])
            with ui.element("div").classes("sides"):
                draw_ticket(item)
                is_blind = sitting.filters.who == "second" and not any(one.is_by(sitting.reviewer.name) for one in said)
                draw_draft(item, sitting.stock.entries, said, sitting.reviewer.name, is_blind=is_blind)

    def show_notice(self) -> None:
        """Say who else has the shown answer before them."""
        if self._notice is None:
            return
        self._notice.clear()
        if (holder := self._sitting.held_by) is not None:
            with self._notice:
                looks.text(
                    f"{words.shown(holder, 120)} has this one open right now. You can read it; to tag, take another (j)."
                )

    def scroll_up(self) -> None:
        """Bring the beginning of the answer back into the window."""
        ui.run_javascript(INTO_VIEW)

    def _draw_head(self, item: Item) -> None:
        sitting, place = self._sitting, self._sitting.place
        where = "not in this queue" if place is None else f"{place + 1:,} of {len(sitting.queue):,}"
        looks.heading(f"{words.shown(sitting.stock.category_name(item.category_id), 120)} · {where}")
        self._notice = ui.element("div").classes("notice")
        self.show_notice()
        for one in sitting.stock.said.get(item.answer_id, ()):
            if one.is_by(sitting.reviewer.name):
                with ui.element("div").classes("notice note"):
                    said = f"{words.review_words(one, item)} ({words.moment(one.reviewed_at)})"
                    looks.text(f"You said: {said}. Another tag replaces it.")
                    draw_words(one)
        if (fix := sitting.stock.fixes.get(item.answer_id)) is not None:
            with ui.element("div").classes("notice note row"):
                looks.text(f"This goes wrong more often ({words.shown(fix.pattern, 160)}). A fix waits to be decided:")
                ui.link(words.shown(fix.title, 200) or "Look at it", f"/fixes/{fix.fix_id}")

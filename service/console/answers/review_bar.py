"""The bar that stays at the bottom: tags, the reasons behind them, and the texts a reviewer writes.

Belongs here: drawing it, and handing on what was pressed with the id of the answer that was on the page at that moment.
Does not belong here: what follows from it (``review_page``).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from nicegui import ui

from ledger.reviews import MAX_WORDS_CHARS, REASONS, TAGS
from service.console import looks
from service.console.answers import words
from service.console.answers.item import Said

REASON_KEYS = "1234567890"
FATES = {"r": "Do not send it", "a": "Send it as it is", "e": "Send your edit"}
SHOWN_ID = '() => emit(document.querySelector(".answers .shown")?.dataset.answer || "")'
"""What the browser adds to a press: the id of the answer that it shows, not of the one the server thinks it shows."""


class Hands(Protocol):
    """What the bar calls: ``press(what, answer_id)`` for a key or button, ``written`` for a text that is to be saved."""

    async def press(self, what: str, answer_id: str) -> None: ...
    async def written(self, answer_id: str, text: str, tag: str, reason: str | None) -> None: ...
    async def commented(self, answer_id: str, text: str) -> None: ...


class ReviewBar:
    """Buttons that stay as they are, so that the focus stays with them, and above them a sheet for what is under way."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        with (
            ui.element("div").classes("bar-wrap"),
            ui.element("section").classes("bar-box").props('aria-label="Your review"'),
        ):
            self._sheet = ui.element("div").classes("sheet")
            self._sheet.set_visibility(False)
            with ui.element("div").classes("acts main-acts") as self._acts:
                with ui.element("div").classes("tags"):
                    for key, tag in zip("123", TAGS, strict=True):
                        self._act(words.TAGS[tag], key, key, words.TAG_KINDS[tag])
                self._act("Edit", "e", "e", "small", "edit")
                self._act("Right answer", "c", "c", "small", "lightbulb")
                self._act("Note", "m", "m", "small", "chat_bubble_outline")
                self._act("", "u", "u", "small push", "undo", label="Undo")
                self._act("", "k", "k", "small", "chevron_left", label="Previous")
                self._act("", "j", "j", "small", "chevron_right", label="Next")
            self._status = ui.label("").classes("status").props('role="status"')

    def say(self, sentence: str) -> None:
        """Say what was done, also to those who listen."""
        self._status.set_text(sentence)

    def close(self, *, is_at_end: bool = False) -> None:
        """Nothing is under way; at the end of the queue there is nothing to tag either."""
        self._sheet.clear()
        self._sheet.set_visibility(False)
        self._acts.set_visibility(True)
        self._acts.classes(add="at-end" if is_at_end else "", remove="" if is_at_end else "at-end")

    def ask_why(self, answer_id: str, tag: str, *, fates: Sequence[str], chosen: str) -> None:
        """Ask for the reason behind a tag, and, where there is a choice, what goes out.

        Args:
            fates: keys of ``FATES`` to choose among. chosen: the one that holds if nothing is said.
        """
        with self._opened(f"{words.TAGS[tag]}: why?"):
            with ui.element("div").classes("acts"):
                for key, reason in zip(REASON_KEYS, REASONS, strict=True):
                    self._act(words.REASONS[reason], key, key, "small", answer_id=answer_id)
                self._act("No reason", "n", "n", "small", answer_id=answer_id)
                self._act("Back", "Escape", "Esc", "small", "close", answer_id=answer_id)
            if len(fates) > 1:
                with ui.element("div").classes("acts"):
                    looks.text("And the draft:", "small muted")
                    for key in fates:
                        self._act(FATES[key], key, key, "small on" if key == chosen else "small", answer_id=answer_id)

    def write(
        self, answer_id: str, *, title: str, label: str, save: str, text: str, tag: str, reason: str | None
    ) -> None:
        """A text that is saved together with a tag and a reason."""
        with self._opened(title):
            area = self._area(label, text)
            with ui.element("div").classes("row"):
                rated = ui.radio(
                    {name: words.TAGS[name] for name in ("needs_improvement", "incorrect")}, value=tag
                ).props('inline dense aria-label="Your tag"')
                why = ui.select({"": "No reason", **words.REASONS}, label="Reason", value=reason or "").props(
                    "dense outlined"
                )
                why.style("min-width:220px")

            async def keep() -> None:
                await self._hands.written(answer_id, area.value or "", rated.value, why.value or None)

            self._savers(area, keep, save, answer_id)

    def comment(self, answer_id: str, text: str) -> None:
        """A comment that goes with what is said next."""
        with self._opened("A note with what you say next"):
            area = self._area("Anything worth remembering", text)

            async def keep() -> None:
                await self._hands.commented(answer_id, area.value or "")

            self._savers(area, keep, "Keep it", answer_id)

    def offer_second(self, answer_id: str, given: list[Said], yours: str) -> None:
        """Somebody was faster: say what they said, and ask what is to become of ours."""
        names = words.people(one.reviewer for one in given)
        with self._opened(f"{words.shown(names, 200)} tagged this one since you opened it"):
            for one in given:
                looks.text(f"{words.shown(one.reviewer, 120)} says: {words.review_words(one)}.", "text")
            looks.text(f"Yours ({yours}) was not recorded.", "text")
            with ui.element("div").classes("acts"):
                self._act("Record mine as a second opinion", "y", "y", "small main", answer_id=answer_id)
                self._act("Leave it", "j", "j", "small", "chevron_right", answer_id=answer_id)

    def offer_entry(self, answer_id: str) -> None:
        """What would have been right is recorded; it can become an entry."""
        from urllib.parse import quote

        with self._opened("Recorded. Shall customers get this answer from now on?"), ui.element("div").classes("acts"):
            ui.link("Turn this into an entry", f"/knowledge/new?answer={quote(answer_id, safe='')}").classes(
                "act main small"
            ).style("text-decoration:none;color:#fff")
            self._act("Next", "j", "j", "small", "chevron_right", answer_id=answer_id)

    def _opened(self, title: str) -> ui.element:
        self._sheet.clear()
        self._sheet.set_visibility(True)
        self._acts.set_visibility(False)
        with self._sheet:
            looks.heading(title)
        return self._sheet

    def _area(self, label: str, text: str) -> ui.textarea:
        return ui.textarea(label, value=text).props(f"outlined autogrow autofocus maxlength={MAX_WORDS_CHARS}")

    def _savers(self, area: ui.textarea, keep: Callable[[], Awaitable[None]], save: str, answer_id: str) -> None:
        async def back() -> None:
            await self._hands.press("Escape", answer_id)

        area.on("keydown.ctrl.enter", keep).on("keydown.meta.enter", keep).on("keydown.escape", back)
        with ui.element("div").classes("acts"):
            with ui.element("button").classes("act small main").props('type="button"').on("click", keep):
                looks.text(save, "words")
                _kbd("Ctrl Enter")
            self._act("Back", "Escape", "Esc", "small", "close", answer_id=answer_id)

    def _act(
        self,
        title: str,
        what: str,
        key: str,
        classes: str = "",
        icon: str = "",
        *,
        label: str = "",
        answer_id: str | None = None,
    ) -> None:
        """A button; one without a title has a label for those who listen. Where it is about one answer from the start its id is given, else the browser says which it shows."""

        async def pressed(event: Any) -> None:
            await self._hands.press(what, answer_id if answer_id is not None else str(event.args or ""))

        with ui.element("button").classes(f"act {classes}").props('type="button"') as button:
            if icon:
                ui.icon(icon).props('aria-hidden="true"')
            if title:
                button.classes("worded")
                looks.text(title, "words")
            else:
                button.props["aria-label"] = button.props["title"] = button.props["data-short"] = label
            _kbd(key)
        button.on("click", pressed, js_handler=SHOWN_ID if answer_id is None else "() => emit()")


def _kbd(key: str) -> None:
    with ui.element("kbd").props('aria-hidden="true"'):
        ui.label(key).style("display:inline")

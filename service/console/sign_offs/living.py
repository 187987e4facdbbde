"""A part of a page that is read once the page is there, again after every action, and where asked for, whenever what it rests on
has changed.

Belongs here: the order of reading and drawing. Does not belong here: what is read or drawn.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from nicegui import ui

from service.console.frame import Visit

T = TypeVar("T")
WATCH_SECONDS = 1.0
RETRY_SECONDS = 5.0
_NOTHING = object()


class Living(Generic[T]):
    """Reads on a thread, then draws; a page is thereby shown at once, however long reading takes."""

    def __init__(
        self,
        visit: Visit,
        read: Callable[[], T],
        draw: Callable[[T], None],
        *,
        is_quiet: bool = False,
        mark: Callable[[], Hashable] | None = None,
        changed: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """
        Args:
            mark: what the part rests on, cheap enough to be asked every second. Where it is no longer what it was when the
                part was read, or the part could not be read, it is brought up to date: by ``changed``, else by ``refresh``.
        """
        self._visit, self._read, self._draw = visit, read, draw
        self._mark, self._changed = mark, changed or self.refresh
        self._drawn: object = _NOTHING
        self._said = ""
        self._count_reading = 0
        self._not_before = 0.0
        self._place = ui.element("div").classes("living")
        if not is_quiet:
            with self._place:
                ui.label("One moment …").classes("muted")
        ui.timer(0.02, self.refresh, once=True)
        if mark is not None:
            ui.timer(WATCH_SECONDS, self._watch, immediate=False)

    async def refresh(self) -> None:
        """Read and draw anew; what goes wrong stands in its place."""
        self._count_reading += 1
        try:
            with self._place:
                await self._visit.attempt(self._fill, self._instead)
        finally:
            self._count_reading -= 1

    async def _watch(self) -> None:
        """Not while it is read already: whoever does that draws what is true then, or is called again."""
        if self._mark is None or self._count_reading or time.monotonic() < self._not_before:
            return
        if await self._visit.work(self._mark) != self._drawn:
            await self._changed()

    def _instead(self, words: str) -> None:
        self._drawn, self._not_before = _NOTHING, time.monotonic() + RETRY_SECONDS
        if words == self._said:
            return  # as it stands there, and was read aloud already
        self._said = words
        self._place.clear()
        with self._place, ui.element("div").classes("card").props("role=alert"):
            ui.label(words).classes("text")
            again = "It is tried again by itself." if self._mark else "Load the page again once that is put right."
            ui.label(f"This part could not be read. {again}").classes("muted")

    async def _fill(self) -> None:
        mark, read = await self._visit.work(self._read_marked)
        self._place.clear()
        self._said = ""
        with self._place:
            self._draw(read)
        self._drawn = mark

    def _read_marked(self) -> tuple[Hashable, T]:
        """The mark comes first: what changes while it is read is read again."""
        return self._mark() if self._mark else None, self._read()

"""A part of a page that is read once the page is there, and again after every action.

Belongs here: the order of reading and drawing. Does not belong here: what is read or drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from nicegui import ui

from service.console.frame import Visit

T = TypeVar("T")


class Living(Generic[T]):
    """Reads on a thread, then draws; a page is thereby shown at once, however long reading takes."""

    def __init__(
        self, visit: Visit, read: Callable[[], T], draw: Callable[[T], None], *, is_quiet: bool = False
    ) -> None:
        self._visit, self._read, self._draw = visit, read, draw
        self._place = ui.element("div").classes("living")
        if not is_quiet:
            with self._place:
                ui.label("One moment …").classes("muted")
        ui.timer(0.02, self.refresh, once=True)

    async def refresh(self) -> None:
        """Read and draw anew; what goes wrong stands in its place."""
        with self._place:
            await self._visit.attempt(self._fill, self._instead)

    def _instead(self, words: str) -> None:
        self._place.clear()
        with self._place, ui.element("div").classes("card").props("role=alert"):
            ui.label(words).classes("text")
            ui.label("This part could not be read. Load the page again once that is put right.").classes("muted")

    async def _fill(self) -> None:
        read = await self._visit.work(self._read)
        self._place.clear()
        with self._place:
            self._draw(read)

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
        """Read and draw anew; what goes wrong is said to the person, in place as well."""
        with self._place:
            await self._visit.attempt(self._fill)

    async def _fill(self) -> None:
        try:
            # In a tuple: None comes back where the server is ending, and may be what was read.
            read = await self._visit.work(lambda: (self._read(),))
        except Exception:
            self._place.clear()
            with self._place:
                ui.label("This part could not be read. Correct what was said, then load the page again.").classes(
                    "muted"
                )
            raise
        self._place.clear()
        with self._place:
            self._draw(read)

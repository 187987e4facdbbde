"""A table whose rows become small cards on a narrow page, so that no column is out of sight.

Belongs here: drawing it. Does not belong here: what stands in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nicegui import ui

from service.console import looks

Cell = str | Callable[[], object]
"""Text, or what draws itself."""


def table(headings: Sequence[str], rows: Sequence[Sequence[Cell]], about: str) -> None:
    """A table of text; ``about`` names it for those who listen. Headings are ours, cells may be anybody's words."""
    with ui.element("table").classes("table stacking").props("role=table") as drawn:
        drawn.props["aria-label"] = about
        with ui.element("thead"), ui.element("tr"):
            for one in headings:
                with ui.element("th").props("scope=col"):
                    ui.label(one)
        with ui.element("tbody"):
            for row in rows:
                with ui.element("tr"):
                    for heading, cell in zip(headings, row, strict=True):
                        with ui.element("td") as place:
                            place.props["data-label"] = heading
                            looks.text(cell) if isinstance(cell, str) else cell()

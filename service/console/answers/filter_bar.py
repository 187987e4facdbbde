"""The filters over the queue.

Belongs here: drawing them, and saying which are chosen. Does not belong here: what they mean (``filters``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from nicegui import ui

from service.console.answers.filters import ACTION, AGE, ANY, CONFIDENCE, MODE, NO_CATEGORY, TAG, WHO, Filters
from service.console.answers.stock import Stock

LABELS = {
    "who": "Tagged by", "mode": "Replies", "category": "Category", "action": "What was done", "tag": "Tag",
    "confidence": "Confidence", "age": "Age",
}  # fmt: skip


class FilterBar:
    """One choice a filter; ``changed`` is called with all of them."""

    def __init__(self, stock: Stock, filters: Filters, changed: Callable[[Filters], Any]) -> None:
        self._changed = changed
        options: dict[str, dict[str, str]] = {
            "who": WHO, "mode": MODE, "category": _categories(stock, filters.category), "action": ACTION,
            "tag": TAG, "confidence": CONFIDENCE, "age": AGE,
        }  # fmt: skip
        self._box = ui.element("div").classes("filters").props('role="search" aria-label="Which answers"')
        with self._box:
            self._chosen = {
                name: ui.select(
                    options[name], label=LABELS[name], value=getattr(filters, name), on_change=self._change
                ).props('dense outlined options-dense popup-content-class="filter-options"')
                for name in asdict(filters)
            }

    def focus(self) -> None:
        """Put the cursor into the first filter, shown for it where it was folded."""
        self._box.classes(add="open")
        self._chosen["who"].run_method("focus")

    def toggle(self) -> None:
        """Show or hide the filters where the page is too narrow to have them always."""
        self._box.classes(toggle="open")

    async def _change(self) -> None:
        # The keys of the queue are for whoever is in no field: choosing a filter leads back to the answer.
        ui.run_javascript("document.activeElement?.blur()")
        await self._changed(Filters(**{name: one.value for name, one in self._chosen.items()}))


def _categories(stock: Stock, chosen: str) -> dict[str, str]:
    counts: dict[str, int] = {}
    for item in stock.items:
        counts[item.category_id or NO_CATEGORY] = counts.get(item.category_id or NO_CATEGORY, 0) + 1
    counts.setdefault(chosen, 0)
    named = {
        key: "No known category" if key == NO_CATEGORY else stock.category_name(key) for key in counts if key != ANY
    }
    lines = {
        key: f"{name} ({counts[key]:,})" for key, name in sorted(named.items(), key=lambda pair: pair[1].casefold())
    }
    return {ANY: "All categories", **lines}

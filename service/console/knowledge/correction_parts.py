"""What a review of an answer offers for an entry, side by side: what was asked, what was said, and what would be right.

Belongs here: drawing it. Does not belong here: whether it may be learnt from (``orchestration.people.knowledge_correction``).
"""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from orchestration.people.knowledge_correction import Correction
from service.console import looks
from service.console.knowledge import parts
from service.console.knowledge.words import bounded

TAGS = {"correct": "correct", "needs_improvement": "in need of improvement", "incorrect": "wrong"}
Use = Callable[[str], object]


def offered(correction: Correction, *, use_answer: Use | None = None, use_phrasing: Use | None = None) -> None:
    """The correction as a card; the buttons put its words into a form."""
    with looks.card("The correction"):
        ui.label("The customer asked").classes("muted small")
        looks.text(bounded(correction.asked), "quote")
        if correction.reply:
            with parts.folded("What the agent said"):
                looks.text(bounded(correction.reply), "quote")
        who = correction.reviewer or "Nobody"
        if correction.answer:
            said = f", who called the agent's answer {TAGS.get(correction.tag or '', '')}" if correction.tag else ""
            ui.label(f"What would be right, says {who}{said}").classes("muted small")
            looks.text(bounded(correction.answer), "quote ours")
        else:
            looks.text("No reviewer has written what would have been right.", "muted")
        if correction.comment:
            looks.text(f"{who}: {bounded(correction.comment)}", "text small")
        if correction.personal_data:
            kinds = ", ".join(one.lower().replace("_", " ") for one in correction.personal_data)
            looks.text(
                f"The reviewer's words seem to hold personal data ({kinds}). Everybody reads an entry: take it out.",
                "text diff-gone",
            )
        with ui.element("div").classes("row"):
            if use_answer is not None and correction.answer:
                ui.button("Take this as the answer", on_click=lambda: use_answer(correction.answer)).props("outline")
            if use_phrasing is not None and correction.phrasings:
                ui.button(
                    "Add the customer's wording", on_click=lambda: use_phrasing(correction.phrasings[0])
                ).props("outline")  # fmt: skip

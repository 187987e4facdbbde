"""What a reviewer sees where nothing is left in the queue.

Belongs here: saying what was done and what comes of it. Does not belong here: the queue.
"""

from __future__ import annotations

from collections.abc import Sequence

from nicegui import ui

from service.console import looks
from service.console.answers.sitting import Sitting
from service.console.answers.words import shown

PAIRS = 3


def draw_end(sitting: Sitting, agreement: Sequence[str]) -> None:
    """Thanks, what is left, how far reviewers agree, and where to look next.

    Args:
        agreement: ``Stock.agreement``.
    """
    left, others = len(sitting.left()), sitting.others_have()
    made = sitting.progress()
    with looks.card():
        looks.heading(_title(sitting, left, others))
        if left:
            looks.text(f"You passed over {left:,}; j brings you back to the first of them.")
        if others:
            looks.text(f"{others:,} more {'is' if others == 1 else 'are'} open before somebody else.")
        if made.mine_today:
            looks.text(f"You tagged {made.mine_today:,} today. They count from the next run of the pilot on.")
        if made.total and made.tagged == made.total:
            looks.text("Every answer of this kind is tagged.")
        for sentence in agreement[:PAIRS]:
            looks.text(shown(sentence, 600), "text muted")
        with ui.element("div").classes("row"):
            ui.link("How the pilot stands", "/pilot")
            ui.link("Give a second opinion", "/answers?who=second")
            ui.link("All answers", "/answers?who=all")


def _title(sitting: Sitting, left: int, others: int) -> str:
    if not sitting.queue:
        return "No answer waits for you here." if sitting.scope else "No answer fits these filters."
    if left:
        return "That was the last one."
    return "Nothing else is free right now." if others else "Done: that was the last one. Thank you."

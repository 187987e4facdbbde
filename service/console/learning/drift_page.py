"""``/learning/drift``: what has drifted, and which entries cause trouble.

Belongs here: the page. Does not belong here: finding either (the stage), mending it (``knowledge``, ``fixes``).
"""

from __future__ import annotations

from collections.abc import Sequence

from nicegui import ui

from assets.sustain_learning.frames import NEW_PHRASINGS
from orchestration.lake import Lake
from service.console import looks
from service.console.frame import Visit, page
from service.console.knowledge.words import bounded, some
from service.console.learning import words
from service.console.learning.looks import Noted, dress, examples, named, table
from service.console.learning.reading import Drifted, DriftView, Troubled, read_drift
from service.console.sign_offs import parts
from service.console.sign_offs.living import Living

DRIFT_SHOWN, TROUBLE_SHOWN = 12, 15
HEAD = (
    ("Place", False), ("Entry", False), ("Answers with trouble", True), ("A month", True), ("What was said", False),
    ("Owner", False),
)  # fmt: skip


@page("/learning/drift", "Learning")
async def drift_page(visit: Visit) -> None:
    """Drift and trouble."""
    dress("/learning/drift")
    lake = Lake(visit.service.home)

    def mark() -> tuple[object, ...]:
        return lake.modified_at("knowledge_drift"), lake.modified_at("entry_trouble")

    Living(visit, lambda: read_drift(visit.service.desk), _draw, mark=mark)


def _draw(found: DriftView) -> None:
    with looks.card("What has drifted"):
        if found.drifted is None:
            looks.text("Nobody has looked for drift yet. Run: understudy run sustain_learning", "muted")
        elif not found.drifted:
            looks.text(f"Nothing has drifted: {_steady(found.count_steady)}.")
        else:
            looks.text(
                f"The last four weeks against the twelve before them; chance is held over all that was looked at. "
                f"{words.capitalised(_steady(found.count_steady))}.",
                "muted small",
            )
            parts.folded(found.drifted, lambda some_: _drifted(some_, found), "that drifted", first=DRIFT_SHOWN)
    with looks.card("Entries by the trouble they cause"):
        if found.troubled is None:
            looks.text("Nothing was counted yet. Run: understudy run sustain_learning", "muted")
        elif not found.troubled:
            looks.text("No entry has caused trouble in the last three months.")
        else:
            looks.text(
                "Of answers that rested on an entry first, in the last three months, those that cost somebody something: a "
                "correction, a bad rating, a handover, a customer who came back. Most a month first.",
                "muted small",
            )
            parts.folded(found.troubled, lambda some_: _troubled(some_, found), "entries", first=TROUBLE_SHOWN)
            if found.count_calm:
                looks.text(
                    f"{some(found.count_calm, 'more entry was', 'more entries were')} used without trouble.",
                    "muted small",
                )


def _steady(count: int) -> str:
    return (
        f"{some(count, 'other thing was', 'other things were')} looked at and {'is' if count == 1 else 'are'} as before"
    )


def _drifted(some_: Sequence[Drifted], found: DriftView) -> None:
    with ui.element("ul").classes("learn-list"):
        for one in some_:
            with ui.element("li").classes("learn-line"):
                with ui.element("div").classes("row"):
                    looks.chip(words.DRIFTS.get(one.kind, words.code(one.kind)), "note")
                    if one.category_id:
                        looks.chip(named(found.names, one.category_id))
                looks.text(bounded(one.sentence))
                with ui.element("div").classes("row"):
                    if one.entry_id:
                        ui.link(f"The entry: {bounded(one.about)[:200]}", words.entry_path(one.entry_id))
                    elif one.category_id:
                        ui.link(f"Entries about {bounded(one.about)[:100]}", words.category_path(one.category_id))
                    if one.kind == NEW_PHRASINGS:
                        ui.link("Write an entry", words.new_entry_path(one.category_id))
                    owner = f"owned by {bounded(one.owner)[:80]} · " if one.owner else ""
                    looks.text(words.capitalised(f"{owner}found on {words.day(one.found_at)}"), "muted small")
                examples(one.examples, one.aside)


def _troubled(some_: Sequence[Troubled], found: DriftView) -> None:
    rows = [
        (
            f"{one.rank}", Noted(bounded(one.question)[:200], one.entry_id[:80], words.entry_path(one.entry_id)),
            f"{one.count_trouble:,} of {one.count_answers:,}: {words.rate(one.rate, one.low, one.high)}",
            "–" if one.per_month is None else f"{one.per_month:.1f}", _said(one), bounded(one.owner)[:80] or "nobody",
        )
        for one in some_
    ]  # fmt: skip
    table("Entries by the trouble they cause", HEAD, rows)


def _said(one: Troubled) -> str:
    told = words.by_kind(one.by_kind)
    return f"{told}; {one.count_before:,} before it was changed" if one.count_before else told

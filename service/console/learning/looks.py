"""How the pages of learning look, the way between them, and the few pieces that several of them draw.

Belongs here: their style and small parts. Does not belong here: reading, any page's content.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nicegui import ui

from service.console import looks
from service.console.knowledge import parts as knowledge_parts
from service.console.knowledge.words import bounded, some
from service.console.learning.examples import Example
from service.console.sign_offs import parts

STYLE = """
.learn-list { list-style:none; margin:0; padding:0; display:flex; flex-direction:column; } .learn-line { display:flex; flex-direction:column; gap:6px; padding:14px 0; border-top:1px solid var(--line); min-width:0; } .learn-line:first-child { border-top:0; padding-top:2px; } .learn-line:last-child { padding-bottom:2px; }
.learn-line .text, .learn-line a { overflow-wrap:anywhere; } .learn-line .quote { max-height:260px; overflow-y:auto; unicode-bidi:isolate; }
.learn-filters { display:grid; grid-template-columns:repeat(3,minmax(0,1fr)); gap:10px; } .learn-filters .q-field__control { background:var(--paper); }
.learn-says { display:grid; grid-template-columns:repeat(3,minmax(0,1fr)); gap:16px; } .learn-says .card { border-top:4px solid var(--line); } .learn-says .better { border-top-color:var(--good); } .learn-says .worse { border-top-color:var(--bad); } .learn-says .unclear { border-top-color:#b98a2a; }
.learn-cards { display:grid; grid-template-columns:repeat(4,minmax(0,1fr)); gap:12px; } .learn-card { border:1px solid var(--line); border-radius:8px; padding:10px 12px; min-width:0; display:flex; flex-direction:column; gap:2px; background:var(--paper); font-size:13px; }
.learn-card .name { font-weight:600; } .learn-card .figure { font-size:24px; font-weight:650; line-height:1.25; letter-spacing:-.01em; font-variant-numeric:tabular-nums; display:flex; gap:8px; align-items:baseline; } .learn-card .mark { font-size:16px; }
.mark.better, .mark.perhaps_better { color:var(--good); } .mark.worse, .mark.perhaps_worse { color:var(--bad); } .mark.alike, .mark.unknown { color:var(--muted); }
.learn-plots { display:grid; grid-template-columns:repeat(2,minmax(0,1fr)); gap:24px 28px; align-items:start; } .learn-plots > div { display:flex; flex-direction:column; gap:6px; min-width:0; } .learn-plots img { width:100%; height:auto; display:block; aspect-ratio:auto var(--wide); background:#fff; } .learn-plots > .broad { grid-column:1/-1; }
.learn-steps { list-style:none; margin:0; padding:0; display:flex; flex-direction:column; gap:8px; } .learn-steps li { display:grid; grid-template-columns:76px minmax(0,1fr); gap:2px 10px; align-items:baseline; } .learn-steps .chip { text-align:center; }
.learn-items { display:flex; flex-direction:column; gap:4px; } .learn-owner { display:flex; flex-wrap:wrap; gap:4px 14px; align-items:baseline; padding:8px 0; border-top:1px solid var(--line); } .learn-owner:first-child { border-top:0; }
.learn-ask { max-height:52vh; overflow-y:auto; display:flex; flex-direction:column; gap:10px; } .ask .learn-ask .quote { font-size:14px; }
.table.stacking th { white-space:nowrap; } .learn-number { text-align:right; font-variant-numeric:tabular-nums; white-space:nowrap; } .table th.learn-number { text-align:right; }
@media (max-width:1000px) { .learn-cards { grid-template-columns:repeat(2,minmax(0,1fr)); } .learn-says { grid-template-columns:minmax(0,1fr); gap:12px; } }
@media (max-width:760px) { .learn-filters, .learn-plots { grid-template-columns:minmax(0,1fr); } .learn-plots img { aspect-ratio:auto var(--narrow); } .learn-card .figure { font-size:20px; } .learn-steps li { grid-template-columns:minmax(0,1fr); } .learn-steps .chip { justify-self:start; }
  .table.stacking thead { position:absolute; width:1px; height:1px; overflow:hidden; clip-path:inset(50%); } .table.stacking tr { display:block; padding:10px 0; border-bottom:1px solid var(--line); } .table.stacking td, .table.stacking th[scope=row] { display:grid; grid-template-columns:96px minmax(0,1fr); gap:8px; border:0; padding:2px 0; width:auto!important; text-align:left; white-space:normal; } .table.stacking td::before, .table.stacking th[scope=row]::before { content:attr(data-label); color:var(--muted); font-size:13px; font-weight:400; } }
"""
TABS = (
    ("/learning", "The month"),
    ("/learning/signals", "Signals"),
    ("/learning/drift", "Drift and trouble"),
    ("/learning/audit", "Audit"),
    ("/learning/scope", "Scope"),
)


def dress(here: str) -> None:
    """The style of these pages, and the way between them."""
    parts.dress()
    ui.add_css(knowledge_parts.STYLE)
    ui.add_css(STYLE)
    with ui.element("nav").classes("tabs").props('aria-label="Learning"'):
        for path, title in TABS:
            link = ui.link(title, path)
            if path == here:
                link.classes("here").props('aria-current="page"')


def examples(found: Sequence[Example], aside: int) -> None:
    """Example tickets behind a word that opens them; those that are not shown are counted."""
    if found:
        with knowledge_parts.folded(some(len(found), "example ticket", "example tickets")):
            for one in found:
                looks.text(bounded(one.text), "quote")
    if aside:
        looks.text(
            f"{some(aside, 'example is', 'examples are')} not shown: the ticket measures the agent, or its text is gone.",
            "muted small",
        )


@dataclass(frozen=True)
class Noted:
    """A cell of a table with a note below it, and the console's path it leads to, "" for none."""

    words: str
    note: str
    path: str = ""


Cell = str | Noted


def table(about: str, head: Sequence[tuple[str, bool]], rows: Sequence[Sequence[Cell]]) -> None:
    """A table that becomes a list on a phone. head: title and whether it is a figure. ``about`` names it for those who
    listen."""
    with ui.element("div").classes("scroll").props("tabindex=0 role=region") as around:
        around.props["aria-label"] = about
        with ui.element("table").classes("table stacking"):
            with ui.element("thead"), ui.element("tr"):
                for name, is_number in head:
                    with ui.element("th").props("scope=col").classes("learn-number" if is_number else ""):
                        ui.label(name)
            with ui.element("tbody"):
                for row in rows:
                    with ui.element("tr"):
                        for (name, is_number), cell in zip(head, row, strict=True):
                            with ui.element("td").classes("learn-number" if is_number else "") as place:
                                place.props["data-label"] = name
                                _draw(cell)


def _draw(cell: Cell) -> None:
    if isinstance(cell, str):
        ui.label(cell)
        return
    with ui.element("div"):
        ui.link(cell.words, cell.path) if cell.path else ui.label(cell.words)
        if cell.note:
            ui.label(cell.note).classes("muted small")


def named(names: Mapping[str, str], category_id: str | None) -> str:
    """The name of a category, as far as it is shown."""
    return bounded(names.get(category_id or "", (category_id or "").replace("_", " ")))[:80]

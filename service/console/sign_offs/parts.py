"""What the pages about signing have in common: tables, facts, folded lists, changes and signatures, drawn.

Belongs here: drawing what is given. Does not belong here: reading anything, any page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from nicegui import ui

from ledger.sign_offs import Signature
from service.console import looks
from service.console.sign_offs.changes import Change, Group
from service.console.sign_offs.standing import NOBODY, Standing, day

T = TypeVar("T")
COLUMN_PIXELS = 130
"""A column is no narrower: a table with many scrolls inside its box on a phone."""
Cell = str | Callable[[], object]
"""Text, or what draws itself."""
SHOWN_FIRST, SHOWN_AT_MOST, SHOWN_CHARS = 8, 400, 4_000
MARKS = {"added": "+ added", "removed": "− removed", "changed": "~ changed"}
SORT_CHIPS = {"added": "good", "removed": "bad", "changed": "note"}
STYLE = """
.facts { display:grid; grid-template-columns:minmax(120px,210px) minmax(0,1fr); gap:6px 16px; margin:0; } .facts dt { color:var(--muted); } .facts dd { margin:0; overflow-wrap:anywhere; white-space:pre-line; } .living { display:flex; flex-direction:column; gap:16px; min-width:0; } .living:empty { display:none; } .two.even { align-items:stretch; }
.changes { display:flex; flex-direction:column; gap:6px; margin:0; padding:0; list-style:none; } .change { display:grid; grid-template-columns:92px minmax(0,1fr); gap:10px; align-items:baseline; } .change .chip { text-align:center; }
details > summary::before { content:"▸ "; } details[open] > summary::before { content:"▾ "; } details > summary { list-style:none; cursor:pointer; color:var(--accent); font-weight:550; padding:4px 0; } details[open] > summary { margin-bottom:8px; } summary .q-label, summary > div { display:inline; }
.plain { margin:0; padding-left:20px; list-style:disc; display:flex; flex-direction:column; gap:4px; } .plain li > div { overflow-wrap:anywhere; }
.spread { display:flex; flex-wrap:wrap; gap:8px 12px; align-items:center; justify-content:space-between; } .part h3, .minor { font-size:15px; font-weight:600; margin:0; }
.problem { background:var(--bad-ground); border:1px solid #ecb3c4; border-radius:8px; padding:10px 12px; color:var(--bad); display:flex; flex-direction:column; gap:6px; } .notice { background:var(--open-ground); border:1px solid #eacb8c; border-radius:8px; padding:10px 12px; }
.table.figures td { overflow-wrap:break-word; } .table.figures td:nth-child(n+2), .table.figures td:last-child { min-width:170px; } .table .figure { font-variant-numeric:tabular-nums; } .table th { white-space:nowrap; }
.stack { display:flex; flex-direction:column; gap:10px; min-width:0; } .log { display:flex; flex-direction:column-reverse; max-height:340px; overflow:auto; background:#1c2733; color:#e8edf2; border-radius:8px; padding:12px; }
.ask { width:min(560px,92vw); max-width:none!important; display:flex; flex-direction:column; gap:12px; padding:20px; }
@media (max-width:520px) { .facts { grid-template-columns:minmax(0,1fr); gap:2px; } .facts dd { margin-bottom:8px; } .change { grid-template-columns:minmax(0,1fr); gap:2px; justify-items:start; } }
"""


def dress() -> None:
    """Give this page the style of these parts."""
    ui.add_css(STYLE)


def shown(words: str | None) -> str:
    """A text as far as it is shown."""
    text = words or ""
    return text if len(text) <= SHOWN_CHARS else f"{text[:SHOWN_CHARS]} … (cut here)"


def facts(rows: Iterable[tuple[str, str]]) -> None:
    """Pairs of heading and words."""
    with ui.element("dl").classes("facts"):
        for name, words in rows:
            with ui.element("dt"):
                ui.label(name)
            with ui.element("dd"):
                ui.label(shown(words))


def table(headings: Sequence[str], rows: Sequence[Sequence[Cell]], label: str) -> None:
    """A table that scrolls inside its box; a cell is text, or draws itself."""
    with ui.element("div").classes("scroll").props("tabindex=0 role=region") as box:
        box.props["aria-label"] = label
        with ui.element("table").classes("table figures").style(f"min-width:{len(headings) * COLUMN_PIXELS}px"):
            with ui.element("thead"), ui.element("tr"):
                for one in headings:
                    with ui.element("th").props("scope=col"):
                        ui.label(one)
            with ui.element("tbody"):
                for row in rows:
                    with ui.element("tr"):
                        for cell in row:
                            with ui.element("td"):
                                ui.label(shown(cell)) if isinstance(cell, str) else cell()


def folded(items: Sequence[T], draw: Callable[[Sequence[T]], object], what: str, first: int = SHOWN_FIRST) -> None:
    """Draw the first few items, and the others where a person opens them."""
    draw(items[:first])
    rest = items[first:SHOWN_AT_MOST]
    if rest:
        with details(f"{len(items) - first:,} more {what}"):
            draw(rest)
            if len(items) > SHOWN_AT_MOST:
                ui.label(f"and {len(items) - SHOWN_AT_MOST:,} more that are not shown here").classes("muted")


def details(title: str) -> ui.element:
    """A part that a person opens; to be used with ``with``."""
    outer = ui.element("details")
    with outer, ui.element("summary"):
        ui.label(title)
    return outer


def bullets(sentences: Iterable[str]) -> None:
    """Sentences as a list."""
    with ui.element("ul").classes("plain"):
        for one in sentences:
            with ui.element("li"):
                ui.label(shown(one))


def minor(words: str) -> None:
    """A small heading inside a card."""
    ui.label(words).props('role="heading" aria-level="3"').classes("minor")


def problems(title: str, sentences: Sequence[str]) -> None:
    """What keeps something from happening, as a list."""
    with ui.element("div").classes("problem").props("role=alert"):
        ui.label(title).classes("strong")
        bullets(sentences)


def notice(words: str) -> None:
    """One thing to notice."""
    ui.label(words).classes("notice").props("role=status")


def standing_line(one: Standing) -> None:
    """The short word and the sentence beside it."""
    with ui.element("div").classes("row"):
        looks.chip(one.word, one.kind)
        ui.label(shown(one.sentence)).classes("grow").style("min-width:200px")


def changes(groups: Sequence[Group]) -> None:
    """Changes by group, each with its sort as a word; long lists are folded."""
    for group in groups:
        minor(f"{group.title} ({len(group.changes):,})")
        folded(group.changes, _change_list, "changes")


def _change_list(some: Sequence[Change]) -> None:
    with ui.element("ul").classes("changes"):
        for one in some:
            with ui.element("li").classes("change"):
                looks.chip(MARKS[one.sort], SORT_CHIPS[one.sort])
                ui.label(shown(one.words)).style("overflow-wrap:anywhere")


def signatures(given: Sequence[Signature]) -> None:
    """Who signed this content, in which role, when, and what they noted."""
    if not given:
        looks.text("Nobody has signed this version yet.", "muted")
        return
    rows = [[one.by or NOBODY, one.role, day(one.occurred_at), one.note or ""] for one in given]
    table(["Who", "As", "When", "Note"], rows, "Signatures on this version")

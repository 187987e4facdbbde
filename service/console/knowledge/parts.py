"""Pieces that several pages of knowledge draw: their tabs, texts with marks, sources, and who acts.

Belongs here: small drawn parts. Does not belong here: a page's content, what is compared (``differences``).

Texts of customers and entries go into labels alone, which show text and nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from orchestration.people.knowledge_desk import Reviewer, knowledge_roles
from service.console import looks
from service.console.knowledge.differences import FieldChange, Run
from service.console.knowledge.words import bounded
from service.identity.account import NotAllowed, Role

if TYPE_CHECKING:
    from desk.loading import Desk
    from service.console.frame import Visit

STYLE = """
.tabs { display:flex; flex-wrap:wrap; gap:4px; border-bottom:1px solid var(--line); } .tabs a { padding:7px 12px; color:var(--muted); text-decoration:none; border-bottom:3px solid transparent; margin-bottom:-1px; }
.tabs a:hover { color:var(--ink); } .tabs a.here { color:var(--accent); font-weight:600; border-bottom-color:var(--accent); }
.runs { white-space:pre-wrap; overflow-wrap:anywhere; } .runs span, .runs ins, .runs del { white-space:pre-wrap; } .runs ins { background:var(--good-ground); color:var(--good); text-decoration:none; border-bottom:2px solid var(--good); } .runs del { background:var(--bad-ground); color:var(--bad); }
.runs .block { display:block; } .runs ins.mark { background:var(--open-ground); color:var(--open); border-bottom-color:var(--open); }
.lines { display:flex; flex-direction:column; gap:4px; } .lines .text { padding-left:12px; text-indent:-12px; } .lines .text::before { content:"– "; color:var(--muted); }
.pair { display:grid; grid-template-columns:130px minmax(0,1fr); gap:2px 12px; } .pair > :nth-child(odd) { color:var(--muted); } .item { display:block; color:var(--ink)!important; text-decoration:none!important; border-radius:8px; padding:8px 10px; margin:0 -10px; } .item:hover { background:var(--ground); } .item.here { background:var(--accent-ground); }
.field { width:100%; } .form-two { display:grid; grid-template-columns:minmax(0,1fr) minmax(0,1fr); gap:12px 16px; } .condition { display:grid; grid-template-columns:minmax(0,1fr) 120px minmax(0,2fr) 40px; gap:8px; align-items:start; } .more summary { cursor:pointer; color:var(--accent); padding:3px 0; } .more summary::before { content:"▸ "; } .more[open] > summary::before { content:"▾ "; } .lacking { min-width:480px; } .lacking th { white-space:nowrap; overflow-wrap:normal; } .left .q-btn__content { justify-content:flex-start; text-align:left; } .alert:empty { display:none; } .keys { display:flex; gap:6px; align-items:center; }
.q-field--error .q-field__bottom { color:var(--bad); } .plain-list { display:flex; flex-direction:column; gap:10px; } .row.apart { justify-content:space-between; } .row.top { align-items:flex-start; } .entry-line { padding:10px 0; border-bottom:1px solid var(--line); } .entry-line:last-child { border-bottom:0; }
@media (max-width:760px) { .pair { grid-template-columns:minmax(0,1fr); } .pair > :nth-child(odd) { margin-top:6px; font-size:13px; } .form-two { grid-template-columns:minmax(0,1fr); } .condition { grid-template-columns:minmax(0,1fr) 108px; } .condition > :nth-child(3) { grid-column:1; } .tabs a { padding:7px 8px; } .keys { display:none; } }
"""
LONG_CHARS = 60
TABS = (
    ("/knowledge", "Overview"),
    ("/knowledge/drafts", "Drafts"),
    ("/knowledge/entries", "Entries"),
    ("/knowledge/findings", "Findings"),
    ("/knowledge/new", "New entry"),
)


@dataclass(frozen=True)
class ShownSource:
    """What an entry was drawn from, as it can be shown: a name, and what it says where that is still there."""

    title: str
    text: str | None


def dress(here: str, counts: dict[str, int] | None = None) -> None:
    """The style of these pages, and the way between them."""
    ui.add_css(STYLE)
    with ui.element("nav").classes("tabs").props('aria-label="Knowledge"'):
        for path, title in TABS:
            count = (counts or {}).get(path)
            link = ui.link(f"{title} ({count:,})" if count else title, path)
            if path == here:
                link.classes("here").props('aria-current="page"')


def may_decide(visit: Visit, desk: Desk) -> str | None:
    """Why this person may not decide about knowledge; None where they may."""
    try:
        visit.account(Role.KNOWLEDGE_OWNER).signing_role(knowledge_roles(desk))
    except NotAllowed as refusal:
        return str(refusal)
    return None


def reviewer(visit: Visit, desk: Desk, note: str = "") -> Reviewer:
    """The person as the ledger will know them.

    Raises:
        NotAllowed: they may not decide about knowledge. SessionEnded: they are not signed in any more.
    """
    account = visit.account(Role.KNOWLEDGE_OWNER)
    return Reviewer(account.name, account.signing_role(knowledge_roles(desk)), visit.service.clock(), note.strip())


def runs(pieces: Iterable[Run], *, marks: bool = False) -> None:
    """A text with what went and what came; ``marks``: what is marked is pointed out, rather than new."""
    tags = {"same": "span", "gone": "del", "new": "ins"}
    found = list(pieces)
    long = [piece.kind != "same" and len(piece.text) > LONG_CHARS for piece in found]
    with ui.element("div").classes("runs"):
        for place, piece in enumerate(found):
            element = TextElement(tag=tags[piece.kind], text=piece.text)
            # What took the place of a long stretch begins on a line of its own.
            if long[place] and ((place and long[place - 1]) or (place + 1 < len(found) and long[place + 1])):
                element.classes("block")
            if marks and piece.kind == "new":
                element.classes("mark")


def changes(found: Sequence[FieldChange]) -> None:
    """What changed, field by field."""
    for one in found:
        ui.label(one.title).classes("muted small strong")
        runs(one.runs)


def pairs(lines: Iterable[tuple[str, str]]) -> None:
    """Names and values, beside each other where there is room."""
    with ui.element("div").classes("pair"):
        for name, value in lines:
            ui.label(name)
            looks.text(value)


def text_lines(lines: Sequence[str], *, shown: int = 8) -> None:
    """Short texts, one a line; the rest behind a word."""
    with ui.element("div").classes("lines"):
        for line in lines[:shown]:
            looks.text(bounded(line))
    if len(lines) > shown:
        with folded(f"{len(lines) - shown:,} more"), ui.element("div").classes("lines"):
            for line in lines[shown:]:
                looks.text(bounded(line))


def folded(title: str) -> ui.element:
    """A part that opens when its title is pressed; works by keyboard, as the browser has it."""
    with ui.element("details").classes("more") as details:
        TextElement(tag="summary", text=title)
    return details


def sources(found: Sequence[ShownSource]) -> None:
    """What an entry was drawn from."""
    if not found:
        looks.text("Nothing: somebody wrote it by hand.", "muted")
    for one in found[:12]:
        if one.text is None:
            looks.text(f"{one.title} (not there any more)", "text muted")
            continue
        with folded(one.title):
            looks.text(bounded(one.text), "quote")
    if len(found) > 12:
        looks.text(f"and {len(found) - 12:,} more", "muted small")


def icon_button(icon: str, words: str, on_click: Callable[[], object]) -> ui.button:
    """A button that shows an icon and says what it does."""
    button = ui.button(icon=icon, on_click=on_click).props("flat round dense")
    button.props["aria-label"] = words
    with button:
        ui.tooltip(words)
    return button


def date_field(label: str, value: dt.date | None) -> ui.input:
    """An input for a day, as the browser has it."""
    return ui.input(label, value=value.isoformat() if value else "").props('type="date" outlined dense stack-label').classes("field")  # fmt: skip


def day_of(value: str | None, what: str) -> dt.date | None:
    """The day in a date field; None where it is empty.

    Raises:
        KnowledgeProblem: it is no day.
    """
    from orchestration.people.knowledge_desk import KnowledgeProblem

    if not (value or "").strip():
        return None
    try:
        return dt.date.fromisoformat(str(value).strip())
    except ValueError:
        raise KnowledgeProblem(f"{what}: {value!r} is no day. Write year, month and day, such as 2026-05-31.") from None


def accepted_words(who: Reviewer, said: Sequence[str]) -> list[str]:
    """What the step of accepting tells, in the words of a page: what keeps it from use stays word for word."""
    return [f"Accepted by {who.by} as {who.role}. It goes out with the next release.", *said[2:]]

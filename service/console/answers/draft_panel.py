"""The right side: the reply as the customer would read it, what it rests on, why, and what others said of it.

Belongs here: drawing one item's answer. Does not belong here: the ticket (``ticket_panel``), anything that acts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from nicegui import ui

from service.console import looks
from service.console.answers.item import Item, Said
from service.console.answers.reply_text import draw_reply
from service.console.answers.words import (
    DONE,
    DONE_KINDS,
    TAG_KINDS,
    TAGS,
    conditions,
    fate,
    moment,
    review_words,
    shown,
    sureness,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLES = {"answer": "The reply", "ask": "The question asked back", "draft": "The draft", "escalate": "The suggestion"}


def draw_draft(
    item: Item, entries: Mapping[str, Mapping[str, Any]], said: Sequence[Said], me: str, *, is_blind: bool
) -> None:
    """The reply and all that belongs to it.

    Args:
        entries: rows of ``live_entries`` by id. said: what stands of the item.
        is_blind: others' words are folded, so that a second look is one's own.
    """
    with looks.card(TITLES.get(item.action, "The reply") if item.reply else "No reply"):
        with ui.element("div").classes("row"):
            looks.chip(_done(item), DONE_KINDS.get(item.action, ""))
            if item.is_urgent:
                looks.chip("Urgent", "bad")
            looks.text(fate(item, () if is_blind else said), "small muted")
        if item.handoff_reason:
            looks.text(f"Because: {shown(item.handoff_reason, 600)}", "text small")
        if item.reply:
            draw_reply(item.reply, "quote ours reply")
        if words := sureness(item):
            looks.text(words, "small muted")
        _draw_entries(item, entries)
        if item.reasons:
            with _fold(f"Why ({len(item.reasons)} steps)", "why"), ui.element("ol"):
                for step, sentence in item.reasons:
                    with ui.element("li"):
                        looks.text(shown(sentence or step, 600), "")
        _draw_said(said, me, item, is_blind=is_blind)


def _done(item: Item) -> str:
    words = DONE.get(item.action, shown(item.action, 40))
    to_queue = item.action in ("draft", "escalate") and item.handoff_queue
    return f"{words} · {shown(item.handoff_queue, 60)}" if to_queue else words


def _draw_entries(item: Item, entries: Mapping[str, Mapping[str, Any]]) -> None:
    if not item.entries:
        return
    rests = item.entries[:1] if item.action in ("answer", "draft", "ask") else ()
    if rests:
        looks.text("Rests on", "small muted strong")
        _draw_entry(*rests[0], entries)
    if more := item.entries[len(rests) :]:
        with _fold(f"{'Also considered' if rests else 'Entries considered'} ({len(more)})"):
            for entry_id, content_hash in more:
                _draw_entry(entry_id, content_hash, entries)


def _draw_entry(entry_id: str, content_hash: str, entries: Mapping[str, Mapping[str, Any]]) -> None:
    entry = entries.get(entry_id)
    with ui.element("div").classes("entry"):
        # In a tab of its own: who looks up an entry comes back to the same answer.
        with ui.link(target=f"/knowledge/entry/{quote(entry_id, safe='')}", new_tab=True):
            looks.text(shown(entry["question"] if entry is not None else entry_id, 300), "")
        if entry is None:
            looks.text("Not in use any more", "small muted")
            return
        changed = "" if entry["content_hash"] == content_hash else " · changed since this answer"
        looks.text(f"Holds {shown(conditions(entry['conditions']), 300)}{changed}", "small muted")


def _draw_said(said: Sequence[Said], me: str, item: Item, *, is_blind: bool) -> None:
    others = [one for one in said if not one.is_by(me)]
    if not others:
        return
    title = f"What others said ({len(others)})"
    with _fold(f"{title}, for after yours" if is_blind else title, "others", is_open=not is_blind):
        for one in others:
            with ui.element("div").classes("entry"):
                with ui.element("div").classes("row"):
                    if one.tag in TAGS:
                        looks.chip(TAGS[one.tag], TAG_KINDS[one.tag])
                    looks.text(f"{shown(one.reviewer, 120)}, {moment(one.reviewed_at)}", "small muted")
                if more := review_words(one, item, with_tag=False):
                    looks.text(more.capitalize(), "small")
                draw_words(one)


def draw_words(said: Any) -> None:
    """Comment, right answer and edit of a review, as far as they are there."""
    for title, words in (
        ("Comment", said.comment), ("Would have been right", said.right_answer), ("Sent instead", said.edited_reply),
    ):  # fmt: skip
        if words:
            looks.text(f"{title}: {shown(words, 2_000)}", "text small")


@contextmanager
def _fold(title: str, classes: str = "", *, is_open: bool = False) -> Iterator[None]:
    """What opens on demand, by mouse, touch or keyboard alike."""
    with ui.element("details").classes(classes) as fold:
        if is_open:
            fold.props["open"] = True
        with ui.element("summary"):
            ui.label(title).style("display:inline")
        with ui.element("div").classes("fold"):
            yield

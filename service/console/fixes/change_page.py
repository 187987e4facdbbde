"""``/fixes/changes/{change_id}``: one change: what it changed, how far it got, what it did.

Belongs here: the page and reading for it. Does not belong here: the forest (``effects_chart``), measuring.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nicegui import ui

from assets.retrain_agent.effects.effect import Effect
from orchestration.lake import Lake
from orchestration.people.knowledge_desk import read_entries
from service.console import looks
from service.console.answers.words import one_line
from service.console.fixes import words
from service.console.fixes.effects_chart import draw_forest
from service.console.fixes.looking import MEASURING, draw_looking
from service.console.fixes.looks import STYLE
from service.console.fixes.reading import Change, number_of, read_queue, text_of, truth_of
from service.console.fixes.stacking_table import table
from service.console.frame import Visit, page
from service.console.knowledge.words import bounded, some
from service.console.sign_offs import parts
from service.console.sign_offs.living import Living

if TYPE_CHECKING:
    from service.service import Service

SHOWN_TICKETS, TICKETS_FIRST = 200, 10


@dataclass(frozen=True)
class Replayed:
    """A ticket under both releases. is_right: None where it cannot be judged."""

    asked: str
    before: str
    after: str
    is_right_before: bool | None
    is_right_after: bool | None


@dataclass(frozen=True)
class ChangeView:
    """A change with its effects, and the replayed tickets that came out otherwise. entries: questions by id."""

    change: Change
    effects: tuple[Effect, ...]
    changed: tuple[Replayed, ...]
    count_replayed: int
    entries: Mapping[str, str]
    names: Mapping[str, str]


def read_change(service: Service, change_id: str) -> ChangeView | None:
    """The change of this id; None where there is none."""
    desk = service.desk
    queue = read_queue(desk, service.ledger)
    change = queue.change(change_id)
    if change is None:
        return None
    lake = Lake(desk.home)
    entries = {one.id: one.question for one in read_entries(desk)[0]}
    rows = _rows_of(lake, "change_replays", change_id)
    changed = [row for row in rows if _came_out(row, "before") != _came_out(row, "after")]
    asked = _asked(lake, {str(row["ticket_id"]) for row in changed[:SHOWN_TICKETS]})
    effects = tuple(_effect(row) for row in _rows_of(lake, "training_effects", change_id))
    replayed = [_replayed(row, asked, entries) for row in changed[:SHOWN_TICKETS]]
    replayed.sort(key=lambda one: _ORDER.get((one.is_right_before, one.is_right_after), len(_ORDER)))
    return ChangeView(change, effects, tuple(replayed), len(rows), entries, queue.names)


_ORDER: Mapping[tuple[bool | None, bool | None], int] = {(True, False): 0, (False, True): 1}
"""What was broken comes first, then what was mended."""


@page("/fixes/changes/{change_id}", "A change")
async def change_page(visit: Visit, change_id: str) -> None:
    """One change."""
    parts.dress()
    ui.add_css(STYLE)
    ui.link("← All fixes", "/fixes")

    def draw(found: ChangeView | None) -> None:
        if found is None:
            looks.empty("There is no change of this name.", icon="search_off")
            return
        _draw_facts(found)
        _draw_effects(found)
        if found.change.released_at is not None:
            draw_looking(visit, MEASURING, read_again)
        _draw_replayed(found)

    async def read_again() -> None:
        await living.refresh()

    living: Living[ChangeView | None] = Living(visit, lambda: read_change(visit.service, change_id), draw)


def _draw_facts(found: ChangeView) -> None:
    change = found.change
    with looks.card():
        ui.label(f"{change.change_id}: {bounded(change.title)}").props('role="heading" aria-level="2"').classes(
            "fix-head"
        )
        with ui.element("div").classes("row"):
            looks.chip(*words.CHANGE_STATUSES.get(change.status, (change.status, "")))
            looks.chip(words.kind(change.kind), "note")
            if change.is_urgent:
                looks.chip("urgent", "bad")
            for one in change.category_ids[:8]:
                looks.chip(bounded(found.names.get(one, one))[:80])
        looks.text(words.change_in_words(change))
        if change.entry_ids:
            parts.minor("Entries it wrote")
            with ui.element("ul").classes("plain"):
                for name in change.entry_ids:
                    with ui.element("li"):
                        if name in found.entries:
                            ui.link(bounded(found.entries[name])[:300], f"/knowledge/entry/{name}")
                        else:
                            looks.text(f"“{name}”, which is not on file any more", "text muted")
        if change.labelled_ticket_ids:
            count = len(change.labelled_ticket_ids)
            looks.text(
                f"The category of {some(count, 'ticket', 'tickets')} was corrected; the next retrain learns from it."
            )
        if change.touches_behavior:
            with ui.element("div").classes("row"):
                looks.text("It changed how the agent behaves.")
                ui.link("The behavior, and who signed it", "/sign-offs/behavior")
        with ui.element("div").classes("row"):
            if change.release_id:
                ui.link(f"Release {change.release_id[:12]}", f"/sign-offs/release/{change.release_id}")
            if change.fix_id:
                ui.link("The fix it was, with its failures", f"/fixes/{change.fix_id}")
            if change.status == "accepted":
                ui.link("The week's release: build it, sign it, make it current", "/fixes/week")


def _draw_effects(found: ChangeView) -> None:
    with looks.card("What it did"):
        if not found.effects:
            looks.text(
                "Not measured yet. The replay measures it when a release holds it; live figures need some weeks with it.",
                "muted",
            )
            return
        if found.change.is_measured_before:
            parts.notice(
                "Measured by replay alone, before customers had it. What it does live is not in it: measure it anew."
            )
        draw_forest(found.effects)
        if found.change.sentences and not found.change.is_measured_before:
            with parts.details("In words"):
                parts.bullets([bounded(words.capitalised(one)) for one in found.change.sentences])
                for one in dict.fromkeys(effect.counted for effect in found.effects if effect.counted):
                    looks.text(f"Counted: {bounded(one)}", "muted small")


def _draw_replayed(found: ChangeView) -> None:
    with looks.card("Tickets that come out otherwise"):
        if not found.count_replayed:
            looks.text("No ticket was replayed with this change yet.", "muted")
            return
        mended = sum(one.is_right_before is False and one.is_right_after is True for one in found.changed)
        broken = sum(one.is_right_before is True and one.is_right_after is False for one in found.changed)
        looks.text(
            f"{some(found.count_replayed, 'ticket', 'tickets')} replayed, {len(found.changed):,} of them come out otherwise: "
            f"{mended:,} mended, {broken:,} broken. Tickets that the change was drawn from are left out.",
            "muted",
        )
        parts.folded(found.changed, _replayed_table, "tickets", first=TICKETS_FIRST)


def _replayed_table(some_tickets: Sequence[Replayed]) -> None:
    if some_tickets:
        rows = [[one_line(one.asked, 240), one.before, one.after, _judged(one)] for one in some_tickets]
        table(["Asked", "Before", "After", "Right?"], rows, "Tickets that come out otherwise")


def _judged(one: Replayed) -> str:
    right = {True: "right", False: "wrong", None: "cannot be judged"}
    before, after = right[one.is_right_before], right[one.is_right_after]
    mark = {("wrong", "right"): "✓ mended: ", ("right", "wrong"): "✗ broken: "}.get((before, after), "")
    return f"{mark}{before} before, {after} after" if before != after else f"{before} before and after"


def _replayed(row: Mapping[str, Any], asked: Mapping[str, str], entries: Mapping[str, str]) -> Replayed:
    ticket = str(row["ticket_id"])
    return Replayed(
        asked.get(ticket) or f"Ticket {ticket}", _in_words(row, "before", entries), _in_words(row, "after", entries),
        truth_of(row["is_right_before"]), truth_of(row["is_right_after"]),
    )  # fmt: skip


def _came_out(row: Mapping[str, Any], side: str) -> tuple[str, str | None, bool | None]:
    return str(row[f"{side}_action"]), text_of(row[f"{side}_entry_id"]), truth_of(row[f"is_right_{side}"])


def _in_words(row: Mapping[str, Any], side: str, entries: Mapping[str, str]) -> str:
    action, entry, _ = _came_out(row, side)
    said = words.capitalised(words.ACTIONS.get(action, action))
    return f"{said}: “{bounded(entries.get(entry, entry))[:200]}”" if entry else said


def _asked(lake: Lake, tickets: set[str]) -> dict[str, str]:
    """What these tickets ask, redacted."""
    if not tickets or not lake.file("ticket_vectors").is_file():
        return {}
    frame = lake.read("ticket_vectors", ["ticket_id", "text"])
    frame = frame[frame["ticket_id"].isin(tickets)]
    return {str(one): text_of(text) or "" for one, text in zip(frame["ticket_id"], frame["text"], strict=True)}


def _rows_of(lake: Lake, name: str, change_id: str) -> list[Any]:
    frame = lake.previous(name)
    rows: list[Any] = [] if frame is None else frame[frame["change_id"] == change_id].to_dict("records")
    return rows


def _effect(row: Mapping[str, Any]) -> Effect:
    discordant = number_of(row["n_discordant"])
    difference, low, high, p = (_or_nan(row[name]) for name in ("difference", "low", "high", "p"))
    return Effect(
        change_id=str(row["change_id"]), metric=str(row["metric"]), method=row["method"], n=int(row["n"]),
        n_discordant=None if discordant is None else int(discordant), difference=difference, low=low, high=high, p=p,
        verdict=row["verdict"], why=text_of(row["why"]) or "", counted=text_of(row["counted"]) or "",
        mid_p=number_of(row["mid_p"]), higher_is_better=truth_of(row["higher_is_better"]) is not False,
    )  # fmt: skip


def _or_nan(value: Any) -> float:
    number = number_of(value)
    return math.nan if number is None else number

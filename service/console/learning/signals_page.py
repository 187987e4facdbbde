"""``/learning/signals``: what happens outside that people should know of, the newest first.

Belongs here: the page and its filter. Does not belong here: finding signals (the stage), telling people by webhook.
"""

from __future__ import annotations

from collections.abc import Sequence

from nicegui import ui

from assets.sustain_learning.frames import DIAGNOSES, SIGNAL_CHANGES
from orchestration.lake import Lake
from service.console import looks
from service.console.frame import Visit, page
from service.console.knowledge.words import bounded
from service.console.learning import words
from service.console.learning.looks import dress, examples
from service.console.learning.reading import OVER, Signal, read_signals
from service.console.sign_offs.living import Living

GOING_ON, ALL = "going_on", "all"
PAGE = 20


@page("/learning/signals", "Learning")
async def signals_page(visit: Visit, status: str = ALL) -> None:
    """Support signals."""
    dress("/learning/signals")
    asked = {"status": status if status in (GOING_ON, OVER) else ALL, "diagnosis": ""}

    def draw(found: tuple[Signal, ...] | None) -> None:
        if found is None:
            looks.empty(
                "Nobody has looked for signals yet. They are found in the tickets' volumes, labels and segments. Run: "
                "understudy run sustain_learning",
                icon="hourglass_empty",
            )
        elif not found:
            looks.empty("Nothing unusual: no spike, no new level, no renamed labels, no segment that stands out.")
        else:
            _Signals(found, asked).draw()

    home = visit.service.home
    Living(
        visit, lambda: read_signals(visit.service.desk), draw, mark=lambda: Lake(home).modified_at("support_signals")
    )


class _Signals:
    def __init__(self, found: Sequence[Signal], asked: dict[str, str]) -> None:
        self.found, self.asked, self.shown = found, asked, PAGE

    def draw(self) -> None:
        """The filters, and the list below them."""
        goes_on = sum(one.status != OVER for one in self.found)
        statuses = {
            ALL: f"All ({len(self.found):,})",
            GOING_ON: f"Going on ({goes_on:,})",
            OVER: f"Over ({len(self.found) - goes_on:,})",
        }
        there = dict.fromkeys(one.diagnosis for one in self.found)
        reasons = {
            "": "Every reason",
            **{one: words.capitalised(words.DIAGNOSES.get(one, words.code(one))) for one in there},
        }
        with ui.element("div").classes("learn-filters"):
            self._filter("status", "Standing", statuses)
            self._filter("diagnosis", "What is behind it", reasons)
        self._list()

    def _filter(self, name: str, label: str, options: dict[str, str]) -> None:
        if self.asked[name] not in options:
            self.asked[name] = next(iter(options))
        select = ui.select(
            options, value=self.asked[name], label=label, on_change=lambda e: self._choose(name, e.value)
        )
        select.props("outlined dense").classes("w-full")

    def _choose(self, name: str, value: str | None) -> None:
        self.asked[name], self.shown = value or "", PAGE
        self._list.refresh()

    @ui.refreshable_method
    def _list(self) -> None:
        found = [one for one in self.found if self._fits(one)]
        if not found:
            looks.empty("No signal fits these filters.", icon="search_off")
            return
        with looks.card():
            with ui.element("ol").classes("learn-list"):
                for one in found[: self.shown]:
                    _line(one)
            if len(found) > self.shown:
                ui.button("Show more", on_click=self._more).props("outline")

    def _fits(self, one: Signal) -> bool:
        is_over = one.status == OVER
        is_wanted = self.asked["status"] == ALL or is_over == (self.asked["status"] == OVER)
        return is_wanted and self.asked["diagnosis"] in ("", one.diagnosis)

    def _more(self) -> None:
        self.shown += PAGE
        self._list.refresh()


def _line(one: Signal) -> None:
    with ui.element("li").classes("learn-line"):
        with ui.element("div").classes("row"):
            looks.chip(*words.STATUSES.get(one.status, (words.code(one.status), "")))
            _explained(
                looks_of=words.CHANGES.get(one.change, words.code(one.change)),
                why=SIGNAL_CHANGES.get(one.change, ""),
                kind="",
            )
            _explained(
                looks_of=words.DIAGNOSES.get(one.diagnosis, words.code(one.diagnosis)),
                why=DIAGNOSES.get(one.diagnosis, ""), kind="good" if one.is_explained else "open",
            )  # fmt: skip
        looks.text(bounded(one.sentence))
        looks.text(_times(one), "muted small")
        examples(one.examples, one.aside)


def _explained(looks_of: str, why: str, kind: str) -> None:
    """A chip, and what it means for those who rest on it."""
    with ui.label(looks_of).classes(f"chip {kind}"):
        if why:
            ui.tooltip(why)


def _times(one: Signal) -> str:
    told = [f"found on {words.day(one.found_at)}"]
    if one.started_at is not None:
        told.insert(0, f"since {words.day(one.started_at)}")
    if one.status == OVER:
        told.append("over" if one.ended_at is None else f"over since {words.day(one.ended_at)}")
    if one.release_name:
        told.append(f"with {bounded(one.release_name)[:120]}")
    return words.capitalised(" · ".join(told))

"""The part of the dashboard with a few answers to read: what customers, the agent and reviewers wrote.

Belongs here: showing them as text. Does not belong here: which ones (``report.worth_reading``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nicegui import ui

from assets.pilot_agent.report.pilot_words import day
from service.console import looks
from service.console.pilot.figures import Live
from service.console.pilot.live_words import MARKS, TAG_WORDS
from service.console.pilot.parts import Part, answers_path, counts, short

CHIPS = {"correct": "good", "needs_improvement": "open", "incorrect": "bad"}


def draw_reading(now: Live) -> Part:
    """The answers most worth reading; the part, to be given new figures."""
    return Part(now, _reading, lambda now: now.worth_reading)


def _reading(part: Part) -> None:
    now = part.now
    looks.heading("Answers most worth reading")
    if not now.worth_reading:
        looks.text(
            "Reviewers have found fault with no answer so far. The first that they do appears here.", "text muted"
        )
        return
    counts("Incorrect ones first; among them what customers have read, what should have gone to a person, the newest. Personal "
           "data is removed, long texts are cut.")  # fmt: skip
    for one in now.worth_reading:
        _answer(one, now.names)
    with ui.element("div").classes("row"):
        ui.link("All incorrect answers", answers_path(tag="incorrect"))
        ui.link("All that need improvement", answers_path(tag="needs_improvement"))


def _answer(one: Mapping[str, Any], names: Mapping[str, str]) -> None:
    with ui.element("article").classes("pilot-answer"):
        with ui.element("div").classes("row"):
            looks.chip(f"{MARKS[one['tag']]} {TAG_WORDS[one['tag']]}", CHIPS[one["tag"]])
            if one["reason"]:
                ui.label(one["reason"])
            if one["is_disputed"]:
                looks.chip(f"{one['count_reviewers']} reviewers disagree", "note")
            where = short(names.get(one["category_id"], one["category_id"])) or "no known category"
            sent = "sent to the customer" if one["was_sent"] else "not sent by the agent"
            ui.label(f"{where} · {sent} · {day(one['created_at'])}").classes("muted small")
        _said("Customer", one["question"] or "(no text)", "quote")
        _said("Agent", one["reply"] or one["handoff_reason"] or "(handed over without a reply)", "quote ours")
        if one["comment"] or one["right_answer"]:
            right = f"Right answer: {one['right_answer']}" if one["right_answer"] else ""
            _said("Reviewer", "\n".join(filter(None, (one["comment"], right))), "quote")


def _said(who: str, words: str, classes: str) -> None:
    with ui.element("div"):
        ui.label(who).classes("muted small")
        looks.text(words, classes)

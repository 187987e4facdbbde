"""``/knowledge/new``: an entry made by hand, or from the correction of an answer.

Belongs here: the page. Does not belong here: what may be learnt from, and making the entry (``orchestration.people``).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from nicegui import ui

from orchestration.people.knowledge_correction import Correction, answered, correction_of, corrections_that_may_teach
from orchestration.people.knowledge_desk import KnowledgeProblem, read_entries
from orchestration.people.knowledge_files import WrongFields
from orchestration.people.knowledge_new import entry_by_hand, entry_from_correction
from service.console import looks
from service.console.frame import Visit, page, say
from service.console.knowledge import gathering, parts
from service.console.knowledge.correction_parts import offered
from service.console.knowledge.entry_form import Choices, EntryForm
from service.console.knowledge.words import bounded, for_whom

if TYPE_CHECKING:
    from desk.entry import Entry
    from desk.loading import Desk

SHOWN_ENTRIES = 3


@dataclass(frozen=True)
class Beginning:
    """What the page begins with. ``problem``: why nothing can be made of the answer that was named."""

    choices: Choices
    waiting: gathering.Waiting
    refusal: str | None
    until: dt.date
    owners: dict[str, str]
    category: str | None
    correction: Correction | None = None
    problem: str | None = None
    alike: list[Entry] = field(default_factory=list)
    rested_on: list[Entry] = field(default_factory=list)
    others: list[dict[str, Any]] = field(default_factory=list)


def gather(visit: Visit, answer: str, category: str) -> Beginning:
    """Read what there is to begin with."""
    service = visit.service
    desk = service.desk
    entries = read_entries(desk)[0]
    known = {one.id for one in desk.categories}
    found: dict[str, Any] = {"category": category if category in known else None}
    if answer:
        found |= _of_answer(desk, answer, {entry.id: entry for entry in entries}, known)
    return Beginning(
        choices=Choices.of(desk, entries),
        waiting=gathering.waiting(desk),
        refusal=parts.may_decide(visit, desk),
        until=service.clock().date() + dt.timedelta(days=desk.settings.knowledge.review_every_days),
        owners={one.id: one.owner for one in desk.categories if one.owner},
        **found,
    )


@page("/knowledge/new", "Knowledge")
async def content(visit: Visit, answer: str = "", category: str = "") -> None:
    """Draw the page."""
    found = await visit.work(gather, visit, answer, category)
    parts.dress("/knowledge/new", found.waiting.counts)
    if found.refusal is not None:
        looks.empty(found.refusal, icon="lock")
        return
    if found.problem is not None:
        _not_from_this_one(found)
        return
    _NewEntry(visit, found, answer).draw()


def _of_answer(desk: Desk, answer: str, entries: dict[str, Entry], known: set[str]) -> dict[str, Any]:
    try:
        correction = correction_of(desk, answer)
    except KnowledgeProblem as problem:
        return _refused(desk, answer, str(problem), entries)
    alike = [entries[name] for name in correction.alike if name in entries]
    rested_on = [entries[name] for name in correction.entry_ids if name in entries and name not in correction.alike]
    category = correction.category_id if correction.category_id in known else None
    if category is None and alike:
        category = alike[0].category
    return {"correction": correction, "alike": alike, "rested_on": rested_on[:SHOWN_ENTRIES], "category": category}


def _refused(desk: Desk, answer: str, problem: str, entries: dict[str, Entry]) -> dict[str, Any]:
    try:
        row = answered(desk, answer)
    except KnowledgeProblem:
        return {"problem": problem}
    category = row["category_id"] if isinstance(row["category_id"], str) else None
    rested_on = [entries[str(name)] for name in row["entry_ids"] if str(name) in entries]
    others: list[Any] = corrections_that_may_teach(desk, category).to_dict("records") if category else []
    return {"problem": problem, "category": category, "rested_on": rested_on[:SHOWN_ENTRIES], "others": others}


def _not_from_this_one(found: Beginning) -> None:
    with looks.card("Nothing can be learnt from this answer"):
        looks.text(found.problem)
        with ui.element("div").classes("row"):
            query = f"?category={found.category}" if found.category else ""
            ui.link("Drafts of this category", f"/knowledge/drafts{query}")
            ui.link("Write an entry by hand", f"/knowledge/new{query}")
    if found.rested_on:
        with looks.card("Entries it rested on"):
            for entry in found.rested_on:
                ui.link(bounded(entry.question), f"/knowledge/entry/{entry.id}")
    if found.others:
        with looks.card("Corrections of this category that may teach"):
            for one in found.others:
                with ui.link(target=f"/knowledge/new?{urlencode({'answer': one['answer_id']})}").classes("item"):
                    looks.text(_short(str(one["question"])), "text strong")
                    looks.text(_short(str(one["right_answer"])), "text small muted")


class _NewEntry:
    def __init__(self, visit: Visit, found: Beginning, answer: str) -> None:
        self.visit, self.found, self.answer = visit, found, answer
        self.is_saved = self.is_busy = False

    def draw(self) -> None:
        """The correction and what is there already, beside the form."""
        found = self.found
        if found.correction is None:
            looks.text("An entry that rests on what you know. Whatever is asked often lies among the drafts.", "muted")
            with looks.card():
                self._form({"category": found.category, "owner": found.owners.get(found.category or "", "")})
            return
        with ui.element("div").classes("two"):
            with ui.element("div").classes("plain-list"):
                offered(found.correction)
                self._entries_there()
            with looks.card("A new entry from it"):
                self._form(self._start(found.correction))

    def _start(self, correction: Correction) -> dict[str, Any]:
        return {
            "category": self.found.category,
            "owner": self.found.owners.get(self.found.category or "", ""),
            "question": correction.question,
            "answer": correction.answer,
            "phrasings": list(correction.phrasings),
        }

    def _entries_there(self) -> None:
        found = self.found
        if found.alike:
            with looks.card("An entry says this already"):
                looks.text("Then the customer's wording is what is missing there. Change that entry instead.", "muted")
                for entry in found.alike[:SHOWN_ENTRIES]:
                    self._entry(entry)
        if found.rested_on:
            with looks.card("What the agent's answer rested on"):
                looks.text("If one of these is wrong, change that entry instead: two entries that disagree are both lost.", "muted")  # fmt: skip
                for entry in found.rested_on:
                    self._entry(entry)

    def _entry(self, entry: Entry) -> None:
        with ui.element("div").classes("entry-line plain-list"):
            looks.text(bounded(entry.question), "text strong")
            looks.text(bounded(entry.answer), "quote")
            looks.text(for_whom(entry.conditions), "small muted")
            ui.link(
                "Change this entry instead",
                f"/knowledge/entry/{entry.id}?{urlencode({'edit': 1, 'answer': self.answer})}",
            )

    def _form(self, start: dict[str, Any]) -> None:
        form = EntryForm(self.found.choices, {**start, "review_by": self.found.until})
        if self.found.correction is not None:
            _facts(form, self.found.correction)
        with ui.element("div").classes("row"):
            ui.button("Save and accept", icon="check", on_click=lambda: self._save(form, accepts=True))
            ui.button("Save, accept later", on_click=lambda: self._save(form, accepts=False)).props("outline")

    async def _save(self, form: EntryForm, *, accepts: bool) -> None:
        async def step() -> None:
            values = form.values()
            desk = await self.visit.work(lambda: self.visit.service.desk)
            who = parts.reviewer(self.visit, desk)
            decided: dict[str, Any] = {"accepts": accepts, "review_by": form.review_by}
            try:
                if self.found.correction is None:
                    opened, _ = await self.visit.work(entry_by_hand, desk, values, who, **decided)
                else:
                    opened, _ = await self.visit.work(entry_from_correction, desk, self.answer, values, who, **decided)
            except WrongFields as wrong:
                form.show(wrong.fields)
                say("Something has to be corrected; see the fields.", is_good=False)
                return
            self.is_saved = True
            ui.navigate.to(f"/knowledge/entry/{opened.entry.id}")

        # A second press before the page has gone would make a second entry.
        if not self.is_saved and not self.is_busy:
            self.is_busy = True
            try:
                await self.visit.attempt(step)
            finally:
                self.is_busy = False


def _facts(form: EntryForm, correction: Correction) -> None:
    if not correction.context:
        return
    with parts.folded("What was known of this customer"):
        looks.text(
            "If the answer holds only for customers like this one, add what matters as a condition.", "muted small"
        )
        with ui.element("div").classes("row"):
            for name, value in correction.context.items():
                ui.button(
                    f"{name}: {value}"[:80],
                    icon="add",
                    on_click=lambda _, name=name, value=value: form.add_condition(name, [value]),
                ).props("outline no-caps")


def _short(text: str, limit: int = 200) -> str:
    return text if len(text) <= limit else f"{text[:limit].rstrip()} …"

"""``/knowledge/entry/{id}``: one entry as customers read it, how it stands, who accepted what, and changing it.

Belongs here: the page and its actions. Does not belong here: the form (``entry_form``), what is shown of a version
(``entry_parts``), saving and accepting (``orchestration.people``).

What a person signs is what they were shown: acceptance names the content on the page, and saving the file that was opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nicegui import ui

from orchestration.people.knowledge_correction import Correction
from orchestration.people.knowledge_desk import KnowledgeProblem
from orchestration.people.knowledge_files import EntryChanged, WrongFields, open_entry, save_entry
from orchestration.people.knowledge_new import change_from_correction
from orchestration.people.knowledge_phrasings import missing_phrasings
from orchestration.people.knowledge_review import accept
from service.console import looks
from service.console.frame import Visit, page, say
from service.console.knowledge import entry_parts, parts
from service.console.knowledge.correction_parts import offered
from service.console.knowledge.differences import entry_changes
from service.console.knowledge.entry_form import EntryForm, fields_of
from service.console.knowledge.entry_view import EntryView, gather
from service.console.knowledge.words import some

if TYPE_CHECKING:
    from desk.entry import Entry


@page("/knowledge/entry/{entry_id}", "Knowledge")
async def content(visit: Visit, entry_id: str, edit: int = 0, answer: str = "") -> None:
    """Draw the page."""
    try:
        found = await visit.work(gather, visit, entry_id, answer)
    except KnowledgeProblem as problem:
        parts.dress("")
        looks.empty(str(problem)[:2_000], icon="search_off")
        return
    parts.dress("/knowledge/entries", found.waiting.counts)
    shown = _EntryPage(visit, found, answer)
    shown.is_editing = bool(edit) and found.refusal is None
    await shown.draw()


class _EntryPage:
    def __init__(self, visit: Visit, found: EntryView, answer: str) -> None:
        self.visit, self.found, self.answer = visit, found, answer
        self.opened = found.opened
        self.is_editing = False
        self.start: dict[str, Any] | None = None
        self.form: EntryForm | None = None
        self.conflict: Entry | None = None
        self.fresh: list[str] = []

    @ui.refreshable_method
    async def draw(self) -> None:
        """The entry, or the form to change it."""
        self.form = None
        if isinstance(self.found.correction, str):
            looks.text(self.found.correction, "quote")
        if self.is_editing:
            self._edit_form()
        else:
            self._shown()

    def _shown(self) -> None:
        found, entry = self.found, self.found.entry
        entry_parts.headline(found.state, entry, found.choices.categories)
        if isinstance(found.correction, Correction):
            offered(found.correction)
        with ui.element("div").classes("two"):
            with ui.element("div").classes("plain-list"):
                entry_parts.as_customers_read_it(entry)
                with looks.card("How customers ask it"):
                    entry_parts.wordings(entry)
                    if found.refusal is None:
                        ui.button(
                            "Look for more wordings in tickets", icon="search", on_click=self._more_wordings
                        ).props("flat dense")
            with ui.element("div").classes("plain-list"):
                self._decision()
                entry_parts.standing(found.state, entry)
        entry_parts.findings(found.findings)
        with looks.card("What it rests on"):
            parts.sources(found.sources)
        entry_parts.history(found.history, entry)

    def _decision(self) -> None:
        found, entry = self.found, self.found.entry
        if found.refusal is not None:
            looks.text(found.refusal, "muted")
            return
        with looks.card("Decide"):
            if found.state.is_signed:
                looks.text(
                    "This version is accepted. Accepting it again as it is gives it another review date.", "muted"
                )
            elif found.before is None:
                looks.text("Nobody has accepted this entry yet. Read it as a customer would, then accept it.")
            else:
                looks.text("This is what changed since it was last accepted:")
                parts.changes(entry_changes(found.before, entry))
            with ui.element("div").classes("form-two"):
                owner = ui.input("Who answers for it", value=found.owner, autocomplete=list(found.choices.owners))
                owner.props("outlined dense").classes("field")
                until = parts.date_field("To be looked at again by", found.until)
            with ui.element("div").classes("row"):
                words = "Accept again" if found.state.is_signed else "Accept this version"
                ui.button(words, icon="check", on_click=lambda: self._accept(owner, until))
                ui.button("Edit", icon="edit", on_click=self._edit).props("outline")

    def _edit_form(self) -> None:
        found, entry = self.found, self.opened.entry
        looks.heading("Change this entry")
        if found.state.is_signed:
            looks.text(
                "It is accepted as it stands. A change of question, answer, conditions, wordings, category or validity "
                "unsigns it: it is not used again until somebody accepts the new version.",
                "quote",
            )
        with ui.element("div").classes("two" if isinstance(found.correction, Correction) else ""):
            if isinstance(found.correction, Correction):
                offered(
                    found.correction,
                    use_answer=lambda words: self.form.set_answer(words) if self.form else None,
                    use_phrasing=lambda words: self.form.add_phrasing(words) if self.form else None,
                )
            with looks.card():
                self._conflict(entry)
                self.form = EntryForm(found.choices, self.start or {**fields_of(entry), "owner": found.owner})
                for words in self.fresh:
                    self.form.add_phrasing(words)
                with ui.element("div").classes("row"):
                    ui.button("Save", icon="save", on_click=self._save)
                    ui.button("Cancel", on_click=self._cancel).props("flat")

    def _conflict(self, entry: Entry) -> None:
        if self.conflict is None:
            return
        with ui.element("div").classes("quote plain-list").props('role="alert"'):
            looks.text("Somebody has changed this entry since you opened it. Nothing of yours is saved yet.", "strong")
            parts.changes(entry_changes(entry, self.conflict))
            looks.text(
                "Go on from what is there now: fields that you did not change become theirs, the others stay as you wrote "
                "them. Read it through, then save."
            )
            ui.button("Go on from what is there now", on_click=self._merge).props("outline")

    def _edit(self) -> None:
        self.is_editing, self.start, self.conflict = True, None, None
        self.opened = self.found.opened
        self.draw.refresh()

    def _cancel(self) -> None:
        self.is_editing, self.start, self.conflict, self.fresh = False, None, None, []
        self.draw.refresh()

    async def _merge(self) -> None:
        form = self.form
        if form is None:
            return

        async def step() -> None:
            mine, base = form.values(), fields_of(self.opened.entry)
            desk = await self.visit.work(lambda: self.visit.service.desk)
            now = await self.visit.work(open_entry, desk, self.opened.entry.id)
            theirs = fields_of(now.entry)
            typed = _as_typed(self.opened.entry, mine)
            self.start = {name: typed[name] if typed[name] != base[name] else theirs[name] for name in theirs}
            self.opened, self.conflict = now, None
            self.draw.refresh()

        await self.visit.attempt(step)

    async def _save(self) -> None:
        form = self.form
        if form is None:
            return

        async def step() -> None:
            values = form.values()
            desk = await self.visit.work(lambda: self.visit.service.desk)
            parts.reviewer(self.visit, desk)
            try:
                if isinstance(self.found.correction, Correction):
                    _, said = await self.visit.work(change_from_correction, desk, self.opened, self.answer, values)
                else:
                    _, said = await self.visit.work(save_entry, desk, self.opened, values)
            except WrongFields as wrong:
                form.show(wrong.fields)
                say("Something has to be corrected; see the fields.", is_good=False)
                return
            except EntryChanged as changed:
                if changed.now is None:
                    raise
                self.start, self.conflict = _as_typed(self.opened.entry, values), changed.now
                say(str(changed), is_good=False)
                self.draw.refresh()
                return
            await self._read_again()
            say(" ".join(said[-2:]))

        await self.visit.attempt(step)

    async def _accept(self, owner: ui.input, until: ui.input) -> None:
        entry = self.found.entry

        async def step() -> None:
            day = parts.day_of(until.value, "Next review")
            desk = await self.visit.work(lambda: self.visit.service.desk)
            who = parts.reviewer(self.visit, desk)
            try:
                said = await self.visit.work(
                    accept, desk, entry.id, who,
                    owner=(owner.value or "").strip() or None, review_by=day, shown=entry.content_hash,
                )  # fmt: skip
            except EntryChanged as changed:
                await self._read_again()
                say(str(changed), is_good=False)
                return
            await self._read_again()
            say("\n".join(parts.accepted_words(who, said)))

        await self.visit.attempt(step)

    async def _more_wordings(self) -> None:
        async def step() -> None:
            say("Looking through the tickets …")
            desk = await self.visit.work(lambda: self.visit.service.desk)
            found = await self.visit.work(missing_phrasings, desk, self.found.entry.id)
            self.fresh = [str(one) for one in found["phrasing"]]
            if not self.fresh:
                say("Customers ask it in no way that the entry does not hold already.")
                return
            self._edit()
            say(
                f"{some(len(self.fresh), 'wording was', 'wordings were')} added below. Take out what does not belong, then save."
            )

        await self.visit.attempt(step)

    async def _read_again(self) -> None:
        name, answer = self.found.entry.id, "" if isinstance(self.found.correction, str) else self.answer
        self.found = await self.visit.work(gather, self.visit, name, answer)
        self.opened = self.found.opened
        self.is_editing, self.start, self.conflict, self.fresh = False, None, None, []
        self.draw.refresh()


def _as_typed(entry: Entry, values: dict[str, Any]) -> dict[str, Any]:
    """What a form holds as an entry would hold it, so that it can be compared; as it is where it is no entry."""
    from pydantic import ValidationError

    try:
        return fields_of(entry.changed(**values))
    except ValidationError:
        return {**values, **dict.fromkeys(("review_by", "valid_from", "valid_until"))}

"""``/knowledge/drafts``: proposed entries, one after the other, to be accepted, changed or rejected.

Belongs here: the page and its keys. Does not belong here: what a decision does (``orchestration.people``).

A key counts for the draft that was on the screen when it was pressed: the browser sends its id along. After a decision the
draft stays, with what became of it, until the person goes on; so nobody decides about a draft they have not seen.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from nicegui import events, ui
from nicegui.elements.mixins.text_element import TextElement

from orchestration.people.knowledge_files import WrongFields
from orchestration.people.knowledge_new import entry_from_draft
from orchestration.people.knowledge_review import accept, reject
from service.console import looks
from service.console.frame import Visit, page, say
from service.console.knowledge import parts
from service.console.knowledge.entry_form import EntryForm, fields_of
from service.console.knowledge.shown_drafts import Shelf, ShownDraft, shelf, shown_draft
from service.console.knowledge.words import bounded, for_whom, origin, some

if TYPE_CHECKING:
    from desk.entry import Entry

SEND_KEY = """(e) => {
  if (e.action !== 'keydown' || e.ctrlKey || e.altKey || e.metaKey || !['a','e','r','j','k'].includes(e.key)) return;
  if (document.querySelector('.q-dialog')) return;
  emit({key: e.key, shown: document.querySelector('[data-draft]')?.dataset.draft ?? ''});
}"""


@page("/knowledge/drafts", "Knowledge")
async def content(visit: Visit, category: str = "") -> None:
    """Draw the page."""
    found = await visit.work(shelf, visit, category)
    parts.dress("/knowledge/drafts", found.waiting.counts)
    if found.rows is None:
        looks.empty("Nothing was drafted yet. Run: understudy run build_knowledge", icon="hourglass_empty")
        return
    await _Drafts(visit, found, found.rows, category if category in found.names else "").draw()


class _Drafts:
    def __init__(self, visit: Visit, found: Shelf, rows: list[dict[str, Any]], category: str) -> None:
        self.visit, self.found, self.rows, self.category = visit, found, rows, category
        self.at = 0
        self.decided: dict[str, list[str]] = {}
        self.is_editing = self.is_busy = False
        self.shown: ShownDraft | None = None
        self.owner: ui.input | None = None
        self.until: ui.input | None = None

    async def draw(self) -> None:
        """Filter, the draft, and the list of all."""
        with ui.element("div").classes("row apart"):
            ui.select({"": "Every category", **self._waiting_names()}, value=self.category, label="Category",
                      on_change=lambda e: ui.navigate.to(f"/knowledge/drafts?category={e.value}" if e.value else "/knowledge/drafts"),
                      ).props("outlined dense").style("min-width:220px")  # fmt: skip
            if self.rows:
                with ui.element("div").classes("keys small muted"):
                    for key, words in (("a", "accept"), ("e", "edit"), ("r", "reject"), ("j", "next"), ("k", "back")):
                        TextElement(tag="kbd", text=key)
                        ui.label(words)
        if not self.rows:
            looks.empty("No draft waits for a decision.")
            return
        keyboard = ui.keyboard(repeating=False, ignore=["input", "select", "textarea"])
        keyboard.on("key", self._key, js_handler=SEND_KEY)
        await self._draft()

    def _waiting_names(self) -> dict[str, str]:
        there = {row["category_id"] for row in self.rows}
        return {name: words for name, words in self.found.names.items() if name in there or name == self.category}

    @property
    def row(self) -> dict[str, Any]:
        """The draft on the screen."""
        return self.rows[self.at]

    @ui.refreshable_method
    async def _draft(self) -> None:
        row = self.row
        name = str(row["draft_id"])
        self.owner = self.until = None
        self.shown = None if name in self.decided else await self.visit.work(shown_draft, self.visit.service, row)
        with ui.element("div").classes("row apart"):
            ui.label(f"{self.at + 1:,} of {some(len(self.rows), 'draft', 'drafts')}").classes("strong")
            with ui.element("div").classes("row"):
                ui.button("Back", icon="chevron_left", on_click=lambda: self._go(-1)).props("outline").set_enabled(
                    self.at > 0
                )
                ui.button("Next", icon="chevron_right", on_click=lambda: self._go(1)).props("outline").set_enabled(
                    self.at + 1 < len(self.rows)
                )
        with looks.card(), ui.element("div").classes("plain-list") as box:
            box.props["data-draft"] = name
            if self.shown is None:
                self._what_became_of_it(name)
            elif self.is_editing and self.shown.entry is not None:
                self._form(self.shown, self.shown.entry)
            else:
                self._proposal(self.shown)
        self._all()

    def _what_became_of_it(self, name: str) -> None:
        looks.heading(bounded(self.row["question"]))
        parts.text_lines(self.decided[name])
        if self.at + 1 < len(self.rows):
            ui.button("Next draft", on_click=lambda: self._go(1))
        else:
            looks.text("That was the last one on this page.", "muted")

    def _proposal(self, shown: ShownDraft) -> None:
        row, entry = shown.row, shown.entry
        looks.heading(bounded(entry.question if entry else row["question"]))
        with ui.element("div").classes("row"):
            looks.chip(self.found.names.get(row["category_id"], row["category_id"]))
            looks.chip(origin(row["origin"]))
            if shown.is_file:
                looks.chip("already written as a file", "note")
        if shown.problem:
            looks.text(shown.problem, "text diff-gone")
        ui.label("Why it is proposed").classes("muted small")
        looks.text(bounded(row["why"]))
        with ui.element("div").classes("two"):
            with ui.element("div").classes("plain-list"):
                ui.label("Answer").classes("muted small")
                looks.text(bounded(entry.answer if entry else row["answer"]), "quote ours")
                looks.text(for_whom(entry.conditions) if entry else "", "strong")
            with ui.element("div").classes("plain-list"):
                ui.label("How customers ask it").classes("muted small")
                parts.text_lines(entry.phrasings if entry else list(row["phrasings"]))
                ui.label("What it rests on").classes("muted small")
                parts.sources(shown.sources)
        self._decision(shown)

    def _decision(self, shown: ShownDraft) -> None:
        if self.found.refusal is not None:
            looks.text(self.found.refusal, "muted")
            return
        with ui.element("div").classes("form-two"):
            self.owner = ui.input("Who answers for it", value=shown.owner, autocomplete=list(self.found.choices.owners))
            self.owner.props("outlined dense").classes("field")
            self.until = parts.date_field("To be looked at again by", shown.until)
        with ui.element("div").classes("row"):
            accepts = ui.button("Accept as it is", icon="check", on_click=lambda: self._accept(shown))
            accepts.set_enabled(shown.entry is not None)
            ui.button("Edit", icon="edit", on_click=self._edit).props("outline").set_enabled(shown.entry is not None)
            ui.button("Reject", icon="close", on_click=lambda: self._ask_why(shown)).props("outline color=negative")

    def _form(self, shown: ShownDraft, entry: Entry) -> None:
        looks.heading("Change the draft")
        start = {**fields_of(entry), "owner": shown.owner, "review_by": shown.until}
        form = EntryForm(self.found.choices, start)
        with ui.element("div").classes("row"):
            ui.button("Save and accept", icon="check", on_click=lambda: self._save(shown, entry, form, accepts=True))
            ui.button("Save, accept later", on_click=lambda: self._save(shown, entry, form, accepts=False)).props(
                "outline"
            )
            ui.button("Cancel", on_click=self._cancel).props("flat")

    def _all(self) -> None:
        if len(self.rows) < 2:
            return
        with looks.card("All of them"), ui.element("div"):
            for at, row in enumerate(self.rows):
                with ui.element("div").classes("row apart entry-line"):
                    button = ui.button(bounded(row["question"]), on_click=lambda _, to=at: self._go(to - self.at))
                    button.props("flat dense no-caps align=left").classes("grow left")
                    name = str(row["draft_id"])
                    if name in self.decided:
                        looks.chip("decided", "good")
                    else:
                        ui.label(self.found.names.get(row["category_id"], "")).classes("muted small")

    def _go(self, steps: int) -> None:
        to = self.at + steps
        if 0 <= to < len(self.rows):
            self.at, self.is_editing = to, False
            self._draft.refresh()

    def _edit(self) -> None:
        if self.found.refusal is None and self.shown is not None and self.shown.entry is not None:
            if self.shown.is_file:
                ui.navigate.to(f"/knowledge/entry/{self.shown.entry.id}?edit=1")
                return
            self.is_editing = True
            self._draft.refresh()

    def _cancel(self) -> None:
        self.is_editing = False
        self._draft.refresh()

    async def _key(self, event: events.GenericEventArguments) -> None:
        key, seen = str(event.args.get("key")), str(event.args.get("shown"))
        if self.is_editing or seen != str(self.row["draft_id"]):
            return
        if key in "jk":
            self._go(1 if key == "j" else -1)
        elif self.shown is not None and self.found.refusal is None:
            if key == "a":
                await self._accept(self.shown)
            elif key == "e":
                self._edit()
            elif key == "r":
                self._ask_why(self.shown)

    async def _accept(self, shown: ShownDraft) -> None:
        name, entry = str(shown.row["draft_id"]), shown.entry
        if entry is None or name in self.decided:
            return

        async def step() -> None:
            owner = (self.owner.value or "").strip() if self.owner else ""
            until = parts.day_of(self.until.value, "Next review") if self.until else None
            desk = await self.visit.work(lambda: self.visit.service.desk)
            who = parts.reviewer(self.visit, desk)
            said = await self.visit.work(
                accept, desk, name, who, owner=owner or None, review_by=until, shown=entry.content_hash
            )
            self._done(name, parts.accepted_words(who, said))

        await self._once(step)

    def _ask_why(self, shown: ShownDraft) -> None:
        with ui.dialog() as dialog, ui.card().style("min-width:min(440px,90vw)"):
            looks.heading("Reject this draft")
            looks.text(bounded(shown.row["question"]))
            why = ui.textarea("Why nobody needs it").props("outlined autofocus").classes("field")
            with ui.element("div").classes("row"):
                ui.button("Reject", on_click=lambda: self._reject(shown, why, dialog)).props("color=negative")
                ui.button("Cancel", on_click=dialog.close).props("flat")
        dialog.open()

    async def _reject(self, shown: ShownDraft, why: ui.textarea, dialog: ui.dialog) -> None:
        if not (why.value or "").strip():
            why.error = "Say why, so that it is not drafted again in vain."
            return

        async def step() -> None:
            desk = await self.visit.work(lambda: self.visit.service.desk)
            who = parts.reviewer(self.visit, desk, why.value)
            said = await self.visit.work(reject, desk, str(shown.row["draft_id"]), who)
            dialog.close()
            self._done(str(shown.row["draft_id"]), ["Rejected. It is not offered again.", *said[1:]])

        await self._once(step)

    async def _save(self, shown: ShownDraft, entry: Entry, form: EntryForm, *, accepts: bool) -> None:
        async def step() -> None:
            fields = form.values()
            desk = await self.visit.work(lambda: self.visit.service.desk)
            who = parts.reviewer(self.visit, desk)
            try:
                opened, said = await self.visit.work(
                    entry_from_draft, desk, str(shown.row["draft_id"]), fields, who,
                    shown=entry.content_hash, accepts=accepts, review_by=form.review_by,
                )  # fmt: skip
            except WrongFields as wrong:
                form.show(wrong.fields)
                say("Something has to be corrected; see the fields.", is_good=False)
                return
            self.is_editing = False
            words = parts.accepted_words(who, said[1:]) if accepts else ["Saved. It waits to be accepted."]
            self._done(str(shown.row["draft_id"]), [*words, f"“{opened.entry.question}”"])

        await self._once(step)

    async def _once(self, step: Callable[[], Awaitable[None]]) -> None:
        """One decision at a time: a second press while the first is under way is none."""
        if self.is_busy:
            return
        self.is_busy = True
        try:
            await self.visit.attempt(step)
        finally:
            self.is_busy = False

    def _done(self, name: str, said: list[str]) -> None:
        self.decided[name] = said
        say(said[0])
        self._draft.refresh()

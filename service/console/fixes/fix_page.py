"""``/fixes/{fix_id}``: one pattern of failures and what would mend it, from the first example to the release.

Belongs here: the page and its actions. Does not belong here: drawing what fails (``pattern_view``) and what would
mend it (``proposal_view``), what accepting does (``orchestration.people.fix_desk``), building (``week_page``).

What a person accepts is what they were shown: the fix's id is the hash of its proposal, and acceptance names it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

from nicegui import ui

from assets.retrain_agent.review_session.asked_decisions import beside_figures
from ledger.fixes import FixDecidedError
from orchestration.people.fix_desk import FixChanged, accept, reject
from service.console import looks
from service.console.fixes import words
from service.console.fixes.deciding import WrongEntries, edited_proposal, refusal, reviewer
from service.console.fixes.detail import FixView, read_fix
from service.console.fixes.looks import STYLE
from service.console.fixes.pattern_view import draw_examples, draw_pattern
from service.console.fixes.proposal_view import draw_entry, draw_proposal
from service.console.fixes.queue_page import chips, decided_in_words
from service.console.fixes.reading import ACCEPTED, OPEN, Change
from service.console.fixes.week_page import draw_week
from service.console.frame import Visit, page, say
from service.console.knowledge import parts
from service.console.knowledge.entry_form import EntryForm, fields_of
from service.console.knowledge.words import bounded, for_whom
from service.console.sign_offs import parts as sign_off_parts

if TYPE_CHECKING:
    from assets.retrain_agent.fixes.proposal import Proposal
    from desk.loading import Desk


@page("/fixes/{fix_id}", "Fix")
async def fix_page(visit: Visit, fix_id: str) -> None:
    """One fix."""
    sign_off_parts.dress()
    ui.add_css(parts.STYLE)
    ui.add_css(STYLE)
    ui.link("← All fixes", "/fixes")
    found = await visit.work(read_fix, visit.service, fix_id)
    if found is None:
        looks.empty("There is no such fix. A better proposal may have taken its place: look into the queue.", icon="search_off")  # fmt: skip
        return
    await _FixPage(visit, found).draw()


class _FixPage:
    def __init__(self, visit: Visit, found: FixView) -> None:
        self.visit, self.found = visit, found
        self.is_editing = self.is_busy = False
        self.left_out: set[str] = set()
        self.forms: list[EntryForm] = []
        self.owner: ui.input | None = None
        self.until: ui.input | None = None

    @ui.refreshable_method
    async def draw(self) -> None:
        """The fix as it stands."""
        found, fix = self.found, self.found.fix
        with ui.element("div").classes("fixes"):
            with looks.card():
                ui.label(bounded(fix.title)).props('role="heading" aria-level="2"').classes("fix-head")
                with ui.element("div").classes("row"):
                    chips(fix, found.names)
                if why := beside_figures(fix.why):
                    looks.text(bounded(why))
                looks.text(words.in_figures(fix), "muted")
            if fix.status != OPEN:
                self._what_became_of_it()
            with ui.element("div").classes("fix-sides"):
                with ui.element("div"):
                    if fix.pattern is not None:
                        draw_pattern(fix.pattern, found)
                    if fix.pattern is not None or found.examples:
                        draw_examples(found)
                with ui.element("div"), looks.card("What would change" if fix.status == OPEN else "What was proposed"):
                    if self.is_editing:
                        self._form()
                    else:
                        self.forms = []
                        choose = fix.status == OPEN and self._refusal() is None
                        self.left_out.clear()
                        draw_proposal(found, self._leave_out if choose else None)
                        if fix.status == OPEN:
                            self._decision()
            if fix.status == ACCEPTED:
                draw_week(self.visit)

    def _refusal(self) -> str | None:
        return refusal(self.visit.account(), self.found.roles, self.found.fix.proposal)

    def _what_became_of_it(self) -> None:
        found, fix = self.found, self.found.fix
        with looks.card("What became of it"):
            change = found.change
            looks.text(decided_in_words(fix) if change is None else words.change_in_words(change), "strong")
            if fix.status != ACCEPTED or fix.proposal is None:
                return
            if change is not None and fix.note:
                looks.text(bounded(fix.note), "text muted")
            if change is not None and change.status == ACCEPTED:
                self._what_is_left(change)
            if fix.change_id:
                ui.link(f"{fix.change_id}: how far it got, and what it did", f"/fixes/changes/{fix.change_id}")

    def _what_is_left(self, change: Change) -> None:
        if not change.is_for_the_week:
            looks.text("The month's retrain learns from these tickets; nothing is left to do before.")
            return
        sign_off_parts.minor("What is left to do")
        with ui.element("ol").classes("fix-steps"):
            if change.touches_behavior:
                with ui.element("li"):
                    ui.link("Read and sign the behavior", "/sign-offs/behavior")
            with ui.element("li"):
                looks.text("Build the week's release, at the end of this page.")
            with ui.element("li"):
                looks.text(
                    "Read what it changes, sign it, and make it current: the link stands there once it is built."
                )

    def _decision(self) -> None:
        found, proposal = self.found, self.found.fix.proposal
        why_not = self._refusal()
        if why_not is not None:
            looks.text(why_not, "muted")
            return
        if proposal is None or proposal.is_empty:
            with ui.element("div").classes("row"):
                category = quote(found.fix.category_id or "", safe="")
                ui.link("Write an entry", f"/knowledge/new?category={category}")
                ui.button("Close it …", icon="close", on_click=self._ask_why).props("outline color=negative")
            return
        if found.problems:
            sign_off_parts.problems("It cannot be accepted as things stand:", found.problems)
        if found.edits:
            self._owner_and_day()
        with ui.element("div").classes("row"):
            button = ui.button("Accept as it is", icon="check", on_click=self._accept)
            button.set_enabled(not found.problems)
            if found.edits:
                ui.button("Edit first", icon="edit", on_click=self._edit).props("outline")
            ui.button("Reject …", icon="close", on_click=self._ask_why).props("outline color=negative")

    def _owner_and_day(self) -> None:
        found = self.found
        with ui.element("div").classes("form-two"):
            self.owner = None
            if found.owner is not None:  # else each entry keeps its own
                self.owner = ui.input("Who answers for it", value=found.owner, autocomplete=list(found.choices.owners))
                self.owner.props("outlined dense").classes("field")
            self.until = parts.date_field("To be looked at again by", found.until)

    def _form(self) -> None:
        found = self.found
        self.forms, self.owner, self.left_out = [], None, set()
        for one in found.edits:
            with ui.element("div").classes("fix-entry"):
                sign_off_parts.minor(bounded(one.after.question)[:200])
                looks.text(for_whom(one.after.conditions), "muted small")
                owner = one.after.owner or found.owner
                self.forms.append(EntryForm(found.choices, {**fields_of(one.after), "owner": owner}, has_days=False))
                with parts.folded("What the proposal would change"):
                    draw_entry(one, found.names)
        self.until = parts.date_field("To be looked at again by", found.until)
        with ui.element("div").classes("row"):
            ui.button("Accept with these words", icon="check", on_click=self._accept)
            ui.button("Cancel", on_click=self._cancel).props("flat")

    def _edit(self) -> None:
        self.is_editing = True
        self.draw.refresh()

    def _cancel(self) -> None:
        self.is_editing = False
        self.draw.refresh()

    def _leave_out(self, ticket_id: str, is_left_out: bool) -> None:
        (self.left_out.add if is_left_out else self.left_out.discard)(ticket_id)

    async def _accept(self) -> None:
        found, proposal = self.found, self.found.fix.proposal
        if proposal is None:
            return

        async def step() -> None:
            until = parts.day_of(self.until.value, "Next review") if self.until else None
            desk = await self.visit.work(lambda: self.visit.service.desk)
            who = reviewer(self.visit, desk, proposal)
            edited = await self._edited(desk, proposal)
            if edited is None:
                return
            owner = (self.owner.value or "").strip() if self.owner else ""
            try:
                await self.visit.work(
                    accept, desk, found.fix.fix_id, who, edited=None if edited == proposal else edited, owner=owner or None,
                    review_by=until, shown=found.mark,
                )  # fmt: skip
            except (FixChanged, FixDecidedError) as problem:
                if not self.forms:  # else what was written would be lost
                    await self._read_again()
                say(str(problem)[:2_000], is_good=False)
                return
            await self._read_again()
            say(f"Accepted: it is change {self.found.fix.change_id}.")

        await self._once(step)

    async def _edited(self, desk: Desk, proposal: Proposal) -> Proposal | None:
        """The proposal as it is on the screen; None where something has to be corrected, which is said at its field."""
        fields = [one.values() for one in self.forms] if self.forms else None
        try:
            return await self.visit.work(edited_proposal, desk, proposal, self.found.edits, fields, self.left_out)
        except WrongEntries as wrong:
            for place, problems in wrong.by_entry.items():
                self.forms[place].show(problems)
            say("Something has to be corrected; see the fields.", is_good=False)
            return None

    def _ask_why(self) -> None:
        is_note = self.found.fix.proposal is None or self.found.fix.proposal.is_empty
        title, label, button = (
            ("Close it", "What was done about it, or why nothing is", "Close it")
            if is_note
            else ("Reject this fix", "Why it is not wanted", "Reject")
        )
        with ui.dialog() as dialog, ui.card().classes("ask"):
            looks.heading(title)
            looks.text(bounded(self.found.fix.title))
            why = ui.textarea(label).props("outlined autofocus autogrow maxlength=20000").classes("field")
            with ui.element("div").classes("row"):
                ui.button(button, on_click=lambda: self._reject(why, dialog)).props("color=negative")
                ui.button("Cancel", on_click=dialog.close).props("flat")
        dialog.open()

    async def _reject(self, why: ui.textarea, dialog: ui.dialog) -> None:
        if not (why.value or "").strip():
            why.error = "Say it in a few words, so that the same is not proposed again in vain."
            return

        async def step() -> None:
            desk = await self.visit.work(lambda: self.visit.service.desk)
            who = reviewer(self.visit, desk, self.found.fix.proposal)
            await self.visit.work(reject, desk, self.found.fix.fix_id, who, why.value.strip())
            dialog.close()
            await self._read_again()
            say("Recorded. It is not proposed again as it is.")

        await self._once(step)

    async def _read_again(self) -> None:
        found = await self.visit.work(read_fix, self.visit.service, self.found.fix.fix_id)
        if found is not None:
            self.found = found
        self.is_editing = False
        self.draw.refresh()

    async def _once(self, step: Callable[[], Awaitable[None]]) -> None:
        """One decision at a time: a second press while the first is under way is none."""
        if self.is_busy:
            return
        self.is_busy = True
        try:
            await self.visit.attempt(step)
        finally:
            self.is_busy = False

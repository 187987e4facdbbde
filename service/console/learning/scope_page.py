"""``/learning/scope``: what the agent may answer by itself: what may follow, what it lost, what may come back.

Belongs here: the page and its actions. Does not belong here: reading and refusing (``scoping``), what deciding does
(``orchestration.people.scope_desk``).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from nicegui import ui

from assets.sustain_learning.frames import BACK, NARROW, WIDEN
from assets.sustain_learning.scope.short_way import Step
from ledger.autonomy import MAX_REASON_CHARS, AutonomyTurn
from orchestration.lake import Lake
from service.console import looks
from service.console.frame import Visit, page, say
from service.console.knowledge.words import bounded
from service.console.learning import words
from service.console.learning.looks import dress, named
from service.console.learning.scoping import (
    Proposal,
    ScopeView,
    accept_shown,
    decider,
    read_notes,
    read_scope,
    reject_shown,
    restore_shown,
)
from service.console.sign_offs import parts
from service.console.sign_offs.living import Living
from service.identity.account import NotAllowed, Role

REASON = "Say it in a few words: it is kept in the ledger."


@page("/learning/scope", "Learning")
async def scope_page(visit: Visit) -> None:
    """The agent's scope."""
    dress("/learning/scope")
    home = visit.service.home

    def draw(found: ScopeView) -> None:
        _Scope(visit, found, living.refresh).draw()

    living: Living[ScopeView] = Living(
        visit,
        lambda: read_scope(visit.service.desk, visit.service.ledger),
        draw,
        mark=lambda: Lake(home).modified_at("scope_proposals"),
    )
    Living(visit, lambda: read_notes(visit.service.desk), _notes, is_quiet=True)


def _notes(found: list[str] | None) -> None:
    if found:
        with looks.card("How the rest stands"):
            parts.folded(found, parts.bullets, "sentences", first=6)


class _Scope:
    def __init__(self, visit: Visit, found: ScopeView, refresh: Callable[[], Awaitable[None]]) -> None:
        self.visit, self.found, self.refresh = visit, found, refresh

    def draw(self) -> None:
        """What was lost, what can be decided, what is on its way, what was decided."""
        proposals = self.found.proposals
        self._lost()
        if proposals is None:
            looks.empty(
                "The agent's scope was not looked at yet. What it may answer next is proposed once what it answers is mastered. "
                "Run: understudy run sustain_learning",
                icon="hourglass_empty",
            )
            return
        mine = [one for one in proposals if one.kind != NARROW]
        to_decide = [one for one in mine if one.can_be_decided]
        under_way = [one for one in mine if one.is_open and not one.can_be_decided]
        over = [one for one in proposals if not one.is_open]
        with looks.card("To decide"):
            if not to_decide:
                looks.text("Nothing is proposed now.", "muted")
            else:
                self._list(to_decide)
        if under_way:
            with looks.card("Accepted, and how far it has come"):
                self._list(under_way)
        if over:
            with parts.details(f"Rejected, or resting on nothing any more ({len(over)})"), looks.card():
                self._list(over)

    def _lost(self) -> None:
        lost = self.found.lost
        if not lost and not self.found.restored:
            return
        with looks.card("Without autonomy"):
            if not lost:
                looks.text("No category is without its autonomy now.", "muted")
            else:
                looks.text(
                    "A person sends every answer about these until somebody gives the autonomy back.", "muted small"
                )
            with ui.element("ul").classes("learn-list"):
                for one in lost:
                    with ui.element("li").classes("learn-line"):
                        with ui.element("div").classes("row"):
                            looks.text(self._name(one.category_id), "text strong")
                            looks.chip(f"since {words.day(one.occurred_at)}", "bad")
                        looks.text(f"{words.capitalised(bounded(one.reason or 'no reason is on file')).rstrip('.')}.")
                        with ui.element("div").classes("row"):
                            ui.link("Its entries", words.category_path(one.category_id))
                            ui.link("Its answers", words.answers_path(one.category_id))
                        self._button(
                            "Give the autonomy back …",
                            "undo",
                            self.found.pilot_roles,
                            partial(self._ask_restore, one),
                        )
            if self.found.restored:
                with parts.details(f"Given back before ({len(self.found.restored)})"):
                    parts.bullets(
                        f"{self._name(one.category_id)}: on {words.day(one.occurred_at)} by {one.by or 'an erased person'}"
                        f"{f': {bounded(one.reason)[:600]}' if one.reason else ''}"
                        for one in self.found.restored
                    )

    def _name(self, category_id: str) -> str:
        return named(self.found.names, category_id)

    def _list(self, some: Sequence[Proposal]) -> None:
        with ui.element("ol").classes("learn-list"):
            for one in some:
                self._line(one)

    def _line(self, one: Proposal) -> None:
        with ui.element("li").classes("learn-line"):
            with ui.element("div").classes("row"):
                looks.text(self._name(one.category_id), "text strong")
                looks.chip(words.SCOPE_KINDS.get(one.kind, words.code(one.kind)), "note")
                looks.chip(*words.SCOPE_STATUSES.get(one.status, (words.code(one.status), "")))
                if one.tickets_per_month is not None:
                    looks.text(f"about {one.tickets_per_month:,.0f} tickets a month", "muted small")
            looks.text(bounded(one.sentence))
            told = [each for each in one.reasons if each.rstrip(".") not in one.sentence]
            if told:
                parts.bullets(bounded(each) for each in told)
            if one.steps:
                parts.minor("The short way" if one.kind == WIDEN else "What has been shown since")
                _steps(one)
            if one.decided_at is not None:
                why = f": {bounded(one.reason)[:600]}" if one.reason else ""
                looks.text(
                    f"{words.capitalised(words.SCOPE_STATUSES.get(one.status, (one.status, ''))[0])}: decided by "
                    f"{one.decided_by or 'an erased person'} on {words.day(one.decided_at)}{why}",
                    "muted small",
                )
            if one.status == "accepted" and one.kind == WIDEN:
                with ui.element("div").classes("row"):
                    looks.text("The roadmap must be signed again before anything follows:", "small")
                    ui.link("Read and sign the roadmap", "/sign-offs/roadmap")
            if one.can_be_decided:
                self._decision(one)

    def _decision(self, one: Proposal) -> None:
        known = self.found.roles_of(one)
        if (refusal := self._refusal(known)) is not None:
            looks.text(refusal, "muted small")
            return
        with ui.element("div").classes("row"):
            ui.button("Accept …", icon="check", on_click=lambda: self._ask_accept(one))
            ui.button("Reject …", icon="close", on_click=lambda: self._ask_reject(one)).props("outline color=negative")

    def _refusal(self, known: Sequence[str]) -> str | None:
        try:
            self.visit.account(Role.APPROVER).signing_role(known)
        except NotAllowed as problem:
            return str(problem)
        return None

    def _button(self, title: str, icon: str, known: Sequence[str], on_click: Callable[[], object]) -> None:
        if (refusal := self._refusal(known)) is not None:
            looks.text(refusal, "muted small")
        else:
            ui.button(title, icon=icon, on_click=on_click).props("outline").style("align-self:flex-start")

    def _ask_accept(self, one: Proposal) -> None:
        known = self.found.roles_of(one)
        if one.kind == BACK:
            self._ask(
                f"Give {self._name(one.category_id)} its autonomy back",
                "New messages are answered as the pilot allows; what was held back stays with people.",
                "Why (may stay empty)", "Give it back", False,
                lambda desk, why: accept_shown(desk, one, decider(self.visit, known, why)),
            )  # fmt: skip
            return
        tier = f", tier {one.tier}" if one.tier else ""
        self._ask(
            f"Accept: {self._name(one.category_id)} joins the scope",
            f"Writes into categories.yaml: {one.category_id}: {one.to_bucket}{tier}. The roadmap must be signed again, and nothing is "
            "answered by itself before the category has walked the short way.",
            "A note (may stay empty)", "Accept", False,
            lambda desk, why: accept_shown(desk, one, decider(self.visit, known, why)),
        )  # fmt: skip

    def _ask_reject(self, one: Proposal) -> None:
        known = self.found.roles_of(one)
        self._ask(
            f"Reject: {self._name(one.category_id)} stays as it is", "It is not offered again.", "Why it is not wanted", "Reject", True,
            lambda desk, why: reject_shown(desk, one, decider(self.visit, known), why), is_bad=True,
        )  # fmt: skip

    def _ask_restore(self, one: AutonomyTurn) -> None:
        self._ask(
            f"Give {self._name(one.category_id)} its autonomy back",
            "New messages are answered as the pilot allows; what was held back stays with people. Only what is judged from now on counts "
            "for or against it.",
            "Why it may answer by itself again", "Give it back", True,
            lambda desk, why: restore_shown(
                desk, self.visit.service.ledger, one, decider(self.visit, self.found.pilot_roles), why
            ),
        )  # fmt: skip

    def _ask(
        self,
        title: str,
        told: str,
        label: str,
        button_words: str,
        needs_reason: bool,
        do: Callable[..., list[str]],
        *,
        is_bad: bool = False,
    ) -> None:
        with ui.dialog() as dialog, ui.card().classes("ask"):
            looks.heading(title)
            looks.text(told)
            reason = (
                ui.textarea(label).props(f"outlined autofocus autogrow maxlength={MAX_REASON_CHARS}").classes("w-full")
            )
            with ui.element("div").classes("row").style("justify-content:flex-end"):
                ui.button("Cancel", on_click=dialog.close).props("flat")
                button = ui.button(button_words).props("color=negative" if is_bad else "")

        async def step() -> None:
            why = (reason.value or "").strip()
            desk = await self.visit.work(lambda: self.visit.service.desk)
            said = await self.visit.work(do, desk, why)
            dialog.close()
            say(bounded(said[0]))
            await self.refresh()

        async def go() -> None:
            if needs_reason and not (reason.value or "").strip():
                reason.error = REASON
                return
            button.disable()
            if not await self.visit.attempt(step):
                button.enable()

        button.on_click(go)
        dialog.open()


def _steps(one: Proposal) -> None:
    with ui.element("ol").classes("learn-steps"):
        for step in one.steps:
            _step(one, step)


def _step(one: Proposal, step: Step) -> None:
    title, path = words.STEPS.get(step.step, (words.code(step.step), ""))
    if step.step == "shadow":
        path = words.answers_path(one.category_id)
    with ui.element("li"):
        looks.chip("done", "good") if step.is_done else looks.chip("open", "open")
        with ui.element("div"):
            looks.text(f"{title}: {bounded(step.why)}")
            is_ours = "scope accept" in step.what_to_do  # what the buttons of this page do
            if not step.is_done and not is_ours:
                with ui.element("div").classes("row"):
                    if path:
                        ui.link(f"To the page of {title.lower()}", path).classes("small")
                    if step.what_to_do:
                        looks.text(bounded(step.what_to_do), "mono muted")

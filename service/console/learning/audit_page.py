"""``/learning/audit``: the quarter's work list by owner, and confirming what is right as it stands.

Belongs here: the page and its actions. Does not belong here: the list itself (``auditing``), editing and accepting entries,
settling findings (``knowledge``).
"""

from __future__ import annotations

from collections.abc import Sequence

from nicegui import ui

from orchestration.lake import Lake
from orchestration.people.audit_work import Item, Work
from service.console import looks
from service.console.frame import Visit, page, say
from service.console.knowledge.parts import may_decide, reviewer
from service.console.knowledge.words import bounded, for_whom, some
from service.console.learning import words
from service.console.learning.auditing import (
    KINDS,
    AuditView,
    Share,
    confirm_shown,
    ordered,
    paths,
    read_audit,
    shares,
    what_is_confirmed,
    whose,
    wording,
)
from service.console.learning.looks import dress, named
from service.console.sign_offs import parts
from service.console.sign_offs.living import Living

EVERYBODY = ""
EVERYONE = for_whom({})
TO_DO, DONE, ALL = "to_do", "done", "all"
PAGE = 25
NOTE_CHARS = 2_000


@page("/learning/audit", "Learning")
async def audit_page(visit: Visit, quarter: str = "", owner: str = EVERYBODY) -> None:
    """The quarterly audit."""
    dress("/learning/audit")
    asked = {"owner": owner, "standing": TO_DO}

    def read() -> AuditView:
        desk = visit.service.desk
        return read_audit(desk, quarter, may_decide(visit, desk))

    def draw(found: AuditView) -> None:
        if found.work is None:
            looks.empty(
                "No audit has been opened yet. One is opened on the first day of every quarter; by hand: understudy run "
                "quarterly",
                icon="hourglass_empty",
            )
            return
        _Audit(visit, found, found.work, asked, living).draw()

    home = visit.service.home
    living: Living[AuditView] = Living(visit, read, draw, mark=lambda: Lake(home).modified_at("knowledge_audit"))


class _Audit:
    """The list with its filters; what is chosen stands in ``asked``, so that it outlives drawing anew."""

    def __init__(
        self, visit: Visit, found: AuditView, work: Work, asked: dict[str, str], living: Living[AuditView]
    ) -> None:
        self.visit, self.found, self.work, self.asked, self.living = visit, found, work, asked, living
        self.shares = shares(work.items)
        self.shown = PAGE
        self.is_busy = False

    def draw(self) -> None:
        """How far everybody is, the filters, and the list."""
        self._standing()
        owners = {one.owner: f"{whose(one.owner)} ({one.count_open:,} to do)" for one in self.shares}
        if self.asked["owner"] not in owners:
            self.asked["owner"] = EVERYBODY
        left = sum(one.count_open for one in self.shares)
        done = len(self.work.items) - left
        standings = {TO_DO: f"To do ({left:,})", DONE: f"Done ({done:,})", ALL: f"All ({left + done:,})"}
        with ui.element("div").classes("learn-filters"):
            self._filter("owner", "Owner", {EVERYBODY: "Everybody", **owners})
            self._filter("standing", "Standing", standings)
        self._list()

    def _standing(self) -> None:
        with looks.card(f"Audit of {self.work.quarter.replace('-', ', ')}"):
            due = max((one.row["due_at"] for one in self.work.items), default=None)
            late = sum(one.count_overdue for one in self.shares)
            left = sum(one.count_open for one in self.shares)
            told = (
                f"{some(left, 'item', 'items')} to look at, due {words.day(due)}."
                if left
                else "Everything is looked at."
            )
            with ui.element("div").classes("row"):
                if late:
                    looks.chip(f"{late:,} overdue", "bad")
                looks.text(told, "strong" if left else "")
            looks.text(
                "Start at the top: read it as a customer would. What is wrong is edited, what is right is confirmed. What is not "
                "looked at in time turns the check “knowledge is fresh” red.",
                "muted small",
            )
            if self.work.left_over:
                earlier = some(self.work.left_over, "item", "items")
                looks.text(f"{earlier} of earlier quarters are open still, and not on this list.", "small")
            if len(self.found.quarters) > 1:
                with ui.element("div").classes("row"):
                    looks.text("Other quarters:", "muted small")
                    for one in self.found.quarters:
                        if one != self.work.quarter:
                            ui.link(one, f"/learning/audit?quarter={one}").classes("small")
            with parts.details(f"By owner ({len(self.shares)})"), ui.element("div"):
                for share in self.shares:
                    _share(share)

    def _filter(self, name: str, label: str, options: dict[str, str]) -> None:
        select = ui.select(
            options, value=self.asked[name], label=label, on_change=lambda e: self._choose(name, e.value)
        )
        select.props("outlined dense").classes("w-full")

    def _choose(self, name: str, value: str | None) -> None:
        self.asked[name], self.shown = value or "", PAGE
        self._list.refresh()

    def _fits(self, one: Item) -> bool:
        asked = self.asked
        return asked["owner"] in (EVERYBODY, str(one.row["owner"])) and (
            asked["standing"] == ALL or one.is_done == (asked["standing"] == DONE)
        )

    @ui.refreshable_method
    def _list(self) -> None:
        found = ordered([one for one in self.work.items if self._fits(one)])
        if self.found.refusal is not None:
            looks.text(f"You may read this list. {self.found.refusal}", "muted small")
        self._offer_quiet()
        if not found:
            looks.empty(
                "Nothing is left to do here. Well done." if self.asked["standing"] == TO_DO else "Nothing fits."
            )
            return
        with looks.card():
            with ui.element("ol").classes("learn-list"):
                for one in found[: self.shown]:
                    self._line(one)
            if len(found) > self.shown:
                ui.button(f"Show {min(PAGE, len(found) - self.shown)} more", on_click=self._more).props("outline")

    def _more(self) -> None:
        self.shown += PAGE
        self._list.refresh()

    def _offer_quiet(self) -> None:
        """Where one owner is chosen: all that nothing speaks against, in one."""
        share = next((one for one in self.shares if one.owner == self.asked["owner"]), None)
        if share is None or not share.quiet or self.found.refusal is not None or self.asked["standing"] == DONE:
            return
        with ui.element("div").classes("spread notice"):
            what = some(len(share.quiet), "entry", "entries")
            looks.text(f"Nothing of note speaks against {what} of {whose(share.owner)}.")
            ui.button(f"Read and confirm {what} …", icon="done_all", on_click=lambda: self._ask(share.quiet)).props(
                "outline"
            )

    def _line(self, one: Item) -> None:
        row = one.row
        with ui.element("li").classes("learn-line"):
            with ui.element("div").classes("row"):
                if one.is_done:
                    looks.chip("done", "good")
                elif one.is_overdue:
                    looks.chip("overdue", "bad")
                looks.chip(KINDS.get(str(row["subject_kind"]), words.code(str(row["subject_kind"]))), "note")
                if row["category_id"]:
                    looks.chip(named(self.found.names, str(row["category_id"])))
            looks.text(bounded(str(row["title"])), "text strong")
            if (told := wording(one)) is not None and told[0] != EVERYONE:
                looks.text(told[0], "small")
            reasons = [str(each) for each in (row["reasons"] or [])]
            if reasons:
                parts.bullets(bounded(each) for each in reasons)
            elif not one.is_done:
                looks.text(
                    "Nothing of note speaks against it; it is here because every live entry is looked at.",
                    "muted small",
                )
            if one.went_wrong and one.went_wrong[0] and not any("went wrong" in each for each in reasons):
                wrong, answers = one.went_wrong
                looks.text(
                    f"Since it says this, {wrong:,} of {some(answers, 'answer', 'answers')} from it went wrong.",
                    "small",
                )
            if one.hindrance and not one.is_done:
                looks.text(bounded(one.hindrance), "small diff-gone")
            looks.text(_whose_and_when(one), "muted small")
            with ui.element("div").classes("row"):
                for title, path in paths(one):
                    ui.link(title, path)
                if not one.is_done and one.hindrance is None and one.content and self.found.refusal is None:
                    button = ui.button("It is right …", icon="check", on_click=lambda _, each=one: self._ask([each]))
                    button.props("flat dense").props["aria-label"] = f"Confirm: {bounded(str(row['title']))[:120]}"

    def _ask(self, items: Sequence[Item]) -> None:
        """Show exactly what would be confirmed, and ask once."""
        many = len(items) > 1
        with ui.dialog() as dialog, ui.card().classes("ask"):
            looks.heading(f"Confirm {len(items):,} entries" if many else "It is right as it stands")
            if many:
                renewed = sum(one.renews for one in items)
                reviews = f" Of {renewed:,} of them the next review is set." if renewed else ""
                looks.text(f"You say that each of these entries is right as it stands here, word for word.{reviews}")
            else:
                looks.text(what_is_confirmed(items[0]))
            with ui.element("div").classes("learn-ask").props("tabindex=0 role=region aria-label='What is confirmed'"):
                for one in items:
                    _wording(one, is_alone=not many)
            note = ui.textarea("A note (may stay empty)")
            note.props(f"outlined autogrow maxlength={NOTE_CHARS}").classes("w-full")
            with ui.element("div").classes("row").style("justify-content:flex-end"):
                ui.button("Cancel", on_click=dialog.close).props("flat")
                words_ = f"Confirm all {len(items):,}" if many else "Confirm"
                button = ui.button(words_, icon="check")

        async def step() -> None:
            desk = await self.visit.work(lambda: self.visit.service.desk)
            who = reviewer(self.visit, desk, note.value or "")
            said = await self.visit.work(confirm_shown, desk, list(items), who)
            dialog.close()
            say(said[-1])
            await self.living.refresh()

        async def go() -> None:
            button.disable()
            if not await self.visit.attempt(step):
                button.enable()

        button.on_click(go)
        dialog.open()


def _share(one: Share) -> None:
    with ui.element("div").classes("learn-owner"):
        looks.text(whose(one.owner), "strong")
        if one.count_overdue:
            looks.chip(f"{one.count_overdue:,} overdue", "bad")
        looks.text(f"{one.count_open:,} to do, {one.count_done:,} done", "muted")


def _wording(one: Item, *, is_alone: bool) -> None:
    with ui.element("div").classes("stack").style("gap:4px"):
        looks.text(bounded(str(one.row["title"])), "text strong")
        told = wording(one)
        if told is not None:
            looks.text(told[0], "muted small")
            looks.text(told[1], "quote")
        if is_alone and (reasons := [str(each) for each in (one.row["reasons"] or [])]):
            looks.text("This speaks against it, and you say that it is right all the same:", "small")
            parts.bullets(bounded(each) for each in reasons)


def _whose_and_when(one: Item) -> str:
    row = one.row
    owner = whose(str(row["owner"]))
    owned = owner if str(row["owner"]) == "unowned" else f"Owned by {owner}"
    if one.is_done:
        by = f" by {bounded(str(row['done_by']))[:80]}" if row["done_by"] else ""
        return f"{owned} · {words.capitalised(str(row['done_how']))}{by} on {words.day(row['done_at'])}"
    return f"{owned} · due {words.day(row['due_at'])}"

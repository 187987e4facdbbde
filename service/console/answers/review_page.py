"""The queue on one page: what each key and button does, and what is drawn after it.

Belongs here: the course of a page, from keys to the ``Sitting`` and back. Does not belong here: how parts look (the panels,
the bar), what a review comes to (``judging``), reading and writing (``sitting``).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from nicegui import ui
from nicegui.events import KeyEventArguments

from ledger.given_reviews import ReviewedMeanwhileError
from ledger.reviews import REASONS, TAGS
from service.console import looks
from service.console.answers import words
from service.console.answers.filter_bar import FilterBar
from service.console.answers.filters import Filters
from service.console.answers.judging import CORRECT, INCORRECT, NEEDS_IMPROVEMENT, Judgement, NotToBeEdited, fates_of
from service.console.answers.keys_help import keys_dialog
from service.console.answers.queue_list import QueueList
from service.console.answers.review_bar import REASON_KEYS, ReviewBar
from service.console.answers.shown_panel import ShownPanel
from service.console.answers.sitting import (
    BeforeSomebodyElse,
    NotBeforeYou,
    NothingToUndo,
    Recorded,
    Reviewer,
    Sitting,
)
from service.console.frame import Visit

TAG_KEYS = dict(zip("123", TAGS, strict=True))
MOVES = {"j": "j", "ArrowRight": "j", "k": "k", "ArrowLeft": "k"}


class ReviewPage:
    """One reviewer's page. Of what is pressed one thing is done at a time; what comes meanwhile is ignored."""

    def __init__(
        self, visit: Visit, sitting: Sitting, reviewer_now: Callable[[], Reviewer], agreement: list[str]
    ) -> None:
        self.visit, self.sitting, self._reviewer_now = visit, sitting, reviewer_now
        self._is_busy = False
        self._begun: Judgement | None = None
        """A tag whose reason is asked for, or that waits to be a second opinion."""
        self._fates: tuple[str, ...] = ("r",)
        self._writing = ""
        """Which text is being written: edit, right_answer or comment."""
        self._comment = ""
        self._agreement = agreement
        self._offered: set[str] = set()
        """Others' reviews that were shown to ask whether ours is to be a second opinion."""
        self._draw()

    def _draw(self) -> None:
        sitting = self.sitting
        with ui.element("div").classes("answers") as self._root:
            with ui.element("div").classes("row top"):
                self._progress = ui.label("").classes("muted grow progress")
                narrow = [
                    ui.button(icon=icon).props(f'flat dense round aria-label="{title}"').classes("only-narrow")
                    for title, icon in (("Filters", "tune"), ("List", "list"))
                ]
                with ui.element("button").classes("act small hint").props('type="button"') as keys:
                    looks.text("Keys", "words")
                    with ui.element("kbd").props('aria-hidden="true"'):
                        ui.label("?")
            self._filters = FilterBar(sitting.stock, sitting.filters, self.choose_filters)
            with ui.element("div").classes("grid"):
                self._list = QueueList(sitting, self.choose)
                self._panel = ShownPanel(sitting, self._key)
            self._bar: ReviewBar | None = None
            if sitting.reviewer.role is not None:
                self._bar = ReviewBar(self)
            else:
                looks.text(
                    "You can read here. Tagging is for reviewers; an administrator gives that role.", "muted small"
                )
            self._help = keys_dialog()
            keys.on("click", self._help.open)
            narrow[0].on_click(self._filters.toggle)
            narrow[1].on_click(self._list.toggle)
        self.show()

    def show(self) -> None:
        """Draw the shown answer, or the end of the queue."""
        sitting, item = self.sitting, self.sitting.shown
        self._comment = ""
        self._back_out()
        self._panel.show(self._agreement)
        self._list.show()
        self._show_progress()
        more = {} if item is None else {"answer": item.answer_id}
        ui.navigate.history.replace(f"/answers{sitting.filters.query(**more)}")

    def _show_progress(self) -> None:
        made = self.sitting.progress()
        self._progress.set_text(f"{made.tagged:,} of {made.total:,} tagged, {made.mine_today:,} by you today")

    async def choose_filters(self, filters: Filters) -> None:
        """Another queue."""
        await self._do(lambda: self._open(filters))

    async def _open(self, filters: Filters) -> None:
        await self.visit.work(self.sitting.open, filters)
        await self._shown_now()

    async def choose(self, answer_id: str) -> None:
        """Show an answer of the list."""

        async def step() -> None:
            await self.visit.work(self.sitting.go_to, answer_id)
            await self._shown_now()

        await self._do(step)

    async def _key(self, event: KeyEventArguments, answer_id: str) -> None:
        held = event.modifiers
        if not event.action.keydown or held.ctrl or held.alt or held.meta or self._help.value:
            return
        await self.press(MOVES.get(event.key.name, event.key.name), answer_id)

    async def press(self, what: str, answer_id: str) -> None:
        """A key, or the button that stands for it, pressed while this answer was shown."""
        if self._writing:
            if what == "Escape":
                self._back_out()
            return
        if what in ("?", "/", "w", "o", "Escape"):
            self._look(what)
        elif what in ("j", "k"):
            await self._do(lambda: self._move(what))
        elif self._bar is None:
            return
        elif what == "u":
            await self._do(self._undo)
        elif self._begun is not None:
            await self._do(lambda: self._answer_why(what, answer_id))
        elif what in TAG_KEYS:
            await self._do(lambda: self._tag(TAG_KEYS[what], answer_id))
        elif what in ("e", "c", "m"):
            await self._do(lambda: self._write(what, answer_id))

    def _look(self, what: str) -> None:
        if what == "?":
            self._help.open()
        elif what == "/":
            self._filters.focus()
        elif what == "Escape":
            self._back_out()
        else:
            fold = {"w": "why", "o": "others"}[what]
            ui.run_javascript(
                f"document.querySelectorAll('.answers details.{fold}').forEach((one) => one.open = !one.open)"
            )

    def _back_out(self) -> None:
        self._begun, self._writing, self._offered = None, "", set()
        if self._bar is not None:
            self._bar.close(is_at_end=self.sitting.shown is None)

    async def _move(self, what: str) -> None:
        if what == "k":
            if not await self.visit.work(self.sitting.back):
                self._say("This is the first one.")
                return
        else:
            await self.visit.work(self.sitting.forward)
        await self._shown_now()

    async def _tag(self, tag: str, answer_id: str) -> None:
        item = self.sitting.require_shown(answer_id, is_read=True)
        given = Judgement(tag, comment=self._comment or None)
        if tag == CORRECT or self._bar is None:
            await self._record(answer_id, given)
            return
        # From what was read when it was shown: a wait here would swallow the key that gives the reason.
        said = self.sitting.stock.said.get(answer_id, ())
        own = next((one for one in said if one.is_by(self.sitting.reviewer.name)), None)
        self._fates = fates_of(item, tag, None if own is None else own.decision)
        self._begun = given
        self._bar.ask_why(answer_id, tag, fates=self._fates, chosen=self._fates[0])

    async def _answer_why(self, what: str, answer_id: str) -> None:
        self.sitting.require_shown(answer_id)
        begun = self._begun
        assert begun is not None
        if self._offered:
            if what == "y":
                self.sitting.has_seen(answer_id, self._offered)
                await self._record(answer_id, begun)
            return
        if what in self._fates and self._bar is not None:
            self._begun = replace(begun, is_sent_as_is=what == "a", is_withheld=what == "r")
            self._bar.ask_why(answer_id, begun.tag, fates=self._fates, chosen=what)
        elif what == "n":
            await self._record(answer_id, begun)
        elif what in REASON_KEYS:
            await self._record(answer_id, replace(begun, reason=REASONS[REASON_KEYS.index(what)]))

    async def _write(self, what: str, answer_id: str) -> None:
        item = self.sitting.require_shown(answer_id)
        bar = self._bar
        assert bar is not None
        await self.visit.work(self.sitting.require_ours)
        own = await self.visit.work(self.sitting.own, answer_id)
        tag = own.tag if own is not None and own.tag != "correct" else ""
        reason = own.reason if tag and own is not None else None
        if what == "m":
            self._writing = "comment"
            bar.comment(answer_id, self._comment or (own.comment if own is not None else None) or "")
        elif what == "c":
            self._writing = "right_answer"
            bar.write(
                answer_id, title="What would have been right?", label="The right answer", save="Record it",
                text=(own.right_answer if own is not None else None) or "", tag=tag or INCORRECT, reason=reason,
            )  # fmt: skip
        elif item.is_sent_alone:
            self._say("This reply went to the customer already. Say what would have been right instead (c).")
        else:
            self._writing = "edit"
            bar.write(
                answer_id, title="What should be sent instead?", label="The reply", save="Send this instead",
                text=(own.edited_reply if own is not None else None) or item.reply, tag=tag or NEEDS_IMPROVEMENT, reason=reason,
            )  # fmt: skip

    async def written(self, answer_id: str, text: str, tag: str, reason: str | None) -> None:
        """Record an edit or a right answer."""
        if not text.strip():
            self._say("There is nothing in it yet.")
            return
        is_edit = self._writing == "edit"
        given = Judgement(tag, reason, self._comment or None)
        given = replace(given, edited_reply=text) if is_edit else replace(given, right_answer=text)
        await self._do(lambda: self._record(answer_id, given, stays=not is_edit))

    async def commented(self, answer_id: str, text: str) -> None:
        """Keep a comment for what is said next."""
        self._comment = text.strip()
        self._back_out()
        self._say("The note goes with what you say next." if self._comment else "No note.")

    async def _record(self, answer_id: str, given: Judgement, *, stays: bool = False) -> None:
        self.sitting.reviewer = await self.visit.work(self._reviewer_now)
        try:
            done = await self.visit.work(self.sitting.record, answer_id, given)
        except ReviewedMeanwhileError:
            said = await self.visit.work(self.sitting.stock.refresh, answer_id)
            others = [one for one in said if not one.is_by(self.sitting.reviewer.name)]
            self._begun, self._writing, self._offered = given, "", {one.review_id for one in others}
            if self._bar is not None:
                self._bar.offer_second(answer_id, others, words.TAGS[given.tag].lower())
            self._say("Not recorded: somebody else tagged it first.")
            return
        self._say(_recorded(done))
        if stays:
            await self._shown_now()
            if self._bar is not None:
                self._bar.offer_entry(answer_id)
            return
        await self.visit.work(self.sitting.forward)
        await self._shown_now()

    async def _undo(self) -> None:
        self.sitting.reviewer = await self.visit.work(self._reviewer_now)
        last = await self.visit.work(self.sitting.undo)
        await self._shown_now()
        before = (
            "nothing is said of it now" if last.before is None else f"it is {words.review_words(last.before)} again"
        )
        self._say(f"Taken back: {before}.")

    async def _shown_now(self) -> None:
        if self.sitting.shown is None:
            self._agreement = await self.visit.work(self.sitting.stock.agreement)
        self.show()
        self._panel.scroll_up()

    def _say(self, sentence: str) -> None:
        if self._bar is not None:
            self._bar.say(sentence)

    async def still_here(self) -> None:
        """The page is open and visible: hold on to the answer, and bring the figures up to date."""
        if self._is_busy:
            return
        with self._root:
            is_changed = await self.visit.work(self.sitting.renew)
            if await self.visit.work(self.sitting.stock.catch_up):
                self._show_progress()
            self._list.show()
            if is_changed and self.sitting.shown is not None:
                self._panel.show_notice()

    async def _do(self, step: Callable[[], Awaitable[None]]) -> None:
        """One action at a time; what is refused is said."""
        if self._is_busy:
            return
        self._is_busy = True
        # In the page itself: the key or button that began this may be gone when it ends.
        with self._root:
            try:
                await self.visit.attempt(lambda: self._said(step))
            finally:
                self._is_busy = False

    async def _said(self, step: Callable[[], Awaitable[None]]) -> None:
        try:
            await step()
        except BeforeSomebodyElse as problem:
            if not self._writing:  # what was written stays, to be saved once the answer is free again
                self._back_out()
            self._panel.show_notice()
            self._say(str(problem))
        except (NotBeforeYou, NothingToUndo, NotToBeEdited) as problem:
            self._say(str(problem))


def _recorded(done: Recorded) -> str:
    now = words.review_words(done.review)
    if not done.is_new:
        return f"You had said so before: {now}."
    if done.before is not None and done.before.tag != done.review.tag:
        return f"Changed: it was {words.TAGS[done.before.tag].lower()}, now it is {now}. Undo with u."
    return f"Recorded: {now}. Undo with u."

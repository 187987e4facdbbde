"""One reviewer at the queue: what is before them, what they may do with it, and the way back.

Belongs here: the course of a sitting, over the ledger and the claims. Does not belong here: anything that is drawn, what a
judgement comes to (``judging``).

Its methods read and write, so pages call them on a thread, one at a time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ledger.reviews import AnswerReview, record_reviews, standing_reviews, withdraw_review
from service.console.answers.filters import Filters, is_wanted
from service.console.answers.item import Item
from service.console.answers.judging import Judgement, review_of
from service.console.answers.stock import Progress, Stock
from service.console.claims import Claims

SOURCE = "console"
READING = dt.timedelta(milliseconds=300)
"""Nobody has read a draft sooner: a tag given within this time was meant for the one before."""


class NotBeforeYou(Exception):
    """An action is about an answer that is not, or not yet, what the reviewer reads; nothing was done."""


class BeforeSomebodyElse(Exception):
    """Another reviewer has the answer before them; nothing was recorded. ``name`` says who."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} has this one open right now, so nothing was recorded.")


class NothingToUndo(Exception):
    """``str()`` says why."""


@dataclass(frozen=True)
class Reviewer:
    """Who reviews. role: as which the ledger notes it; None: this person only reads."""

    account_id: str
    name: str
    role: str | None


@dataclass(frozen=True)
class Recorded:
    """A review that was written, and what this person had said before."""

    answer_id: str
    review: AnswerReview
    before: AnswerReview | None
    is_new: bool


@dataclass
class Sitting:
    """The queue of one visit. shown: the answer on the page; held_by: who else has it before them."""

    stock: Stock
    claims: Claims
    reviewer: Reviewer
    known_roles: Callable[[], Sequence[str]]
    clock: Callable[[], dt.datetime]
    filters: Filters = field(default_factory=Filters)
    scope: list[Item] = field(default_factory=list)
    queue: list[Item] = field(default_factory=list)
    shown: Item | None = None
    held_by: str | None = None
    shown_at: dt.datetime | None = None
    seen: set[str] = field(default_factory=set)
    """Ids of the reviews by others that were on the page."""
    _done: list[Recorded] = field(default_factory=list)

    def open(self, filters: Filters, answer_id: str | None = None) -> None:
        """Make the queue for these filters, and show an answer: this one, else the first that is free."""
        self.stock.catch_up()
        self.filters = filters
        self.scope = self.stock.scope(filters)
        me, said = self.reviewer.name, self.stock.said
        self.queue = [one for one in self.scope if is_wanted(said.get(one.answer_id, ()), filters.who, me)]
        asked = self.stock.by_id.get(answer_id or "")
        if asked is not None:
            self._show(asked)
        else:
            self._show_first(self.queue)

    @property
    def place(self) -> int | None:
        """Where in the queue the shown answer stands, from 0; None: nowhere."""
        return next((place for place, one in enumerate(self.queue) if one is self.shown), None)

    def forward(self) -> None:
        """Show the next answer that is free, from the end the first; nothing where none is left."""
        place = self.place
        self._show_first(self.queue if place is None else self.queue[place + 1 :])

    def back(self) -> bool:
        """Show the one before that nobody else has before them; whether there is one."""
        place = self.place
        before = self.queue[: len(self.queue) if place is None else place]
        for item in reversed(before):
            if self._claim(item) is None:
                self._show(item)
                return True
        return False

    def go_to(self, answer_id: str) -> None:
        """Show an answer, even one that another has before them."""
        if (item := self.stock.by_id.get(answer_id)) is not None:
            self._show(item)

    def left(self) -> list[Item]:
        """Those of the queue that still wait for this reviewer, and that nobody else has before them."""
        others = self.claims.of_others(self.reviewer.account_id)
        return [one for one in self.queue if one.answer_id not in others and self._waits(one)]

    def others_have(self) -> int:
        """How many of the queue that still wait are before somebody else."""
        others = self.claims.of_others(self.reviewer.account_id)
        return sum(one.answer_id in others and self._waits(one) for one in self.queue)

    def require_shown(self, answer_id: str, *, is_read: bool = False) -> Item:
        """The answer on the page, if the action is about it, and, with ``is_read``, if there was time to read it.

        Raises:
            NotBeforeYou
        """
        if self.shown is None or self.shown.answer_id != answer_id:
            raise NotBeforeYou("That was about an answer that is not on the page any more; nothing was done.")
        if is_read and self.shown_at is not None and self.clock() - self.shown_at < READING:
            raise NotBeforeYou("This one was only just shown, so the key was taken for a slip.")
        return self.shown

    def own(self, answer_id: str) -> AnswerReview | None:
        """What this reviewer says of an answer now, as the ledger has it."""
        return standing_reviews(self.stock.ledger, [answer_id], self.reviewer.name).get(answer_id)

    def record(self, answer_id: str, given: Judgement) -> Recorded:
        """Record what the reviewer says of the shown answer.

        Raises:
            NotBeforeYou: it is not shown. BeforeSomebodyElse: another has it before them.
            ReviewedMeanwhileError: somebody reviewed it since it was shown; ``has_seen`` and another try record it all the
            same. NotToBeEdited, LedgerError: it cannot be recorded.
        """
        item = self.require_shown(answer_id)
        if (holder := self._claim(item)) is not None:
            self.held_by = holder
            raise BeforeSomebodyElse(holder)
        before = self.own(answer_id)
        review = review_of(item, given, before)
        events = record_reviews(
            self.stock.ledger, [review], source=SOURCE, replaces=True, seen=self.seen, **self._signature()
        )
        self.stock.refresh(answer_id)
        done = Recorded(answer_id, review, before, bool(events))
        if events:
            self._done.append(done)
        return done

    def has_seen(self, answer_id: str, review_ids: Iterable[str]) -> None:
        """The reviewer has read these reviews of the shown answer by others, and goes on all the same."""
        self.require_shown(answer_id)
        self.seen |= set(review_ids)

    def require_ours(self) -> None:
        """Make sure that nobody else has the shown answer before them. Raises ``BeforeSomebodyElse``."""
        self.renew()
        if self.held_by is not None:
            raise BeforeSomebodyElse(self.held_by)

    def undo(self) -> Recorded:
        """Take back the last review of this sitting, restore what stood before, and show that answer.

        Raises:
            NothingToUndo: nothing was recorded, or something else was said of it since.
        """
        if not self._done:
            raise NothingToUndo("Nothing was tagged in this visit, so there is nothing to undo.")
        last = self._done[-1]
        if self.own(last.answer_id) != last.review:
            self._done.pop()
            raise NothingToUndo("You have said something else of that answer since, so it was left as it is.")
        if last.before is None:
            withdraw_review(self.stock.ledger, last.answer_id, **self._signature())
        else:
            record_reviews(self.stock.ledger, [last.before], source=SOURCE, replaces=True, **self._signature())
        self._done.pop()
        self.stock.refresh(last.answer_id)
        self.go_to(last.answer_id)
        return last

    def renew(self) -> bool:
        """Hold on to the shown answer, and take it where it has become free; whether that changed who has it."""
        if self.shown is None:
            return False
        before, self.held_by = self.held_by, self._claim(self.shown)
        return before != self.held_by

    def leave(self) -> None:
        """Give the shown answer back."""
        if self.shown is not None:
            self.claims.give_back(self.reviewer.account_id, [self.shown.answer_id])

    def progress(self) -> Progress:
        """How far the answers of this kind are tagged."""
        return self.stock.progress(self.scope, self.reviewer.name, self.clock().astimezone(dt.UTC).date())

    def _waits(self, item: Item) -> bool:
        return is_wanted(self.stock.said.get(item.answer_id, ()), self.filters.who, self.reviewer.name)

    def _show_first(self, among: Sequence[Item]) -> None:
        """Show the first that is free and still wanted; what others tagged meanwhile is passed over."""
        for item in among:
            if self._claim(item) is not None:
                continue
            self.stock.refresh(item.answer_id)
            if self._waits(item):
                self._show(item)
                return
            if item is not self.shown:
                self.claims.give_back(self.reviewer.account_id, [item.answer_id])
        self.stock.catch_up()  # the end says how many are left
        self._show(None)

    def _show(self, item: Item | None) -> None:
        if self.shown is not None and self.shown is not item:
            self.leave()
        self.shown, self.shown_at = item, self.clock()
        self.held_by = None if item is None else self._claim(item)
        said = [] if item is None else self.stock.refresh(item.answer_id)
        self.seen = {one.review_id for one in said if not one.is_by(self.reviewer.name)}

    def _claim(self, item: Item) -> str | None:
        """Take an answer; the name of who has it where that is not possible. Who only reads takes none."""
        if self.reviewer.role is None:
            return None
        held = self.claims.take(item.answer_id, self.reviewer.account_id, self.reviewer.name)
        return None if held is None else held.name

    def _signature(self) -> dict[str, Any]:
        return {
            "by": self.reviewer.name,
            "role": self.reviewer.role or "",
            "occurred_at": self.clock(),
            "known_roles": self.known_roles(),
        }

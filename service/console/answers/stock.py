"""All answers and what people said of them, in memory for one visit.

Belongs here: loading once, and keeping up with the ledger cheaply. Does not belong here: which of them comes next
(``sitting``), recording.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ledger.given_reviews import given_reviews
from service.console.answers.filters import Filters, in_scope
from service.console.answers.item import Item, Said, items_of, said_given, said_in
from service.console.answers.open_fixes import OpenFix, open_fixes_by_answer

if TYPE_CHECKING:
    from desk.loading import Desk
    from ledger.store import Ledger


@dataclass(frozen=True)
class Progress:
    """Of the answers of a kind: how many are tagged by anybody, and how many by this person today (UTC)."""

    tagged: int
    total: int
    mine_today: int


@dataclass
class Stock:
    """The answers in order of waiting, with what stands of each. entries: rows of ``live_entries`` by id. fixes: that wait for
    a decision, by the answers they would have mended."""

    ledger: Ledger
    items: list[Item]
    said: dict[str, list[Said]]
    sequence: int
    """Up to which event of the ledger ``said`` is right."""
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=dict)
    fixes: dict[str, OpenFix] = field(default_factory=dict)
    by_id: dict[str, Item] = field(init=False)

    def __post_init__(self) -> None:
        self.by_id = {one.answer_id: one for one in self.items}

    def refresh(self, answer_id: str) -> list[Said]:
        """Read anew what stands of one answer; returns it."""
        self.said[answer_id] = said_given(given_reviews(self.ledger, answer_id), self.said.get(answer_id, ()))
        return self.said[answer_id]

    def catch_up(self) -> bool:
        """Read anew the answers that were reviewed since; whether there were any."""
        from ledger.events import EventType

        head = self.ledger.head().sequence
        if head == self.sequence:
            return False
        events = self.ledger.events(event_types=[EventType.ANSWER_REVIEWED], after_sequence=self.sequence)
        changed = {one.subject_hash for one in events} & self.by_id.keys()
        for answer_id in changed:
            self.refresh(answer_id)
        self.sequence = head
        return bool(changed)

    def scope(self, filters: Filters) -> list[Item]:
        """The items of the kind that is asked for, whoever tagged them."""
        return in_scope(self.items, self.said, filters)

    def progress(self, scope: Iterable[Item], me: str, today: dt.date) -> Progress:
        """How far the answers of a kind are tagged."""
        total = tagged = mine = 0
        for item in scope:
            total += 1
            tags = [one for one in self.said.get(item.answer_id, ()) if one.tag is not None]
            tagged += bool(tags)
            mine += any(one.is_by(me) and one.reviewed_at.astimezone(dt.UTC).date() == today for one in tags)
        return Progress(tagged, total, mine)

    def category_name(self, category_id: str | None) -> str:
        """What people call a category."""
        return "No known category" if category_id is None else self.categories.get(category_id, category_id)

    def agreement(self) -> list[str]:
        """How far people agree who tagged the same answers, in sentences; reads all reviews."""
        import pandas as pd

        from assets.pilot_agent.answers.frames import REVIEW, typed
        from assets.pilot_agent.answers.reviewer_agreement import reviewer_agreement

        rows = [
            {"answer_id": answer, "reviewer": one.reviewer, "tag": one.tag, "is_current": True}
            for answer, given in list(self.said.items())  # others' words may come in meanwhile
            for one in given
        ]
        return reviewer_agreement(typed(pd.DataFrame(rows, columns=list(REVIEW)), REVIEW))[1]


def load_stock(desk: Desk, ledger: Ledger) -> Stock:
    """Read answers, reviews, entries and categories; slow enough for a thread.

    Raises:
        ReviewProblem: there are no answers yet.
    """
    from orchestration.lake import Lake
    from orchestration.people.review_desk import judged

    sequence = ledger.head().sequence
    found = judged(desk, ledger)
    live = Lake(desk.home).previous("live_entries")
    columns = ["entry_id", "content_hash", "question", "conditions"]
    rows: list[Any] = [] if live is None else live[columns].to_dict("records")
    return Stock(
        ledger,
        items_of(found.answers),
        said_in(found.reviews),
        sequence,
        {row["entry_id"]: row for row in rows},
        {one.id: one.name for one in desk.categories},
        open_fixes_by_answer(desk, ledger),
    )

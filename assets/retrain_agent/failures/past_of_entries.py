"""How each entry fared: the answers it was said in, right and wrong, and who had asked.

Belongs here: counts over judged answers, one entry at a time. Does not belong here: what follows (``no_entry_says_it``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from assets.retrain_agent.failures.sight import Sight
from assets.retrain_agent.failures.when_it_broke import TurningPoint, turning_point
from assets.retrain_agent.failures.who_fails import TellingFact, known_value, telling_fact
from desk.behavior import BehaviorFile
from desk.conditions import CLOSED_FIELDS, NEGATION

ESCALATE = "escalate"
ALIKE = 0.75
"""Cosine from which two customers asked nearly the same."""


FEW_VALUES = 6
"""Values that a fact may have to be one that customers are told apart by."""


class PastOfEntries:
    """Judged answers by the entry that was said; handovers say nothing of an entry."""

    def __init__(self, sight: Sight, behavior: BehaviorFile) -> None:
        self._sight = sight
        self._clarify = set(behavior.clarify)
        self.right: dict[str, list[int]] = defaultdict(list)
        self.wrong: dict[str, list[int]] = defaultdict(list)
        for number, (row, entry) in enumerate(zip(sight.cases, sight.said, strict=True)):
            if entry is not None and row["action"] != ESCALATE:
                (self.wrong if row["is_wrong"] else self.right)[entry].append(number)

    @cached_property
    def fields(self) -> frozenset[str]:
        """Facts that a condition may ask for: those that entries or clarifying questions already ask for, and others that
        have few values, such as a plan that no entry asks for any more."""
        asked = {name.removeprefix(NEGATION) for one in self._sight.entries for name in one.conditions}
        values: dict[str, set[str]] = defaultdict(set)
        for context in self._sight.contexts:
            for name in context:
                if (value := known_value(context, name)) is not None:
                    values[name].add(value)
        few = {name for name, found in values.items() if 2 <= len(found) <= FEW_VALUES}
        return frozenset(asked | self._clarify | set(CLOSED_FIELDS) | few)

    def nearest_right(self, case: int, entry_id: str) -> float:
        """Cosine of the nearest question of another customer to whom the entry was said and right; 0 without any."""
        mine = self._sight.cases[case]["requester_id"]
        others = [
            one
            for one in self.right.get(entry_id, ())
            if one != case and (mine is None or self._sight.cases[one]["requester_id"] != mine)
        ]
        if not others:
            return 0.0
        return float((self._sight.questions[others] @ self._sight.questions[case]).max())

    def is_meant(self, case: int, entry_id: str) -> float:
        """How near the customer's question is to those the entry is for: its wordings, or customers it was right for."""
        place = self._sight.place.get(entry_id)
        asked = float(self._sight.asks[case, place]) if place is not None else 0.0
        return max(asked, self.nearest_right(case, entry_id))

    def telling_fact(self, entry_id: str, wrong: Collection[int]) -> TellingFact | None:
        """The fact of customers that goes with the entry being wrong, over these failures and all it was right in."""
        return telling_fact(self._contexts(wrong), self._contexts(self.right.get(entry_id, ())), self.fields)

    def turning_point(self, entry_id: str, wrong: Iterable[int]) -> TurningPoint | None:
        """The day from which the entry is wrong."""
        cases = self._sight.cases
        return turning_point(
            [cases[one]["occurred_at"] for one in wrong if cases[one]["occurred_at"] is not None],
            [
                cases[one]["occurred_at"]
                for one in self.right.get(entry_id, ())
                if cases[one]["occurred_at"] is not None
            ],
        )

    def share_wrong(self, entry_id: str) -> tuple[int, int]:
        """Wrong answers with the entry, and all judged ones."""
        wrong = len(self.wrong.get(entry_id, ()))
        return wrong, wrong + len(self.right.get(entry_id, ()))

    def category_of_neighbours(self, case: int, least: float = 0.7, most: int = 5) -> tuple[str, int, int] | None:
        """The category that the likest questions have, with (of it, looked at); None without two that agree."""
        vector = self._sight.questions[case]
        if not vector.any():
            return None
        likeness = self._sight.questions @ vector
        votes: dict[str, int] = defaultdict(int)
        looked = 0
        for other in np.argsort(-likeness, kind="stable"):
            if likeness[other] < least or looked == most:
                break
            category = _category(self._sight.cases[other])
            if other == case or category is None:
                continue
            votes[category] += 1
            looked += 1
        if not votes:
            return None
        name, count = max(votes.items(), key=lambda one: (one[1], one[0]))
        return (name, count, looked) if count >= 2 and 2 * count > looked else None

    def _contexts(self, cases: Iterable[int]) -> Sequence[Any]:
        return [self._sight.contexts[one] for one in cases]


def _category(row: Any) -> str | None:
    """The category a person or the helpdesk names, or the chosen one of an answer that was right."""
    if row["right_category_id"] is not None:
        return str(row["right_category_id"])
    return None if row["is_wrong"] or row["category_id"] is None else str(row["category_id"])

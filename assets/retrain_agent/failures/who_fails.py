"""Whether an entry is wrong for some customers and right for the others, and which fact tells them apart.

Belongs here: the test over one entry's judged answers. Does not belong here: which answers are laid before it.

Fisher's exact test (one-sided) of each known fact, with the smallest p times the number of facts tried (Bonferroni), so
that a fact found by looking at many is not taken for one that tells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desk.conditions import canonical_value

MOST = 0.1
"""Largest corrected p at which a fact tells."""
CLEAN = 0.8
"""Share of the wrong answers that must have the fact, and of the right ones that must not."""
LEAST_WRONG = 2


@dataclass(frozen=True)
class TellingFact:
    """condition: the values that customers with a wrong answer have; p: corrected; counts as
    (wrong with, wrong without, right with, right without)."""

    condition: Mapping[str, Sequence[str]]
    p: float
    counts: tuple[int, int, int, int]

    @property
    def field(self) -> str:
        """The fact's name."""
        return next(iter(self.condition))

    def covers(self, context: Mapping[str, Any]) -> bool | None:
        """Whether a customer is one of those for whom it is wrong; None where the fact is not known of them."""
        value = known_value(context, self.field)
        return None if value is None else value in self.condition[self.field]


def telling_fact(
    wrong: Sequence[Mapping[str, Any]], right: Sequence[Mapping[str, Any]], fields: Collection[str]
) -> TellingFact | None:
    """The fact that goes with a wrong answer, None where no one does.

    Args:
        wrong, right: what is known of the customers with wrong and with right answers.
        fields: facts that conditions may ask for.
    """
    from scipy.stats import fisher_exact

    found: list[TellingFact] = []
    tried = 0
    for field in sorted(fields):
        with_wrong = Counter(value for one in wrong if (value := known_value(one, field)) is not None)
        with_right = Counter(value for one in right if (value := known_value(one, field)) is not None)
        if len({*with_wrong, *with_right}) < 2 or with_wrong.total() < LEAST_WRONG or not with_right.total():
            continue
        tried += 1
        base = with_wrong.total() / (with_wrong.total() + with_right.total())
        values = [
            value
            for value in sorted(with_wrong)
            if with_wrong[value] / (with_wrong[value] + with_right[value]) >= max(0.5, base)
        ]
        a, c = sum(with_wrong[one] for one in values), sum(with_right[one] for one in values)
        b, d = with_wrong.total() - a, with_right.total() - c
        if not values or a < CLEAN * (a + b) or d < CLEAN * (c + d):
            continue
        p = float(fisher_exact([[a, b], [c, d]], alternative="greater")[1])
        found.append(TellingFact({field: values}, p, (a, b, c, d)))
    if not found:
        return None
    best = min(found, key=lambda one: (one.p, one.field))
    p = min(1.0, best.p * tried)
    return TellingFact(best.condition, p, best.counts) if p <= MOST else None


def known_value(context: Mapping[str, Any], field: str) -> str | None:
    """A customer's value of a fact as conditions have it, None where it is not known."""
    value = context.get(field)
    if value is None or isinstance(value, (list, dict)):
        return None
    text = canonical_value(field, value)
    return text if text not in ("", "unknown", "none", "null", "nan") else None

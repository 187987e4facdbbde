"""Do two reviewers see the same? Cohen's kappa with its interval.

Belongs here: agreement on answers that both tagged. Does not belong here: who is right.

Kappa is agreement beyond what the two would reach by their habits alone (Cohen 1960), with the interval of Fleiss, Cohen
and Everitt (1969) through statsmodels. The weighted one counts "needs improvement" against "incorrect" as half a quarrel
(linear weights, Cohen 1968). Where the two never differ the formula claims certainty; there the lower end comes from the
exact bound of the observed agreement.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assets.pilot_agent.verdict.clustered_rates import Tally, exact_bounds
from assets.pilot_agent.verdict.outcomes import REVIEWS


@dataclass(frozen=True)
class Agreement:
    """Agreement of two reviewers. NaN where there is nothing to compute: no answer, or only one tag ever used."""

    count: int
    observed: float
    kappa: float
    low: float
    high: float
    weighted_kappa: float

    @property
    def sentence(self) -> str:
        """For people."""
        if not self.count:
            return "No answer was tagged by both reviewers."
        same = f"{self.count:,} answers were tagged by both, {self.observed:.0%} of them alike"
        if math.isnan(self.kappa):
            return f"{same}; with one tag for all of them kappa says nothing."
        return (
            f"{same}: kappa {self.kappa:.2f} ({self.low:.2f} to {self.high:.2f}), weighted {self.weighted_kappa:.2f}."
        )


def cohens_kappa(first: Sequence[str], second: Sequence[str], tags: Sequence[str] = REVIEWS) -> Agreement:
    """Agreement on the same answers, in the same order.

    Args:
        first, second: tags of the two reviewers.
        tags: all tags, from best to worst.

    Raises:
        ValueError: the two differ in length, or a tag is unknown.
    """
    from statsmodels.stats.inter_rater import cohens_kappa as kappa_of

    if len(first) != len(second):
        raise ValueError(
            f"{len(first)} tags by one reviewer and {len(second)} by the other; give one of each an answer"
        )
    place = {tag: number for number, tag in enumerate(tags)}
    if unknown := sorted({str(tag) for tag in [*first, *second] if tag not in place}):
        raise ValueError(f"unknown tags {', '.join(unknown)}; known: {', '.join(tags)}")
    table = np.zeros((len(tags), len(tags)))
    for one, other in zip(first, second, strict=True):
        table[place[one], place[other]] += 1
    n, nan = len(first), math.nan
    if not n:
        return Agreement(0, nan, nan, nan, nan, nan)
    alike = int(np.trace(table))
    by_habit = float(table.sum(axis=1) @ table.sum(axis=0)) / n**2
    if by_habit > 1 - 1e-12:
        return Agreement(n, alike / n, nan, nan, nan, nan)
    found, weighted = kappa_of(table), kappa_of(table, wt="linear")
    low, high = float(found.kappa_low), float(found.kappa_upp)
    if alike == n:
        low, high = (exact_bounds(Tally(n, n, n, 1.0), 0.025)[0] - by_habit) / (1 - by_habit), 1.0
    return Agreement(n, alike / n, float(found.kappa), max(-1.0, low), min(1.0, high), float(weighted.kappa))

"""How good a ranking is: recall at k and mean reciprocal rank, with intervals that know who asked.

Belongs here: measures over ranks. Does not belong here: where the ranks come from (``evaluation``).

Intervals are percentile bootstraps over requesters (Efron 1979; clusters after Field and Welsh 2007): tickets of one
person are alike, and drawing them one by one would promise more than is known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

MEASURES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "recall_at_1": lambda ranks: (ranks <= 1).astype(float),
    "recall_at_5": lambda ranks: (ranks <= 5).astype(float),
    "recall_at_10": lambda ranks: (ranks <= 10).astype(float),
    "mrr": lambda ranks: 1.0 / ranks,
}
NOT_RANKED = np.inf


@dataclass(frozen=True)
class Measure:
    """A mean over tickets with its 95 % interval."""

    value: float
    low: float
    high: float


def best_rank(ranked: Sequence[str], right: Sequence[str]) -> float:
    """Place (1 is first) of the best ranked right entry; infinite where none is ranked."""
    wanted = set(right)
    return float(next((place for place, entry in enumerate(ranked, start=1) if entry in wanted), NOT_RANKED))


def measure_ranks(ranks: np.ndarray, clusters: Sequence[str], seed: int = 0, draws: int = 2_000) -> dict[str, Measure]:
    """Recall at 1, 5 and 10 and mean reciprocal rank.

    Args:
        ranks: place of the best right entry for each of n tickets; infinite where none was ranked.
        clusters: who asked, for each ticket.
        seed: of the draws.
        draws: bootstrap samples.

    Raises:
        ValueError: no tickets.
    """
    ranks = np.asarray(ranks, dtype=float)
    if not len(ranks):
        raise ValueError("no tickets to measure: none of the test tickets has a known answer")
    _, members = np.unique(np.asarray(clusters, dtype=str), return_inverse=True)
    sizes = np.bincount(members)
    drawn = np.random.default_rng(seed).multinomial(len(sizes), np.full(len(sizes), 1 / len(sizes)), size=draws)
    counts = drawn @ sizes
    measures = {}
    for name, score in MEASURES.items():
        values = score(ranks)
        means = drawn @ np.bincount(members, weights=values) / counts
        low, high = np.quantile(means, [0.025, 0.975])
        measures[name] = Measure(float(values.mean()), float(low), float(high))
    return measures

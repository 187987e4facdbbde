"""From signals to one probability an entry: weights learnt on tickets the signals had not seen, and calibrated.

Belongs here: learning how much each signal counts, and what a score is worth as a probability. Does not belong here:
the signals.

Method: a conditional logit over entries (McFadden 1974): the probability of an entry is the softmax of its weighted
signals, and the weights make the entries that really answered likeliest. A Gaussian prior around fixed starting weights
holds where there is little to learn from, and gives way as history grows; no weight falls below zero, so that a better
signal never ranks an entry lower. A second logit is learnt on the places that signals give to entries instead of on their
values (reciprocal rank fusion, Cormack, Clarke and Büttcher 2009, with learnt weights), which a single outlying value
cannot upset; the two are averaged. Probabilities then pass through a logistic curve (Platt 1999) fitted on the same
unseen tickets, because several entries may be right at once and a softmax does not know it. (A curve fitted on the
newest tickets, scored by what older ones taught, was tried: no better calibrated on later months, and more to explain.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

CALIBRATED_PLACES = 10
PLACE_OFFSET = 4.0
_EDGE = 1e-6


@dataclass(frozen=True)
class Combination:
    """Weights by signal, of values and of places, and the logistic curve (offset, slope) over the softmax's log odds.

    Without ``place_weights`` only values count.
    """

    weights: dict[str, float]
    place_weights: dict[str, float] = field(default_factory=dict)
    curve: tuple[float, float] = (0.0, 1.0)
    count_learnt_from: int = 0

    def parts(self, signals: Mapping[str, np.ndarray], is_possible: np.ndarray | None = None) -> dict[str, np.ndarray]:
        """What each signal adds to the score: (questions, entries) each. Places are counted among possible entries."""
        found = {name: weight * signals[name].astype(np.float64) for name, weight in self.weights.items()}
        for name, weight in self.place_weights.items():
            found[name] = found[name] + weight * reciprocal_places(signals[name], is_possible)
        return found

    def scores(self, signals: Mapping[str, np.ndarray], is_possible: np.ndarray | None = None) -> np.ndarray:
        """Sum of the parts: (questions, entries)."""
        return total(self.parts(signals, is_possible))

    def probabilities(self, scores: np.ndarray, is_possible: np.ndarray | None = None) -> np.ndarray:
        """Probability that an entry answers, of each entry: (questions, entries); zero where it is not possible."""
        share = softmax(np.where(is_possible, scores, -np.inf) if is_possible is not None else scores)
        offset, slope = self.curve
        calibrated = _logistic(offset + slope * _log_odds(share))
        return calibrated if is_possible is None else np.where(is_possible, calibrated, 0.0)


def total(parts: Mapping[str, np.ndarray]) -> np.ndarray:
    """Sum of the parts, always in one order: (questions, entries)."""
    return np.asarray(np.sum([parts[name] for name in sorted(parts)], axis=0))


def fixed_combination(names: Sequence[str], starting_weights: Mapping[str, float]) -> Combination:
    """The combination for a desk without history."""
    return Combination({name: float(starting_weights.get(name, 0.0)) for name in names})


def learn_combination(
    signals: Mapping[str, np.ndarray],
    answers: np.ndarray,
    starting_weights: Mapping[str, float],
    stiffness: float,
) -> Combination:
    """Learn weights and curve.

    Args:
        signals: by name, (tickets, entries), made without having seen the ticket.
        answers: (tickets, entries), above zero where the entry answered.
        starting_weights: where the prior stands.
        stiffness: its precision, in standard deviations of each signal.
    """
    right = (answers > 0).astype(np.float64)
    places = {name: reciprocal_places(values) for name, values in signals.items()}
    by_value = _learn_weights(signals, right, starting_weights, stiffness)
    by_place = _learn_weights(places, right, {}, stiffness)
    combination = Combination(
        {name: weight / 2 for name, weight in by_value.items()}, {name: weight / 2 for name, weight in by_place.items()}
    )
    curve = _fit_curve(softmax(combination.scores(signals)), right)
    return replace(combination, curve=curve, count_learnt_from=len(right))


def reciprocal_places(scores: np.ndarray, is_possible: np.ndarray | None = None) -> np.ndarray:
    """One over the place of each entry plus ``PLACE_OFFSET``: (questions, entries); equal scores share a place."""
    from scipy.stats import rankdata

    kept = scores if is_possible is None else np.where(is_possible, scores, -np.inf)
    return np.asarray(1 / (rankdata(-kept, method="min", axis=1) + PLACE_OFFSET))


def _learn_weights(
    signals: Mapping[str, np.ndarray], right: np.ndarray, starting_weights: Mapping[str, float], stiffness: float
) -> dict[str, float]:
    from scipy.optimize import minimize

    names = list(signals)
    spread = np.array([max(float(signals[name].std()), 1e-9) for name in names])
    table = np.stack([signals[name] for name in names], axis=-1).astype(np.float64) / spread
    start = np.array([starting_weights.get(name, 0.0) for name in names]) * spread

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        share = softmax(table @ weights)
        hit = (share * right).sum(axis=1) + 1e-12
        pull = share * right / hit[:, None] - share
        away = weights - start
        value = -np.log(hit).sum() + 0.5 * stiffness * away @ away
        return float(value), -np.einsum("te,tes->s", pull, table, optimize=True) + stiffness * away

    found: Any = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(names))
    return {name: float(value) for name, value in zip(names, found.x / spread, strict=True)}


def softmax(scores: np.ndarray) -> np.ndarray:
    """Rows that add up to one; an entry at minus infinity gets nothing, a row of nothing but them stays zero."""
    best = scores.max(axis=1, keepdims=True, initial=-np.inf)
    raised = np.exp(scores - np.where(np.isfinite(best), best, 0.0))
    return raised / np.maximum(raised.sum(axis=1, keepdims=True), 1e-300)


def _fit_curve(share: np.ndarray, right: np.ndarray) -> tuple[float, float]:
    """Offset and slope of P(right) over log odds, on the best places of each ticket; the slope stays above zero."""
    from scipy.optimize import minimize

    places = np.argsort(-share, axis=1, kind="stable")[:, :CALIBRATED_PLACES]
    odds = _log_odds(np.take_along_axis(share, places, axis=1)).ravel()
    is_right = np.take_along_axis(right, places, axis=1).ravel()

    def loss(curve: np.ndarray) -> tuple[float, np.ndarray]:
        logit = curve[0] + curve[1] * odds
        error = _logistic(logit) - is_right
        value = np.logaddexp(0, logit).sum() - is_right @ logit + 0.5 * (curve[0] ** 2 + (curve[1] - 1) ** 2)
        return float(value), np.array([error.sum() + curve[0], error @ odds + curve[1] - 1])

    found: Any = minimize(loss, np.array([0.0, 1.0]), jac=True, method="L-BFGS-B", bounds=[(None, None), (0.05, None)])
    return float(found.x[0]), float(found.x[1])


def _log_odds(share: np.ndarray) -> np.ndarray:
    kept = np.clip(share, _EDGE, 1 - _EDGE)
    return np.asarray(np.log(kept) - np.log1p(-kept))


def _logistic(values: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -30, 30))))

"""From evidence to the calibrated probability that the best entry answers.

Belongs here: fitting, applying and saving the model as plain JSON. Does not belong here: thresholds (``certify``).

Method: logistic regression (Platt 1999 on several scores) whose weights cannot have the wrong sign, so that better
evidence never lowers confidence, with a Gaussian prior around weights that are sane by themselves: with thirty examples
it is nearly the prior, with a thousand nearly the data. Targets are Platt's, one pseudo-example short of certain, so
that a run without a mistake does not become certainty.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from assets.configure_behavior.confidence.evidence import Evidence

FEWEST_EXAMPLES = 30
STIFFNESS = 1.0
_EDGE = 0.005

FEATURES: Mapping[str, str] = MappingProxyType(
    {
        "entry": "log odds that retrieval gives to the best entry and its variants",
        "category": "log odds of the category",
        "gap": "how far the best entry is ahead of the best rival, in probability",
        "similarity": "cosine of the nearest known wording or passage of the entry",
        "votes": "share of the nearest past tickets' votes for the entry",
        "agreement": "1 where the entry is of the category that the message was given",
        "margin": "how far the best category's score is ahead of the second",
        "familiarity": "how much the message resembles any known category",
    }
)
"""What the model reads; each may only raise confidence."""

STARTING_WEIGHTS: Mapping[str, float] = MappingProxyType({"entry": 0.6, "category": 0.4, "gap": 1.0, "agreement": 1.0})


@dataclass(frozen=True)
class ConfidenceModel:
    """A logistic curve over a few features of the evidence.

    Without training (``names`` empty) confidence is retrieval's own probability, times the category's confidence where
    entry and category agree, and times what that leaves where they do not.
    """

    names: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()
    offset: float = 0.0
    count_learnt_from: int = 0

    @classmethod
    def fit(
        cls, evidence: Sequence[Evidence], is_right: Sequence[bool], weights: Sequence[float] | None = None
    ) -> ConfidenceModel:
        """Learn from examples that thresholds are not certified on; deterministic.

        Args:
            evidence: n of them; those without an entry teach nothing.
            is_right: whether the best entry was right.
            weights: how much each example counts, one by default.

        Returns:
            The untrained model when fewer than ``FEWEST_EXAMPLES`` have an entry.
        """
        kept = [place for place, one in enumerate(evidence) if one.entry_id is not None]
        if len(kept) < FEWEST_EXAMPLES:
            return cls()
        names = tuple(FEATURES)
        table = np.array([[features(evidence[place])[name] for name in names] for place in kept])
        right = np.array([bool(is_right[place]) for place in kept])
        importance = np.ones(len(kept)) if weights is None else np.array([float(weights[place]) for place in kept])
        found, offset = _solve(table, right, importance, np.array([STARTING_WEIGHTS.get(name, 0.0) for name in names]))
        return cls(names, tuple(float(value) for value in found), offset, len(kept))

    def probability(self, evidence: Evidence) -> float:
        """Calibrated probability of a right answer, 0..1; 0 without an entry."""
        if evidence.entry_id is None:
            return 0.0
        if not self.names:
            own = min(evidence.entry_probability + evidence.variant_probability, 1.0)
            agrees = evidence.entry_category_id == evidence.category_id
            return own * (evidence.category_confidence if agrees else 1.0 - evidence.category_confidence)
        read = features(evidence)
        score = self.offset + sum(weight * read[name] for name, weight in zip(self.names, self.weights, strict=True))
        return 1.0 / (1.0 + math.exp(-min(max(score, -30.0), 30.0)))

    def to_json(self) -> dict[str, Any]:
        """JSON-ready."""
        state = asdict(self)
        return {**state, "names": list(self.names), "weights": list(self.weights)}

    @classmethod
    def from_json(cls, state: dict[str, Any]) -> ConfidenceModel:
        """What ``to_json`` gave. Raises ValueError for a feature that this version does not know."""
        if unknown := [name for name in state["names"] if name not in FEATURES]:
            raise ValueError(f"the confidence model reads {unknown}, which this version does not know; fit it again")
        return cls(
            tuple(state["names"]),
            tuple(float(value) for value in state["weights"]),
            float(state["offset"]),
            int(state["count_learnt_from"]),
        )


def features(evidence: Evidence) -> dict[str, float]:
    """What the model reads of one piece of evidence, by ``FEATURES``; higher speaks for the entry."""
    own = min(evidence.entry_probability + evidence.variant_probability, 1.0)
    return {
        "entry": _log_odds(own),
        "category": _log_odds(evidence.category_confidence),
        "gap": own - evidence.rival_probability,
        "similarity": evidence.similarity,
        "votes": evidence.voter_share,
        "agreement": float(evidence.entry_category_id == evidence.category_id),
        "margin": evidence.category_margin,
        "familiarity": -evidence.unknown_score,
    }


def _solve(table: np.ndarray, right: np.ndarray, importance: np.ndarray, prior: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights of the features (n, f) and the offset; the prior's precision is in standard deviations of each."""
    from scipy.optimize import minimize
    from scipy.special import expit

    centre, spread = table.mean(axis=0), table.std(axis=0)
    is_constant = spread < 1e-9
    scaled = (table - centre) / np.where(is_constant, 1.0, spread)
    start = prior * np.where(is_constant, 0.0, spread)
    count_right = right.sum()
    target = np.where(right, (count_right + 1) / (count_right + 2), 1 / (len(right) - count_right + 2))

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        weights, offset = values[:-1], values[-1]
        score = scaled @ weights + offset
        away = weights - start
        value = float(importance @ (np.logaddexp(0.0, score) - target * score) + 0.5 * STIFFNESS * away @ away)
        pull = importance * (expit(score) - target)
        return value, np.r_[scaled.T @ pull + STIFFNESS * away, pull.sum()]

    bounds = [(0.0, None)] * len(start) + [(None, None)]
    found: Any = minimize(loss, np.r_[start, 0.0], jac=True, method="L-BFGS-B", bounds=bounds)
    weights = np.where(is_constant, prior, found.x[:-1] / np.where(is_constant, 1.0, spread))
    return weights, float(found.x[-1] - weights @ centre)


def _log_odds(probability: float) -> float:
    kept = min(max(probability, _EDGE), 1.0 - _EDGE)
    return math.log(kept / (1.0 - kept))

"""Which entry a helper would choose: multinomial logistic regression on meaning and on directions of wording.

Belongs here: reducing wording to directions, fitting the model, scoring with it. Does not belong here: the models that
judge each entry by itself (``entry_models``), how much each counts (``combination``).

The other models ask of every entry alone how well it fits; this one learns from past tickets which of all entries was
chosen, so that the entries compete while it learns. Wording enters as its leading directions (latent semantic analysis,
Deerwester et al. 1990), from an exact eigendecomposition of the texts' inner products; each entry's documents count as
one more text that it answered. The weights maximise the likelihood under a Gaussian prior (Cox 1966), by a fixed number
of L-BFGS steps from zero (Liu and Nocedal 1989): the same history gives the same weights to the last bit on one
machine, and ending early shrinks them further.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from assets.build_knowledge.retrieval.retrieval_settings import RetrievalSettings

_LEAST_SHARE = 1e-6
"""Directions with less than this share of the largest eigenvalue are rounding errors."""


@dataclass
class ChoiceModel:
    """``directions`` (words, k) of wording; ``weights`` (d + k + 1, entries), the last row being the offsets."""

    directions: np.ndarray
    weights: np.ndarray

    @classmethod
    def fit(
        cls,
        directions: np.ndarray,
        vectors: np.ndarray,
        wording: Any,
        answers: np.ndarray,
        weights: np.ndarray,
        settings: RetrievalSettings,
    ) -> ChoiceModel:
        """Fit on n texts: vectors (n, d), wording (n, terms) sparse, answers (n, entries), weights (n,).

        A text that several entries answered has its weight shared by them.
        """
        rows = _read(directions, vectors, wording, settings)
        shares = answers / np.maximum(answers.sum(axis=1, keepdims=True), 1e-9)
        return cls(directions, _most_likely(rows, shares.astype(np.float32), weights.astype(np.float32), settings))

    def scores(self, vectors: np.ndarray, wording: Any, settings: RetrievalSettings) -> np.ndarray:
        """Logits of every entry: float32 (texts, entries)."""
        return np.asarray(_read(self.directions, vectors, wording, settings) @ self.weights, dtype=np.float32)


def wording_directions(wording: Any, count_words: int, settings: RetrievalSettings) -> np.ndarray:
    """Leading directions of texts' wording: float32 (count_words, k), at most ``settings.word_directions``.

    Args:
        wording: TF-IDF, sparse (texts, terms), words first.
        count_words: how many of the columns are words; letter groups say little here that words do not.
    """
    from scipy.linalg import eigh

    words = wording[:, :count_words].astype(np.float64)
    size = words.shape[0]
    kept = min(settings.word_directions, size, count_words)
    if not kept:
        return np.zeros((count_words, 0), dtype=np.float32)
    values, texts = eigh((words @ words.T).toarray(), subset_by_index=(size - kept, size - 1), overwrite_a=True)
    values, texts = values[::-1], texts[:, ::-1]
    is_real = (values > 0) & (values >= _LEAST_SHARE * values[0])
    return np.asarray(words.T @ (texts[:, is_real] / np.sqrt(values[is_real])), dtype=np.float32)


def _read(directions: np.ndarray, vectors: np.ndarray, wording: Any, settings: RetrievalSettings) -> np.ndarray:
    placed = wording[:, : len(directions)] @ directions
    ones = np.ones((len(vectors), 1), dtype=np.float32)
    return np.hstack([vectors, settings.direction_weight * placed, ones]).astype(np.float32)


def _most_likely(rows: np.ndarray, shares: np.ndarray, counted: np.ndarray, settings: RetrievalSettings) -> np.ndarray:
    from scipy.optimize import minimize

    shape = (rows.shape[1], shares.shape[1])

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(shape).astype(np.float32)
        scores = rows @ weights
        scores -= scores.max(axis=1, keepdims=True)
        raised = np.exp(scores)
        total = raised.sum(axis=1, keepdims=True)
        likelihood = ((scores - np.log(total)) * shares).sum(axis=1) @ counted
        slope = rows.T @ ((raised / total - shares) * counted[:, None]) + weights / settings.choice_variance
        penalty = 0.5 * float((weights * weights).sum()) / settings.choice_variance
        return penalty - float(likelihood), slope.ravel().astype(np.float64)

    found: Any = minimize(
        loss, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": settings.choice_steps}
    )
    return np.asarray(found.x.reshape(shape), dtype=np.float32)

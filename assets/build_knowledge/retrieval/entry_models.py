"""What past tickets teach about entries: five models, each a score for every entry.

Belongs here: fitting and scoring them on vectors and TF-IDF. Does not belong here: how much each counts
(``combination``), conditions, or documents' own similarity (``retrieval_index``).

- votes: the nearest past tickets, by meaning and wording, vote for what answered them.
- likeness: cosine to the mean of the past tickets that an entry answered and of its documents (Rocchio 1971).
- regression: kernel ridge regression of answers on meaning and wording, over past tickets and documents.
- discriminant: linear discriminant analysis with a shrunk covariance (Friedman 1989) on meaning, over both.
- choice: multinomial logistic regression on meaning and wording, over both (``choice_model``).

A ticket that several entries answered counts in full for each: any of them would have helped; only the choice model
shares it out. The first four are solved exactly and the last by fixed steps, so that the same history gives the same
index to the last bit on one machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from assets.build_knowledge.retrieval.choice_model import ChoiceModel
from assets.build_knowledge.retrieval.retrieval_settings import RetrievalSettings

VOTE_FLOOR = 0.003
_TINY = 1e-9


@dataclass
class Examples:
    """n texts with what they were answered by: vectors (n, d), TF-IDF (n, t) sparse, answers (n, entries), weights."""

    vectors: np.ndarray
    wording: Any
    answers: np.ndarray
    weights: np.ndarray

    @cached_property
    def terms(self) -> Any:
        """TF-IDF the other way round, (t, n): turned once, not at every question."""
        return self.wording.T.tocsr()

    def rows(self, chosen: np.ndarray) -> Examples:
        """The chosen examples."""
        return Examples(self.vectors[chosen], self.wording[chosen], self.answers[chosen], self.weights[chosen])


@dataclass
class EntryModels:
    """Fitted on past tickets (``history``) and documents; ``scores`` reads new texts.

    ``duals`` (tickets + documents, entries) belong to the regression, ``means`` (entries, d) to likeness,
    ``slopes`` (d, entries) and ``offsets`` (entries,) to the discriminant; ``choice`` is a model of its own.
    """

    history: Examples
    documents: Examples
    duals: np.ndarray
    means: np.ndarray
    slopes: np.ndarray
    offsets: np.ndarray
    choice: ChoiceModel

    @classmethod
    def fit(
        cls,
        history: Examples,
        documents: Examples,
        settings: RetrievalSettings,
        document_kernel: np.ndarray,
        directions: np.ndarray,
    ) -> EntryModels:
        """Fit all five.

        ``document_kernel`` (documents, documents) and ``directions`` (words, k) of wording are given, as they are the
        same in every fold.
        """
        duals = _fit_regression(history, documents, settings, document_kernel)
        written = documents.answers.T @ documents.vectors / np.maximum(documents.answers.sum(axis=0), 1.0)[:, None]
        asked = (history.answers * history.weights[:, None]).T @ history.vectors
        means = unit(asked + settings.written_weight * written)
        slopes, offsets = _fit_discriminant(history, documents, settings)
        choice = _fit_choice(history, documents, settings, directions)
        return cls(history, documents, duals, means, slopes, offsets, choice)

    def scores(self, vectors: np.ndarray, wording: Any, settings: RetrievalSettings) -> dict[str, np.ndarray]:
        """Scores (questions, entries) by signal."""
        to_history = kernel(vectors, wording, self.history)
        to_documents = kernel(vectors, wording, self.documents)
        return {
            "votes": np.log(vote_shares(to_history, self.history, settings) + VOTE_FLOOR),
            "likeness": vectors @ self.means.T,
            "regression": to_history @ self.duals[: len(self.history.vectors)]
            + to_documents @ self.duals[len(self.history.vectors) :],
            "discriminant": vectors @ self.slopes + self.offsets,
            "choice": self.choice.scores(vectors, wording, settings),
        }


def kernel(vectors: np.ndarray, wording: Any, others: Examples) -> np.ndarray:
    """Cosine of meaning plus cosine of wording: float32 (texts, others)."""
    return np.asarray(vectors @ others.vectors.T + (wording @ others.terms).toarray(), dtype=np.float32)


def nearest(similarities: np.ndarray, settings: RetrievalSettings) -> tuple[np.ndarray, np.ndarray]:
    """Nearest past tickets of each question and what each vote weighs: (questions, neighbours) twice, nearest first."""
    order = np.argsort(-similarities, axis=1, kind="stable")[:, : settings.neighbours]
    near = np.take_along_axis(similarities, order, axis=1)
    return order, np.exp((near - near[:, :1]) / settings.vote_temperature)


def vote_shares(similarities: np.ndarray, history: Examples, settings: RetrievalSettings) -> np.ndarray:
    """Share of the votes for each entry: (questions, entries)."""
    order, votes = nearest(similarities, settings)
    votes = votes * history.weights[order]
    shares = np.stack([votes[row] @ history.answers[order[row]] for row in range(len(order))])
    return np.asarray(shares / (votes.sum(axis=1, keepdims=True) + _TINY), dtype=np.float32)


def unit(matrix: np.ndarray) -> np.ndarray:
    """Rows of length 1; rows of zeros stay."""
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.where(lengths > 0, lengths, 1), dtype=np.float32)


def whole_entries(documents: Examples) -> Examples:
    """One example an entry that has documents: the middle of their meaning and of their wording."""
    from scipy import sparse

    held = np.flatnonzero(documents.answers.sum(axis=0) > 0)
    members = sparse.csr_matrix(documents.answers.T[held])
    wording = (members @ documents.wording).tocsr()
    lengths = np.sqrt(np.asarray(wording.multiply(wording).sum(axis=1)).ravel())
    scale = sparse.diags((1 / np.where(lengths > 0, lengths, 1)).astype(np.float32))
    answers = np.eye(documents.answers.shape[1], dtype=np.float32)[held]
    ones = np.ones(len(held), dtype=np.float32)
    return Examples(unit(members @ documents.vectors), (scale @ wording).tocsr(), answers, ones)


def _fit_regression(
    history: Examples, documents: Examples, settings: RetrievalSettings, document_kernel: np.ndarray
) -> np.ndarray:
    between = kernel(history.vectors, history.wording, documents)
    within = kernel(history.vectors, history.wording, history)
    system = np.block([[within, between], [between.T, document_kernel]]).astype(np.float64)
    weights = np.r_[history.weights, np.full(len(documents.vectors), settings.passage_weight)]
    system[np.diag_indices_from(system)] += settings.ridge / np.maximum(weights, 1e-6)
    from scipy.linalg import solve

    return np.asarray(
        solve(system, np.vstack([history.answers, documents.answers]), assume_a="pos", overwrite_a=True),
        dtype=np.float32,
    )


def _fit_discriminant(
    history: Examples, documents: Examples, settings: RetrievalSettings
) -> tuple[np.ndarray, np.ndarray]:
    vectors = np.vstack([history.vectors, documents.vectors]).astype(np.float64)
    answers = np.vstack([history.answers, documents.answers]).astype(np.float64)
    weights = np.r_[history.weights, np.full(len(documents.vectors), settings.document_weight)]
    weighted = answers * weights[:, None]
    sizes = weighted.sum(axis=0) + _TINY
    means = weighted.T @ vectors / sizes[:, None]
    spread = vectors - answers / np.maximum(answers.sum(axis=1, keepdims=True), _TINY) @ means
    covariance = (spread * weights[:, None]).T @ spread / weights.sum()
    dimensions = vectors.shape[1]
    covariance += settings.shrinkage * np.trace(covariance) / dimensions * np.eye(dimensions)
    centre = weights @ vectors / weights.sum()
    means = (means * sizes[:, None] + settings.centre_weight * centre) / (sizes[:, None] + settings.centre_weight)
    slopes = np.linalg.solve(covariance + _TINY * np.eye(dimensions), means.T)
    offsets = 0.5 * np.log(sizes + 0.5) - 0.5 * np.einsum("ed,de->e", means, slopes)
    return slopes.astype(np.float32), offsets.astype(np.float32)


def _fit_choice(
    history: Examples, documents: Examples, settings: RetrievalSettings, directions: np.ndarray
) -> ChoiceModel:
    from scipy import sparse

    entries = whole_entries(documents)
    return ChoiceModel.fit(
        directions,
        np.vstack([history.vectors, entries.vectors]),
        sparse.vstack([history.wording, entries.wording], format="csr"),
        np.vstack([history.answers, entries.answers]),
        np.r_[history.weights, settings.entry_weight * entries.weights],
        settings,
    )

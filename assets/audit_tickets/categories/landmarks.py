"""Likeness to landmarks: what each category looks like in several places, and how near a text comes to any of them.

Belongs here: choosing landmarks, the kernel between texts and landmarks, the weights that turn likeness into one score
a category. Does not belong here: how texts become numbers (``text_features``), the linear layer these scores are added
to, or when a text is called unknown (``intent_model``).

Method: kernel ridge regression with a Gaussian kernel, restricted to landmarks (Nyström features; Zhang, Tsang and
Kwok 2008 for means as landmarks). A category's texts are halved along their direction of greatest spread until a group
holds a handful (Boley 1998); a group's mean is a landmark. A linear score grows without end along its direction, so a
foreign text with one telling word scores high; a Gaussian falls to zero away from everything learnt, which is why
likeness to landmarks tells how much a text resembles anything known (compare Sun et al. 2022 on nearest neighbours).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

CHUNK = 4096
JITTER = 1e-6


@dataclass(frozen=True)
class LandmarkSettings:
    """How many landmarks there are and how near is near.

    A landmark stands for at most ``max_texts`` texts, more where there would be over ``max_landmarks`` otherwise (time
    grows with its square). ``sharpness`` is the exponent of the kernel at squared distance 2, that of unlike texts:
    sharper tells foreign texts better, blunter tells categories better. ``term_weight`` scales the TF-IDF part beside the
    sentence vector; words decide less about nearness than about the category. ``penalty`` is the ridge.
    ``max_terms`` of a landmark, the heaviest, are kept, so that landmarks of long texts stay small.
    """

    max_texts: int = 5
    max_landmarks: int = 4000
    sharpness: float = 3.0
    term_weight: float = 0.5
    penalty: float = 0.1
    max_terms: int = 256


@dataclass
class Landmarks:
    """Fitted landmarks: ``vectors`` (m, d) and ``terms`` (m, t, sparse) are where they lie, ``weights`` (m, categories)
    what likeness to each says about every category. All float32."""

    settings: LandmarkSettings = field(default_factory=LandmarkSettings)
    vectors: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    terms: Any = None
    weights: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))

    def fit(self, matrix: Any, count_terms: int, column: np.ndarray, importance: np.ndarray) -> Landmarks:
        """Choose landmarks and solve for their weights.

        Args:
            matrix: features (n, d + t) as ``TextFeatures.transform`` gives them.
            count_terms: t, how many of the last columns are terms.
            column: category of each text as a number, 0 to categories - 1.
            importance: weight of each text (n,).
        """
        from scipy import linalg

        dimensions = matrix.shape[1] - count_terms
        dense = np.asarray(matrix[:, :dimensions].toarray(), dtype=np.float32)
        means = mean_rows(groups_within(dense, column, self.settings), len(column))
        self.vectors = np.asarray(means @ dense, dtype=np.float32)
        self.terms = heaviest((means @ matrix[:, dimensions:]).tocsr(), self.settings.max_terms)
        self._ready: dict[str, Any] = {}
        count, categories = len(self.vectors), int(column.max()) + 1
        gram, target = np.zeros((count, count)), np.zeros((count, categories))
        for at in range(0, len(column), CHUNK):
            part = slice(at, at + CHUNK)
            likeness = self.likeness(matrix[part])
            weighted = likeness * importance[part, None].astype(np.float32)
            gram += weighted.T @ likeness
            wanted = np.zeros((len(likeness), categories), dtype=np.float32)
            wanted[np.arange(len(likeness)), column[part]] = 1
            target += weighted.T @ wanted
        own = self._own_likeness()
        gram += self.settings.penalty * own
        # Landmarks of equal texts make the matrix singular; a trace of ridge lets it be solved.
        gram[np.diag_indices(count)] += JITTER * np.trace(gram) / count
        solved = linalg.solve(gram, target, assume_a="pos", overwrite_a=True, overwrite_b=True, check_finite=False)
        self.weights = np.ascontiguousarray(solved, dtype=np.float32)
        return self

    def scores(self, matrix: Any) -> tuple[np.ndarray, np.ndarray]:
        """What the landmarks say of texts (n, d + t).

        Returns:
            One score a category, about 1 for a text amid its landmarks and 0 far from all: float32 (n, categories).
            Resemblance to anything known: float32 (n,), the mean of the best of those scores, low between categories
            too, and of the likeness to the nearest landmark, low far from all. On held-out intents each misses foreign
            texts that the other finds.
        """
        likeness = self.likeness(matrix)
        scores = np.asarray(likeness @ self.weights, dtype=np.float32)
        return scores, (scores.max(axis=1) + likeness.max(axis=1)) / 2

    def likeness(self, matrix: Any) -> np.ndarray:
        """The kernel between texts (n, d + t) and landmarks: float32 (n, m), 1 where they coincide."""
        dimensions = self.vectors.shape[1]
        dense, terms = matrix[:, :dimensions].toarray(), matrix[:, dimensions:]
        ready = self._prepared()
        weight = np.float32(self.settings.term_weight**2)
        closeness = dense @ self.vectors.T + weight * (terms @ ready["by_term"]).toarray()
        closeness -= ready["half_squares"]
        closeness -= (_squares(dense) + weight * _squares(terms))[:, None] / 2
        return np.exp(np.float32(self.settings.sharpness) * closeness).astype(np.float32, copy=False)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Everything fitted as named arrays, for ``from_arrays``; nothing when nothing was fitted."""
        if not len(self.vectors):
            return {}
        return {
            "landmark_vectors": self.vectors,
            "landmark_weights": self.weights,
            "landmark_term_values": self.terms.data,
            "landmark_term_columns": self.terms.indices,
            "landmark_term_starts": self.terms.indptr,
            "landmark_term_shape": np.asarray(self.terms.shape),
        }

    @classmethod
    def from_arrays(cls, settings: LandmarkSettings, arrays: dict[str, np.ndarray]) -> Landmarks:
        """What ``to_arrays`` gave, as an object again."""
        from scipy import sparse

        if "landmark_vectors" not in arrays:
            return cls(settings)
        packed = tuple(arrays[f"landmark_term_{name}"] for name in ("values", "columns", "starts"))
        terms = sparse.csr_matrix(packed, shape=tuple(arrays["landmark_term_shape"].tolist()))
        return cls(settings, arrays["landmark_vectors"], terms, arrays["landmark_weights"])

    def _prepared(self) -> dict[str, Any]:
        ready = self.__dict__.setdefault("_ready", {})
        if not ready:
            weight = np.float32(self.settings.term_weight**2)
            ready["by_term"] = self.terms.T.tocsr()
            ready["half_squares"] = (_squares(self.vectors) + weight * _squares(self.terms)) / 2
        return ready

    def _own_likeness(self) -> np.ndarray:
        from scipy import sparse

        own = sparse.hstack([sparse.csr_matrix(self.vectors), self.terms], format="csr", dtype=np.float32)
        return self.likeness(own).astype(np.float64)


def groups_within(vectors: np.ndarray, column: np.ndarray, settings: LandmarkSettings) -> list[np.ndarray]:
    """Row numbers of groups of like texts, none across categories, each half to all of ``max_texts`` where a category
    has that many."""
    largest = max(settings.max_texts, -(-len(column) // settings.max_landmarks))
    groups: list[np.ndarray] = []
    for category in range(int(column.max()) + 1 if len(column) else 0):
        waiting = [np.flatnonzero(column == category)]
        while waiting:
            rows = waiting.pop()
            if len(rows) <= largest:
                groups += [rows] if len(rows) else []
                continue
            along = np.argsort(_along_greatest_spread(vectors[rows]), kind="stable")
            middle = len(rows) // 2
            waiting += [np.sort(rows[along[middle:]]), np.sort(rows[along[:middle]])]
    return groups


def mean_rows(groups: list[np.ndarray], count: int) -> Any:
    """Sparse matrix (groups, count) whose product with rows is each group's mean."""
    from scipy import sparse

    values = np.concatenate([np.full(len(rows), 1 / len(rows), dtype=np.float32) for rows in groups])
    starts = np.concatenate([[0], np.cumsum([len(rows) for rows in groups])])
    return sparse.csr_matrix((values, np.concatenate(groups), starts), shape=(len(groups), count))


def heaviest(terms: Any, most: int) -> Any:
    """Rows of a CSR matrix with only their ``most`` largest values kept; ties go to the earlier column."""
    from scipy import sparse

    terms.sort_indices()
    kept = []
    for row in range(terms.shape[0]):
        inside = np.arange(terms.indptr[row], terms.indptr[row + 1])
        kept.append(np.sort(inside[np.argsort(-terms.data[inside], kind="stable")[:most]]))
    at = np.concatenate(kept) if kept else np.zeros(0, dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum([len(inside) for inside in kept])]).astype(np.int32)
    values, columns = terms.data[at].astype(np.float32), terms.indices[at].astype(np.int32)
    return sparse.csr_matrix((values, columns, starts), shape=terms.shape)


def _along_greatest_spread(vectors: np.ndarray) -> np.ndarray:
    centred = vectors - vectors.mean(axis=0)
    if len(centred) <= centred.shape[1]:
        return np.asarray(np.linalg.eigh(centred @ centred.T)[1][:, -1])
    return np.asarray(centred @ np.linalg.eigh(centred.T @ centred)[1][:, -1])


def _squares(matrix: Any) -> np.ndarray:
    if hasattr(matrix, "multiply"):
        return np.asarray(matrix.multiply(matrix).sum(axis=1), dtype=np.float32).ravel()
    return np.asarray(np.einsum("nd,nd->n", matrix, matrix), dtype=np.float32)

"""Finding by words: BM25 over documents, kept as plain arrays.

Belongs here: counting words, and scoring a question against documents. Does not belong here: what a document is, or
how much words weigh beside meaning.

Method: Okapi BM25 (Robertson and Zaragoza 2009). A full-text index on disk would give the same order; arrays make the
score part of the index that is hashed and released.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from scipy import sparse

SATURATION = 1.2
LENGTH_SHARE = 0.75
_WORD = r"(?u)\b\w+\b"


@dataclass
class WordIndex:
    """Words of n documents. ``impact`` (documents, terms) holds what a word adds to a document's score when asked."""

    terms: list[str] = field(default_factory=list)
    impact: sparse.csr_matrix | None = None

    @classmethod
    def fit(cls, texts: Sequence[str]) -> WordIndex:
        """Count the words of ``texts``; texts without a single word give an index that finds nothing."""
        from scipy import sparse
        from sklearn.feature_extraction.text import CountVectorizer

        counter = CountVectorizer(token_pattern=_WORD, strip_accents="unicode")
        try:
            counts = counter.fit_transform(list(texts)).astype(np.float64).tocoo()
        except ValueError as error:
            if "vocabulary" not in str(error):
                raise
            return cls([], None)
        lengths = np.maximum(np.asarray(counts.sum(axis=1)).ravel(), 1.0)
        share = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * lengths / lengths.mean())
        seen_in = np.bincount(counts.col, minlength=counts.shape[1])
        rarity = np.log1p((len(texts) - seen_in + 0.5) / (seen_in + 0.5))
        impact = rarity[counts.col] * counts.data * (SATURATION + 1) / (counts.data + share[counts.row])
        matrix = sparse.csr_matrix((impact.astype(np.float32), (counts.row, counts.col)), shape=counts.shape)
        matrix.sort_indices()
        return cls([str(term) for term in counter.get_feature_names_out()], matrix)

    def scores(self, questions: Sequence[str]) -> np.ndarray:
        """BM25 of every document for every question: float32 (questions, documents)."""
        if self.impact is None:
            return np.zeros((len(questions), 0), dtype=np.float32)
        asked = (self._counter().transform(list(questions)) > 0).astype(np.float32)
        return np.asarray((asked @ self.impact.T).toarray(), dtype=np.float32)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Named arrays for ``from_arrays``; the terms go beside them, as JSON."""
        if self.impact is None:
            return {}
        return {
            "words_data": self.impact.data,
            "words_indices": self.impact.indices,
            "words_indptr": self.impact.indptr,
        }

    @classmethod
    def from_arrays(cls, terms: list[str], arrays: dict[str, np.ndarray]) -> WordIndex:
        """What ``to_arrays`` gave, as an index again."""
        from scipy import sparse

        if not terms:
            return cls([], None)
        parts = (arrays["words_data"], arrays["words_indices"], arrays["words_indptr"])
        return cls(terms, sparse.csr_matrix(parts, shape=(len(parts[2]) - 1, len(terms))))

    def _counter(self) -> Any:
        from sklearn.feature_extraction.text import CountVectorizer

        if "_ready" not in self.__dict__:
            self.__dict__["_ready"] = CountVectorizer(
                token_pattern=_WORD, strip_accents="unicode", vocabulary=self.terms
            )
        return self.__dict__["_ready"]

"""What the category model sees of a text: its sentence vector beside weighted TF-IDF of words and letter groups.

Belongs here: learning a vocabulary, turning texts and vectors into one sparse matrix, and saving both as plain
arrays and JSON. Does not belong here: the encoder that makes the vectors, or the model that reads the matrix.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

SPACES = ("word", "char_wb")


@dataclass(frozen=True)
class FeatureSettings:
    """How texts become features.

    ``weight`` is the length of the TF-IDF part beside a sentence vector of length 1; words and letter groups
    share it equally. Letter groups, the slow part, are read from the first ``max_chars`` characters. Terms seen in fewer
    than ``min_texts`` texts are left out, so that a name or a number that one customer wrote never enters the vocabulary.
    """

    weight: float = 1.0
    word_ngrams: tuple[int, int] = (1, 2)
    char_ngrams: tuple[int, int] = (3, 5)
    max_word_terms: int = 30_000
    max_char_terms: int = 30_000
    max_chars: int = 600
    min_texts: int = 2


@dataclass
class TextFeatures:
    """A learnt vocabulary with its inverse document frequencies, one of words and one of letter groups.

    ``terms[space]`` are in column order; ``idf[space]`` is float32 of the same length.
    """

    settings: FeatureSettings = field(default_factory=FeatureSettings)
    terms: dict[str, list[str]] = field(default_factory=dict)
    idf: dict[str, np.ndarray] = field(default_factory=dict)

    def fit(self, texts: Sequence[str]) -> TextFeatures:
        """Learn the vocabulary from training texts; without texts, or with texts that share no term, it stays empty."""
        for space in SPACES:
            vectorizer = self._vectorizer(space, None)
            try:
                vectorizer.fit(self._read(space, texts))
            except ValueError as error:
                if "vocabulary" not in str(error) and "terms remain" not in str(error) and "min_df" not in str(error):
                    raise
                self.terms[space], self.idf[space] = [], np.zeros(0, dtype=np.float32)
                continue
            self.terms[space] = [str(term) for term in vectorizer.get_feature_names_out()]
            self.idf[space] = vectorizer.idf_.astype(np.float32)
        self._ready: dict[str, Any] = {}
        return self

    def transform(self, texts: Sequence[str], vectors: np.ndarray) -> Any:
        """Features of texts.

        Args:
            texts: n texts.
            vectors: their sentence vectors, float (n, d); scaled to length 1 here.

        Returns:
            scipy CSR matrix, float32 (n, d + words + letter groups).
        """
        from scipy import sparse

        vectors = np.asarray(vectors, dtype=np.float32)
        if len(vectors) != len(texts):
            raise ValueError(
                f"{len(texts)} texts but {len(vectors)} vectors; give one vector a text, in the same order"
            )
        parts = [sparse.csr_matrix(unit_rows(vectors))]
        share = self.settings.weight / np.sqrt(len(SPACES))
        for space in SPACES:
            if self.terms.get(space):
                parts.append(
                    self._prepared(space).transform(self._read(space, texts)).astype(np.float32) * np.float32(share)
                )
        return sparse.hstack(parts, format="csr", dtype=np.float32)

    @property
    def count_terms(self) -> int:
        """How many of the last columns of ``transform`` are terms; the columns before them are the sentence vector."""
        return sum(len(self.terms.get(space, ())) for space in SPACES)

    def to_state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """The vocabulary as (JSON-ready dict, named arrays), for ``from_state``."""
        return {"terms": self.terms}, {f"idf_{space}": values for space, values in self.idf.items()}

    @classmethod
    def from_state(
        cls, settings: FeatureSettings, state: dict[str, Any], arrays: dict[str, np.ndarray]
    ) -> TextFeatures:
        """What ``to_state`` gave, as an object again."""
        features = cls(settings, terms=dict(state["terms"]))
        features.idf = {space: arrays[f"idf_{space}"] for space in features.terms}
        features._ready = {}
        return features

    def _read(self, space: str, texts: Sequence[str]) -> list[str]:
        return list(texts) if space == "word" else [text[: self.settings.max_chars] for text in texts]

    def _prepared(self, space: str) -> Any:
        ready = self.__dict__.setdefault("_ready", {})
        if space not in ready:
            ready[space] = self._vectorizer(space, self.terms[space])
            ready[space].idf_ = self.idf[space].astype(np.float64)
        return ready[space]

    def _vectorizer(self, space: str, vocabulary: list[str] | None) -> Any:
        from sklearn.feature_extraction.text import TfidfVectorizer

        is_word = space == "word"
        pattern: dict[str, Any] = {"token_pattern": r"(?u)\b\w+\b"} if is_word else {}
        return TfidfVectorizer(
            analyzer=space,
            **pattern,
            ngram_range=self.settings.word_ngrams if is_word else self.settings.char_ngrams,
            max_features=self.settings.max_word_terms if is_word else self.settings.max_char_terms,
            min_df=self.settings.min_texts if vocabulary is None else 1,
            vocabulary=vocabulary,
            sublinear_tf=True,
            strip_accents="unicode",
        )


def unit_rows(matrix: np.ndarray) -> np.ndarray:
    """Rows scaled to length 1, float32; a row of zeros stays zero, and what is not finite counts as zero."""
    matrix = np.nan_to_num(np.asarray(matrix, dtype=np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return matrix / np.where(lengths > 0, lengths, 1)

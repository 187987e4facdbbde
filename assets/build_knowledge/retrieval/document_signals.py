"""What entries are found by, and what that says about a question by itself.

Belongs here: documents with their vectors and words, and the signals that need no history. Does not belong here:
cutting texts into documents (``documents``), what past tickets teach (``entry_models``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from assets.build_knowledge.conditions import Conditions
from assets.build_knowledge.retrieval.word_index import WordIndex


@dataclass
class Documents:
    """What entries are found by: n documents, ``entry`` being the place of each one's entry in ``entries``."""

    entries: list[str]
    entry: np.ndarray
    kinds: list[str]
    texts: list[str]
    conditions: list[Conditions]
    vectors: np.ndarray
    words: WordIndex

    @cached_property
    def is_passage(self) -> np.ndarray:
        return np.array([kind == "passage" for kind in self.kinds], dtype=bool)

    def judged(self, judge: Callable[[Conditions], bool | None]) -> list[bool | None]:
        """The verdict on each document's conditions; equal conditions are judged once."""
        distinct, group = self._condition_groups
        verdicts = [judge(conditions) for conditions in distinct]
        return [verdicts[number] for number in group]

    @cached_property
    def _condition_groups(self) -> tuple[list[Conditions], list[int]]:
        """The distinct conditions, and the place among them of each document's."""
        distinct: dict[str, Conditions] = {}
        keys = [json.dumps(conditions, sort_keys=True) for conditions in self.conditions]
        for key, conditions in zip(keys, self.conditions, strict=True):
            distinct.setdefault(key, conditions)
        places = {key: place for place, key in enumerate(distinct)}
        return list(distinct.values()), [places[key] for key in keys]


def document_signals(
    documents: Documents, texts: Sequence[str], vectors: np.ndarray, is_allowed: np.ndarray | None = None
) -> dict[str, np.ndarray]:
    """What documents say by themselves: best phrasing, best passage, best words; an entry without any gets zero."""
    allowed = np.ones(len(documents.texts), dtype=bool) if is_allowed is None else is_allowed
    passages = documents.is_passage
    meaning = vectors @ documents.vectors.T
    words = documents.words.scores(texts)
    best = np.maximum(words.max(axis=1, keepdims=True, initial=0.0), 1e-6)
    return {
        "phrasings": _best_by_entry(meaning, documents, allowed & ~passages),
        "passages": _best_by_entry(meaning, documents, allowed & passages),
        "words": _best_by_entry(words / best, documents, allowed) if words.shape[1] else _nothing(texts, documents),
    }


def _best_by_entry(scores: np.ndarray, documents: Documents, chosen: np.ndarray) -> np.ndarray:
    """Highest score among an entry's chosen documents: (questions, entries); zero where it has none, or none above."""
    best = np.zeros((len(scores), len(documents.entries)), dtype=np.float32)
    columns = np.flatnonzero(chosen)
    if len(columns):
        # Documents are in the order of entries, so that each entry's are one stretch.
        held, starts = np.unique(documents.entry[columns], return_index=True)
        best[:, held] = np.maximum(np.maximum.reduceat(scores[:, columns], starts, axis=1), 0)
    return best


def _nothing(texts: Sequence[str], documents: Documents) -> np.ndarray:
    return np.zeros((len(texts), len(documents.entries)), dtype=np.float32)

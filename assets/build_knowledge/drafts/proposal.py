"""What drafting works on and what it gives: a category's material, a proposed entry, and a refusal with its reason.

Belongs here: the shapes that the two origins of drafts share, and the words of a draft's reason. Does not belong here:
making drafts (`ticket_drafts`, `article_drafts`) and the published frame (`draft_frame`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from assets.build_knowledge.conditions import Conditions
from assets.build_knowledge.drafts.customer_language import CustomersWords


@dataclass(frozen=True)
class Source:
    """Where a draft comes from: an article section or a ticket, with the hash of what was read."""

    kind: str
    id: str
    hash: str


@dataclass(frozen=True)
class CategoryMaterial:
    """What is known of one category, from training tickets only."""

    category_id: str
    name: str
    owner: str | None
    questions: pd.DataFrame
    """[ticket]: ticket_id, language, question, strength, created_at, requester_id."""
    question_vectors: np.ndarray
    """Unit rows in the order of `questions`."""
    answers: pd.DataFrame
    """[ticket with an answer]: columns of `staff_answers`."""
    answer_vectors: np.ndarray
    contexts: pd.DataFrame
    """[ticket with an answer], in the order of `answers`: a column a fact."""
    _words: dict[str, CustomersWords] = field(default_factory=dict, repr=False, compare=False)

    def rows_in(self, language: str) -> np.ndarray:
        """Rows of `questions` in a language."""
        return np.flatnonzero((self.questions["language"] == language).to_numpy())

    def words_in(self, language: str) -> CustomersWords:
        """How its customers ask in a language; looked at once, however many drafts are laid beside it."""
        if language not in self._words:
            rows = self.rows_in(language)
            asked = self.questions["question"].iloc[rows].tolist()
            self._words[language] = CustomersWords.of(asked, self.question_vectors[rows])
        return self._words[language]


@dataclass(frozen=True)
class Proposal:
    """One proposed entry before it gets its id."""

    category_id: str
    question: str
    answer: str
    conditions: Conditions
    phrasings: tuple[str, ...]
    sources: tuple[Source, ...]
    """The first is the one that the draft is named by."""
    origin: str
    reasons: tuple[str, ...]
    score: float
    owner: str | None
    answer_vector: np.ndarray = field(repr=False)
    asked_as: str = ""
    """Names the pool of customers that the question was chosen from; variants for different readers share it."""
    notes: tuple[str, ...] = ()
    needs_support: bool = False
    """Not worth a draft by itself; only as a second source of one."""

    @property
    def is_mixed(self) -> bool:
        """Whether it rests on articles and on tickets."""
        return len({source.kind for source in self.sources}) > 1

    def with_(self, **changes: object) -> Proposal:
        """A copy with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Refusal:
    """Why something was not drafted."""

    category_id: str
    reason: str
    """A code: no_answers, no_repeated_answer, inconsistent, superseded, flagged_article, ..."""
    detail: str
    """A sentence for a person."""
    count_tickets: int = 0


def count_phrase(count: int, one: str, many: str) -> str:
    """ "1 customer", "38 customers"."""
    return f"{count} {one if count == 1 else many}"


def asked_phrase(count: int, days: int) -> str:
    """How many customers asked this lately."""
    return f"{count_phrase(count, 'customer', 'customers')} asked something like this in {days} days"

"""How close a written question is to the way customers ask, and a wording of theirs when it is far.

Belongs here: the score of one question against the questions of its category. Does not belong here: encoding (vectors
are handed in) and what follows from a low score (`findings`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assets.build_knowledge.drafts.question_wording import choose_question
from assets.build_knowledge.drafts.sentences import content_stems

FAR = 0.5
"""A question under this score is written in other words than customers use."""

MIN_QUESTIONS = 5
"""Under this many customers' questions nothing is claimed."""

_NEAREST = 5
_NEARNESS_WEIGHT = 0.6


@dataclass(frozen=True)
class CustomerLanguage:
    """The judgement of one question."""

    score: float | None
    """0 (no customer asks like this) to 1 (as customers do); None where too few customers asked to tell."""
    nearness: float
    """Likeness in meaning, relative to how alike customers' own questions are."""
    word_share: float
    """Share of its content words that at least two customers use."""
    foreign_words: tuple[str, ...]
    """Its content words (cut to six letters) that no customer uses."""
    suggested_question: str | None
    """A customer's wording when the question is far, else None."""


@dataclass(frozen=True)
class CustomersWords:
    """What is the same for every question that is laid beside the same customers': made once, since it is most of the work."""

    questions: tuple[str, ...]
    matrix: np.ndarray
    """Their unit vectors, float64 (n, d)."""
    usual: float
    """Mean cosine of a customer's own question to its five nearest; the median."""
    uses: Mapping[str, int]
    """In how many of the questions each content word stands."""

    @classmethod
    def of(cls, questions: Sequence[str], vectors: np.ndarray) -> CustomersWords:
        """Of customers' sentences, best of one category and language, and their unit vectors, (n, d)."""
        matrix = np.asarray(vectors, dtype=np.float64)
        usual = 0.0
        if len(questions) >= MIN_QUESTIONS:
            own = matrix @ matrix.T
            np.fill_diagonal(own, -1.0)
            usual = float(np.median(np.sort(own, axis=1)[:, -_nearest(len(matrix)) :].mean(axis=1)))
        uses = Counter(stem for one in questions for stem in set(content_stems(one)))
        return cls(tuple(questions), matrix, usual, uses)


def score_customer_language(
    question: str,
    vector: np.ndarray,
    customer_questions: Sequence[str],
    customer_vectors: np.ndarray,
    strengths: Sequence[float] | None = None,
) -> CustomerLanguage:
    """`score_in_words_of` for one question alone."""
    return score_in_words_of(CustomersWords.of(customer_questions, customer_vectors), question, vector, strengths)


def score_in_words_of(
    customers: CustomersWords, question: str, vector: np.ndarray, strengths: Sequence[float] | None = None
) -> CustomerLanguage:
    """Judge `question` against what customers of its category ask.

    Args:
        customers: what they ask.
        question: the written question.
        vector: its unit vector, (d,).
        strengths: how surely each asks (`customer_questions`), to choose the better wording.

    The score is 0.6 x nearness + 0.4 x share of words. Nearness is the mean cosine to the five nearest questions,
    divided by what a customer's own question reaches (the median, each left out in turn) and cut at 1: so it means
    the same for any encoder and for narrow and wide categories.
    """
    stems = list(dict.fromkeys(content_stems(question)))
    matrix, uses = customers.matrix, customers.uses
    if len(customers.questions) < MIN_QUESTIONS:
        return CustomerLanguage(None, 0.0, 0.0, (), None)
    likeness = matrix @ np.asarray(vector, dtype=np.float64)
    reached = float(np.sort(likeness)[-_nearest(len(matrix)) :].mean())
    nearness = min(1.0, max(0.0, reached / customers.usual)) if customers.usual > 0 else 0.0
    share = sum(uses.get(stem, 0) >= 2 for stem in stems) / len(stems) if stems else 0.0
    score = round(_NEARNESS_WEIGHT * nearness + (1 - _NEARNESS_WEIGHT) * share, 4)
    suggested = None
    if score < FAR:
        near = np.argsort(-likeness, kind="stable")[: max(MIN_QUESTIONS, len(matrix) // 4)]
        rated = [1.0] * len(matrix) if strengths is None else list(strengths)
        suggested = choose_question(
            [customers.questions[row] for row in near], matrix[near], [rated[row] for row in near], np.asarray(vector)
        )
    foreign = tuple(stem for stem in stems if not uses.get(stem))
    return CustomerLanguage(score, round(nearness, 4), round(share, 4), foreign, suggested)


def _nearest(count: int) -> int:
    return min(_NEAREST, count - 1)

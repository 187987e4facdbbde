"""Which category a part of an article belongs to: where its customers ask, and where people link it.

Belongs here: likeness of parts to categories. Does not belong here: which customers ask a part, and drafting
(`article_drafts`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assets.build_knowledge.drafts.article_units import ArticleUnit
from assets.build_knowledge.retrieval.article_links import ArticleKey, article_key

TITLE_WEIGHT = 0.5

MIN_MATCH = 0.42
"""A part of an article less like the nearest customers' questions than this belongs to no category here."""

LINK_BONUS = 0.12
"""Added to the category whose tickets got all the links to the article, and in proportion to others."""

MIN_LINKS = 2

_NEAREST = 5


@dataclass(frozen=True)
class Match:
    """Where a part of an article belongs."""

    category_id: str | None
    likeness: float
    count_links: int
    """Answers in this category that link the article."""
    is_by_meaning: bool = True
    """Whether no other category is nearer in meaning, links aside."""


def match_units(
    units: Sequence[ArticleUnit],
    title_vectors: np.ndarray,
    text_vectors: np.ndarray,
    questions: pd.DataFrame,
    question_vectors: np.ndarray,
    links: pd.DataFrame,
) -> list[Match]:
    """The category of each unit, by meaning and by where people link its article.

    Args:
        title_vectors: unit rows of title and heading, one a unit.
        text_vectors: unit rows of the text, one a unit.
        questions: `customer_questions` of all categories, `question_vectors` in the same order.
        links: frame [ticket x link] with category_id and link.

    Likeness to a category is the mean cosine to its five nearest questions, half by title and half by text, so that
    large categories are not favoured. Without a category that reaches `MIN_MATCH` the unit belongs to none.
    """
    if not len(questions):
        return [Match(None, 0.0, 0) for _ in units]
    linked = _links_by_article(units, links)
    likeness = TITLE_WEIGHT * (title_vectors @ question_vectors.T) + (1 - TITLE_WEIGHT) * (
        text_vectors @ question_vectors.T
    )
    places = {
        category: rows
        for category, rows in questions.groupby("category_id", sort=True).indices.items()
        if len(rows) >= 2
    }
    found = []
    for row, unit in enumerate(units):
        counts = linked.get(unit.article_id, Counter())
        total = counts.total()
        scores = {}
        for category, columns in places.items():
            k = min(_NEAREST, len(columns))
            scores[category] = float(np.sort(likeness[row, columns])[-k:].mean())
        rated = {
            category: score + (LINK_BONUS * counts[str(category)] / total if total >= MIN_LINKS else 0.0)
            for category, score in scores.items()
        }
        best = max(rated, key=lambda category: (rated[category], str(category))) if rated else None
        if best is None or rated[best] < MIN_MATCH:
            found.append(Match(None, scores.get(best, 0.0) if best else 0.0, 0))
        else:
            found.append(Match(str(best), scores[best], counts[str(best)], scores[best] >= max(scores.values())))
    return found


def _links_by_article(units: Sequence[ArticleUnit], links: pd.DataFrame) -> dict[str, Counter[str]]:
    """Answers that link each article, by category."""
    keys: dict[ArticleKey, str] = {}
    for unit in units:
        if unit.url and (key := article_key(unit.url)):
            keys.setdefault(key, unit.article_id)
    counts: dict[str, Counter[str]] = {}
    for category, link in zip(links["category_id"], links["link"], strict=True):
        key = article_key(link)
        if key in keys:
            counts.setdefault(keys[key], Counter())[str(category)] += 1
    return counts

"""What decides how entries are drafted: limits, thresholds and the desk's main language.

Belongs here: numbers with their reasons. Does not belong here: anything that reads a text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

DRAFTED_BUCKETS = ("automate", "hybrid")
"""Buckets of the roadmap that get drafts. `escalate` is answered by a person, always."""


@dataclass(frozen=True)
class DraftSettings:
    """Limits of drafting. Likeness is a cosine, or the mean of two."""

    min_entries: int = 3
    """A category with fewer live entries is short and gets drafts."""
    min_phrasings: int = 3
    phrasings: int = 8
    """Phrasings proposed a draft."""
    max_drafts: int = 8
    """Drafts proposed a category: more than a reviewer can use hides the good ones."""
    min_support: int = 3
    """Tickets with one answer before it counts as what people answer."""
    min_agreement: float = 0.4
    """Share of answers to like questions that must say the same."""
    same_answer: float = 0.5
    """Two answers at least this alike say the same."""
    asks_the_same: float = 0.5
    """A customer's question at least this near an article's section asks what it answers."""
    max_mined: int = 300
    """Tickets a category that are read, newest first."""
    window_days: int = 90
    language: str = "en"
    """The desk's main language: questions and answers are drafted in it."""

    @classmethod
    def of(cls, knowledge: Any, languages: Sequence[str]) -> DraftSettings:
        """What the desk's ``knowledge`` block and its first language say; the rest as it is by default."""
        return cls(
            min_entries=knowledge.min_entries,
            min_phrasings=knowledge.min_phrasings,
            language=languages[0] if languages else "en",
        )

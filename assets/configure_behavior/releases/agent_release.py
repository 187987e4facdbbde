"""A release in memory: what ``decide`` reads and nothing else.

Belongs here: plain data. Does not belong here: building, saving, verifying (``build_release``, ``release_files``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from assets.audit_tickets.categories.intent_model import IntentModel
from assets.build_knowledge.retrieval.retrieval_index import RetrievalIndex
from assets.configure_behavior.confidence.confidence_model import ConfidenceModel
from assets.configure_behavior.confidence.thresholds import Thresholds
from desk.behavior import BehaviorFile
from ledger.entries import semantic_hash

Encode = Callable[[Sequence[str]], np.ndarray]


@dataclass(frozen=True)
class ReleaseEntry:
    """A live entry as it was frozen, with all that its content hash is made of.

    ``accepted_by`` is empty in a release read from disk: names stand in the ledger, where they can be erased.
    """

    entry_id: str
    content_hash: str
    category_id: str
    question: str
    answer: str
    conditions: dict[str, list[str]]
    owner: str
    sources: list[dict[str, Any]]
    accepted_by: str
    phrasings: list[str] = field(default_factory=list)
    valid_from: str | None = None
    valid_until: str | None = None

    @property
    def own_hash(self) -> str:
        """The content hash of what is here: equal to ``content_hash`` unless something was changed after acceptance."""
        return semantic_hash(
            {
                "question": self.question,
                "answer": self.answer,
                "conditions": self.conditions,
                "phrasings": self.phrasings,
                "category": self.category_id,
                "valid_from": self.valid_from,
                "valid_until": self.valid_until,
            }
        )


@dataclass(frozen=True)
class ReleaseCategory:
    """A category as it was signed. ``bucket`` is automate, hybrid or escalate."""

    category_id: str
    name: str
    bucket: str
    tier: int | None
    owner: str | None


@dataclass(frozen=True)
class AgentRelease:
    """Everything that decides an answer. ``encode`` is the encoder of ``encoder_revision``."""

    release_id: str
    company: str
    behavior: BehaviorFile
    categories: Mapping[str, ReleaseCategory]
    entries: Mapping[str, ReleaseEntry]
    intents: IntentModel
    index: RetrievalIndex
    confidence: ConfidenceModel
    thresholds: Thresholds
    encoder_revision: str
    encode: Encode

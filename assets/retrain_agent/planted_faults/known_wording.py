"""Deciding the same tickets with one release after another, their wording counted in one go.

Belongs here: sparing the vectoriser a thousand calls of one text. Does not belong here: what is decided. Decisions are the
same to the last bit: each text's terms are counted and weighed by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace
from typing import Any

import numpy as np

from assets.audit_tickets.categories.text_features import TextFeatures, unit_rows
from assets.build_knowledge.retrieval.retrieval_index import question_text
from assets.configure_behavior.decisions.case import as_learnt
from assets.configure_behavior.decisions.decision import Decision
from assets.configure_behavior.releases.agent_release import AgentRelease
from assets.pilot_agent.answers.decide_many import Asked, decide_many


class KnownWording(TextFeatures):
    """Features that know the terms of some texts: the rest of ``transform`` is adding the sentence vector in front."""

    _known: dict[str, Any]

    @classmethod
    def of(cls, features: TextFeatures, texts: Sequence[str]) -> KnownWording:
        """``features`` with ``texts`` counted."""
        made = cls(features.settings)
        made.__dict__.update(copy(features).__dict__)
        distinct = list(dict.fromkeys(texts))
        terms = (
            features.transform(distinct, np.zeros((len(distinct), 1), dtype=np.float32))[:, 1:] if distinct else None
        )
        made._known = {text: terms[row] for row, text in enumerate(distinct)} if terms is not None else {}
        return made

    def transform(self, texts: Sequence[str], vectors: np.ndarray) -> Any:
        """As ``TextFeatures.transform``."""
        if len(texts) != 1 or texts[0] not in self._known:
            return super().transform(texts, vectors)
        from scipy import sparse

        vector = sparse.csr_matrix(unit_rows(np.asarray(vectors, dtype=np.float32)))
        return sparse.hstack([vector, self._known[texts[0]]], format="csr", dtype=np.float32)


def decide_known(
    asked: Sequence[Asked], release: AgentRelease, on_progress: Callable[[int, int], None] | None = None
) -> list[Decision]:
    """``decide_many``, quicker for hundreds of messages."""
    questions = [as_learnt(one.text) for one in asked]
    intents, index = copy(release.intents), copy(release.index)
    intents.features = KnownWording.of(intents.features, questions)
    index.features = KnownWording.of(index.features, [question_text(one) for one in questions])
    return decide_many(asked, replace(release, intents=intents, index=index), on_progress)

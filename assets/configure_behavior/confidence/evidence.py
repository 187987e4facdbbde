"""What is known about a possible answer before it is given: the numbers that confidence is made from.

Belongs here: reading category scores and retrieval into one row of evidence, the same for calibration tickets and for
a live message. Does not belong here: what the evidence is worth (``confidence_model``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from assets.audit_tickets.categories.intent_model import IntentModel
from assets.build_knowledge.conditions import overlap
from assets.build_knowledge.retrieval.retrieval_index import RetrievalIndex, question_text
from assets.build_knowledge.retrieval.retrieve import CONTENDER_SHARE, Hit, RetrievalResult, retrieve

Encode = Callable[[Sequence[str]], np.ndarray]
EVIDENCE_HITS = 5
"""Hits that evidence is read from; further ones change nothing, however many were asked for."""


@dataclass(frozen=True)
class Evidence:
    """One message's evidence.

    ``entry_id`` is the best entry for this reader (None without any), ``entry_category_id`` its category. Probabilities
    are retrieval's own. ``similarity`` is the cosine of the nearest document of the best entry. ``is_undecided``: the
    context leaves open whether the best entry or a rival of it holds.

    ``rival_probability`` is that of the best entry that could hold for the same reader beside the best one. Entries of
    its category whose conditions exclude one another (the answers for Android and for iOS) share what customers say
    and with it the vote, and are told apart by facts, not by words: they are no rivals, and ``variant_probability`` is
    what retrieval gives to them together.
    """

    category_id: str | None
    category_confidence: float
    category_margin: float
    unknown_score: float
    is_unknown: bool
    entry_id: str | None
    entry_category_id: str | None
    entry_probability: float
    rival_probability: float
    similarity: float
    voter_share: float
    is_undecided: bool
    variant_probability: float = 0.0

    @property
    def may_answer(self) -> bool:
        """Whether an answer is possible at all, whatever the confidence.

        The message resembles a known category, there is an entry of just that category, and the context decides whom
        it holds for. Calibration counts only these as answered; a decision must not answer any other.
        """
        agrees = self.entry_id is not None and self.entry_category_id == self.category_id
        return agrees and not self.is_unknown and not self.is_undecided


def evidence_of(
    prediction: Mapping[Any, Any], result: RetrievalResult, entry_categories: Mapping[str, str]
) -> Evidence:
    """Evidence of one message.

    Args:
        prediction: a row of ``IntentModel.predict``.
        result: of ``retrieve`` for the same message and its context, with at least ``EVIDENCE_HITS`` hits asked for.
        entry_categories: category by entry id.
    """
    hits = result.hits[:EVIDENCE_HITS]
    best = hits[0] if hits else None
    variants = [hit for hit in hits[1:] if best is not None and _is_variant(best, hit, entry_categories)]
    rivals = [hit for hit in hits[1:] if hit not in variants]
    category_id = prediction["predicted_category_id"]
    return Evidence(
        category_id=None if pd.isna(category_id) else str(category_id),
        category_confidence=float(prediction["confidence"]),
        category_margin=float(prediction["margin"]),
        unknown_score=float(prediction["unknown_score"]),
        is_unknown=bool(prediction["is_unknown"]),
        entry_id=best.entry_id if best else None,
        entry_category_id=entry_categories.get(best.entry_id) if best else None,
        entry_probability=best.probability if best else 0.0,
        rival_probability=max((hit.probability for hit in rivals), default=0.0),
        similarity=best.match.similarity if best and best.match else 0.0,
        voter_share=float(sum(voter.share for voter in best.voters)) if best else 0.0,
        is_undecided=best is not None and _is_undecided(best, variants),
        variant_probability=float(sum(hit.probability for hit in variants)),
    )


def gather_evidence(
    texts: Sequence[str],
    contexts: Sequence[Mapping[str, object]],
    intents: IntentModel,
    index: RetrievalIndex,
    entry_categories: Mapping[str, str],
    encode: Encode,
) -> list[Evidence]:
    """Evidence of many messages, in order; what ``evidence_of`` gives for each alone, to the last digits of float32.

    Args:
        texts: what customers wrote, n of them.
        contexts: what is known of each customer, n of them.
        intents: the category model. index: the retrieval index, of the same encoder.
        entry_categories: category by entry id.
        encode: texts to unit vectors; called once for all texts, because batches of many are several times faster.

    Raises:
        ValueError: there are not as many contexts as texts.
    """
    if len(texts) != len(contexts):
        raise ValueError(f"{len(texts)} texts but {len(contexts)} contexts; give one context a text, in the same order")
    if not texts:
        return []
    known = encode_once([*texts, *(question_text(text) for text in texts)], encode)
    predictions = intents.predict(list(texts), known(texts)).to_dict("records")
    return evidence_from_predictions(predictions, texts, contexts, index, entry_categories, known)


def evidence_from_predictions(
    predictions: Sequence[Mapping[Any, Any]],
    texts: Sequence[str],
    contexts: Sequence[Mapping[str, object]],
    index: RetrievalIndex,
    entry_categories: Mapping[str, str],
    encode: Encode,
) -> list[Evidence]:
    """Like ``gather_evidence`` where categories are predicted already (rows of ``IntentModel.predict``)."""
    known = encode_once([question_text(text) for text in texts], encode)
    return [
        evidence_of(prediction, retrieve(index, text, context, EVIDENCE_HITS, encode=known), entry_categories)
        for prediction, text, context in zip(predictions, texts, contexts, strict=True)
    ]


def encode_once(texts: Sequence[str], encode: Encode) -> Encode:
    """An ``encode`` that has encoded ``texts`` in one call and looks them up; others it encodes when asked."""
    distinct = list(dict.fromkeys(texts))
    vectors = dict(zip(distinct, np.asarray(encode(distinct), dtype=np.float32), strict=True)) if distinct else {}

    def known(asked: Sequence[str]) -> np.ndarray:
        missing = [text for text in dict.fromkeys(asked) if text not in vectors]
        if missing:
            vectors.update(zip(missing, np.asarray(encode(missing), dtype=np.float32), strict=True))
        return np.stack([vectors[text] for text in asked]) if len(asked) else np.asarray(encode([]))

    return known


def _is_variant(best: Hit, other: Hit, entry_categories: Mapping[str, str]) -> bool:
    same_category = entry_categories.get(best.entry_id) == entry_categories.get(other.entry_id)
    return same_category and not overlap(best.conditions, other.conditions)


def _is_undecided(best: Hit, variants: Sequence[Hit]) -> bool:
    """Whether it is open whom the best entry holds for, or a variant in question holds instead."""
    contenders = [hit for hit in variants if hit.probability >= CONTENDER_SHARE * best.probability]
    return best.applies is None or any(hit.applies is None for hit in contenders)

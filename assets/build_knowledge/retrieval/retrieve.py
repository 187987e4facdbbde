"""A question in, entries out: ranked, with a probability each, for whom they hold, and why.

Belongs here: ranking with a reader's context, and explaining. Does not belong here: what the scores are made of
(``retrieval_index``), whether the best entry is good enough to answer with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from assets.build_knowledge.conditions import Conditions, applies, deciding_fields
from assets.build_knowledge.retrieval.combination import total
from assets.build_knowledge.retrieval.entry_models import kernel, nearest
from assets.build_knowledge.retrieval.retrieval_index import RetrievalIndex, question_text
from assets.build_knowledge.retrieval.retrieval_settings import HISTORY_SIGNALS

Encode = Callable[[Sequence[str]], np.ndarray]
VOTERS_SHOWN = 3
CONTENDER_SHARE = 0.2


@dataclass(frozen=True)
class MatchingText:
    """The document of an entry that is nearest to the question in meaning."""

    kind: str
    text: str
    similarity: float


@dataclass(frozen=True)
class VotingTicket:
    """A past ticket near the question that the entry answered; ``share`` of all votes is its nearest message's."""

    ticket_id: str
    similarity: float
    share: float


@dataclass(frozen=True)
class Hit:
    """One entry found.

    ``probability`` that it answers the question, given that what was asked resembles the past. ``applies`` says whether
    it is for this reader: True, or None where the context leaves it open. ``parts`` is what each signal adds to the
    score, compared with the average entry, and ``conditions`` for whom it holds (of the matching text where an entry
    has several).
    """

    entry_id: str
    place: int
    probability: float
    applies: bool | None
    conditions: Conditions
    parts: dict[str, float]
    match: MatchingText | None
    voters: list[VotingTicket] = field(default_factory=list)


@dataclass(frozen=True)
class RetrievalResult:
    """Hits, best first.

    ``excluded`` are entries the context rules out. ``ask_for`` are the fields to ask the reader about, the most telling
    first, where that would decide between entries that are in question; empty when nothing would.
    """

    question: str
    hits: list[Hit]
    excluded: list[str]
    ask_for: list[str]


def retrieve(
    index: RetrievalIndex, question: str, context: Mapping[str, object] | None = None, k: int = 5, *, encode: Encode
) -> RetrievalResult:
    """Find the entries that answer a question.

    Args:
        index: built by ``build_index``.
        question: what a customer wrote; addresses in it are not read.
        context: what is known of the reader, such as ``{"plan": "pro", "os": "windows"}``. An entry whose conditions it
            contradicts is left out; a field it lacks leaves an entry in.
        k: hits at most.
        encode: texts to unit vectors, by the encoder the index was built with.

    Returns:
        At most ``k`` hits. A question without a word, or an index without entries, gives none.

    Raises:
        ValueError: ``k`` is below one.
    """
    if k < 1:
        raise ValueError(f"k is {k}: ask for at least one entry")
    read = question_text(question)
    documents = index.documents
    if not read or not documents.entries:
        return RetrievalResult(question, [], [], [])
    verdicts = documents.judged(lambda conditions: applies(conditions, context or {}))
    is_allowed = np.array([verdict is not False for verdict in verdicts], dtype=bool)
    is_possible = np.zeros(len(documents.entries), dtype=bool)
    is_possible[documents.entry[is_allowed]] = True
    vector = np.asarray(encode([read]), dtype=np.float32)
    wording = index.wording([read])
    signals = index.signals([read], vector, wording, is_allowed)
    added = index.combination.parts(signals, is_possible[None, :])
    scores = total(added)
    probability = index.combination.probabilities(scores, is_possible[None, :])[0]
    order = [int(place) for place in np.argsort(-np.where(is_possible, scores[0], -np.inf), kind="stable")]
    chosen = [place for place in order if is_possible[place]][:k]
    closeness = np.where(is_allowed, documents.vectors @ vector[0], -np.inf)
    voters = _voters(index, wording, vector, chosen)
    hits = []
    for number, place in enumerate(chosen, start=1):
        own = np.flatnonzero((documents.entry == place) & is_allowed)
        best = int(own[np.argmax(closeness[own])])
        hits.append(
            Hit(
                entry_id=documents.entries[place],
                place=number,
                probability=float(probability[place]),
                applies=True if any(verdicts[document] for document in own) else None,
                conditions=documents.conditions[best],
                parts=_parts(added, place, is_possible),
                match=MatchingText(documents.kinds[best], documents.texts[best], float(closeness[best])),
                voters=voters.get(place, []),
            )
        )
    excluded = [entry for place, entry in enumerate(documents.entries) if not is_possible[place]]
    return RetrievalResult(question, hits, excluded, _ask_for(index, hits, context or {}))


def _parts(added: Mapping[str, np.ndarray], place: int, is_possible: np.ndarray) -> dict[str, float]:
    return {name: float(values[0, place] - values[0, is_possible].mean()) for name, values in added.items()}


def _voters(
    index: RetrievalIndex, wording: Any, vector: np.ndarray, places: Sequence[int]
) -> dict[int, list[VotingTicket]]:
    """The nearest past tickets that each of these entries answered."""
    if index.models is None or not set(index.combination.weights) & set(HISTORY_SIGNALS):
        return {}
    history = index.models.history
    similarity = kernel(vector, wording, history)
    order, votes = nearest(similarity, index.settings)
    near, share = order[0], votes[0] * history.weights[order[0]]
    share = share / max(float(share.sum()), 1e-9)
    found = {}
    for place in places:
        given = share * history.answers[near, place]
        best: dict[str, int] = {}
        for one in np.argsort(-given, kind="stable"):
            if given[one] > 0 and len(best) < VOTERS_SHOWN:
                best.setdefault(index.history_ids[near[one]], int(one))
        found[place] = [
            VotingTicket(ticket, float(vector[0] @ history.vectors[near[one]]), float(given[one]))
            for ticket, one in best.items()
        ]
    return found


def _ask_for(index: RetrievalIndex, hits: Sequence[Hit], context: Mapping[str, object]) -> list[str]:
    """Fields that would decide among the hits that are really in question."""
    if not hits:
        return []
    contenders = [hit for hit in hits if hit.probability >= CONTENDER_SHARE * hits[0].probability]
    undecided = {hit.entry_id for hit in contenders if hit.applies is None}
    if not undecided:
        return []
    documents = index.documents
    open_conditions = [
        documents.conditions[number]
        for number, entry in enumerate(documents.entry)
        if documents.entries[entry] in undecided and applies(documents.conditions[number], context) is None
    ]
    known = {str(name).casefold() for name, value in context.items() if value is not None}
    return [name for name in deciding_fields(open_conditions) if name not in known]

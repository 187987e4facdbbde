"""The entries in question: the best one with its variants, which fact selects among them, and what told it from others.

Belongs here: reading a retrieval result. Does not belong here: ranking (``retrieval.retrieve``) and whether an entry may
be answered with (``decide``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assets.build_knowledge.conditions import NEGATION, applies, deciding_fields, overlap
from assets.build_knowledge.retrieval.retrieval_index import RetrievalIndex
from assets.build_knowledge.retrieval.retrieve import CONTENDER_SHARE, Hit, RetrievalResult
from assets.configure_behavior.decisions.decision import EntryUse
from assets.configure_behavior.releases.agent_release import AgentRelease, ReleaseEntry

NEAR, MUCH_NEARER = 0.6, 0.1
"""Cosine from which a wording is about the same, and by how much it must be nearer than any wording for this customer."""


def entry_uses(hits: Sequence[Hit], release: AgentRelease) -> tuple[EntryUse, ...]:
    """Hits with the entries' own content, best first."""
    return tuple(
        EntryUse(
            hit.entry_id,
            release.entries[hit.entry_id].content_hash,
            release.entries[hit.entry_id].question,
            _copied(release.entries[hit.entry_id].conditions),
            round(hit.probability, 6),
            hit.applies,
        )
        for hit in hits
    )


def variants_in_question(hits: Sequence[Hit], release: AgentRelease) -> list[ReleaseEntry]:
    """The best entry and the contenders of its category that can never hold for the same customer."""
    best = release.entries[hits[0].entry_id]
    others = [
        release.entries[hit.entry_id] for hit in hits[1:] if hit.probability >= CONTENDER_SHARE * hits[0].probability
    ]
    return [
        best,
        *(
            one
            for one in others
            if one.category_id == best.category_id and not overlap(one.conditions, best.conditions)
        ),
    ]


@dataclass(frozen=True)
class Outlier:
    """An entry for other customers whose wording is much nearer to the question than anything for this one.

    ``counterpart`` is the entry that its conditions send this customer to, if one was found; it may not be about the
    same, as the two share no question.
    """

    entry_id: str
    similarity: float
    counterpart: str | None


def nearer_for_others(
    found: RetrievalResult, vector: np.ndarray, index: RetrievalIndex, release: AgentRelease
) -> Outlier | None:
    """The entry that the context rules out and that the question is really about, if so.

    A question whose answer is known for other customers only must not be answered with the next best thing. Variants of
    one question share their wordings, so that none of them is nearer than the other.

    Args:
        found: with at least one hit. vector: the question's, (d,).
    """
    best = found.hits[0]
    excluded = np.isin(np.asarray(index.documents.entries), found.excluded)[index.documents.entry]
    if best.match is None or not excluded.any():
        return None
    closeness = np.where(excluded, index.documents.vectors @ vector, -np.inf)
    place = int(np.argmax(closeness))
    other = release.entries.get(index.documents.entries[index.documents.entry[place]])
    if other is None or closeness[place] < max(NEAR, best.match.similarity + MUCH_NEARER):
        return None
    instead = [
        hit.entry_id
        for hit in found.hits
        if hit.applies
        and release.entries[hit.entry_id].category_id == other.category_id
        and not overlap(release.entries[hit.entry_id].conditions, other.conditions)
    ]
    if best.entry_id in instead:
        return None
    return Outlier(other.entry_id, float(closeness[place]), instead[0] if instead else None)


def fields_to_ask(variants: Sequence[ReleaseEntry], context: Mapping[str, object]) -> list[str]:
    """The facts that would tell which of them holds, the most telling first; empty when the context has them all."""
    still_open = [one.conditions for one in variants if applies(one.conditions, context) is None]
    return [name for name in deciding_fields(still_open) if name not in context]


def deciding_conditions(entry: ReleaseEntry, release: AgentRelease) -> dict[str, list[str]]:
    """Conditions of an entry that a variant of its question does not share; empty without variants.

    Variants are as ``build_knowledge.variants`` has them: of one category, with the same question.
    """
    variants = [
        other
        for other in release.entries.values()
        if other.category_id == entry.category_id and other.entry_id != entry.entry_id and _key(other) == _key(entry)
    ]
    telling = {
        name: values
        for name, values in entry.conditions.items()
        if any(_of_field(other, name) != _of_field(entry, name) for other in variants)
    }
    return _copied(telling)


def _copied(conditions: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {name: list(values) for name, values in conditions.items()}


def _of_field(entry: ReleaseEntry, name: str) -> list[tuple[str, tuple[str, ...]]]:
    field = name.removeprefix(NEGATION)
    return sorted(
        (one, tuple(values)) for one, values in entry.conditions.items() if one.removeprefix(NEGATION) == field
    )


def _key(entry: ReleaseEntry) -> str:
    return " ".join(entry.question.casefold().split()).rstrip("?!. ")

"""What the agent would have answered past tickets with, and whether that would have been right.

Belongs here: evidence beside the label, also where the agent would first have asked back. Does not belong here: labels
(``calibration_labels``), what the evidence is worth (``confidence_model``).

Where the context leaves open which variant of an entry holds, the agent asks and the customer says. Here the customer's
word is the entry that people answered with, if it is a variant of what the agent found: its conditions are facts about
the customer. Else what the agent found stands, and is wrong. This supposes that customers answer such a question, and
truly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from assets.build_knowledge.conditions import NEGATION, Conditions, load_conditions, overlap
from assets.build_knowledge.retrieval.retrieval_index import RetrievalIndex
from assets.configure_behavior.confidence.evidence import Evidence, evidence_from_predictions

Encode = Callable[[Sequence[str]], np.ndarray]


@dataclass(frozen=True)
class PastAnswer:
    """``evidence`` on which the answer rests; ``asked`` is the evidence before, where it was first asked back.

    ``is_right``: the best entry is one that people answered with.
    """

    evidence: Evidence
    asked: Evidence | None
    is_right: bool


def past_answers(
    predictions: Sequence[Mapping[Any, Any]],
    texts: Sequence[str],
    contexts: Sequence[Mapping[str, object]],
    right: Sequence[Sequence[str]],
    index: RetrievalIndex,
    live: pd.DataFrame,
    encode: Encode,
) -> list[PastAnswer]:
    """One a ticket, in order.

    Args:
        predictions: rows of ``IntentModel.predict``, by a model that has not seen the ticket. texts, contexts: of the
            tickets. right: ids of the right entries of each; none, where no entry is.
        index: that has not seen the tickets. live: ``live_entries``. encode: texts to unit vectors.
    """
    categories = dict(zip(live["entry_id"], live["category_id"], strict=True))
    conditions = {
        str(name): load_conditions(str(one)) for name, one in zip(live["entry_id"], live["conditions"], strict=True)
    }
    first = evidence_from_predictions(predictions, texts, contexts, index, categories, encode)
    final = list(first)
    open_ones = [place for place, one in enumerate(first) if one.is_undecided]
    told = [_told(first[place], contexts[place], right[place], categories, conditions) for place in open_ones]
    again = evidence_from_predictions(
        [predictions[place] for place in open_ones], [texts[place] for place in open_ones], told, index, categories, encode
    )  # fmt: skip
    for place, one in zip(open_ones, again, strict=True):
        final[place] = one
    return [
        PastAnswer(after, before if before.is_undecided else None, after.entry_id in set(names))
        for before, after, names in zip(first, final, right, strict=True)
    ]


def _told(
    evidence: Evidence,
    context: Mapping[str, object],
    right: Sequence[str],
    categories: Mapping[str, str],
    conditions: Mapping[str, Conditions],
) -> dict[str, object]:
    """The context after the customer has said what decides."""
    best = str(evidence.entry_id)
    variants = [
        name
        for name in sorted(right)
        if name == best
        or (categories.get(name) == categories.get(best) and not overlap(conditions[name], conditions[best]))
    ]
    holds = conditions[variants[0] if variants else best]
    said = {field: values[0] for field, values in holds.items() if not field.startswith(NEGATION) and values}
    return {**said, **context}

"""How entries are found: every number that shapes an index, with why it is what it is.

Defaults were chosen on validation months of a public support forum (``benchmarks/retrieval.py`` says which); nothing
here was chosen on test months.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from assets.audit_tickets.categories.text_features import FeatureSettings

SIGNALS: Mapping[str, str] = MappingProxyType(
    {
        "phrasings": "how close the question is in meaning to a known way of asking",
        "passages": "how close the question is in meaning to a passage of the answer",
        "words": "how many telling words the question shares with it",
        "votes": "how the nearest past tickets were answered",
        "likeness": "how close the question is to the middle of the past tickets it answered",
        "regression": "what a linear model of wording and meaning learnt from past tickets and documents",
        "discriminant": "what a linear model of meaning learnt from past tickets and documents",
        "choice": "which of all entries past tickets like this one were answered with",
    }
)
HISTORY_SIGNALS = ("votes", "likeness", "regression", "discriminant", "choice")
"""Signals that need past tickets; without any they are left out."""


def _starting_weights() -> dict[str, float]:
    return {
        "phrasings": 12.0,
        "passages": 8.0,
        "words": 1.5,
        "votes": 0.3,
        "likeness": 0.0,
        "regression": 1.0,
        "discriminant": 0.0,
        "choice": 0.0,
    }


@dataclass(frozen=True)
class RetrievalSettings:
    """How an index is built.

    ``signals`` are used and weighed; weights start at ``starting_weights``, which hold where nothing can be learnt, and
    are drawn to them with ``stiffness`` (the Gaussian prior's precision, in standard deviations of each signal).
    ``max_history`` texts of the newest past tickets are learnt from: the question, and up to ``later_messages`` that the
    same person wrote later in the ticket, each of which counts ``later_weight`` of it. ``neighbours`` vote, each by e to the power of its similarity
    over ``vote_temperature``. ``ridge`` and ``passage_weight`` belong to the regression;
    in likeness an entry's documents together count as ``written_weight`` past tickets; ``shrinkage``,
    ``centre_weight`` and ``document_weight`` to the discriminant. The choice model reads meaning beside at most
    ``word_directions`` directions of wording, weighing ``direction_weight`` (more of them, or letter groups too, cost
    time and disk); ``choice_variance`` is its prior's, ``choice_steps`` its optimiser's, and the documents of an entry
    together count as ``entry_weight`` tickets. ``folds`` by requester for learning the weights.
    """

    signals: tuple[str, ...] = tuple(SIGNALS)
    starting_weights: Mapping[str, float] = field(default_factory=_starting_weights)
    stiffness: float = 1.0
    features: FeatureSettings = field(
        default_factory=lambda: FeatureSettings(max_word_terms=40_000, max_char_terms=40_000, max_chars=800)
    )
    max_history: int = 6_000
    later_messages: int = 2
    later_weight: float = 0.5
    half_life_days: float | None = None
    neighbours: int = 30
    vote_temperature: float = 0.16
    ridge: float = 0.3
    passage_weight: float = 0.1
    written_weight: float = 3.0
    shrinkage: float = 0.6
    centre_weight: float = 1.0
    document_weight: float = 0.3
    word_directions: int = 300
    direction_weight: float = 1.5
    choice_variance: float = 30.0
    choice_steps: int = 45
    entry_weight: float = 0.5
    folds: int = 5
    min_history_to_learn: int = 40

    def __post_init__(self) -> None:
        unknown = [name for name in self.signals if name not in SIGNALS]
        if unknown or not self.signals:
            raise ValueError(f"signals {unknown or 'are empty'}: choose from {', '.join(SIGNALS)}")

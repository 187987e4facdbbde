"""How well past questions would have been led to the articles that helpers then linked.

Belongs here: running ``retrieve`` over test tickets and measuring it. Does not belong here: reading exports, cutting by
time (``past_and_future``), the measures themselves (``ranking_measures``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from assets.audit_tickets.categories.calibration import brier_score, expected_calibration_error
from assets.build_knowledge.retrieval.documents import documents_of_articles
from assets.build_knowledge.retrieval.past_and_future import PastAndFuture, article_addresses, split_by_time
from assets.build_knowledge.retrieval.ranking_measures import Measure, best_rank, measure_ranks
from assets.build_knowledge.retrieval.retrieval_index import Encode, RetrievalIndex, build_index
from assets.build_knowledge.retrieval.retrieval_settings import HISTORY_SIGNALS, RetrievalSettings
from assets.build_knowledge.retrieval.retrieve import retrieve

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[str, int, int], None]
ABLATIONS: Mapping[str, tuple[str, ...]] = {
    "passages": ("passages",),
    "passages_words": ("phrasings", "passages", "words"),
    "history": HISTORY_SIGNALS,
}


@dataclass(frozen=True)
class RetrievalReport:
    """What was measured.

    ``measures`` of the index with the settings given; ``ablation`` of indexes with fewer signals; ``of_new`` of test
    tickets by unfamiliar requesters in unfamiliar words. ``ece`` and ``brier`` judge the first hit's probability.
    """

    measures: dict[str, Measure]
    ablation: dict[str, dict[str, Measure]]
    of_new: dict[str, Measure]
    count_train_tickets: int
    count_test_tickets: int
    count_new_test_tickets: int
    count_articles: int
    ece: float
    brier: float
    weights: dict[str, float] = field(default_factory=dict)
    place_weights: dict[str, float] = field(default_factory=dict)
    ranks: list[float] = field(default_factory=list)


def evaluate_retrieval(
    tickets: pd.DataFrame,
    comments: pd.DataFrame,
    sections: pd.DataFrame,
    encode: Encode,
    train_until: pd.Timestamp,
    test_from: pd.Timestamp,
    test_until: pd.Timestamp | None = None,
    settings: RetrievalSettings | None = None,
    language: str | None = "en",
    ablations: Mapping[str, Sequence[str]] = ABLATIONS,
    seed: int = 0,
    on_progress: Progress | None = None,
) -> RetrievalReport:
    """Learn from tickets before ``train_until``, ask the tickets from ``test_from`` on, and measure.

    Args:
        tickets: ticket_id, requester_id, created_at (UTC), locale, subject, message, context.
        comments: ticket_id, author_role, is_public, created_at, text with its links.
        sections: ``help_center_articles``.
        encode: texts to unit vectors; asked for the same texts more than once, so let it remember.
        settings: of the index; the product's defaults where left out.
        ablations: name to signals, for smaller indexes to compare with.
        seed: of the bootstrap.

    Raises:
        ValueError: the test begins before training ends, no article has an address, or no test ticket has an answer.
    """
    settings = settings or RetrievalSettings()
    urls, slugs = article_addresses(sections)
    if not urls:
        raise ValueError("no article has an address (html_url or url), so that no link can be told to lead to one")
    cut = split_by_time(tickets, comments, urls, slugs, train_until, test_from, test_until, language)
    documents = documents_of_articles(sections)
    requesters = cut.asked["requester_id"].tolist()
    index = _build(documents, cut, encode, settings, "learning", on_progress)
    ranks, first = _ask(index, cut, encode, on_progress)
    measures = measure_ranks(ranks, requesters, seed)
    is_right = ranks == 1
    is_new = ~cut.asked["is_familiar"].to_numpy(dtype=bool)
    of_new = measure_ranks(ranks[is_new], np.asarray(requesters)[is_new].tolist(), seed) if is_new.any() else {}
    compared = {}
    for name, signals in ablations.items():
        smaller = _build(documents, cut, encode, replace(settings, signals=tuple(signals)), name, on_progress)
        compared[name] = measure_ranks(_ask(smaller, cut, encode, None)[0], requesters, seed)
    return RetrievalReport(
        measures,
        compared,
        of_new,
        cut.history["ticket_id"].nunique(),
        len(cut.asked),
        int(is_new.sum()),
        len(index.entries),
        expected_calibration_error(first, is_right),
        brier_score(first, is_right),
        dict(index.combination.weights),
        dict(index.combination.place_weights),
        [float(rank) for rank in ranks],
    )


def _build(
    documents: pd.DataFrame,
    cut: PastAndFuture,
    encode: Encode,
    settings: RetrievalSettings,
    name: str,
    on_progress: Progress | None,
) -> RetrievalIndex:
    tell = (lambda done, total: on_progress(f"learning ({name})", done, total)) if on_progress else None
    return build_index(documents, cut.history, encode, settings, on_progress=tell)


def _ask(
    index: RetrievalIndex, cut: PastAndFuture, encode: Encode, on_progress: Progress | None
) -> tuple[np.ndarray, np.ndarray]:
    """Rank of the best right entry and probability of the first hit, for each test ticket."""
    encode(cut.asked["text"].tolist())  # in one call: far faster than one by one, where ``encode`` remembers
    ranks, first = [], []
    rows = zip(cut.asked["text"], cut.asked["context"], cut.asked["right"], strict=True)
    for number, (text, context, right) in enumerate(rows):
        result = retrieve(index, text, context, k=len(index.entries), encode=encode)
        ranks.append(best_rank([hit.entry_id for hit in result.hits], right))
        first.append(result.hits[0].probability if result.hits else 0.0)
        if on_progress is not None:
            on_progress("asking", number + 1, len(cut.asked))
    return np.array(ranks), np.array(first)

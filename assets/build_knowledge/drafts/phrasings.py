"""The most common and the most different ways customers ask one thing.

Belongs here: choosing a few questions out of many by their vectors. Does not belong here: finding the sentence that
asks (`customer_questions`), and which customers ask the same (`article_drafts`, `ticket_drafts`).

Common ones are chosen by greedy facility location (Nemhauser, Wolsey and Fisher 1978: at least 63 % of the best
possible coverage), different ones farthest first among those that at least one other customer nearly says, so that an
odd one out (a wrongly sorted ticket) is no phrasing.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

import numpy as np
import pandas as pd

from assets.build_knowledge.drafts.question_wording import tidy
from assets.build_knowledge.drafts.sentences import content_stems

TOO_ALIKE = 0.88
_SHARED_WORDS = 0.8
_SAME_SPELLING = 0.9
_HAS_COMPANY = 0.45
_LOW_COVERAGE = 0.25
"""Facility location ignores likeness below this: two questions about different things cover nothing of each other."""


def choose_diverse(
    questions: Sequence[str],
    vectors: np.ndarray,
    count: int = 8,
    share_common: float = 0.6,
    weights: np.ndarray | None = None,
) -> list[int]:
    """Rows of up to `count` questions: first the common ones, then the most different.

    Args:
        questions: n sentences.
        vectors: unit rows, (n, d), in the same order.
        share_common: share of the places that go to common ones.
        weights: how good a sentence is as a phrasing, (n,), 1 for ordinary; None for all alike.

    No two are near-duplicates: by vector (cosine above `TOO_ALIKE`) or by words. The same input gives the same rows.
    """
    if len(questions) == 0 or count <= 0:
        return []
    likeness = np.asarray(vectors @ vectors.T, dtype=np.float64)
    worth = np.ones(len(questions)) if weights is None else np.asarray(weights, dtype=np.float64)
    words = [frozenset(content_stems(question)) for question in questions]
    common = max(1, round(count * share_common))
    chosen: list[int] = []
    free = np.ones(len(questions), dtype=bool)
    coverage = np.maximum(likeness - _LOW_COVERAGE, 0.0)
    covered = np.zeros(len(questions))
    while len(chosen) < min(common, count) and free.any():
        gain = np.maximum(coverage - covered[:, None], 0.0).sum(axis=0) * worth
        gain[~free] = -1.0
        best = int(gain.argmax())
        if gain[best] <= 1e-9:
            break
        chosen.append(best)
        covered = np.maximum(covered, coverage[:, best])
        free &= ~_too_alike(best, likeness, words, questions)
    if len(questions) > 2:
        company = np.sort(np.where(np.eye(len(questions), dtype=bool), -1.0, likeness), axis=1)[:, -1]
        free &= company >= _HAS_COMPANY
    while len(chosen) < count and free.any():
        distance = (1.0 - likeness[:, chosen].max(axis=1)) * worth
        distance[~free] = -1.0
        best = int(distance.argmax())
        chosen.append(best)
        free &= ~_too_alike(best, likeness, words, questions)
    return chosen


def _too_alike(row: int, likeness: np.ndarray, words: list[frozenset[str]], questions: Sequence[str]) -> np.ndarray:
    mine = words[row]
    shared = np.array([len(mine & other) / max(1, len(mine | other)) for other in words])
    alike = (likeness[row] > TOO_ALIKE) | ((shared > _SHARED_WORDS) & (likeness[row] > 0.6))
    # A slip of the keyboard may move a vector far: spelling is compared too.
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(questions[row].casefold())
    for other in np.flatnonzero(~alike).tolist():
        matcher.set_seq1(questions[other].casefold())
        alike[other] = matcher.real_quick_ratio() > _SAME_SPELLING and matcher.ratio() > _SAME_SPELLING
    alike[row] = True
    return alike


def mine_phrasings(
    asked: pd.DataFrame, vectors: np.ndarray, language: str, count: int = 8, others: int = 2
) -> list[str]:
    """Phrasings out of the questions of customers who ask the same.

    Args:
        asked: frame with question, language, strength and, where known, belongs (`belonging`); one row a
            customer's ticket.
        vectors: unit rows of the questions, in the same order.
        language: the desk's main language; its phrasings come first and fill `count`.
        others: phrasings added for each other language in which at least two customers ask.

    Languages are never mixed when likeness is judged: an encoder may put two languages far apart.
    """
    found: list[str] = []
    counts = asked["language"].value_counts()
    rest = sorted(
        (code for code in counts.index if code != language and counts[code] >= 2), key=lambda c: (-counts[c], c)
    )
    for code, places in ((language, count), *((code, others) for code in rest)):
        rows = np.flatnonzero((asked["language"] == code).to_numpy())
        mine = [tidy(question) for question in asked["question"].iloc[rows]]
        weights = 0.6 + 0.4 * np.clip(asked["strength"].iloc[rows].to_numpy(dtype=float) / 4.0, 0, 1)
        if "belongs" in asked:
            weights = weights * (0.3 + 0.7 * asked["belongs"].iloc[rows].to_numpy(dtype=float))
        for row in choose_diverse(mine, vectors[rows], places, weights=weights):
            if mine[row] not in found:
                found.append(mine[row])
    return found


def belonging(categories: np.ndarray, vectors: np.ndarray, neighbours: int = 10) -> np.ndarray:
    """How much each question belongs to its category: the share of its nearest questions that are of it, (n,) in 0..1.

    Near-copies are passed over, so that a sentence many customers add to anything ("we are a small team") is seen as
    what it is.
    """
    n = len(vectors)
    share = np.zeros(n)
    for start in range(0, n, 1024):
        block = vectors[start : start + 1024] @ vectors.T
        block[block > 0.97] = -1.0
        k = min(neighbours, n - 1)
        if k < 1:
            return np.ones(n)
        near = np.argpartition(-block, k - 1, axis=1)[:, :k]
        share[start : start + 1024] = (categories[near] == categories[start : start + 1024, None]).mean(axis=1)
    return share


def nearest_questions(vectors: np.ndarray, targets: np.ndarray, least: float) -> np.ndarray:
    """Rows of `vectors` that are at least `least` like one of `targets`, nearest first."""
    if not len(vectors) or not len(targets):
        return np.zeros(0, dtype=np.int64)
    best = (vectors @ targets.T).max(axis=1)
    rows = np.flatnonzero(best >= least)
    return rows[np.argsort(-best[rows], kind="stable")]


def phrasings_of_entries(
    entries: pd.DataFrame,
    questions: pd.DataFrame,
    vectors: np.ndarray,
    target_vectors: np.ndarray,
    language: str,
    least: float = 0.5,
    count: int = 8,
) -> pd.DataFrame:
    """Phrasings to add to entries that people wrote.

    Args:
        entries: frame [entry] with entry_id, category_id, phrasings.
        questions: `customer_questions` of training tickets, with `vectors` in the same order.
        target_vectors: unit rows of the entries' questions, in the order of `entries`.

    Returns:
        Frame [entry x phrasing that it lacks]: entry_id, phrasing, place (1 is the most common).
    """
    rows: list[tuple[str, str, int]] = []
    categories = questions["category_id"].to_numpy()
    for place, entry in enumerate(entries.to_dict("records")):
        mine = np.flatnonzero(categories == entry["category_id"])
        near = mine[nearest_questions(vectors[mine], target_vectors[place : place + 1], least)]
        if not len(near):
            continue
        known = {tidy(str(one)).casefold() for one in entry["phrasings"]}
        found = mine_phrasings(questions.iloc[near], vectors[near], language, count)
        fresh = [one for one in found if one.casefold() not in known]
        rows += [(str(entry["entry_id"]), one, number) for number, one in enumerate(fresh, 1)]
    return pd.DataFrame(rows, columns=["entry_id", "phrasing", "place"])

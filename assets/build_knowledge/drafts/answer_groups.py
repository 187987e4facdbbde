"""Which answers say the same, how consistently a question is answered, and which answer stands for the rest.

Belongs here: grouping answers, the agreement of answers to like questions, the typical answer of a group. Does not
belong here: for whom an answer holds (`answer_conditions`).

Likeness is the mean of a lexical and a semantic cosine: words alone miss the same advice in other words, meaning
alone takes two answers about one subject for one answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assets.audit_tickets.roadmap.answer_consistency import answer_vectors

NEIGHBOURS = 8
"""Customers asked most alike whose answers are compared."""

_LINK = re.compile(r"\[([^\]\n]*)\]\([^)\s]*\)")
_MARKS = re.compile(r"(?m)^\s*(?:[-*•]|\d{1,2}[.)])\s+")


@dataclass(frozen=True)
class AnswerGroup:
    """Answers that say the same: row numbers of the frame they were grouped from, and the row that stands for them."""

    rows: tuple[int, ...]
    medoid: int


def flat(answer: str) -> str:
    """An answer without list marks, emphasis and addresses behind links, for comparing."""
    return _LINK.sub(r"\1", _MARKS.sub("", answer)).replace("**", "")


def answer_likeness(answers: Sequence[str], vectors: np.ndarray) -> np.ndarray:
    """Likeness of all pairs, (n, n) in 0..1: mean of TF-IDF cosine over stems and cosine of unit `vectors`."""
    words = answer_vectors(pd.Series([flat(answer) for answer in answers], dtype="str"))
    lexical = np.asarray((words @ words.T).todense(), dtype=np.float64)
    return np.clip((lexical + np.asarray(vectors @ vectors.T, dtype=np.float64)) / 2.0, 0.0, 1.0)


def group_answers(likeness: np.ndarray, least: float) -> list[list[int]]:
    """Rows that say the same, by average-linkage clustering cut at `least`; largest group first."""
    n = len(likeness)
    if n < 2:
        return [[row] for row in range(n)]
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    distance = 1.0 - likeness
    np.fill_diagonal(distance, 0.0)
    labels = fcluster(
        linkage(squareform((distance + distance.T) / 2, checks=False), "average"), 1.0 - least, "distance"
    )
    groups: dict[int, list[int]] = {}
    for row, label in enumerate(labels.tolist()):
        groups.setdefault(label, []).append(row)
    return sorted(groups.values(), key=lambda rows: (-len(rows), rows))


def typical_answer(
    rows: Sequence[int], likeness: np.ndarray, quality: Sequence[float], answered_at: Sequence[pd.Timestamp]
) -> int:
    """The row that stands for `rows`: most like the others, well received, and from the newer half.

    Only the newer half (at least three) may be chosen, so that an answer that changed is drafted as it is given now.
    """
    newest = sorted(rows, key=lambda row: (answered_at[row], row), reverse=True)
    pool = newest[: max(3, -(-len(newest) // 2))]
    mean = {row: float(likeness[row, list(rows)].mean()) for row in pool}
    return max(pool, key=lambda row: (round(mean[row] + 0.1 * float(np.clip(quality[row], -1, 1.5)), 6), -row))


def agreement(
    rows: Sequence[int], question_vectors: np.ndarray, comparable: np.ndarray, same: np.ndarray
) -> tuple[int, int]:
    """How many answers to like questions say the same, as (same, compared).

    Args:
        rows: the group.
        question_vectors: unit rows of what each answered customer asked, (n, d).
        comparable: mask (n,) of answers to customers in the same situation; the group's own rows are always in.
        same: mask (n,) of answers that say the same.

    Compared are the customers who asked most like each of the group, each counted once: as many neighbours as the
    group has other members, two at least and `NEIGHBOURS` at most, so that a rare question is judged by its own kind.
    """
    k = min(NEIGHBOURS, max(2, len(rows) - 1))
    allowed = np.array(comparable, dtype=bool)
    allowed[list(rows)] = True
    others = np.flatnonzero(allowed)
    seen: set[int] = set(rows)
    for row in rows:
        pool = others[others != row]
        near = pool[np.argsort(-(question_vectors[pool] @ question_vectors[row]), kind="stable")[:k]]
        seen.update(int(one) for one in near)
    hits = sum(bool(same[one]) for one in seen)
    return hits, len(seen)


def is_superseded(mine: Sequence[pd.Timestamp], theirs: Sequence[pd.Timestamp]) -> bool:
    """Whether an answer gave way to another: it stopped before most of the others' were given, and at least three were."""
    last = max(mine)
    after = sum(one > last for one in theirs)
    return after >= 3 and after >= 0.8 * len(theirs)

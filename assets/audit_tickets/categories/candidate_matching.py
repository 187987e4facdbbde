"""Recognising last week's candidates among this week's groups, so that ids, names and decisions stay.

Belongs here: which new group is which known candidate, and what was merged or split. Does not belong here: forming
groups, or naming them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

MIN_SHARED = 0.3
MIN_LIKENESS = 0.85
CLEAR_PART = 0.5


@dataclass(frozen=True)
class Group:
    """A group of tickets as matching sees it: who is in it and where its centre lies (unit vector, or None when
    centres cannot be compared because the encoder changed)."""

    ticket_ids: frozenset[str]
    centroid: np.ndarray | None = None


@dataclass(frozen=True)
class Matching:
    """Who is who. Every index appears once at most on either side.

    Attributes:
        recognised: new group index to previous candidate index.
        absorbed: previous candidate index to the new group that holds at least half of its tickets, where that group
            was recognised as another candidate (a merge).
        split_from: new group index to the previous candidate that at least half of its tickets come from, where that
            candidate lives on in another group (a split).
    """

    recognised: dict[int, int] = field(default_factory=dict)
    absorbed: dict[int, int] = field(default_factory=dict)
    split_from: dict[int, int] = field(default_factory=dict)


def match_candidates(previous: Sequence[Group], new: Sequence[Group]) -> Matching:
    """Pair new groups with previous candidates, each with one at most, so that the total likeness is largest.

    Likeness of a pair is the larger of two measures: the share of the smaller group's tickets that both hold, and the
    cosine of their centres. A pair counts only with 30 % shared tickets or a cosine of 0.85; assignment is optimal
    (Kuhn 1955, the Hungarian method) and, for equal likeness, in the order given.
    """
    if not previous or not new:
        return Matching()
    from scipy.optimize import linear_sum_assignment

    likeness = np.zeros((len(new), len(previous)))
    for row, group in enumerate(new):
        for column, candidate in enumerate(previous):
            likeness[row, column] = _likeness(group, candidate)
    rows, columns = linear_sum_assignment(-likeness)
    recognised = {int(r): int(c) for r, c in zip(rows, columns, strict=True) if likeness[r, c] > 0}
    taken = {column: row for row, column in recognised.items()}
    absorbed = {}
    for column, candidate in enumerate(previous):
        if column not in taken:
            holder = _holder(candidate.ticket_ids, [group.ticket_ids for group in new])
            if holder is not None and holder in recognised:
                absorbed[column] = holder
    split_from = {}
    for row, group in enumerate(new):
        if row not in recognised:
            origin = _holder(group.ticket_ids, [candidate.ticket_ids for candidate in previous])
            if origin is not None and origin in taken:
                split_from[row] = origin
    return Matching(recognised, absorbed, split_from)


def _likeness(group: Group, candidate: Group) -> float:
    smaller = min(len(group.ticket_ids), len(candidate.ticket_ids))
    shared = len(group.ticket_ids & candidate.ticket_ids) / smaller if smaller else 0.0
    cosine = (
        float(group.centroid @ candidate.centroid)
        if group.centroid is not None and candidate.centroid is not None
        else 0.0
    )
    best = max(shared if shared >= MIN_SHARED else 0.0, cosine if cosine >= MIN_LIKENESS else 0.0)
    # Shared tickets break ties between equally near centres, without ever making an unlike pair count.
    return best + 0.01 * shared if best else 0.0


def _holder(part: frozenset[str], wholes: Sequence[frozenset[str]]) -> int | None:
    if not part:
        return None
    shares = [len(part & whole) / len(part) for whole in wholes]
    best = max(range(len(shares)), key=shares.__getitem__)
    return best if shares[best] >= CLEAR_PART else None

"""The same pattern next week: which of today's groups is which of the patterns there were.

Belongs here: laying groups beside earlier patterns, and new ids. Does not belong here: grouping, what becomes of a pattern
that is gone (``failure_patterns``).

A group is an earlier pattern when they share at least half of the failures of the smaller; each has at most one of the other,
chosen so that as many failures as possible keep their pattern (linear assignment, Kuhn 1955). So a pattern that splits or
swallows another goes on in its larger part. Where no failure is shared, as after a ticket was judged by a surer source, the
same key decides, and for what is held together by meaning the likeness of the names too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from assets.retrain_agent.patterns.same_matter import Encode

MAJORITY = 0.5
SAME_NAME = 0.75
"""Cosine of two names from which on they say the same."""


@dataclass(frozen=True)
class Known:
    """A pattern as it was, or a group as it is. about: type, categories, entries, condition and trigger of most; by_matter:
    ``about`` alone does not say what it is about; name: "" where there is none yet."""

    failure_ids: frozenset[str]
    about: tuple[str, ...]
    by_matter: bool
    name: str


def same_patterns(earlier: Sequence[Known], now: Sequence[Known], encode: Encode) -> dict[int, int]:
    """Place of the earlier pattern by place of today's group; one to one, groups without one are left out."""
    if not earlier or not now:
        return {}
    from scipy.optimize import linear_sum_assignment

    weights = np.zeros((len(now), len(earlier)))
    holders: dict[str, list[int]] = {}
    for column, was in enumerate(earlier):
        for failure in was.failure_ids:
            holders.setdefault(failure, []).append(column)
    for row, group in enumerate(now):
        for column in {column for failure in group.failure_ids for column in holders.get(failure, ())}:
            was = earlier[column]
            shared = len(group.failure_ids & was.failure_ids)
            if shared >= MAJORITY * min(len(group.failure_ids), len(was.failure_ids)):
                union = len(group.failure_ids | was.failure_ids)
                weights[row, column] = shared + 0.4 * shared / union + 0.4 * (group.about == was.about)
    rows, columns = linear_sum_assignment(-weights)
    found = {int(row): int(column) for row, column in zip(rows, columns, strict=True) if weights[row, column] > 0}
    return found | _by_key(earlier, now, found, encode)


def new_id(key: Sequence[str], failure_ids: Sequence[str], taken: Collection[str]) -> str:
    """16 hex digits of the key and the earliest failure; of more failures where that id is taken.

    Args:
        failure_ids: earliest first, at least one.
    """
    for many in range(1, len(failure_ids) + 1):
        made = _digest([*key, *failure_ids[:many]])
        if made not in taken:
            return made
    number = 2
    while (made := _digest([*key, *failure_ids, str(number)])) in taken:
        number += 1
    return made


def _by_key(earlier: Sequence[Known], now: Sequence[Known], found: dict[int, int], encode: Encode) -> dict[int, int]:
    """By the same key, those that share no failure: only where it is one to one, or where the names say the same."""
    taken = set(found.values())
    left = [row for row in range(len(now)) if row not in found]
    free = [column for column in range(len(earlier)) if column not in taken]
    pairs = [(row, column) for row in left for column in free if now[row].about == earlier[column].about]
    named = {
        one
        for row, column in pairs
        if _needs_names(now[row], earlier[column])
        for one in (now[row].name, earlier[column].name)
    }
    vectors = (
        dict(zip(sorted(named), np.asarray(encode(sorted(named)), dtype=np.float64), strict=True)) if named else {}
    )
    scored = []
    for row, column in pairs:
        alike = 1.0
        if _needs_names(now[row], earlier[column]):
            alike = float(vectors[now[row].name] @ vectors[earlier[column].name])
        if alike >= SAME_NAME:
            scored.append((-alike, row, column))
    result: dict[int, int] = {}
    for _, row, column in sorted(scored):
        if row not in result and column not in result.values():
            result[row] = column
    return result


def _needs_names(group: Known, was: Known) -> bool:
    return group.by_matter or was.by_matter


def _digest(parts: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]

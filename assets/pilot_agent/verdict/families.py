"""Judging several categories at once without paying for luck: groups, their weights, and Holm's step-down.

Belongs here: which categories stand alone and which are judged together, and which hypotheses a level refutes. Does not
belong here: p-values.

The family is fixed by the plan: one hypothesis for the whole agent with half the chance of error (all of it where there
is one category), and one a category with an equal share of the other half. A category that waits keeps its share. Whether
a category stands alone depends on how many of its tickets were answered, never on how they went. Categories judged
together put their shares together. Weighted Holm (Holm 1979): what is refuted hands its share to the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

OVER_ALL = "over all"
SMALL = "small categories"


@dataclass(frozen=True)
class Group:
    """Categories that are judged as one. ``name`` is the category's own, or ``SMALL``."""

    name: str
    members: tuple[str, ...]
    is_large_enough: bool


def group_categories(answered: Mapping[str, int], min_answered: int) -> list[Group]:
    """Categories with enough answered tickets stand alone; the others make one group, with the reason whether it may be
    judged."""
    alone = [Group(name, (name,), True) for name in sorted(answered) if answered[name] >= min_answered]
    rest = tuple(name for name in sorted(answered) if answered[name] < min_answered)
    if rest:
        together = sum(answered[name] for name in rest)
        alone.append(Group(rest[0] if len(rest) == 1 else SMALL, rest, together >= min_answered))
    return alone


def shares(categories: Sequence[str]) -> dict[str, float]:
    """Share of the chance of error of every hypothesis; they add up to 1. One category is the whole agent."""
    if len(categories) < 2:
        return {OVER_ALL: 1.0}
    return {OVER_ALL: 0.5, **dict.fromkeys(categories, 0.5 / len(categories))}


def holm(
    p_values: Mapping[str, float],
    weights: Mapping[str, float],
    waiting: float,
    alpha: float,
    level: Callable[[float], float],
) -> tuple[set[str], dict[str, float]]:
    """Names refuted by the weighted step-down, and the p-value that each name had to reach.

    Args:
        p_values: by hypothesis that is tested now.
        weights: its share of the chance of error.
        waiting: shares of hypotheses that are neither tested now nor refuted before.
        alpha: chance of error of the family.
        level: turns a hypothesis' part of alpha into the p-value that refutes (``looks.level``).
    """
    left = dict(p_values)
    refuted: set[str] = set()
    needed: dict[str, float] = {}
    while left:
        total = waiting + sum(weights[name] for name in left)
        needed |= {name: level(alpha * weights[name] / total) for name in left}
        found = {name for name, p in left.items() if p <= needed[name]}
        if not found:
            break
        refuted |= found
        left = {name: p for name, p in left.items() if name not in found}
    return refuted, needed

"""Requesters as units of a test: one customer's messages move together.

Belongs here: numbering requesters, assigning them to two samples at random, leaving them out one after the other. Does not
belong here: any statistic.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence

import numpy as np

FIRST_PERMUTATIONS, MOST_PERMUTATIONS = 999, 9_999
"""More are drawn only while it is open how small p is: many tests in one run need small ones."""
_CLEARLY_ALIKE = 10
_BLOCK = 1000


def codes(by: Sequence[Hashable]) -> np.ndarray:
    """(n,) whole numbers from 0, one a requester; each row without one is a requester of his own."""
    places: dict[Hashable, int] = {}
    return np.array(
        [places.setdefault(("", row) if is_missing(one) else one, len(places)) for row, one in enumerate(by)],
        dtype=int,
    )


def count_of(by: np.ndarray) -> int:
    """How many requesters there are among such numbers."""
    return int(by.max()) + 1 if len(by) else 0


def share_beyond(
    is_beyond: Callable[[np.ndarray], np.ndarray], is_recent: np.ndarray, rng: np.random.Generator
) -> float:
    """p of a permutation test: ``is_beyond`` tells of (b, g) assignments which are at least as far as the one seen."""
    beyond = done = 0
    while done < MOST_PERMUTATIONS and (done < FIRST_PERMUTATIONS or beyond < _CLEARLY_ALIKE):
        count = _BLOCK if done else FIRST_PERMUTATIONS
        beyond += int(is_beyond(rng.permuted(np.tile(is_recent, (count, 1)), axis=1)).sum())
        done += count
    return (1 + beyond) / (1 + done)


def variance_of_mean(sums: np.ndarray, sizes: np.ndarray) -> float:
    """Of a mean over requesters, each left out once (Rust and Rao 1996)."""
    left = (sums.sum() - sums) / (sizes.sum() - sizes)
    return (len(sums) - 1) / len(sums) * float(np.square(left - left.mean()).sum())


def is_missing(value: object) -> bool:
    """Whether it is null."""
    import pandas as pd

    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))

"""Whether what came lately is other than what came before: one detector for texts, rates and shares.

Belongs here: two samples in, an effect with its interval and a p-value out; and holding false discoveries over many of
them. Does not belong here: which samples are laid before it (``knowledge_drift``, ``support_signals``), what is said about
it. Nothing here knows of tickets or entries.

Requesters are the unit: one customer's messages of one period resemble each other and move together in every permutation,
and count in rates by the design effect (``clustered_rates``).

Texts: the energy distance of two samples (Székely and Rizzo 2013) is zero only where the distributions are the same, takes
no bandwidth, and sees a new cluster as well as a moved mean. Its unbiased estimate is tested by permuting requesters. The
effect is the square root of the distance over twice the mean distance between the samples (their coefficient of
inhomogeneity): 0 for alike, 1 for two different points. Where a share s of the recent texts is new and the rest is as
before, it is proportional to s. Its interval is a jackknife over requesters.

Means: permutation of requesters as for texts, and a jackknife over them.

Rates: the score test and interval of Miettinen and Nurminen on effective samples (``pilot_agent.verdict.differences``).
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from assets.pilot_agent.verdict.clustered_rates import Tally, tally
from assets.pilot_agent.verdict.differences import difference_interval, p_not_above_difference, p_not_below_difference
from assets.sustain_learning.drift.clusters import codes, count_of, is_missing, share_beyond, variance_of_mean
from assets.sustain_learning.drift.energy_distance import (
    distances_between,
    drawn,
    inhomogeneity,
    p_of_permutations,
    sums_by_requester,
)

DISTANCE, SHARE, RATE, LIKENESS = "standardised distance", "share", "rate", "likeness"
"""What an effect is: 0 to 1; a difference of shares, of rates, or of mean likenesses (all recent less reference)."""
FALSE_DISCOVERIES = 0.05
"""Of what is called a shift, the share that may be none."""
MOST_ROWS = 500
"""Texts of a sample that are compared; of more, whole requesters are drawn, always the same ones."""


@dataclass(frozen=True)
class Shift:
    """A test with its effect. n: texts or tickets, requesters: of both samples together; effect, low, high: as ``effect_is``
    says, with a 95 % interval; p: two-sided but for texts."""

    effect: float
    low: float
    high: float
    effect_is: str
    p: float
    n_reference: int
    n_recent: int
    requesters: int


def embedding_shift(
    reference: np.ndarray,
    recent: np.ndarray,
    reference_by: Sequence[Hashable],
    recent_by: Sequence[Hashable],
    *,
    most_rows: int = MOST_ROWS,
    seed: int = 0,
) -> Shift | None:
    """Whether two samples of vectors come from one distribution.

    Args:
        reference: (n, d) and recent: (m, d), of any length; unit vectors of texts usually.
        reference_by, recent_by: (n,) and (m,) who wrote each; a missing one is somebody of his own.
        most_rows: of each sample; whole requesters are drawn where there are more.

    Returns:
        None with fewer than two requesters in either sample, with which nothing can be told.

    Raises:
        ValueError: vectors and requesters differ in number, or the vectors in dimensions.
    """
    if len(reference) != len(reference_by) or len(recent) != len(recent_by):
        raise ValueError("every vector needs its requester")
    if len(reference) and len(recent) and reference.shape[1] != recent.shape[1]:
        raise ValueError(f"vectors of {reference.shape[1]} and {recent.shape[1]} dimensions cannot be compared")
    rng = np.random.default_rng(seed)
    first, first_of = drawn(reference, codes(reference_by), most_rows, rng)
    second, second_of = drawn(recent, codes(recent_by), most_rows, rng)
    groups, others = count_of(first_of), count_of(second_of)
    if groups < 2 or others < 2:
        return None
    vectors = np.concatenate([first, second]).astype(np.float32)
    sums, sizes = sums_by_requester(distances_between(vectors), np.concatenate([first_of, second_of + groups]))
    is_recent = np.arange(groups + others) >= groups
    p = p_of_permutations(sums, sizes, is_recent, rng)
    effect, low, high = inhomogeneity(sums, sizes, is_recent)
    return Shift(effect, low, high, DISTANCE, p, len(reference), len(recent), _people(reference_by, recent_by))


def mean_shift(
    reference: Sequence[float] | np.ndarray,
    recent: Sequence[float] | np.ndarray,
    reference_by: Sequence[Hashable],
    recent_by: Sequence[Hashable],
    *,
    effect_is: str = LIKENESS,
    seed: int = 0,
) -> Shift | None:
    """Whether a mean has moved. Effect: recent less reference. None with fewer than two requesters in either sample."""
    first, second = codes(reference_by), codes(recent_by)
    groups = count_of(first)
    if groups < 2 or count_of(second) < 2:
        return None
    by = np.concatenate([first, second + groups])
    values = np.concatenate([np.asarray(reference, dtype=float), np.asarray(recent, dtype=float)])
    sums, sizes = np.bincount(by, weights=values), np.bincount(by).astype(float)
    is_recent = np.arange(len(sizes)) >= groups

    def difference(assigned: np.ndarray) -> np.ndarray:
        n, total = assigned @ sizes, assigned @ sums
        return total / n - (sums.sum() - total) / (sizes.sum() - n)

    effect = float(difference(is_recent[None, :])[0])
    limit = abs(effect) - 1e-9
    p = share_beyond(lambda assigned: np.abs(difference(assigned)) >= limit, is_recent, np.random.default_rng(seed))
    half = NormalDist().inv_cdf(0.975) * math.sqrt(
        sum(variance_of_mean(sums[one], sizes[one]) for one in (is_recent, ~is_recent))
    )
    people = _people(reference_by, recent_by)
    return Shift(effect, effect - half, effect + half, effect_is, p, len(reference), len(recent), people)


def rate_shift(
    reference: Sequence[bool] | np.ndarray,
    recent: Sequence[bool] | np.ndarray,
    reference_by: Sequence[Hashable],
    recent_by: Sequence[Hashable],
    *,
    effect_is: str = RATE,
) -> Shift | None:
    """Whether a rate has moved. Effect: recent less reference. None where either sample is empty.

    Args:
        reference, recent: (n,) and (m,) whether each ticket scores. reference_by, recent_by: who wrote each.
    """
    if not len(reference) or not len(recent):
        return None
    before = tally(np.asarray(reference, dtype=bool), codes(reference_by))
    now = tally(np.asarray(recent, dtype=bool), codes(recent_by))
    return _of_tallies(before, now, effect_is, _people(reference_by, recent_by))


def share_shifts(
    reference: Sequence[Hashable],
    recent: Sequence[Hashable],
    reference_by: Sequence[Hashable],
    recent_by: Sequence[Hashable],
) -> dict[Hashable, Shift]:
    """Of every label in either sample, whether its share of all has moved; a missing label is counted and not tested."""
    if not len(reference) or not len(recent):
        return {}
    before, now = codes(reference_by), codes(recent_by)
    requesters = _people(reference_by, recent_by)
    labels = sorted({*_known(reference), *_known(recent)}, key=str)
    return {
        label: _of_tallies(
            tally(np.array([one == label for one in reference]), before),
            tally(np.array([one == label for one in recent]), now),
            SHARE,
            requesters,
        )
        for label in labels
    }


def adjusted(p: Sequence[float] | np.ndarray) -> np.ndarray:
    """p-values that hold the share of false discoveries over all tests of a run (Benjamini and Hochberg 1995).

    NaN (nothing was tested) stays NaN and counts for nothing.
    """
    values = np.asarray(p, dtype=np.float64)
    found = np.full(len(values), np.nan)
    tested = ~np.isnan(values)
    if tested.any():
        from scipy.stats import false_discovery_control

        found[tested] = false_discovery_control(values[tested], method="bh")
    return found


def _of_tallies(before: Tally, now: Tally, effect_is: str, requesters: int) -> Shift:
    p = 2 * min(p_not_above_difference(now, before, 0.0), p_not_below_difference(now, before, 0.0))
    low, high = difference_interval(now, before)
    return Shift(
        now.rate - before.rate, low, high, effect_is, min(1.0, p), before.denominator, now.denominator, requesters
    )  # fmt: skip


def _people(first: Sequence[Hashable], second: Sequence[Hashable]) -> int:
    return count_of(codes([*first, *second]))


def _known(values: Sequence[Hashable]) -> list[Hashable]:
    return [one for one in values if not is_missing(one)]

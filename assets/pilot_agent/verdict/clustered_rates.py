"""Rates whose tickets come in clusters: one requester's tickets resemble one another and count for less than they are.

Belongs here: counting by requester, the design effect, and bounds on one rate. Does not belong here: what a metric
counts (``metrics``), two rates against each other (``differences``).

The design effect is the variance of the rate with whole requesters left out one after the other (delete-one-cluster
jackknife of a ratio; Cochran 1977, Rust and Rao 1996), over the variance that as many independent tickets would have. A
few requesters with very many tickets make that estimate itself shaky, above all where few tickets score: then it comes out
too small just when the rate does. So it is never taken below what requesters whose tickets correlate by ``LEAST_ALIKE``
would have, 1 + (m - 1) LEAST_ALIKE with m = sum n^2 / sum n (Kish 1965). Where nobody or everybody scored nothing can be
estimated, and one requester's tickets count as fully alike. ``freedom`` says how shaky the rest is: the degrees of freedom
of a variance that is a sum over requesters of unequal weight (Satterthwaite 1946), for the tests that need them.

Tickets over design effect are the effective sample, and with it come the Wilson interval (recommended for complex samples
by Dean and Pagano 2015 and Franco, Little, Louis and Slud 2019) and exact bounds (Korn and Graubard 1998).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np


@dataclass(frozen=True)
class Tally:
    """A rate as counted. ``effective`` is the sample of independent tickets that would be as sure."""

    numerator: int
    denominator: int
    requesters: int
    design_effect: float
    freedom: float = math.inf

    @property
    def rate(self) -> float:
        """NaN without a denominator: not measured is not zero."""
        return self.numerator / self.denominator if self.denominator else math.nan

    @property
    def effective(self) -> float:
        """Tickets over design effect."""
        return self.denominator / self.design_effect


LEAST_ALIKE = 0.1
"""Correlation of one requester's tickets below which no estimate is believed."""
LEAST_FREEDOM = 8.0
"""Below it Student's distribution would say nothing at all: three bad answers by one requester are no reason for that."""
NOTHING = Tally(0, 0, 0, 1.0)


def tally(hits: np.ndarray, requesters: np.ndarray) -> Tally:
    """Count tickets by requester.

    Args:
        hits: (n,) whether each counted ticket scores.
        requesters: (n,) codes, whole numbers from 0; tickets of one code are one requester's.
    """
    n = len(hits)
    if not n:
        return NOTHING
    sizes = np.bincount(requesters)
    present = sizes > 0
    scored = np.bincount(requesters, weights=hits)[present]
    sizes = sizes[present]
    return Tally(round(float(scored.sum())), n, len(sizes), *design_effect(scored, sizes))


def design_effect(scored: np.ndarray, sizes: np.ndarray) -> tuple[float, float]:
    """How many times wider the variance is than with independent tickets, at least 1, and its degrees of freedom.

    Args:
        scored: (g,) tickets that score, by requester.
        sizes: (g,) tickets, by requester; all above 0.
    """
    n, groups = float(sizes.sum()), len(sizes)
    rate = float(scored.sum()) / n
    if groups < 2:
        return n, math.inf
    mean_size = float(np.square(sizes, dtype=float).sum()) / n
    if rate in (0.0, 1.0):
        return mean_size, math.inf
    parts = np.square((scored - rate * sizes) / (n - sizes))
    total = float(parts.sum())
    estimated = (groups - 1) / groups * total / (rate * (1 - rate) / n)
    least = 1 + (mean_size - 1) * LEAST_ALIKE
    # The floor is assumed and not estimated: nothing about it is shaky.
    freedom = max(LEAST_FREEDOM, total**2 / float(np.square(parts).sum())) if estimated > least else math.inf
    return min(max(least, estimated), n), freedom


def wilson(count: Tally, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson score interval (Wilson 1927) with the effective sample, and Student's quantile for how sure that is; NaN
    without a denominator."""
    n = count.effective
    if not n:
        return math.nan, math.nan
    z, p = quantile(0.5 + confidence / 2, count.freedom), count.rate
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low = max(0.0, centre - half) if count.numerator else 0.0
    return low, min(1.0, centre + half) if count.numerator < count.denominator else 1.0


def quantile(share: float, freedom: float) -> float:
    """Quantile of Student's distribution; the normal one at infinite freedom."""
    from scipy.special import stdtrit

    return NormalDist().inv_cdf(share) if math.isinf(freedom) else float(stdtrit(freedom, share))


def p_not_below(count: Tally, limit: float) -> float:
    """How often so few would be seen were the rate at the limit (exact, Korn and Graubard 1998); 1 without data.

    Small means: shown to be below the limit.
    """
    from scipy.special import betainc

    n = count.effective
    if not n:
        return 1.0
    hits = count.rate * n
    return float(1 - betainc(hits + 1, n - hits, limit)) if hits < n else 1.0


def p_not_above(count: Tally, limit: float) -> float:
    """How often so many would be seen were the rate at the limit (exact); small means: shown to be above it."""
    from scipy.special import betainc

    n = count.effective
    hits = count.rate * n if n else 0.0
    return float(betainc(hits, n - hits + 1, limit)) if hits else 1.0


def exact_bounds(count: Tally, alpha: float) -> tuple[float, float]:
    """Lower and upper bound, each wrong with probability ``alpha`` at most (Clopper and Pearson 1934 on the effective
    sample); (0, 1) without data."""
    from scipy.stats import beta

    n = count.effective
    if not n:
        return 0.0, 1.0
    hits = count.rate * n
    low = 0.0 if not hits else float(beta.ppf(alpha, hits, n - hits + 1))
    return low, 1.0 if hits >= n else float(beta.ppf(1 - alpha, hits + 1, n - hits))

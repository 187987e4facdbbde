"""How many tickets would decide: for a plan beforehand, and for what a pilot left open.

Belongs here: sample sizes and power, in effective (independent) tickets. Does not belong here: how many tickets a week
brings (``planning``).
"""

from __future__ import annotations

import math
from statistics import NormalDist

from assets.pilot_agent.verdict.clustered_rates import Tally, p_not_below

_NORMAL = NormalDist()
_MOST = 10_000_000
_NOTHING = 1e-6
"""Rates nearer to each other than this are equal: no pilot tells them apart."""


def needed_against_rate(
    rate: float,
    reference: float,
    margin: float,
    alpha: float,
    power: float,
    *,
    ratio: float = math.inf,
    fixed: float = math.inf,
) -> float:
    """Effective tickets that show a rate to be less than ``margin`` below a reference; the higher the better.

    Normal approximation with the variances of the stated truth (Chow, Shao and Wang 2008, 4.2). statsmodels' functions for
    two proportions know no difference other than zero in the hypothesis, and no reference of fixed size.

    Args:
        rate, reference: true rates.
        ratio: effective tickets of the control arm for one of the agent's, where both grow together.
        fixed: effective tickets behind a frozen baseline.

    Returns:
        inf where the true rate lies beyond the margin, or the baseline is too uncertain for any sample to decide.
    """
    distance = rate - reference + margin
    if distance <= _NOTHING:
        return math.inf
    z = _NORMAL.inv_cdf(1 - alpha) + _NORMAL.inv_cdf(power)
    room = (distance / z) ** 2 - reference * (1 - reference) / fixed
    if room <= _NOTHING**2:
        return math.inf
    return (rate * (1 - rate) + reference * (1 - reference) / ratio) / room


def power_against_rate(
    rate: float, reference: float, margin: float, alpha: float, effective: float, effective_reference: float
) -> float:
    """Chance that a true rate is shown to be less than ``margin`` below a reference; as ``needed_against_rate``."""
    if effective <= 0 or effective_reference <= 0:
        return 0.0
    spread = math.sqrt(rate * (1 - rate) / effective + reference * (1 - reference) / effective_reference)
    distance = rate - reference + margin
    return _NORMAL.cdf(distance / spread - _NORMAL.inv_cdf(1 - alpha)) if spread else float(distance > 0)


def power_below_limit(effective: float, rate: float, limit: float, alpha: float) -> float:
    """Chance that a true rate is shown to lie below a limit by the exact test."""
    from scipy.stats import binom

    n = int(effective)
    most = _most_allowed(n, limit, alpha)
    return float(binom.cdf(most, n, rate)) if most >= 0 else 0.0


def needed_below_limit(rate: float, limit: float, alpha: float, power: float) -> float:
    """Effective tickets from which on a true rate is shown to lie below a limit; inf where it does not."""
    if rate >= limit:
        return math.inf
    low, high = 1, 64
    while power_below_limit(high, rate, limit, alpha) < power:
        low, high = high, high * 2
        if high > _MOST:
            return math.inf
    while high - low > max(1, low // 200):
        middle = (low + high) // 2
        low, high = (low, middle) if power_below_limit(middle, rate, limit, alpha) >= power else (middle, high)
    return float(high)


def _most_allowed(n: int, limit: float, alpha: float) -> int:
    """The most hits among n that still show the rate to lie below the limit; -1 where none do."""
    from scipy.stats import binom

    if n < 1:
        return -1
    most = int(binom.ppf(alpha, n, limit))
    while most >= 0 and p_not_below(Tally(most, n, n, 1.0), limit) > alpha:
        most -= 1
    return most

"""Two rates against each other: how far apart, how surely, and whether one is worse by more than a margin.

Belongs here: the score test and its interval on effective samples. Does not belong here: which rates are compared
(``conditions``), counting (``clustered_rates``), the sample that would decide (``needed_sample``).

Method: Miettinen and Nurminen 1985: the variance is taken where the tested difference is true (restricted maximum
likelihood, in the closed form of Farrington and Manning 1990), and the interval holds every difference the test does
not refute, so that test and interval never contradict each other. Numbers of tickets are effective ones (design effect of
requesters), and the score is read from Student's distribution with the degrees of freedom the design effects have (Welch
1947). Chosen by simulation over the Wald interval with a cluster-robust variance and over Newcombe's
(``benchmarks/pilot_statistics.py``). statsmodels has the method (``confint_proportions_2indep(method="score")``) and is
not used: in 0.15.0 its restricted estimate has a wrong term (``count0`` for ``nobs0``), is not the maximum of the
likelihood, and is undefined for many tables. A test maximises the likelihood by brute force instead.
"""

from __future__ import annotations

import math

from assets.pilot_agent.verdict.clustered_rates import Tally, quantile

_STEPS = 30


def p_not_above_difference(first: Tally, second: Tally, value: float) -> float:
    """One-sided p-value of "first minus second is at most ``value``"; small means: shown to be more. 1 without data."""
    score = _score(first, second, value)
    return 1.0 if score is None else _student(-score, _freedom(first, second))


def p_not_below_difference(first: Tally, second: Tally, value: float) -> float:
    """One-sided p-value of "first minus second is at least ``value``"; small means: shown to be less. 1 without data."""
    score = _score(first, second, value)
    return 1.0 if score is None else _student(score, _freedom(first, second))


def difference_interval(first: Tally, second: Tally, confidence: float = 0.95) -> tuple[float, float]:
    """Every difference first minus second that the two-sided test leaves standing; NaN without data."""
    if not first.denominator or not second.denominator:
        return math.nan, math.nan
    z = quantile(0.5 + confidence / 2, _freedom(first, second))
    middle = first.rate - second.rate
    return _edge(first, second, middle, -1.0, z), _edge(first, second, middle, 1.0, -z)


def _edge(first: Tally, second: Tally, inside: float, outside: float, z: float) -> float:
    """Bisection for the difference whose score is ``z``; the score falls as the difference rises."""
    beyond = _score(first, second, outside)
    if beyond is not None and abs(beyond) <= abs(z):
        return outside
    for _ in range(_STEPS):
        middle = (inside + outside) / 2
        score = _score(first, second, middle)
        assert score is not None
        if abs(score) > abs(z):
            outside = middle
        else:
            inside = middle
    return (inside + outside) / 2


def _score(first: Tally, second: Tally, value: float) -> float | None:
    if not first.denominator or not second.denominator:
        return None
    n1, n2 = first.effective, second.effective
    p1, p2 = first.rate, second.rate
    value = min(max(value, -1.0), 1.0)
    r1, r2 = _restricted(p1, p2, n2 / n1, value)
    together = n1 + n2
    variance = (r1 * (1 - r1) / n1 + r2 * (1 - r2) / n2) * together / max(together - 1, 1e-9)
    distance = p1 - p2 - value
    if variance <= 1e-15:
        return 0.0 if abs(distance) < 1e-12 else math.copysign(math.inf, distance)
    return distance / math.sqrt(variance)


def _restricted(p1: float, p2: float, ratio: float, value: float) -> tuple[float, float]:
    """Most likely pair of rates that differ by ``value`` (Farrington and Manning 1990, appendix)."""
    a = 1 + ratio
    b = -(1 + ratio + p1 + ratio * p2 + value * (ratio + 2))
    c = value * value + value * (2 * p1 + ratio + 1) + p1 + ratio * p2
    d = -p1 * value * (1 + value)
    shift = b / (3 * a)
    v = shift**3 - b * c / (6 * a * a) + d / (2 * a)
    inner = max(shift * shift - c / (3 * a), 0.0)
    u = math.copysign(math.sqrt(inner), v) if v else math.sqrt(inner)
    cosine = v / u**3 if abs(u) > 1e-9 else 0.0
    angle = (math.pi + math.acos(min(max(cosine, -1.0), 1.0))) / 3
    r1 = 2 * u * math.cos(angle) - shift
    low, high = max(0.0, value), min(1.0, 1 + value)
    r1 = min(max(r1, low), high)
    return r1, min(max(r1 - value, 0.0), 1.0)


def _freedom(first: Tally, second: Tally) -> float:
    """Degrees of freedom of the difference (Welch 1947, Satterthwaite 1946)."""
    parts = [(one.rate * (1 - one.rate) / one.effective, one.freedom) for one in (first, second)]
    spread = sum(variance * variance / freedom for variance, freedom in parts)
    return sum(variance for variance, _ in parts) ** 2 / spread if spread else math.inf


def _student(score: float, freedom: float) -> float:
    from scipy.special import ndtr, stdtr

    return float(ndtr(score) if math.isinf(freedom) else stdtr(freedom, score))

"""What a change did live: how outcomes of the categories it is about moved, less how the untouched ones moved.

Belongs here: the model, its interval and p-value, and the check of the weeks before. Does not belong here: which tickets
count (``live_window``), verdicts over several changes (``judge_effects``).

Linear probability model with a constant for every category and every week; the effect is the constant of "targeted, after
the change". Weeks take out what moves everybody (seasons, trends, a bad Monday), categories what always differs.

Errors are clustered by requester: one requester's tickets are not many opinions. Added is what happens to one category in
one week and is no effect of a change, such as an outage: the variance of such shocks is estimated over all categories and
weeks, as between-study variance is in a meta-analysis (DerSimonian and Laird 1986), and none is added where weeks differ no
more than their tickets explain. Requesters alone as clusters would call every outage an effect (Donald and Lang 2007).

The interval is a score interval: it holds every effect that the cluster-robust score test leaves standing, residuals taken
where that effect is true, and the score read from Student's distribution with the degrees of freedom of a sum over
clusters of unequal weight (Satterthwaite 1946). Imposing the tested effect does what the restricted wild cluster bootstrap
does for few treated clusters (MacKinnon and Webb 2018), without drawing anything; a floor keeps rare outcomes, where nearly
all residuals are alike, from looking certain. Chosen by simulation over the Wald interval of statsmodels, which a test
holds estimate and standard error against, and over clusters of category and week (``benchmarks/effects.py``).

What no model can mend: a category that drifts by itself. The weeks before give a strong drift away and a weak one seldom
(Roth 2022); the benchmark says how often. Where replay and live disagree, replay holds everything else equal.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from assets.pilot_agent.verdict.clustered_rates import LEAST_ALIKE, LEAST_FREEDOM, quantile
from assets.retrain_agent.effects.live_window import LiveTickets, stretches


@dataclass(frozen=True)
class LiveDifference:
    """The effect with its 95 % interval and two-sided p-value; ends are infinite where the tickets bound nothing.

    pre_trend_p: p-value of "before the change both groups moved alike"; None where the weeks before are too thin to see.
    """

    difference: float
    low: float
    high: float
    p: float
    pre_trend_p: float | None


def measure(tickets: LiveTickets, confidence: float = 0.95) -> LiveDifference:
    """Effect of the change on tickets of the window; all four groups must have some."""
    from scipy.special import stdtr

    fixed = _constants(tickets.category, tickets.week)
    treated, outcome = _without(fixed, (tickets.is_targeted & tickets.is_after).astype(float), tickets.outcome)
    weights = treated / (treated @ treated)
    effect = float(weights @ outcome)
    # A requester's part in the estimate's error, were the effect d: own - d * share. Shares add up to 1.
    own, share = (_sums(tickets.requester, weights * part) for part in (outcome, treated))
    is_there = np.bincount(tickets.requester) > 0
    correction = int(is_there.sum()) / (int(is_there.sum()) - 1)
    shocks, shocks_freedom = _shocks(tickets, weights, outcome - effect * treated)
    parts = own - effect * share
    by_requester = correction * float(parts @ parts)
    freedom = _combined(by_requester, _freedom(parts), shocks, shocks_freedom)
    t = quantile(0.5 + confidence / 2, freedom)
    floor = _least_variance(tickets) + shocks
    # (effect - d)^2 <= t^2 (correction * sum (own - d share)^2 + shocks), a parabola in d.
    k = t * t * correction
    low, high = _between(
        1 - k * float(share @ share),
        -2 * (effect - k * float(own @ share)),
        effect**2 - k * float(own @ own) - t * t * shocks,
    )
    half = t * math.sqrt(floor)
    score = abs(effect) / math.sqrt(max(correction * float(own @ own) + shocks, floor))
    return LiveDifference(
        difference=effect,
        low=min(low, effect - half),
        high=max(high, effect + half),
        p=float(2 * stdtr(min(freedom, 1e9), -score)),
        pre_trend_p=pre_trend(tickets),
    )


def _shocks(tickets: LiveTickets, weights: np.ndarray, residual: np.ndarray) -> tuple[float, float]:
    """Variance that shocks to one category in one week add to the estimate, and its degrees of freedom."""
    cell = tickets.category * (int(np.ptp(tickets.week)) + 1) + tickets.week - int(tickets.week.min())
    sizes = np.bincount(cell)
    is_there = sizes > 0
    freedom = int(is_there.sum()) - len(np.unique(tickets.category)) - len(np.unique(tickets.week))
    if freedom < 1:
        return 0.0, math.inf
    # What tickets alone explain of a cell: one requester's tickets in it added up, squared, averaged over a category.
    places, inverse = np.unique(cell * (int(tickets.requester.max()) + 1) + tickets.requester, return_inverse=True)
    squares = np.square(_sums(inverse, residual))
    category = np.zeros(len(places), dtype=np.int64)
    category[inverse] = tickets.category
    per_ticket = _sums(category, squares) / np.maximum(np.bincount(tickets.category, minlength=category.max() + 1), 1)
    explained = np.zeros(len(sizes))
    explained[cell] = per_ticket[tickets.category]
    used = is_there & (explained > 0)
    seen = float((np.square(_sums(cell, residual))[used] / (sizes * explained)[used]).sum())
    excess = max(0.0, seen / freedom - 1) * int(used.sum()) / max(float((sizes[used] / explained[used]).sum()), 1e-300)
    return excess * float(np.square(_sums(cell, weights)).sum()), float(freedom)


def _combined(first: float, first_freedom: float, second: float, second_freedom: float) -> float:
    """Degrees of freedom of a sum of two variances (Satterthwaite 1946)."""
    spread = first**2 / first_freedom + second**2 / second_freedom
    return (first + second) ** 2 / spread if spread else math.inf


def _between(a: float, b: float, c: float) -> tuple[float, float]:
    """Where a x^2 + b x + c <= 0; everywhere when the parabola does not open upwards."""
    if a <= 0:
        return -math.inf, math.inf
    root = math.sqrt(max(b * b - 4 * a * c, 0.0))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def _freedom(parts: np.ndarray) -> float:
    squares = np.square(parts)
    total = float(np.square(squares).sum())
    return max(LEAST_FREEDOM, float(squares.sum()) ** 2 / total) if total else math.inf


def _least_variance(tickets: LiveTickets) -> float:
    """Variance that four independent shares would have, requesters' tickets correlating by ``LEAST_ALIKE``.

    One ticket of each kind is added to every group (Agresti and Caffo 2000): no group is known to be always alike.
    """
    total = 0.0
    for which in tickets.groups().values():
        n = float(which.sum())
        share = (float(tickets.outcome[which].sum()) + 1) / (n + 2)
        mean_size = float(np.square(np.bincount(tickets.requester[which]), dtype=float).sum()) / n
        total += share * (1 - share) / (n + 2) * (1 + (mean_size - 1) * LEAST_ALIKE)
    return total


def pre_trend(tickets: LiveTickets) -> float | None:
    """P-value of "before the change, targeted and untouched categories moved alike"; None where two stretches are lacking.

    Two questions, and the smaller p-value twice (Bonferroni): does any stretch differ (joint score test), and does the
    distance between the groups drift (its slope alone, which the joint test is slow to see)? Residuals are those of "they
    moved alike", so that a stretch in which every ticket ended the same way does not look certain.
    """
    from scipy.special import chdtrc, stdtr

    parts = stretches(tickets)
    if len(parts) < 2:
        return None
    before = ~tickets.is_after
    fixed = _constants(tickets.category[before], tickets.week[before])
    targeted = tickets.is_targeted[before].astype(float)
    columns = [targeted * tickets.week[before], *(targeted * part[before] for part in parts[1:])]
    residual, *moved = _without(fixed, tickets.outcome[before], *columns)
    requester = tickets.requester[before]
    scores = np.column_stack([_sums(requester, one * residual) for one in moved])
    scores = scores[np.any(scores != 0, axis=1)]
    if not len(scores):
        return 1.0
    drift, jumped = scores[:, 0], scores[:, 1:]
    spread = jumped.T @ jumped
    joint = float(jumped.sum(axis=0) @ np.linalg.pinv(spread) @ jumped.sum(axis=0))
    steady = abs(float(drift.sum())) / math.sqrt(max(float(drift @ drift), 1e-300))
    slope_p = float(2 * stdtr(min(_freedom(drift), 1e9), -steady))
    return min(1.0, 2 * min(float(chdtrc(np.linalg.matrix_rank(spread), joint)), slope_p))


def _constants(*codes: np.ndarray) -> np.ndarray:
    """(n, k) one column a value of each code."""
    return np.column_stack([code[:, None] == np.unique(code)[None, :] for code in codes]).astype(float)


def _without(fixed: np.ndarray, *columns: np.ndarray) -> tuple[np.ndarray, ...]:
    """Columns (n,) less what the constants say of them (Frisch, Waugh and Lovell)."""
    together = np.column_stack(columns)
    # Constants of categories and weeks overlap by one: the pseudo-inverse takes any of the equal answers.
    left = together - fixed @ (np.linalg.pinv(fixed.T @ fixed, hermitian=True) @ (fixed.T @ together))
    return tuple(np.ascontiguousarray(left.T))


def _sums(codes: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.bincount(codes, weights=values)

"""What a change did to the same tickets, replayed before and after it.

Belongs here: reading pairs, the test, the difference with its interval. Does not belong here: running the replay, several
changes at once (``judge_effects``), live effects (``differences_in_differences``).

Only discordant pairs tell anything: tickets that score on one side alone. McNemar's exact test asks how often a fair coin
would split them so unevenly (McNemar 1947). One requester's tickets fail and are mended together, so here the coin is
thrown once a requester and turns all of that requester's pairs (a sign-flip test, Fisher 1935): where everybody has one
ticket it *is* McNemar's exact test, else it needs no estimate of how alike the tickets are, and no seed, because the
distribution of the sum is computed and not drawn. The mid-p value (Fagerland, Lydersen and Laake 2013) stands beside it;
the exact one decides.

The interval is Tango's (1998): every difference that the score test leaves standing, with the variance taken where that
difference is true. Tickets are effective ones (Kish 1965; design effect by leaving out one requester after the other, as in
``clustered_rates``), and the score is read from Student's distribution. Chosen by simulation over Newcombe's
square-and-add for pairs (1998, method 10) and the cluster-robust Wald interval: ``benchmarks/effects.py``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assets.pilot_agent.verdict.clustered_rates import LEAST_ALIKE, LEAST_FREEDOM, quantile
from assets.pilot_agent.verdict.outcomes import requester_codes, truths

COLUMNS = ("ticket_id", "requester_id", "before", "after")
_STEPS = 40


class PairsError(ValueError):
    """The pairs cannot be compared; the message says what to do."""


@dataclass(frozen=True)
class Pairs:
    """Tickets judged on both sides, by requester. (g,) each: tickets, tickets that score after the change alone, and
    before it alone.

    n_unjudged: tickets left out because a side could not be judged. n_repeated: rows of tickets that were there already.
    """

    sizes: np.ndarray
    gained: np.ndarray
    lost: np.ndarray
    n_unjudged: int = 0
    n_repeated: int = 0

    @property
    def n(self) -> int:
        """Tickets judged on both sides."""
        return int(self.sizes.sum())

    @property
    def n_discordant(self) -> int:
        """Tickets that score on one side alone."""
        return int(self.gained.sum() + self.lost.sum())

    @property
    def net(self) -> np.ndarray:
        """(g,) tickets gained less tickets lost, by requester."""
        return self.gained - self.lost

    @property
    def difference(self) -> float:
        """Share that scores after less share that scores before; NaN without pairs."""
        return float(self.net.sum()) / self.n if self.n else math.nan


def read_pairs(frame: pd.DataFrame) -> Pairs:
    """Read replayed tickets [ticket].

    Args:
        frame: ``COLUMNS``; before and after are truths, null where that side cannot be judged. A requester nobody knows
            is one of their own. A ticket that is there twice with the same outcome counts once.

    Raises:
        PairsError: columns are missing, or a ticket is there twice with different outcomes.
    """
    if absent := [name for name in COLUMNS if name not in frame]:
        raise PairsError(f"pairs lack the columns {', '.join(absent)}; add them, null where nothing is known")
    once = frame[list(COLUMNS)].drop_duplicates()
    if (twice := once["ticket_id"].duplicated()).any():
        ticket = once.loc[twice, "ticket_id"].iloc[0]
        raise PairsError(f"ticket {ticket} was replayed twice with different outcomes; give one row a ticket")
    before, after = truths(once["before"]), truths(once["after"])
    is_judged = ~np.isnan(before) & ~np.isnan(after)
    requester, _ = requester_codes(once["requester_id"][is_judged])
    before, after = before[is_judged], after[is_judged]
    sizes = np.bincount(requester)
    present = sizes > 0
    gained, lost = (
        (
            np.bincount(requester, weights=side)[present].astype(np.int64)
            for side in ((after > before).astype(float), (before > after).astype(float))
        )
        if len(requester)
        else (sizes, sizes)
    )
    return Pairs(sizes[present], gained, lost, int((~is_judged).sum()), len(frame) - len(once))


def exact_test(pairs: Pairs) -> tuple[float, float]:
    """Two-sided p-value of "the change does nothing", exact and as mid-p; 1 and 1 where no requester changed."""
    net = np.abs(pairs.net)
    weights, counts = np.unique(net[net > 0], return_counts=True)
    if not len(weights):
        return 1.0, 1.0
    chances = np.ones(1)
    for weight, count in zip(weights, counts, strict=True):
        # Of `count` coins, each worth `weight`, how many fall on "gained": places are sums, in steps of that weight.
        spread = np.zeros(int(weight * count) + 1)
        spread[:: int(weight)] = _coins(int(count))
        chances = np.convolve(chances, spread)
    seen = abs(int(pairs.net.sum()))
    # Place j stands for a sum of 2 j - total.
    sums = np.abs(2 * np.arange(len(chances)) - int((weights * counts).sum()))
    exact = float(chances[sums >= seen].sum())
    return min(1.0, exact), min(1.0, exact - float(chances[sums == seen].sum()) / 2)


def _coins(count: int) -> np.ndarray:
    """(count + 1,) chances of heads among fair coins."""
    from scipy.stats import binom

    return np.asarray(binom.pmf(np.arange(count + 1), count, 0.5))


def design_effect(pairs: Pairs) -> tuple[float, float]:
    """How many times wider the difference is than with as many independent pairs, at least 1, and its degrees of freedom.

    As for rates (``clustered_rates.design_effect``), with the variance of a difference of pairs in the denominator.
    """
    n, sizes, net = pairs.n, pairs.sizes, pairs.net
    if n == len(sizes):
        return 1.0, math.inf
    if len(sizes) < 2:
        return float(n), math.inf
    mean_size = float(np.square(sizes, dtype=float).sum()) / n
    difference = pairs.difference
    spread = pairs.n_discordant / n - difference**2
    if spread <= 0:
        return mean_size, math.inf
    parts = np.square((net - difference * sizes) / (n - sizes))
    total = float(parts.sum())
    estimated = (len(sizes) - 1) / len(sizes) * total / (spread / n)
    least = 1 + (mean_size - 1) * LEAST_ALIKE
    # The floor is assumed and not estimated: nothing about it is shaky.
    freedom = max(LEAST_FREEDOM, total**2 / float(np.square(parts).sum())) if estimated > least else math.inf
    return min(max(least, estimated), float(n)), freedom


def effective_pairs(pairs: Pairs) -> float:
    """Independent pairs that would be as sure."""
    return pairs.n / design_effect(pairs)[0] if pairs.n else 0.0


def interval(pairs: Pairs, confidence: float = 0.95) -> tuple[float, float]:
    """Every difference that the two-sided score test leaves standing; NaN without pairs."""
    if not pairs.n:
        return math.nan, math.nan
    effect, freedom = design_effect(pairs)
    z = quantile(0.5 + confidence / 2, freedom)
    n, gained, lost = (value / effect for value in (pairs.n, float(pairs.gained.sum()), float(pairs.lost.sum())))
    return _edge(n, gained, lost, -1.0, z), _edge(n, gained, lost, 1.0, z)


def _edge(n: float, gained: float, lost: float, outside: float, z: float) -> float:
    """Bisection for the difference, between what was seen and ``outside``, whose score is ``z`` in size."""
    inside = (gained - lost) / n
    if abs(_score(n, gained, lost, outside)) <= z:
        return outside
    for _ in range(_STEPS):
        middle = (inside + outside) / 2
        if abs(_score(n, gained, lost, middle)) > z:
            outside = middle
        else:
            inside = middle
    return (inside + outside) / 2


def _score(n: float, gained: float, lost: float, value: float) -> float:
    """Tango's statistic of "after less before is ``value``" (Tango 1998, equation 2.7)."""
    a = 2 * n
    b = (2 * n - gained + lost) * value - gained - lost
    c = -lost * value * (1 - value)
    # The most likely share of pairs that only score before, were the difference `value`.
    only_before = (math.sqrt(max(b * b - 4 * a * c, 0.0)) - b) / (2 * a)
    variance = n * (2 * only_before + value * (1 - value))
    distance = gained - lost - n * value
    if variance <= 1e-12:
        return 0.0 if abs(distance) < 1e-9 else math.copysign(math.inf, distance)
    return distance / math.sqrt(variance)

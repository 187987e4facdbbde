"""When the data may be looked at, and how much chance of error each look may use.

Belongs here: registered looks, alpha spending, and the weekly alpha of the safety rule. Does not belong here: what is
tested at a look.

Every look sees tickets created before its own cut, and only once their outcome is known; so whoever asks between two
looks, or a year later, gets the answer of the last registered look. Looking more often changes nothing, which is the
point.

The chance of error used up to a look follows the spending function of Lan and DeMets (1983) that resembles O'Brien and
Fleming (1979): next to nothing early, nearly all at the end. The level of a look is found by recursive integration
(Armitage, McPherson and Rowe 1969) for evidence that grows with the weeks in independent steps. Requesters who come back
tie looks together more closely than that, which only makes the levels cautious. Several categories divide alpha *before*
it is spread over looks (Maurer and Bretz 2013), so ``level`` takes the divided alpha.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from statistics import NormalDist
from typing import Literal

import numpy as np

Verdict = Literal["expand", "hold", "roll_back", "keep_collecting"]
_NORMAL = NormalDist()
_GRID = 160
_TINY = 1e-12


@dataclass(frozen=True)
class Look:
    """A look that was made: what was decided then stands, also where late ratings would change it.

    ``verdicts``: group ('over all' or category_id) to verdict.
    """

    week: int
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)


def spent(share_of_time: float, alpha: float) -> float:
    """Chance of error used up after a share of the planned time (Lan and DeMets 1983, O'Brien-Fleming type, one-sided)."""
    if share_of_time <= 0:
        return 0.0
    return 2 - 2 * _NORMAL.cdf(_NORMAL.inv_cdf(1 - alpha / 2) / min(share_of_time, 1.0) ** 0.5)


def level(look_weeks: tuple[int, ...], number: int, alpha: float) -> float:
    """The p-value that refutes at a look.

    Args:
        look_weeks: weeks after which the data are looked at; the last is the end. One week is a fixed horizon.
        number: which look, from 0.
        alpha: chance of error over all looks, one-sided.
    """
    # Holm divides alpha into numbers that differ in the last digit; rounding down keeps them few, and the promise.
    return _levels(look_weeks, float(np.floor(alpha * 1e9) / 1e9))[number]


@lru_cache(maxsize=4096)
def _levels(look_weeks: tuple[int, ...], alpha: float) -> tuple[float, ...]:
    from scipy.optimize import brentq
    from scipy.special import ndtr

    if len(look_weeks) == 1:
        return (alpha,)
    times = [week / look_weeks[-1] for week in look_weeks]
    levels: list[float] = []
    where, weight = np.zeros(1), np.ones(1)
    before, time_before = 0.0, 0.0
    for time in times:
        increment = spent(time, alpha) - before
        step = np.sqrt(time - time_before)
        ceiling = 9.0 * np.sqrt(time)
        if increment < _TINY:
            bound = ceiling
            levels.append(0.0)
        else:

            def excess(bound: float, step=step, increment=increment, where=where, weight=weight) -> float:
                return float(weight @ ndtr((where - bound) / step)) - increment

            bound = float(brentq(excess, -ceiling, ceiling, xtol=1e-10))
            levels.append(1 - _NORMAL.cdf(bound / time**0.5))
        nodes, mass = _quadrature()
        low = -ceiling
        at = low + (bound - low) * (nodes + 1) / 2
        density = np.exp(-0.5 * np.square((at[:, None] - where[None, :]) / step)) @ weight / (step * np.sqrt(2 * np.pi))
        where, weight = at, density * mass * (bound - low) / 2
        before, time_before = spent(time, alpha), time
    return tuple(levels)


@lru_cache(maxsize=1)
def _quadrature() -> tuple[np.ndarray, np.ndarray]:
    return np.polynomial.legendre.leggauss(_GRID)


def safety_alpha(week: int, alpha: float) -> float:
    """What the safety check after a week of rollout may use: alpha / (week (week + 1)), which adds up to alpha however
    long the rollout runs, and gives half of it to the first week, where harm should be seen."""
    return alpha / (week * (week + 1))

"""Desks of which it is known when something happened: daily counts of many series, quiet or with a planted spike.

Belongs here: drawing days. Does not belong here: watching them (``spikes``).

Counts of all tickets are negative binomial around a level with a weekly season; a level may wander. Each day's tickets are
dealt out to categories, languages, systems and versions by shares that may vary from day to day (Dirichlet-multinomial).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from assets.sustain_learning.signals.daily_counts import ALL, DailyCounts

WEEK = np.array([1.15, 1.1, 1.1, 1.15, 1.05, 0.75, 0.7])
FIRST_DAY = pd.Timestamp("2023-01-02", tz="UTC")
DIMENSIONS = {"category": 30, "language": 8, "os": 5, "version": 15, "page": 20}


@dataclass(frozen=True)
class World:
    """``per_day``: mean tickets. ``dispersion``: variance by mean of the counts of all. ``wander``: standard deviation (log) of
    the level's monthly steps. ``concentration``: of the shares from day to day; larger is steadier. ``season``: how strongly
    weekdays differ, 1 as ``WEEK``."""

    per_day: float = 40.0
    dispersion: float = 1.8
    wander: float = 0.0
    concentration: float = 400.0
    season: float = 1.0


@dataclass(frozen=True)
class Spike:
    """``times`` the usual number in one series, from ``day`` on for ``days``. ``dimension`` "all" or a dimension, whose
    ``rank``-th largest value it is."""

    times: float
    day: int
    days: int = 14
    dimension: str = ALL
    rank: int = 5


def draw_days(world: World, days: int, rng: np.random.Generator, spike: Spike | None = None) -> DailyCounts:
    """Days of a world from ``FIRST_DAY``, a Monday."""
    steps = rng.normal(0, world.wander / np.sqrt(30), days) if world.wander else np.zeros(days)
    mean = world.per_day * np.exp(np.cumsum(steps)) * WEEK[np.arange(days) % 7] ** world.season
    is_spike = np.zeros(days, dtype=bool)
    if spike is not None:
        is_spike[spike.day : spike.day + spike.days] = True
        if spike.dimension == ALL:
            mean = np.where(is_spike, mean * spike.times, mean)
    size = mean / (world.dispersion - 1) if world.dispersion > 1 else np.full(days, 1e6)
    total = rng.negative_binomial(size, size / (size + mean)).astype(float)
    extra_at, extra = _extra(world, spike, mean, is_spike, rng)
    everything = total + extra
    dimension, value, counts, of = [ALL], [ALL], [everything], [everything]
    for name, many in DIMENSIONS.items():
        shares = 1 / (np.arange(many) + 2.0)
        shares /= shares.sum()
        dealt = np.array(
            [rng.multinomial(int(n), rng.dirichlet(shares * world.concentration + 1e-6)) for n in total]
        ).T.astype(float)
        if name == extra_at[0]:
            dealt[extra_at[1]] += extra
        elif extra.any():
            dealt += np.array([rng.multinomial(int(n), shares) for n in extra]).T
        for which in range(many):
            dimension.append(name)
            value.append(str(which))
            counts.append(dealt[which])
            of.append(everything)
    return DailyCounts(
        FIRST_DAY, np.array(dimension, dtype=object), np.array(value, dtype=object), np.array(counts), np.array(of),
        np.zeros(len(counts), dtype=int), [], np.full(24, 1 / 24),
    )  # fmt: skip


def _extra(
    world: World, spike: Spike | None, mean: np.ndarray, is_spike: np.ndarray, rng: np.random.Generator
) -> tuple[tuple[str, int], np.ndarray]:
    if spike is None or spike.dimension == ALL:
        return ("", 0), np.zeros(len(mean))
    shares = 1 / (np.arange(DIMENSIONS[spike.dimension]) + 2.0)
    share = float((shares / shares.sum())[spike.rank])
    extra = rng.poisson(np.where(is_spike, mean * share * (spike.times - 1), 0.0)).astype(float)
    return (spike.dimension, spike.rank), extra

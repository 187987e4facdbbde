"""Changes whose effect is known, for ``benchmarks/effects.py``: replayed pairs and live outcomes of invented requesters.

Belongs here: what is simulated. Does not belong here: what is measured on it.

A requester has a number between 0 and 1; a ticket uses it with probability sqrt(icc), else one of its own, and scores
where the number lies below the rate. So rates are exact, and two tickets of one requester correlate by ``icc``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

RELEASED = pd.Timestamp("2026-03-16T09:00Z")
WEEKS_BEFORE, WEEKS_AFTER = 8, 4
"""The window holds the last Sunday of March, when clocks change in Europe."""


@dataclass(frozen=True)
class PairedWorld:
    """Tickets replayed. ``gained`` and ``lost``: shares that score after the change alone, and before it alone."""

    n: int = 150
    base: float = 0.6
    gained: float = 0.04
    lost: float = 0.04
    icc: float = 0.2
    tail: float = 1.8
    unjudged: float = 0.0

    @property
    def effect(self) -> float:
        """True difference."""
        return self.gained - self.lost


@dataclass(frozen=True)
class LiveWorld:
    """Live weeks. ``shares``: of volume, by category; the first is targeted. ``base``: rate by category.

    season, trend: what moves everybody: height of a yearly-like wave, and what is added a week. own_trend: added a week to
    the targeted category alone. shocks: standard deviation of what happens to one category in one week.
    """

    tickets_per_week: int = 400
    shares: tuple[float, ...] = (0.25, 0.3, 0.25, 0.2)
    base: tuple[float, ...] = (0.55, 0.6, 0.7, 0.5)
    effect: float = 0.0
    icc: float = 0.2
    tail: float = 1.8
    season: float = 0.04
    trend: float = 0.004
    own_trend: float = 0.0
    shocks: float = 0.0
    unknown: float = 0.05
    weeks_after: float = WEEKS_AFTER


def draw_requesters(rng: np.random.Generator, n: int, tail: float) -> np.ndarray:
    """(n,) codes; most come once, some up to sixty times. Without a tail everybody comes once."""
    if not tail:
        return np.arange(n)
    repeats = np.minimum(60, np.floor(rng.random(n) ** (-1 / tail))).astype(np.int64)
    return np.repeat(np.arange(n), repeats)[:n]


def draw_numbers(rng: np.random.Generator, requester: np.ndarray, icc: float) -> np.ndarray:
    """(n,) numbers between 0 and 1, alike within a requester."""
    own = rng.random(int(requester.max()) + 1)[requester]
    return np.where(rng.random(len(requester)) < math.sqrt(icc), own, rng.random(len(requester)))


def replayed(rng: np.random.Generator, world: PairedWorld) -> pd.DataFrame:
    """Pairs of one change [ticket]."""
    requester = draw_requesters(rng, world.n, world.tail)
    before = draw_numbers(rng, requester, world.icc) < world.base
    number = draw_numbers(rng, requester, world.icc)
    after = np.where(before, number >= world.lost / world.base, number < world.gained / (1 - world.base))
    judged = rng.random(world.n) >= world.unjudged
    return pd.DataFrame(
        {
            "ticket_id": np.arange(world.n),
            "requester_id": requester,
            "before": before,
            "after": np.where(judged, after.astype(float), np.nan),
        }
    )


def replayed_together(
    rng: np.random.Generator, world: PairedWorld, effects: Sequence[float], alike: float = 0.7
) -> list[pd.DataFrame]:
    """Pairs of several changes on the same tickets; ``alike`` of what chance does to one it does to all of them.

    effects: added to ``world.gained``, by change.
    """
    requester = draw_requesters(rng, world.n, world.tail)
    before = draw_numbers(rng, requester, world.icc) < world.base
    shared = draw_numbers(rng, requester, world.icc)
    frames = []
    for effect in effects:
        number = np.where(rng.random(world.n) < alike, shared, draw_numbers(rng, requester, world.icc))
        gains = number < (world.gained + effect) / (1 - world.base)
        after = np.where(before, number >= world.lost / world.base, gains)
        frames.append(
            pd.DataFrame({"ticket_id": np.arange(world.n), "requester_id": requester, "before": before, "after": after})
        )
    return frames


def lived(rng: np.random.Generator, world: LiveWorld) -> pd.DataFrame:
    """Outcomes around one change [ticket]."""
    weeks = WEEKS_BEFORE + world.weeks_after
    n = round(world.tickets_per_week * weeks)
    requester = draw_requesters(rng, n, world.tail)
    category = rng.choice(len(world.shares), size=n, p=np.array(world.shares) / sum(world.shares))
    week = rng.random(n) * weeks - WEEKS_BEFORE
    rate = np.array(world.base)[category] + world.season * np.sin(2 * np.pi * week / 10) + world.trend * week
    shock = rng.normal(0.0, world.shocks, (len(world.shares), math.ceil(weeks))) if world.shocks else None
    if shock is not None:
        rate = rate + shock[category, (np.floor(week) + WEEKS_BEFORE).astype(int)]
    is_targeted = category == 0
    rate = rate + is_targeted * (world.own_trend * week + world.effect * (week >= 0))
    outcome = draw_numbers(rng, requester, world.icc) < rate
    return pd.DataFrame(
        {
            "ticket_id": np.arange(n),
            "requester_id": requester,
            "category_id": np.array([f"category_{number}" for number in range(len(world.shares))])[category],
            "created_at": RELEASED + pd.to_timedelta((week * 7 * 86400 * 1e6).astype(np.int64), unit="us"),
            "outcome": np.where(rng.random(n) < world.unknown, np.nan, outcome),
        }
    )

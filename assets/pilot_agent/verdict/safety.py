"""The declared safety rule: when harm is clear, the rollout ends without waiting for weeks or samples.

Belongs here: the weekly check of the registered limits. Does not belong here: whether the agent is good enough.

Every complete week of rollout, each rule is tested on all tickets so far, in each category and over all: exact, one-sided,
on effective samples. The chance of a false alarm is divided over weeks (``looks.safety_alpha``), over rules, and half of it
over the categories in scope, the other half for all of them together. Over all means what is left once categories that
broke a rule by themselves are set aside: one bad category does not end the others. Three bad answers are the least that
counts as clear.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from assets.pilot_agent.verdict.clustered_rates import Tally, p_not_above, tally
from assets.pilot_agent.verdict.families import OVER_ALL, shares
from assets.pilot_agent.verdict.looks import safety_alpha
from assets.pilot_agent.verdict.metrics import Counter
from desk.pilot import PilotFile
from desk.pilot_blocks import SafetyRule

LEAST = 3


@dataclass(frozen=True)
class SafetyStop:
    """A rule that was broken: where, after how many weeks, and how surely."""

    group: str
    week: int
    rule: SafetyRule
    count: Tally
    p_value: float
    alpha: float


def check_safety(
    counter: Counter, weeks: np.ndarray, categories: Mapping[str, np.ndarray], weeks_passed: int, pilot: PilotFile
) -> dict[str, SafetyStop]:
    """The first rule broken by each category and over all; empty when none is.

    Args:
        counter: over all outcomes.
        weeks: (n,) week of rollout a ticket came in, from 0.
        categories: mask (n,) of every category in scope.
        weeks_passed: complete weeks of rollout.
    """
    stops: dict[str, SafetyStop] = {}
    parts = shares(list(categories))
    for week in range(1, weeks_passed + 1):
        seen = weeks < week
        alpha = safety_alpha(week, pilot.safety.alpha) / len(pilot.safety.rules)
        for name, mask in categories.items():
            if name in parts and name not in stops:
                _check(counter, seen & mask, name, week, alpha * parts[name], pilot, stops)
        left = [mask for name, mask in categories.items() if name not in stops]
        if OVER_ALL not in stops and left:
            _check(counter, seen & np.any(left, axis=0), OVER_ALL, week, alpha * parts[OVER_ALL], pilot, stops)
    return stops


def _check(
    counter: Counter,
    which: np.ndarray,
    name: str,
    week: int,
    alpha: float,
    pilot: PilotFile,
    stops: dict[str, SafetyStop],
) -> None:
    for rule in pilot.safety.rules:
        counts, hits = counter.marks(rule.metric, as_assigned=False)
        kept = counts & which & counter.data.is_ai
        total, bad = int(kept.sum()), int((kept & hits).sum())
        if bad < LEAST or bad <= rule.limit * total:
            continue  # most weeks end here, without a look at who asked
        count = tally(hits[kept], counter.data.requester[kept])
        if (p_value := p_not_above(count, rule.limit)) <= alpha:
            stops[name] = SafetyStop(name, week, rule, count, p_value, alpha)
            return

"""Does one registered condition hold: is the agent shown not to be worse than its margin, or shown to be?

Belongs here: what a target compares with what, and both p-values. Does not belong here: how several conditions, groups
and looks make a verdict (``judge_pilot``).

Two one-sided tests face each other at the margin. The first asks for proof that the agent is *not* worse by the margin or
more; the second for proof that it is. Between them lies "not shown either way", which is neither good nor bad.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assets.pilot_agent.verdict.clustered_rates import NOTHING, Tally, exact_bounds, p_not_above, p_not_below
from assets.pilot_agent.verdict.differences import (
    difference_interval,
    p_not_above_difference,
    p_not_below_difference,
)
from assets.pilot_agent.verdict.metrics import Counter
from assets.pilot_agent.verdict.needed_sample import needed_against_rate, needed_below_limit
from desk.pilot import PilotFile
from desk.pilot_blocks import Target


@dataclass(frozen=True)
class Tested:
    """A condition on a group of categories. ``reference`` is the control arm or the baseline; None against a limit.

    p_value: small where the agent is shown to be good enough. harm_p_value: small where it is shown not to be.
    """

    target: Target
    ai: Tally
    reference: Tally | None
    p_value: float
    harm_p_value: float

    @property
    def difference(self) -> float:
        """Agent minus reference, or minus limit."""
        if self.reference is None:
            return self.ai.rate - float(self.target.limit or 0)
        return self.ai.rate - self.reference.rate

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Interval of ``difference``."""
        if self.reference is None:
            low, high = exact_bounds(self.ai, (1 - confidence) / 2)
            limit = float(self.target.limit or 0)
            return (low - limit, high - limit) if self.ai.denominator else (math.nan, math.nan)
        return difference_interval(self.ai, self.reference, confidence)

    def needed(self, alpha: float, power: float) -> float:
        """Tickets of the agent's arm that would show it to be good enough, were the truth no better than what was seen,
        and no better than the reference; inf where what was seen lies beyond the margin itself; NaN without data."""
        if not self.ai.denominator or (self.reference is not None and not self.reference.denominator):
            return math.nan
        up = self.target.higher_is_better
        if self.reference is None:
            limit = float(self.target.limit or 0)
            bad, worst = (1 - self.ai.rate, 1 - limit) if up else (self.ai.rate, limit)
            effective = needed_below_limit(bad if bad > 0 else worst / 3, worst, alpha, power)
        else:
            seen, other = (one.rate if up else 1 - one.rate for one in (self.ai, self.reference))
            frozen = self.target.against == "baseline"
            effective = needed_against_rate(
                min(seen, other),
                other,
                float(self.target.margin or 0),
                alpha,
                power,
                ratio=math.inf if frozen else self.reference.effective / self.ai.effective,
                fixed=self.reference.effective if frozen else math.inf,
            )
        return effective * self.ai.design_effect


def examine(counter: Counter, target: Target, which: np.ndarray, members: Sequence[str], pilot: PilotFile) -> Tested:
    """Examine one target on a part of the outcomes.

    Args:
        counter: over all outcomes.
        which: (n,) the part.
        members: categories of the part, which choose the baseline; none: over all.
    """
    ai, control = counter.count(target.metric, which, as_assigned=target.against == "control")
    if target.against == "limit":
        limit = float(target.limit or 0)
        below, above = p_not_below(ai, limit), p_not_above(ai, limit)
        p_value, harm = (above, below) if target.higher_is_better else (below, above)
        return Tested(target, ai, None, p_value, harm)
    reference = control if target.against == "control" else baseline_of(pilot, target.metric, members)
    margin = float(target.margin or 0)
    if target.higher_is_better:
        p_value = p_not_above_difference(ai, reference, -margin)
        harm = p_not_below_difference(ai, reference, -margin)
    else:
        p_value = p_not_below_difference(ai, reference, margin)
        harm = p_not_above_difference(ai, reference, margin)
    return Tested(target, ai, reference, p_value, harm)


def baseline_of(pilot: PilotFile, metric: str, members: Sequence[str]) -> Tally:
    """The frozen number of a group: its categories' own where each has one, else the one over all; empty without one."""
    own = [pilot.baseline(metric, member) for member in members]
    found = [one for one in own if one is not None and one.category_id is not None]
    if not members or len(found) < len(members):
        over_all = pilot.baseline(metric)
        found = [] if over_all is None else [over_all]
    if not found:
        return NOTHING
    total = sum(one.denominator for one in found)
    effect = total / sum(one.denominator / one.design_effect for one in found)
    return Tally(int(sum(one.numerator for one in found)), total, 0, effect)


def harm_p_value(tests: Sequence[Tested]) -> float:
    """P-value of "no condition is broken beyond its margin" (Bonferroni over conditions)."""
    return min(1.0, len(tests) * min((one.harm_p_value for one in tests), default=1.0))

"""Small categories, drawn towards the rest as far as their own figures are noise.

Belongs here: one estimate a category from all categories' estimates, and which of them fall short. Does not belong here:
verdicts.

Random effects: how far categories truly differ is estimated by the method of moments (DerSimonian and Laird 1986), and
each estimate moves towards the common one by the share of its variance that is noise (empirical Bayes, the James-Stein
idea with unequal variances; Morris 1983). A shrunk estimate has no error guarantee of its own. It is used in one direction
only: it may hold a category back from what its group has shown, never carry it further.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from assets.pilot_agent.verdict.clustered_rates import Tally
from assets.pilot_agent.verdict.conditions import examine
from assets.pilot_agent.verdict.metrics import Counter
from desk.pilot import PilotFile


def shrink(estimates: np.ndarray, variances: np.ndarray) -> tuple[np.ndarray, float]:
    """Shrunk estimates and the variance between categories.

    Args:
        estimates: (k,) one a category; variances: (k,) of their noise, above 0.
    """
    estimates, variances = np.asarray(estimates, dtype=float), np.asarray(variances, dtype=float)
    weight = 1 / variances
    centre = (weight * estimates).sum() / weight.sum()
    heterogeneity = (weight * np.square(estimates - centre)).sum()
    scale = weight.sum() - np.square(weight).sum() / weight.sum()
    between = max(0.0, float((heterogeneity - (len(estimates) - 1)) / scale)) if scale > 0 else 0.0
    weight = 1 / (variances + between)
    centre = (weight * estimates).sum() / weight.sum()
    keep = between / (between + variances)
    return centre + keep * (estimates - centre), between


def noise(count: Tally) -> float:
    """Variance of a rate; one success and one failure added, so that none seen is not taken for certain (Agresti and
    Caffo 2000)."""
    n = count.effective + 2
    rate = (count.rate * count.effective + 1) / n if count.denominator else 0.5
    return rate * (1 - rate) / n


def falls_short(counter: Counter, seen: np.ndarray, masks: Mapping[str, np.ndarray], pilot: PilotFile) -> set[str]:
    """Categories whose own figures, shrunk towards all, lie beyond the bar of a condition.

    Args:
        seen: (n,) the cut; masks: (n,) of every category in scope.
    """
    short: set[str] = set()
    for target in pilot.primary:
        if target.tested_at != "category":
            continue
        found = {name: examine(counter, target, seen & mask, (name,), pilot) for name, mask in masks.items()}
        found = {
            name: one
            for name, one in found.items()
            if one.ai.denominator and (one.reference is None or one.reference.denominator)
        }
        if len(found) < 2:
            continue
        variances = [noise(one.ai) + (0.0 if one.reference is None else noise(one.reference)) for one in found.values()]
        shrunk, _ = shrink(np.array([one.difference for one in found.values()]), np.array(variances))
        bar = float(target.margin or 0)
        short |= {
            name
            for name, value in zip(found, shrunk, strict=True)
            if (value < -bar if target.higher_is_better else value > bar)
        }
    return short

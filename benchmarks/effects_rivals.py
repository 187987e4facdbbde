"""Other intervals for the same effects, so that the choice of ours can be seen: used by ``benchmarks/effects.py`` alone.

Belongs here: methods that were considered. Does not belong here: what the product uses.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from assets.pilot_agent.verdict.clustered_rates import Tally, quantile, wilson
from assets.retrain_agent.effects.live_window import LiveTickets
from assets.retrain_agent.effects.paired import Pairs, design_effect, interval

Interval = tuple[float, float]


def paired_rivals(frame: pd.DataFrame, pairs: Pairs) -> dict[str, Interval]:
    """Newcombe's square-and-add and Wald on effective pairs, and Tango's with requesters ignored."""
    effect, freedom = design_effect(pairs)
    once = Pairs(
        np.ones(pairs.n, dtype=np.int64),
        np.repeat([1, 0], [pairs.gained.sum(), pairs.n - pairs.gained.sum()]),
        np.repeat([0, 1], [pairs.n - pairs.lost.sum(), pairs.lost.sum()]),
    )
    difference = pairs.difference
    spread = max(pairs.n_discordant / pairs.n - difference**2, 0.0)
    half = quantile(0.975, freedom) * math.sqrt(spread / pairs.n * effect)
    return {
        "tango, requesters ignored": interval(once),
        "newcombe": _newcombe(frame, pairs, effect, freedom),
        "wald": (difference - half, difference + half),
    }


def _newcombe(frame: pd.DataFrame, pairs: Pairs, effect: float, freedom: float) -> Interval:
    """Newcombe 1998, method 10."""
    judged = frame.dropna(subset=["before", "after"])
    both = int((judged["before"].astype(bool) & judged["after"].astype(bool)).sum())
    gained, lost, n = int(pairs.gained.sum()), int(pairs.lost.sum()), pairs.n
    after, before = (Tally(both + one, n, n, effect, freedom) for one in (gained, lost))
    (low1, high1), (low2, high2) = wilson(after), wilson(before)
    p1, p2 = after.rate, before.rate
    product = (both + gained) * (n - both - gained) * (both + lost) * (n - both - lost)
    inner = both * (n - both - gained - lost) - gained * lost
    inner = max(inner - n / 2, 0.0) if inner > 0 else inner
    phi = inner / math.sqrt(product) if product else 0.0

    def reach(first: float, second: float) -> float:
        return math.sqrt(max(first**2 - 2 * phi * first * second + second**2, 0.0))

    return p1 - p2 - reach(p1 - low1, high2 - p2), p1 - p2 + reach(high1 - p1, p2 - low2)


def live_rivals(tickets: LiveTickets) -> dict[str, Interval]:
    """Cluster-robust Wald intervals of statsmodels, with clusters of requesters, and of categories in weeks."""
    import statsmodels.api as sm

    weeks = np.unique(tickets.week)
    columns = [tickets.is_targeted & tickets.is_after]
    columns += [tickets.category == one for one in np.unique(tickets.category)]
    columns += [tickets.week == one for one in weeks[1:]]
    model = sm.OLS(tickets.outcome, np.column_stack(columns).astype(float))
    cell = tickets.category * 1000 + tickets.week - weeks[0]
    found = {}
    for name, clusters in {"requesters": tickets.requester, "categories in weeks": cell}.items():
        fitted = model.fit(
            cov_type="cluster", cov_kwds={"groups": clusters, "use_correction": True, "df_correction": True}, use_t=True
        )
        low, high = np.asarray(fitted.conf_int())[0]
        found[f"wald, clusters of {name}"] = (float(low), float(high))
    return found

"""How many tickets a week brings, and how often the same requester comes back.

Belongs here: volumes from history. Does not belong here: what they can show (``plan_pilot``).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from assets.pilot_agent.verdict.clustered_rates import LEAST_ALIKE, design_effect
from assets.pilot_agent.verdict.families import OVER_ALL, SMALL

COLUMNS = ("category_id", "tickets_per_week", "tickets_per_requester", "alike")


def volumes_from_history(
    tickets: pd.DataFrame, as_of: pd.Timestamp, weeks: int, windows: int = 3, alike: float = LEAST_ALIKE
) -> pd.DataFrame:
    """Weekly volumes [category, and 'over all'], ``COLUMNS``.

    Args:
        tickets: [requester_id, category_id, created_at] of categories in scope; null requesters count as one ticket each.
        as_of: end of history.
        weeks: length of the planned rollout; requesters are counted in windows as long, because how often one comes back
            depends on how long one looks.
        windows: how many of them, back from ``as_of``; those before the first ticket are left out.
        alike: correlation of one requester's tickets, from ``alike_of`` or assumed.

    Returns:
        tickets_per_requester: sum n^2 / sum n, the number of tickets that the requester of a random ticket has.

    Raises:
        ValueError: history holds no complete window.
    """
    first = tickets["created_at"].min()
    length = pd.Timedelta(days=7 * weeks)
    ends = [as_of - place * length for place in range(windows)]
    ends = [end for end in ends if end - length >= first - pd.Timedelta(days=1)]
    if not ends:
        raise ValueError(f"history before {as_of:%Y-%m-%d} holds no {weeks} whole weeks; hand in more of it")
    rows = []
    for name, part in [(OVER_ALL, tickets), *tickets.groupby("category_id", sort=True, observed=True)]:
        counts, squares = 0.0, 0.0
        for end in ends:
            seen = part[(part["created_at"] > end - length) & (part["created_at"] <= end)]["requester_id"]
            sizes = seen.value_counts().to_numpy(dtype=float)
            counts += len(seen)
            squares += float(np.square(sizes).sum()) + float(seen.isna().sum())
        rows.append((str(name), counts / (len(ends) * weeks), squares / counts if counts else 1.0, alike))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def alike_of(hits: np.ndarray, requesters: np.ndarray) -> float:
    """Correlation of one requester's tickets in an outcome of history (from the design effect, Kish 1965).

    Args:
        hits: (n,) whether a ticket scores; requesters: (n,) codes from 0.

    Returns:
        At least ``LEAST_ALIKE``, at most 1.
    """
    sizes = np.bincount(requesters)
    scored = np.bincount(requesters, weights=hits)[sizes > 0]
    sizes = sizes[sizes > 0]
    mean_size = float(np.square(sizes, dtype=float).sum() / sizes.sum()) if len(sizes) else 1.0
    if mean_size <= 1:
        return LEAST_ALIKE
    return float(min(1.0, max(LEAST_ALIKE, (design_effect(scored, sizes)[0] - 1) / (mean_size - 1))))


def pooled(volumes: pd.DataFrame, members: list[str]) -> pd.Series:
    """Several categories as one; how often requesters come back is weighed by volume."""
    part = volumes.loc[members]
    weights = part["tickets_per_week"] / max(part["tickets_per_week"].sum(), 1e-9)
    return pd.Series(
        {
            "tickets_per_week": part["tickets_per_week"].sum(),
            "tickets_per_requester": max(1.0, float((weights * part["tickets_per_requester"]).sum())),
            "alike": float((weights * part["alike"]).sum()),
        },
        name=SMALL,
    )

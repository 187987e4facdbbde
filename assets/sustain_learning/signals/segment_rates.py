"""Segments that need a person more often than others, or speak of leaving more often.

Belongs here: rates by segment over the last eight weeks, against all others and against the time before. Does not belong
here: volumes (``detect_changes``), what counts as speaking of leaving (``customer_risks``).

Requesters are the unit, by the shared test (``drift.shift_test``); false discoveries are held over all segments and both
comparisons of a kind. A rate that is only surely higher is no news: it must be higher by a quarter at least.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assets.sustain_learning.drift.shift_test import FALSE_DISCOVERIES, adjusted, rate_shift

RECENT_DAYS = 56
REFERENCE_DAYS = 182
LEAST_TICKETS, LEAST_HITS = 40, 8
LEAST_RATIO = 1.25
OTHERS, BEFORE = "others", "before"
BY_MATTER = ("category", "page")
"""Tickets about cancelling speak of leaving: what a ticket is about is held against its own past alone."""


@dataclass(frozen=True)
class SegmentRate:
    """A segment whose rate is surely higher. ``against``: "others" in the same weeks, or "before" (itself). ``ratio`` with its
    interval is of rates; ``p``: adjusted over the run."""

    dimension: str
    value: str
    against: str
    start: pd.Timestamp
    hits: int
    of: int
    other_hits: int
    other_of: int
    ratio: float
    low: float
    high: float
    p: float


def higher_rates(
    hit: pd.Series, created_at: pd.Series, requester: pd.Series, segments: Mapping[str, pd.Series], as_of: pd.Timestamp
) -> list[SegmentRate]:
    """Segments with a higher rate, the surest first.

    Args:
        hit: (n,) bool, null where it is not known. created_at, requester: (n,). segments: by dimension, (n,) a value or
            null; all in the same order.
        as_of: the data's present; the recent weeks end there.
    """
    since = as_of - pd.Timedelta(days=RECENT_DAYS)
    known = hit.notna().to_numpy() & (created_at <= as_of).to_numpy()
    hits = hit.fillna(False).to_numpy(dtype=bool)
    recent = known & (created_at > since).to_numpy()
    earlier = (
        known & (created_at <= since).to_numpy() & (created_at > since - pd.Timedelta(days=REFERENCE_DAYS)).to_numpy()
    )
    who = requester.astype("object").where(requester.notna(), None).to_numpy()
    compared: list[tuple[str, str, str, np.ndarray, np.ndarray]] = []
    for dimension, given in {"all": pd.Series("all", index=hit.index), **segments}.items():
        values = given.astype("object").where(given.notna(), None).to_numpy()
        for value in sorted({str(one) for one in values[recent] if one is not None}):
            mine = np.array([str(one) == value if one is not None else False for one in values])
            inside = recent & mine
            if inside.sum() < LEAST_TICKETS or hits[inside].sum() < LEAST_HITS:
                continue
            others = recent & ~mine & np.array([one is not None for one in values])
            for against, reference in ((OTHERS, others), (BEFORE, earlier & mine)):
                if reference.sum() >= LEAST_TICKETS and not (against == OTHERS and dimension in BY_MATTER):
                    compared.append((dimension, value, against, inside, reference))
    shifts = [rate_shift(hits[b], hits[a], who[b].tolist(), who[a].tolist()) for _, _, _, a, b in compared]
    p = adjusted([1.0 if one is None else one.p for one in shifts])
    found = []
    for (dimension, value, against, inside, reference), shift, sure in zip(compared, shifts, p, strict=True):
        rate, other = hits[inside].mean(), hits[reference].mean()
        if shift is None or sure >= FALSE_DISCOVERIES or rate < LEAST_RATIO * other:
            continue
        ratio, low, high = _ratio(inside, reference, hits, shift.p)
        found.append(
            SegmentRate(
                dimension, value, against, since, int(hits[inside].sum()), int(inside.sum()), int(hits[reference].sum()),
                int(reference.sum()), ratio, low, high, float(sure),
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (one.p, one.dimension, one.value, one.against))


def _ratio(inside: np.ndarray, reference: np.ndarray, hits: np.ndarray, p: float) -> tuple[float, float, float]:
    """Ratio of rates with a 95 % interval as wide as the test is unsure (Altman and Bland 2011: an interval from p)."""
    from scipy.stats import norm

    rate = (hits[inside].sum() + 0.5) / (inside.sum() + 1)
    other = (hits[reference].sum() + 0.5) / (reference.sum() + 1)
    sure = max(float(norm.isf(max(p, 1e-12) / 2)), 1e-3)
    width = 1.96 * abs(float(np.log(rate / other))) / sure
    ratio = float(rate / other)
    return ratio, float(ratio * np.exp(-width)), float(ratio * np.exp(width))

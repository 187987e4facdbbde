"""What is usual of daily counts: rate, weekdays, and how much they vary.

Belongs here: estimates from a series' own past. Does not belong here: whether today is unusual (``detect_changes``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assets.sustain_learning.signals.change_settings import ChangeSettings

WEEKDAY_PRIOR = 10.0
"""Tickets' worth of belief that weekdays do not differ."""
LARGEST_PART = 9.0
"""Of the squared residuals: more is an outlier, which must not hide the next."""


@dataclass(frozen=True)
class Expectation:
    """Of s series at the end of one day.

    ``rate``: (s,) expected count a unit of exposure; ``season``: (s, 7) factor of each weekday, Monday first, 1 on the
    average; ``dispersion``: (s,) variance by mean, at least 1; ``error``: (s,) relative error of the rate; ``seen``: (s,)
    tickets in the baseline; ``is_known``: (s,) whether there is baseline enough.
    """

    rate: np.ndarray
    season: np.ndarray
    dispersion: np.ndarray
    error: np.ndarray
    seen: np.ndarray
    is_known: np.ndarray


def expectation_on(
    counts: np.ndarray,
    exposure: np.ndarray,
    usable: np.ndarray,
    weekday: np.ndarray,
    day: int,
    settings: ChangeSettings,
) -> Expectation:
    """Estimate from the days before the guard.

    Args:
        counts, exposure, usable: (s, day + 1). weekday: (days,) 0 is Monday.
    """
    until = max(day - settings.guard_days + 1, 0)
    long = slice(max(until - settings.season_days, 0), until)
    base = slice(max(until - settings.baseline_days, 0), until)
    season = _season(counts[:, long], np.where(usable[:, long], exposure[:, long], 0.0), weekday[long])
    kept = usable[:, base] & (exposure[:, base] > 0)
    seen = np.where(kept, counts[:, base], 0.0).sum(axis=1)
    expected = np.where(kept, exposure[:, base], 0.0) * season[:, weekday[base]]
    weight = expected.sum(axis=1)
    # Half a ticket, so that what was never seen is rare and not impossible.
    rate = (seen + 0.5) / np.maximum(weight, 1e-9)
    mean = rate[:, None] * expected
    parts = np.where(kept & (mean > 0), (counts[:, base] - mean) ** 2 / np.maximum(mean, 0.05), 0.0)
    days = kept.sum(axis=1)
    prior = 7.0
    dispersion = (
        np.minimum(parts, LARGEST_PART * np.maximum(1.0, np.median(parts, axis=1))[:, None]).sum(axis=1) + prior
    ) / np.maximum(days - 1 + prior, 1)
    dispersion = np.maximum(dispersion, 1.0)
    error = np.sqrt(dispersion / (seen + 0.5))
    return Expectation(rate, season, dispersion, error, seen, days >= settings.least_days)


def _season(counts: np.ndarray, exposure: np.ndarray, weekday: np.ndarray) -> np.ndarray:
    seen = np.zeros((len(counts), 7))
    held = np.zeros((len(counts), 7))
    for which in range(7):
        mine = weekday == which
        held[:, which] = exposure[:, mine].sum(axis=1)
        seen[:, which] = np.where(exposure[:, mine] > 0, counts[:, mine], 0.0).sum(axis=1)
    overall = seen.sum(axis=1) / np.maximum(held.sum(axis=1), 1e-9)
    wanted = overall[:, None] * held
    factor = (seen + WEEKDAY_PRIOR) / np.maximum(wanted + WEEKDAY_PRIOR, 1e-9)
    return factor / factor.mean(axis=1, keepdims=True)

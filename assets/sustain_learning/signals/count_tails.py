"""How likely so many tickets are, when their number varies more than chance alone would have it.

Belongs here: tail probabilities of counts. Does not belong here: what is expected (``detect_changes``).
"""

from __future__ import annotations

import numpy as np


def at_least(observed: np.ndarray, mean: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """P(X >= observed) of the negative binomial with this mean and variance (Poisson where the variance is not larger).

    Any shapes that broadcast; counts need not be whole: the tail is the continuous one through the whole counts.
    """
    from scipy.special import betainc

    size, share = _shape(mean, variance)
    return np.where(observed <= 0, 1.0, betainc(np.maximum(observed, 1e-9), size, share))


def at_most(observed: np.ndarray, mean: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """P(X <= observed), as ``at_least``."""
    from scipy.special import betainc

    size, share = _shape(mean, variance)
    return np.where(observed < 0, 0.0, 1.0 - betainc(np.maximum(observed, 0.0) + 1.0, size, share))


def _shape(mean: np.ndarray, variance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    mean = np.maximum(np.asarray(mean, dtype=float), 1e-9)
    # A size of a million is the Poisson distribution to six digits.
    size = np.clip(mean**2 / np.maximum(variance - mean, mean**2 * 1e-6), 1e-6, 1e6)
    return size, mean / (mean + size)

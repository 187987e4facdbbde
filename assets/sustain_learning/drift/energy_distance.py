"""How far two samples of texts are apart: the energy distance between requesters' texts.

Belongs here: the distance, its permutations, its size with limits. Does not belong here: what is compared (``shift_test``,
which names the method).
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from assets.sustain_learning.drift.clusters import codes, count_of, share_beyond


def drawn(vectors: np.ndarray, by: np.ndarray, most: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Whole requesters in a random order until ``most`` rows are reached; of one with more than that, the first rows."""
    if len(by) <= most:
        return vectors, by
    order = rng.permutation(count_of(by))
    sizes = np.bincount(by)[order]
    taken = order[np.cumsum(sizes) <= most]
    # One customer may write more than all that can be compared.
    keep = np.flatnonzero(np.isin(by, taken)) if len(taken) > 1 else np.sort(rng.permutation(len(by))[:most])
    return vectors[keep], codes(by[keep].tolist())


def distances_between(vectors: np.ndarray) -> np.ndarray:
    """(n, n) Euclidean distances of all pairs."""
    squares = np.square(vectors).sum(axis=1)
    squared = squares[:, None] + squares[None, :] - 2 * (vectors @ vectors.T)
    distances = np.sqrt(np.maximum(squared, 0.0))
    # The same text twice is at distance 0, and not at the square root of a rounding error.
    distances[squared < 1e-5] = 0.0
    np.fill_diagonal(distances, 0.0)
    return distances


def sums_by_requester(distances: np.ndarray, groups: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(g, g) sums of the distances between two requesters' texts, and (g,) how many texts each has."""
    count = count_of(groups)
    members = np.zeros((count, len(groups)), dtype=np.float32)
    members[groups, np.arange(len(groups))] = 1.0
    sums = (members @ distances @ members.T).astype(np.float64)
    return sums, members.sum(axis=1).astype(np.float64)


def p_of_permutations(sums: np.ndarray, sizes: np.ndarray, is_recent: np.ndarray, rng: np.random.Generator) -> float:
    """Share of the assignments of requesters under which the samples are as far apart (Phipson and Smyth 2010)."""
    # A constant in all distances changes no energy, and without it single precision is enough.
    centred = sums - (sums.sum() / sizes.sum() ** 2) * np.outer(sizes, sizes)
    seen = float(_energies(centred, sizes, is_recent[None, :])[0])
    # Rounding must not decide between equal assignments.
    return share_beyond(lambda assigned: _energies(centred, sizes, assigned) >= seen - 1e-6, is_recent, rng)


def _energies(sums: np.ndarray, sizes: np.ndarray, is_recent: np.ndarray) -> np.ndarray:
    """(b,) energy distances under (b, g) assignments, from the sums between requesters."""
    chosen = is_recent.astype(np.float32)
    inner = np.einsum("bg,bg->b", chosen @ sums.astype(np.float32), chosen).astype(np.float64)
    touching = is_recent @ sums.sum(axis=1)
    n, own, alone = is_recent @ sizes, is_recent @ np.square(sizes), is_recent @ np.diag(sums)
    outer = sums.sum() - 2 * touching + inner
    return _energy(
        touching - inner, outer - (np.trace(sums) - alone), inner - alone, sizes.sum() - n, n,
        np.square(sizes).sum() - own, own,
    )[0]  # fmt: skip


def _energy(
    across: np.ndarray, older: np.ndarray, newer: np.ndarray, m: np.ndarray, n: np.ndarray,
    own_older: np.ndarray, own_newer: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Energy distance and twice the mean distance between the samples.

    Within a sample only texts of different requesters are compared, since a customer is always near himself.

    Args:
        across: sum of the distances between the samples; older, newer: within each, every pair twice, a requester's own
            left out; m, n: texts in each; own_older, own_newer: pairs left out.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        between = 2 * across / (m * n)
        return between - older / (m * m - own_older) - newer / (n * n - own_newer), between


def inhomogeneity(sums: np.ndarray, sizes: np.ndarray, is_recent: np.ndarray) -> tuple[float, float, float]:
    """Root of the coefficient of inhomogeneity with its 95 % interval, requesters left out one after the other.

    The interval is of the coefficient and its root is taken at the end: at no distance the root has no tangent.
    """
    apart = sums - np.diag(np.diag(sums))
    to_recent, to_older = apart @ is_recent, apart @ ~is_recent
    newer, older, across = to_recent[is_recent].sum(), to_older[~is_recent].sum(), to_older[is_recent].sum()
    n, m = sizes[is_recent].sum(), sizes[~is_recent].sum()
    own = np.square(sizes)
    own_newer, own_older = own[is_recent].sum(), own[~is_recent].sum()
    energy, between = _energy(across, older, newer, m, n, own_older, own_newer)
    without, scale = _energy(
        across - np.where(is_recent, to_older, to_recent),
        older - np.where(is_recent, 0.0, 2 * to_older),
        newer - np.where(is_recent, 2 * to_recent, 0.0),
        m - np.where(is_recent, 0.0, sizes),
        n - np.where(is_recent, sizes, 0.0),
        own_older - np.where(is_recent, 0.0, own),
        own_newer - np.where(is_recent, own, 0.0),
    )
    value = float(energy / between) if between > 0 else 0.0
    with np.errstate(invalid="ignore", divide="ignore"):
        left = without / scale
    left = left[np.isfinite(left)]
    if len(left) < 4:
        return _root(value), 0.0, 1.0
    error = math.sqrt((len(left) - 1) / len(left) * float(np.square(left - left.mean()).sum()))
    half = NormalDist().inv_cdf(0.975) * error
    return _root(value), _root(value - half), _root(value + half)


def _root(value: float) -> float:
    return math.sqrt(min(1.0, max(0.0, value)))

"""Grouping texts without knowing how many groups there are.

Belongs here: the space in which texts are compared, and the choice of where to cut the tree of merges. Does not
belong here: what a group is called, its id, or how it is recognised next week (``candidates``).

Method: vectors are centred a language at a time and languages are grouped apart (otherwise the first groups found are
"the Italians"), reduced together with a small TF-IDF part, and merged bottom-up by average cosine distance. The cut is
the coarsest one that still shows nearly as many sizeable groups as any cut does: finer cuts shatter groups, coarser
ones weld them. Tried against k-means with k by silhouette, Ward, HDBSCAN and graph communities: see
``docs/how-to/categories.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assets.audit_tickets.categories.text_features import unit_rows

NO_CLUSTER = -1
CUTS = np.round(np.arange(0.30, 0.96, 0.025), 3)


@dataclass(frozen=True)
class ClusterSettings:
    """How texts are grouped.

    ``min_texts`` and ``min_share`` (of the texts given) say how small a group may be. ``max_texts`` bounds memory, which
    grows with its square (8,000 texts: about 0.8 GB); beyond it a sample chosen by content forms the groups and the
    rest joins the nearest. ``tfidf_weight`` is the length of the TF-IDF part beside a vector of length 1; languages
    other than the commonest use ``foreign_tfidf_weight``, because a small encoder knows them less than their words do.
    ``nearly_as_many`` is the share of the largest number of groups that the chosen cut must still show. A language
    with fewer than ``min_language_texts`` texts forms no groups of its own; its texts may join the nearest.
    """

    min_texts: int = 10
    min_share: float = 0.004
    max_texts: int = 8_000
    tfidf_weight: float = 0.3
    foreign_tfidf_weight: float = 1.0
    components: int = 40
    min_language_texts: int = 150
    nearly_as_many: float = 0.9


def language_means(vectors: np.ndarray, languages: Sequence[str | None], min_texts: int = 50) -> dict[str, np.ndarray]:
    """Mean unit vector of each language with at least ``min_texts`` texts, and of all texts under the key ``""``."""
    unit = unit_rows(vectors)
    means = {"": unit.mean(axis=0) if len(unit) else np.zeros(unit.shape[1], dtype=np.float32)}
    names = np.asarray([language or "" for language in languages], dtype=object)
    for name in sorted(set(names) - {""}):
        rows = names == name
        if rows.sum() >= min_texts:
            means[str(name)] = unit[rows].mean(axis=0)
    return means


def centred(vectors: np.ndarray, languages: Sequence[str | None], means: dict[str, np.ndarray]) -> np.ndarray:
    """Unit vectors with their language's mean taken away, of length 1 again: float32 (n, d)."""
    unit = unit_rows(vectors)
    if not len(unit):
        return unit
    away = np.stack([means.get(language or "", means[""]) for language in languages])
    return unit_rows(unit - away)


def cluster_texts(
    texts: Sequence[str],
    space: np.ndarray,
    languages: Sequence[str | None] | None = None,
    settings: ClusterSettings | None = None,
    seed: int = 0,
) -> np.ndarray:
    """Group texts; deterministic for the same texts in the same order.

    Args:
        texts: n texts.
        space: their centred unit vectors (n, d), from ``centred``.
        languages: ISO 639-1 codes (n,); without them all texts count as one language.
        settings: sizes and weights.
        seed: of the decompositions.

    Returns:
        Group numbers int64 (n,), largest group first; ``NO_CLUSTER`` where a text resembles no group enough.
    """
    settings = settings or ClusterSettings()
    labels = np.full(len(texts), NO_CLUSTER, dtype=np.int64)
    spoken = np.asarray([language or "" for language in languages or [""] * len(texts)], dtype=object)
    names, counts = np.unique(spoken.astype(str), return_counts=True) if len(texts) else (np.array([]), np.array([]))
    order = sorted(range(len(names)), key=lambda at: (-int(counts[at]), str(names[at])))
    smallest = max(settings.min_texts, 2)
    for rank, at in enumerate(order):
        if rank and counts[at] < settings.min_language_texts:
            break
        rows = np.flatnonzero(spoken == names[at])
        weight = settings.foreign_tfidf_weight if rank else settings.tfidf_weight
        found = _cluster_language([texts[int(i)] for i in rows], space[rows], weight, settings, seed)
        labels[rows] = np.where(found >= 0, found + labels.max() + 1, NO_CLUSTER)
    return _largest_first(_join_nearest(space, labels, quantile=0.5), smallest)


def _cluster_language(
    texts: list[str], space: np.ndarray, tfidf_weight: float, settings: ClusterSettings, seed: int
) -> np.ndarray:
    labels = np.full(len(texts), NO_CLUSTER, dtype=np.int64)
    smallest = max(settings.min_texts, int(np.ceil(settings.min_share * len(texts))), 2)
    if len(texts) < smallest:
        return labels
    chosen = _sample(space, settings.max_texts)
    reduced = _reduce([texts[int(i)] for i in chosen], space[chosen], tfidf_weight, settings.components, seed)
    labels[chosen] = _cut(reduced, max(2, smallest * len(chosen) // len(texts)), settings.nearly_as_many)
    return _largest_first(_join_nearest(space, labels), smallest)


def centroids_of(space: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Unit mean vector of each group 0..k-1: float32 (k, d)."""
    count = int(labels.max()) + 1 if len(labels) else 0
    sums = np.zeros((count, space.shape[1]), dtype=np.float64)
    inside = labels >= 0
    np.add.at(sums, labels[inside], space[inside])
    return unit_rows(sums)


def _sample(space: np.ndarray, at_most: int) -> np.ndarray:
    if len(space) <= at_most:
        return np.arange(len(space))
    # Ordered by content, so that the sample barely changes when a week of tickets is added.
    direction = np.random.default_rng(0).normal(size=(space.shape[1],))
    spread = np.modf(np.abs(space @ direction) * 1e4)[0]
    return np.sort(np.argsort(spread, kind="stable")[:at_most])


def _reduce(texts: list[str], space: np.ndarray, tfidf_weight: float, components: int, seed: int) -> np.ndarray:
    from sklearn.decomposition import PCA, TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    joined = space
    if tfidf_weight:
        words = TfidfVectorizer(
            ngram_range=(1, 2), min_df=3, max_df=0.3, sublinear_tf=True, token_pattern=r"(?u)\b[^\W\d_]\w+\b"
        )
        try:
            matrix = words.fit_transform(texts)
        except ValueError:  # texts that share no word: the vectors alone decide
            matrix = None
        if matrix is not None and min(matrix.shape) > components:
            part = unit_rows(TruncatedSVD(components, random_state=seed).fit_transform(matrix))
            joined = np.hstack([space, tfidf_weight * part])
    size = min(components, len(joined) - 1, joined.shape[1])
    return unit_rows(PCA(size, random_state=seed, svd_solver="full").fit_transform(joined.astype(np.float64)))


def _cut(reduced: np.ndarray, smallest: int, nearly: float) -> np.ndarray:
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import pdist

    # Cosine distance of unit rows through the squared euclidean one, so that rows of zeros stay defined.
    tree = linkage(pdist(reduced.astype(np.float64), "sqeuclidean") / 2, "average")
    cuts = [fcluster(tree, cut, "distance") - 1 for cut in CUTS]
    sizeable = np.array([int((np.bincount(labels) >= smallest).sum()) for labels in cuts])
    best = int(np.flatnonzero(sizeable >= max(1, nearly * sizeable.max()))[-1]) if sizeable.max() else len(cuts) - 1
    labels = cuts[best].astype(np.int64)
    labels[np.bincount(labels)[labels] < smallest] = NO_CLUSTER
    return np.unique(labels, return_inverse=True)[1] - int((labels == NO_CLUSTER).any())


def _join_nearest(space: np.ndarray, labels: np.ndarray, quantile: float = 0.25) -> np.ndarray:
    """Give leftovers to the nearest group when they lie at least as close to it as ``quantile`` of its own texts."""
    if labels.max(initial=NO_CLUSTER) < 0:
        return labels
    centroids = centroids_of(space, labels)
    likeness = space @ centroids.T
    radius = np.array([np.quantile(likeness[labels == group, group], quantile) for group in range(len(centroids))])
    nearest = likeness.argmax(axis=1)
    close = likeness[np.arange(len(space)), nearest] >= radius[nearest]
    return np.where((labels == NO_CLUSTER) & close, nearest, labels)


def _largest_first(labels: np.ndarray, smallest: int) -> np.ndarray:
    groups, counts = np.unique(labels[labels >= 0], return_counts=True)
    first = {group: int(np.flatnonzero(labels == group)[0]) for group in groups}
    kept = [group for group, count in zip(groups, counts, strict=True) if count >= smallest]
    order = sorted(kept, key=lambda group: (-int(counts[groups == group][0]), first[group]))
    renamed = {group: number for number, group in enumerate(order)}
    return np.array([renamed.get(label, NO_CLUSTER) for label in labels], dtype=np.int64)

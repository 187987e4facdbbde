"""Which training tickets of two categories carry the other one's label: confident learning, with what people said counting more.

Belongs here: out-of-fold probabilities over two categories, and whose label they speak against. Does not belong here: what
becomes of it (``category_examples``), doubts over all categories for the monthly refit (``candidate``).

A label counts as doubtful where a model that has not seen the ticket gives the other category at least the probability that
this category's own tickets get on average (the class thresholds of Northcutt, Jiang and Chuang 2021, "Confident Learning",
JAIR 70). Between two categories that is one comparison, written out here; the month's suggestions over all categories come
from cleanlab (``candidate.label_errors``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

FOLDS = 5
SAID_BY_PEOPLE = 4.0
"""Weight of a ticket whose category a person named, beside one whose label nobody looked at."""


def two_sided_probabilities(
    vectors: np.ndarray, is_second: np.ndarray, weights: np.ndarray, groups: Sequence[str]
) -> np.ndarray | None:
    """Out-of-fold probability of the second of two categories, (n,), by logistic regression over unit rows.

    Args:
        groups: tickets of one group (a requester, near-duplicates) are never on both sides of a fold.

    Returns:
        None where a category has fewer than two groups: nothing can be held out.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedGroupKFold

    truth = is_second.astype(int)
    names = np.asarray([str(one) for one in groups])
    folds = min(FOLDS, *(len(set(names[truth == side])) for side in (0, 1)))
    if folds < 2:
        return None
    found = np.full(len(truth), np.nan)
    splitter = StratifiedGroupKFold(n_splits=folds, shuffle=True, random_state=0)
    for inside, outside in splitter.split(vectors, truth, names):
        if len(set(truth[inside])) < 2:
            found[outside] = truth[inside].mean()
            continue
        # Weights of a class add up alike, so that a rare category is not explained away by a common one.
        share = (
            weights[inside] / np.array([weights[inside][truth[inside] == side].sum() for side in (0, 1)])[truth[inside]]
        )
        model = LogisticRegression(C=10.0, max_iter=1_000)
        model.fit(vectors[inside], truth[inside], sample_weight=share * len(inside) / 2)
        found[outside] = model.predict_proba(vectors[outside])[:, 1]
    return found


def doubtful_labels(probabilities: np.ndarray, is_second: np.ndarray, is_certain: Sequence[bool]) -> np.ndarray:
    """Mask of tickets whose label is likely the other category's, (n,); what people said (``is_certain``) is not doubted."""
    own = np.where(is_second, probabilities, 1 - probabilities)
    least = np.array(
        [np.nanmean(own[is_second == side]) if (is_second == side).any() else 1.0 for side in (False, True)]
    )
    other = 1 - own
    is_over = other >= least[(~is_second).astype(int)]
    return is_over & (other > own) & ~np.asarray(is_certain, dtype=bool)


def group_of(tickets: Sequence[str], groups: Mapping[str, str]) -> list[str]:
    """The group of each ticket; one without is alone."""
    return [groups.get(one) or one for one in tickets]

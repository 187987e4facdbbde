"""Judging training tickets fairly: each is scored by a model that saw neither it nor its group.

Belongs here: folds and their models. Does not belong here: the model (``intent_model``) or what is done with the scores.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from assets.audit_tickets.categories.intent_model import IntentModel, balanced_weights


def cross_scores(
    model: IntentModel,
    texts: Sequence[str],
    vectors: np.ndarray,
    labels: Sequence[str],
    groups: Sequence[str],
    folds: int = 5,
    seed: int = 0,
) -> np.ndarray:
    """Scores of training texts by models of the same settings that have not seen them.

    The vocabulary, which knows no labels, is the fitted model's own. A category that a fold has not seen gets the least
    score there is in that row: it cannot be predicted, only missed. With one category there is nothing to cross-fit and
    the model's own scores come back.

    Args:
        model: fitted on these texts (and perhaps more).
        texts: n training texts.
        vectors: their sentence vectors (n, d).
        labels: their category ids; those the model has not learnt are scored and teach nothing.
        groups: texts of one group (a requester, near-duplicates) share a fold; an empty name is alone.
        folds: how many models.
        seed: of the solver.

    Returns:
        float32 (n, categories), columns as in ``model.categories``.
    """
    if len(model.categories) < 2 or not len(texts):
        return model.scores(texts, vectors)
    fold_of = np.array([_fold(group or text, folds) for group, text in zip(groups, texts, strict=True)])
    truth = np.asarray(labels, dtype=object).astype(str)
    # Rows in order of content, so that the folds' models do not depend on the order of tickets.
    order = np.array(sorted(range(len(texts)), key=lambda i: (truth[i], texts[i])))
    order = order[np.isin(truth[order], model.categories)]
    matrix = model.features.transform(texts, vectors)
    scores = np.zeros((len(texts), len(model.categories)), dtype=np.float32)
    for fold in sorted(set(fold_of.tolist())):
        inside, held_out = order[fold_of[order] != fold], np.flatnonzero(fold_of == fold)
        seen = sorted(set(truth[inside]))
        if not seen:
            continue
        part = IntentModel(model.settings, categories=seen, features=model.features)
        part.solve(matrix[inside], truth[inside], balanced_weights(truth[inside], model.settings.balance), seed)
        found = part.feature_scores(matrix[held_out])
        spread = np.repeat(found.min(axis=1, keepdims=True), len(model.categories), axis=1)
        spread[:, [model.categories.index(name) for name in seen]] = found
        scores[held_out] = spread
    return scores


def _fold(name: str, folds: int) -> int:
    return int(hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8], 16) % folds

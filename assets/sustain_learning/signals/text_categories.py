"""What customers write about, found from their texts and not from the helpdesk's labels.

Belongs here: the categories that volumes are watched by. Does not belong here: the desk's categories themselves
(``audit_tickets.categories``), or watching.

Where the category model has judged nearly all tickets (in the audit, or when they were answered), what it says counts: it
reads the text alone. Otherwise groups of texts are formed once from a desk's first months, and frozen: words weighted by
TF-IDF, reduced, and k-means. Later tickets join the nearest; what is near to none is "nothing known before", which is watched
like a category, since that is where a new matter comes in. Until these months have passed there are no such categories.

Texts of other languages than the commonest are not grouped (they would form groups by language): their category is not
known, and their languages are watched by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from assets.audit_tickets.categories.candidate_names import name_groups
from assets.audit_tickets.categories.text_features import unit_rows

NEW_MATTER = "nothing known before"
LEARN_DAYS = 90
LEAST_TEXTS = 300
COMPONENTS = 60
FAR_SHARE = 0.05
"""Of the texts that formed groups, so many are far from all; what is farther later is new."""
JUDGED_SHARE = 0.9
LEAST_CATEGORIES = 5
TEXT_CHARS = 1_000
NAMED_FROM = 300
"""Characters from which a group gets its name: subject and first sentence."""


@dataclass(frozen=True)
class FrozenGroups:
    """``words`` and ``axes``: how a text becomes a point; ``centres``: (k, c) unit; ``near``: least likeness to belong;
    ``names``: (k,); ``language``: of the texts that formed them."""

    words: Any
    axes: Any
    centres: np.ndarray
    near: float
    names: tuple[str, ...]
    language: str

    def assign(self, texts: pd.Series) -> np.ndarray:
        """Name of each text's group, or ``NEW_MATTER``: object (n,)."""
        if not len(texts):
            return np.zeros(0, dtype=object)
        likeness = unit_rows(self.axes.transform(self.words.transform(_read(texts)))) @ self.centres.T
        names = np.array([*self.names], dtype=object)[likeness.argmax(axis=1)]
        return np.where(likeness.max(axis=1) >= self.near, names, NEW_MATTER)


def freeze_groups(texts: pd.Series, language: str, seed: int = 0) -> FrozenGroups | None:
    """Form groups of texts in one language; None with fewer than ``LEAST_TEXTS``.

    Args:
        texts: n training texts of the first months, in a fixed order.
    """
    from sklearn.cluster import KMeans
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    read = _read(texts)
    if len(read) < LEAST_TEXTS:
        return None
    words = TfidfVectorizer(
        ngram_range=(1, 2), min_df=5, max_df=0.25, sublinear_tf=True, token_pattern=r"(?u)\b[^\W\d_]\w+\b"
    )
    matrix = words.fit_transform(read)
    axes = TruncatedSVD(min(COMPONENTS, matrix.shape[1] - 1), random_state=seed)
    points = unit_rows(axes.fit_transform(matrix))
    # Some 100 texts a group: fewer could not be watched, more would hide what happens in a part.
    distinct = len(np.unique(points.round(4), axis=0))
    count = min(int(np.clip(len(read) // 100, 6, 30)), distinct)
    grouped = KMeans(count, n_init=5, random_state=seed).fit(points)
    centres = unit_rows(grouped.cluster_centers_)
    near = float(np.quantile((points @ centres.T).max(axis=1), FAR_SHARE))
    named = name_groups([text[:NAMED_FROM] for text in read], grouped.labels_.astype(np.int64), [language] * len(read))
    return FrozenGroups(words, axes, centres, near, tuple(named[group].name for group in range(count)), language)


@dataclass(frozen=True)
class TextCategories:
    """``of``: category of each ticket, null where it has none (object, index ticket_id). ``learn_days``: days from the first
    ticket before which they could not have been known."""

    of: pd.Series
    learn_days: int = 0


def text_categories(
    texts: pd.DataFrame,
    created_at: pd.Series,
    is_train: pd.Series,
    intents: pd.DataFrame | None = None,
    answers: pd.DataFrame | None = None,
    learn_days: int = LEARN_DAYS,
    seed: int = 0,
) -> TextCategories:
    """Category of each ticket from its text.

    Args:
        texts: ticket_id, text, language. created_at, is_train: indexed by ticket_id; groups are formed from training texts.
        intents: ``ticket_intents`` (predicted_category_id, is_unknown); answers: ``shadow_answers`` (category_id); or None.
        learn_days: from the first ticket, for groups.
    """
    ids = texts["ticket_id"].astype(str).tolist()
    judged = _judged(ids, intents, answers)
    if judged is not None:
        return TextCategories(judged)
    created = created_at.reindex(ids)
    has_text = (texts["text"].astype("object").fillna("").astype(str).str.len() > 0).to_numpy()
    spoken = texts["language"].astype("object").fillna("").to_numpy(dtype=object)
    early = (created < created.min() + pd.Timedelta(days=learn_days)).to_numpy() & has_text
    found = pd.Series([None] * len(ids), index=ids, dtype="object")
    if not early.any() or created.max() - created.min() < pd.Timedelta(days=learn_days):
        return TextCategories(found)
    language = pd.Series(spoken[early]).mode().iloc[0]
    mine = has_text & (spoken == language)
    forming = mine & early & is_train.reindex(ids).fillna(False).to_numpy(dtype=bool)
    rows = texts[forming].sort_values("ticket_id")
    groups = freeze_groups(rows["text"], str(language), seed)
    if groups is not None:
        found[mine] = groups.assign(texts.loc[mine, "text"])
    return TextCategories(found, learn_days)


def _judged(ids: list[str], intents: pd.DataFrame | None, answers: pd.DataFrame | None) -> pd.Series | None:
    known = pd.Series([None] * len(ids), index=ids, dtype="object")
    if intents is not None and len(intents):
        said = intents.drop_duplicates("ticket_id").set_index("ticket_id")
        model = said["predicted_category_id"].astype("object").where(~said["is_unknown"].astype(bool), NEW_MATTER)
        known = model.reindex(ids)
    if answers is not None and len(answers):
        first = (
            answers.sort_values(["turn", "answer_id"])
            .drop_duplicates("ticket_id")
            .set_index("ticket_id")["category_id"]
        )
        known = known.where(known.notna(), first.astype("object").where(first.notna(), NEW_MATTER).reindex(ids))
    enough = known.notna().mean() >= JUDGED_SHARE and known.nunique() > LEAST_CATEGORIES
    return known.where(known.notna(), None) if enough else None


def _read(texts: pd.Series) -> list[str]:
    return [text[:TEXT_CHARS] for text in texts.astype("object").fillna("").astype(str)]

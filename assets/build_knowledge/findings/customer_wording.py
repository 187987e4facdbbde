"""Questions and titles that no customer would recognise.

Belongs here: scoring what has no score yet against customers' questions, and the finding. Does not belong here: the
score itself (``drafts.customer_language``).
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pandas as pd

from assets.build_knowledge.drafts.customer_language import CustomersWords, score_in_words_of
from assets.build_knowledge.findings.aligned_sentences import Encode
from assets.build_knowledge.findings.audit_settings import AuditSettings
from assets.build_knowledge.findings.audited_texts import records, same_language, subjects_of
from assets.build_knowledge.findings.finding import Finding, about
from assets.build_knowledge.findings.sentences import stems

MAX_QUESTIONS = 2_000
"""Customers' questions that a title is compared with; more add cost, not certainty."""
MIN_CATEGORY_QUESTIONS = 20
"""From so many questions of an entry's category on they alone count, else all of its language."""
MIN_WORDS = 3
"""A title of fewer telling words ("Boards Classic") is a name, not a wording."""


def score_wording(texts: pd.DataFrame, customer_questions: pd.DataFrame, encode: Encode) -> pd.DataFrame:
    """The texts with customer_language_score and suggested_question where they had none.

    An article is judged by its title, an entry by its question.

    Args:
        texts: the audited texts.
        customer_questions: frame [question]: question, language, category_id (may be empty). Of training tickets only.
        encode: as elsewhere.
    """
    scored = texts.copy()
    asked = _sampled(customer_questions)
    if asked.empty:
        return scored
    vectors = np.asarray(encode(asked["question"].tolist()))
    found: dict[tuple[str, str], Any] = {}
    known: dict[bytes, CustomersWords] = {}
    subjects = [row for row in subjects_of(texts) if row["customer_language_score"] is None and row["title"]]
    for row, vector in zip(subjects, encode([row["title"] for row in subjects]), strict=True):
        mine = np.array([same_language(row["locale"], language) for language in asked["language"]], dtype=bool)
        in_category = mine & (asked["category_id"] == row["topic"]).to_numpy(dtype=bool)
        rows = np.flatnonzero(in_category if in_category.sum() >= MIN_CATEGORY_QUESTIONS else mine)
        if (key := rows.tobytes()) not in known:
            known[key] = CustomersWords.of(asked["question"].iloc[rows].tolist(), vectors[rows])
        found[row["subject_kind"], row["subject_id"]] = score_in_words_of(known[key], row["title"], vector)
    keys = list(zip(scored["subject_kind"], scored["subject_id"], strict=True))
    for column, name in (("customer_language_score", "score"), ("suggested_question", "suggested_question")):
        values = [
            getattr(found[key], name) if key in found else value
            for key, value in zip(keys, scored[column], strict=True)
        ]
        scored[column] = pd.Series(values, index=scored.index, dtype=object)
    return scored


def find_foreign_wording(texts: pd.DataFrame, settings: AuditSettings) -> list[Finding]:
    """Findings of type ``not_customer_language``, one a subject, where a score is known and low; never blocking.

    Of an article's sections the one nearest to customers' questions counts: an article is found by any of them.
    """
    best: dict[tuple[str, str], dict[str, Any]] = {}
    for row in records(texts):
        score = row["customer_language_score"]
        if score is None or len(stems(row["title"])) < MIN_WORDS:
            continue
        key = (row["subject_kind"], row["subject_id"])
        if key not in best or float(score) > float(best[key]["customer_language_score"]):
            best[key] = row
    return [
        _finding(row) for row in best.values() if float(row["customer_language_score"]) < settings.far_from_customers
    ]


def _sampled(questions: pd.DataFrame) -> pd.DataFrame:
    """At most ``MAX_QUESTIONS`` a language, each once, the same ones in every run."""
    asked = questions.reindex(columns=["question", "language", "category_id"]).astype(object)
    asked = asked.dropna(subset=["question"]).drop_duplicates(["question", "language"])
    order = [hashlib.sha256(str(question).encode()).hexdigest() for question in asked["question"]]
    asked = asked.assign(order=order).sort_values("order")
    return asked.groupby("language", dropna=False).head(MAX_QUESTIONS).reset_index(drop=True)


def _finding(row: dict[str, Any]) -> Finding:
    better = row["suggested_question"]
    return Finding(
        type="not_customer_language",
        reason="far_from_customers",
        **about(row),
        evidence=f"“{row['title']}” is far from every question customers asked "
        f"(likeness {float(row['customer_language_score']):.2f}).",
        fix=f"Ask as customers do: “{better}”." if better else "Reword it the way customers ask.",
        is_blocking=False,
    )

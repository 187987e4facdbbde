"""The answers that teach most when a person reads them: the wrong ones first.

Belongs here: which answers, in which order, cut to a length. Does not belong here: escaping (the page's template).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from assets.audit_tickets.roadmap.roadmap_examples import shorten
from assets.pilot_agent.answers.answer_reviews import standing
from assets.pilot_agent.answers.frames import CONTROL, ROLLOUT, SENT_ALONE

SHOWN = 10
MAX_CHARS = 420
MAX_COMMENT_CHARS = 240
SEVERITY = {"incorrect": 2, "needs_improvement": 1, "correct": 0}


def severest_reviews(reviews: pd.DataFrame) -> pd.DataFrame:
    """The most severe current review of each answer, indexed by answer_id, with ``count_reviewers`` and ``is_disputed``."""
    now = standing(reviews, "tag")
    ranked = now.assign(severity=now["tag"].map(SEVERITY).fillna(-1)).sort_values(
        ["severity", "reviewed_at", "review_id"], ascending=[False, False, True], kind="stable"
    )
    first = ranked.drop_duplicates("answer_id").set_index("answer_id")
    by_answer = now.groupby("answer_id")
    return first.assign(
        count_reviewers=by_answer["reviewer"].nunique(dropna=False).reindex(first.index),
        is_disputed=(by_answer["tag"].nunique() > 1).reindex(first.index),
    )


def worth_reading(answers: pd.DataFrame, reviews: pd.DataFrame, shown: int = SHOWN) -> list[dict[str, Any]]:
    """Up to ``shown`` answers a reviewer found fault with or reviewers disagree on.

    Incorrect before needs improvement before disputed; in each, what a customer has read first, then what should
    have gone to a person, then the newest. Texts are cut to ``MAX_CHARS``.

    Args:
        answers: ``shadow_answers``. reviews: ``answer_reviews``.
    """
    severest = severest_reviews(reviews)
    faulty = severest[(severest["severity"] > 0) | severest["is_disputed"].astype(bool)]
    rows = (
        answers[answers["mode"] != CONTROL]
        .merge(
            faulty[["severity", "tag", "reason", "comment", "right_answer", "role", "count_reviewers", "is_disputed"]],
            left_on="answer_id",
            right_index=True,
        )
        .reset_index(drop=True)
    )
    rows = rows.assign(
        is_missed=(rows["reason"] == "should_have_escalated").fillna(False).astype(bool),
        was_sent=((rows["mode"] == ROLLOUT) & rows["action"].isin(SENT_ALONE)).fillna(False).astype(bool),
    ).sort_values(
        ["severity", "was_sent", "is_missed", "created_at", "answer_id"],
        ascending=[False, False, False, False, True],
        kind="stable",
    )
    return [_shown(dict(row)) for row in rows.head(shown).to_dict("records")]


def _shown(row: dict[Any, Any]) -> dict[str, Any]:
    return {
        "answer_id": _short(row["answer_id"], 60),
        "ticket_id": _short(row["ticket_id"], 60),
        "tag": str(row["tag"]),
        "reason": _short(row["reason"], 60).replace("_", " "),
        "is_disputed": bool(row["is_disputed"]),
        "count_reviewers": int(row["count_reviewers"]),
        "role": _short(row["role"], 60),
        "comment": _short(row["comment"], MAX_COMMENT_CHARS),
        "right_answer": _short(row["right_answer"]),
        "question": _short(row["question"]),
        "reply": _short(row["reply"]),
        "was_sent": bool(row["was_sent"]),
        "action": _short(row["action"], 30),
        "handoff_reason": _short(row["handoff_reason"], MAX_COMMENT_CHARS),
        "category_id": _short(row["category_id"], 60),
        "created_at": row["created_at"],
        "release_id": _short(row["release_id"])[:12],
        "entry_ids": [_short(one, 60) for one in _listed(row["entry_ids"])][:3],
    }


def _listed(value: Any) -> Sequence[Any]:
    return list(value) if isinstance(value, (list, tuple)) or hasattr(value, "tolist") else []


def _short(value: Any, limit: int = MAX_CHARS) -> str:
    """One paragraph of at most ``limit`` characters, also where nothing but one endless word is there."""
    if value is None or pd.isna(value):
        return ""
    return shorten("".join(c if c.isprintable() else " " for c in str(value)[: 20 * limit]), limit)[: limit + 2]

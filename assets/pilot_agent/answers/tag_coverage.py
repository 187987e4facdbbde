"""How many of the answers that people are to tag have been tagged, and which wait.

Belongs here: the share tagged by mode, week and category, and the answers still untagged. Does not belong here: what the
tags say (``verdict.metrics``), whether two reviewers agree (``reviewer_agreement``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from assets.pilot_agent.answers.answer_reviews import reviewable, standing
from assets.pilot_agent.verdict.clustered_rates import tally, wilson

CUTS: tuple[tuple[str, ...], ...] = (
    (),
    ("mode",),
    ("mode", "week"),
    ("mode", "category_id"),
    ("mode", "week", "category_id"),
)
COLUMNS = (
    "cut", "mode", "week", "category_id", "numerator", "denominator", "rate", "low", "high", "count_requesters",
    "design_effect", "window_start", "window_end",
)  # fmt: skip


def tag_coverage(answers: pd.DataFrame, reviews: pd.DataFrame, cuts: Sequence[Sequence[str]] = CUTS) -> pd.DataFrame:
    """Frame [cut x mode x week x category] of the share tagged; ``COLUMNS``.

    Args:
        answers: ``frames.ANSWER``; every answer in shadow or rollout counts, a decision to hand over too.
        reviews: ``frames.REVIEW``.

    Returns:
        cut names the columns a row is cut by ("all" for none), the others are null; week: Monday of the week (UTC) in
        which the customer asked; category_id null within its cut: resembles nothing known. Wilson intervals of 95 %,
        clustered by requester; the window runs from the first to the last answer of the row.
    """
    judged = reviewable(answers).reset_index(drop=True)
    days = judged["asked_at"].dt.floor("D")
    judged = judged.assign(week=days - pd.to_timedelta(days.dt.day_of_week, unit="D"))
    is_tagged = judged["answer_id"].isin(tagged(reviews)).to_numpy(dtype=bool)
    # Answers to requesters nobody knows are nobody's repetition.
    who = judged["requester_id"].astype("object").where(judged["requester_id"].notna(), judged["answer_id"])
    codes = pd.factorize(who)[0]
    rows = []
    for cut in cuts:
        groups: dict[Any, Any] = {(): np.arange(len(judged))} if len(judged) else {}
        if cut:
            groups = judged.groupby(list(cut), dropna=False, sort=True).indices
        for key, places in groups.items():
            count = tally(is_tagged[places], codes[places])
            part = judged["asked_at"].iloc[places]
            rows.append(
                {
                    "cut": " ".join(cut) or "all",
                    **dict(zip(cut, key if isinstance(key, tuple) else (key,), strict=True)),
                    "numerator": count.numerator,
                    "denominator": count.denominator,
                    "rate": count.rate,
                    **dict(zip(("low", "high"), wilson(count), strict=True)),
                    "count_requesters": count.requesters,
                    "design_effect": count.design_effect,
                    "window_start": part.min(),
                    "window_end": part.max(),
                }
            )
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    for name in ("week", "window_start", "window_end"):
        frame[name] = pd.to_datetime(frame[name], utc=True).astype("datetime64[us, UTC]")
    texts = dict.fromkeys(("cut", "mode", "category_id"), "string")
    counts = dict.fromkeys(("numerator", "denominator", "count_requesters"), "Int64")
    return frame.astype({**texts, **counts, **dict.fromkeys(("rate", "low", "high", "design_effect"), "float64")})


def untagged_answers(answers: pd.DataFrame, reviews: pd.DataFrame) -> pd.DataFrame:
    """The answers that nobody has tagged yet, the longest waiting first; the columns of ``answers``."""
    waiting = reviewable(answers)
    waiting = waiting[~waiting["answer_id"].isin(tagged(reviews))]
    return waiting.sort_values(["asked_at", "answer_id"], ignore_index=True)


def tagged(reviews: pd.DataFrame) -> set[str]:
    """Ids of answers with a tag that stands; an approval without a tag is none."""
    return set(standing(reviews, "tag")["answer_id"])

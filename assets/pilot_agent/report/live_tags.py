"""What reviewers have said so far, counted from their words as they stand this minute.

Belongs here: counts and intervals over answers and reviews, by category, reason, reviewer and day. Does not belong here:
metrics of a pilot, which count tickets and are published (``verdict.metrics``), reading the ledger, showing.

The unit is the answer. Where several people tagged one, the most severe tag that stands counts for the answer, as in the
published metrics; tags by reviewer and day count every tag that stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from assets.pilot_agent.answers.answer_reviews import reviewable, standing
from assets.pilot_agent.answers.reviewer_agreement import reviewer_agreement
from assets.pilot_agent.report.worth_reading import severest_reviews
from assets.pilot_agent.verdict.clustered_rates import tally, wilson
from assets.pilot_agent.verdict.outcomes import REVIEWS

DAYS_SHOWN = 30
NO_REASON = "no reason given"


@dataclass(frozen=True)
class Tagged:
    """How the answers of a group were tagged.

    category_id: None for all of them, "" for those that resemble nothing known. by_tag: answers by tag, all three of
    ``REVIEWS``. low, high: Wilson interval (95 %, clustered by requester) of the share correct; NaN where nothing is tagged.
    """

    category_id: str | None
    answers: int
    by_tag: Mapping[str, int]
    low: float
    high: float

    @property
    def tagged(self) -> int:
        """Answers with a tag that stands."""
        return sum(self.by_tag.values())


@dataclass(frozen=True)
class Pair:
    """Two reviewers and the answers that both tagged; kappa and its interval are NaN where it cannot be computed."""

    first: str
    second: str
    answers: int
    observed: float
    kappa: float
    low: float
    high: float


@dataclass(frozen=True)
class ReviewerTags:
    """One person's tags that stand: all of them, and by day of ``LiveTags.days``."""

    name: str
    by_tag: Mapping[str, int]
    by_day: Sequence[int]

    @property
    def total(self) -> int:
        """All of their tags."""
        return sum(self.by_tag.values())


@dataclass(frozen=True)
class LiveTags:
    """whole: all answers together; categories: those with an answer, the most answers first. reasons: of the answers found
    fault with, how many by reason, the most frequent first; reviewers: the busiest first; days: the last of
    ``DAYS_SHOWN`` (UTC) up to the newest tag, without a gap. last_at: of the newest tag; last_by: whose."""

    whole: Tagged
    categories: Sequence[Tagged] = ()
    reasons: Sequence[tuple[str, int]] = ()
    pairs: Sequence[Pair] = ()
    reviewers: Sequence[ReviewerTags] = ()
    days: Sequence[pd.Timestamp] = field(default_factory=tuple)
    last_at: pd.Timestamp | None = None
    last_by: str = ""

    @property
    def faulty(self) -> int:
        """Answers found fault with."""
        return sum(count for _, count in self.reasons)


def live_tags(answers: pd.DataFrame, reviews: pd.DataFrame) -> LiveTags:
    """Count what reviewers said.

    Args:
        answers: ``frames.ANSWER``; the control arm's are left out, since nobody judges them.
        reviews: ``frames.REVIEW``; those of other answers are left out.
    """
    judged = reviewable(answers).reset_index(drop=True)
    said = reviews[reviews["answer_id"].isin(judged["answer_id"])].reset_index(drop=True)
    severest = severest_reviews(said)
    tags = judged["answer_id"].map(severest["tag"])
    # Answers to requesters nobody knows are nobody's repetition.
    who = judged["requester_id"].astype("object").where(judged["requester_id"].notna(), judged["answer_id"])
    counted = pd.DataFrame(
        {"category_id": judged["category_id"].fillna("").astype(str), "tag": tags, "who": pd.factorize(who)[0]}
    )
    by_category = [_tagged(str(name), part) for name, part in counted.groupby("category_id", sort=True)]
    now = standing(said, "tag").sort_values(["reviewed_at", "review_id"], kind="stable")
    days, reviewers = _reviewers(now)
    newest = now.iloc[-1] if len(now) else None
    return LiveTags(
        whole=_tagged(None, counted),
        categories=sorted(by_category, key=lambda one: (-one.answers, str(one.category_id))),
        reasons=_reasons(severest),
        pairs=[
            Pair(one["first"], one["second"], int(one["count_answers"]), one["observed"], one["kappa"], one["low"], one["high"])
            for one in reviewer_agreement(said)[0].to_dict("records")
        ],
        reviewers=reviewers,
        days=days,
        last_at=None if newest is None else newest["reviewed_at"],
        last_by="" if newest is None else str(newest["reviewer"]),
    )  # fmt: skip


def _tagged(category_id: str | None, part: pd.DataFrame) -> Tagged:
    has_tag = part["tag"].notna().to_numpy(dtype=bool)
    hits = (part["tag"] == "correct").fillna(False).to_numpy(dtype=bool)[has_tag]
    codes = part["who"].to_numpy()[has_tag]
    low, high = wilson(tally(hits, np.unique(codes, return_inverse=True)[1]))
    counts = part["tag"].value_counts()
    return Tagged(category_id, len(part), {tag: int(counts.get(tag, 0)) for tag in REVIEWS}, low, high)


def _reasons(severest: pd.DataFrame) -> list[tuple[str, int]]:
    faulty = severest[severest["severity"] > 0]
    counts = faulty["reason"].fillna(NO_REASON).astype(str).value_counts()
    return sorted(((str(name), int(count)) for name, count in counts.items()), key=lambda one: (-one[1], one[0]))


def _reviewers(now: pd.DataFrame) -> tuple[list[pd.Timestamp], list[ReviewerTags]]:
    """The days shown, and everybody's tags on them."""
    if now.empty:
        return [], []
    day = now["reviewed_at"].dt.floor("D")
    days = sorted(day.unique())[-DAYS_SHOWN:]
    found = []
    for name, places in now.groupby("reviewer", sort=True).indices.items():
        mine, counts = day.iloc[places].value_counts(), now["tag"].iloc[places].value_counts()
        by_tag: dict[str, int] = {tag: int(counts.get(tag, 0)) for tag in REVIEWS}
        by_day: list[Any] = [int(mine.get(one, 0)) for one in days]
        found.append(ReviewerTags(str(name), by_tag, by_day))
    return days, sorted(found, key=lambda one: (-one.total, one.name))

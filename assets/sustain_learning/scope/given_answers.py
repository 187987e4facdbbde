"""What the agent answered, or would have, and who found it wrong: the rows that scope is decided on.

Belongs here: joining answers with what was said of them, and counting a category's. Does not belong here: limits (``decay``,
``mastery``, ``short_way``).

Two counts, because a reviewer and a customer say different things. A reviewer looks at answers that nobody had complained
about: of those reviewed, the wrong ones are a rate. A customer speaks up when something is wrong: of those who did, nearly
all are unhappy, so their trouble is counted against every answer that went out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from assets.pilot_agent.answers.frames import CONTROL, ROLLOUT, SENT_ALONE, TEXT, TIME, TRUTH, frame_of
from assets.pilot_agent.report.worth_reading import severest_reviews
from assets.pilot_agent.verdict.clustered_rates import NOTHING, Tally, tally, wilson
from assets.pilot_agent.verdict.outcomes import requester_codes
from assets.retrain_agent.frames import REPLAY, REVIEW
from assets.sustain_learning.scope.scope_frames import ScopeFrames

INCORRECT = "incorrect"
GIVEN = {
    "answer_id": TEXT, "category_id": TEXT, "requester_id": TEXT, "asked_at": TIME, "is_alone": TRUTH, "is_reviewed": TRUTH,
    "is_wrong": TRUTH,
}  # fmt: skip
"""One answer or question that the release would send by itself. is_alone: it went out without a person; is_reviewed: a
reviewer judged it; is_wrong: somebody found it wrong, null where nobody said."""


@dataclass(frozen=True)
class Rate:
    """A rate with its 95 % interval, clustered by requester; NaN where nothing was counted."""

    count: Tally
    low: float
    high: float

    @property
    def in_words(self) -> str:
        """“12 % (5 of 41, 5–26 %)”."""
        if not self.count.denominator:
            return "nothing judged"
        return (
            f"{self.count.rate:.0%} ({self.count.numerator:,} of {self.count.denominator:,}, "
            f"{100 * self.low:.0f}–{100 * self.high:.0f} %)"
        )


def given_answers(frames: ScopeFrames, as_of: pd.Timestamp) -> pd.DataFrame:
    """Frame ``GIVEN`` [answer or question], by asked_at; nothing that was asked or reviewed after ``as_of``.

    The control arm was shown to nobody, and replay says nothing of what customers got. A review calls an answer wrong with the
    tag incorrect alone: what could be friendlier or shorter costs nobody's autonomy.
    """
    said = frames.judged[~frames.judged["source"].isin([REPLAY, REVIEW]) & frames.judged["answer_id"].notna()]
    complained = dict(zip(said["answer_id"].astype(str), said["is_wrong"], strict=True))
    tags = _tags(frames.reviews[frames.reviews["reviewed_at"] <= as_of])
    rows: list[tuple[Any, ...]] = []
    for frame, name, at in ((frames.answers, "answer_id", "asked_at"), (frames.decisions, "decision_id", "decided_at")):
        kept = frame[frame["action"].isin(SENT_ALONE) & (frame["mode"] != CONTROL) & frame["category_id"].notna()]
        kept = kept[kept[at] <= as_of].drop_duplicates(name, keep="last")
        sends = kept["sends"].fillna(False).astype(bool) if "sends" in kept else pd.Series(True, index=kept.index)
        columns = (
            kept[name].astype(str),
            kept["category_id"],
            kept["requester_id"],
            kept[at],
            sends & (kept["mode"] == ROLLOUT),
        )
        for answer, category, requester, asked, is_alone in zip(*columns, strict=True):
            tag = tags.get(answer)
            is_wrong = complained.get(answer) if tag is None else tag == INCORRECT
            rows.append((answer, category, requester, asked, is_alone, tag is not None, is_wrong))
    return frame_of(rows, GIVEN).sort_values(["asked_at", "answer_id"], kind="stable", ignore_index=True)


def _tags(reviews: pd.DataFrame) -> dict[str, str]:
    """The most severe tag of each answer, as in the published metrics."""
    if reviews.empty:
        return {}
    severest = severest_reviews(reviews)
    return dict(zip(severest.index.astype(str), severest["tag"].astype(str), strict=True))


def between(given: pd.DataFrame, after: pd.Timestamp, until: pd.Timestamp) -> pd.DataFrame:
    """What was asked after a moment, until another."""
    return given[(given["asked_at"] > after) & (given["asked_at"] <= until)]


def reviewed_wrong(given: pd.DataFrame) -> Rate:
    """Wrong ones among those that reviewers judged."""
    mine = given[given["is_reviewed"].fillna(False).astype(bool) & given["is_wrong"].notna()]
    return rate_of(mine["is_wrong"].to_numpy(dtype=bool), mine["requester_id"])


def trouble_alone(given: pd.DataFrame) -> Rate:
    """Those that a customer or a reviewer found wrong, among all that went out without a person."""
    mine = given[given["is_alone"].fillna(False).astype(bool)]
    return rate_of(mine["is_wrong"].fillna(False).to_numpy(dtype=bool), mine["requester_id"])


def rate_of(hits: np.ndarray, requesters: pd.Series) -> Rate:
    """The rate of (n,) truths, whose requesters may be null: each unknown one is one of its own."""
    if not len(hits):
        return Rate(NOTHING, math.nan, math.nan)
    codes, _ = requester_codes(requesters.astype("object").reset_index(drop=True))
    count = tally(hits, codes)
    return Rate(count, *wilson(count))

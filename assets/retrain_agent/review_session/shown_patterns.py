"""The patterns a session talks about, with examples that may be shown.

Belongs here: which patterns and examples, cut to a length. Does not belong here: escaping (the page's template).

Examples are training tickets alone: whoever writes an entry after the session must not have read the tickets that measure it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from assets.audit_tickets.roadmap.roadmap_examples import shorten
from assets.pilot_agent.answers.frames import as_list
from assets.retrain_agent.frames import REPLAY
from assets.retrain_agent.review_session.session_month import SessionMonth

PATTERNS = 5
EXAMPLES = (3, 2)
"""Of the first pattern, and of each other one: thirty minutes are short."""
MAX_CHARS = 360
TRAIN = "train"


@dataclass(frozen=True)
class Example:
    """One wrong answer. said: what the agent wrote, or "" where it wrote nothing; right: what would have been right, or ""
    where nobody said; right_category_id: as a person or the helpdesk says."""

    ticket_id: str
    asked_at: pd.Timestamp | None
    question: str
    action: str
    said: str
    handoff_reason: str
    right: str
    category_id: str
    right_category_id: str
    should_escalate: bool | None
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class ShownPattern:
    """A pattern in the month. count, customers: of the month; row: of ``frames.PATTERN``; count_aside: failures of the month
    that are not shown because their tickets measure the agent."""

    row: Mapping[str, Any]
    count: int
    customers: int
    examples: tuple[Example, ...]
    count_aside: int


@dataclass(frozen=True)
class MonthPatterns:
    """shown: the worst; rest: how many other patterns had a failure in the month, and how many failures they had."""

    shown: tuple[ShownPattern, ...]
    rest: int
    rest_failures: int


def month_patterns(
    patterns: pd.DataFrame, failures: pd.DataFrame, month: SessionMonth, most: int = PATTERNS
) -> MonthPatterns:
    """The patterns with failures in the month, by how many and how bad they are.

    Args:
        patterns: ``failure_patterns``. failures: ``failures``.
    """
    failed = failures[failures["source"] != REPLAY].drop_duplicates("failure_id")
    failed = failed[failed["occurred_at"] < month.end]
    failed = failed.set_axis(failed["failure_id"].astype(str).to_list())
    found = []
    for row in patterns.to_dict("records"):
        ever = failed.loc[[one for one in as_list(row["failure_ids"]) if one in failed.index]]
        mine = ever[month.holds(ever["occurred_at"])]
        if len(mine):
            found.append((row, mine, ever))
    found.sort(
        key=lambda one: (-len(one[1]) * float(one[0]["harm"] or 0), -len(one[1]), str(one[0]["pattern_id"])),
    )
    shown = [
        _shown({str(name): value for name, value in row.items()}, mine, ever, EXAMPLES[min(place, 1)])
        for place, (row, mine, ever) in enumerate(found[:most])
    ]
    return MonthPatterns(tuple(shown), len(found[most:]), sum(len(mine) for _, mine, _ in found[most:]))


def _shown(row: Mapping[str, Any], mine: pd.DataFrame, ever: pd.DataFrame, count_examples: int) -> ShownPattern:
    is_training = mine["side"].eq(TRAIN).fillna(False).astype(bool)
    # An older example beats none: each has its day beside it.
    may = mine[is_training] if is_training.any() else ever[ever["side"].eq(TRAIN).fillna(False).astype(bool)]
    central = [one for one in as_list(row["example_ids"]) if one in may.index]
    rest = may[~may["failure_id"].isin(central)].sort_values(["occurred_at", "failure_id"], ascending=False)
    chosen: dict[str, Any] = {}
    for one in [*may.loc[central].to_dict("records"), *rest.to_dict("records")]:
        # The same words twice teach nothing the second time.
        chosen.setdefault(" ".join(str(one["question"]).casefold().split())[:200], one)
    return ShownPattern(
        row=row,
        count=len(mine),
        customers=int(mine["requester_id"].fillna(mine["ticket_id"]).fillna(mine["failure_id"]).nunique()),
        examples=tuple(_example(one) for one in list(chosen.values())[:count_examples]),
        count_aside=int((~is_training).sum()),
    )


def _example(one: Mapping[Any, Any]) -> Example:
    return Example(
        ticket_id=short(one["ticket_id"], 60),
        asked_at=None if pd.isna(one["occurred_at"]) else one["occurred_at"],
        question=short(one["question"]),
        action=short(one["action"], 30),
        said=short(one["reply"]),
        handoff_reason=short(one["handoff_reason"], 160),
        right=short(one["right_answer"]),
        category_id=short(one["category_id"], 60),
        right_category_id=short(one["right_category_id"], 60),
        should_escalate=None if pd.isna(one["should_escalate"]) else bool(one["should_escalate"]),
        evidence=tuple(short(each, 200) for each in as_list(one["evidence"])[:2]),
    )


def short(value: Any, limit: int = MAX_CHARS) -> str:
    """One paragraph without marks for bold, of at most ``limit`` characters, also where nothing but one endless word is there; "" for nothing."""
    if value is None or pd.isna(value):
        return ""
    plain = str(value)[: 20 * limit].replace("**", "")
    return shorten("".join(c if c.isprintable() else " " for c in plain), limit)[: limit + 2]

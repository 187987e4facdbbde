"""A desk of five invented categories as published frames: what it answered, what was judged, what its pilots said."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from assets.configure_behavior.behavior.spec_versions import COLUMNS as SPEC_COLUMNS
from assets.pilot_agent.answers.frames import ANSWER, REVIEW, frame_of
from assets.pilot_agent.live.frames import LIVE_DECISION
from assets.pilot_agent.verdict.looks_kept import COLUMNS as LOOK_COLUMNS
from assets.retrain_agent.frames import CASE
from assets.sustain_learning.scope.scope_frames import ScopeFrames
from desk.behavior import behavior_content
from desk.learning import Learning
from ledger.autonomy import AutonomyTurn
from tests.behaviors import behavior

AS_OF = pd.Timestamp("2026-07-24", tz="UTC")
DAY = pd.Timedelta(days=1)
RULES = Learning()
CATEGORIES = (
    # category_id, bucket, tier, proposed bucket, tickets in 90 days
    ("login", "automate", 1, "automate", 300),
    ("billing", "automate", 1, "automate", 100),
    ("exports", "hybrid", None, "automate", 90),
    ("sharing", "hybrid", None, "hybrid", 80),
    ("refunds", "escalate", None, "escalate", 70),
)


def frames(
    answers: Iterable[dict[str, Any]] = (),
    *,
    categories: Sequence[tuple[Any, ...]] = CATEGORIES,
    covered: dict[str, int] | None = None,
    thresholds: dict[str, float | None] | None = None,
    is_signed: bool = True,
    verdicts: dict[str, str] | None = None,
    looks: Sequence[tuple[str, str, str | None, dict[str, str]]] = (),
    outcomes: Iterable[dict[str, Any]] = (),
    live: Iterable[dict[str, Any]] = (),
    judged: Iterable[dict[str, Any]] = (),
) -> ScopeFrames:
    """The frames of a desk.

    Args:
        answers: of ``answers_to``. covered: live entries by category, 3 where it is not named. thresholds: by automated
            category, 0.8 where it is not named. verdicts: of pilot "spring", by category. looks: (pilot, kind, group, verdicts).
    """
    said = list(answers)
    names = [one[0] for one in categories]
    have = dict.fromkeys(names, 3) | (covered or {})
    sure = {one[0]: 0.8 for one in categories if one[1] == "automate"} | (thresholds or {})
    content = json.dumps(behavior_content(behavior()))
    return ScopeFrames(
        categories=pd.DataFrame(
            [(name, name.title(), bucket, tier) for name, bucket, tier, *_ in categories],
            columns=["category_id", "name", "bucket", "tier"],
        ).astype({"tier": "Int64"}),
        roadmap=pd.DataFrame(
            [(name, proposed, tickets, tickets / 3, ["Too few examples."]) for name, _, _, proposed, tickets in categories],
            columns=["category_id", "proposed_bucket", "count_tickets", "tickets_per_month", "reasons"],
        ),
        coverage=pd.DataFrame(
            [
                (name, have[name], max(0, 3 - have[name]), [f"{3 - have[name]} more live entries"] if have[name] < 3 else [], have[name] >= 3)
                for name, bucket, *_ in categories if bucket != "escalate"
            ],
            columns=["category_id", "count_live_entries", "entries_needed", "missing", "is_covered"],
        ),
        thresholds=pd.DataFrame(
            [(name, "automate", 0.05, threshold, "It says why.") for name, threshold in sure.items()],
            columns=["category_id", "bucket", "risk", "threshold", "why"],
        ),
        spec=pd.DataFrame(
            [("f" * 64, content, True, is_signed, [], [] if is_signed else ["support lead"], 0, 0, AS_OF)],
            columns=list(SPEC_COLUMNS),
        ),
        answers=frame_of([{**dict.fromkeys(ANSWER), **{k: v for k, v in one.items() if k in ANSWER}} for one in said], ANSWER),
        reviews=frame_of(
            [
                {**dict.fromkeys(REVIEW), "review_id": f"r-{one['answer_id']}", "answer_id": one["answer_id"],
                 "reviewer": "Noor Haddad", "reviewed_at": one["asked_at"], "tag": one["tag"], "is_current": True}
                for one in said if one.get("tag")
            ], REVIEW,
        ),
        decisions=frame_of([{**dict.fromkeys(LIVE_DECISION), **one} for one in live], LIVE_DECISION),
        judged=frame_of([{**dict.fromkeys(CASE), **one} for one in judged], CASE),
        outcomes=pd.DataFrame(
            list(outcomes), columns=["category_id", "requester_id", "created_at", "is_involved", "is_escalated", "is_resolved"],
        ),
        verdicts=pd.DataFrame(
            [("spring", name, verdict, True) for name, verdict in (verdicts or {}).items()],
            columns=["pilot_id", "group", "verdict", "is_final"],
        ),
        looks=pd.DataFrame(
            [(pilot, "f" * 64, kind, 2, group, AS_OF, json.dumps(said)) for pilot, kind, group, said in looks],
            columns=list(LOOK_COLUMNS),
        ),
    )  # fmt: skip


def answers_to(
    category: str, right: int, wrong: int, *, days_ago: float = 5, mode: str = "rollout", each: int = 1, tag: str = "incorrect",
    action: str = "answer", unreviewed: int = 0,
) -> list[dict[str, Any]]:  # fmt: skip
    """Answers of which so many were reviewed as right, and as ``tag``; ``each``: answers a requester got."""
    tags = [tag] * wrong + ["correct"] * right + [None] * unreviewed
    stem = f"{category}-{days_ago}-{mode}-{action}"
    return [
        {
            "answer_id": f"{stem}-{place}", "ticket_id": f"t-{stem}-{place}", "turn": 1, "category_id": category,
            "requester_id": f"{stem}-{place // each}", "asked_at": AS_OF - days_ago * DAY, "mode": mode, "action": action,
            "bucket": "automate", "tag": said,
        }
        for place, said in enumerate(tags)
    ]  # fmt: skip


def ended(category: str, resolved: int, not_resolved: int, *, days_ago: float = 5) -> list[dict[str, Any]]:
    """Tickets the agent took part in, and how they ended."""
    return [
        {"category_id": category, "requester_id": f"{category}-{place}", "created_at": AS_OF - days_ago * DAY,
         "is_involved": True, "is_escalated": place >= resolved, "is_resolved": place < resolved}
        for place in range(resolved + not_resolved)
    ]  # fmt: skip


def turn(
    category: str, *, days_ago: float = 10, metric: str | None = "wrong_of_reviewed", **changes: Any
) -> AutonomyTurn:
    """A word on a category's autonomy."""
    at = (AS_OF - days_ago * DAY).to_pydatetime()
    made = AutonomyTurn(category, at, "Understudy", "platform", "40% are wrong", metric, 7, {"numerator": 12, "denominator": 30, "rate": 0.4, "low": 0.24, "high": 0.58, "bar": 0.15})  # fmt: skip
    return replace(made, **changes)


MASTERED: dict[str, Any] = {
    "answers": [*answers_to("login", 90, 1), *answers_to("billing", 90, 1)],
    "outcomes": [*ended("login", 90, 10), *ended("billing", 80, 20)],
}
"""Both automated categories mastered."""

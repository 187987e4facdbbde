"""What the agent's scope is judged by: the published frames as one object, and what the ledger says of autonomy.

Belongs here: the frames, and small facts of categories read from them. Does not belong here: rules (``decay``, ``mastery``,
``short_way``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from ledger.autonomy import AutonomyTurn

AUTOMATE, HYBRID = "automate", "hybrid"


@dataclass(frozen=True)
class ScopeFrames:
    """categories: ``accepted_categories``; roadmap: ``training_roadmap``; coverage: ``knowledge_coverage``; thresholds:
    ``confidence_thresholds``; spec: ``behavior_spec``; answers: ``shadow_answers``; reviews: ``answer_reviews``;
    decisions: ``live_decisions``; judged: ``judged_answers``; outcomes: ``fct_ai_answers``; verdicts: ``pilot_verdict``; looks: ``pilot_looks``. Each may be empty."""

    categories: pd.DataFrame
    roadmap: pd.DataFrame
    coverage: pd.DataFrame
    thresholds: pd.DataFrame
    spec: pd.DataFrame
    answers: pd.DataFrame
    reviews: pd.DataFrame
    decisions: pd.DataFrame
    judged: pd.DataFrame
    outcomes: pd.DataFrame
    verdicts: pd.DataFrame
    looks: pd.DataFrame


@dataclass(frozen=True)
class Autonomy:
    """What the ledger says of autonomy: ``withdrawn_categories`` and ``restored_categories``."""

    withdrawn: Mapping[str, AutonomyTurn] = field(default_factory=dict)
    restored: Mapping[str, AutonomyTurn] = field(default_factory=dict)


@dataclass(frozen=True)
class CategoryFacts:
    """One accepted category. bucket: as decided, None while nothing is; proposed: as the roadmap would have it; tickets: in the
    roadmap's window."""

    category_id: str
    name: str
    bucket: str | None
    tier: int | None
    proposed: str | None
    tickets: int
    tickets_per_month: float


def category_facts(categories: pd.DataFrame, roadmap: pd.DataFrame) -> list[CategoryFacts]:
    """Every accepted category with what the roadmap says of it, by id."""
    rows = {str(row["category_id"]): row for row in roadmap.to_dict("records")}
    found = []
    for row in categories.drop_duplicates("category_id").sort_values("category_id").to_dict("records"):
        name = str(row["category_id"])
        planned = rows.get(name, {})
        found.append(
            CategoryFacts(
                category_id=name,
                name=_text(row["name"]) or name,
                bucket=_text(row["bucket"]),
                tier=None if pd.isna(row["tier"]) else int(row["tier"]),
                proposed=_text(planned.get("proposed_bucket")),
                tickets=int(planned.get("count_tickets") or 0),
                tickets_per_month=float(planned.get("tickets_per_month") or 0.0),
            )
        )
    return found


def coverage_of(coverage: pd.DataFrame, category_id: str) -> dict[str, object] | None:
    """The row of ``knowledge_coverage`` of a category; None where its knowledge was not counted."""
    mine = coverage[coverage["category_id"] == category_id] if len(coverage) else coverage
    return None if mine.empty else {str(name): value for name, value in mine.iloc[0].items()}


def _text(value: object) -> str | None:
    return None if value is None or pd.isna(value) or not str(value).strip() else str(value)  # type: ignore[call-overload]

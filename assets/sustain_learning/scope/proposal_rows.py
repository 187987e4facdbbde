"""One proposal about scope as a row, and its name.

Belongs here: the columns of ``frames.SCOPE`` from what a proposal rests on. Does not belong here: which proposals there are.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from assets.sustain_learning.scope.given_answers import Rate
from assets.sustain_learning.scope.mastery import FIRST_TIER
from assets.sustain_learning.scope.scope_frames import CategoryFacts
from assets.sustain_learning.scope.short_way import Step, next_step, steps_json

PROPOSED, WALKING, READY, WITHDRAWN, IN_FORCE = "proposed", "walking", "ready", "withdrawn", "in_force"


def proposal_id(kind: str, *subject: object) -> str:
    """16 hex digits of what is proposed: the same proposal keeps its name from run to run."""
    return hashlib.sha256("\x1f".join([kind, *(str(one) for one in subject)]).encode()).hexdigest()[:16]


def proposal_row(
    *,
    proposal_id: str,
    kind: str,
    one: CategoryFacts,
    from_bucket: str,
    to_bucket: str,
    tier: int | None,
    metric: str | None,
    rate: Rate | None,
    bar: float,
    steps: Sequence[Step],
    reasons: Sequence[str],
    sentence: str,
    status: str,
    decision: Mapping[str, Any] | None,
    as_of: pd.Timestamp,
) -> dict[str, Any]:
    """``frames.SCOPE`` of one proposal.

    Args:
        rate: what it rests on, None where it rests on none. decision: the row of ``scope_decisions`` about it, None before.
    """
    count = None if rate is None or not rate.count.denominator else rate.count
    ahead = next_step(steps)
    return {
        "proposal_id": proposal_id,
        "kind": kind,
        "category_id": one.category_id,
        "from_bucket": from_bucket,
        "to_bucket": to_bucket,
        "tier": tier if tier is not None else FIRST_TIER,
        "tickets_per_month": one.tickets_per_month,
        "metric": metric,
        "numerator": None if count is None else count.numerator,
        "denominator": None if count is None else count.denominator,
        "rate": math.nan if count is None else count.rate,
        "low": math.nan if count is None or rate is None else rate.low,
        "high": math.nan if count is None or rate is None else rate.high,
        "bar": bar,
        "step": None if ahead is None else ahead.step,
        "steps": steps_json(steps),
        "reasons": list(reasons),
        "sentence": sentence,
        "status": status,
        "decided_by": None if decision is None else decision["decided_by"],
        "decided_at": None if decision is None else decision["decided_at"],
        "proposed_as_of": as_of,
    }


def because(decision: Mapping[str, Any] | None) -> str:
    """“: the reason.”, or a full stop where none is known."""
    reason = None if decision is None else decision["reason"]
    return f": {reason.strip().rstrip('.')}." if isinstance(reason, str) and reason.strip() else "."

"""Small ``fct_ai_answers`` frames: one row a ticket of an invented pilot."""

from __future__ import annotations

from typing import Any

import pandas as pd

ROLLOUT_START = pd.Timestamp("2026-03-16", tz="UTC")
TRUTHS = (
    "is_involved", "is_escalated", "is_resolved", "is_resolved_assumed", "is_resolved_confirmed", "is_resolved_verified",
    "is_false_resolution", "csat_positive", "should_escalate",
)  # fmt: skip
TEXTS = ("escalation_reason", "review", "arm", "category_id", "requester_id", "action", "plan", "language", "channel")


def answered(number: int, arm: str | None = "ai", **changes: Any) -> dict[str, Any]:
    """A ticket that the agent answered and that was resolved, or, in the other arm, a person."""
    is_ai = arm == "ai"
    at = ROLLOUT_START + pd.Timedelta(hours=number) - (pd.Timedelta(weeks=1) if arm is None else pd.Timedelta(0))
    row = {
        "pilot_id": "spring", "ticket_id": f"t{number}", "requester_id": f"p{number}", "category_id": "login", "arm": arm,
        "phase": "shadow" if arm is None else "rollout", "created_at": at, "action": "answer", "is_involved": is_ai,
        "is_escalated": arm == "control", "escalation_reason": "control" if arm == "control" else None,
        "is_resolved_assumed": arm is not None, "is_resolved_confirmed": False, "is_resolved_verified": None,
        "is_false_resolution": None, "csat_positive": None, "should_escalate": None, "review": None,
        "handle_time_minutes": None, "handle_time_proxy_minutes": 10.0, "plan": "pro", "language": "en",
        "channel": "email", "week": 0 if arm else None,
        "shadow_week": None if arm else 1, "day": at.date(), "share": None if arm is None else 0.2,
        "mode": "shadow" if arm is None else "rollout" if is_ai else "control", "release_id": "r1", **changes,
    }  # fmt: skip
    return {"is_resolved": row["is_resolved_assumed"], **row}


def fct(*rows: dict[str, Any]) -> pd.DataFrame:
    """The frame as the lake holds it."""
    frame = pd.DataFrame(list(rows), columns=list(answered(0)))
    frame["created_at"] = pd.to_datetime(frame["created_at"], utc=True).astype("datetime64[us, UTC]")
    kinds = {
        **dict.fromkeys(TRUTHS, "boolean"), **dict.fromkeys(TEXTS, "string"), "week": "Int64", "shadow_week": "Int64",
        "handle_time_minutes": "float64", "handle_time_proxy_minutes": "float64", "share": "float64", "mode": "string",
        "release_id": "string",
    }  # fmt: skip
    return frame.astype(kinds)

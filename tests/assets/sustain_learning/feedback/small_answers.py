"""A few answers, reviews, outcomes and live decisions, for the tests of feedback; everybody in it is invented."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from assets.pilot_agent.answers.frames import ANSWER, REVIEW, frame_of
from assets.pilot_agent.live.frames import LIVE_DECISION, LIVE_FEEDBACK
from assets.sustain_learning.feedback.feedback_signals import feedback_signals

START = pd.Timestamp("2026-06-01T09:00Z")
AS_OF = pd.Timestamp("2026-07-01T00:00Z")
OUTCOMES = (
    "answer_id", "ticket_id", "mode", "category_id", "action", "is_escalated", "escalation_reason", "is_involved",
    "resolved_at", "answered_at", "decided_at", "created_at", "csat_positive", "is_false_resolution", "should_escalate",
)  # fmt: skip
TICKETS = (
    "ticket_id", "csat", "csat_score", "count_reopens", "count_staff_replies", "handle_time_minutes",
    "handle_time_proxy_minutes",
)  # fmt: skip


def days(count: float) -> pd.Timestamp:
    """A moment after the start."""
    return START + pd.Timedelta(days=count)


def _frame(rows: tuple[Mapping[str, Any], ...], columns: Mapping[str, str]) -> pd.DataFrame:
    return frame_of([[row.get(name) for name in columns] for row in rows], columns)


def answer(name: str, **more: Any) -> dict[str, Any]:
    """A row of ``shadow_answers``: sent by the rollout, from the entry ``reset``."""
    return {
        "answer_id": name, "ticket_id": f"zendesk:{name}", "requester_id": f"customer {name}", "mode": "rollout",
        "phase": "rollout", "action": "answer", "category_id": "passwords", "entry_ids": ["reset", "other"],
        "entry_hashes": ["h1", "h2"], "reply": "Choose Forgot password.", "release_id": "r1", "asked_at": START,
        "decided_at": START,
    } | more  # fmt: skip


def answers(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """``shadow_answers``."""
    return _frame(rows, ANSWER)


def review(name: str, **more: Any) -> dict[str, Any]:
    """A row of ``answer_reviews``: Mara says that it is wrong."""
    return {
        "review_id": f"review of {name}", "answer_id": name, "ticket_id": f"zendesk:{name}", "reviewer": "Mara",
        "source": "terminal", "reviewed_at": days(3), "tag": "incorrect", "reason": "wrong_answer", "is_current": True,
    } | more  # fmt: skip


def reviews(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """``answer_reviews``."""
    return _frame(rows, REVIEW)


def outcome(name: str, **more: Any) -> dict[str, Any]:
    """A row of ``fct_ai_answers``: the agent answered alone, and nothing more is known."""
    return {
        "answer_id": name, "ticket_id": f"zendesk:{name}", "mode": "rollout", "category_id": "passwords",
        "action": "answer", "is_escalated": False, "is_involved": True, "resolved_at": days(1), "decided_at": START,
        "created_at": START,
    } | more  # fmt: skip


def outcomes(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """``fct_ai_answers``, typed as DuckDB returns it."""
    frame = pd.DataFrame([[row.get(name) for name in OUTCOMES] for row in rows], columns=list(OUTCOMES))
    for name in ("resolved_at", "answered_at", "decided_at", "created_at"):
        frame[name] = pd.to_datetime(frame[name], utc=True)
    return frame


def tickets(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """``fct_tickets``."""
    frame = pd.DataFrame([[row.get(name) for name in TICKETS] for row in rows], columns=list(TICKETS))
    return frame.astype({"handle_time_minutes": "float64", "handle_time_proxy_minutes": "float64"})


def decision(name: str, **more: Any) -> dict[str, Any]:
    """A row of ``live_decisions``: answered and sent, from the entry ``reset``."""
    return {
        "decision_id": name, "ticket_id": f"zendesk:{name}", "requester_id": f"customer {name}", "mode": "rollout",
        "sends": True, "action": "answer", "category_id": "passwords", "entry_ids": ["reset"], "entry_hashes": ["h1"],
        "reply": "Choose Forgot password.", "release_id": "r1", "decided_at": START, "sequence": 1,
    } | more  # fmt: skip


def decisions(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """``live_decisions``."""
    return _frame(rows, LIVE_DECISION)


def said(name: str, kind: str, sequence: int, **more: Any) -> dict[str, Any]:
    """A row of ``live_feedback``."""
    return {
        "event_id": f"event {sequence}", "sequence": sequence, "decision_id": name, "kind": kind,
        "given_at": days(sequence), "is_erased": False,
    } | more  # fmt: skip


def feedback(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """``live_feedback``."""
    return _frame(rows, LIVE_FEEDBACK)


def signals(**frames: pd.DataFrame) -> pd.DataFrame:
    """``feedback_signals`` of these frames, the others empty."""
    nothing = {
        "answers": answers(), "reviews": reviews(), "outcomes": outcomes(), "decisions": decisions(),
        "feedback": feedback(), "tickets": tickets(),
    }  # fmt: skip
    return feedback_signals(**(nothing | frames))

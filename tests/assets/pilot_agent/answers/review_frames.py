"""Small answers and reviews."""

from __future__ import annotations

from typing import Any

import pandas as pd

from assets.pilot_agent.answers.frames import ANSWER, REVIEW, frame_of

MONDAY = pd.Timestamp("2026-03-02T09:00Z")


def answer(answer_id: str, **changes: Any) -> dict[str, Any]:
    """One answer: a draft in shadow, unless told otherwise."""
    number = int(answer_id.strip("abcdefghijklmnopqrstuvwxyz") or 0)
    asked = MONDAY + pd.Timedelta(hours=number)
    return {
        **dict.fromkeys(ANSWER),
        "answer_id": answer_id, "pilot_id": "spring", "ticket_id": f"zd:{number}", "turn": 1, "requester_id": f"p{number}",
        "created_at": asked, "asked_at": asked, "decided_at": asked + pd.Timedelta(hours=1), "phase": "shadow",
        "mode": "shadow", "action": "answer", "category_id": "login", "reply": f"Reply {answer_id}.",
        "is_suggestion": False, "entry_ids": ["log-in"], "entry_hashes": ["f" * 8], "steps": [], "reasons": "[]",
        "context": "{}", "question": "How do I log in?", "conversation": "[]",
        **changes,
    }  # fmt: skip


def answers(*rows: dict[str, Any]) -> pd.DataFrame:
    return frame_of(rows, ANSWER)


def review(answer_id: str, tag: str | None = "correct", by: str = "Noor Haddad", **changes: Any) -> dict[str, Any]:
    return {
        **dict.fromkeys(REVIEW),
        "review_id": f"{answer_id}-{by}-{tag}", "answer_id": answer_id, "reviewer": by, "role": "reviewer",
        "source": "terminal", "reviewed_at": MONDAY + pd.Timedelta(days=1), "tag": tag, "is_current": True,
        **changes,
    }  # fmt: skip


def reviews(*rows: dict[str, Any]) -> pd.DataFrame:
    return frame_of(rows, REVIEW)

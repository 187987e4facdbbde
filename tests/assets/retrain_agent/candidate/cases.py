"""Judged answers of invented tickets, as rows of ``frames.CASE``."""

import pandas as pd

from assets.pilot_agent.answers.frames import frame_of
from assets.retrain_agent.frames import CASE, REVIEW

AT = pd.Timestamp("2026-05-01 09:00", tz="UTC")


def case(ticket_id="zendesk:1", **changes):
    """One reviewed answer, right unless said otherwise."""
    row = {
        "case_id": f"case-{ticket_id}", "source": REVIEW, "answer_id": f"answer-{ticket_id}", "ticket_id": ticket_id,
        "requester_id": f"person-{ticket_id}", "occurred_at": AT, "release_id": "b" * 64, "side": "calibration",
        "action": "answer", "category_id": "login", "entry_ids": ["reset-own"], "entry_hashes": ["hash-reset-own"],
        "confidence": 0.9, "handoff_reason": None, "steps": [], "language": "en", "question": "locked out", "context": "{}",
        "reply": None, "said_reason": None, "right_answer": None, "right_category_id": None, "right_entry_ids": [],
        "should_escalate": None, "handle_minutes": None, "is_wrong": False,
    }  # fmt: skip
    return {**row, **changes}


def cases(*rows):
    """``frames.CASE``."""
    return frame_of(rows, CASE)

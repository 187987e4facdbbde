"""Failures of an invented desk, for tests of what is made of them."""

import datetime as dt
import hashlib

import pandas as pd

from assets.pilot_agent.answers.frames import frame_of
from assets.retrain_agent.frames import CASE, FAILURE

AS_OF = pd.Timestamp("2026-06-30 12:00", tz="UTC")
CATEGORIES = pd.DataFrame(
    {
        "category_id": ["invoice_copy", "payment_method", "password_reset"],
        "name": ["Invoice copy", "Payment method", "Password reset"],
    }
)
ENTRIES = pd.DataFrame({"entry_id": ["invoice-download"], "question": ["How do I download an invoice?"]})


def days_ago(days, hours=0):
    return AS_OF - dt.timedelta(days=days, hours=hours)


def failure(number, **said):
    """A failure; what is not given is what most have. ``number`` makes its id and its customer."""
    row = {
        **dict.fromkeys(FAILURE),
        "failure_id": hashlib.sha256(str(number).encode()).hexdigest()[:16],
        "source": "review",
        "answer_id": f"a-{number}",
        "ticket_id": f"zendesk:{number}",
        "requester_id": f"customer-{number}",
        "occurred_at": days_ago(3),
        "release_id": "r1",
        "side": "train",
        "action": "answer",
        "category_id": "invoice_copy",
        "right_category_id": "invoice_copy",
        "entry_ids": ["invoice-download"],
        "entry_hashes": ["h"],
        "confidence": 0.9,
        "steps": [],
        "language": "en",
        "question": "Where do I get my invoice?",
        "context": "{}",
        "reply": "Under Settings.",
        "right_entry_ids": [],
        "failure_type": "stale_knowledge",
        "type_confidence": 0.8,
        "evidence": ["The entry is older than the change."],
        "target_entry_id": "invoice-download",
    }
    assert set(said) <= set(FAILURE), set(said) - set(FAILURE)
    return {**row, **said}


def failures(*rows):
    return frame_of(rows, FAILURE)


def cases(rows, count_right=0, at=None):
    """``judged_answers``: these failures, and as many right answers."""
    wrong = [{**{name: one.get(name) for name in CASE}, "case_id": one["failure_id"], "is_wrong": True} for one in rows]
    right = [
        {
            **{name: failure(f"right-{number}").get(name) for name in CASE},
            "case_id": f"right-{number}",
            "occurred_at": at or days_ago(3),
            "is_wrong": False,
        }
        for number in range(count_right)
    ]
    return frame_of([*wrong, *right], CASE)

"""Judged cases and changes of an invented desk, a few words each."""

import pandas as pd

from assets.pilot_agent.answers.frames import frame_of
from assets.retrain_agent.frames import CASE, CHANGE, REPLAYED

ASKED_AT = pd.Timestamp("2026-06-10 09:00", tz="UTC")


def case(number: int = 1, **changes) -> dict:
    """One judged answer that was right, given from entry e1."""
    made = dict.fromkeys(CASE) | {
        "case_id": f"case-{number:04d}", "source": "review", "ticket_id": f"zendesk:{number}",
        "requester_id": f"requester {number}", "occurred_at": ASKED_AT + pd.Timedelta(hours=number), "side": "train",
        "action": "answer", "category_id": "invoice_copy", "entry_ids": ["e1"], "entry_hashes": ["h1"], "steps": [],
        "question": "Where is my invoice?", "context": "{}", "right_entry_ids": [], "is_wrong": False,
    }  # fmt: skip
    return made | changes


def cases(*rows: dict) -> pd.DataFrame:
    return frame_of(rows, CASE)


def change(number: int = 1, **changes) -> dict:
    """An accepted edit of entry e1."""
    made = dict.fromkeys(CHANGE) | {
        "change_id": f"C-{number:03d}", "fix_id": f"{number:016x}", "pattern_id": "p1", "kind": "edit_entry",
        "title": "invoices lie elsewhere", "category_ids": ["invoice_copy"], "entry_ids": ["e1"], "entry_hashes": ["h2"],
        "labelled_ticket_ids": [], "source_ticket_ids": [], "target_ticket_ids": [], "is_urgent": True,
        "accepted_by": "Invented Reviewer", "accepted_at": pd.Timestamp("2026-07-01 10:00", tz="UTC"),
        "status": "accepted",
    }  # fmt: skip
    return made | changes


def changes(*rows: dict) -> pd.DataFrame:
    return frame_of(rows, CHANGE)


def replayed(number: int, before, after, **others) -> dict:
    """One replayed ticket of C-001."""
    made = {
        "change_id": "C-001", "ticket_id": f"zendesk:{number}", "requester_id": f"requester {number}",
        "category_id": "invoice_copy", "before_release_id": "b" * 64, "after_release_id": "a" * 64,
        "before_action": "answer", "after_action": "answer", "before_entry_id": "e1", "after_entry_id": "e1",
        "is_right_before": before, "is_right_after": after, "replayed_as_of": ASKED_AT,
    }  # fmt: skip
    return made | others


def replays(*rows: dict) -> pd.DataFrame:
    return frame_of(rows, REPLAYED)

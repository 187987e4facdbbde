"""Entries, acceptances and findings small enough to read."""

import pandas as pd

from desk.knowledge import Entry

AS_OF = pd.Timestamp("2026-06-01T12:00:00Z")


def entry(entry_id: str = "reset", **changes) -> Entry:
    fields = {
        "id": entry_id,
        "category": "password_reset",
        "question": "How do I reset my password?",
        "conditions": {"sso": ["true"]},
        "phrasings": ["locked out"],
        "owner": "Identity team",
        "reviewed_at": "2026-05-20",
        "review_by": "2026-11-20",
        "status": "accepted",
        "sources": [{"kind": "article", "id": "zendesk:1", "hash": "ab"}],
        "answer": "Press *Reset*.",
        "file": f"password_reset/{entry_id}.md",
    }
    return Entry.model_validate({**fields, **changes})


def signed(*entries: Entry, review_by: str | None = None, at: str = "2026-05-20T10:00:00Z") -> pd.DataFrame:
    rows = [
        {
            "entry_id": one.id,
            "content_hash": one.content_hash,
            "accepted_by": "Mira Okafor",
            "accepted_at": pd.Timestamp(at),
            "accepted_role": "support lead",
            "review_by": pd.Timestamp(review_by, tz="UTC") if review_by else pd.NaT,
            "note": None,
        }
        for one in entries
    ]
    names = ["entry_id", "content_hash", "accepted_by", "accepted_at", "accepted_role", "review_by", "note"]
    return pd.DataFrame(rows, columns=names)


def finding(about: Entry, **changes) -> dict:
    return {
        "finding_id": "find_1",
        "type": "stale",
        "reason": "ended_price",
        "subject_kind": "entry",
        "subject_id": about.id,
        "subject_hash": about.content_hash,
        "other_kind": None,
        "other_id": None,
        "other_hash": None,
        "is_blocking": True,
        "is_other_blocked": False,
        "evidence": "“9 €”",
        "fix": "Write the new price.",
        "first_found_as_of": AS_OF,
        "status": "open",
        **changes,
    }

"""Entries that a product release or a policy touches, as the knowledge findings have it.

Belongs here: reading findings that name an event. Does not belong here: which events touch which entries
(``build_knowledge.findings``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from assets.build_knowledge.findings.release_changes import Release
from assets.sustain_learning.frames import TOUCHED

ENTRY, OPEN = "entry", "open"


def touched_entries(
    findings: pd.DataFrame, entries: pd.DataFrame, events: list[Release], as_of: pd.Timestamp
) -> Iterator[dict[str, Any]]:
    """A row an entry and event: kind, subject, entry, event and sentence; drifted while a finding on it is open.

    Args:
        findings: ``knowledge_findings``. entries: ``knowledge_entries`` or ``live_entries``: an entry that was touched is
            mostly not live any more, and its owner is to be told. events: those that have happened.
    """
    rows = findings[(findings["subject_kind"] == ENTRY) & findings["release_name"].notna()]
    rows = rows[rows["found_as_of"].isna() | (rows["found_as_of"] <= as_of)]
    dates = {event.name: event.date for event in events}
    now = entries[entries["is_current"].fillna(False).astype(bool)] if "is_current" in entries else entries
    known = now.drop_duplicates("entry_id", keep="last").set_index("entry_id")
    rows = rows.assign(is_open=(rows["status"] == OPEN)).sort_values(
        ["is_open", "finding_id"], ascending=[False, True], kind="stable"
    )
    for row in rows.drop_duplicates(["subject_id", "release_name"]).to_dict("records"):
        name, event = str(row["subject_id"]), str(row["release_name"])
        if event not in dates or name not in known.index:
            continue
        entry = known.loc[name]
        yield {
            "kind": TOUCHED,
            "subject": name,
            "entry_id": name,
            "category_id": _text(entry["category_id"]),
            "owner": _text(entry["owner"]),
            "release_name": event,
            "release_date": dates[event],
            "is_drift": bool(row["is_open"]),
            "sentence": str(row["evidence"]),
        }


def _text(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)

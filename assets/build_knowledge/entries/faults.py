"""What is wrong with knowledge that people have accepted.

Belongs here: open blocking findings about accepted versions. Does not belong here: finding anything (``findings``),
what follows for being live (``live_entries``).
"""

from __future__ import annotations

import pandas as pd

FAULT_COLUMNS = ("subject_id", "type", "reason", "evidence", "fix", "release_name")


def faults_of_accepted(findings: pd.DataFrame, entries: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Open blocking findings of type ``kind`` about entries that are accepted in the version on file.

    Args:
        findings: ``knowledge_findings``.
        entries: entry versions on file: entry_id, content_hash, status, is_accepted.
        kind: the findings' type, such as ``stale``.

    Returns:
        frame [finding x entry] with ``FAULT_COLUMNS``; ``subject_id`` is the entry that must be looked at. Of two
        entries at odds each side that is kept from use has a row.
    """
    accepted = entries[entries["is_accepted"].astype(bool) & (entries["status"] == "accepted")]
    versions = set(zip(accepted["entry_id"], accepted["content_hash"], strict=True))
    rows = []
    for one in findings[(findings["status"] == "open") & (findings["type"] == kind)].to_dict("records"):
        sides = [("subject", bool(one["is_blocking"])), ("other", bool(one["is_other_blocked"]))]
        for side, is_blocked in sides:
            is_entry = one[f"{side}_kind"] == "entry" and (one[f"{side}_id"], one[f"{side}_hash"]) in versions
            if is_blocked and is_entry:
                rows.append({**one, "subject_id": one[f"{side}_id"]})
    return pd.DataFrame(rows, columns=list(FAULT_COLUMNS))

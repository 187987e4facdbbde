"""Which entries an answer may be taken from, and what each of the others lacks.

Belongs here: the rule of being live. Does not belong here: versions and acceptance (``entry_versions``), finding
faults (``findings``), how many live entries a category needs (coverage).
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pandas as pd

Key = tuple[str, str]


def live_entries(entries: pd.DataFrame, findings: pd.DataFrame | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split the current versions into those that are live and those that are not.

    Live is: on file and readable, accepted in this very version, in date, owned, and without an open blocking
    finding about this version. Nobody has to switch an entry off: one that fails leaves by itself, and is back when
    what it lacked is there.

    Args:
        entries: ``knowledge_entries``.
        findings: ``knowledge_findings``, or None where nothing was audited yet.

    Returns:
        ``live`` with the columns of ``entries``, and ``not_live`` with ``why_not_live`` (list of sentences, never
        empty) added; both in the order given. A version whose file cannot be read any more is among the latter.
    """
    shown = entries[entries["is_current"] | entries["is_file_broken"]]
    faults = _open_faults(findings)
    records: list[Any] = shown.to_dict("records")
    why = [_why_not(row, faults) for row in records]
    is_live = pd.Series([not reasons for reasons in why], index=shown.index, dtype="bool")
    not_live = shown[~is_live].copy()
    not_live["why_not_live"] = pd.Series([one for one in why if one], index=not_live.index, dtype="object")
    return shown[is_live].reset_index(drop=True), not_live.reset_index(drop=True)


def _why_not(row: dict[str, Any], faults: dict[Key, list[str]]) -> list[str]:
    if row["is_file_broken"]:
        return ["its file cannot be read any more: see rejected_entries for line and fix"]
    if row["status"] == "retired":
        return ["it is retired"]
    why = []
    if row["status"] != "accepted":
        why.append("its file says draft: it waits to be accepted")
    elif not row["is_accepted"]:
        why.append("nobody has accepted this version: it is unsigned since it was changed")
    day = row["last_seen_as_of"].normalize()
    if row["valid_from"] > day:
        why.append(f"it is right only from {row['valid_from']:%Y-%m-%d} on")
    if row["valid_until"] < day:
        why.append(f"it was right until {row['valid_until']:%Y-%m-%d}")
    if row["review_by"] < day:
        why.append(f"its review was due by {row['review_by']:%Y-%m-%d}")
    if not why and not row["is_in_date"]:
        why.append("it is not in date")
    if pd.isna(row["owner"]):
        why.append("it has no owner")
    return why + faults.get((row["entry_id"], row["content_hash"]), [])


def _open_faults(findings: pd.DataFrame | None) -> dict[Key, list[str]]:
    """Open blocking findings as sentences, by the version of the entry they are about."""
    found: dict[Key, list[str]] = defaultdict(list)
    if findings is None or findings.empty:
        return found
    for row in findings[findings["status"] == "open"].to_dict("records"):
        sentence = f"{row['type']} ({row['reason']}): {row['fix']}"
        if row["subject_kind"] == "entry" and row["is_blocking"]:
            found[row["subject_id"], row["subject_hash"]].append(sentence)
        if row.get("other_kind") == "entry" and row.get("is_other_blocked"):
            found[row["other_id"], row["other_hash"]].append(sentence)
    return found

"""What became of findings: when each was first seen, and what people decided about it.

Belongs here: joining findings with those of the last run and with the ledger's decisions. Does not belong here:
recording a decision (the ledger).

Decisions [decision]: decision (``article_verified``, ``entry_verified`` or ``finding_dismissed``), subject_hash (of the
article or entry, or the finding_id), decided_by, decided_at. Verifying confirms one exact content: it clears what is
suspect by age or mark, not a wrong price, and not a review that is due, which a new date in the entry's file settles.
Dismissing clears one finding; a changed text makes it another.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from assets.build_knowledge.findings.audited_texts import records, words_in

CLEARED_BY_VERIFYING = frozenset(("untouched", "unknown_age", "marked_outdated"))
_VERIFIED = {"article_verified": "article", "entry_verified": "entry"}
DISMISSED = "finding_dismissed"


def with_status(
    findings: pd.DataFrame,
    previous: pd.DataFrame | None,
    decisions: pd.DataFrame | None,
    as_of: pd.Timestamp,
    suspect_after: pd.Timedelta,
) -> pd.DataFrame:
    """The findings with first_found_as_of, status and decided_by.

    A verification counts as long as a touch would: after ``suspect_after`` the text is suspect again.
    """
    first_seen = (
        {}
        if previous is None or previous.empty
        else dict(zip(previous["finding_id"], previous["first_found_as_of"], strict=True))
    )
    verified, dismissed = _decided(decisions, as_of - suspect_after)
    frame = findings.copy()
    statuses, people = [], []
    for row in records(frame):
        content = (row["subject_kind"], row["subject_hash"])
        if row["finding_id"] in dismissed:
            statuses.append("dismissed")
            people.append(dismissed[row["finding_id"]])
        elif row["reason"] in CLEARED_BY_VERIFYING and content in verified:
            statuses.append("verified")
            people.append(verified[content])
        else:
            statuses.append("open")
            people.append(None)
    frame["status"] = statuses
    frame["decided_by"] = pd.Series(people, index=frame.index, dtype=object)
    seen = frame["finding_id"].map(first_seen)
    first = pd.to_datetime(seen, utc=True).fillna(frame["found_as_of"])
    frame["first_found_as_of"] = first.astype("datetime64[us, UTC]")
    return frame


def verified_subjects(
    decisions: pd.DataFrame | None, as_of: pd.Timestamp, suspect_after: pd.Timedelta
) -> frozenset[tuple[str, str]]:
    """(subject_kind, subject_hash) of the contents that somebody has verified lately enough."""
    return frozenset(_decided(decisions, as_of - suspect_after)[0])


def _decided(
    decisions: pd.DataFrame | None, verified_after: pd.Timestamp
) -> tuple[Mapping[tuple[str, str], str | None], Mapping[str, str | None]]:
    """Who verified which content last, and who dismissed which finding; None where the name has been erased."""
    verified: dict[tuple[str, str], str | None] = {}
    dismissed: dict[str, str | None] = {}
    for row in sorted(_rows(decisions), key=lambda row: pd.Timestamp(str(row["decided_at"]))):
        kind = _VERIFIED.get(str(row["decision"]))
        if kind is not None and row["decided_at"] >= verified_after:  # type: ignore[operator]
            verified[kind, str(row["subject_hash"])] = words_in(row["decided_by"])
        elif row["decision"] == DISMISSED:
            dismissed[str(row["subject_hash"])] = words_in(row["decided_by"])
    return verified, dismissed


def _rows(decisions: pd.DataFrame | None) -> list[dict[str, object]]:
    return [] if decisions is None else records(decisions)

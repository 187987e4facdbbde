"""Whether a quarterly audit was finished in time: the claim behind the check ``knowledge_is_fresh``.

Belongs here: which items count as unlooked-at, and the sentence. Does not belong here: the check itself (``checks``).
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from assets.pilot_agent.answers.frames import typed
from assets.sustain_learning.frames import AUDIT_ITEM


@dataclass(frozen=True)
class Unfinished:
    """sentence: None where nothing is overdue; by_owner: frame owner, overdue, due_since, first_titles, the most first;
    count_open: items that wait and are not overdue."""

    sentence: str | None
    by_owner: pd.DataFrame
    count_overdue: int
    count_open: int

    @property
    def passed(self) -> bool:
        """Whether nothing is overdue."""
        return self.count_overdue == 0


def unfinished_audit(audit: pd.DataFrame, as_of: pd.Timestamp) -> Unfinished:
    """What of the audits is overdue at a moment, each subject once.

    A subject that stands on two lists is overdue as long as any of them is: a new quarter does not make up for a look that
    nobody took. Once it has been looked at, both are done (``closing``).

    Args:
        audit: ``frames.AUDIT_ITEM``; due dates are compared with ``as_of``, so that an old frame tells the truth.
    """
    items = typed(audit, AUDIT_ITEM)
    waiting = items[items["status"] != "done"]
    late = waiting[waiting["due_at"] < as_of].sort_values(["due_at", "rank"])
    late = late.drop_duplicates(["subject_kind", "subject_id"])
    by_owner = (
        late.groupby("owner", sort=True)
        .agg(
            overdue=("item_id", "size"),
            due_since=("due_at", "min"),
            first_titles=("title", lambda them: list(them)[:3]),
        )
        .reset_index()
        .sort_values(["overdue", "owner"], ascending=[False, True], ignore_index=True)
    )
    still = waiting.drop_duplicates(["subject_kind", "subject_id"])
    return Unfinished(_sentence(late, by_owner), by_owner, len(late), len(still) - len(late))


def _sentence(late: pd.DataFrame, by_owner: pd.DataFrame) -> str | None:
    if late.empty:
        return None
    quarters = " and ".join(sorted(set(late["quarter"])))
    owners = ", ".join(f"{owner} {count}" for owner, count in zip(by_owner["owner"], by_owner["overdue"], strict=True))
    items = "1 item of the audit of" if len(late) == 1 else f"{len(late):,} items of the audit of"
    since = f"{late['due_at'].min():%Y-%m-%d}"
    return f"{items} {quarters} should have been done by {since} ({owners}). See: understudy knowledge work"

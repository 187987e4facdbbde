"""What became of what was decided in the month and the one before it.

Belongs here: decisions, where each change is now, and what its effect was. Does not belong here: measuring effects
(``effects``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from assets.retrain_agent.review_session.session_month import SessionMonth
from assets.retrain_agent.review_session.shown_patterns import short

SHOWN = 12


@dataclass(frozen=True)
class PastDecision:
    """A change. effects: sentences, and the verdict of each; standing: where it is now."""

    change_id: str
    title: str
    accepted_by: str
    accepted_at: pd.Timestamp
    standing: str
    effects: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PastDecisions:
    """accepted: changes of the two months, the newest first; rejected: how many fixes were rejected in them; more: changes that
    are not shown."""

    accepted: tuple[PastDecision, ...]
    rejected: int
    more: int


def past_decisions(
    changes: pd.DataFrame, effects: pd.DataFrame, fixes: pd.DataFrame, month: SessionMonth
) -> PastDecisions:
    """Changes accepted in the month or the one before, with their effects.

    Args:
        changes: ``changes``. effects: ``training_effects``. fixes: ``fix_queue``, for the rejected ones.
    """
    is_mine = month.holds(changes["accepted_at"]) | month.before.holds(changes["accepted_at"])
    mine = changes[is_mine].sort_values(["accepted_at", "change_id"], ascending=False, kind="stable")
    no = fixes[fixes["status"] == "rejected"]
    rejected = int((month.holds(no["decided_at"]) | month.before.holds(no["decided_at"])).sum())
    shown = [
        PastDecision(
            change_id=short(row["change_id"], 20),
            title=short(row["title"], 200),
            accepted_by=short(row["accepted_by"], 80) or "somebody whose name was erased",
            accepted_at=row["accepted_at"],
            standing=_standing(row),
            effects=_effects(effects[effects["change_id"] == row["change_id"]], str(row["change_id"])),
        )
        for row in mine.head(SHOWN).to_dict("records")
    ]
    return PastDecisions(tuple(shown), rejected, max(0, len(mine) - SHOWN))


def _standing(row: Mapping[Any, Any]) -> str:
    released = None if pd.isna(row["released_at"]) else f"{row['released_at']:%-d %B}"
    if not pd.isna(row["ended_at"]):
        since = f"with customers from {released}, " if released else ""
        return f"{since}ended on {row['ended_at']:%-d %B}: taken back, or replaced by a later change"
    if released:
        return f"with customers since {released}, release {short(row['release_id'], 12)[:12]}"
    return "accepted, in no release yet"


def _effects(mine: pd.DataFrame, change_id: str) -> tuple[tuple[str, str], ...]:
    """Sentences without the change's id and title before them, which stand above: “Resolution on … +12 points [5, 19]”."""
    found = []
    for row in mine.to_dict("records"):
        sentence = short(row["sentence"], 600)
        head, colon, tail = sentence.partition("): ")
        if colon and head.startswith(f"change {change_id} ("):
            sentence = tail
        found.append((sentence[:1].upper() + sentence[1:], str(row["verdict"])))
    return tuple(found)

"""Which categories have enough live entries to be trained, and what the others lack.

Belongs here: counting live entries against what a desk asks for. Does not belong here: which entries are live
(`entries`) and what blocks a release (`checks`).
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import pandas as pd

COVERED_BUCKETS = ("automate", "hybrid")
FIRST_TIER = 1
MAX_ENTRIES = 5
"""Past this, entries of one category tend to repeat or contradict each other: said, but nothing is missing."""

COLUMNS = [
    "category_id", "name", "bucket", "tier", "is_first_tier", "count_live_entries", "count_entries_with_enough_phrasings", "count_owned",
    "entries_needed", "missing", "is_covered", "count_tickets", "rank",
]  # fmt: skip


class CoverageSettings(Protocol):
    """What coverage asks for: the desk's ``knowledge`` block, or `DraftSettings`."""

    @property
    def min_entries(self) -> int:
        """Live entries a category needs."""

    @property
    def min_phrasings(self) -> int:
        """Phrasings an entry needs."""


def knowledge_coverage(roadmap: pd.DataFrame, live_entries: pd.DataFrame, settings: CoverageSettings) -> pd.DataFrame:
    """Coverage of every `automate` or `hybrid` category of the roadmap.

    Args:
        roadmap: `training_roadmap`. Candidates have no entries before they are categories and are left out.
        live_entries: entries that may be used; columns category_id, phrasings, owner.
        settings: `min_entries` (three by default, five at most are advised) and `min_phrasings`.

    Returns:
        Frame [category]: category_id, name, bucket, tier, is_first_tier, count_live_entries,
        count_entries_with_enough_phrasings, count_owned, entries_needed, missing (sentences), is_covered,
        count_tickets, rank (1 lacks most: not covered, first tier, then by ticket volume).

    First tier are the categories a desk gave tier 1; where it gave no tier at all, those with a training order.
    """
    mine = roadmap[roadmap["bucket"].isin(COVERED_BUCKETS)]
    if "kind" in mine:
        mine = mine[mine["kind"] != "candidate"]
    has_tiers = bool(mine["tier"].notna().any())
    by_category = (
        {str(category): rows for category, rows in live_entries.groupby("category_id")} if len(live_entries) else {}
    )
    rows: list[dict[str, Any]] = []
    for category in mine.to_dict("records"):
        entries = by_category.get(str(category["category_id"]))
        rich = owned = count = 0
        if entries is not None:
            count = len(entries)
            rich = sum(_count_distinct(phrasings) >= settings.min_phrasings for phrasings in entries["phrasings"])
            owned = sum(isinstance(owner, str) and bool(owner.strip()) for owner in entries["owner"])
        needed = max(0, settings.min_entries - count)
        tier = None if pd.isna(category.get("tier")) else int(category["tier"])
        in_order = category.get("training_order")
        rows.append(
            {
                "category_id": str(category["category_id"]),
                "name": category["name"],
                "bucket": category["bucket"],
                "tier": tier,
                "is_first_tier": tier == FIRST_TIER if has_tiers else not pd.isna(in_order),
                "count_live_entries": count,
                "count_entries_with_enough_phrasings": rich,
                "count_owned": owned,
                "entries_needed": needed,
                "missing": _missing(count, rich, owned, needed, settings),
                "is_covered": needed == 0 and rich == count and owned == count,
                "count_tickets": int(category["count_tickets"]),
            }
        )
    frame = pd.DataFrame(rows, columns=COLUMNS[:-1])
    frame = frame.sort_values(
        ["is_covered", "is_first_tier", "count_tickets", "category_id"],
        ascending=[True, False, False, True],
        ignore_index=True,
    )
    frame["rank"] = range(1, len(frame) + 1)
    return frame.astype({"tier": "Int64", "is_first_tier": bool, "is_covered": bool})[COLUMNS]


def _missing(count: int, rich: int, owned: int, needed: int, settings: CoverageSettings) -> list[str]:
    found = []
    if needed:
        found.append(f"{needed} more live {_entries(needed)} ({count} of {settings.min_entries})")
    if rich < count:
        found.append(f"{count - rich} live {_entries(count - rich)} with fewer than {settings.min_phrasings} phrasings")
    if owned < count:
        found.append(f"{count - owned} live {_entries(count - owned)} without an owner")
    return found


def _entries(count: int) -> str:
    return "entry" if count == 1 else "entries"


def _count_distinct(phrasings: object) -> int:
    if not isinstance(phrasings, (list, tuple, np.ndarray)):
        return 0
    return len({" ".join(str(one).casefold().split()) for one in phrasings} - {""})

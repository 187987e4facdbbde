"""What the ledger is told of an accepted fix: what it is about, what it was drawn from, what it is to mend.

Does not belong here: recording it (``ledger.fixes``), accepting (``fix_desk``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from assets.pilot_agent.answers.frames import as_list
from assets.retrain_agent.fixes import proposal as kinds
from ledger.fixes import FixToAccept
from orchestration.lake import Lake

if TYPE_CHECKING:
    from assets.retrain_agent.fixes.proposal import Proposal
    from desk.loading import Desk
    from orchestration.people.fix_parts import FixParts


def to_accept(desk: Desk, row: Mapping[str, Any], parts: FixParts) -> FixToAccept:
    """What to record of a fix (a row of ``frames.FIX``) whose parts were written into the desk."""
    proposal, is_urgent = parts.proposal, row["is_urgent"]
    return FixToAccept(
        fix_id=str(row["fix_id"]),
        kind=_kind(str(row["kind"]), proposal),
        title=str(row["title"]),
        proposal=proposal.to_json(),
        pattern_id=_text(row["pattern_id"]),
        category_ids=_categories(row, proposal),
        labels=tuple((one.ticket_id, one.category_id) for one in proposal.labels),
        behavior_hash=None if parts.behavior is None else parts.behavior.hash,
        source_ticket_ids=_sources(row, proposal),
        target_ticket_ids=_targets(desk, _text(row["pattern_id"])),
        is_urgent=not pd.isna(is_urgent) and bool(is_urgent),
    )


def _kind(kind: str, proposal: Proposal) -> str:
    """What a person made of a note is no note any more."""
    if kind != kinds.NOTE:
        return kind
    if proposal.entries:
        return kinds.NEW_ENTRY if any(one.base_hash is None for one in proposal.entries) else kinds.EDIT_ENTRY
    return kinds.TRIGGER if proposal.triggers else kinds.THRESHOLD if proposal.settings else kinds.CATEGORY_EXAMPLES


def _categories(row: Mapping[str, Any], proposal: Proposal) -> tuple[str, ...]:
    """The categories that a fix is about, the pattern's first."""
    named = [
        *([category] if (category := _text(row["category_id"])) else []),
        *(one.category_id for one in proposal.entries),
        *(one.category_id for one in proposal.labels),
        *(one.was for one in proposal.labels if one.was),
        *(name for one in proposal.triggers for name in (one.get("only_for") or {}).get("categories", [])),
        *(path.split(".")[2] for path in proposal.settings if path.startswith("confidence.categories.")),
    ]
    return tuple(dict.fromkeys(named))


def _sources(row: Mapping[str, Any], proposal: Proposal) -> tuple[str, ...]:
    """Tickets that it was drawn from, those that a person added included: none of them can tell whether it helps."""
    drawn = [
        *(str(one) for one in as_list(row["source_ticket_ids"])),
        *(one.ticket_id for one in proposal.labels),
        *(str(source["id"]) for one in proposal.entries for source in one.sources if source.get("kind") == "ticket"),
    ]
    return tuple(dict.fromkeys(drawn))


def _targets(desk: Desk, pattern_id: str | None) -> tuple[str, ...]:
    """Tickets of the failures that the fix is to mend."""
    lake = Lake(desk.home)
    patterns, failures = lake.previous("failure_patterns"), lake.previous("failures")
    if patterns is None or failures is None:
        return ()
    mine = {one for ids in patterns.loc[patterns["pattern_id"] == pattern_id, "failure_ids"] for one in as_list(ids)}
    return tuple(sorted(set(failures.loc[failures["failure_id"].isin(mine), "ticket_id"].dropna())))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None

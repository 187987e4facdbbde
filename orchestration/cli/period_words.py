"""What a week's micro-update and a month's retrain came to, as lines to print.

Does not belong here: running them (``running``), judging them (``assets.retrain_agent``).
"""

from __future__ import annotations

from typing import Any

from orchestration.lake import Lake

SIGN = "understudy release sign {0}, then: understudy release activate {0}"


def update_lines(lake: Lake, week: str, current: str | None) -> list[str]:
    """The micro-update of a week: what was built, what it does to the tickets that its changes are about, and why.

    Args:
        current: id of the current release, which nobody has to take to customers any more.
    """
    updates = lake.read("micro_updates")
    row: dict[Any, Any] = updates[updates["week"] == week].iloc[0].to_dict()
    lines = [f"Micro-update of the week of {week}: {row['status']}."]
    if isinstance(row["release_id"], str):
        lines = [
            f"{lines[0]} Release {row['release_id'][:12]} holds {', '.join(row['change_ids'])}: {row['count_affected']:,} "
            f"affected tickets replayed, {row['count_mended']:,} mended, {row['count_broken']:,} broken; "
            f"{row['count_regression_changed']:,} of {row['count_regression']:,} frozen tickets decided otherwise."
        ]
    lines += [f"- {one}" for one in row["why"]]
    return lines + (_next(row["release_id"], current) if row["status"] == "built" else [])


def candidate_lines(lake: Lake, month: str, current: str | None) -> list[str]:
    """The candidate of a month: whether it may take over, and why. current: as ``update_lines``."""
    candidates = lake.read("candidate_release")
    row: dict[Any, Any] = candidates[candidates["month"] == month].iloc[0].to_dict()
    which = f" Release {row['release_id'][:12]}." if isinstance(row["release_id"], str) else ""
    lines = [f"Candidate of {month}: {str(row['verdict']).replace('_', ' ')}.{which}"]
    lines += [f"- {one}" for one in row["why"]]
    return lines + (_next(row["release_id"], current) if row["verdict"] == "promotable" else [])


def _next(release_id: str, current: str | None) -> list[str]:
    if release_id == current:
        return ["It is current."]
    return [f"To take it to customers: {SIGN.format(release_id[:12])}"]

"""What a week's micro-update, a month's retrain and report and a quarter's audit came to, as lines to print.

Does not belong here: running them (``running``), judging them (``assets``).
"""

from __future__ import annotations

from typing import Any

from assets.sustain_learning.audit_work.quarter import Quarter
from orchestration.lake import Lake

IN_SHORT = (
    "involvement_rate", "resolution_rate_verified", "escalation_rate", "answer_incorrect_rate", "csat",
    "categories_without_autonomy", "live_entries", "drift_found", "support_signals", "audit_items_open",
)  # fmt: skip
"""What a month's report is printed as; all the rest is on its page."""
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


def audit_lines(lake: Lake, quarter: str) -> list[str]:
    """The audit of a quarter: how much is on whose list, and what has been done. quarter: its first day, YYYY-MM-DD."""
    name = Quarter.named(quarter).name
    items = lake.read("knowledge_audit")
    items = items[items["quarter"] == name]
    if items.empty:
        return [f"Audit of {name}: there is nothing to look at."]
    counts = items.groupby("owner")["status"].value_counts().unstack(fill_value=0)
    lines = [f"Audit of {name}: {len(items):,} to look at, due {items['due_at'].max():%Y-%m-%d}."]
    for owner, row in counts.iterrows():
        told = ", ".join(f"{int(row.get(status, 0)):,} {status}" for status in ("overdue", "open", "done"))
        lines.append(f"- {owner}: {told}")
    return [*lines, "To see the list: understudy knowledge work"]


def report_lines(lake: Lake, month: str) -> list[str]:
    """What a month's report says of everything together."""
    report = lake.read("learning_report", ["month", "metric", "cut", "sentence"])
    mine = report[(report["month"] == month) & (report["cut"] == "all") & report["metric"].isin(IN_SHORT)]
    return [*mine["sentence"].tolist(), f"As a page: understudy report learning --month {month}"]


def _next(release_id: str, current: str | None) -> list[str]:
    if release_id == current:
        return ["It is current."]
    return [f"To take it to customers: {SIGN.format(release_id[:12])}"]

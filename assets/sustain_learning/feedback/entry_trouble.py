"""Entries by the trouble they cause: how often an answer from an entry costs somebody something, and what that costs.

Belongs here: counting by entry, with limits, and the order. Does not belong here: what a signal is (``feedback_signals``),
why an entry is wrong (``retrain_agent``).

What an entry said before it was changed is no trouble any more: it is counted and does not rank.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from assets.pilot_agent.answers.frames import frame_of
from assets.pilot_agent.verdict.clustered_rates import Tally, tally, wilson
from assets.pilot_agent.verdict.shrinkage import noise, shrink
from assets.sustain_learning.drift.clusters import codes
from assets.sustain_learning.feedback.answer_facts import ESCALATE, answer_facts, text
from assets.sustain_learning.frames import ESCALATION, TROUBLE

WINDOW_DAYS = 90
DAYS_A_MONTH = 30.4375
EXAMPLES = 5
_OTHER_SIDES = ("calibration", "holdout")


def entry_trouble(
    signals: pd.DataFrame,
    answers: pd.DataFrame,
    decisions: pd.DataFrame,
    entries: pd.DataFrame,
    as_of: pd.Timestamp,
    *,
    splits: pd.DataFrame | None = None,
    window_days: int = WINDOW_DAYS,
) -> pd.DataFrame:
    """Rank the entries that were said or suggested within the window before ``as_of``.

    Args:
        signals: ``feedback_signals``. answers: ``shadow_answers``. decisions: ``live_decisions``. entries: ``live_entries`` or
            ``knowledge_entries`` (of which the current versions are read). splits: ``ticket_splits``; answers to tickets of
            the other sides are counted and are no examples.

    Returns:
        ``frames.TROUBLE``, by rank. A needless handover is no trouble of the entry that it suggested.
    """
    facts = answer_facts(answers, decisions, _no_tickets())
    since = as_of - pd.Timedelta(days=window_days)
    counted = {
        name: fact
        for name, fact in facts.items()
        if fact["entry_id"] is not None and not pd.isna(fact["at"]) and since < fact["at"] <= as_of
    }
    if not counted:
        return frame_of([], TROUBLE)
    # What was said of these answers until as_of; a rating that comes later will count then.
    said = signals[signals["answer_id"].isin(set(counted)) & (signals["occurred_at"] <= as_of)]
    known = _known(entries)
    hidden = _hidden(splits)
    span = as_of - max(since, min(fact["at"] for fact in counted.values()))
    months = max(span / pd.Timedelta(days=DAYS_A_MONTH), 1.0)
    by_entry: dict[str, list[str]] = {}
    for name, fact in counted.items():
        by_entry.setdefault(fact["entry_id"], []).append(name)
    signals_of = {str(name): rows for name, rows in said.groupby("answer_id", sort=False)}
    rows, tallies = [], []
    for entry_id, mine in by_entry.items():
        told = [signals_of[name] for name in mine if name in signals_of]
        row, count = _row(entry_id, mine, counted, told, known.get(entry_id, {}), hidden, months)
        rows.append(row)
        tallies.append(count)
    for row, value in zip(rows, _shrunk(tallies), strict=True):
        row["rate_shrunk"] = value
    rows.sort(key=lambda row: (-row["trouble_per_month"], -row["count_trouble"], -row["rate_shrunk"], row["entry_id"]))
    for rank, row in enumerate(rows, start=1):
        row["rank"] = rank
    return frame_of([[row[name] for name in TROUBLE] for row in rows], TROUBLE)


def _row(
    entry_id: str,
    mine: Sequence[str],
    counted: dict[str, dict[str, Any]],
    told: Sequence[pd.DataFrame],
    entry: dict[str, Any],
    hidden: set[str],
    months: float,
) -> tuple[dict[str, Any], Tally]:
    said = pd.concat(told, ignore_index=True) if told else None
    costs: dict[str, float | None] = {}
    by_kind: dict[str, int] = {}
    for one in [] if said is None else said.to_dict("records"):
        name = str(one["answer_id"])
        is_handover = one["kind"] == ESCALATION and counted[name]["action"] == ESCALATE
        if not one["is_trouble"] or is_handover:
            continue
        by_kind[str(one["kind"])] = by_kind.get(str(one["kind"]), 0) + 1
        minutes = None if pd.isna(one["handle_minutes"]) else float(one["handle_minutes"])
        costs[name] = minutes if costs.get(name) is None else max(costs[name] or 0.0, minutes or 0.0)
    now = entry.get("content_hash")
    # Of an entry that is not on file any more, all of it was before.
    before = sum(counted[name]["entry_hash"] != now for name in costs)
    hits = np.array([name in costs for name in mine])
    count = tally(hits, codes([counted[name]["requester_id"] for name in mine]))
    low, high = wilson(count)
    spent = [one for one in costs.values() if one is not None]
    shown = [name for name in costs if counted[name]["ticket_id"] not in hidden]
    shown.sort(key=lambda name: (-counted[name]["at"].value, name))
    return {
        "entry_id": entry_id,
        "category_id": entry.get("category_id"),
        "question": entry.get("question"),
        "owner": entry.get("owner"),
        "count_answers": len(mine),
        "count_signals": 0 if said is None else len(said),
        "count_trouble": len(costs),
        "count_trouble_before": before,
        "count_requesters": len({counted[name]["requester_id"] for name in costs} - {None}),
        "trouble_rate": count.rate,
        "low": low,
        "high": high,
        "handle_minutes": sum(spent) if spent else None,
        "trouble_per_month": (len(costs) - before) / months,
        "by_kind": json.dumps(by_kind, sort_keys=True),
        "example_answer_ids": shown[:EXAMPLES],
    }, count


def _shrunk(tallies: Sequence[Tally]) -> np.ndarray:
    rates = np.array([one.rate for one in tallies])
    return shrink(rates, np.array([noise(one) for one in tallies]))[0] if len(tallies) > 1 else rates


def _known(entries: pd.DataFrame) -> dict[str, dict[str, Any]]:
    now = entries[entries["is_current"].fillna(False).astype(bool)] if "is_current" in entries else entries
    return {
        str(row["entry_id"]): {
            name: text(row.get(name)) for name in ("content_hash", "category_id", "question", "owner")
        }
        for row in now.drop_duplicates("entry_id", keep="last").to_dict("records")
    }


def _hidden(splits: pd.DataFrame | None) -> set[str]:
    if splits is None or splits.empty:
        return set()
    return set(splits.loc[splits["split"].isin(_OTHER_SIDES), "ticket_id"].astype(str))


def _no_tickets() -> pd.DataFrame:
    return pd.DataFrame({"ticket_id": []})

"""What speaks against an entry or an article, in sentences: findings, trouble with answers, and drift.

Belongs here: the sentences, and how much trouble is worth a look. Does not belong here: which subjects are on the list
(``subjects``), counting trouble or finding drift (``feedback``, ``drift``).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from assets.build_knowledge.findings.audited_texts import records
from assets.sustain_learning.frames import CORRECTION, CSAT, ESCALATION, NEW_PHRASINGS, REOPEN, THUMBS

LEAST_REQUESTERS = 2
"""Trouble that only one customer had says little about an entry."""
_HALF = 0.5
_KINDS = {
    CORRECTION: ("correction", "corrections"),
    REOPEN: ("customer who came back", "customers who came back"),
    ESCALATION: ("handover to a person", "handovers to a person"),
    CSAT: ("bad rating", "bad ratings"),
    THUMBS: ("thumb down", "thumbs down"),
}
_URGENT = ("unsafe", "contradiction", "stale")
"""Types of findings that a customer may be harmed by."""


def finding_sentence(row: Mapping[str, Any]) -> str:
    """What was found and what to do about it."""
    return " ".join(part for part in (str(row["evidence"]).strip(), str(row["fix"] or "").strip()) if part)


def is_grave(row: Mapping[str, Any]) -> bool:
    """Whether a finding keeps its text from use, or is of a kind that may harm a customer."""
    return bool(row["is_blocking"]) or row["type"] in _URGENT


def trouble_worth_a_look(trouble: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """``frames.TROUBLE`` rows that an owner should see first, by entry.

    Of entries that at least two customers had trouble with as they stand now: the fewest that cause half of all trouble a
    month, and those that are worse than the desk's answers together, for sure (the lower end of the interval lies above
    that rate).
    """
    everyone = records(trouble)
    rows = [row for row in everyone if _trouble_now(row) > 0]
    answers = sum(row["count_answers"] or 0 for row in everyone)
    usual = sum(map(_trouble_now, everyone)) / answers if answers else 0.0
    everything = sum(row["trouble_per_month"] or 0.0 for row in rows)
    found, so_far = {}, 0.0
    for row in sorted(rows, key=lambda row: (-(row["trouble_per_month"] or 0.0), str(row["entry_id"]))):
        is_much = so_far < _HALF * everything
        is_worse = row["low"] is not None and row["low"] > usual
        if min(row["count_requesters"] or 0, _trouble_now(row)) >= LEAST_REQUESTERS and (is_much or is_worse):
            found[str(row["entry_id"])] = row
        so_far += row["trouble_per_month"] or 0.0
    return found


def trouble_sentence(row: Mapping[str, Any]) -> str:
    """How often answers from an entry cost somebody something, and what happened."""
    count, answers = int(row["count_trouble"]), int(row["count_answers"])
    kinds = json.loads(row["by_kind"]) if row["by_kind"] else {}
    told = [
        f"{int(number):,} {_KINDS[kind][int(number) > 1]}"
        for kind, number in sorted(kinds.items(), key=lambda one: (-one[1], one[0]))
        if kind in _KINDS and number
    ]
    between = "" if row["low"] is None else f" ({row['low']:.0%} to {row['high']:.0%})"
    before = int(row.get("count_trouble_before") or 0)
    earlier = f", {before:,} of them before it was last changed" if before else ""
    said = (
        f"Of {answers:,} answers that rest on it {count:,} went wrong, {count / max(answers, 1):.0%}{between}{earlier}"
    )
    return f"{said}; there were {', '.join(told)}." if told else f"{said}."


def went_wrong(trouble: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """(answers that went wrong since the entry says what it says, answers) by entry that has any."""
    return {str(row["entry_id"]): (_trouble_now(row), int(row["count_answers"])) for row in records(trouble)}


def _trouble_now(row: Mapping[str, Any]) -> int:
    """Answers that went wrong since the entry says what it says."""
    return int(row["count_trouble"] or 0) - int(row.get("count_trouble_before") or 0)


def drift_of_entries(drift: pd.DataFrame, until: pd.Timestamp | None) -> dict[str, list[dict[str, Any]]]:
    """``frames.DRIFT`` rows that are drift, by entry, the widest effect first; until: found before then."""
    return _drifted(drift, until, "entry_id")


def unheard_phrasings(drift: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Drift towards phrasings that no entry is near, by category."""
    found = _drifted(drift[drift["entry_id"].isna()] if len(drift) else drift, None, "category_id")
    kept = {name: [row for row in rows if row["kind"] == NEW_PHRASINGS] for name, rows in found.items()}
    return {name: rows for name, rows in kept.items() if rows}


def _drifted(drift: pd.DataFrame, until: pd.Timestamp | None, by: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    rows = [row for row in records(drift) if row["is_drift"] and row[by] is not None]
    for row in sorted(rows, key=lambda row: (-abs(row["effect"] or 0.0), str(row["drift_id"]))):
        if until is None or row["found_as_of"] < until:
            found[str(row[by])].append(row)
    return dict(found)


def once(sentences: Iterable[str]) -> tuple[str, ...]:
    """Sentences without repetition, in their order."""
    return tuple(dict.fromkeys(one for one in sentences if one))

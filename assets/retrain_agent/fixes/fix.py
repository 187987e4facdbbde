"""A proposed fix before it is a row: what would change, and what a support lead reads about it.

Belongs here: the shape that every kind of fix gives, and the sentences they share. Does not belong here: drawing one up
(a module a kind), ranking (``fix_queue``), the form of what changes (``proposal``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assets.build_knowledge.drafts.proposal import count_phrase
from assets.retrain_agent.fixes.proposal import NOTE, Proposal

MAX_TITLE_CHARS = 160
TRENDS = {"new": "new in the last weeks", "rising": "rising", "falling": "falling"}


@dataclass(frozen=True)
class Fix:
    """What one pattern's fix is. why: sentences; source_ticket_ids: training tickets whose words or facts stand in it."""

    kind: str
    proposal: Proposal
    title: str
    why: tuple[str, ...]
    source_ticket_ids: tuple[str, ...] = ()
    entry_id: str | None = None


def note(title: str, *why: str, entry_id: str | None = None) -> Fix:
    """A fix that only says what a person must look into."""
    return Fix(NOTE, Proposal(), title, why, (), entry_id)


def volume_sentence(pattern: Mapping[str, Any]) -> str:
    """ "14 failures of 12 customers since 2026-06-24, about 9 tickets and 40 minutes of people's time a month; …"."""
    failures = count_phrase(int(pattern["count_failures"]), "failure", "failures")
    customers = count_phrase(int(pattern["count_requesters"]), "customer", "customers")
    since = f" since {pattern['first_at']:%Y-%m-%d}" if is_known(pattern.get("first_at")) else ""
    parts = []
    if (tickets := number_or_none(pattern.get("tickets_per_month"))) is not None:
        count = round(tickets)
        parts.append(count_phrase(count, "ticket", "tickets") if count else "less than one ticket")
    if minutes := round(number_or_none(pattern.get("minutes_per_month")) or 0.0):
        parts.append(count_phrase(minutes, "minute", "minutes") + " of people's time")
    monthly = f", about {' and '.join(parts)} a month" if parts else ""
    trend = TRENDS.get(str(pattern.get("trend")), "")
    return f"{failures} of {customers}{since}{monthly}{'; ' + trend if trend else ''}."


def is_known(value: object) -> bool:
    """Whether a cell holds something."""
    import pandas as pd

    return value is not None and value is not pd.NA and value is not pd.NaT and value == value


def number_or_none(value: object) -> float | None:
    """The number of a cell, None where it holds none."""
    return float(value) if is_known(value) else None  # type: ignore[arg-type]


def text_or_none(value: object) -> str | None:
    """The text of a cell, None where it holds none."""
    return value.strip() or None if isinstance(value, str) else None


def quoted(text: str, most: int = 90) -> str:
    """A text on one line in quotes, cut at a word."""
    line = " ".join(text.split())
    return f"“{line if len(line) <= most else line[:most].rsplit(' ', 1)[0] + ' …'}”"


def listed(values: Iterable[str]) -> str:
    """ "a, b and c"."""
    names = list(values)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""

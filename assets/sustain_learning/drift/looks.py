"""One look for drift: what was looked at, what the test says, and how it is put in words.

Belongs here: the shape of a look, the least effects, words that several looks share. Does not belong here: the tests
(``shift_test``), any one kind of drift.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from assets.audit_tickets.roadmap.roadmap_examples import shorten
from assets.build_knowledge.findings.ended_terms import term_pattern
from assets.build_knowledge.findings.release_changes import Release
from assets.sustain_learning.drift.shift_test import Shift
from assets.sustain_learning.drift.windows import Windows

EXAMPLES = 5
BEFORE_DAYS = 28
"""An event is named beside a drift that was found up to this long after it."""
QUOTED_CHARS = 140


@dataclass(frozen=True)
class Look:
    """A thing that was looked at. subject: what tells it from others of its kind; is_enough: the effect is large enough to
    matter, and in the direction that does; about: texts in which an event may be found named; drifted, same: how it is
    said, given what chance would do; examples: tickets of the training side alone."""

    kind: str
    subject: str
    shift: Shift
    is_enough: bool
    drifted: str
    same: str
    entry_id: str | None = None
    category_id: str | None = None
    owner: str | None = None
    about: str = ""
    examples: tuple[str, ...] = field(default=())


def drift_id(*parts: str) -> str:
    """16 hex digits of kind, subject and event."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def event_of(about: str, events: Sequence[Release], windows: Windows) -> Release | None:
    """The newest event of the recent window, or shortly before it, of which a text names something it affects."""
    since = windows.recent_start - pd.Timedelta(days=BEFORE_DAYS)
    for event in reversed(events):
        if since <= event.date < windows.recent_end and _is_named(event, about):
            return event
    return None


def newest_examples(tickets: pd.DataFrame, mask: np.ndarray) -> tuple[str, ...]:
    """The newest recent training tickets of a mask."""
    ours = tickets[mask & tickets["is_recent"].to_numpy() & (tickets["side"] == "train").to_numpy()]
    return tuple(ours["ticket_id"].iloc[::-1][:EXAMPLES])


def telling_examples(tickets: pd.DataFrame, mask: np.ndarray, away: np.ndarray) -> tuple[str, ...]:
    """The recent training tickets of a mask that are most of what is new, one a customer.

    Args:
        away: (n,) of all tickets; higher is farther from what was.
    """
    ours = mask & tickets["is_recent"].to_numpy() & (tickets["side"] == "train").to_numpy()
    order = np.flatnonzero(ours)[np.argsort(-away[ours], kind="stable")]
    found = tickets.iloc[order].drop_duplicates("requester_id")["ticket_id"]
    return tuple(found[:EXAMPLES])


def texts_of(tickets: pd.DataFrame, ticket_ids: Iterable[str]) -> list[str]:
    """What these tickets ask, in order."""
    wanted = list(ticket_ids)
    ours = tickets[tickets["ticket_id"].isin(wanted)]
    known = dict(zip(ours["ticket_id"], ours["text"], strict=True))
    return [str(known[one]) for one in wanted]


def quote(text: str, limit: int = QUOTED_CHARS) -> str:
    """The beginning of a redacted text in quotation marks, on one line."""
    return f"“{shorten(text, limit)}”"


def named(entry_id: str, entry: Mapping[str, str | None]) -> str:
    """An entry for a reader: its question, and its id, since entries for other customers have the same question."""
    return f"{quote(entry['question'])} ({entry_id})" if entry["question"] else entry_id


def for_instance(tickets: pd.DataFrame, examples: Sequence[str]) -> str:
    """“, for instance “…”” of the first example, empty without any."""
    told = texts_of(tickets, examples[:1])
    return f", for instance {quote(told[0])}" if told else ""


def counts(shift: Shift, what: str = "tickets") -> str:
    """How many were compared."""
    return f"{shift.n_recent:,} {what} against {shift.n_reference:,} before"


def percent(value: float) -> str:
    """A share in per cent; small ones with a digit."""
    return f"{value:.0%}" if abs(value) >= 0.1 or value == 0 else f"{value:.1%}"


def by_entry(entries: pd.DataFrame) -> dict[str, Mapping[str, str | None]]:
    """What is to be said of each live entry: question, answer, category_id, owner, content_hash."""
    names = ("question", "answer", "category_id", "owner", "content_hash")
    return {
        str(row["entry_id"]): {name: None if pd.isna(row[name]) else str(row[name]) for name in names}
        for row in entries.drop_duplicates("entry_id", keep="last").to_dict("records")
    }


def owners_of_categories(entries: pd.DataFrame) -> Callable[[str | None], str | None]:
    """Who owns most entries of a category."""
    known = entries.dropna(subset=["owner", "category_id"])
    most = {
        str(category): str(owners.value_counts().sort_index().sort_values(ascending=False, kind="stable").index[0])
        for category, owners in known.groupby("category_id")["owner"]
    }
    return lambda category: most.get(category or "")


def _is_named(event: Release, about: str) -> bool:
    return any(term_pattern(term).search(about) for term in (*event.affects, event.name) if term)

"""Whole entries as a proposal holds them: from what is live, with what changes; ids and sources of new ones.

Belongs here: the form. Does not belong here: what an entry says (the modules of each kind).
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from assets.audit_tickets.categories.stop_words import STOP_WORDS
from assets.audit_tickets.roadmap.risk_patterns import fold
from assets.build_knowledge.conditions import load_conditions, parse_conditions
from assets.pilot_agent.answers.frames import as_list
from assets.retrain_agent.fixes.fix import text_or_none
from assets.retrain_agent.fixes.proposal import ProposedEntry
from assets.retrain_agent.fixes.right_answers import RightAnswers
from desk.entry import MAX_ID_CHARS, MAX_PHRASINGS

MAX_SOURCES = 5
_WORD = re.compile(r"[a-z]{2,}")


def as_proposed(row: Mapping[str, Any], **changes: Any) -> ProposedEntry:
    """The entry of a row of ``live_entries`` or ``entries_set_aside``, with some fields changed.

    ``base_hash`` is the row's: a proposal is about the version it was drawn up on.
    """
    fields: dict[str, Any] = {
        "entry_id": str(row["entry_id"]),
        "category_id": str(row["category_id"]),
        "question": str(row["question"]),
        "answer": str(row["answer"]),
        "conditions": conditions_of(row),
        "phrasings": [str(one) for one in as_list(row["phrasings"])],
        "owner": text_or_none(row.get("owner")),
        "sources": json.loads(row["sources"]) if isinstance(row.get("sources"), str) else [],
        "base_hash": str(row["content_hash"]),
    }
    changed = {**fields, **changes}
    changed["conditions"] = parse_conditions(changed["conditions"])
    changed["phrasings"] = list(dict.fromkeys(changed["phrasings"]))[:MAX_PHRASINGS]
    return ProposedEntry(**changed)


def conditions_of(row: Mapping[str, Any]) -> dict[str, list[str]]:
    """For whom the entry of a row holds."""
    return load_conditions(row["conditions"]) if isinstance(row["conditions"], str) else {}


def with_sources(sources: Sequence[Mapping[str, Any]], more: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Sources, each named once."""
    seen: dict[tuple[str, str], dict[str, Any]] = {}
    for one in (*sources, *more):
        seen.setdefault((str(one.get("kind")), str(one.get("id"))), dict(one))
    return list(seen.values())


def ticket_sources(answers: RightAnswers, rows: Sequence[int], first: int) -> list[dict[str, Any]]:
    """At most ``MAX_SOURCES`` tickets that an answer was drawn from, as entries name them; the one whose words it has first."""
    chosen = [first, *(row for row in rows if row != first)][:MAX_SOURCES]
    return [
        {
            "kind": "ticket",
            "id": str(answers.rows["ticket_id"].iloc[row]),
            "hash": text_or_none(answers.rows["hash"].iloc[row]),
        }
        for row in chosen
    ]


def new_entry_id(category_id: str, question: str, taken: Collection[str]) -> str:
    """An id that says what the entry is about, such as ``invoice-copy-portal-year``, and that no entry has."""
    words = [one for one in _WORD.findall(fold(question)) if one not in STOP_WORDS]
    base = re.sub(r"[^a-z0-9]+", "-", fold(category_id)).strip("-") or "entry"
    known = set(base.split("-"))
    telling = [one for one in dict.fromkeys(words) if one not in known][:3]
    return free_id("-".join([base, *telling]), taken)


def free_id(wanted: str, taken: Collection[str]) -> str:
    """The id, numbered where another entry has it."""
    name = re.sub(r"[^a-z0-9-]+", "-", wanted.lower()).strip("-")[: MAX_ID_CHARS - 4].rstrip("-")
    number, found = 2, name
    while found in taken:
        found, number = f"{name}-{number}", number + 1
    return found

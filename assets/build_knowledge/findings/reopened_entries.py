"""Entries to look at again because a release, price or policy has changed what they are about.

Belongs here: which events touch which entries. Does not belong here: entries that still name what ended (``ended_*``),
which are wrong rather than to be checked.

Meaning and words decide together: an event touches an entry reviewed before it when the entry's question names what
the event affects and is near it in meaning, or its answer names it in more than one common word, or is nearer still.
Nearness alone counts where it is great and both can speak of the same plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from assets.build_knowledge.conditions import load_conditions
from assets.build_knowledge.findings.aligned_sentences import Encode
from assets.build_knowledge.findings.audited_texts import records
from assets.build_knowledge.findings.ended_terms import term_pattern
from assets.build_knowledge.findings.finding import Finding, about, quote
from assets.build_knowledge.findings.release_changes import Release
from assets.build_knowledge.findings.scopes import scopes_in
from assets.build_knowledge.findings.sentences import plain, stems, without_marks

IN_QUESTION = 0.3
"""Likeness of an entry to an event from which on a term of the event in the entry's question counts."""
IN_ANSWER = 0.4
"""The same for a term of several words, or a name, in the answer."""
WORD_IN_ANSWER = 0.5
"""The same for a single common word in the answer."""
WITHOUT_TERM = 0.58
"""The same where the entry names no term of the event at all."""


def find_reopened_entries(texts: pd.DataFrame, events: Sequence[Release], encode: Encode) -> list[Finding]:
    """Findings of type ``stale`` with reason ``release_event`` on entries, one an entry and event; blocking.

    An entry reviewed on or after the event's day has been looked at with the event known.
    """
    rows = [row for row in records(texts) if row["subject_kind"] == "entry"]
    if not rows or not events:
        return []
    said = encode([f"{row['question']} {plain(without_marks(row['text']))[:400]}" for row in rows])
    happened = encode([f"{event.name}: {event.description} ({', '.join(event.affects)})" for event in events])
    near = said @ happened.T
    found = []
    for at, row in enumerate(rows):
        for number, event in enumerate(events):
            if row["reviewed_at"] is not None and row["reviewed_at"] >= event.date:
                continue
            term = _touched(row, event, float(near[at, number]))
            if term is not None:
                found.append(_finding(row, event, term))
    return found


def _touched(row: Mapping[str, Any], event: Release, near: float) -> str | None:
    """The term by which an event touches an entry, None where it does not."""
    for term in event.affects:
        in_question, in_answer = _names(str(row["question"]), term), _names(str(row["text"]), term)
        is_telling = len(stems(term)) > 1 or term[:1].isupper()
        if in_question and near >= IN_QUESTION:
            return term
        if in_answer and near >= (IN_ANSWER if is_telling else WORD_IN_ANSWER):
            return term
    return event.name if near >= WITHOUT_TERM and _one_plan(row, event) else None


def _one_plan(row: Mapping[str, Any], event: Release) -> bool:
    plans = load_conditions(str(row["conditions"])).get("plan", [])
    mine = scopes_in(str(row["question"]), plans).get("plan", frozenset()) | frozenset(plans)
    theirs = scopes_in(f"{event.name}. {event.description}", plans).get("plan", frozenset())
    return not mine or not theirs or bool(mine & theirs)


def _names(text: str, term: str) -> bool:
    """Whether a text names a term: as written, or all its telling words in one sentence's reach."""
    if term_pattern(term).search(text):
        return True
    wanted = set(stems(term))
    return len(wanted) > 1 and wanted <= set(stems(text[:400]))


def _finding(row: Mapping[str, Any], event: Release, term: str) -> Finding:
    reviewed = (
        f"was reviewed on {row['reviewed_at']:%Y-%m-%d}" if row["reviewed_at"] is not None else "was never reviewed"
    )
    return Finding(
        type="stale",
        reason="release_event",
        **about(row),
        evidence=f"“{row['question']}” {reviewed}; {event.label} touches {term}: {quote(event.description)}.",
        fix="Check the answer against the change and accept it again, changed or as it stands.",
        is_blocking=True,
        key=f"{event.name.casefold()} {event.date:%Y-%m-%d}",
        release_name=event.name,
    )

"""Entries that are there and not live: read once more, or brought back with what is right now.

Belongs here: finding the entry among those set aside that answers a pattern's customers, and what keeps it from being live.
Does not belong here: entries that are live (``edit_entry``), new ones (``draft_entry``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from assets.build_knowledge.retrieval.same_answers import LEAST
from assets.pilot_agent.answers.frames import as_list
from assets.retrain_agent.fixes.fix import Fix, note, quoted, volume_sentence
from assets.retrain_agent.fixes.proposal import EDIT_ENTRY, Proposal
from assets.retrain_agent.fixes.right_answers import RightAnswers, right_answers, says_what
from assets.retrain_agent.fixes.smallest_edit import smallest_edit
from assets.retrain_agent.fixes.training_ground import PatternGround
from assets.retrain_agent.fixes.whole_entries import as_proposed, ticket_sources, with_sources

SAME_QUESTION = 0.75
_REVIEW_DUE = re.compile(r"^its review was due by")


def renewed(found: PatternGround) -> Fix | None:
    """The entry brought back; None where none that was set aside answers these customers."""
    answers = right_answers(found)
    row = _entry_for(found, answers)
    if row is None:
        return None
    why_not = [str(one) for one in as_list(row.get("why_not_live"))]
    says = _said(why_not)
    best = answers.groups()[0] if len(answers.rows) else []
    reasons = [
        volume_sentence(found.pattern),
        f"The entry {quoted(str(row['question']))} answers this, but is not live: {says}.",
    ]
    edit, tickets, changes = None, [], {}
    if best:
        first = answers.typical(best)
        right = str(answers.rows["answer"].iloc[first])
        alike = float(says_what(found, right, [str(row["answer"])])[0])
        edit = smallest_edit(str(row["answer"]), right, says_the_same=alike >= LEAST)
        if edit is not None:
            named = ticket_sources(answers, best, first)
            tickets = [str(one["id"]) for one in named]
            was = as_proposed(row)
            changes = {"answer": edit.answer, "sources": with_sources(was.sources, named)}
            gone = "; ".join(f"{quoted(old, 70)} becomes {quoted(new, 70)}" for old, new in edit.swapped[:3])
            reasons.append(
                f"People say otherwise today: {gone}."
                if gone
                else "People answer otherwise today, so that its text is theirs."
            )
        else:
            reasons.append(f"{len(best)} of {len(answers.rows)} right answers on training tickets say what it says.")
    only_due = bool(why_not) and all(_REVIEW_DUE.match(one) for one in why_not)
    if edit is None and only_due:
        title = f"Read it once more and accept it again: {quoted(str(row['question']))}"
        reasons.append("Nothing of it changes: it needs a reviewer's word and a new date.")
    else:
        title = f"Bring back {'and change ' if edit else ''}the entry {quoted(str(row['question']))}"
    return Fix(
        EDIT_ENTRY,
        Proposal(entries=(as_proposed(row, **changes),)),
        title,
        tuple(reasons),
        tuple(tickets),
        str(row["entry_id"]),
    )


def waits_for_a_person(row: Mapping[str, Any], found: PatternGround) -> Fix:
    """A note for an entry that is set aside and about which nobody said what is right."""
    return note(
        f"Look at the entry that was set aside: {quoted(str(row['question']))}",
        volume_sentence(found.pattern),
        f"It is not live: {_said(as_list(row.get('why_not_live')))}.",
        entry_id=str(row["entry_id"]),
    )


def _said(why_not: Sequence[object]) -> str:
    return "; ".join(str(one).rstrip(".") for one in why_not) or "it was taken out"


def _entry_for(found: PatternGround, answers: RightAnswers) -> dict[str, Any] | None:
    """The entry named by the pattern, else of the category the one that says what people say, or that is asked for."""
    ground = found.ground
    named = ground.aside.get(found.cell("target_entry_id") or "")
    if named is not None:
        return named
    rows = [one for one in ground.aside.values() if one["category_id"] == found.right_category]
    if not rows:
        return None
    if len(answers.rows):
        first = answers.typical(answers.groups()[0])
        alike = says_what(found, str(answers.rows["answer"].iloc[first]), [str(one["answer"]) for one in rows])
        if float(alike.max()) >= LEAST:
            return rows[int(alike.argmax())]
    asked = ground.asked[ground.asked["ticket_id"].isin(set(found.tickets))]
    if not len(asked):
        return None
    vectors = ground.vectors(asked["question"].tolist())
    near = []
    for row in rows:
        wordings = ground.vectors([str(row["question"]), *(str(one) for one in as_list(row["phrasings"]))])
        near.append(float(np.median((vectors @ wordings.T).max(axis=1))))
    best = int(np.argmax(near))
    return rows[best] if near[best] >= SAME_QUESTION else None

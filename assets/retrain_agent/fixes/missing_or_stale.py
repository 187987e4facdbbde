"""Whether people miss an entry, or an entry misses what is right today: the fix of both, after a look at what was said.

Belongs here: telling a new entry, a changed one, a condition and a wording apart by the evidence at hand. Does not belong here:
drawing any of them up (``draft_entry``, ``edit_entry``, ``split_entry``, ``add_phrasings``).

A failure's type is the likeliest reason, and no more. An entry that was right for the same question until a day and wrong since
is stale, whatever it was taken for; one that goes on being right for others is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from assets.build_knowledge.conditions import applies
from assets.build_knowledge.findings.fact_finders import facts_in
from assets.build_knowledge.findings.facts import differing_facts
from assets.retrain_agent.fixes.add_phrasings import add_phrasings
from assets.retrain_agent.fixes.category_examples import category_examples
from assets.retrain_agent.fixes.draft_entry import draft_entry
from assets.retrain_agent.fixes.edit_entry import edit_entry, replaces_everything
from assets.retrain_agent.fixes.fix import Fix, listed, note, quoted, volume_sentence
from assets.retrain_agent.fixes.proposal import EDIT_ENTRY, Proposal
from assets.retrain_agent.fixes.right_answers import right_answers, says_what
from assets.retrain_agent.fixes.split_entry import split_entry
from assets.retrain_agent.fixes.training_ground import PatternGround
from assets.retrain_agent.fixes.whole_entries import conditions_of

STILL_RIGHT = 0.3
"""Right answers with an entry since it began to fail, beside each failure, from which it still holds for others."""
RIGHT_BEFORE, SAME_QUESTION = 3, 0.55
"""Right answers with an entry before, to how like a question (cosine), before it counts as the entry for these customers."""
OFTEN_SAID = 0.15
"""Share of a pattern's failures that an entry must have answered to be changed with it."""
SAYS_IT = 0.7
"""Likeness of a live entry to the right answer from which nothing is missing but that it was found."""


def gap_fix(found: PatternGround) -> Fix:
    """The fix of a knowledge gap: a new entry, unless an entry was the one for this question and is stale, or says it already."""
    often = _said_often(found)
    sure = {_asks(row) for row, told in often if _was_right_before(told, row)}
    # A variant of the same question for other customers fails with it, and has fewer answers to show it.
    stale = [row for row, told in often if _asks(row) in sure and not _is_right_for_others(told, row)]
    if stale and (edited := _edited(found, stale)) is not None:
        since = f"It was right until {found.mine['occurred_at'].min():%Y-%m-%d}, and has been called wrong since."
        return replace(edited, why=(edited.why[0], since, *edited.why[1:]))
    return _is_there(found) or draft_entry(found)


def stale_fix(found: PatternGround) -> Fix | None:
    """The fix of a stale entry: the entry changed, unless it holds for others as it is."""
    row = found.ground.entries.get(found.cell("target_entry_id") or found.cell("entry_id") or "")
    if row is None:
        return edit_entry(found)
    if _is_for_others(found, row) or (replaces_everything(found, row) and _is_right_for_others(found, row)):
        return _something_else(found, row)
    variants = [
        other
        for other, told in _said_often(found)
        if other["entry_id"] != row["entry_id"] and _asks(other) == _asks(row) and not _is_right_for_others(told, other)
    ]
    return (_edited(found, [row, *variants]) if variants else None) or edit_entry(found)


def _asks(row: Mapping[str, Any]) -> str:
    return " ".join(str(row["question"]).casefold().split()).rstrip("?!. ")


def _said_often(found: PatternGround) -> list[tuple[Mapping[str, Any], PatternGround]]:
    """Live entries that many of these customers were answered with and that are meant for them, each with these customers."""
    first = pd.Series(
        [next(iter(one), None) for one in found.mine["entry_ids"]], index=found.mine.index, dtype="object"
    )
    least = max(2.0, OFTEN_SAID * len(found.mine))
    often = [str(name) for name, count in first.value_counts().items() if count >= least]
    parts = [
        (row, replace(found, mine=found.mine[first == name]))
        for name in often
        if (row := found.ground.entries.get(name)) is not None and row["category_id"] == found.right_category
    ]
    return [(row, part) for row, part in parts if not _is_for_others(part, row)]


def _was_right_before(found: PatternGround, row: Mapping[str, Any]) -> bool:
    """Whether the entry answered the same questions rightly until these failures began, and hardly since."""
    if _is_right_for_others(found, row):
        return False
    cases = _right_cases(found, row)
    before = cases[cases["occurred_at"] < found.mine["occurred_at"].min()]["question"].dropna().astype(str).tolist()
    asked = found.mine["question"].dropna().astype(str).tolist()
    if len(before) < RIGHT_BEFORE or not asked:
        return False
    near = (found.ground.vectors(asked) @ found.ground.vectors(before).T).max(axis=1)
    return bool(np.median(near) >= SAME_QUESTION)


def _edited(found: PatternGround, rows: list[Mapping[str, Any]]) -> Fix | None:
    """One fix that changes every one of these entries; None where nobody said what is right."""
    fixes = [edit_entry(replace(found, pattern={**found.pattern, "target_entry_id": row["entry_id"]})) for row in rows]
    made = [one for one in fixes if one is not None and one.kind == EDIT_ENTRY]
    if not made:
        return None
    first = made[0]
    also = listed(str(one.entry_id) for one in made[1:])
    return replace(
        first,
        proposal=Proposal(entries=tuple(entry for one in made for entry in one.proposal.entries)),
        title=f"{first.title}{f' and {also}' if also else ''}",
        why=(*first.why, *([f"The same holds for {also}."] if also else [])),
        source_ticket_ids=tuple(dict.fromkeys(ticket for one in made for ticket in one.source_ticket_ids)),
    )


def _is_there(found: PatternGround) -> Fix | None:
    """Where a live entry says what people say, to these customers, it needs finding and no second one."""
    answers = right_answers(found)
    rows = [row for row in found.ground.entries.values() if not _is_for_others(found, row)]
    if not len(answers.rows) or not rows:
        return None
    right = str(answers.rows["answer"].iloc[answers.typical(answers.groups()[0])])
    alike = says_what(found, right, [str(row["answer"]) for row in rows])
    row = rows[int(alike.argmax())]
    if alike.max() < SAYS_IT or differing_facts(list(facts_in(right)), list(facts_in(str(row["answer"])))):
        return None
    meant = {**found.pattern, "target_entry_id": row["entry_id"], "right_category_id": row["category_id"]}
    there = replace(found, pattern=meant)
    return add_phrasings(there) if found.cell("category_id") == row["category_id"] else category_examples(there)


def _right_cases(found: PatternGround, row: Mapping[str, Any]) -> pd.DataFrame:
    cases = found.ground.cases
    first = pd.Series([next(iter(one), None) for one in cases["entry_ids"]], index=cases.index, dtype="object")
    return cases[~cases["is_wrong"].fillna(True).astype(bool) & (first == row["entry_id"])]


def _is_right_for_others(found: PatternGround, row: Mapping[str, Any]) -> bool:
    """Whether people go on calling this entry right while it fails these customers: then it is not the entry that is stale."""
    since = _right_cases(found, row)["occurred_at"] >= found.mine["occurred_at"].min()
    return int(since.sum()) >= max(2, STILL_RIGHT * len(found.mine))


def _is_for_others(found: PatternGround, row: Mapping[str, Any]) -> bool:
    """Whether most of these customers, as far as it is known, are ones whom the entry's conditions leave out."""
    known = [applies(conditions_of(row), found.ground.facts.get(one, {})) for one in found.tickets]
    return known.count(False) >= 2 and known.count(False) > known.count(True)


def _something_else(found: PatternGround, row: Mapping[str, Any]) -> Fix:
    """A condition where a fact tells these customers from the others, else an entry of their own; for one customer a note."""
    split = split_entry(found)
    if not split.proposal.is_empty:
        return split
    if len(found.mine) > 1:
        return draft_entry(found)
    return note(
        f"Look at one answer with {quoted(str(row['question']))} ({row['entry_id']})",
        volume_sentence(found.pattern),
        "It was called wrong once, while others call it right, and no fact tells this customer from them.",
        entry_id=str(row["entry_id"]),
    )

"""Stale knowledge's fix: the entry with its answer as people say it today, changed no more than that takes.

Belongs here: which right answer an entry gets and what a reviewer is told about the change. Does not belong here: the change
of the text (``smallest_edit``), entries that are not live (``renew_entry``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assets.audit_tickets.roadmap.risk_patterns import fold
from assets.build_knowledge.conditions import applies
from assets.build_knowledge.retrieval.same_answers import LEAST
from assets.retrain_agent.fixes.fix import Fix, listed, note, quoted, volume_sentence
from assets.retrain_agent.fixes.proposal import EDIT_ENTRY, Proposal
from assets.retrain_agent.fixes.renew_entry import renewed, waits_for_a_person
from assets.retrain_agent.fixes.right_answers import RightAnswers, right_answers, says_what
from assets.retrain_agent.fixes.smallest_edit import VALUES, WHOLE, Edit, smallest_edit
from assets.retrain_agent.fixes.training_ground import PatternGround
from assets.retrain_agent.fixes.whole_entries import as_proposed, conditions_of, ticket_sources, with_sources

_NAME = r"[A-Z][\w-]*(?: & [\w-]+| [A-Z][\w-]*){0,3}"
_PLACE = re.compile(rf"(?:{_NAME} > )+{_NAME}")


def edit_entry(found: PatternGround) -> Fix | None:
    """The changed entry; a note where nobody said what is right; None where the live entry says it already."""
    ground = found.ground
    name = found.cell("target_entry_id") or found.cell("entry_id") or ""
    row = ground.entries.get(name)
    if row is None:
        if (back := renewed(found)) is not None:
            return back
        return waits_for_a_person(ground.aside[name], found) if name in ground.aside else _no_entry(found)
    answers = _answers_for(found, row)
    if not len(answers.rows):
        return _nobody_said(found, row, answers)
    best = answers.groups()[0]
    first = answers.typical(best)
    right = str(answers.rows["answer"].iloc[first])
    edit = _edit_of(found, row, right)
    if edit is None:
        return None if _was_changed_since(found, row) else _says_it_already(found, row, right)
    named = ticket_sources(answers, best, first)
    was = as_proposed(row)
    entry = as_proposed(row, answer=edit.answer, sources=with_sources(was.sources, named))
    said = f"{len(best)} of {len(answers.rows)} right answers on training tickets say the same"
    by_people = answers.count_by_people(best)
    reasons = [
        volume_sentence(found.pattern),
        _what_changes(edit),
        f"{said}{f', {by_people} of them in a review' if by_people else ''}.",
    ]
    if conditions_of(row):
        reasons.append(f"For whom it holds stays as it is: {_in_words(conditions_of(row))}.")
    if others := _also_says(edit, str(row["answer"]), name, found):
        reasons.append(f"Look at {listed(others)} too: what is no longer right here stands there as well.")
    return Fix(
        EDIT_ENTRY,
        Proposal(entries=(entry,)),
        f"Change the entry {quoted(str(row['question']))} ({name})",
        tuple(reasons),
        tuple(dict.fromkeys(str(one["id"]) for one in named)),
        name,
    )


def replaces_everything(found: PatternGround, row: Mapping[str, Any]) -> bool:
    """Whether what people say today leaves nothing of the entry's answer."""
    answers = _answers_for(found, row)
    if not len(answers.rows):
        return False
    right = str(answers.rows["answer"].iloc[answers.typical(answers.groups()[0])])
    edit = _edit_of(found, row, right)
    return edit is not None and edit.way == WHOLE


def _answers_for(found: PatternGround, row: Mapping[str, Any]) -> RightAnswers:
    """The right answers to those of these customers for whom the entry is meant."""
    meant = [one for one in found.tickets if applies(conditions_of(row), found.ground.facts.get(one, {})) is not False]
    return right_answers(found, found.mine[found.mine["ticket_id"].isin(meant)])


def _edit_of(found: PatternGround, row: Mapping[str, Any], right: str) -> Edit | None:
    alike = float(says_what(found, right, [str(row["answer"])])[0])
    return smallest_edit(str(row["answer"]), right, says_the_same=alike >= LEAST)


def _what_changes(edit: Edit) -> str:
    if edit.way == WHOLE or not edit.swapped:
        return "Its whole answer is replaced: people say something else today. Check whether anything of the old text still holds."
    swaps = "; ".join(f"{quoted(old, 80)} becomes {quoted(new, 80)}" for old, new in edit.swapped[:3])
    rest = "The rest stays." if edit.way == VALUES else "What people do not speak of stays."
    return f"{swaps}. {rest}"


def _also_says(edit: Edit, old: str, name: str, found: PatternGround) -> list[str]:
    """Other live entries that send people to a place, or name a value in the same sentence, that this one gives up."""
    gone = {one for one in _PLACE.findall(old) if one not in edit.answer}
    gone |= {sentence for sentence, _ in edit.swapped if len(sentence.split()) >= 5}
    return sorted(
        str(other["entry_id"])
        for other in found.ground.entries.values()
        if other["entry_id"] != name and any(fold(one) in fold(str(other["answer"])) for one in gone)
    )[:5]


def _was_changed_since(found: PatternGround, row: Mapping[str, Any]) -> bool:
    """Whether all these failures were about another version of the entry than the live one."""
    seen = {
        str(content)
        for names, hashes in zip(found.mine["entry_ids"], found.mine["entry_hashes"], strict=True)
        for entry, content in zip(names, hashes, strict=False)
        if entry == row["entry_id"]
    }
    return bool(seen) and str(row["content_hash"]) not in seen


def _says_it_already(found: PatternGround, row: Mapping[str, Any], right: str) -> Fix:
    return note(
        f"Look at the entry {quoted(str(row['question']))} ({row['entry_id']})",
        volume_sentence(found.pattern),
        f"People called it wrong or outdated, but what they wrote instead says the same: {quoted(right, 200)}. Ask them what they "
        "missed.",
        entry_id=str(row["entry_id"]),
    )


def _nobody_said(found: PatternGround, row: Mapping[str, Any], answers: RightAnswers) -> Fix:
    why = [volume_sentence(found.pattern)]
    if answers.notes_for_people:
        why.append(
            f"Reviewers wrote notes for colleagues instead of an answer: {quoted(answers.notes_for_people[0], 120)}."
        )
    elif len(found.mine):
        why.append("Nobody wrote what is right instead, neither in a review nor in a reply. Say it once in a review.")
    else:
        why.append("All of these tickets are set aside to measure the agent, so that nothing may be drawn from them.")
    return note(
        f"Say what is right today: {quoted(str(row['question']))} ({row['entry_id']})",
        *why,
        entry_id=str(row["entry_id"]),
    )


def _no_entry(found: PatternGround) -> Fix:
    return note(
        "Find the entry that these answers were taken from",
        volume_sentence(found.pattern),
        "The entry is no longer there. If its question is still asked, the gap will show among the next failures.",
    )


def _in_words(conditions: Mapping[str, list[str]]) -> str:
    return " and ".join(f"{name.replace('not_', 'not ')} {' or '.join(values)}" for name, values in conditions.items())

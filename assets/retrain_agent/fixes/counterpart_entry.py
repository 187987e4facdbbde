"""The entry that says to some customers what another says to the rest: one that is there, one brought back, or a drafted one.

Belongs here: finding or drafting it, with its condition. Does not belong here: the condition itself (``facts_of_customers``), and
what becomes of the entry it stands beside (``split_entry``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assets.build_knowledge.conditions import NEGATION, overlap
from assets.build_knowledge.drafts.answer_groups import flat
from assets.build_knowledge.retrieval.same_answers import LEAST
from assets.retrain_agent.fixes.customers_words import Wording, wording_of
from assets.retrain_agent.fixes.facts_of_customers import (
    Telling,
)
from assets.retrain_agent.fixes.fix import quoted
from assets.retrain_agent.fixes.proposal import ProposedEntry
from assets.retrain_agent.fixes.right_answers import RightAnswers, says_what
from assets.retrain_agent.fixes.training_ground import PatternGround
from assets.retrain_agent.fixes.whole_entries import as_proposed, conditions_of, free_id, ticket_sources


def counterpart_of(
    found: PatternGround, said: Mapping[str, Any], telling: Telling, answers: RightAnswers
) -> tuple[ProposedEntry | None, list[str], str]:
    """The entry for the failing customers, the tickets it was drawn from, and a sentence about it."""
    ground = found.ground
    own = {**{k: v for k, v in conditions_of(said).items() if k.removeprefix(NEGATION) not in fields_of(telling)}}
    wanted = {**own, **telling.conditions}
    there = _there_already(found, said, telling, answers)
    if there is not None:
        before = conditions_of(there)
        is_live = there["entry_id"] in ground.entries
        name = f"{quoted(str(there['question']))} ({there['entry_id']})"
        if is_live and all(set(values) <= set(before.get(field, [])) for field, values in telling.conditions.items()):
            return None, [], f"{name} answers them and holds for them already."
        kept = {k: v for k, v in before.items() if k.removeprefix(NEGATION) not in fields_of(telling)}
        verb = "is to hold for them" if is_live else "was set aside and is brought back for them"
        return as_proposed(there, conditions={**kept, **telling.conditions}), [], f"{name} {verb}."
    if not len(answers.rows):
        return (
            None,
            [],
            "Nobody wrote what they should be told: with the condition they get a person instead of a wrong answer.",
        )
    best = answers.groups()[0]
    first = answers.typical(best)
    answer = str(answers.rows["answer"].iloc[first])
    wording = wording_of(
        ground, found.tickets, ground.vectors([flat(answer)])[0], [str(said["question"]), *map(str, said["phrasings"])]
    )
    values = "-".join(value for values in telling.conditions.values() for value in values)
    label = "-".join(fields_of(telling)) if values in ("true", "false") else values
    label = f"no-{label}" if values == "false" else label
    sources = ticket_sources(answers, best, first)
    entry = ProposedEntry(
        entry_id=free_id(f"{said['entry_id']}-{label}", {*ground.entries, *ground.aside}),
        category_id=str(said["category_id"]),
        question=str(said["question"]),
        answer=answer,
        conditions=wanted,
        phrasings=_with_question(wording, str(said["question"])),
        owner=str(said["owner"]) if isinstance(said["owner"], str) else None,
        sources=sources,
    )
    how = (
        f"A second entry with the same question is drafted for them; {len(best)} of {len(answers.rows)} right answers on "
        "training tickets say what it says."
    )
    return entry, [*(str(one["id"]) for one in sources), *wording.ticket_ids], how


def _there_already(
    found: PatternGround, said: Mapping[str, Any], telling: Telling, answers: RightAnswers
) -> dict[str, Any] | None:
    """Another entry of the category that says what these customers should be told: the pattern's target, or by its words.

    An entry whose own conditions leave these customers out says it to others, and stays as it is.
    """
    ground = found.ground
    target = found.cell("target_entry_id") or ""
    others = [
        one
        for one in (*ground.entries.values(), *ground.aside.values())
        if one["category_id"] == said["category_id"]
        and one["entry_id"] != said["entry_id"]
        and overlap(conditions_of(one), telling.conditions)
    ]
    named = next((one for one in others if one["entry_id"] == target), None)
    if not others or not len(answers.rows):
        return named
    right = str(answers.rows["answer"].iloc[answers.typical(answers.groups()[0])])
    alike = says_what(found, right, [str(said["answer"]), *(str(one["answer"]) for one in others)])
    likeness = {str(one["entry_id"]): float(value) for one, value in zip(others, alike[1:], strict=True)}
    if named is not None and likeness[target] >= LEAST:
        return named
    best = max(others, key=lambda one: likeness[str(one["entry_id"])])
    return best if likeness[str(best["entry_id"])] >= max(LEAST, alike[0]) else None


def _with_question(wording: Wording, question: str) -> list[str]:
    return [one for one in (wording.question, *wording.phrasings) if one and one.casefold() != question.casefold()]


def fields_of(telling: Telling) -> list[str]:
    """The facts that conditions speak of."""
    return sorted({name.removeprefix(NEGATION) for name in telling.conditions})

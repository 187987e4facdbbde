"""An edge-case collision's fix: the condition that was missing, on the entry that was said and on the one that should be.

Belongs here: which entry holds for whom afterwards, and the second entry where there is none. Does not belong here: which
fact tells the customers apart (``facts_of_customers``), the words of an answer (``right_answers``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from assets.build_knowledge.conditions import NEGATION, Conditions, overlap
from assets.build_knowledge.retrieval.same_answers import LEAST
from assets.retrain_agent.fixes.add_phrasings import add_phrasings
from assets.retrain_agent.fixes.counterpart_entry import counterpart_of
from assets.retrain_agent.fixes.facts_of_customers import (
    Telling,
    everybody_else,
    left_out_by,
    shared_condition,
    telling_facts,
)
from assets.retrain_agent.fixes.fix import Fix, listed, note, quoted, volume_sentence
from assets.retrain_agent.fixes.proposal import SPLIT_ENTRY, Proposal, ProposedEntry
from assets.retrain_agent.fixes.right_answers import RightAnswers, right_answers, says_what
from assets.retrain_agent.fixes.training_ground import PatternGround
from assets.retrain_agent.fixes.whole_entries import as_proposed, conditions_of


def split_entry(found: PatternGround) -> Fix:
    """Both entries with their conditions; a note where no known fact tells the customers apart."""
    ground = found.ground
    answers = right_answers(found)
    said = _entry_of_the_question(found, answers)
    if said is None:
        return note("Find the entry that these answers were taken from", volume_sentence(found.pattern))
    target = ground.entries.get(found.cell("target_entry_id") or "")
    if target is not None and target["category_id"] != said["category_id"] and _says_it(found, target, answers):
        return add_phrasings(found)
    telling = _telling(found, said, answers)
    if telling is None:
        return _nothing_tells(found, said)
    telling = _as_wide_as_its_answer(telling, found, said, answers)
    rest = everybody_else(telling.conditions, ground)
    narrowed = _narrowed(conditions_of(said), rest)
    counterpart, drawn, how = counterpart_of(found, said, telling, answers)
    asks_for = tuple(sorted({name.removeprefix(NEGATION) for name in (*telling.conditions, *rest)}))
    entries: list[ProposedEntry] = []
    if narrowed is not None and narrowed != conditions_of(said):
        entries.append(as_proposed(said, conditions=narrowed))
    if counterpart is not None:
        entries.append(counterpart)
    if not entries:
        return _is_not_known(found, said, asks_for)
    name = f"{quoted(str(said['question']))} ({said['entry_id']})"
    reasons = [
        volume_sentence(found.pattern),
        f"{name} does not hold for these customers: {telling.in_words}.",
        how,
    ]
    if entries[0].entry_id == said["entry_id"]:
        reasons.append(f"{said['entry_id']} would then hold only where {_in_words(entries[0].conditions)}.")
    if unasked := [one for one in asks_for if one not in ground.behavior.clarify]:
        reasons.append(
            f"behavior.yaml has no question for {listed(unasked)}: customers of whom it is not known go to a person until "
            "there is one under clarify."
        )
    return Fix(
        SPLIT_ENTRY,
        Proposal(entries=tuple(entries), asks_for=asks_for),
        f"Tell two cases apart: {quoted(str(said['question']), 60)}, by {listed(asks_for)}",
        tuple(reasons),
        tuple(dict.fromkeys([*drawn, *_known(found, asks_for)])),
        str(said["entry_id"]),
    )


def _entry_of_the_question(found: PatternGround, answers: RightAnswers) -> dict[str, Any] | None:
    """The entry whose variant is missing: what was said, or the pattern's target where that says something else than people do.

    These customers were then answered with the next best thing, and the target is the variant of their question for others.
    """
    entries = found.ground.entries
    said, target = (entries.get(found.cell(name) or "") for name in ("entry_id", "target_entry_id"))
    if said is None or target is None or target["entry_id"] == said["entry_id"]:
        return said or target
    is_for_others = bool(found.condition) and not overlap(conditions_of(target), found.condition)
    says_another = bool(len(answers.rows)) and not _says_it(found, target, answers)
    is_of_it = found.right_category in (None, target["category_id"])
    return target if is_of_it and (is_for_others or says_another) else said


def _says_it(found: PatternGround, row: Mapping[str, Any], answers: RightAnswers) -> bool:
    """Whether an entry says what most people say to these customers."""
    if not len(answers.rows):
        return False
    right = str(answers.rows["answer"].iloc[answers.typical(answers.groups()[0])])
    return float(says_what(found, right, [str(row["answer"])])[0]) >= LEAST


def _telling(found: PatternGround, said: Mapping[str, Any], answers: RightAnswers) -> Telling | None:
    ground = found.ground
    if (shared := shared_condition(found.condition, found.tickets, ground)) is not None:
        return shared
    right = _answered_right(found, said)
    words = str(answers.rows["answer"].iloc[answers.typical(answers.groups()[0])]) if len(answers.rows) else ""
    if right and (by_test := telling_facts(found.tickets, right, words, ground)) is not None:
        return by_test
    target = ground.entries.get(found.cell("target_entry_id") or "")
    if target is not None and target["entry_id"] != said["entry_id"]:
        own = {k: v for k, v in conditions_of(target).items() if conditions_of(said).get(k) != v}
        if (of_target := shared_condition(own, found.tickets, ground)) is not None:
            return of_target
    return left_out_by([said], found.tickets, ground) if conditions_of(said) else None


def _answered_right(found: PatternGround, said: Mapping[str, Any]) -> list[str]:
    """Training tickets that this entry answered rightly."""
    cases = found.ground.cases
    first = pd.Series([next(iter(one), None) for one in cases["entry_ids"]], index=cases.index)
    is_right = ~cases["is_wrong"].fillna(True).astype(bool) & (first == said["entry_id"])
    return cases.loc[is_right, "ticket_id"].astype(str).tolist()


def _as_wide_as_its_answer(
    telling: Telling, found: PatternGround, said: Mapping[str, Any], answers: RightAnswers
) -> Telling:
    """The condition with the values of other customers, too, whom this entry failed and who should have been told the same."""
    ground = found.ground
    if len(telling.conditions) != 1 or not len(answers.rows):
        return telling
    ((field, values),) = telling.conditions.items()
    failures = ground.failures
    first = pd.Series([next(iter(one), None) for one in failures["entry_ids"]], index=failures.index)
    others = failures[(first == said["entry_id"]) & ~failures["ticket_id"].isin(set(found.tickets))]
    also = right_answers(found, others.drop_duplicates("ticket_id"))
    if field.startswith(NEGATION) or not len(also.rows):
        return telling
    right = str(answers.rows["answer"].iloc[answers.typical(answers.groups()[0])])
    alike = says_what(found, right, also.rows["answer"].tolist()) >= LEAST
    counts = Counter(
        ground.facts.get(str(ticket), {}).get(field)
        for ticket, is_alike in zip(also.rows["ticket_id"], alike, strict=True)
        if is_alike
    )
    fine = {ground.facts.get(one, {}).get(field) for one in _answered_right(found, said)}
    more = {one for one, count in counts.items() if one is not None and count >= 2 and one not in fine}
    return replace(telling, conditions={field: sorted({*values, *more})})


def _narrowed(conditions: Conditions, rest: Conditions) -> Conditions | None:
    """The conditions with the failing customers taken out; None where nobody would be left."""
    merged = {**conditions}
    for name, values in rest.items():
        field = name.removeprefix(NEGATION)
        if name.startswith(NEGATION) and field in merged:
            merged[field] = [one for one in merged[field] if one not in values]
        elif field in merged:
            merged[field] = [one for one in merged[field] if one in values]
        else:
            merged[name] = list(values)
        if field in merged and not merged[field]:
            return None
    return merged


def _known(found: PatternGround, fields: tuple[str, ...]) -> list[str]:
    """Tickets whose facts told: they have drawn the line, and cannot measure it."""
    return [one for one in found.tickets if any(field in found.ground.facts.get(one, {}) for field in fields)]


def _in_words(conditions: Mapping[str, list[str]]) -> str:
    return " and ".join(
        f"{name.removeprefix(NEGATION)} is {'not ' if name.startswith(NEGATION) else ''}{' or '.join(values)}"
        for name, values in conditions.items()
    )


def _nothing_tells(found: PatternGround, said: Mapping[str, Any]) -> Fix:
    if not len(found.mine):
        return note(
            f"Find out for whom this does not hold: {quoted(str(said['question']))} ({said['entry_id']})",
            volume_sentence(found.pattern),
            "All of these tickets are set aside to measure the agent, so that nothing may be drawn from them. Look at what the "
            "customers have in common, and give the entry its condition by hand.",
            entry_id=str(said["entry_id"]),
        )
    known = sorted({field for one in found.tickets for field in found.ground.facts.get(one, {})})
    looked = (
        f"What is known of them ({listed(known[:8])}) does not tell" if known else "Nothing is known of them that tells"
    )
    return note(
        f"Find out for whom this does not hold: {quoted(str(said['question']))} ({said['entry_id']})",
        volume_sentence(found.pattern),
        f"The answer was right for some customers and wrong for these. {looked} them apart. Name the fact that does, and have it "
        "sent along when a customer writes.",
        entry_id=str(said["entry_id"]),
    )


def _is_not_known(found: PatternGround, said: Mapping[str, Any], asks_for: tuple[str, ...]) -> Fix:
    entries = found.ground.entries
    others = [
        str(one["entry_id"])
        for one in entries.values()
        if one["category_id"] == said["category_id"] and not overlap(conditions_of(one), conditions_of(said))
    ]
    beside = f" beside {listed(others[:3])}" if others else ""
    return Fix(
        "note",
        Proposal(asks_for=asks_for),
        f"Have {listed(asks_for)} known when customers ask {quoted(str(said['question']), 60)}",
        (
            volume_sentence(found.pattern),
            f"{said['entry_id']} has its condition already{beside}. It was said all the same, as it was not known which customer "
            f"asked. Send {listed(asks_for)} along with the message, or add a question for it under clarify in behavior.yaml.",
        ),
        (),
        str(said["entry_id"]),
    )

"""A knowledge gap's fix: a new entry in customers' words, or one that was set aside, brought back.

Belongs here: choosing the answer that training failures should have had, and for whom. Does not belong here: gathering
right answers (``right_answers``), wordings (``customers_words``), conditions (``facts_of_customers``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from assets.audit_tickets.texts.language import MIN_CONFIDENCE, detect_language
from assets.build_knowledge.conditions import overlap
from assets.build_knowledge.drafts.answer_groups import flat
from assets.build_knowledge.drafts.proposal import count_phrase
from assets.build_knowledge.drafts.ticket_drafts import is_one_question
from assets.retrain_agent.fixes.customers_words import Wording, first_sentence, wording_of
from assets.retrain_agent.fixes.facts_of_customers import Telling, left_out_by, shared_condition, telling_facts
from assets.retrain_agent.fixes.fix import Fix, note, quoted, text_or_none, volume_sentence
from assets.retrain_agent.fixes.proposal import NEW_ENTRY, Proposal, ProposedEntry
from assets.retrain_agent.fixes.renew_entry import renewed
from assets.retrain_agent.fixes.right_answers import RightAnswers, answered_so_before, right_answers
from assets.retrain_agent.fixes.training_ground import PatternGround
from assets.retrain_agent.fixes.whole_entries import conditions_of, new_entry_id, ticket_sources

LEAST_REPLIES = 2
"""People's replies that must say the same before they are an entry; a reviewer's one word is enough, as it was meant so."""
ASKS_THE_SAME = 0.6
"""Cosine of a question to an entry's nearest wording from which the entry is about the same question."""


def draft_entry(found: PatternGround) -> Fix:
    """The new entry, or a note saying why none can be drawn up honestly."""
    pattern, ground = found.pattern, found.ground
    if (back := renewed(found)) is not None:
        return back
    category = found.right_category
    if category is None or category not in ground.categories:
        return note(
            "Decide which category these questions belong to",
            volume_sentence(pattern),
            "No live entry answers them, and they belong to no category that is decided, so that an entry has no place yet. "
            "Accept or name the category in categories.yaml first.",
        )
    answers = right_answers(found)
    groups = [rows for rows in answers.groups() if _is_supported(rows, answers, ground.language)]
    if not groups:
        return _nothing_said(found, answers, category)
    entries: list[ProposedEntry] = []
    why: list[str] = []
    sources: list[str] = []
    taken = {*ground.entries, *ground.aside}
    for rows in _apart(groups, answers, found):
        entry, reasons, tickets = _entry_of(rows, answers, found, category, taken)
        if any(overlap(entry.conditions, one.conditions) and one.question == entry.question for one in entries):
            continue
        entries.append(entry)
        taken.add(entry.entry_id)
        why += reasons
        sources += tickets
    left = sum(len(rows) for rows in answers.groups()) - sum(len(rows) for rows in groups)
    if left:
        why.append(f"{count_phrase(left, 'ticket was', 'tickets were')} answered otherwise and not used.")
    first = entries[0]
    title = f"Write an entry: {quoted(first.question)}"
    if len(entries) > 1:
        title = f"Write {len(entries)} entries: {quoted(first.question, 60)} and what goes with it"
    return Fix(
        NEW_ENTRY,
        Proposal(entries=tuple(entries), asks_for=_asks_for(entries)),
        title,
        (volume_sentence(pattern), "No live entry answers this.", *why),
        tuple(dict.fromkeys(sources)),
        first.entry_id,
    )


def _is_supported(rows: Sequence[int], answers: RightAnswers, language: str) -> bool:
    """Whether an answer carries an entry; one in another language than the desk's needs two customers who asked in it."""
    answer = str(answers.rows["answer"].iloc[answers.typical(rows)])
    written, sure = detect_language(answer)
    is_foreign = sure >= MIN_CONFIDENCE and written != language
    return len(rows) >= LEAST_REPLIES or (answers.count_by_people(rows) >= 1 and not is_foreign)


def _nothing_said(found: PatternGround, answers: RightAnswers, category: str) -> Fix:
    name = found.ground.name_of(category)
    why = [volume_sentence(found.pattern), f"No live entry answers these questions about {name}."]
    if not len(found.mine):
        why.append(
            "All of these tickets are set aside to measure the agent, so that nothing may be drawn from them. Write the entry "
            "from what you know, or wait for the next tickets."
        )
    elif answers.notes_for_people:
        said = quoted(answers.notes_for_people[0], 120)
        why.append(
            f"Reviewers wrote what colleagues should do, not what a customer should read: {said}. Decide whether there is "
            "anything to answer, or whether such messages should go to a person."
        )
    else:
        why.append(
            "Nobody wrote what the right answer is, and people's replies differ from customer to customer. Say once, in a "
            "review, what would have been right."
        )
    return note(f"Somebody must say the answer: a question about {name}", *why)


def _apart(groups: Sequence[Sequence[int]], answers: RightAnswers, found: PatternGround) -> list[list[int]]:
    """The largest group, and those for other readers or about another question: one entry a group."""
    kept: list[list[int]] = []
    for rows in groups:
        if not kept or len(rows) >= max(2, 0.2 * len(kept[0])):
            kept.append(list(rows))
    if len(kept) < 2:
        return kept
    tellings = [_conditions(rows, answers, found) for rows in kept]
    asked = [_asked(rows, answers, found) for rows in kept]
    chosen = [0]
    for place in range(1, len(kept)):
        apart = all(
            not overlap(_of(tellings[place]), _of(tellings[other])) or not is_one_question(asked[place], asked[other])
            for other in chosen
        )
        if apart:
            chosen.append(place)
    return [kept[place] for place in chosen]


def _of(telling: Telling | None) -> dict[str, list[str]]:
    return telling.conditions if telling else {}


def _asked(rows: Sequence[int], answers: RightAnswers, found: PatternGround) -> np.ndarray:
    tickets = set(answers.rows["ticket_id"].iloc[list(rows)])
    asked = found.ground.asked
    return found.ground.vectors(asked.loc[asked["ticket_id"].isin(tickets), "question"].tolist())


def _conditions(rows: Sequence[int], answers: RightAnswers, found: PatternGround) -> Telling | None:
    """Facts that go with this answer: as the pattern says, as other answers or the category's other customers show."""
    ground = found.ground
    mine = [str(one) for one in answers.rows["ticket_id"].iloc[list(rows)]]
    if (said := shared_condition(found.condition, mine, ground)) is not None:
        return said
    answer = str(answers.rows["answer"].iloc[answers.typical(rows)])
    near = entries_on_the_same(mine, found)
    if near and (left := left_out_by(near, mine, ground)) is not None:
        return left
    inside = set(rows)
    others = [str(one) for row, one in enumerate(answers.rows["ticket_id"]) if row not in inside]
    return telling_facts(mine, others, answer, ground) if others else None


def entries_on_the_same(tickets: Sequence[str], found: PatternGround) -> list[dict[str, Any]]:
    """Live entries of the category whose wordings are near what these customers ask, if any has conditions."""
    ground = found.ground
    asked = ground.asked[ground.asked["ticket_id"].isin(set(tickets))]
    rows = [one for one in ground.entries.values() if one["category_id"] == found.right_category and conditions_of(one)]
    if not len(asked) or not rows:
        return []
    vectors = ground.vectors(asked["question"].tolist())
    near = []
    for row in rows:
        wordings = ground.vectors([str(row["question"]), *(str(one) for one in row["phrasings"])])
        if float(np.median((vectors @ wordings.T).max(axis=1))) >= ASKS_THE_SAME:
            near.append(row)
    return near


def _entry_of(
    rows: Sequence[int], answers: RightAnswers, found: PatternGround, category: str, taken: set[str]
) -> tuple[ProposedEntry, list[str], list[str]]:
    ground = found.ground
    first = answers.typical(rows)
    answer = str(answers.rows["answer"].iloc[first])
    tickets = [str(one) for one in answers.rows["ticket_id"].iloc[list(rows)]]
    target = ground.vectors([flat(answer)])[0]
    telling = _conditions(rows, answers, found)
    variants = [
        one
        for one in entries_on_the_same(tickets, found)
        if telling and not overlap(conditions_of(one), telling.conditions)
    ]
    wording = wording_of(ground, [*tickets, *answered_so_before(found, category, answer)], target)
    question = str(variants[0]["question"]) if variants else wording.question
    if not question:
        question = (
            wording.phrasings[0] if wording.phrasings else first_sentence(ground, tickets) or ground.name_of(category)
        )
    phrasings = [one for one in _phrasings(wording) if one.casefold() != question.casefold()]
    row = ground.categories[category]
    entry = ProposedEntry(
        entry_id=new_entry_id(category, wording.question or question, taken),
        category_id=category,
        question=question,
        answer=answer,
        conditions=_of(telling),
        phrasings=phrasings,
        owner=text_or_none(row.get("owner")),
        sources=ticket_sources(answers, rows, first),
    )
    by_people = answers.count_by_people(rows)
    said = "a reviewer" if by_people == 1 else f"reviewers, {by_people} times"
    whose = f"The answer is in the words of {said}" if by_people else "The answer is what people replied"
    reasons = [f"{whose}; {len(rows)} of {len(answers.rows)} right answers on training tickets say the same."]
    if telling:
        reasons.append(f"Only where {telling.in_words}.")
    if variants:
        reasons.append(f"It asks what {variants[0]['entry_id']} asks, for other customers.")
    decided = tickets if telling else []
    return entry, reasons, [*(one["id"] for one in entry.sources), *wording.ticket_ids, *decided]


def _phrasings(wording: Wording) -> list[str]:
    return [one for one in (wording.question, *wording.phrasings) if one]


def _asks_for(entries: Sequence[ProposedEntry]) -> tuple[str, ...]:
    return tuple(sorted({name.removeprefix("not_") for one in entries for name in one.conditions}))

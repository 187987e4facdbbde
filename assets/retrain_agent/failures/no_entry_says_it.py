"""Failures for which no live entry says what would have been right: is one missing, out of date, or merged with another?

Belongs here: what follows for a failure from those whose right answers say the same. Does not belong here: putting them
together (``same_right_answers``), failures that a live entry could have mended (``said_wrong``).

They are told apart by whether one of the entries that were said is meant for the question: of the category, asked for by
its wordings, and nearer than any other. Then it is the entry for this question, and wrong: for customers who share a fact
(two cases were taken for one), from some day on, or in what it names. Otherwise none is on file. One that holds only for
customers of whom nobody knows whether they are those is for others, and theirs is missing.
"""

from __future__ import annotations

from assets.retrain_agent.failures.finding import Finding, in_words, named, quote
from assets.retrain_agent.failures.match import match_aside
from assets.retrain_agent.failures.particulars import missing_from
from assets.retrain_agent.failures.past_of_entries import PastOfEntries
from assets.retrain_agent.failures.same_right_answers import MEANT, NEAREST, SameRightAnswer
from assets.retrain_agent.failures.sight import Sight
from assets.retrain_agent.frames import (
    EDGE_CASE_COLLISION,
    INTENT_MISCLASSIFICATION,
    KNOWLEDGE_GAP,
    STALE_KNOWLEDGE,
)

SAME_SUBJECT, SAME_TEXT = 0.4, 0.5
"""Likeness of two answers from which they are about the same, and from which one is a version of the other."""
FOR_OTHERS = 0.3
"""Share of the customers for whom an entry surely does not hold from which theirs is missing."""
SURE_WITHIN = 0.2
"""Distance from ``MEANT`` at which it is as sure as it gets."""


def nothing_says_it(sight: Sight, past: PastOfEntries, case: int, group: SameRightAnswer, known: set[str]) -> Finding:
    """The type of one failure of such a group.

    Args:
        known: categories that a message can be taken for.
    """
    row = sight.cases[case]
    none = (
        f"No live entry says {quote(row['right_answer'])}."
        if row["right_answer"]
        else "No live entry was named as right."
    )
    if (aside := match_aside(sight, case)) is not None:
        entry = aside.entry
        why = f"{entry.entry_id} (“{entry.question}”) says it and is set aside: {entry.why[0]}."
        kind = STALE_KNOWLEDGE if entry.is_out_of_date else KNOWLEDGE_GAP
        return Finding(kind, 0.5 + 0.45 * aside.p, (none, why), entry.entry_id, right_category_id=entry.category_id)
    if (other := _wrong_category(sight, past, case, group, known)) is not None:
        return other.also(none)
    if group.aside is not None:
        entry = group.aside
        why = f"{entry.entry_id} (“{entry.question}”) is for this question and is set aside: {entry.why[0]}."
        return Finding(STALE_KNOWLEDGE, 0.8, (none, why), entry.entry_id, right_category_id=entry.category_id)
    if group.is_asked_for and not group.is_meant and group.lead is not None and row["category_id"] is not None:
        why = f"It was taken for {row['category_id']}; {group.lead.entry_id} of {group.lead.category_id} is meant for the question."
        target, right = group.lead.entry_id, group.lead.category_id
        return Finding(INTENT_MISCLASSIFICATION, 0.65, (none, why), target, right_category_id=right)
    if not group.is_meant:
        return _gap(sight, case, group, none)
    return _entry_is_wrong(sight, past, case, group, none)


def _wrong_category(
    sight: Sight, past: PastOfEntries, case: int, group: SameRightAnswer, known: set[str]
) -> Finding | None:
    """Another category was chosen than the helpdesk says; where those with the same right answer, or who ask alike, say
    what was chosen, the label of this one ticket is doubted. Without a live entry in the right category it would not have helped to find it."""
    row = sight.cases[case]
    chosen, label = row["category_id"], group.category or row["right_category_id"]
    if label is None or chosen is None or label == chosen or label not in known:
        return None
    said = sight.place.get(sight.said[case] or "")
    if said is not None and sight.entries[said].category_id == label:
        return None
    if group.is_asked_for and group.lead is not None and group.lead.category_id == chosen:
        return None
    if not sight.has_entry(case, label):
        return None
    sure = 0.75
    if group.category is None:
        near = past.category_of_neighbours(case)
        if near is not None and near[0] == chosen:
            return None
        sure = 0.75 if near is not None and near[0] == label else 0.55
    why = f"It was taken for {chosen}; the helpdesk has it under {label}, which the agent knows."
    return Finding(INTENT_MISCLASSIFICATION, sure, (why,), right_category_id=label)


def _gap(sight: Sight, case: int, group: SameRightAnswer, none: str) -> Finding:
    said = sight.said[case]
    place = sight.place.get(said or "")
    if place is None:
        why = "Nothing on file was near enough to be suggested."
        return Finding(KNOWLEDGE_GAP, 0.85, (none, why), right_category_id=group.category)
    distance = 1.0
    if group.lead is not None and group.lead.category_id in group.categories:
        distance = max(0.0, min(1.0, max(MEANT - group.asked, NEAREST - group.nearest) / SURE_WITHIN))
    question = sight.entries[place].question
    why = f"What was said instead, {said} (“{question}”), is meant for another question."
    if group.lead is not None and group.lead.entry_id != said:
        why += f" So is {group.lead.entry_id} (“{group.lead.question}”), the nearest that was said to others."
    return Finding(KNOWLEDGE_GAP, 0.6 + 0.35 * distance, (none, why), right_category_id=group.category)


def _entry_is_wrong(sight: Sight, past: PastOfEntries, case: int, group: SameRightAnswer, none: str) -> Finding:
    assert group.lead is not None
    row, entry, lead = sight.cases[case], group.lead, group.lead.entry_id
    about = f"{lead} (“{entry.question}”) is the entry for this question."
    own, own_category = 1.0 if sight.said[case] == lead else 0.8, entry.category_id
    near = min(1.0, (group.asked - MEANT) / SURE_WITHIN)
    fact, turn = group.fact, group.turn
    if fact is not None and (turn is None or fact.p <= turn.p) and fact.covers(sight.contexts[case]) is not False:
        wrong_with, wrong_without, right_with, right_without = fact.counts
        why = (
            f"With {in_words(fact.condition)} it is not the answer for {wrong_with} customers and was for {right_with}; "
            f"without, not for {wrong_without} and was for {right_without} (p = {fact.p:.2g})."
        )
        sure = own * (0.75 + 0.2 * (1.0 - fact.p / 0.1))
        return Finding(
            EDGE_CASE_COLLISION, sure, (none, about, why), lead, fact.condition, right_category_id=own_category
        )
    if turn is not None:
        right_before, wrong_before, right_after, wrong_after = turn.counts
        why = (
            f"Until {turn.at:%Y-%m-%d} it was right {right_before} times and wrong {wrong_before}, since then right "
            f"{right_after} times and wrong {wrong_after}."
        )
        return Finding(STALE_KNOWLEDGE, own * 0.92, (none, about, why), lead, right_category_id=own_category)
    is_for_others = group.others >= FOR_OTHERS or (group.unsure_for > 0.5 and not group.words >= SAME_TEXT)
    if entry.conditions and is_for_others:
        conditions = {name: list(values) for name, values in entry.conditions.items()}
        what = "is not so" if group.others >= FOR_OTHERS else "is not known"
        why = f"It holds for {in_words(conditions)}, which {what} of these customers; the one for them is missing."
        return Finding(KNOWLEDGE_GAP, 0.8 * own, (none, about, why), right_category_id=own_category)
    lacks = missing_from(str(row["right_answer"]), entry.answer)
    wrong, judged = past.share_wrong(lead)
    why = f"Of {judged} judged answers with it {wrong} were wrong."
    if lacks:
        why += f" It does not name {named(lacks)}, as the right answer does."
    likely = 0.55 + 0.2 * near + (0.15 if group.words >= SAME_SUBJECT else 0.0) + 0.05 * bool(lacks)
    return Finding(STALE_KNOWLEDGE, min(0.95, likely) * own, (none, about, why), lead, right_category_id=own_category)

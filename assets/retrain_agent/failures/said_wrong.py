"""Failures in which a live entry says what would have been right: why something else was said.

Belongs here: category, variant, retrieval, wording, in the order in which an answer comes about. Does not belong here:
failures that no live entry could have mended (``no_entry_says_it``), handovers (``handed_over``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assets.retrain_agent.failures.entries_on_file import OnFile, are_variants
from assets.retrain_agent.failures.finding import Finding, in_words, named
from assets.retrain_agent.failures.match import Match
from assets.retrain_agent.failures.past_of_entries import PastOfEntries
from assets.retrain_agent.failures.sight import Sight
from assets.retrain_agent.failures.who_fails import known_value
from assets.retrain_agent.frames import (
    EDGE_CASE_COLLISION,
    INTENT_MISCLASSIFICATION,
    REOPENED,
    REPLAY,
    RETRIEVAL_MISS,
    REVIEW,
    STALE_KNOWLEDGE,
    TONE_OR_LENGTH,
    UNEXPLAINED,
)
from desk.conditions import NEGATION

_SEEM_WRONG: Mapping[str, str] = {
    REPLAY: "The replay counts it as wrong, since people's reply could not be laid beside it",
    REOPENED: "The customer came back, which may have had another reason",
}
"""Where no person says that an answer was wrong, one that people gave as well is not blamed for its wording."""
ALWAYS_WRONG, LEAST_JUDGED = 0.8, 4


def another_was_said(
    sight: Sight, past: PastOfEntries, case: int, match: Match, members: Mapping[str, Sequence[int]]
) -> Finding:
    """The type of a failure for which ``match`` says what is right.

    Args:
        members: failures by the entry that would have been right for them.
    """
    row, right = sight.cases[case], match.entry
    said = sight.said[case]
    says = _says(match, str(row["source"]))
    sure = 0.5 + 0.48 * match.p
    if row["category_id"] is not None and row["category_id"] != right.category_id:
        why = f"It was taken for {row['category_id']}; the entry belongs to {right.category_id}."
        label = row["right_category_id"]
        if label is not None:
            agrees = label == right.category_id
            why += f" The helpdesk {'says so too' if agrees else f'has it under {label}'}."
            sure *= 1.0 if agrees else 0.85
        return Finding(INTENT_MISCLASSIFICATION, sure, (says, why), right.entry_id, right_category_id=right.category_id)
    if said == right.entry_id:
        return _same_entry(sight, past, case, match, says)
    if said is None:
        return Finding(RETRIEVAL_MISS, sure, (says, "No entry was found for the message."), right.entry_id)
    other = sight.entries[sight.place[said]] if said in sight.place else None
    if other is None:
        why = f"{said}, which was said, is not on file any more."
        return Finding(RETRIEVAL_MISS, 0.5, (says, why), right.entry_id, right_category_id=right.category_id)
    condition: Mapping[str, Sequence[str]] = _deciding(right, other, sight.contexts[case])
    # Customers to whom the other variant was said and right, against those for whom this one would have been.
    fact = None if condition else past.telling_fact(said, members.get(right.entry_id, ()))
    if are_variants(right, other, sight.question_likeness(right.entry_id, said)) or fact is not None:
        if fact is not None and fact.covers(sight.contexts[case]) is not False:
            condition = fact.condition
        why = f"{said} answers the same question for other customers."
        if condition:
            why += f" This customer's answer is the one for {in_words(condition)}."
        return Finding(
            EDGE_CASE_COLLISION,
            sure,
            (says, why),
            right.entry_id,
            condition or None,
            right_category_id=right.category_id,
        )
    why = f"{said} (“{other.question}”) was found instead, though the category was right."
    return Finding(RETRIEVAL_MISS, 0.9 * sure, (says, why), right.entry_id, right_category_id=right.category_id)


def _same_entry(sight: Sight, past: PastOfEntries, case: int, match: Match, says: str) -> Finding:
    row, entry = sight.cases[case], match.entry
    mine = [one for one in past.wrong[entry.entry_id] if sight.cases[one]["category_id"] == entry.category_id]
    fact = past.telling_fact(entry.entry_id, mine)
    if fact is not None and fact.covers(sight.contexts[case]):
        a, b, c, d = fact.counts
        why = (
            f"It was said, and with {in_words(fact.condition)} it was wrong for {a} and right for {c} customers; without, "
            f"wrong for {b} and right for {d} (p = {fact.p:.2g})."
        )
        return Finding(
            EDGE_CASE_COLLISION, 0.75, (says, why), entry.entry_id, fact.condition, right_category_id=entry.category_id
        )
    hashes = row["entry_hashes"]
    if hashes and hashes[0] != entry.content_hash:
        why = f"Another version of {entry.entry_id} was said; today's was accepted since."
        return Finding(STALE_KNOWLEDGE, 0.8, (says, why), entry.entry_id, right_category_id=entry.category_id)
    if match.lacks or sight.contradicts[case, sight.place[entry.entry_id]]:
        what = f"names {named(match.lacks)}, which {entry.entry_id} does not" if match.lacks else "gives another value"
        why = f"It was said; the right answer {what}."
        return Finding(
            STALE_KNOWLEDGE,
            0.6 + 0.1 * min(len(match.lacks), 3),
            (says, why),
            entry.entry_id,
            right_category_id=entry.category_id,
        )
    if row["action"] == "ask":
        fields = [name.removeprefix(NEGATION) for name in entry.conditions]
        unknown = [name for name in fields if known_value(sight.contexts[case], name) is None]
        why = f"The agent asked for {' and '.join(unknown) or 'a fact'} instead of saying it."
        condition = {name: values for name, values in entry.conditions.items() if not name.startswith(NEGATION)}
        return Finding(EDGE_CASE_COLLISION, 0.45, (says, why), entry.entry_id, condition or None)
    wrong, judged = past.share_wrong(entry.entry_id)
    if judged >= LEAST_JUDGED and wrong >= ALWAYS_WRONG * judged:
        why = f"{wrong} of {judged} judged answers with {entry.entry_id} were wrong, so it is not the wording alone."
        return Finding(STALE_KNOWLEDGE, 0.55, (says, why), entry.entry_id, right_category_id=entry.category_id)
    if row["source"] in _SEEM_WRONG:
        why = f"{_SEEM_WRONG[str(row['source'])]}; what people said seems to be the same."
        return Finding(UNEXPLAINED, 0.4, (says, why), entry.entry_id, right_category_id=entry.category_id)
    why = "It was said, and names nothing that the right answer contradicts: what was wrong is how it was said."
    return Finding(
        TONE_OR_LENGTH,
        0.6 if row["source"] == REVIEW else 0.45,
        (says, why),
        entry.entry_id,
        right_category_id=entry.category_id,
    )


def _deciding(right: OnFile, other: OnFile, context: Mapping[str, object]) -> dict[str, list[str]]:
    """Conditions of the right entry that the other does not share, with this customer's value where it is known."""
    found = {}
    for name, values in right.conditions.items():
        if name.startswith(NEGATION) or list(other.conditions.get(name, ())) == list(values):
            continue
        own = known_value(context, name)
        found[name] = [own] if own in values else list(values)
    return found


def _says(match: Match, source: str) -> str:
    if match.is_named and source == REPLAY:
        return f"People linked, or said what is in, the live entry {match.entry.entry_id} (“{match.entry.question}”)."
    if match.is_named:
        return f"A person named the live entry {match.entry.entry_id} (“{match.entry.question}”)."
    return f"The live entry {match.entry.entry_id} (“{match.entry.question}”) says what is right ({match.p:.0%} sure)."

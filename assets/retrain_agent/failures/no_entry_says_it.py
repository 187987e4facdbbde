"""Failures for which no live entry says what would have been right: is one missing, out of date, or merged with another?

Belongs here: the tests over all failures whose right answers say the same. Does not belong here: failures that a live entry
could have mended (``said_wrong``).

They are told apart by whether one of the entries that were said is meant for the question: of the category, asked for by
its wordings, and nearer than any other. Then it is the entry for this question, and wrong: for customers who share a fact
(two cases were taken for one), from some day on, or in what it names. Otherwise none is on file. One that holds only for
customers of whom nobody knows whether they are those is for others, and theirs is missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assets.retrain_agent.failures.entries_on_file import OnFile
from assets.retrain_agent.failures.finding import Finding, in_words, named, quote
from assets.retrain_agent.failures.match import match_aside
from assets.retrain_agent.failures.particulars import missing_from
from assets.retrain_agent.failures.past_of_entries import PastOfEntries
from assets.retrain_agent.failures.sight import Sight
from assets.retrain_agent.failures.when_it_broke import TurningPoint
from assets.retrain_agent.failures.who_fails import TellingFact
from assets.retrain_agent.frames import (
    EDGE_CASE_COLLISION,
    INTENT_MISCLASSIFICATION,
    KNOWLEDGE_GAP,
    STALE_KNOWLEDGE,
)

MEANT = 0.54
"""Mean likeness of the questions to an entry's wordings from which it is meant for them."""
NEAREST = 0.5
"""Share of the questions to which no live entry's wordings may be nearer than those of the entry that is meant for them."""
AS_HELPED, ENOUGH_HELPED = 0.85, 3
"""An entry that helped so many is meant for whoever asks as like them as they ask like one another, but for this share."""
SAID_OFTEN = 0.05
"""What having been said to all of them adds to the likeness when the entry that is meant is sought."""
SAME_SUBJECT, SAME_TEXT = 0.4, 0.5
"""Likeness of two answers from which they are about the same, and from which one is a version of the other."""
FOR_OTHERS = 0.3
"""Share of the customers for whom an entry surely does not hold from which theirs is missing."""
SURE_WITHIN = 0.2
"""Distance from ``MEANT`` at which it is as sure as it gets."""
TIE = 1e-6
MEANT_ASIDE = 0.5
"""Likeness of a question to an entry that is set aside from which it is meant for it, being nearer than any live one."""
SURE_WITHIN = 0.35
"""Distance from ``MEANT`` at which it is as sure as it gets."""


@dataclass(frozen=True)
class SameRightAnswer:
    """Failures whose right answers say the same.

    category: the one that most of them have by the helpdesk, where two agree. aside: the entry that is out of date and for
    their question. lead: the live entry that was said to ``said_to`` of them and is nearest to what all ask; asked: how near
    (0..1), nearest: share to which no live entry is nearer, words: likeness of its answer to the right one, NaN unknown.
    helped_alike: how near they are to customers whom it helped, by how near these are to one another; 0 where it helped few.
    categories: those chosen and right for most.
    unsure_for: share of ``said_to`` of whom it is not known whether it holds for them; others: share of all for whom it
    surely does not.
    """

    members: Sequence[int]
    category: str | None
    aside: OnFile | None
    lead: OnFile | None = None
    said_to: Sequence[int] = ()
    asked: float = 0.0
    nearest: float = 0.0
    words: float = float("nan")
    unsure_for: float = 0.0
    others: float = 0.0
    helped_alike: float = 0.0
    categories: frozenset[str] = frozenset()
    fact: TellingFact | None = None
    turn: TurningPoint | None = None

    @property
    def is_asked_for(self) -> bool:
        """Whether the lead's wordings, or customers whom it helped, ask what these ask."""
        by_wording = self.asked >= MEANT and self.nearest >= NEAREST
        return self.lead is not None and (by_wording or self.helped_alike >= AS_HELPED)

    @property
    def is_meant(self) -> bool:
        """Whether the lead is the entry for their question, and of a category that is chosen or right."""
        return self.lead is not None and self.lead.category_id in self.categories and self.is_asked_for


def same_right_answers(sight: Sight, past: PastOfEntries, cases: Sequence[int]) -> dict[int, SameRightAnswer]:
    """The group of each of these failures."""
    members: dict[int, list[int]] = {}
    for case in cases:
        members.setdefault(int(sight.group[case]), []).append(case)
    groups = [_group(sight, past, group) for group in members.values()]
    said_to: dict[str, list[int]] = {}
    for one in groups:
        if one.lead is not None and one.is_meant:
            said_to.setdefault(one.lead.entry_id, []).extend(one.said_to)
    # An entry that took the place of several is wrong in as many ways: what they share is seen over all of them.
    facts = {name: past.telling_fact(name, sorted(cases)) for name, cases in said_to.items()}
    found = {}
    for one in groups:
        if one.fact is None and one.is_meant and one.lead is not None:
            one = replace(one, fact=facts[one.lead.entry_id])
        found.update(dict.fromkeys(one.members, one))
    return found


def nothing_says_it(sight: Sight, past: PastOfEntries, case: int, group: SameRightAnswer, known: set[str]) -> Finding:
    """The type of one failure of such a group.

    Args:
        known: categories that a message can be taken for.
    """
    row = sight.cases[case]
    none = f"No live entry says {quote(str(row['right_answer']))}."
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


def _group(sight: Sight, past: PastOfEntries, members: Sequence[int]) -> SameRightAnswer:
    category = sight.category_of_group(members[0])
    aside = _aside(sight, members, category)
    live = np.flatnonzero(sight.is_live)
    said_to: dict[int, list[int]] = {}
    for case in members:
        place = sight.place.get(sight.said[case] or "")
        if place is not None and sight.is_live[place]:
            said_to.setdefault(place, []).append(case)
    if not said_to:
        return SameRightAnswer(members, category, aside)
    asks = sight.asks[np.ix_(np.asarray(members), live)]
    asked = dict(zip(live.tolist(), asks.mean(axis=0).tolist(), strict=True))
    lead = max(said_to, key=lambda one: (asked[one] + SAID_OFTEN * len(said_to[one]) / len(members), -one))
    mine, entry = said_to[lead], sight.entries[lead]
    is_nearest = sight.asks[members, lead] >= asks.max(axis=1) - TIE
    rows = [sight.cases[case] for case in members]
    chosen, wanted = _most(row["category_id"] for row in rows), _most(row["right_category_id"] for row in rows)
    return SameRightAnswer(
        members,
        category,
        aside,
        entry,
        mine,
        asked[lead],
        float(is_nearest.mean()),
        float(np.mean(sight.words[mine, lead])),
        float(np.isnan(sight.holds[mine, lead]).mean()),
        float((sight.holds[members, lead] == 0).mean()),
        _alike(past, entry.entry_id, mine),
        frozenset(one for one in (category, chosen, wanted) if one is not None),
        past.telling_fact(entry.entry_id, mine),
        past.turning_point(entry.entry_id, mine),
    )


def _aside(sight: Sight, members: Sequence[int], category: str | None) -> OnFile | None:
    """The entry out of date that the question is nearer to than to any live one, or that alone their category has."""
    rows = [sight.cases[case] for case in members]
    own = _most(category or row["right_category_id"] or row["category_id"] for row in rows)
    live = np.flatnonzero(sight.is_live)
    nearest = float(sight.asks[np.ix_(np.asarray(members), live)].max(axis=1).mean()) if len(live) else 0.0
    found = []
    for place, entry in enumerate(sight.entries):
        if not entry.is_out_of_date or not (sight.holds[members, place] != 0).any():
            continue
        asked = float(sight.asks[members, place].mean())
        is_alone = entry.category_id == own and not any(
            sight.entries[one].category_id == own and (sight.holds[members, one] != 0).any() for one in live.tolist()
        )
        if is_alone or asked >= max(MEANT_ASIDE, nearest):
            found.append((is_alone, asked, entry.entry_id, entry))
    return max(found)[3] if found else None


def _alike(past: PastOfEntries, entry_id: str, cases: Sequence[int]) -> float:
    helped = past.right.get(entry_id, ())
    if len(helped) < ENOUGH_HELPED:
        return 0.0
    among = float(np.median([past.nearest_right(case, entry_id) for case in helped]))
    mean = float(np.mean([past.nearest_right(case, entry_id) for case in cases]))
    return mean / among if among > 0 else 0.0


def _most(names: Iterable[str | None]) -> str | None:
    """The name that is there most often."""
    return Counter(names).most_common(1)[0][0]


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
            f"With {in_words(fact.condition)} it was wrong for {wrong_with} and right for {right_with} customers; "
            f"without, wrong for {wrong_without} and right for {right_without} (p = {fact.p:.2g})."
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

"""Failures whose right answers say the same, and the entry on file that their question is nearest to.

Belongs here: putting them together, and measuring whether one of the entries that were said is meant for their question. Does
not belong here: what follows for a failure (``no_entry_says_it``).

An entry is meant for a question where its wordings ask it and no other entry's are nearer, or where customers who asked
alike were helped by it. The thresholds were set on planted faults of the sample desk, other ones than the benchmark counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assets.retrain_agent.failures.entries_on_file import OnFile
from assets.retrain_agent.failures.past_of_entries import PastOfEntries
from assets.retrain_agent.failures.sight import Sight
from assets.retrain_agent.failures.when_it_broke import TurningPoint
from assets.retrain_agent.failures.who_fails import TellingFact

MEANT = 0.54
"""Mean likeness of the questions to an entry's wordings from which it is meant for them."""
NEAREST, NEAREST_OF_CLEAR = 0.5, 0.3
"""Share of the questions to which the entry that is meant for them must be the nearest; the second, where a fact tells
clearly for whom it is the answer."""
AS_HELPED, ENOUGH_HELPED = 0.85, 3
"""An entry that helped so many is meant for whoever asks as like them as they ask like one another, but for this share."""
SAID_OFTEN = 0.02
"""What having been said to all of them adds to the likeness when the entry that is meant is sought."""
AS_NEAR, CLEARLY = 0.05, 0.02
"""Of entries this near to what is asked, the one of which a fact tells as clearly (p) for whom it is the answer comes first."""
MEANT_ASIDE = 0.5
"""Likeness of a question to an entry that is set aside from which it is meant for it, being nearer than any live one."""
TIE = 1e-6


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
        is_clear = self.fact is not None and self.fact.p <= CLEARLY
        by_wording = self.asked >= MEANT and self.nearest >= (NEAREST_OF_CLEAR if is_clear else NEAREST)
        return self.lead is not None and (by_wording or self.helped_alike >= AS_HELPED)

    @property
    def is_meant(self) -> bool:
        """Whether the lead is the entry for their question, and of a category that is chosen or right."""
        return self.lead is not None and self.lead.category_id in self.categories and self.is_asked_for


def same_right_answers(sight: Sight, past: PastOfEntries, cases: Sequence[int]) -> dict[int, SameRightAnswer]:
    """The group of each of these failures."""
    members: dict[int, list[int]] = {}
    for case in cases:
        group = int(sight.group[case])
        members.setdefault(group if group >= 0 else -1 - case, []).append(case)
    groups = [_group(sight, past, group) for group in members.values()]
    meant_for: dict[str, list[int]] = {}
    for one in groups:
        if one.lead is not None and one.is_meant:
            meant_for.setdefault(one.lead.entry_id, []).extend(
                _not_ruled_out(sight, one.members, sight.place[one.lead.entry_id])
            )
    # An entry that took the place of several is wrong in as many ways: what they share is seen over all of them.
    facts = {name: past.telling_fact(name, sorted(cases)) for name, cases in meant_for.items()}
    found = {}
    for one in groups:
        if one.is_meant and one.lead is not None:
            over_all = facts[one.lead.entry_id]
            if over_all is not None and (one.fact is None or over_all.p < one.fact.p):
                one = replace(one, fact=over_all)
        found.update(dict.fromkeys(one.members, one))
    return found


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
    facts = {
        one: past.telling_fact(sight.entries[one].entry_id, _not_ruled_out(sight, members, one))
        for one in said_to
        if asked[one] >= max(MEANT, max(asked[other] for other in said_to) - AS_NEAR)
    }

    def worth(one: int) -> tuple[float, int]:
        tells = (fact := facts.get(one)) is not None and fact.p <= CLEARLY
        return asked[one] + SAID_OFTEN * len(said_to[one]) / len(members) + AS_NEAR * tells, -one

    lead = max(said_to, key=worth)
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
        facts.get(lead),
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


def _not_ruled_out(sight: Sight, members: Sequence[int], place: int) -> list[int]:
    """Those for whom an entry may hold: that it does not hold for the others, its own conditions say."""
    return [case for case in members if sight.holds[case, place] != 0]


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

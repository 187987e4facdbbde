"""Which live entry says what would have been right for a failure, if one does.

Belongs here: choosing it. Does not belong here: the probabilities (``sight``), what follows (``said_wrong``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assets.retrain_agent.failures.entries_on_file import OnFile
from assets.retrain_agent.failures.particulars import missing_from, particulars
from assets.retrain_agent.failures.sight import Sight
from assets.retrain_agent.frames import REPLAY

EVEN = 0.5
NAMED_BY_PERSON = 0.95
LINKED, LINKED_AND_ASKED = 0.6, 0.35
"""A link in a past ticket is less than a name: helpers link articles beside the point. How likely it is right, and what a
question like its own adds."""
AS_LIKELY = 0.05
SAYS_ELSE_SHARE, SAYS_ELSE_COUNT = 0.4, 2
"""Of what the right answer names, the share and the number that an entry must lack to be another answer."""


@dataclass(frozen=True)
class Match:
    """entry: says what is right with probability p. lacks: what the right answer names and it does not. is_named: a
    person named or linked the entry."""

    entry: OnFile
    p: float
    lacks: tuple[str, ...] = ()
    is_named: bool = False


def match_live(sight: Sight, case: int) -> Match | None:
    """The live entry that says it; the one that was said, where it is as likely as the best."""
    return _match(sight, case, sight.is_live)


def match_aside(sight: Sight, case: int) -> Match | None:
    """The entry set aside that says it."""
    return _match(sight, case, ~sight.is_live)


def _match(sight: Sight, case: int, among: np.ndarray) -> Match | None:
    row = sight.cases[case]
    right = str(row["right_answer"] or "")
    is_read = bool((sight.words[case] == sight.words[case]).any())
    named = [sight.place[one] for one in row["right_entry_ids"] if one in sight.place and among[sight.place[one]]]
    if named:
        said = sight.place.get(sight.said[case] or "")
        best = said if said in named else max(named, key=lambda one: (sight.says[case, one], -one))
        lacks = missing_from(right, sight.entries[best].answer) if is_read else []
        # Somebody who names the entry that was said, and says something else, means its question and not its words.
        if not _says_else(right, lacks):
            p = NAMED_BY_PERSON
            if row["source"] == REPLAY:
                p = LINKED + LINKED_AND_ASKED * max(0.0, float(sight.asks[case, best]))
            return Match(sight.entries[best], p, tuple(lacks), is_named=True)
    likely = sight.likely(case)
    ranked = [int(one) for one in np.argsort(-likely, kind="stable") if among[one]]
    kept = []
    for place in ranked[:5]:
        p = float(likely[place])
        if p < EVEN:
            break
        lacks = missing_from(right, sight.entries[place].answer)
        if _says_else(right, lacks):
            continue
        kept.append(Match(sight.entries[place], p, tuple(lacks)))
    if not kept:
        return None
    best_p, fewest = kept[0].p, len(kept[0].lacks)
    own = next((one for one in kept if one.entry.entry_id == sight.said[case]), None)
    if own is not None and own.p >= best_p - AS_LIKELY and len(own.lacks) <= fewest:
        return own
    return kept[0]


def _says_else(right: str, lacks: Sequence[str]) -> bool:
    return len(lacks) >= SAYS_ELSE_COUNT and len(lacks) >= SAYS_ELSE_SHARE * len(particulars(right))

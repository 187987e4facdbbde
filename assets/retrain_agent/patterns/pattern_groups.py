"""Which failures belong together: by their type first, then by what a failure of that type is about.

Belongs here: the key of each type. Does not belong here: likeness of texts (``same_matter``), ids over time
(``pattern_identity``), counts and names.

=====================  =========================================================================================
type                   held together by
=====================  =========================================================================================
knowledge gap          what is asked and what would have been right
intent                 the category that was chosen and the one that is right
collision              the entry to mend, or the one that was said, and the condition
retrieval miss, stale  the entry to find or to mend; where none is known, what is asked
missed escalation      what a person had to be called for (risk signals); without any, what is asked
needless escalation    the trigger that fired, or the category; where neither is known, what is asked
tone or length         what is wrong with it, and the entry where one entry has half of them
unexplained            the category and what is asked
=====================  =========================================================================================
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assets.audit_tickets.roadmap.risk_patterns import ESCALATING_SIGNALS
from assets.audit_tickets.roadmap.risk_signals import find_risk_signals
from assets.pilot_agent.answers.frames import as_list
from assets.retrain_agent.frames import (
    EDGE_CASE_COLLISION,
    INTENT_MISCLASSIFICATION,
    MISSED_ESCALATION,
    NEEDLESS_ESCALATION,
    RETRIEVAL_MISS,
    STALE_KNOWLEDGE,
    TONE_OR_LENGTH,
    UNEXPLAINED,
)
from assets.retrain_agent.patterns.same_matter import MAX_CHARS, Matter, group_by_matter

Row = Mapping[str, Any]
SIGNALS_HEARD = (*ESCALATING_SIGNALS, "asks_for_person")
"""Risk signals for which a person is called; anger goes with everything and holds nothing together."""
LEAST_WITH_SIGNAL = 2
"""One failure alone with a signal may have it by chance: it goes by what is asked."""


@dataclass(frozen=True)
class Group:
    """Failures that belong together. key: what holds them together in words that stay the same over time; by_matter: they
    are held together by what is asked too, which the key does not say; rows: of the failures given, in their order."""

    failure_type: str
    key: tuple[str, ...]
    by_matter: bool
    rows: tuple[int, ...]


def group_failures(failures: Sequence[Row], matter: Matter) -> list[Group]:
    """Every failure in one group; the largest group of a type first.

    Args:
        failures: rows of ``frames.FAILURE``, oldest first, None where a cell is empty.
        matter: of the same rows.
    """
    by_type: dict[str, list[int]] = {}
    for row, one in enumerate(failures):
        by_type.setdefault(str(one["failure_type"]), []).append(row)
    found: list[Group] = []
    for failure_type in sorted(by_type):
        rows = by_type[failure_type]
        keyed = _KEYED.get(failure_type, _unkeyed)(failures, rows)
        for key, mine in sorted(keyed.items()):
            if _stands_alone(failure_type, key):
                found.append(Group(failure_type, key, False, tuple(mine)))
                continue
            part = matter.of(mine)
            for group in group_by_matter(part, list(range(len(mine)))[::-1]):
                found.append(Group(failure_type, key, True, tuple(mine[at] for at in group)))
    return sorted(found, key=lambda group: (group.failure_type, -len(group.rows), group.key, group.rows))


Keyed = dict[tuple[str, ...], list[int]]


def _stands_alone(failure_type: str, key: tuple[str, ...]) -> bool:
    """Whether the key says all that holds them together."""
    if failure_type == INTENT_MISCLASSIFICATION:
        return key[1] != ""
    return any(key) and failure_type not in (UNEXPLAINED,)


def _unkeyed(failures: Sequence[Row], rows: Sequence[int]) -> Keyed:
    return {("",): list(rows)}


def _by(value: Callable[[Row], tuple[str, ...]]) -> Callable[[Sequence[Row], Sequence[int]], Keyed]:
    def keyed(failures: Sequence[Row], rows: Sequence[int]) -> Keyed:
        found: Keyed = {}
        for row in rows:
            found.setdefault(value(failures[row]), []).append(row)
        return found

    return keyed


def said_entry(one: Row) -> str:
    """The entry that was said or suggested; "" where there was none."""
    said = as_list(one["entry_ids"])
    return str(said[0]) if said else ""


def _pair(one: Row) -> tuple[str, ...]:
    return (str(one["category_id"] or ""), str(one["right_category_id"] or ""))


def _target(one: Row) -> tuple[str, ...]:
    return (str(one["target_entry_id"] or ""),)


def _target_or_said(one: Row) -> tuple[str, ...]:
    return (str(one["target_entry_id"] or said_entry(one)),)


def _trigger_or_category(one: Row) -> tuple[str, ...]:
    if one["trigger_id"]:
        return ("trigger", str(one["trigger_id"]))
    category = one["right_category_id"] or one["category_id"]
    return ("category", str(category)) if category else ("", "")


def _collisions(failures: Sequence[Row], rows: Sequence[int]) -> Keyed:
    found: Keyed = {}
    for entry, mine in _by(_target_or_said)(failures, rows).items():
        conditions = {row: _condition_items(failures[row]["condition"]) for row in mine}
        for condition, group in by_most_shared(conditions).items():
            found[(*entry, str(condition or ""))] = sorted(group)
    return found


def _missed(failures: Sequence[Row], rows: Sequence[int]) -> Keyed:
    heard = {}
    for row in rows:
        hits = find_risk_signals(str(failures[row]["question"] or "")[:MAX_CHARS])
        heard[row] = sorted({hit.signal for hit in hits if hit.signal in SIGNALS_HEARD})
    found: Keyed = {}
    for signal, mine in by_most_shared(heard, least=LEAST_WITH_SIGNAL, join=False).items():
        found[(str(signal or ""),)] = mine
    return found


def _tones(failures: Sequence[Row], rows: Sequence[int]) -> Keyed:
    """What a setting of the whole agent makes wrong shows in many entries, what one entry says wrong in that alone."""
    found: Keyed = {}
    for (reason,), mine in _by(lambda one: (str(one["said_reason"] or "tone"),))(failures, rows).items():
        counts = Counter(said_entry(failures[row]) for row in mine)
        entry, most = min(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        own = [row for row in mine if said_entry(failures[row]) == entry] if most > 1 and 2 * most >= len(mine) else []
        rest = [row for row in mine if row not in set(own)]
        if own and entry:
            found[(reason, entry)] = own
        else:
            rest = list(mine)
        if rest:
            found[(reason, "")] = rest
    return found


def by_most_shared(items: Mapping[int, Sequence[str]], least: int = 1, join: bool = True) -> dict[Hashable, list[int]]:
    """Rows by the thing that most of them share, then what most of the rest share, and so on.

    Args:
        items: what each row has; "" counts as nothing.
        least: rows that must share a thing.
        join: rows that share nothing with enough others join the largest group; else they stay under None.
    """
    left = {row: {one for one in has if one} for row, has in items.items()}
    found: dict[Hashable, list[int]] = {}
    while True:
        counts = Counter(one for has in left.values() for one in has)
        if not counts:
            break
        thing, most = min(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        if most < least:
            break
        found[thing] = [row for row, has in left.items() if thing in has]
        left = {row: has for row, has in left.items() if thing not in has}
    if left:
        if join and found:
            largest = min(found, key=lambda thing: (-len(found[thing]), str(thing)))
            found[largest] = sorted([*found[largest], *left])
        else:
            found[None] = list(left)
    return found


def _condition_items(condition: Any) -> list[str]:
    """Each field with its values, as JSON; nothing where there is none or it cannot be read."""
    try:
        read = json.loads(condition) if isinstance(condition, str) else {}
    except ValueError:
        return []
    if not isinstance(read, dict):
        return []
    return [json.dumps({str(name): read[name]}, sort_keys=True) for name in sorted(read)]


_KEYED: Mapping[str, Callable[[Sequence[Row], Sequence[int]], Keyed]] = {
    INTENT_MISCLASSIFICATION: _by(_pair),
    EDGE_CASE_COLLISION: _collisions,
    RETRIEVAL_MISS: _by(_target),
    STALE_KNOWLEDGE: _by(_target_or_said),
    MISSED_ESCALATION: _missed,
    NEEDLESS_ESCALATION: _by(_trigger_or_category),
    TONE_OR_LENGTH: _tones,
    UNEXPLAINED: _by(lambda one: (str(one["right_category_id"] or one["category_id"] or ""),)),
}

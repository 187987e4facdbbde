"""For whom an answer holds, read off the customers: which fact tells those it failed from those it did not.

Belongs here: conditions of a proposed entry, and who remains when they are taken out. Does not belong here: the test of a
single fact (``build_knowledge.drafts.answer_conditions``), the form of conditions (``desk.conditions``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from assets.build_knowledge.conditions import CLOSED_FIELDS, NEGATION, Conditions, applies
from assets.build_knowledge.drafts.answer_conditions import COVERS, MAX_VALUES, NOT_CONDITIONS, derive_conditions
from assets.retrain_agent.fixes.training_ground import Ground
from assets.retrain_agent.fixes.whole_entries import conditions_of

LEAST_KNOWN = 2
"""Customers whose fact is known before it may decide anything."""


@dataclass(frozen=True)
class Telling:
    """Conditions, and by field how many of the customers whose fact is known have it: (have, known)."""

    conditions: Conditions
    support: Mapping[str, tuple[int, int]]

    @property
    def in_words(self) -> str:
        """ "plan is legacy (8 of 8 customers whose plan is known)"."""
        parts = []
        for name, values in self.conditions.items():
            field = name.removeprefix(NEGATION)
            verb = "is not" if name.startswith(NEGATION) else "is"
            said = f"{field} {verb} {' or '.join(values)}"
            if field in self.support:
                have, known = self.support[field]
                said += f" ({have} of {known} customers whose {field} is known)"
            parts.append(said)
        return " and ".join(parts)


def shared_condition(said: Conditions, tickets: Sequence[str], ground: Ground) -> Telling | None:
    """What the pattern says its customers share, if their facts on the training side bear it out."""
    support = {}
    for name, values in said.items():
        field = name.removeprefix(NEGATION)
        known = [value for one in tickets if (value := ground.facts.get(one, {}).get(field)) is not None]
        have = sum(applies({name: values}, {field: value}) is True for value in known)
        if len(known) < LEAST_KNOWN or have < COVERS * len(known):
            return None
        support[field] = (have, len(known))
    return Telling(dict(said), support) if said else None


def telling_facts(mine: Sequence[str], others: Sequence[str], answer: str, ground: Ground) -> Telling | None:
    """The facts that go with ``mine`` and not with ``others`` (ticket ids); None where no fact tells."""
    others = [one for one in others if one not in set(mine)]
    rows = [ground.facts.get(one, {}) for one in (*mine, *others)]
    fields = sorted({name for row in rows for name in row} - NOT_CONDITIONS)
    contexts = pd.DataFrame([[row.get(name) for name in fields] for row in rows], columns=fields, dtype="object")
    kept = [name for name in fields if 2 <= contexts[name].nunique() <= MAX_VALUES]
    derived = derive_conditions(range(len(mine)), contexts[kept], answer)
    return Telling(derived.conditions, derived.support) if derived.conditions else None


def left_out_by(rows: Sequence[Mapping[str, Any]], tickets: Sequence[str], ground: Ground) -> Telling | None:
    """What these customers are that entries on the same question are not for: the values that those leave out."""
    found: Conditions = {}
    support = {}
    for field in sorted({name.removeprefix(NEGATION) for row in rows for name in conditions_of(row)}):
        values = [value for one in tickets if (value := ground.facts.get(one, {}).get(field)) is not None]
        counts = Counter(
            value
            for value in values
            if all(applies(_of_field(conditions_of(row), field), {field: value}) is False for row in rows)
        )
        if len(values) >= LEAST_KNOWN and counts.total() >= COVERS * len(values):
            found[field] = sorted(counts)
            support[field] = (counts.total(), len(values))
    return Telling(found, support) if found else None


def everybody_else(conditions: Conditions, ground: Ground) -> Conditions:
    """Who is left when these customers are taken out of everybody, one field at a time and the first that can be said.

    Values as the desk's entries name them, where they name others of the field; else the field's values excluded.
    """
    for name, values in sorted(conditions.items(), key=lambda item: (item[0] not in CLOSED_FIELDS, item[0])):
        field = name.removeprefix(NEGATION)
        if name.startswith(NEGATION):
            return {field: list(values)}
        if field in CLOSED_FIELDS:
            return {field: sorted(set(CLOSED_FIELDS[field]) - set(values))}
        named = {
            one
            for row in ground.entries.values()
            for one in conditions_of(row).get(field, [])
            if not one.startswith(("<", ">", "="))
        }
        rest = sorted(named - set(values))
        return {field: rest} if rest and set(values) <= named else {f"{NEGATION}{field}": sorted(values)}
    return {}


def _of_field(conditions: Conditions, field: str) -> Conditions:
    return {name: values for name, values in conditions.items() if name.removeprefix(NEGATION) == field}

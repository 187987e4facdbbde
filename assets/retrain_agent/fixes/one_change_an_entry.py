"""Fixes of several patterns that change the same entry, made to agree: each can be accepted, in any order, and none undoes another.

Belongs here: laying proposals of one day side by side. Does not belong here: drawing one up, and what is live by the time it is
accepted (``apply_proposal``).

Two patterns often show one fault from two sides. Where their proposals change other parts of an entry, both get the entry with
both changes; where they change the same part, the heavier one stands and the other says what to decide first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assets.build_knowledge.conditions import overlap
from assets.build_knowledge.drafts.answer_groups import flat
from assets.build_knowledge.retrieval.same_answers import LEAST
from assets.retrain_agent.fixes.fix import Fix, note, quoted
from assets.retrain_agent.fixes.proposal import ProposedEntry
from assets.retrain_agent.fixes.right_answers import likeness_of
from assets.retrain_agent.fixes.training_ground import Ground
from assets.retrain_agent.fixes.whole_entries import as_proposed, with_sources

_FIELDS = ("category_id", "question", "answer", "conditions", "owner")


@dataclass
class _Standing:
    """What the heavier fixes make of an entry, and the number of the first of them."""

    entry: ProposedEntry
    first: int


def made_to_agree(fixes: Sequence[Fix], weights: Sequence[float], ground: Ground) -> list[Fix]:
    """The fixes, in the order given; a heavier one (``weights``) stands before a lighter one."""
    order = sorted(range(len(fixes)), key=lambda place: (-weights[place], place))
    standing: dict[str, _Standing] = {}
    made = list(fixes)
    touches: dict[str, list[int]] = {}
    for place in order:
        fix = made[place]
        twin = _same_new_entry(fix, standing, ground)
        if twin is not None:
            made[place] = _joined(fix, made[twin], fixes[twin])
            continue
        merged = _merged(fix, standing, ground)
        if merged is None:
            first = next(standing[one.entry_id].first for one in fix.proposal.entries if one.entry_id in standing)
            made[place] = _waits(fix, fixes[first])
            continue
        for entry in merged:
            known = standing.setdefault(entry.entry_id, _Standing(entry, place))
            known.entry = entry
            touches.setdefault(entry.entry_id, []).append(place)
    for name, places in touches.items():
        if len(places) > 1:
            sources = [one for place in places for one in fixes[place].source_ticket_ids]
            for place in places:
                made[place] = _with_entry(made[place], standing[name].entry, sources)
    return made


def _merged(fix: Fix, standing: Mapping[str, _Standing], ground: Ground) -> list[ProposedEntry] | None:
    """The fix's entries with what stands already; None where both change the same."""
    found = []
    for entry in fix.proposal.entries:
        there = standing.get(entry.entry_id)
        if there is None:
            found.append(entry)
            continue
        row = ground.entries.get(entry.entry_id) or ground.aside.get(entry.entry_id)
        if row is None or entry.base_hash != there.entry.base_hash:
            return None
        base = as_proposed(row)
        changes: dict[str, Any] = {}
        for name in _FIELDS:
            mine, theirs, before = (getattr(one, name) for one in (entry, there.entry, base))
            if mine != before and theirs not in (before, mine):
                return None
            changes[name] = mine if mine != before else theirs
        phrasings = list(dict.fromkeys([*there.entry.phrasings, *entry.phrasings]))
        sources = with_sources(there.entry.sources, entry.sources)
        found.append(replace(there.entry, **changes, phrasings=phrasings, sources=sources))
    return found


def _same_new_entry(fix: Fix, standing: Mapping[str, _Standing], ground: Ground) -> int | None:
    """The heavier fix that makes the same new entry: it says the same, to customers of both, whatever its wordings."""
    for entry in (one for one in fix.proposal.entries if one.base_hash is None):
        rivals = [
            one
            for one in standing.values()
            if one.entry.base_hash is None
            and one.entry.category_id == entry.category_id
            and overlap(one.entry.conditions, entry.conditions)
        ]
        texts = [entry.answer, *(one.entry.answer for one in rivals)]
        alike = likeness_of(texts, ground.vectors([flat(one) for one in texts]))[0, 1:]
        for one, likeness in zip(rivals, alike, strict=True):
            if likeness >= LEAST or _asks(one.entry) == _asks(entry):
                return one.first
    return None


def _asks(entry: ProposedEntry) -> str:
    return " ".join(entry.question.casefold().split()).rstrip("?!. ")


def _joined(fix: Fix, other: Fix, shown: Fix) -> Fix:
    why = f"It is the same change as {quoted(shown.title)}: accept one of them and both are mended."
    return replace(
        other,
        title=fix.title,
        why=(*fix.why, why),
        source_ticket_ids=tuple(dict.fromkeys([*other.source_ticket_ids, *fix.source_ticket_ids])),
    )


def _with_entry(fix: Fix, entry: ProposedEntry, sources: Sequence[str]) -> Fix:
    entries = tuple(entry if one.entry_id == entry.entry_id else one for one in fix.proposal.entries)
    if entries == fix.proposal.entries:
        return fix
    why = f"Another pattern changes {entry.entry_id} too: the entry is shown here with both changes."
    return replace(
        fix,
        proposal=replace(fix.proposal, entries=entries),
        why=(*fix.why, why),
        source_ticket_ids=tuple(dict.fromkeys([*fix.source_ticket_ids, *sources])),
    )


def _waits(fix: Fix, first: Fix) -> Fix:
    return note(
        f"Decide first: {first.title}",
        fix.why[0] if fix.why else "",
        f"This is about the same entry and would change the same of it. Once that is decided, look whether these failures go on. "
        f"What was proposed here: {quoted(fix.title)}.",
        entry_id=fix.entry_id,
    )

"""What a proposal comes to on a desk as it stands: each entry before and after, the spec before and after, what is in the way.

Belongs here: laying a proposal over files and splits, without writing anything. Does not belong here: deciding (``fix_desk``),
how a proposal was drawn up (``assets.retrain_agent.fixes``).

A person may change a proposal, but not what it rests on: the versions it was drawn up on and its sources are always those of
the queue, so that an edited file claims neither.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from assets.retrain_agent.fixes.proposal import Proposal, ProposedEntry, ProposedLabel
from desk.behavior import behavior_hash
from desk.knowledge import Entry
from desk.loading import Desk, DeskError
from ledger.signable import document_digest
from orchestration.lake import Lake
from orchestration.people.behavior_desk import BehaviorProblem
from orchestration.people.behavior_file import BehaviorChange, changed_behavior
from orchestration.people.knowledge_correction import TRAIN
from orchestration.people.knowledge_desk import KnowledgeProblem, nothing_called, published, read_entries
from orchestration.people.knowledge_files import WrongFields, checked_entry, taken_ids


@dataclass(frozen=True)
class EntryChange:
    """An entry on file and as it would be. before: None for a new one. is_written: the file says it already."""

    before: Entry | None
    after: Entry

    @property
    def is_written(self) -> bool:
        """Whether the file holds exactly this content already."""
        return self.before is not None and self.before.content_hash == self.after.content_hash


@dataclass(frozen=True)
class FixParts:
    """A proposal laid over the desk. proposal: with what it rests on, under the ids its entries get; problems: what keeps it
    from being accepted, as sentences; not_for_learning: those of them that are about tickets that measure the agent."""

    proposal: Proposal
    entries: tuple[EntryChange, ...]
    behavior: BehaviorChange | None
    problems: tuple[str, ...]
    not_for_learning: tuple[str, ...]

    @property
    def mark(self) -> str:
        """Hash of what a person is shown: 64 hex digits over the proposal and what it would replace."""
        return document_digest(
            {
                "proposal": self.proposal.to_json(),
                "entries": [[one.after.id, one.before and one.before.content_hash] for one in self.entries],
                "behavior": self.behavior and behavior_hash(self.behavior.before),
            }
        )


def parts_of(
    desk: Desk, fix_id: str, original: Proposal, edited: Proposal | None = None, source_ticket_ids: tuple[str, ...] = ()
) -> FixParts:
    """Lay a proposal, or what a person made of it, over the desk.

    Args:
        source_ticket_ids: what the fix was drawn from, as the queue says.

    Raises:
        WrongFields: what a person made of it is no entry.
    """
    chosen = original if edited is None else _on_the_same_ground(edited, original)
    problems: list[str] = []
    changes: tuple[EntryChange, ...] = ()
    try:
        changes, named = _entries(desk, fix_id, chosen, problems)
        chosen = replace(chosen, entries=named)
    except WrongFields as problem:
        if edited is not None:
            raise
        problems.append(f"it is no entry as it stands, and has to be edited: {problem}")
    behavior = _behavior(desk, chosen, problems)
    problems += _unknown_categories(desk, chosen)
    measuring = _not_for_learning(desk, chosen, changes, source_ticket_ids)
    return FixParts(chosen, changes, behavior, (*problems, *measuring), measuring)


def _on_the_same_ground(edited: Proposal, original: Proposal) -> Proposal:
    known = {one.entry_id: one for one in original.entries}
    every_source = [dict(source) for one in original.entries for source in one.sources]
    was = {one.ticket_id: one.was for one in original.labels}
    entries = [
        replace(one, base_hash=known[one.entry_id].base_hash, sources=known[one.entry_id].sources)
        if one.entry_id in known
        else replace(one, base_hash=None, sources=every_source)
        for one in edited.entries
    ]
    labels = [ProposedLabel(one.ticket_id, one.category_id, was.get(one.ticket_id)) for one in edited.labels]
    return replace(edited, entries=tuple(entries), labels=tuple(labels))


def _entries(
    desk: Desk, fix_id: str, proposal: Proposal, problems: list[str]
) -> tuple[tuple[EntryChange, ...], tuple[ProposedEntry, ...]]:
    if not proposal.entries:
        return (), ()
    on_file, rejected = read_entries(desk)
    known, taken = {one.id: one for one in on_file}, taken_ids(desk, on_file, rejected)
    lapsed = _lapsed(desk)
    changes, named = [], []
    for proposed in proposal.entries:
        before = known.get(proposed.entry_id)
        after = checked_entry(desk, partial(_after, before, proposed, lapsed))
        if proposed.base_hash is None:
            if proposed.entry_id in taken and (before is None or before.content_hash != after.content_hash):
                # Somebody took the id meanwhile. The next one is made of the fix, so that doing it again finds the file.
                proposed = replace(proposed, entry_id=f"{proposed.entry_id[:56].rstrip('-_')}-{fix_id[:6]}")
                before = known.get(proposed.entry_id)
                after = checked_entry(desk, partial(_after, before, proposed, lapsed))
        elif before is None:
            broken = [str(one) for one in rejected if one.entry_id == proposed.entry_id]
            problems.append(
                f"the entry '{proposed.entry_id}' is not on file any more"
                + (f": {broken[0]}" if broken else ", so there is nothing to change")
            )
        elif before.content_hash not in (proposed.base_hash, after.content_hash):
            problems.append(
                f"somebody has changed the entry “{before.question}” ({before.id}) since this fix was drawn up. Look at "
                "what it says now; the next run of retrain_agent draws the fix up anew"
            )
        changes.append(EntryChange(before, after))
        named.append(proposed)
    return tuple(changes), tuple(named)


def _lapsed(desk: Desk) -> set[tuple[str, str]]:
    """Versions that are not live because they are out of date: brought back, nothing ends them any more."""
    aside = Lake(desk.home).previous("entries_set_aside")
    if aside is None:
        return set()
    out = aside[~aside["is_in_date"].fillna(False).astype(bool)]
    return set(zip(out["entry_id"], out["content_hash"], strict=True))


def _after(before: Entry | None, proposed: ProposedEntry, lapsed: set[tuple[str, str]]) -> Entry:
    """The entry as proposed; of one on file that is changed, the rest stays."""
    fields: dict[str, Any] = {
        "category": proposed.category_id,
        "question": proposed.question,
        "answer": proposed.answer,
        "conditions": proposed.conditions,
        "phrasings": proposed.phrasings,
    }
    if before is None or proposed.base_hash is None:
        file = "" if before is None else before.file
        new = {"id": proposed.entry_id, "owner": proposed.owner, "sources": proposed.sources, "file": file}
        return Entry.model_validate({**fields, **new})
    sources = before.model_dump()["sources"]
    there = {(one["kind"], one["id"]) for one in sources}
    sources += [one for one in proposed.sources if (one["kind"], one["id"]) not in there]
    if (before.id, before.content_hash) in lapsed:
        fields["valid_until"] = None
    return before.changed(**fields, sources=sources, owner=proposed.owner or before.owner)


def _behavior(desk: Desk, proposal: Proposal, problems: list[str]) -> BehaviorChange | None:
    if not proposal.touches_behavior:
        return None
    try:
        found = changed_behavior(desk, proposal.triggers, proposal.settings)
    except (BehaviorProblem, DeskError) as problem:
        problems.append(str(problem))
        return None
    problems += [f"behavior.yaml would not be complete: {one}" for one in found.problems]
    return found


def _unknown_categories(desk: Desk, proposal: Proposal) -> list[str]:
    known = [one.id for one in desk.categories]
    strange = sorted({one.category_id for one in proposal.labels} - set(known))
    return [
        f"{nothing_called(one, 'category', known)} A ticket is given one that is in categories.yaml." for one in strange
    ]


def _not_for_learning(
    desk: Desk, proposal: Proposal, changes: tuple[EntryChange, ...], source_ticket_ids: tuple[str, ...]
) -> tuple[str, ...]:
    """A sentence where the fix rests on tickets that may not teach. What an entry on file names already was decided then."""
    drawn_on = {*source_ticket_ids, *(one.ticket_id for one in proposal.labels)}
    for change in changes:
        before = {one.id for one in change.before.sources} if change.before else set()
        drawn_on |= {one.id for one in change.after.sources if one.kind == "ticket"} - before
    if not drawn_on:
        return ()
    try:
        splits = published(desk, "ticket_splits")
    except KnowledgeProblem as problem:
        return (f"whether its tickets may teach is not known: {problem}",)
    training = set(splits.loc[splits["split"] == TRAIN, "ticket_id"])
    if not (others := sorted(drawn_on - training)):
        return ()
    shown = ", ".join(others[:3]) + (f" and {len(others) - 3} more" if len(others) > 3 else "")
    return (
        f"the fix rests on tickets that are not for learning ({shown}): they measure how good the agent is, or it is not "
        "decided yet what they are for. An agent that learnt from them would be graded on what it was told",
    )

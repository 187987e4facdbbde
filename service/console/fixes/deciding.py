"""Accepting and rejecting a fix: who may, in which role, and what a person made of the proposal before.

Belongs here: from what is on the screen to ``orchestration.people.fix_desk``. Does not belong here: what accepting writes
(there), drawing (``fix_page``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assets.retrain_agent.fixes.proposal import Proposal
from orchestration.people.fix_roles import roles_of
from orchestration.people.knowledge_desk import Reviewer
from orchestration.people.knowledge_files import WrongFields, checked_entry
from service.identity.account import Account, NotAllowed, Role

if TYPE_CHECKING:
    from desk.loading import Desk
    from service.console.fixes.detail import EntryEdit
    from service.console.frame import Visit

CARRIED = ("category", "question", "answer", "conditions", "phrasings", "owner")
"""What a proposed entry has of an entry's fields."""


class WrongEntries(WrongFields):
    """What was written is no entry; ``by_entry`` has a sentence a field, by the entry's place in the proposal."""

    def __init__(self, by_entry: Mapping[int, Mapping[str, str]]) -> None:
        super().__init__({name: words for fields in by_entry.values() for name, words in fields.items()})
        self.by_entry = dict(by_entry)


def refusal(account: Account, known: Sequence[str], proposal: Proposal | None) -> str | None:
    """Why this person may not decide about this fix; None where they may. known: ``known_roles`` of it."""
    try:
        _role(account, known, proposal)
    except NotAllowed as problem:
        return str(problem)
    return None


def reviewer(visit: Visit, desk: Desk, proposal: Proposal | None, note: str = "") -> Reviewer:
    """The person as the ledger will know them.

    Raises:
        NotAllowed: they may not decide about this fix. SessionEnded: they are not signed in any more.
    """
    account = visit.account()
    return Reviewer(
        account.name, _role(account, known_roles(desk, proposal), proposal), visit.service.clock(), note.strip()
    )


def known_roles(desk: Desk, proposal: Proposal | None) -> list[str]:
    """The roles any one of which decides about a fix."""
    return roles_of(desk, proposal or Proposal())


def _role(account: Account, known: Sequence[str], proposal: Proposal | None) -> str:
    """Whoever signs knowledge decides about entries and labels, whoever signs behavior about triggers and settings."""
    proposal = proposal or Proposal()
    if proposal.touches_behavior:
        account.require(Role.APPROVER)
    if proposal.entries or proposal.labels or not proposal.touches_behavior:
        account.require(Role.KNOWLEDGE_OWNER)
    if not known:
        raise NotAllowed("It changes entries and behavior at once, and desk.yaml names no role that signs both.")
    return account.signing_role(known)


def edited_proposal(
    desk: Desk,
    proposal: Proposal,
    edits: Sequence[EntryEdit],
    fields: Sequence[Mapping[str, Any]] | None,
    left_out: Collection[str] = (),
) -> Proposal:
    """The proposal as the person left it.

    Args:
        fields: an entry form's values for each entry, None where no entry was edited. left_out: tickets whose labels stay.

    Raises:
        WrongEntries: with these values one is no entry.
    """
    labels = tuple(one for one in proposal.labels if one.ticket_id not in left_out)
    if fields is None:
        return replace(proposal, labels=labels)
    wrong: dict[int, Mapping[str, str]] = {}
    entries = []
    for place, (edit, given) in enumerate(zip(edits, fields, strict=True)):
        values = {name: given[name] for name in CARRIED}
        try:
            entry = checked_entry(desk, lambda edit=edit, values=values: _entry(edit, values))  # type: ignore[misc]
        except WrongFields as problem:
            wrong[place] = problem.fields
            continue
        entries.append(
            replace(
                edit.proposed, category_id=entry.category, question=entry.question, answer=entry.answer,
                conditions=dict(entry.conditions), phrasings=list(entry.phrasings), owner=entry.owner,
            )
        )  # fmt: skip
    if wrong:
        raise WrongEntries(wrong)
    return replace(proposal, entries=tuple(entries), labels=labels)


def _entry(edit: EntryEdit, values: Mapping[str, Any]) -> Any:
    from desk.entry import Entry

    if edit.before is not None:
        return edit.before.changed(**values)
    return Entry.model_validate({"id": edit.proposed.entry_id, **values})

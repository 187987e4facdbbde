"""Everything that the page of an entry shows, read in one go.

Belongs here: reading. Does not belong here: drawing (``entry_parts``), changing the entry (``entry_page``).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orchestration.people import knowledge_history
from orchestration.people.knowledge_correction import Correction, correction_of
from orchestration.people.knowledge_desk import KnowledgeProblem, read_entries
from orchestration.people.knowledge_files import OpenedEntry, open_entry
from service.console.frame import Visit
from service.console.knowledge import entry_parts, gathering, parts
from service.console.knowledge.entry_form import Choices

if TYPE_CHECKING:
    from desk.entry import Entry


@dataclass(frozen=True)
class EntryView:
    """An entry and all that the page says of it."""

    opened: OpenedEntry
    state: entry_parts.State
    history: list[knowledge_history.Acceptance]
    before: Entry | None
    findings: list[dict[str, Any]]
    sources: list[parts.ShownSource]
    choices: Choices
    waiting: gathering.Waiting
    refusal: str | None
    until: dt.date
    owner: str
    correction: Correction | str | None
    """what a review offers, or why it cannot be used"""

    @property
    def entry(self) -> Entry:
        """The entry on file."""
        return self.opened.entry


def gather(visit: Visit, name: str, answer: str) -> EntryView:
    """Read everything about an entry.

    Raises:
        KnowledgeProblem: there is no such entry, or its file has a mistake.
    """
    service = visit.service
    desk = service.desk
    opened = open_entry(desk, name)
    entry = opened.entry
    history = knowledge_history.acceptances(desk, name)
    correction: Correction | str | None = None
    if answer:
        try:
            correction = correction_of(desk, answer)
        except KnowledgeProblem as problem:
            correction = str(problem)
    owner = entry.owner or next((one.owner for one in desk.categories if one.id == entry.category), None)
    return EntryView(
        opened=opened,
        state=entry_parts.state_of(desk, service, entry),
        history=history,
        before=knowledge_history.accepted_before(history, entry),
        findings=entry_parts.findings_about(desk, entry),
        sources=gathering.shown_sources(desk, entry.model_dump()["sources"]),
        choices=Choices.of(desk, read_entries(desk)[0]),
        waiting=gathering.waiting(desk),
        refusal=parts.may_decide(visit, desk),
        until=service.clock().date() + dt.timedelta(days=desk.settings.knowledge.review_every_days),
        owner=owner or "",
        correction=correction,
    )

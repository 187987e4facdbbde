"""What the page of drafts shows: the open drafts, and one of them with what it rests on.

Belongs here: reading. Does not belong here: drawing and deciding (``draft_pages``).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orchestration.people.knowledge_desk import KnowledgeProblem, read_entries
from orchestration.people.knowledge_new import draft_as_entry
from orchestration.people.knowledge_review import open_drafts
from service.console.frame import Visit
from service.console.knowledge import gathering, parts
from service.console.knowledge.entry_form import Choices

if TYPE_CHECKING:
    from desk.entry import Entry
    from desk.loading import Desk
    from service.service import Service


@dataclass(frozen=True)
class ShownDraft:
    """A draft as it is offered. ``entry``: what would be accepted; ``problem``: why it cannot be as it stands."""

    row: dict[str, Any]
    entry: Entry | None
    problem: str | None
    is_file: bool
    sources: list[parts.ShownSource]
    owner: str
    until: dt.date


@dataclass(frozen=True)
class Shelf:
    """What the page begins with; ``rows`` is None where nothing was drafted yet."""

    rows: list[dict[str, Any]] | None
    names: dict[str, str]
    choices: Choices
    waiting: gathering.Waiting
    refusal: str | None


def shelf(visit: Visit, category: str) -> Shelf:
    """The open drafts of a category, or of all where nobody knows it."""
    desk = visit.service.desk
    names = gathering.category_names(desk)
    found = gathering.or_none(lambda: open_drafts(desk, category if category in names else None))
    rows: list[Any] | None = None if found is None else found.to_dict("records")
    choices = Choices.of(desk, read_entries(desk)[0])
    return Shelf(rows, names, choices, gathering.waiting(desk), parts.may_decide(visit, desk))


def shown_draft(service: Service, row: dict[str, Any]) -> ShownDraft:
    """One draft with what it rests on, as things stand now."""
    desk = service.desk
    written = gathering.entries_by_draft(desk).get(row["draft_id"])
    problem = None
    entry = written
    if entry is None:
        try:
            entry = draft_as_entry(desk, row["draft_id"])
        except KnowledgeProblem as found:
            problem = str(found)
    given = entry.owner if entry is not None else row.get("suggested_owner")
    owner = given if isinstance(given, str) else _category_owner(desk, row["category_id"])
    until = service.clock().date() + dt.timedelta(days=desk.settings.knowledge.review_every_days)
    sources = gathering.shown_sources(desk, gathering.sources_in(row["sources"]))
    return ShownDraft(row, entry, problem, written is not None, sources, owner, until)


def _category_owner(desk: Desk, category: str) -> str:
    return next((one.owner or "" for one in desk.categories if one.id == category), "")

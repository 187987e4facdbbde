"""Entries that people make: from a draft they changed, by hand, or from the correction of an answer.

Belongs here: making the entry, accepted at once where asked. Does not belong here: files (``knowledge_files``), accepting
(``knowledge_review``), what a correction offers and whether it may teach (``knowledge_correction``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from assets.build_knowledge.entries.review import draft_entry
from orchestration.people.knowledge_correction import correction_of
from orchestration.people.knowledge_desk import KnowledgeProblem, Reviewer
from orchestration.people.knowledge_files import OpenedEntry, make_entry, save_entry
from orchestration.people.knowledge_review import accept, open_drafts

if TYPE_CHECKING:
    from desk.knowledge import Entry
    from desk.loading import Desk


def draft_as_entry(desk: Desk, draft_id: str) -> Entry:
    """The entry that an open draft proposes, not written anywhere.

    Raises:
        KnowledgeProblem: there is no such open draft, or it is no entry as it stands.
    """
    return _proposed(desk, draft_id)[1]


def entry_from_draft(
    desk: Desk,
    draft_id: str,
    fields: Mapping[str, Any],
    reviewer: Reviewer,
    *,
    shown: str,
    accepts: bool,
    review_by: dt.date | None = None,
) -> tuple[OpenedEntry, list[str]]:
    """Make an entry of a draft as a person changed it, and accept it where asked.

    Args:
        fields: values by name, of ``knowledge_files.FIELD_NAMES``.
        shown: content hash of the draft the person began from.

    Raises:
        KnowledgeProblem: the draft is decided, was written as a file, or is another one now. WrongFields: what was
            written is no entry. LedgerError: the role may not accept.
    """
    draft, proposed = _proposed(desk, draft_id)
    if proposed.content_hash != shown:
        raise KnowledgeProblem("The draft is not what you were shown, so nothing was made of it. Look at it again.")
    kept = {"sources": proposed.model_dump()["sources"], "draft_id": draft["draft_id"]}
    return _made(desk, {**_fields(proposed), **kept, **fields}, reviewer, accepts, review_by)


def entry_by_hand(
    desk: Desk, fields: Mapping[str, Any], reviewer: Reviewer, *, accepts: bool, review_by: dt.date | None = None
) -> tuple[OpenedEntry, list[str]]:
    """Make an entry that rests on nothing but what a person knows. Arguments and errors as ``entry_from_draft``."""
    return _made(desk, dict(fields), reviewer, accepts, review_by)


def entry_from_correction(
    desk: Desk,
    answer_id: str,
    fields: Mapping[str, Any],
    reviewer: Reviewer,
    *,
    accepts: bool,
    review_by: dt.date | None = None,
) -> tuple[OpenedEntry, list[str]]:
    """Make an entry of the correction of an answer, with its ticket as the source, and accept it where asked.

    Raises:
        NotForLearning: the ticket is not one that may teach. KnowledgeProblem: there is no such answer. WrongFields: what
            was written is no entry. LedgerError: the role may not accept.
    """
    source = correction_of(desk, answer_id).source
    return _made(desk, {**fields, "sources": [source]}, reviewer, accepts, review_by)


def change_from_correction(
    desk: Desk, opened: OpenedEntry, answer_id: str, fields: Mapping[str, Any]
) -> tuple[OpenedEntry, list[str]]:
    """Change an entry because of the correction of an answer, whose ticket becomes one more source of it.

    Raises:
        as ``entry_from_correction`` and ``knowledge_files.save_entry``.
    """
    return save_entry(desk, opened, fields, drawn_from=correction_of(desk, answer_id).source)


def _made(
    desk: Desk, fields: dict[str, Any], reviewer: Reviewer, accepts: bool, review_by: dt.date | None
) -> tuple[OpenedEntry, list[str]]:
    opened, said = make_entry(desk, fields)
    if not accepts:
        return opened, [*said, "It waits to be accepted."]
    entry = opened.entry
    words = accept(desk, entry.id, reviewer, owner=entry.owner, review_by=review_by, shown=entry.content_hash)
    return opened, [*said, *words]


def _proposed(desk: Desk, draft_id: str) -> tuple[dict[str, Any], Entry]:
    from pydantic import ValidationError

    drafts = open_drafts(desk)
    rows: list[Any] = drafts[drafts["draft_id"] == draft_id].to_dict("records")
    if not rows:
        raise KnowledgeProblem(
            "This draft is not open any more: somebody has decided about it, or it was drafted anew."
        )
    try:
        return rows[0], draft_entry(rows[0])
    except ValidationError as error:
        raise KnowledgeProblem(f"The draft is no entry as it stands: {error.errors()[0]['msg']}") from error


def _fields(entry: Entry) -> dict[str, Any]:
    return {
        name: getattr(entry, name) for name in ("category", "question", "answer", "conditions", "phrasings", "owner")
    }

"""``understudy knowledge draft``, ``accept`` and ``reject``: drafts become files, and files are accepted.

Does not belong here: arguments and printing (``knowledge``), what a review makes of a draft
(``assets.build_knowledge.entries.review``).
"""

import datetime as dt
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import pandas as pd
from pydantic import ValidationError

from assets.build_knowledge.entries.review import (
    ReviewError,
    accept_draft,
    accept_entry,
    draft_entry,
    entry_file,
    sign_entries,
)
from desk.knowledge import Entry, write_entry
from desk.loading import Desk
from ledger.events import display_name
from ledger.knowledge import draft_decisions, reject_drafts
from ledger.signable import require_known_role
from orchestration.lake import Lake
from orchestration.people.knowledge_desk import (
    KnowledgeProblem,
    Reviewer,
    knowledge_roles,
    ledger_of,
    nothing_called,
    published,
    read_entries,
    records,
    require_category,
    undismissed,
)
from orchestration.people.knowledge_files import EntryChanged, one_writer, refuse_broken, taken_ids


def open_drafts(desk: Desk, category: str | None = None) -> pd.DataFrame:
    """Published drafts that nobody has decided about, the most promising first.

    Raises:
        KnowledgeProblem: there are no drafts yet, or no such category.
    """
    drafts = published(desk, "knowledge_drafts")
    if category is not None:
        require_category(desk, category)
        drafts = drafts[drafts["category_id"] == category]
    with ledger_of(desk) as ledger:
        decided = set(draft_decisions(ledger)["draft_id"])
    drafts = drafts[(drafts["status"] == "open") & ~drafts["draft_id"].isin(decided)]
    return drafts.sort_values(["category_id", "score", "draft_id"], ascending=[True, False, True], ignore_index=True)


def write_drafts(desk: Desk, drafts: pd.DataFrame) -> list[str]:
    """Write drafts as files with status draft, for people to edit; what is there is kept. Returns what to tell."""
    with one_writer(desk):
        return _write_drafts(desk, drafts)


def _write_drafts(desk: Desk, drafts: pd.DataFrame) -> list[str]:
    entries, rejected = read_entries(desk)
    by_draft = {entry.draft_id: entry.file for entry in entries if entry.draft_id}
    said = []
    taken = taken_ids(desk, entries, rejected)
    for draft in records(drafts):
        if draft["draft_id"] in by_draft:
            said.append(f"kept   {desk.knowledge / by_draft[draft['draft_id']]}")
            continue
        entry = _made(draft["draft_id"], partial(draft_entry, draft, taken=taken))
        taken.add(entry.id)
        write_entry(desk.knowledge / entry_file(entry), entry)
        said.append(f"wrote  {desk.knowledge / entry_file(entry)}")
    return said


def accept(
    desk: Desk,
    name: str,
    reviewer: Reviewer,
    *,
    owner: str | None = None,
    review_by: dt.date | None = None,
    shown: str | None = None,
) -> list[str]:
    """Accept a draft or an entry: its file says so, and the ledger holds a signature on exactly this content.

    Of a draft that was written as a file, the file as people edited it is what counts. Returns what to tell.

    Args:
        owner: who answers for it; by default as it says, else the owner of its category.
        review_by: until when it counts as reviewed; by default as the desk says.
        shown: content hash of what the person was shown; where there is something else now, or a draft was rejected
            meanwhile, nothing is accepted.

    Raises:
        KnowledgeProblem: there is no such draft or entry, its file has a mistake, nobody owns it, or it was rejected.
        EntryChanged: it is not what the person was shown.
        LedgerError: the role may not accept, or the name is empty; nothing is written then.
    """
    require_known_role(reviewer.role, knowledge_roles(desk), signs="knowledge")
    display_name(reviewer.by)
    with one_writer(desk):
        return _accept(desk, name, reviewer, owner, review_by, shown)


def _accept(
    desk: Desk, name: str, reviewer: Reviewer, owner: str | None, review_by: dt.date | None, shown: str | None
) -> list[str]:
    entries, rejected = read_entries(desk)
    if shown is not None:
        _refuse_rejected(desk, name)
    today = reviewer.at.date()
    until = review_by or today + dt.timedelta(days=desk.settings.knowledge.review_every_days)
    found = next((entry for entry in entries if name in (entry.id, entry.draft_id)), None)
    refuse_broken(desk, name, rejected)
    if found is not None:
        who = owner or found.owner or _category_owner(desk, found.category)
        accepted = _made(name, lambda: accept_entry(found, who, today, until))
    else:
        draft = _draft(desk, name, entries)
        given = draft.get("suggested_owner")
        suggested = None if given is None or pd.isna(given) else str(given)
        who = owner or suggested or _category_owner(desk, draft["category_id"])
        taken = taken_ids(desk, entries, rejected)
        accepted = _made(name, lambda: accept_draft(draft, who, today, until, taken=taken))
        require_category(desk, accepted.category)
    if shown is not None and accepted.content_hash != shown:
        raise EntryChanged(
            "What is there now is not what you were shown, so nothing was accepted. Look at it again, then accept it.",
            accepted,
        )
    file = desk.knowledge / entry_file(accepted)
    write_entry(file, accepted)
    with ledger_of(desk) as ledger:
        sign_entries(ledger, [accepted], note=reviewer.note or None, **reviewer.as_words(desk))
    said = [
        f"{reviewer.by} accepted '{accepted.id}' as {reviewer.role} (content {accepted.content_hash[:12]}): "
        f"{accepted.question}",
        f"{file}: owned by {accepted.owner}, to be looked at again by {until}.",
    ]
    for finding in records(_open_findings_about(desk, accepted)):
        said.append(f"It is not live yet: {finding['type']} ({finding['reason']}): {finding['fix']}")
    return said


def reject(desk: Desk, name: str, reviewer: Reviewer) -> list[str]:
    """Record that a draft is not wanted, and why. Returns what to tell. Raises as ``accept`` does."""
    require_known_role(reviewer.role, knowledge_roles(desk), signs="knowledge")
    entries, _ = read_entries(desk)
    draft = _draft(desk, name, entries)
    with ledger_of(desk) as ledger:
        reject_drafts(ledger, [name], note=reviewer.note, **reviewer.as_words(desk))
    said = [f"{reviewer.by} rejected {name} as {reviewer.role}: {draft['question']}"]
    if file := next((entry.file for entry in entries if entry.draft_id == name), None):
        said.append(f"Its file is still there; remove it if nobody needs it: {desk.knowledge / file}")
    return said


def _draft(desk: Desk, name: str, entries: Iterable[Entry]) -> dict[str, Any]:
    """The open draft of this id."""
    try:
        drafts = published(desk, "knowledge_drafts")
    except KnowledgeProblem as problem:
        raise KnowledgeProblem(f"there is no entry '{name}', and no draft either: {problem}") from None
    rows = records(drafts[drafts["draft_id"] == name])
    if not rows:
        known = [*drafts["draft_id"], *(entry.id for entry in entries)]
        raise KnowledgeProblem(nothing_called(name, "draft or entry", known))
    with ledger_of(desk) as ledger:
        decided = draft_decisions(ledger).set_index("draft_id")["status"].to_dict()
    status = decided.get(name, rows[0]["status"])
    entry = next((one for one in entries if one.draft_id == name), None)
    if status == "accepted" and entry is not None:
        raise KnowledgeProblem(f"Somebody has accepted this draft already: it is the entry “{entry.question}” now.")
    if status == "accepted":
        raise KnowledgeProblem(f"{name} was already accepted, and its entry is gone from {desk.knowledge}")
    return rows[0]


def _refuse_rejected(desk: Desk, draft_id: str) -> None:
    """Raise ``KnowledgeProblem`` where the last word on a draft is that nobody needs it."""
    with ledger_of(desk) as ledger:
        decided = draft_decisions(ledger)
    rows = records(decided[(decided["draft_id"] == draft_id) & (decided["status"] == "rejected")])
    if rows:
        by = rows[0]["decided_by"] if isinstance(rows[0]["decided_by"], str) else "Somebody"
        raise KnowledgeProblem(f"{by} has rejected this draft since you were shown it, so nothing was accepted.")


def _category_owner(desk: Desk, category: str) -> str | None:
    return next((one.owner for one in desk.categories if one.id == category), None)


def _made(name: str, make: Callable[[], Entry]) -> Entry:
    """An entry, or what keeps it from being one, in words."""
    try:
        return make()
    except ReviewError as error:
        raise KnowledgeProblem(f"{error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise KnowledgeProblem(
            f"'{name}' cannot become an entry: {where}: {first['msg'].removeprefix('Value error, ')}. "
            "Write it as a file (understudy knowledge draft --write), correct it there, and accept that."
        ) from error


def _open_findings_about(desk: Desk, entry: Entry) -> pd.DataFrame:
    findings = undismissed(desk, Lake(desk.home).previous("knowledge_findings"))
    if findings is None:
        return pd.DataFrame()
    is_about = (findings["subject_id"] == entry.id) & (findings["subject_hash"] == entry.content_hash)
    return findings[is_about & findings["is_blocking"] & (findings["status"] == "open")]

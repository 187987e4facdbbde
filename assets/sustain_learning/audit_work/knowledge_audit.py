"""The quarterly audit as a work list: opened once, kept current, never reopened by a rebuild.

Belongs here: which rows there are, their dates and status. Does not belong here: what goes on the list (``subjects``), what
closes an item (``closing``), what follows when it is not finished (``unfinished``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from assets.build_knowledge.findings.audited_texts import records
from assets.pilot_agent.answers.frames import frame_of, typed
from assets.sustain_learning.audit_work.audited import ENTRY, Audited
from assets.sustain_learning.audit_work.closing import (
    ACCEPTED_ANEW,
    CONFIRMED,
    MAY_REOPEN,
    Closed,
    closed_by,
)
from assets.sustain_learning.audit_work.quarter import Quarter, item_id
from assets.sustain_learning.audit_work.subjects import Subject, subjects_of
from assets.sustain_learning.frames import AUDIT_ITEM

OPEN, OVERDUE, DONE = "open", "overdue", "done"


def knowledge_audit(
    quarter: Quarter, audited: Audited, previous: pd.DataFrame | None, *, as_of: pd.Timestamp, audit_days: int
) -> pd.DataFrame:
    """The work lists of all quarters, with that of ``quarter`` opened or brought up to date.

    A list is settled when it is made: entries in use, articles with open findings that entries or drafts rest on, and
    categories that lack knowledge. After that owners, reasons and order follow what is known while the quarter lasts, and of
    new subjects only an entry is taken up that came into use without being accepted in the quarter. An entry accepted earlier
    in the quarter is done from the start, unless something was found since. What was done stays done; a person's word counts
    for the content it was said of. A quarter made late is about what was in use at its end, and due as any other after it
    was opened.

    Args:
        previous: this frame as it was; None the first time.
        as_of: the desk's clock. audit_days: how long an owner has.

    Returns:
        ``frames.AUDIT_ITEM``, the newest quarter first, by rank; of other quarters only what is open is looked at anew.
    """
    before = frame_of([], AUDIT_ITEM) if previous is None else typed(previous, AUDIT_ITEM)
    names = {quarter.name, *before["quarter"]}
    rows = [_with_status(row, audited, as_of, names) for row in records(before)]
    mine = {(row["subject_kind"], row["subject_id"]): row for row in rows if row["quarter"] == quarter.name}
    if not mine:
        mine = _opened(quarter, audited, as_of, audit_days)
    elif as_of < quarter.end:
        mine = _kept_current(quarter, mine, audited, as_of, audit_days)
    others = [row for row in rows if row["quarter"] != quarter.name]
    updated = [*others, *(_with_status(row, audited, as_of, names) for row in mine.values())]
    frame = frame_of(updated, AUDIT_ITEM)
    newest_first = frame["quarter"].rank(method="dense", ascending=False)
    return frame.assign(_at=newest_first).sort_values(["_at", "rank", "item_id"], ignore_index=True).drop(columns="_at")


def _opened(
    quarter: Quarter, audited: Audited, as_of: pd.Timestamp, audit_days: int
) -> dict[tuple[str, str], dict[str, Any]]:
    is_over = as_of >= quarter.end
    subjects = subjects_of(audited, quarter.end if is_over else None)
    opened_at = max(as_of, quarter.start)
    rows = {}
    for rank, one in enumerate(subjects, start=1):
        row = _new_row(quarter, one, rank, opened_at, audit_days)
        if (seen := _seen_already(one, quarter)) is not None:
            row |= _done(seen)
        rows[one.key] = row
    return rows


def _kept_current(
    quarter: Quarter,
    mine: Mapping[tuple[str, str], dict[str, Any]],
    audited: Audited,
    as_of: pd.Timestamp,
    audit_days: int,
) -> dict[tuple[str, str], dict[str, Any]]:
    """The quarter's rows with owners, reasons and order as they are now; reasons of what is done stay those it was done for."""
    subjects = {one.key: one for one in subjects_of(audited)}
    rows = {}
    for key, row in mine.items():
        one = subjects.get(key)
        if one is not None and row["status"] != DONE:
            row = {**row, **_described(one)}
        elif one is not None:
            row = {**row, "owner": one.owner}
        rows[key] = row
    for key, one in subjects.items():
        is_new = key not in rows and one.kind == ENTRY
        if is_new and (one.accepted_at is None or one.accepted_at < quarter.start):
            rows[key] = _new_row(quarter, one, len(rows) + 1, max(as_of, quarter.start), audit_days)
    order = [key for key in subjects if key in rows] + [key for key in rows if key not in subjects]
    return {key: {**rows[key], "rank": rank} for rank, key in enumerate(order, start=1)}


def _seen_already(one: Subject, quarter: Quarter) -> Closed | None:
    """An acceptance earlier in the quarter, with nothing found since, is a look that need not be taken again.

    Trouble is not dated; whoever accepted the entry is taken to have known of it.
    """
    if one.kind != ENTRY or one.accepted_at is None or one.accepted_at < quarter.start:
        return None
    if one.known_since is not None and one.known_since > one.accepted_at:
        return None
    return Closed(ACCEPTED_ANEW, one.accepted_at, one.accepted_by)


def _with_status(
    row: Mapping[str, Any], audited: Audited, as_of: pd.Timestamp, quarters: Iterable[str]
) -> dict[str, Any]:
    is_done = row["status"] == DONE
    is_over = as_of >= Quarter.named(str(row["quarter"])).end
    if is_done and (is_over or row["done_how"] not in MAY_REOPEN):
        return dict(row)
    closed = closed_by(row, audited, as_of, quarters)
    if closed is not None:
        is_same = is_done and row["done_how"] == closed.how and closed.how != CONFIRMED
        return dict(row) if is_same else {**row, **_done(closed)}
    status = OVERDUE if as_of > row["due_at"] else OPEN
    return {**row, "status": status, "done_at": None, "done_by": None, "done_how": None}


def _new_row(quarter: Quarter, one: Subject, rank: int, opened_at: pd.Timestamp, audit_days: int) -> dict[str, Any]:
    return {
        "item_id": item_id(quarter.name, *one.key),
        "quarter": quarter.name,
        "subject_kind": one.kind,
        "subject_id": one.subject_id,
        "subject_hash": one.content_hash,
        "rank": rank,
        "opened_at": opened_at,
        "due_at": opened_at + pd.Timedelta(days=audit_days),
        "status": OPEN,
        "done_at": None,
        "done_by": None,
        "done_how": None,
        **_described(one),
    }


def _described(one: Subject) -> dict[str, Any]:
    return {
        "owner": one.owner,
        "category_id": one.category_id,
        "title": one.title,
        "reasons": list(one.reasons),
        "finding_ids": list(one.finding_ids),
        "weight": one.weight,
    }


def _done(closed: Closed) -> dict[str, Any]:
    return {"status": DONE, "done_at": closed.at, "done_by": closed.by, "done_how": closed.how}

"""Every version of every entry: what is on file now, what was, what people accepted, and what is in date.

Belongs here: the frames [entry version] and [file set aside]. Does not belong here: reading the files (``desk``),
reading the ledger (``ledger``), which entries are live (``live_entries``).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from assets.build_knowledge.conditions import dump_conditions
from desk.knowledge import Entry, RejectedEntry

TEXT = (
    "entry_id", "content_hash", "category_id", "question", "answer", "conditions", "owner", "sources", "status", "file",
    "accepted_by", "draft_id",
)  # fmt: skip
LISTS = ("phrasings",)
TIMES = (
    "reviewed_at", "review_by", "valid_from", "valid_until", "accepted_at", "first_seen_as_of", "last_seen_as_of",
)  # fmt: skip
FLAGS = ("is_current", "is_accepted", "is_in_date", "is_file_broken")
ENTRY_COLUMNS = (
    "entry_id", "content_hash", "category_id", "question", "answer", "conditions", "phrasings", "owner", "reviewed_at",
    "review_by", "valid_from", "valid_until", "sources", "status", "file", "is_current", "is_accepted", "accepted_by",
    "accepted_at", "is_in_date", "is_file_broken", "draft_id", "first_seen_as_of", "last_seen_as_of",
)  # fmt: skip
REJECTED_COLUMNS = ("file", "line", "reason", "detail", "entry_id")

Key = tuple[str, str]


def build_entries(
    files: Sequence[Entry],
    rejected: Sequence[RejectedEntry],
    accepted: pd.DataFrame,
    previous: pd.DataFrame | None,
    as_of: pd.Timestamp,
    review_every_days: int = 180,
) -> pd.DataFrame:
    """The frame ``knowledge_entries`` [entry version]: versions seen before are kept, those on file brought up to date.

    A version is an entry id and a content hash; going back to an earlier text is that version again. Acceptance is
    looked up for exactly that pair, so that an edited entry is unsigned until it is accepted anew.

    Args:
        files: the entries on file now.
        rejected: files that could not be read; a version whose file is among them is ``is_file_broken``.
        accepted: standing acceptances, as ``ledger.knowledge.accepted_entries`` gives them.
        previous: what this function returned the last time, if it did.
        as_of: the moment it is for (UTC); days are UTC days.
        review_every_days: how long a review counts where nothing says until when.

    Returns:
        Columns ``ENTRY_COLUMNS``, ordered by entry and first sighting. Of an accepted version ``review_by`` is the
        earlier of what the file says and what was signed, and ``reviewed_at`` no later than the acceptance: a file
        alone cannot claim a review. Without a date, ``review_by`` is counted from the review. ``is_in_date``: within ``valid_from`` … ``valid_until`` and not past ``review_by``, each
        including its day.
    """
    signatures: list[Any] = accepted.to_dict("records")
    signed: dict[Key, dict[str, Any]] = {(row["entry_id"], row["content_hash"]): row for row in signatures}
    rows: dict[Key, dict[str, Any]] = {}
    on_file = {entry.id for entry in files}
    broken_files = {one.file for one in rejected}
    broken_ids = {one.entry_id for one in rejected if one.entry_id}
    known: list[Any] = [] if previous is None else previous.reindex(columns=list(ENTRY_COLUMNS)).to_dict("records")
    for row in known:
        was_on_file = bool(row["is_current"] is True or row["is_file_broken"] is True)
        is_broken = row["entry_id"] not in on_file and (row["file"] in broken_files or row["entry_id"] in broken_ids)
        row |= {"is_current": False, "is_file_broken": was_on_file and is_broken}
        rows[row["entry_id"], row["content_hash"]] = row
    for entry in files:
        key = (entry.id, entry.content_hash)
        before = rows.get(key)
        rows[key] = _on_file(entry, key, signed.get(key), review_every_days) | {
            "first_seen_as_of": as_of if before is None else before["first_seen_as_of"],
            "last_seen_as_of": as_of if before is None else max(as_of, before["last_seen_as_of"]),
        }
    for key, row in rows.items():
        signature = signed.get(key)
        row["is_accepted"] = signature is not None
        row["accepted_by"] = signature["accepted_by"] if signature else None
        row["accepted_at"] = signature["accepted_at"] if signature else None
    frame = _typed(rows.values())
    frame["is_in_date"] = _is_in_date(frame, as_of)
    return frame.sort_values(["entry_id", "first_seen_as_of", "content_hash"], ignore_index=True)


def rejected_entries(rejected: Iterable[RejectedEntry]) -> pd.DataFrame:
    """The frame ``rejected_entries`` [file that could not be read]: file, line, reason, detail, entry_id|null."""
    rows = [tuple(getattr(one, name) for name in REJECTED_COLUMNS) for one in rejected]
    frame = pd.DataFrame(rows, columns=list(REJECTED_COLUMNS))
    return frame.astype({name: "int64" if name == "line" else "str" for name in REJECTED_COLUMNS})


def _on_file(entry: Entry, key: Key, signature: Mapping[str, Any] | None, review_every_days: int) -> dict[str, Any]:
    return {
        "entry_id": key[0],
        "content_hash": key[1],
        "category_id": entry.category,
        "question": entry.question,
        "answer": entry.answer,
        "conditions": dump_conditions(entry.conditions),
        "phrasings": list(entry.phrasings),
        "owner": entry.owner,
        "reviewed_at": _reviewed_at(entry, signature),
        "review_by": _review_by(entry, signature, review_every_days),
        "valid_from": _at(entry.valid_from),
        "valid_until": _at(entry.valid_until),
        "sources": json.dumps([one.model_dump() for one in entry.sources], sort_keys=True, ensure_ascii=False),
        "status": entry.status,
        "file": entry.file,
        "draft_id": entry.draft_id,
        "is_current": True,
        "is_file_broken": False,
    }


def _reviewed_at(entry: Entry, signature: Mapping[str, Any] | None) -> pd.Timestamp | None:
    said = _at(entry.reviewed_at)
    if signature is None:
        return said
    accepted = signature["accepted_at"].normalize()
    return accepted if said is None else min(said, accepted)


def _review_by(entry: Entry, signature: Mapping[str, Any] | None, review_every_days: int) -> pd.Timestamp | None:
    said = [_at(entry.review_by), signature["review_by"] if signature else None]
    known = [one for one in said if one is not None and not pd.isna(one)]
    if known:
        return min(known)
    reviewed = _reviewed_at(entry, signature)
    return None if reviewed is None else reviewed + pd.Timedelta(days=review_every_days)


def _at(day: dt.date | None) -> pd.Timestamp | None:
    return None if day is None else pd.Timestamp(day, tz="UTC")


def _is_in_date(frame: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    day = as_of.tz_convert("UTC").normalize()
    has_begun = frame["valid_from"].isna() | (frame["valid_from"] <= day)
    has_ended = (frame["valid_until"] < day) | (frame["review_by"] < day)
    return has_begun & ~has_ended


def _typed(rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=list(ENTRY_COLUMNS))
    for name in TIMES:
        frame[name] = pd.to_datetime(frame[name], utc=True).astype("datetime64[us, UTC]")
    for name in LISTS:
        lists = [list(value) if isinstance(value, list | tuple) else [] for value in frame[name]]
        frame[name] = pd.Series(lists, index=frame.index, dtype="object")
    frame["is_in_date"] = False
    return frame.astype({**dict.fromkeys(TEXT, "str"), **dict.fromkeys(FLAGS, "bool")})

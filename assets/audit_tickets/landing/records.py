"""What landing hands on: the schemas of ``raw_tickets`` and ``rejected_records``, and why a record was set aside.

Belongs here: the vocabulary shared by readers, checks and landing. Does not belong here: reading or checking.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import pyarrow as pa

RAW_TICKETS_SCHEMA = pa.schema(
    [
        pa.field("export_id", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("helpdesk", pa.string(), nullable=False),
        pa.field("record_kind", pa.string(), nullable=False),
        pa.field("record_id", pa.string(), nullable=False),
        pa.field("ticket_id", pa.string()),
        pa.field("record_updated_at", pa.timestamp("us", tz="UTC")),
        pa.field("record_hash", pa.string(), nullable=False),
        pa.field("file", pa.string(), nullable=False),
        pa.field("line", pa.int64(), nullable=False),
        pa.field("payload", pa.string(), nullable=False),
    ]
)
"""Source record: one row a record that could be read, as JSON text, named by the hash of that text."""

REJECTED_RECORDS_SCHEMA = pa.schema(
    [
        pa.field("export_id", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("helpdesk", pa.string(), nullable=False),
        pa.field("file", pa.string(), nullable=False),
        pa.field("line", pa.int64(), nullable=False),
        pa.field("record_kind", pa.string()),
        pa.field("record_id", pa.string()),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("detail", pa.string(), nullable=False),
        pa.field("raw_bytes", pa.int64(), nullable=False),
        pa.field("raw_sha256", pa.string(), nullable=False),
    ]
)
"""Record that could not be read: where it is, why, its size and hash; never its text."""


class UnreadableExport(Exception):
    """An export could not be landed at all (gone, forbidden, changed while being read). ``str()`` says what to do."""


class RejectReason(StrEnum):
    """Why a record was set aside."""

    TRUNCATED_JSON = "truncated_json"
    INVALID_JSON = "invalid_json"
    NOT_AN_OBJECT = "not_an_object"
    MISSING_ID = "missing_id"
    MISSING_FIELD = "missing_field"
    WRONG_TYPE = "wrong_type"
    UNKNOWN_VALUE = "unknown_value"
    IMPOSSIBLE_DATE = "impossible_date"
    BAD_ENCODING = "bad_encoding"
    RECORD_TOO_LARGE = "record_too_large"
    NESTED_TOO_DEEP = "nested_too_deep"
    ORPHAN_COMMENT = "orphan_comment"
    WRONG_COLUMN_COUNT = "wrong_column_count"
    UNBALANCED_QUOTES = "unbalanced_quotes"
    MISSING_COLUMN = "missing_column"
    TRUNCATED_FILE = "truncated_file"
    DAMAGED_FILE = "damaged_file"
    UNREADABLE_FILE = "unreadable_file"
    UNUSED_FILE = "unused_file"
    UNUSED_RECORD = "unused_record"

    @property
    def is_defect(self) -> bool:
        """False where nothing is wrong: the platform has no use for such a file or record (groups, brands, images)."""
        return self not in (RejectReason.UNUSED_FILE, RejectReason.UNUSED_RECORD)


class BadRecord(Exception):
    """Raised inside checks for one record; landing turns it into a rejected record, so it never leaves the stage."""

    def __init__(self, reason: RejectReason, detail: str):
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a stretch of a file is not a record."""

    reason: RejectReason
    detail: str


@dataclass(slots=True)
class ReadRecord:
    """One record as a reader found it: a value, or a problem, never both.

    ``line`` is the 1-based line in line-based files and the record's ordinal in a JSON list or page.
    ``section`` is the list of a page it stood in (``tickets``, ``users``), if any.
    """

    line: int
    value: Any = None
    problem: Problem | None = None
    section: str | None = None
    raw: bytes = b""
    raw_bytes: int = 0
    raw_sha256: str = ""

    def fingerprint(self) -> tuple[int, str]:
        """Size in bytes and sha256 of the record as it stood in the file."""
        if self.raw_sha256:
            return self.raw_bytes, self.raw_sha256
        return len(self.raw), hashlib.sha256(self.raw).hexdigest()


@dataclass(slots=True)
class NestedReject:
    """A part of a good record (a comment of a ticket) that was taken out of it and set aside."""

    record_kind: str
    record_id: str | None
    problem: Problem
    raw: bytes


@dataclass(slots=True)
class CheckedRecord:
    """A record fit to land. ``payload`` is JSON text in UTF-8."""

    record_kind: str
    record_id: str
    ticket_id: str | None
    updated_at: datetime | None
    payload: bytes
    is_updated_before_created: bool = False
    nested_rejects: list[NestedReject] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LandingLimits:
    """Bounds on hostile input. Sizes in bytes.

    A record above ``max_record_bytes`` or with more than ``max_record_values`` brackets and commas is set aside.
    A file that grows more than ``max_expansion`` times over, past ``free_expansion_bytes``, is taken for a bomb.
    """

    max_record_bytes: int = 16 << 20
    max_record_values: int = 1_000_000
    max_files: int = 20_000
    max_unpacked_bytes: int = 64 << 30
    max_expansion: int = 200
    free_expansion_bytes: int = 64 << 20
    chunk_bytes: int = 256 << 10
    batch_rows: int = 10_000
    batch_bytes: int = 16 << 20

    @property
    def salvage_bytes(self) -> int:
        """How much may be looked through, in all, to find the next whole record after a damaged one."""
        return 8 * self.max_record_bytes

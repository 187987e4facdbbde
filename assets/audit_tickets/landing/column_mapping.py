"""Reading any other platform's CSV or JSON files through the desk's ``mapping:`` block into canonical tickets.

Belongs here: from a row to the canonical record, and which file is read how. Does not belong here: the block's shape
(``desk.mapping``), framing (``csv_rows``, ``json_lines``, ``json_documents``).

Canonical ticket: id, created_at, updated_at, solved_at, status, priority, subject, body_html or body_text,
requester_id, requester_name, requester_email, assignee_id, group, organization_id, channel, locale, tags, is_spam,
is_deleted, csat, csat_comment, fields {…}. Canonical comment: id, ticket_id, author_id, author_name, author_role,
created_at, updated_at, body_html or body_text, is_public, is_spam. Times are ISO-8601 Z; absent values are null.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from assets.audit_tickets.landing.record_formats import RecordFormat
from assets.audit_tickets.landing.record_shapes import BOOL, ID, OBJECT, TEXT, TEXTS, RecordShape, check_record, one_of
from assets.audit_tickets.landing.record_values import canonical_time, describe, read_id, read_time
from assets.audit_tickets.landing.records import BadRecord, CheckedRecord, ReadRecord, RejectReason
from desk.mapping import COMMENT_COLUMNS, TICKET_COLUMNS, ColumnSpec, Mapping, TableMapping

STATUSES = ("new", "open", "pending", "hold", "solved", "closed", "deleted")
_TIMES = ("created_at", "updated_at", "solved_at")
_FLAGS = {"is_spam": False, "is_deleted": False, "is_public": True}
_IDS = ("id", "ticket_id", "requester_id", "assignee_id", "author_id", "organization_id")
_TRUE, _FALSE = ("true", "t", "yes", "y", "1"), ("false", "f", "no", "n", "0")
_SHARED = {"body_html": TEXT, "body_text": TEXT, "is_spam": BOOL}

CANONICAL_TICKET = RecordShape(
    "ticket",
    {"created_at": True, "updated_at": False, "solved_at": False},
    {
        **_SHARED,
        "status": one_of(*STATUSES),
        "subject": TEXT,
        "tags": TEXTS,
        "is_deleted": BOOL,
        "requester_id": ID,
        "fields": OBJECT,
        "csat": one_of("good", "bad"),
    },
)
CANONICAL_COMMENT = RecordShape(
    "comment",
    {"created_at": True, "updated_at": False},
    {**_SHARED, "author_id": ID, "is_public": BOOL, "author_role": one_of("requester", "staff", "bot", "system")},
    ticket_id="ticket_id",
)


class MappedFormat:
    """The mapping of one generic helpdesk, ready to read with; answers to the calls of ``RecordFormat``."""

    helpdesk = "generic"

    def __init__(self, mapping: Mapping):
        self.mapping = mapping
        self._tables: dict[str, TableMapping] = {"ticket": mapping.tickets}
        if mapping.comments is not None:
            self._tables["comment"] = mapping.comments

    def kind_of_file(self, name: str) -> str | None:
        """The kind whose ``files`` glob matches the file's path or name, with or without its compression suffix."""
        plain = re.sub(r"\.gz$", "", name)
        base = plain.rsplit("/", 1)[-1]
        for kind, table in self._tables.items():
            if any(fnmatchcase(candidate, table.files) for candidate in (name, plain, base, name.rsplit("/", 1)[-1])):
                return kind
        return None

    def table(self, kind: str) -> TableMapping:
        """The mapping of one record kind."""
        return self._tables[kind]

    def wanted_columns(self, kind: str) -> frozenset[str]:
        """Source columns the mapping names."""
        return frozenset(spec.column for spec in self._tables[kind].columns.values() if spec.column)

    def missing_columns(self, kind: str, header: tuple[str, ...]) -> tuple[list[str], list[str]]:
        """Mapped columns a CSV header lacks: those without which no row can be read, and the others."""
        needed = {"id", "created_at", "ticket_id"}
        lacking = [
            (name, spec.column)
            for name, spec in self._tables[kind].columns.items()
            if spec.column is not None and spec.column not in header
        ]
        return [c for n, c in lacking if n in needed], [c for n, c in lacking if n not in needed]

    def json_format(self) -> RecordFormat:
        """The layout for JSON files: no pages; a whole record is one that can be mapped."""
        return RecordFormat("generic", {}, {}, {}, kind_of=self._json_kind)

    def _json_kind(self, value: dict[str, Any]) -> str | None:
        # after damage the list's own kind is not known here; an object that maps as either is a record
        return "ticket" if any(self.is_mappable(value, kind) for kind in self._tables) else None

    def is_mappable(self, row: dict[str, Any], kind: str) -> bool:
        """Whether a row has what its record needs; holds for every good row."""
        try:
            self.check(ReadRecord(0, value=dict(row)), kind)
        except BadRecord:
            return False
        return True

    def choose_kind(self, record: ReadRecord, file_kind: str | None) -> str | None:
        """The kind of a record is its file's."""
        return file_kind

    def check(self, record: ReadRecord, kind: str | None) -> CheckedRecord:
        """The canonical record of a row.

        Raises:
            BadRecord: why it is set aside.
        """
        if not isinstance(record.value, dict):
            raise BadRecord(RejectReason.NOT_AN_OBJECT, f"expected an object, found {describe(record.value)}")
        if kind not in self._tables:
            raise BadRecord(RejectReason.UNUSED_RECORD, "a record of a kind that the mapping does not name")
        canonical = to_canonical(record.value, self._tables[kind], kind)
        return check_record(canonical, CANONICAL_TICKET if kind == "ticket" else CANONICAL_COMMENT)


def to_canonical(row: dict[str, Any], table: TableMapping, kind: str) -> dict[str, Any]:
    """One row as a canonical ticket or comment; columns of tickets that are not canonical go into ``fields``.

    Raises:
        BadRecord: a value cannot be read as what its column must be.
    """
    known = TICKET_COLUMNS if kind == "ticket" else COMMENT_COLUMNS
    canonical: dict[str, Any] = dict.fromkeys(known)
    fields: dict[str, Any] = {}
    for name, spec in table.columns.items():
        value = read_column(row, spec)
        if name in _TIMES:
            canonical[name] = _time(value, name, spec)
        elif name in _FLAGS:
            canonical[name] = _flag(value, name)
        elif name in _IDS:
            canonical[name] = None if value in (None, "") else read_id(value, name)
        elif name == "tags":
            canonical[name] = _tags(value)
        elif name in known:
            canonical[name] = _text(value, name)
        else:
            fields[name] = value if isinstance(value, str | bool | int | float | list) else None
    for name, default in _FLAGS.items():
        if name in known and canonical[name] is None:
            canonical[name] = default
    if kind == "ticket":
        canonical["tags"] = canonical["tags"] or []
        canonical["status"] = canonical["status"] or ("solved" if canonical["solved_at"] else "open")
        canonical["fields"] = fields
    return canonical


def read_column(row: dict[str, Any], spec: ColumnSpec) -> Any:
    """The value a column specification names in a row, after its steps; None for absent and empty ones."""
    if spec.column is None:
        return spec.constant
    value = row[spec.column] if spec.column in row else _at_path(row, spec.column)
    if spec.packed is not None and spec.key is not None:
        value = unpack(value, spec.packed, spec.key) if isinstance(value, str) else None
    if spec.split is not None and isinstance(value, str):
        value = [part.strip() for part in value.split(spec.split) if part.strip()]
    if spec.values:
        value = [_replaced(item, spec) for item in value] if isinstance(value, list) else _replaced(value, spec)
    if spec.contains:
        text = value.casefold() if isinstance(value, str) else ""
        value = next((new for phrase, new in spec.contains.items() if phrase.casefold() in text), None)
    return None if value == "" else value


def unpack(cell: str, separator: str, key: str) -> str | None:
    """One value of a cell of pairs such as ``;category:mail;useragent:Mozilla/5.0 (X11; Linux);product:app``.

    A pair begins at ``separator`` followed at once by a word and a colon, so values may hold the separator.
    """
    pieces = _pair_start(separator).split(cell)
    for name, value in zip(pieces[1::2], pieces[2::2], strict=True):
        if name == key:
            return value.strip()
    return None


@lru_cache(maxsize=16)
def _pair_start(separator: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|{re.escape(separator)})([A-Za-z_][\w-]*):")


def _at_path(row: dict[str, Any], path: str) -> Any:
    value: Any = row
    for part in path.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(part)
    return value


def _replaced(value: Any, spec: ColumnSpec) -> Any:
    text = str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
    if text in spec.values:
        return spec.values[text]
    return spec.values.get(text.strip().lower(), value)


def _time(value: Any, name: str, spec: ColumnSpec) -> str | None:
    if value is None:
        return None
    if spec.time_format in ("epoch_seconds", "epoch_milliseconds"):
        try:
            seconds = float(value) / (1000 if spec.time_format == "epoch_milliseconds" else 1)
            time = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
        except (ValueError, TypeError, OverflowError):
            raise BadRecord(RejectReason.IMPOSSIBLE_DATE, f"{name} is not a number of seconds since 1970") from None
        return canonical_time(time, name)[1]
    if spec.time_format is None and spec.time_zone is None:
        return read_time(value, name)[1]
    return canonical_time(_local_time(value, name, spec), name)[1]


def _local_time(value: Any, name: str, spec: ColumnSpec) -> datetime:
    try:
        text = str(value).strip()
        time = datetime.strptime(text, spec.time_format) if spec.time_format else datetime.fromisoformat(text)
        if time.tzinfo is None:
            time = time.replace(tzinfo=ZoneInfo(spec.time_zone) if spec.time_zone else UTC)
        return time.astimezone(UTC)
    except (ValueError, OverflowError):
        expected = f"a time such as {spec.time_format}" if spec.time_format else "an ISO-8601 time"
        raise BadRecord(RejectReason.IMPOSSIBLE_DATE, f"{name} is not {expected}") from None


def _flag(value: Any, name: str) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    raise BadRecord(RejectReason.UNKNOWN_VALUE, f"{name}: expected true or false, found {describe(value)}")


def _tags(value: Any) -> list[str]:
    if value is None:
        return []
    items = value if isinstance(value, list) else [value]
    if not all(isinstance(item, str | int) for item in items):
        raise BadRecord(RejectReason.WRONG_TYPE, "tags: expected a list of texts")
    return [str(item) for item in items if str(item).strip()]


def _text(value: Any, name: str) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return str(value)
    raise BadRecord(RejectReason.WRONG_TYPE, f"{name}: expected a text, found {describe(value)}")

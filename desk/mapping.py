"""The ``mapping:`` block of a generic helpdesk: which columns of its files hold what a ticket or comment needs.

Belongs here: the shape of the block and the words a person reads when it is wrong. Does not belong here: reading
files with it (``assets.audit_tickets.landing.column_mapping``) or proposing one (``assets.audit_tickets.landing.export_sniffing``).
"""

from __future__ import annotations

import difflib
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

TicketColumn = Literal[
    "id", "created_at", "updated_at", "solved_at", "status", "priority", "subject", "body_html", "body_text",
    "requester_id", "requester_name", "requester_email", "assignee_id", "group", "organization_id", "channel",
    "locale", "tags", "is_spam", "is_deleted", "csat", "csat_comment",
]  # fmt: skip
CommentColumn = Literal[
    "id", "ticket_id", "created_at", "updated_at", "author_id", "author_name", "author_role", "body_html", "body_text",
    "is_public", "is_spam",
]  # fmt: skip
TICKET_COLUMNS: tuple[str, ...] = TicketColumn.__args__  # type: ignore[attr-defined]
COMMENT_COLUMNS: tuple[str, ...] = CommentColumn.__args__  # type: ignore[attr-defined]


class _Block(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ColumnSpec(_Block):
    """Where one value comes from, and how it is read. A plain name in YAML is short for ``{column: name}``.

    Steps apply in this order: ``packed``/``key`` takes one value out of a packed cell, ``split`` makes a list,
    ``values`` replaces whole values, ``contains`` replaces a value by the first phrase found in it.
    """

    column: str | None = Field(default=None, min_length=1, description="column name, or dotted path in JSONL records")
    constant: str | bool | None = Field(default=None, description="the same value for every record, no column needed")
    split: str | None = Field(default=None, min_length=1, max_length=8, description="separator of a list in one cell")
    packed: str | None = Field(
        default=None,
        min_length=1,
        max_length=1,
        description="separator of 'key:value' pairs in one cell; values may hold it",
    )
    key: str | None = Field(default=None, min_length=1, description="which of the packed pairs to take")
    values: dict[str, str | bool | None] = Field(
        default={}, description="replacement of whole values, such as 'true': solved"
    )
    contains: dict[str, str] = Field(
        default={}, description="replacement by phrase, such as Windows: windows; else empty"
    )
    time_format: str | None = Field(
        default=None, description="'epoch_seconds', 'epoch_milliseconds' or a strptime format; ISO-8601 needs none"
    )
    time_zone: str | None = Field(default=None, description="IANA zone of times that name none, such as Europe/Berlin")

    @model_validator(mode="before")
    @classmethod
    def _plain_name(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"column": value}
        if isinstance(value, dict) and isinstance(value.get("values"), dict):
            return {**value, "values": {_yaml_text(key): item for key, item in value["values"].items()}}
        return value

    @field_validator("time_zone")
    @classmethod
    def _zone_exists(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                ZoneInfo(value)
            except (KeyError, ValueError, OSError):
                raise ValueError(
                    f"'{value}' is not a known time zone; write it such as 'Europe/Berlin' or 'UTC'"
                ) from None
        return value

    @model_validator(mode="after")
    def _one_source(self) -> ColumnSpec:
        if (self.column is None) == (self.constant is None):
            raise ValueError("give either 'column' or 'constant'")
        if (self.packed is None) != (self.key is None):
            raise ValueError("'packed' and 'key' belong together: packed: \";\" and the key of the pair to take")
        return self


class TableMapping(_Block):
    """Which files hold the records of one kind, and which of their columns hold what."""

    files: str = Field(
        min_length=1, description="glob over file names in an export, with or without .gz, such as 'questions*'"
    )
    format: Literal["auto", "csv", "json"] = Field(
        default="auto", description="json: JSON lines or JSON lists of objects"
    )
    delimiter: str | None = Field(
        default=None, min_length=1, max_length=1, description="of CSV cells; found by itself if left out"
    )
    encoding: str = Field(
        default="utf-8", description="of CSV and JSON text, such as cp1252; UTF-16 is found by itself"
    )
    columns: dict[str, ColumnSpec]

    @field_validator("encoding")
    @classmethod
    def _encoding_exists(cls, value: str) -> str:
        try:
            "\n".encode(value)
        except (LookupError, UnicodeError):
            raise ValueError(f"'{value}' is not a known text encoding; write it such as 'utf-8' or 'cp1252'") from None
        return value


def _yaml_text(value: Any) -> str:
    """YAML reads bare true/false/1 as values of their own; in a cell they are text."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _check_columns(table: TableMapping, kind: str, known: tuple[str, ...], needed: tuple[str, ...]) -> None:
    missing = [name for name in needed if name not in table.columns]
    if missing:
        raise ValueError(f"'columns' of {kind} must map {' and '.join(missing)}")
    for name in table.columns:
        near = [] if name in known else difflib.get_close_matches(name, known, n=1, cutoff=0.8)
        if near:
            raise ValueError(f"column '{name}' of {kind}: did you mean '{near[0]}'?")


class TicketMapping(TableMapping):
    """Tickets. Names beyond ``TICKET_COLUMNS`` become context fields, such as topic, plan or os."""

    @model_validator(mode="after")
    def _needed(self) -> TicketMapping:
        _check_columns(self, "tickets", TICKET_COLUMNS, ("id", "created_at"))
        return self


class CommentMapping(TableMapping):
    """Replies and notes. The opening message is the ticket's own body."""

    @model_validator(mode="after")
    def _needed(self) -> CommentMapping:
        _check_columns(self, "comments", COMMENT_COLUMNS, ("id", "ticket_id", "created_at"))
        unknown = sorted(set(self.columns) - set(COMMENT_COLUMNS))
        if unknown:
            raise ValueError(f"comments have no column '{unknown[0]}'; known: {', '.join(COMMENT_COLUMNS)}")
        return self


class Mapping(_Block):
    """How any other platform's CSV or JSON files become tickets and comments: columns, not code."""

    tickets: TicketMapping
    comments: CommentMapping | None = None

"""Guessing what an export is, so that ``understudy init`` can propose a desk around it.

Belongs here: proposals a person will look at. Does not belong here: anything a run relies on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Literal

from upath import UPath

from assets.audit_tickets.landing.csv_rows import CsvRows
from assets.audit_tickets.landing.export_files import ExportFile, open_export
from assets.audit_tickets.landing.json_documents import JsonDocument
from assets.audit_tickets.landing.json_layout import is_document
from assets.audit_tickets.landing.json_lines import read_json_lines
from assets.audit_tickets.landing.record_formats import RecordFormat
from assets.audit_tickets.landing.records import LandingLimits
from assets.audit_tickets.landing.zendesk_records import ZENDESK

HelpdeskKind = Literal["zendesk", "freshdesk", "intercom", "generic"]
_ALL_SECTIONS = dict.fromkeys(
    ("tickets", "conversations", "contacts", "users", "satisfaction_ratings", "comments", "metric_sets", "data"),
    "ticket",
)
_ANY = RecordFormat("any", {}, _ALL_SECTIONS, {}, kind_of=lambda value: None)
_LOOKED_AT, _LOOKED_AT_PER_FILE = 400, 25
_EVIDENCE: dict[str, tuple[str, ...]] = {
    "zendesk": (
        "via",
        "requester",
        "submitter_id",
        "html_body",
        "custom_fields",
        "satisfaction_rating",
        "ticket_form_id",
        "brand_id",
        "reply_time_in_minutes",
        "domain_names",
    ),
    "freshdesk": (
        "responder_id",
        "description_text",
        "body_text",
        "incoming",
        "fr_escalated",
        "company_id",
        "spam",
        "cc_emails",
        "ratings",
        "stats",
        "agent_id",
    ),
    "intercom": (
        "conversation_parts",
        "admin_assignee_id",
        "team_assignee_id",
        "snoozed_until",
        "statistics",
        "contacts",
        "custom_attributes",
        "conversation_rating",
        "waiting_since",
        "external_id",
        "workspace_id",
    ),
}
_TICKET_NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "ticket id", "case id", "case number", "number", "key", "issue key", "question id"),
    "created_at": (
        "created at",
        "created",
        "created date",
        "created time",
        "date created",
        "opened at",
        "date",
        "creation date",
    ),
    "updated_at": ("updated at", "updated", "last updated", "modified", "last modified", "update time", "updated time"),
    "solved_at": ("solved at", "resolved at", "closed at", "resolved time", "closed date", "resolution date"),
    "status": ("status", "state", "is solved", "solved"),
    "priority": ("priority",),
    "subject": ("subject", "title", "summary", "short description"),
    "body_html": ("body html", "html body", "content", "description html"),
    "body_text": ("body", "description", "message", "text", "body text", "question", "details"),
    "requester_id": (
        "requester id",
        "creator",
        "requester",
        "customer id",
        "user id",
        "contact id",
        "author id",
        "caller",
        "reporter",
    ),
    "requester_name": ("requester name", "customer name", "contact name", "name"),
    "requester_email": ("requester email", "email", "customer email", "contact email"),
    "assignee_id": ("assignee id", "assignee", "agent", "agent id", "owner", "assigned to"),
    "group": ("group", "team", "queue", "assignment group"),
    "channel": ("channel", "source", "via", "origin"),
    "locale": ("locale", "language"),
    "tags": ("tags", "labels"),
    "is_spam": ("is spam", "spam"),
    "csat": ("csat", "satisfaction", "satisfaction rating", "rating"),
    "topic": ("topic", "category", "issue type", "type"),
    "plan": ("plan", "subscription"),
    "product": ("product",),
}
_COMMENT_NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "comment id", "answer id", "message id", "reply id"),
    "ticket_id": (
        "ticket id",
        "question id",
        "case id",
        "conversation id",
        "thread id",
        "issue id",
        "parent id",
        "ticket",
    ),
    "created_at": _TICKET_NAMES["created_at"],
    "updated_at": _TICKET_NAMES["updated_at"],
    "author_id": ("author id", "creator", "author", "user id", "from", "sender"),
    "author_name": ("author name", "sender name"),
    "author_role": ("author role", "role", "author type"),
    "body_html": _TICKET_NAMES["body_html"],
    "body_text": ("body", "message", "text", "body text", "answer", "comment", "reply"),
    "is_public": ("is public", "public"),
    "is_spam": _TICKET_NAMES["is_spam"],
}


@dataclass(frozen=True)
class SniffedField:
    """A custom field seen in an export. ``key`` is what ``desk.yaml`` may name; values are counted, never kept."""

    key: str
    title: str
    count_records: int
    count_distinct_values: int


@dataclass(frozen=True)
class SuggestedTable:
    """A proposal for one table of a ``mapping:`` block, in the form desk.yaml takes."""

    table: Literal["tickets", "comments"]
    columns: dict[str, Any]
    unused: tuple[str, ...]


def sniff_kind(path: UPath) -> tuple[HelpdeskKind | None, str]:
    """The kind of helpdesk an export seems to come from, and why; None when it holds nothing that can be read.

    Raises:
        UnreadableExport: it is gone or may not be read.
    """
    evidence: Counter[str] = Counter()
    seen: dict[str, set[str]] = {kind: set() for kind in _EVIDENCE}
    count = 0
    for value in islice(_sample(path, _LOOKED_AT_PER_FILE), _LOOKED_AT):
        count += 1
        for kind, keys in _EVIDENCE.items():
            found = [key for key in keys if key in value]
            seen[kind].update(found)
            evidence[kind] += len(found)
        if value.get("type") in ("conversation", "contact") or isinstance(value.get("created_at"), int):
            evidence["intercom"] += 3
        if isinstance(value.get("status"), int):
            evidence["freshdesk"] += 2
    if evidence.total():
        kind, score = evidence.most_common(1)[0]
        if score >= 2 * count or len(seen[kind]) >= 3:
            return kind, f"its records have {', '.join(sorted(seen[kind])[:4]) or 'times in epoch seconds'}"  # type: ignore[return-value]
    headers = csv_headers(path)
    if headers:
        name, header = next(iter(headers.items()))
        return "generic", f"{name} is a CSV file with {len(header)} columns"
    if count:
        return "generic", "JSON records that look like none of the helpdesks known here"
    return None, "no JSON records and no CSV header could be read"


def csv_headers(path: UPath) -> dict[str, tuple[str, ...]]:
    """Column names of each CSV file in an export, by its name within the export.

    Raises:
        UnreadableExport: it is gone or may not be read.
    """
    headers = {}
    for file in open_export(path, LandingLimits(), lambda count: None):
        if file.problem is None and re.search(r"\.(csv|tsv|txt)(\.gz)?$", file.name.lower()):
            header = CsvRows(file, file.chunks(), LandingLimits()).header
            if len(header) >= 3:
                headers[file.name] = header
    return headers


def suggest_mapping(header: Sequence[str]) -> SuggestedTable:
    """Which canonical column each column of a CSV header seems to hold. A ticket reference makes it comments."""
    plain = {
        re.sub(r"[^a-z0-9]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()).strip(): name for name in header
    }

    def matched(names: dict[str, tuple[str, ...]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for target, candidates in names.items():
            taken = set(found.values())
            hit = next((plain[name] for name in candidates if name in plain and plain[name] not in taken), None)
            if hit is not None:
                found[target] = hit
        return found

    comments = matched(_COMMENT_NAMES)
    is_comments = {"id", "ticket_id"} <= comments.keys() and "subject" not in matched(_TICKET_NAMES)
    found = comments if is_comments else matched(_TICKET_NAMES)
    if "body_html" in found:
        found.pop("body_text", None)
    used = set(found.values())
    if not is_comments and "tags" in found:
        found["tags"] = {"column": found["tags"], "split": ";"}
    if not is_comments and str(found.get("status", "")).lower().replace("_", " ") in ("is solved", "solved"):
        found["status"] = {"column": found["status"], "values": {"true": "solved", "false": "open"}}
    unused = tuple(name for name in header if name not in used)
    return SuggestedTable("comments" if is_comments else "tickets", found, unused)


def sniff_custom_fields(path: UPath, kind: str, max_records: int = 5_000) -> list[SniffedField]:
    """Custom fields in the first records of an export, most often filled first.

    Raises:
        UnreadableExport: it is gone or may not be read.
    """
    counts: Counter[str] = Counter()
    titles: dict[str, str] = {}
    values: dict[str, set[int]] = {}
    for record in islice(_sample(path, max_records), max_records):
        for key, title, value in _custom_fields(record, kind):
            if value in (None, "", [], {}):
                continue
            counts[key] += 1
            titles.setdefault(key, title)
            values.setdefault(key, set()).add(hash(str(value)))
    return [SniffedField(key, titles[key], count, len(values[key])) for key, count in counts.most_common()]


def _custom_fields(record: dict[str, Any], kind: str) -> Iterator[tuple[str, str, Any]]:
    if kind == "zendesk":
        for field in record.get("custom_fields") or []:
            if isinstance(field, dict) and isinstance(field.get("id"), int | str):
                yield str(field["id"]), str(field.get("title") or field["id"]), field.get("value")
        return
    holder = record.get("custom_fields" if kind == "freshdesk" else "custom_attributes")
    for key, value in holder.items() if isinstance(holder, dict) else ():
        yield str(key), str(key), value


def _sample(path: UPath, per_file: int) -> Iterator[dict[str, Any]]:
    for file in open_export(path, LandingLimits(), lambda count: None):
        if file.problem is None and not re.search(
            r"\.(csv|tsv|txt|md|png|jpe?g|pdf|xml|html)(\.gz)?$", file.name.lower()
        ):
            yield from islice(_objects(file), per_file)


def _objects(file: ExportFile) -> Iterator[dict[str, Any]]:
    limits = LandingLimits(max_record_bytes=4 << 20)
    chunks = file.chunks()
    head = next(chunks, b"")
    rest = chain([head], chunks)
    if is_document(head, _ALL_SECTIONS):
        records = JsonDocument(file, rest, _ANY, limits).records()
    else:
        records = read_json_lines(file, rest, ZENDESK.sections, limits)
    for record in records:
        if isinstance(record.value, dict):
            yield record.value

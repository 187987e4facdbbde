"""Small exports of invented people and problems, in every helpdesk's shape. Fictional throughout."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
from upath import UPath

from assets.audit_tickets.landing.land_export import ExportManifest, land_export
from desk.mapping import Mapping

EXPORT_ID = "0123456789abcdef"


def zendesk_ticket(number: int, **changes: Any) -> dict[str, Any]:
    """A ticket as the account export has it: requester, users and comments inside."""
    ticket = {
        "id": 1000 + number,
        "created_at": f"2025-03-{1 + number % 28:02d}T08:00:00Z",
        "updated_at": f"2025-03-{1 + number % 28:02d}T09:30:00Z",
        "subject": f"Cannot sign in, case {number}",
        "description": 'I typed my password and it says [wrong] {again}, "why"?',
        "status": "open",
        "via": {"channel": "email"},
        "tags": ["login", "password"],
        "requester": {"id": 7000 + number, "name": "Robin Falk", "email": "robin@example.org", "role": "end-user"},
        "custom_fields": [{"id": 1, "title": "Plan", "value": "pro"}],
        "satisfaction_rating": {"score": "unoffered"},
        "users": [{"id": 7000 + number, "name": "Robin Falk", "email": "robin@example.org", "role": "end-user"}],
        "comments": [
            {
                "id": 50_000 + number * 10,
                "author_id": 7000 + number,
                "public": True,
                "created_at": "2025-03-01T08:00:00Z",
                "body": "It says wrong.",
            },
            {
                "id": 50_001 + number * 10,
                "author_id": 9,
                "public": True,
                "created_at": "2025-03-01T09:30:00Z",
                "body": "Use the link: größer ✓",
            },
        ],
    }
    return {**ticket, **changes}


def zendesk_page_ticket(number: int, **changes: Any) -> dict[str, Any]:
    """A ticket as the incremental API has it: flat ids."""
    ticket = zendesk_ticket(number)
    for name in ("requester", "users", "comments"):
        del ticket[name]
    return {**ticket, "requester_id": 7000 + number, "assignee_id": None, "group_id": 3, **changes}


def freshdesk_ticket(number: int, **changes: Any) -> dict[str, Any]:
    """A ticket of Freshdesk's API."""
    ticket = {
        "id": number + 1,
        "created_at": "2025-01-05T10:00:00Z",
        "updated_at": "2025-01-05T12:00:00Z",
        "subject": "Refund please",
        "description": "<div>Charged twice</div>",
        "description_text": "Charged twice",
        "status": 2,
        "source": 1,
        "priority": 1,
        "requester_id": 400 + number,
        "responder_id": 9,
        "spam": False,
        "tags": [],
        "custom_fields": {"cf_plan": "legacy", "cf_page": "billing"},
        "stats": {"resolved_at": None},
    }
    return {**ticket, **changes}


def freshdesk_conversation(number: int, **changes: Any) -> dict[str, Any]:
    """A reply to a Freshdesk ticket."""
    conversation = {
        "id": 800 + number,
        "ticket_id": number + 1,
        "user_id": 9,
        "created_at": "2025-01-05T11:00:00Z",
        "incoming": False,
        "private": False,
        "body": "<p>Done</p>",
        "body_text": "Done",
    }
    return {**conversation, **changes}


def intercom_conversation(number: int, **changes: Any) -> dict[str, Any]:
    """A conversation of Intercom's API with its parts."""
    conversation = {
        "type": "conversation",
        "id": str(2_000_000 + number),
        "created_at": 1_740_000_000 + number,
        "updated_at": 1_740_003_600 + number,
        "title": None,
        "state": "closed",
        "source": {
            "type": "conversation",
            "id": "5",
            "subject": "",
            "body": "<p>How do I upgrade?</p>",
            "author": {"type": "user", "id": "u1"},
        },
        "contacts": {"type": "contact.list", "contacts": [{"type": "contact", "id": "u1"}]},
        "admin_assignee_id": 12,
        "tags": {"type": "tag.list", "tags": [{"id": "1", "name": "upgrade"}]},
        "custom_attributes": {"plan": "free"},
        "statistics": {"time_to_admin_reply": 60, "count_reopens": 0},
        "conversation_parts": {
            "type": "conversation_part.list",
            "conversation_parts": [
                {
                    "type": "conversation_part",
                    "id": str(3_000_000 + number),
                    "part_type": "comment",
                    "body": "<p>In Settings</p>",
                    "created_at": 1_740_000_100,
                    "author": {"type": "admin", "id": "12", "name": "Kim Sander"},
                },
            ],
            "total_count": 1,
        },
    }
    return {**conversation, **changes}


def intercom_contact(number: int, **changes: Any) -> dict[str, Any]:
    """A contact of Intercom's API."""
    contact = {
        "type": "contact",
        "id": f"c{number}",
        "role": "user",
        "name": "Robin Falk",
        "email": "robin@example.org",
        "created_at": 1_700_000_000,
    }
    return {**contact, **changes}


def forum_mapping() -> Mapping:
    """The mapping of the forum used as "any other platform"."""
    return Mapping.model_validate(
        {
            "tickets": {
                "files": "questions*",
                "columns": {
                    "id": "id",
                    "created_at": "created",
                    "updated_at": "updated",
                    "subject": "title",
                    "body_html": "content",
                    "requester_id": "creator",
                    "locale": "locale",
                    "topic": "topic",
                    "tags": {"column": "tags", "split": ";"},
                    "status": {"column": "is_solved", "values": {True: "solved", False: "open"}},
                    "is_spam": "is_spam",
                    "user_agent": {"column": "metadata", "packed": ";", "key": "useragent"},
                    "os": {
                        "column": "metadata",
                        "packed": ";",
                        "key": "useragent",
                        "contains": {"Windows": "windows", "Macintosh": "mac", "Linux": "linux"},
                    },
                },
            },
            "comments": {
                "files": "answers*",
                "columns": {
                    "id": "id",
                    "ticket_id": "question_id",
                    "created_at": "created",
                    "body_html": "content",
                    "author_id": "creator",
                    "is_spam": "is_spam",
                },
            },
        }
    )


QUESTION_HEADER = "id,created,updated,locale,title,is_solved,is_spam,topic,tags,creator,content,metadata"


def question_row(number: int, content: str = 'Hello, it says "no"\nand stops') -> str:
    """A CSV row of the forum, with a newline and quotes in a cell and packed metadata."""
    quoted = content.replace('"', '""')
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:122.0) Gecko"
    return (
        f"{number},2024-01-01 01:04:34 +0000,2024-01-02 03:22:53 +0000,en-US,No mail,false,false,other,"
        f'mail;other_1;,user_{number},"{quoted}",";category:mail;useragent:{agent};product:app"'
    )


def ndjson(records: list[Any]) -> bytes:
    """One record a line."""
    return b"".join(orjson.dumps(record) + b"\n" for record in records)


def pack_zip(files: dict[str, bytes]) -> bytes:
    """A zip file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def pack_gzip(content: bytes) -> bytes:
    """A gzip file without a time, so that it is the same every time."""
    return gzip.compress(content, mtime=0)


class Landed:
    """What landing handed out, as lists of dicts."""

    def __init__(self, manifest: ExportManifest, batches: list[tuple[str, pa.RecordBatch]]):
        self.manifest = manifest
        self.rows = [row for name, batch in batches if name == "raw_tickets" for row in batch.to_pylist()]
        self.rejected = [row for name, batch in batches if name == "rejected_records" for row in batch.to_pylist()]

    def payloads(self, kind: str = "ticket") -> list[dict[str, Any]]:
        """Payloads of one record kind, parsed by a reader that landing does not use."""
        return [json.loads(row["payload"]) for row in self.rows if row["record_kind"] == kind]

    def ids(self, kind: str = "ticket") -> list[str]:
        """Record ids of one kind, in order."""
        return [row["record_id"] for row in self.rows if row["record_kind"] == kind]

    def reasons(self) -> list[str]:
        """Why records were set aside, in order."""
        return [row["reason"] for row in self.rejected]


def land(path: Path, kind: str = "zendesk", **arguments: Any) -> Landed:
    """Land an export into memory and insist that counts add up."""
    batches: list[tuple[str, pa.RecordBatch]] = []
    manifest = land_export(
        UPath(path),
        export_id=EXPORT_ID,
        helpdesk_kind=kind,
        source="desk",
        on_batch=lambda name, batch: batches.append((name, batch)),
        **arguments,
    )
    landed = Landed(manifest, batches)
    assert manifest.records_read == len(landed.rows) + len(landed.rejected)
    assert manifest.adds_up
    assert (manifest.records_landed, manifest.records_rejected) == (len(landed.rows), len(landed.rejected))
    return landed

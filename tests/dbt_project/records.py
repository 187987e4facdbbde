"""An invented desk in four shapes: a few records each, every one there for a test. All people are fictional."""

from __future__ import annotations

from typing import Any

from tests.dbt_project.lakes import Record

PERSONAL = ("Ada Fictional", "ada@customer.example", "Nils Invented", "helen@desk.example", "+44 20 7946 0000")
"""Names, addresses and numbers that the records hold and no mart may."""

DESK_FIELDS = [
    ("*", "_desk_id", "fictional-desk"),
    ("*", "_labels_from", "topic"),
    ("*", "_labels_from_tags", "true"),
    ("*", "_label_ignored", "other"),
    ("zen", "topic", "Topic"),
    ("zen", "plan", "360001"),
    ("fresh", "topic", "cf_topic"),
    ("fresh", "plan", "company.plan"),
    ("chat", "topic", "Topic"),
    ("chat", "plan", "company.plan"),
    ("chat", "handle_time_minutes", "Minutes spent"),
]
DESK_MARKERS = [
    ("chat", "bot_author_name", "helper"),
    ("fresh", "spam_tag", "junk"),
    ("zen", "automated_subject", "[ALERT]*"),
    ("zen", "automated_sender", "monitor@*"),
]

ADA = {"id": 7, "name": "Ada Fictional", "email": "Ada@customer.example", "role": "end-user", "locale": "en-GB"}
HELEN = {"id": 1, "name": "Helen Invented", "email": "helen@desk.example", "role": "agent"}


def comment(id_: int, author: int, at: str, body: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "author_id": author, "created_at": at, "body": body, "public": True, **more}


def zendesk(
    export_id: str, kind: str, payload: dict[str, Any], updated_at: str, ticket_id: str | None = None
) -> Record:
    return Record(export_id, "zen", "zendesk", kind, payload, updated_at, ticket_id)


OPENING = comment(100, 7, "2026-01-05T10:00:00Z", "I cannot log in. Call +44 20 7946 0000")

ZENDESK = [
    # An account export, with people and comments inside.
    zendesk(
        "aaaaaaaaaaaaaaaa",
        "ticket",
        {
            "id": 1,
            "subject": "Login",
            "description": "I cannot log in. Call +44 20 7946 0000",
            "created_at": "2026-01-05T10:00:00Z",
            "updated_at": "2026-01-05T12:00:00Z",
            "status": "open",
            "via": {"channel": "email"},
            "tags": ["vip"],
            "requester": ADA,
            "assignee": HELEN,
            "users": [ADA, HELEN],
            "custom_fields": [
                {"id": 360001, "title": "Plan", "value": "Pro"},
                {"id": 360002, "title": "Topic", "value": "login & PASSWORD"},
            ],
            "satisfaction_rating": {"score": "offered"},
            "comments": [
                OPENING,
                comment(101, 1, "2026-01-05T10:20:00Z", "A note between us", public=False),
                comment(102, 1, "2026-01-05T11:30:30Z", "Please reset it"),
            ],
        },
        "2026-01-05T12:00:00+00:00",
    ),
    # A week later an incremental export: the ticket again without its comments, one new comment, metrics and a rating.
    zendesk(
        "bbbbbbbbbbbbbbbb",
        "ticket",
        {
            "id": 1,
            "subject": "Login",
            "description": "I cannot log in. Call +44 20 7946 0000",
            "created_at": "2026-01-05T10:00:00Z",
            "updated_at": "2026-01-12T09:00:00Z",
            "status": "solved",
            "via": {"channel": "email"},
            "tags": [],
            "requester_id": 7,
            "assignee_id": 1,
            "custom_fields": [{"id": 360001, "value": "Pro"}, {"id": 360002, "value": None}],
            "satisfaction_rating": {"score": "offered"},
        },
        "2026-01-12T09:00:00+00:00",
    ),
    zendesk(
        "bbbbbbbbbbbbbbbb",
        "comment",
        comment(103, 7, "2026-01-05T12:10:00Z", "Thanks, Ada Fictional", ticket_id=1),
        "2026-01-05T12:10:00+00:00",
        "1",
    ),
    zendesk(
        "bbbbbbbbbbbbbbbb",
        "metric",
        {"id": 5001, "ticket_id": 1, "reopens": 1, "solved_at": "2026-01-05T13:00:00Z"},
        "2026-01-12T09:00:00+00:00",
        "1",
    ),
    zendesk(
        "bbbbbbbbbbbbbbbb",
        "rating",
        {"id": 6001, "ticket_id": 1, "score": "good", "comment": "Nice", "updated_at": "2026-01-12T10:00:00Z"},
        "2026-01-12T10:00:00+00:00",
        "1",
    ),
    zendesk(
        "bbbbbbbbbbbbbbbb",
        "ticket",
        {
            "id": 2,
            "subject": "[Alert] disk full",
            "description": "Disk",
            "created_at": "2026-01-06T10:00:00Z",
            "updated_at": "2026-01-06T10:00:00Z",
            "status": "new",
            "requester_id": 99,
        },
        "2026-01-06T10:00:00+00:00",
    ),
    zendesk(
        "bbbbbbbbbbbbbbbb",
        "ticket",
        {
            "id": 3,
            "subject": "Twice",
            "description": "Merged away",
            "created_at": "2026-01-06T11:00:00Z",
            "updated_at": "2026-01-06T12:00:00Z",
            "status": "deleted",
            "tags": ["closed_by_merge"],
            "requester_id": 7,
        },
        "2026-01-06T12:00:00+00:00",
    ),
]


def freshdesk(kind: str, payload: dict[str, Any], ticket_id: str | None = None) -> Record:
    return Record("cccccccccccccccc", "fresh", "freshdesk", kind, payload, payload.get("updated_at"), ticket_id)


FRESHDESK = [
    freshdesk(
        "ticket",
        {
            "id": 1,
            "subject": "Export",
            "description": "<p>How do I export?</p>",
            "description_text": "How do I export?",
            "status": 4,
            "source": 1,
            "priority": 2,
            "created_at": "2026-02-01T10:00:00Z",
            "updated_at": "2026-02-02T10:00:00Z",
            "requester_id": 70,
            "responder_id": 10,
            "company_id": 500,
            "custom_fields": {"cf_topic": "Data Export", "cf_other": None},
            "requester": {"id": 70, "name": "Ada Fictional", "email": "ada@customer.example"},
            "stats": {"resolved_at": "2026-02-01T09:00:00Z", "reopened_at": None},
        },
    ),
    freshdesk("organization", {"id": 500, "name": "Fictional Ltd", "custom_fields": {"plan": "Legacy"}}),
    freshdesk(
        "comment",
        {
            "id": 11,
            "ticket_id": 1,
            "user_id": 10,
            "incoming": False,
            "private": False,
            "body": "<p>From the menu</p>",
            "created_at": "2026-02-01T10:45:00Z",
        },
        "1",
    ),
    freshdesk("rating", {"id": 12, "ticket_id": 1, "ratings": {"default_question": -103}}, "1"),
    freshdesk(
        "ticket",
        {
            "id": 2,
            "subject": "Win",
            "description_text": "Win money",
            "status": 2,
            "created_at": "2026-02-03T10:00:00Z",
            "updated_at": "2026-02-03T10:00:00Z",
            "requester_id": 71,
            "tags": ["Junk"],
        },
    ),
]


def part(id_: str, type_: str, author: dict[str, Any], at: int, body: str | None) -> dict[str, Any]:
    return {"id": id_, "part_type": type_, "author": author, "created_at": at, "body": body}


NILS = {"type": "user", "id": "u1", "name": "Nils Invented", "email": "nils@customer.example"}
ADMIN = {"type": "admin", "id": "a1", "name": "Helen Invented", "email": "helen@desk.example"}
HELPER = {"type": "admin", "id": "a9", "name": "Helper", "email": None}

INTERCOM = [
    Record(
        "dddddddddddddddd",
        "chat",
        "intercom",
        "ticket",
        {
            "id": "c1",
            "created_at": 1772359200,
            "updated_at": 1772366400,
            "state": "closed",
            "title": None,
            "source": {"type": "conversation", "id": "s1", "body": "<p>Where is my invoice?</p>", "author": NILS},
            "contacts": {"contacts": [{"id": "u1"}]},
            "tags": {"tags": [{"name": "billing"}]},
            "custom_attributes": {"Topic": "Other", "Minutes spent": 12},
            "company": {"plan": {"id": "p1", "name": "Free"}},
            "conversation_rating": {"rating": 3, "remark": None},
            "conversation_parts": {
                "conversation_parts": [
                    part("p1", "comment", HELPER, 1772359205, "<p>Have you looked?</p>"),
                    part("p2", "assignment", ADMIN, 1772359210, "<p></p>"),
                    part("p3", "note", ADMIN, 1772359220, "<p>Looks fine</p>"),
                    part("p4", "comment", ADMIN, 1772360100, "<p>Under Billing</p>"),
                    part("p5", "close", ADMIN, 1772360160, None),
                    part("p6", "comment", NILS, 1772362800, "<p>Not there</p>"),
                    part("p7", "close", ADMIN, 1772366400, "<p>Sent by mail</p>"),
                ]
            },
        },
        "2026-03-01T12:00:00+00:00",
    ),
]


def canonical(kind: str, payload: dict[str, Any], ticket_id: str | None = None) -> Record:
    return Record("eeeeeeeeeeeeeeee", "forum", "generic", kind, payload, payload.get("created_at"), ticket_id)


GENERIC = [
    canonical(
        "ticket",
        {
            "id": "q1",
            "created_at": "2026-03-02T08:00:00Z",
            "status": "solved",
            "subject": "Folders",
            "body_html": "<p>My folders are gone</p>",
            "requester_id": "nils",
            "fields": {"topic": "Folders and views", "os": "Linux"},
            "tags": [],
        },
    ),
    canonical(
        "comment",
        {
            "id": "r1",
            "ticket_id": "q1",
            "author_id": "volunteer",
            "created_at": "2026-03-02T08:30:00Z",
            "body_html": "<p>Restart</p>",
            "is_public": True,
        },
        "q1",
    ),
]

ALL_RECORDS = [*ZENDESK, *FRESHDESK, *INTERCOM, *GENERIC]

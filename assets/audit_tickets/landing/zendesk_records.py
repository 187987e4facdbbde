"""Zendesk exports: account export (one ticket a line, comments and users inside) and incremental API pages.

Belongs here: names and types of Zendesk's fields as far as anything downstream relies on them.
Source: the public API reference's JSON formats of tickets, ticket comments, users, metrics and ratings.
"""

from __future__ import annotations

from typing import Any

from assets.audit_tickets.landing.record_formats import RecordFormat
from assets.audit_tickets.landing.record_shapes import (
    BOOL,
    ID,
    LINKED,
    NUMBER,
    OBJECT,
    OBJECTS,
    TEXT,
    TEXTS,
    NestedShape,
    RecordShape,
    one_of,
)

_COMMENT_TYPES = {
    "author_id": ID,
    "public": BOOL,
    "html_body": TEXT,
    "body": TEXT,
    "plain_body": TEXT,
    "metadata": OBJECT,
}
NESTED_COMMENT = RecordShape("comment", {"created_at": True}, _COMMENT_TYPES)
COMMENT = RecordShape("comment", {"created_at": True}, _COMMENT_TYPES, ticket_id="ticket_id")
USER = RecordShape(
    "user", {"created_at": False, "updated_at": False}, {"name": TEXT, "email": TEXT, "role": TEXT, "locale": TEXT}
)
TICKET = RecordShape(
    "ticket",
    {"created_at": True, "updated_at": False, "solved_at": False},
    {
        "subject": TEXT,
        "description": TEXT,
        "status": one_of("new", "open", "pending", "hold", "solved", "closed", "deleted"),
        "priority": TEXT,
        "type": TEXT,
        "via": OBJECT,
        "tags": TEXTS,
        "requester_id": ID,
        "assignee_id": ID,
        "group_id": ID,
        "organization_id": ID,
        "requester": LINKED,
        "assignee": LINKED,
        "group": LINKED,
        "organization": LINKED,
        "custom_fields": OBJECTS,
        "satisfaction_rating": OBJECT,
        "metric_set": OBJECT,
    },
    nested=(NestedShape(("comments",), NESTED_COMMENT), NestedShape(("users",), USER)),
)
RATING = RecordShape(
    "rating",
    {"created_at": False, "updated_at": False},
    {"score": TEXT, "comment": TEXT, "requester_id": ID, "assignee_id": ID},
    ticket_id="ticket_id",
)
METRIC = RecordShape(
    "metric",
    {"created_at": False, "updated_at": False, "solved_at": False},
    {
        "reopens": NUMBER,
        "replies": NUMBER,
        "reply_time_in_minutes": OBJECT,
        "first_resolution_time_in_minutes": OBJECT,
        "full_resolution_time_in_minutes": OBJECT,
    },
    ticket_id="ticket_id",
)
ORGANIZATION = RecordShape("organization", {"created_at": False, "updated_at": False}, {"name": TEXT, "tags": TEXTS})

_TICKET_KEYS = frozenset(
    ("subject", "description", "status", "requester_id", "requester", "via", "comments", "custom_fields", "tags")
)


def kind_of(value: dict[str, Any]) -> str | None:
    """The kind of a whole Zendesk record, by its keys; None for anything else, such as a comment inside a ticket."""
    if "ticket_id" in value:
        if "score" in value:
            return "rating"
        if "body" in value or "html_body" in value or "plain_body" in value:
            return "comment"
        return "metric" if "reopens" in value or "full_resolution_time_in_minutes" in value else None
    if "created_at" in value and len(_TICKET_KEYS & value.keys()) >= 3:
        return "ticket"
    if "role" in value and ("email" in value or "name" in value):
        return "user"
    return "organization" if "domain_names" in value or "shared_tickets" in value else None


ZENDESK = RecordFormat(
    helpdesk="zendesk",
    shapes={
        "ticket": TICKET,
        "comment": COMMENT,
        "user": USER,
        "rating": RATING,
        "metric": METRIC,
        "organization": ORGANIZATION,
    },
    sections={
        "tickets": "ticket",
        "ticket": "ticket",
        "results": "ticket",
        "comments": "comment",
        "users": "user",
        "metric_sets": "metric",
        "ticket_metrics": "metric",
        "satisfaction_ratings": "rating",
        "organizations": "organization",
    },
    file_words={
        "tickets": "ticket",
        "comments": "comment",
        "ticket_comments": "comment",
        "users": "user",
        "metric_sets": "metric",
        "ticket_metrics": "metric",
        "satisfaction_ratings": "rating",
        "ratings": "rating",
        "organizations": "organization",
    },
    kind_of=kind_of,
)

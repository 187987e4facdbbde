"""Freshdesk exports: lists or pages of tickets, conversations, satisfaction ratings, contacts, agents and companies.

Belongs here: names and types of Freshdesk's fields as far as anything downstream relies on them.
Source: the public API reference's ticket, conversation, satisfaction rating and contact attributes.
"""

from __future__ import annotations

from typing import Any

from assets.audit_tickets.landing.record_formats import RecordFormat
from assets.audit_tickets.landing.record_shapes import (
    BOOL,
    ID,
    LINKED,
    OBJECT,
    TEXT,
    TEXTS,
    WHOLE_NUMBER,
    NestedShape,
    RecordShape,
)

_CONVERSATION_TYPES = {"user_id": ID, "incoming": BOOL, "private": BOOL, "body": TEXT, "body_text": TEXT}
_TIMES = {"created_at": False, "updated_at": False}
NESTED_CONVERSATION = RecordShape("comment", {"created_at": True, "updated_at": False}, _CONVERSATION_TYPES)
CONVERSATION = RecordShape(
    "comment", {"created_at": True, "updated_at": False}, _CONVERSATION_TYPES, ticket_id="ticket_id"
)
TICKET = RecordShape(
    "ticket",
    {"created_at": True, "updated_at": False},
    {
        "subject": TEXT,
        "description": TEXT,
        "description_text": TEXT,
        "status": WHOLE_NUMBER,
        "source": WHOLE_NUMBER,
        "priority": WHOLE_NUMBER,
        "type": TEXT,
        "tags": TEXTS,
        "spam": BOOL,
        "deleted": BOOL,
        "requester_id": ID,
        "responder_id": ID,
        "group_id": ID,
        "company_id": ID,
        "requester": LINKED,
        "company": OBJECT,
        "custom_fields": OBJECT,
        "stats": OBJECT,
    },
    nested=(NestedShape(("conversations",), NESTED_CONVERSATION),),
)
RATING = RecordShape(
    "rating", _TIMES, {"ratings": OBJECT, "feedback": TEXT, "user_id": ID, "agent_id": ID}, ticket_id="ticket_id"
)
CONTACT = RecordShape("user", _TIMES, {"name": TEXT, "email": TEXT, "company_id": ID, "language": TEXT})
COMPANY = RecordShape("organization", _TIMES, {"name": TEXT, "custom_fields": OBJECT})

_TICKET_KEYS = frozenset(
    (
        "subject",
        "description",
        "description_text",
        "status",
        "requester_id",
        "responder_id",
        "source",
        "priority",
        "stats",
    )
)
_CONTACT_KEYS = frozenset(
    ("email", "mobile", "phone", "address", "twitter_id", "contact", "occasional", "view_all_tickets")
)


def kind_of(value: dict[str, Any]) -> str | None:
    """The kind of a whole Freshdesk record, by its keys; None for anything else."""
    if "ticket_id" in value:
        if "ratings" in value:
            return "rating"
        return "comment" if {"body", "body_text", "incoming", "private"} & value.keys() else None
    if "created_at" in value and len(_TICKET_KEYS & value.keys()) >= 3:
        return "ticket"
    if "domains" in value:
        return "organization"
    return "user" if "created_at" in value and len(_CONTACT_KEYS & value.keys()) >= 2 else None


FRESHDESK = RecordFormat(
    helpdesk="freshdesk",
    shapes={"ticket": TICKET, "comment": CONVERSATION, "rating": RATING, "user": CONTACT, "organization": COMPANY},
    sections={
        "tickets": "ticket",
        "results": "ticket",
        "conversations": "comment",
        "satisfaction_ratings": "rating",
        "contacts": "user",
        "agents": "user",
        "companies": "organization",
    },
    file_words={
        "tickets": "ticket",
        "conversations": "comment",
        "satisfaction_ratings": "rating",
        "ratings": "rating",
        "contacts": "user",
        "agents": "user",
        "companies": "organization",
    },
    kind_of=kind_of,
)

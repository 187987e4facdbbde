"""Intercom exports: conversations with their parts inside, contacts, admins and companies; times in epoch seconds.

Belongs here: names and types of Intercom's fields as far as anything downstream relies on them.
Source: the public API reference's conversation, conversation part, contact and company models.
"""

from __future__ import annotations

from typing import Any

from assets.audit_tickets.landing.record_formats import RecordFormat
from assets.audit_tickets.landing.record_shapes import (
    ID,
    LINKED,
    OBJECT,
    TEXT,
    FieldType,
    NestedShape,
    RecordShape,
    one_of,
)

_TIMES = {"created_at": False, "updated_at": False}
_TAGS = FieldType("an object with a list of tags, or a list", lambda v: isinstance(v, dict | list))
PART = RecordShape(
    "comment",
    {"created_at": True, "updated_at": False},
    {
        "part_type": TEXT,
        "body": TEXT,
        "author": LINKED,
        "assigned_to": FieldType("an object", lambda v: isinstance(v, dict)),
    },
    is_epoch=True,
)
CONVERSATION = RecordShape(
    "ticket",
    {"created_at": True, "updated_at": False},
    {
        "title": TEXT,
        "state": one_of("open", "closed", "snoozed"),
        "source": OBJECT,
        "contacts": OBJECT,
        "admin_assignee_id": ID,
        "team_assignee_id": ID,
        "tags": _TAGS,
        "custom_attributes": OBJECT,
        "conversation_rating": OBJECT,
        "statistics": OBJECT,
    },
    is_epoch=True,
    nested=(NestedShape(("conversation_parts", "conversation_parts"), PART),),
)
CONTACT = RecordShape(
    "user", _TIMES, {"name": TEXT, "email": TEXT, "role": TEXT, "custom_attributes": OBJECT}, is_epoch=True
)
COMPANY = RecordShape(
    "organization", _TIMES, {"name": TEXT, "plan": OBJECT, "custom_attributes": OBJECT}, is_epoch=True
)

_KIND_OF_TYPE = {"contact": "user", "user": "user", "lead": "user", "admin": "user", "company": "organization"}


def kind_of(value: dict[str, Any]) -> str | None:
    """The kind of a whole Intercom record; None for references and parts inside a conversation."""
    if "created_at" in value and ("conversation_parts" in value or ("state" in value and "source" in value)):
        return "ticket"
    type_ = value.get("type")
    is_reference = len(value) <= 3 or "part_type" in value or "delivered_as" in value
    if is_reference or not isinstance(type_, str):
        return None
    kind = _KIND_OF_TYPE.get(type_)
    is_author = kind == "user" and "created_at" not in value and "role" not in value and "has_inbox_seat" not in value
    return None if is_author else kind


INTERCOM = RecordFormat(
    helpdesk="intercom",
    shapes={"ticket": CONVERSATION, "user": CONTACT, "organization": COMPANY},
    sections={
        "conversations": "ticket",
        "contacts": "user",
        "users": "user",
        "admins": "user",
        "companies": "organization",
        "data": None,
    },
    file_words={
        "conversations": "ticket",
        "contacts": "user",
        "users": "user",
        "leads": "user",
        "admins": "user",
        "companies": "organization",
    },
    kind_of=kind_of,
)

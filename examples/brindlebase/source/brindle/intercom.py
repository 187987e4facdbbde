"""Chats in the shape of Intercom conversations: first message in ``source``, then parts; epoch seconds, text ids."""

from __future__ import annotations

from typing import Any

from brindle.model import STAFF_IDS, Message, Ticket

BOT = {"type": "bot", "id": "7700001", "name": "Brindle Helper", "email": "operator+brindle@intercom.example"}
AGENT = {"type": "bot", "id": "7700002", "name": "Bea", "email": "operator+bea@intercom.example"}
TEAM = "6612001"


def number_all(tickets: list[Ticket]) -> None:
    """Give conversations and parts Intercom's ids (numbers, written as text)."""
    part = 21_450_000_000
    for i, ticket in enumerate(tickets):
        ticket.id = 215_466_000_000 + i * 3
        for message in ticket.messages:
            part += 11
            message.id = part


def _author(ticket: Ticket, message: Message) -> dict[str, Any]:
    if message.author == "requester":
        kind = "lead" if ticket.person.key % 5 == 0 else "user"
        return {
            "type": kind,
            "id": f"66f0{ticket.person.key:020x}",
            "name": ticket.person.name,
            "email": ticket.person.email,
        }
    if message.author == "bot" or message.author == "system":
        return dict(AGENT if message.author_name == AGENT["name"] else BOT)
    first = ticket.staff.split()[0]
    return {
        "type": "admin",
        "id": str(6_610_000 + STAFF_IDS[first]),
        "name": ticket.staff,
        "email": f"{first.lower()}@brindlebase.example",
    }


def _part(ticket: Ticket, message: Message) -> dict[str, Any]:
    assigned = (
        {"type": "admin", "id": str(6_610_000 + STAFF_IDS[ticket.staff.split()[0]])}
        if message.kind == "assignment"
        else None
    )
    return {
        "type": "conversation_part",
        "id": str(message.id),
        "part_type": message.kind,
        "body": message.html or None,
        "created_at": message.at,
        "updated_at": message.at,
        "notified_at": message.at,
        "assigned_to": assigned,
        "author": _author(ticket, message),
        "attachments": [],
        "external_id": None,
        "redacted": False,
    }


def _conversation(ticket: Ticket, cutoff: int) -> dict[str, Any]:
    seen = ticket.visible(cutoff)
    source, parts = seen[0], [_part(ticket, m) for m in seen[1:]]
    first, solved = ticket.first_at(cutoff), ticket.solved_at(cutoff)
    rating = None
    if ticket.csat and ticket.csat[0] <= cutoff:
        stars = (5 if ticket.number % 3 else 4) if ticket.csat[1] == "good" else 1 + ticket.number % 2
        rating = {
            "rating": stars,
            "remark": ticket.csat[2],
            "created_at": ticket.csat[0],
            "contact": {"type": "contact", "id": f"66f0{ticket.person.key:020x}"},
            "teammate": None,
        }
        parts.append(
            {
                "type": "conversation_part",
                "id": str(seen[-1].id + 5),
                "part_type": "conversation_rating_changed",
                "body": None,
                "created_at": ticket.csat[0],
                "updated_at": ticket.csat[0],
                "notified_at": ticket.csat[0],
                "assigned_to": None,
                "author": _author(ticket, seen[0]),
                "attachments": [],
                "external_id": None,
                "redacted": False,
            }
        )
        parts.sort(key=lambda p: p["created_at"])
    status = ticket.status_at(cutoff)
    shown = ticket.shown
    attributes = {
        "Topic": ticket.topic,
        "Plan": shown.get("plan"),
        "Current page": shown.get("page"),
        "SSO": shown.get("sso"),
        "OS": shown.get("os"),
    }
    staff = str(6_610_000 + STAFF_IDS[ticket.staff.split()[0]])
    return {
        "type": "conversation",
        "id": str(ticket.id),
        "created_at": ticket.created,
        "updated_at": ticket.last_change(cutoff),
        "waiting_since": None,
        "snoozed_until": None,
        "source": {
            "type": "conversation",
            "id": str(source.id),
            "delivered_as": "customer_initiated",
            "subject": "",
            "body": source.html,
            "author": _author(ticket, source),
            "attachments": [],
            "url": f"https://app.brindlebase.example{shown.get('page', '/')}",
            "redacted": False,
        },
        "contacts": {
            "type": "contact.list",
            "contacts": [
                {
                    "type": "contact",
                    "id": f"66f0{ticket.person.key:020x}",
                    "external_id": str(40_000 + ticket.person.key),
                }
            ],
        },
        "teammates": {"type": "admin.list", "admins": [{"type": "admin", "id": staff}] if first else []},
        "title": None,
        "admin_assignee_id": int(staff) if first else None,
        "team_assignee_id": TEAM,
        "custom_attributes": {k: v for k, v in attributes.items() if v is not None},
        "open": status in ("open", "pending"),
        "state": "open" if status in ("open", "pending") else "closed",
        "read": True,
        "priority": "not_priority",
        "tags": {
            "type": "tag.list",
            "tags": [
                {"type": "tag", "id": str(8000 + i), "name": t, "applied_at": ticket.created}
                for i, t in enumerate(ticket.tags)
            ],
        },
        "conversation_rating": rating,
        "statistics": {
            "type": "conversation_statistics",
            "time_to_admin_reply": first - ticket.created if first else None,
            "time_to_first_close": solved - ticket.created if solved else None,
            "first_contact_reply_at": ticket.created,
            "first_admin_reply_at": first,
            "last_close_at": solved,
            "count_reopens": ticket.reopens_at(cutoff),
            "count_conversation_parts": len(parts),
            **({} if ticket.handle_minutes is None else {"handling_time": round(60 * ticket.handle_minutes)}),
        },
        "conversation_parts": {
            "type": "conversation_part.list",
            "conversation_parts": parts,
            "total_count": len(parts),
        },
    }


def export(tickets: list[Ticket], cutoff: int) -> list[dict[str, Any]]:
    """One conversation a line, as it stood at ``cutoff``."""
    number_all(tickets)
    return conversations(tickets, cutoff)


def conversations(tickets: list[Ticket], cutoff: int) -> list[dict[str, Any]]:
    """``export`` of tickets created up to ``cutoff`` that carry their ids already."""
    return [_conversation(t, cutoff) for t in tickets if t.created <= cutoff]

"""Tickets in the shape of the Freshdesk API: tickets, conversations by ticket_id, satisfaction ratings, contacts."""

from __future__ import annotations

from typing import Any

from brindle.model import STAFF_IDS, Ticket, iso

STATUS = {"open": 2, "pending": 3, "solved": 4, "closed": 5, "deleted": 5}
PRIORITY = {"normal": 1, "urgent": 4}
SOURCE = {"email": 1, "portal": 2, "phone": 3}
STAFF_BASE, CONTACT_BASE = 82_000_000_000, 82_010_000_000


def number_all(tickets: list[Ticket]) -> None:
    """Give tickets and messages Freshdesk's ids."""
    part = 82_500_000_400
    for i, ticket in enumerate(tickets):
        ticket.id = 20_411 + i * 2 + i % 3 // 2
        for message in ticket.messages:
            part += 7
            message.id = part


def _contact(ticket: Ticket) -> dict[str, Any]:
    person = ticket.person
    return {
        "id": CONTACT_BASE + person.key,
        "name": person.name,
        "email": person.email,
        "phone": None,
        "mobile": None,
    }


def _ticket(ticket: Ticket, cutoff: int) -> dict[str, Any]:
    opening = ticket.messages[0]
    first, solved = ticket.first_at(cutoff), ticket.solved_at(cutoff)
    reopened = [
        at
        for (_, a), (at, b) in zip(sorted(ticket.statuses), sorted(ticket.statuses)[1:], strict=False)
        if a == "solved" and b == "open" and at <= cutoff
    ]
    custom: dict[str, Any] = {
        "cf_topic": ticket.topic,
        "cf_plan": (ticket.shown.get("plan") or "").capitalize() or None,
        "cf_page": ticket.shown.get("page"),
        "cf_sso": ticket.shown.get("sso"),
        "cf_os": ticket.shown.get("os"),
    }
    return {
        "id": ticket.id,
        "subject": ticket.subject,
        "description": opening.html,
        "description_text": opening.text,
        "status": STATUS[ticket.status_at(cutoff)],
        "priority": PRIORITY[ticket.priority],
        "source": SOURCE[ticket.channel],
        "spam": "spam_marked" in ticket.planted,
        "deleted": ticket.is_deleted or None,
        "type": None,
        "requester_id": CONTACT_BASE + ticket.person.key,
        "requester": _contact(ticket),
        "responder_id": STAFF_BASE + STAFF_IDS[ticket.staff.split()[0]] if first else None,
        "group_id": 82_000_100_001,
        "company_id": None,
        "tags": [*ticket.tags, *(["merged"] if ticket.merged_into else [])],
        "custom_fields": custom,
        "fr_escalated": False,
        "is_escalated": False,
        "cc_emails": [],
        "to_emails": ["support@brindlebase.example"],
        "stats": {
            "agent_responded_at": iso(max(m.at for m in ticket.visible(cutoff) if m.author == "staff" and m.public))
            if first
            else None,
            "requester_responded_at": iso(max(m.at for m in ticket.visible(cutoff) if m.author == "requester")),
            "first_responded_at": iso(first) if first else None,
            "status_updated_at": iso(sorted(ticket.statuses)[0][0]),
            "reopened_at": iso(reopened[-1]) if reopened else None,
            "resolved_at": iso(solved) if solved else None,
            "closed_at": iso(max(at for at, s in ticket.statuses if s == "closed"))
            if ticket.status_at(cutoff) == "closed"
            else None,
            "pending_since": None,
        },
        "created_at": iso(ticket.created),
        "updated_at": iso(ticket.last_change(cutoff)),
    }


def export(tickets: list[Ticket], cutoff: int) -> dict[str, list[dict[str, Any]]]:
    """The files of a folder export by name, as they stood at ``cutoff``."""
    number_all(tickets)
    conversations: list[dict[str, Any]] = []
    ratings: list[dict[str, Any]] = []
    for ticket in tickets:
        for message in ticket.visible(cutoff)[1:]:
            incoming = message.author == "requester"
            html, text = message.html, message.text
            if message.kind == "merge" and ticket.merged_into:
                text = f"This ticket is closed and merged into ticket {ticket.merged_into.id}"
                html = f"<div>{text}</div>"
            conversations.append(
                {
                    "id": message.id,
                    "ticket_id": ticket.id,
                    "user_id": CONTACT_BASE + ticket.person.key
                    if incoming
                    else STAFF_BASE + STAFF_IDS[ticket.staff.split()[0]],
                    "incoming": incoming,
                    "private": not message.public,
                    "source": 0 if message.public else 2,
                    "body": html,
                    "body_text": text,
                    "from_email": ticket.person.email
                    if incoming
                    else ("support@brindlebase.example" if message.public else None),
                    "support_email": "support@brindlebase.example" if message.public else None,
                    "attachments": [],
                    "created_at": iso(message.at),
                    "updated_at": iso(message.at),
                }
            )
        if ticket.csat and ticket.csat[0] <= cutoff:
            ratings.append(
                {
                    "id": 82_900_000_000 + ticket.id,
                    "survey_id": 82_000_000_301,
                    "user_id": CONTACT_BASE + ticket.person.key,
                    "agent_id": STAFF_BASE + STAFF_IDS[ticket.staff.split()[0]],
                    "feedback": ticket.csat[2],
                    "group_id": 82_000_100_001,
                    "ticket_id": ticket.id,
                    "ratings": {"default_question": 103 if ticket.csat[1] == "good" else -103},
                    "created_at": iso(ticket.csat[0]),
                    "updated_at": iso(ticket.csat[0]),
                }
            )
    contacts = {t.person.key: _contact(t) for t in tickets}
    return {
        "tickets.json": [_ticket(t, cutoff) for t in tickets],
        "conversations.json": conversations,
        "satisfaction_ratings.json": ratings,
        "contacts.json": [contacts[k] for k in sorted(contacts)],
    }

"""Tickets in two Zendesk shapes: the account export (nested, one a line), incremental API pages (flat, side-loads)."""

from __future__ import annotations

from typing import Any

from brindle.model import STAFF_IDS, Message, Ticket, iso

USER_BASE, STAFF_BASE = 9_170_000_000_000, 9_160_000_000_000
FIELDS = {"topic": 4410101, "plan": 4410102, "page": 4410103, "sso": 4410104, "os": 4410105}
HANDLE_TIME_FIELD = 4410106
AGENT = {
    "id": STAFF_BASE + 90,
    "name": "Bea",
    "email": "bea@brindlebase.example",
    "role": "agent",
    "locale": "en-GB",
}
GROUP = {"id": 9_150_000_000_021, "name": "Support"}


def number_all(tickets: list[Ticket]) -> None:
    """Give tickets and messages Zendesk's ids."""
    part = 9_400_000_010_000
    for i, ticket in enumerate(tickets):
        ticket.id = 1_001 + i
        for message in ticket.messages:
            part += 13
            message.id = part


def _requester(ticket: Ticket) -> dict[str, Any]:
    person = ticket.person
    return {
        "id": USER_BASE + person.key * 17,
        "name": person.name,
        "email": person.email,
        "role": "end-user",
        "locale": person.locale,
    }


def _staff(ticket: Ticket) -> dict[str, Any]:
    first = ticket.staff.split()[0]
    return {
        "id": STAFF_BASE + STAFF_IDS[first],
        "name": ticket.staff,
        "email": f"{first.lower()}@brindlebase.example",
        "role": "agent",
        "locale": "en-GB",
    }


def _author(ticket: Ticket, message: Message) -> dict[str, Any]:
    if message.author == "requester":
        return _requester(ticket)
    return AGENT if message.author == "bot" else _staff(ticket)


def _comment(ticket: Ticket, message: Message) -> dict[str, Any]:
    author = _author(ticket, message)
    text, html = message.text, message.html
    if message.kind == "merge" and ticket.merged_into:
        text = f"This request was closed and merged into request #{ticket.merged_into.id}"
        html = f"<p>{text}</p>"
    return {
        "id": message.id,
        "type": "Comment",
        "author_id": author["id"],
        "public": message.public,
        "body": text,
        "plain_body": text,
        "html_body": f'<div class="zd-comment" dir="auto">{html}</div>',
        "attachments": [],
        "via": {"channel": ticket.channel_name()},
        "created_at": iso(message.at),
        **({"metadata": {"custom": {"is_solution": True}}} if message.is_accepted else {}),
    }


def _core(ticket: Ticket, cutoff: int) -> dict[str, Any]:
    status, first = ticket.status_at(cutoff), ticket.first_at(cutoff)
    values: dict[str, Any] = {
        "topic": ticket.topic,
        "plan": ticket.shown.get("plan"),
        "page": ticket.shown.get("page"),
        "sso": {True: "true", False: "false", None: None}[ticket.shown.get("sso")],
        "os": ticket.shown.get("os"),
    }
    fields: list[dict[str, Any]] = [{"id": FIELDS[k], "value": v} for k, v in values.items()]
    if ticket.handle_minutes is not None:
        fields.append({"id": HANDLE_TIME_FIELD, "value": f"{ticket.handle_minutes:.1f}"})
    rating: dict[str, Any] = {
        "score": "offered"
        if ticket.solved_at(cutoff) and not ticket.is_spam and not ticket.is_automated
        else "unoffered"
    }
    if ticket.csat and ticket.csat[0] <= cutoff:
        rating = {"id": 9_600_000_000_000 + ticket.id, "score": ticket.csat[1], "comment": ticket.csat[2]}
    return {
        "id": ticket.id,
        "url": f"https://brindlebase.zendesk.example/api/v2/tickets/{ticket.id}.json",
        "created_at": iso(ticket.created),
        "updated_at": iso(ticket.last_change(cutoff)),
        "type": None,
        "subject": ticket.subject,
        "raw_subject": ticket.subject,
        "description": ticket.messages[0].text,
        "priority": ticket.priority,
        "status": "new" if status == "open" and not first else status,
        "via": {"channel": ticket.channel_name(), "source": {"from": {}, "to": {}, "rel": None}},
        "tags": sorted([*ticket.tags, *(["closed_by_merge"] if ticket.merged_into else [])]),
        "custom_fields": fields,
        "satisfaction_rating": rating,
        "organization_id": None,
        "has_incidents": False,
        "is_public": True,
    }


def _metrics(ticket: Ticket, cutoff: int) -> dict[str, Any]:
    first, solved = ticket.first_at(cutoff), ticket.solved_at(cutoff)
    replies = sum(m.author == "staff" and m.public and m.kind == "comment" for m in ticket.visible(cutoff))
    return {
        "id": 9_700_000_000_000 + ticket.id,
        "ticket_id": ticket.id,
        "created_at": iso(ticket.created),
        "updated_at": iso(ticket.last_change(cutoff)),
        "reopens": ticket.reopens_at(cutoff),
        "replies": replies,
        "group_stations": 1,
        "assignee_stations": 1 if first else 0,
        "solved_at": iso(solved) if solved else None,
        "reply_time_in_minutes": {
            "calendar": (first - ticket.created) // 60 if first else None,
            "business": None,
        },
        "full_resolution_time_in_minutes": {
            "calendar": (solved - ticket.created) // 60 if solved else None,
            "business": None,
        },
    }


def account_export(tickets: list[Ticket], cutoff: int) -> list[dict[str, Any]]:
    """One nested record a ticket created up to ``cutoff``, as it stood then."""
    lines = []
    for ticket in (t for t in tickets if t.created <= cutoff):
        answered = any(m.author == "staff" for m in ticket.visible(cutoff))
        users = [_requester(ticket), *([_staff(ticket)] if answered else [])]
        users += [AGENT] if any(m.author == "bot" for m in ticket.visible(cutoff)) else []
        metrics = {k: v for k, v in _metrics(ticket, cutoff).items() if k != "ticket_id"}
        lines.append(
            {
                **_core(ticket, cutoff),
                "requester": users[0],
                "submitter": users[0],
                "assignee": users[1] if answered else None,
                "group": GROUP,
                "organization": None,
                "metric_set": metrics,
                "users": users,
                "comments": [_comment(ticket, m) for m in ticket.visible(cutoff)],
            }
        )
    return lines


def incremental(tickets: list[Ticket], since: int, cutoff: int, size: int = 25) -> dict[str, dict[str, Any]]:
    """Pages of everything that changed after ``since``: tickets with side-loads, comments and ratings, by file name."""
    changed = sorted((t for t in tickets if t.last_change(cutoff) > since), key=lambda t: (t.last_change(cutoff), t.id))
    pages: dict[str, dict[str, Any]] = {}
    for number, start in enumerate(range(0, len(changed), size), 1):
        part = changed[start : start + size]
        flat, users, ratings, comments = [], {}, [], []
        for ticket in part:
            answered = any(m.author == "staff" for m in ticket.visible(cutoff))
            requester, staff = _requester(ticket), _staff(ticket)
            users[requester["id"]] = requester
            if answered:
                users[staff["id"]] = staff
            flat.append(
                {
                    **_core(ticket, cutoff),
                    "requester_id": requester["id"],
                    "submitter_id": requester["id"],
                    "assignee_id": staff["id"] if answered else None,
                    "group_id": GROUP["id"],
                    "generated_timestamp": ticket.last_change(cutoff),
                }
            )
            comments += [{**_comment(ticket, m), "ticket_id": ticket.id} for m in ticket.visible(cutoff)]
            if ticket.csat and ticket.csat[0] <= cutoff:
                ratings.append(
                    {
                        "id": 9_600_000_000_000 + ticket.id,
                        "ticket_id": ticket.id,
                        "score": ticket.csat[1],
                        "comment": ticket.csat[2],
                        "requester_id": requester["id"],
                        "assignee_id": staff["id"],
                        "group_id": GROUP["id"],
                        "reason": None,
                        "created_at": iso(ticket.csat[0]),
                        "updated_at": iso(ticket.csat[0]),
                    }
                )
        last = start + size >= len(changed)
        pages[f"tickets-{number:04d}.json"] = {
            "tickets": flat,
            "users": [users[k] for k in sorted(users)],
            "groups": [GROUP],
            "metric_sets": [_metrics(t, cutoff) for t in part],
            "count": len(flat),
            "end_time": part[-1].last_change(cutoff),
            "end_of_stream": last,
            "after_url": None,
            "next_page": None if last else "https://brindlebase.zendesk.example/next",
        }
        pages[f"comments-{number:04d}.json"] = {
            "comments": comments,
            "count": len(comments),
            "next_page": None,
        }
        pages[f"satisfaction_ratings-{number:04d}.json"] = {
            "satisfaction_ratings": ratings,
            "count": len(ratings),
            "next_page": None,
        }
    return pages

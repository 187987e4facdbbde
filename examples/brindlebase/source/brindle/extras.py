"""What is planted on top of ordinary tickets: spam, machine mail, duplicates, merges, deletions, moods, hidden text."""

from __future__ import annotations

import random
from typing import Any

from brindle import markup
from brindle.history import Desk, make_ticket, write
from brindle.model import Message, Ticket, when
from brindle.people import new_person, slots_for
from brindle.texts import Opening, block, fill, finish

PROTEST = (
    "We the undersigned small organisations do not accept the new Pro price of 1 April. "
    "Unless the old price stays we will cancel our "
    "subscriptions at the end of the month. Please confirm until when each of us can cancel."
)
OUTAGE = (
    "Brindlebase is not loading for anyone in our building since 10:05, we get error 503. "
    "Please tell us when it will be back."
)
MOODS = [
    ("furious", "cancel_subscription"),
    ("furious", "refund_request"),
    ("furious", "billing_dispute"),
    ("furious", "billing_dispute"),
    ("furious", "mobile_sync"),
    ("furious", "password_reset"),
    ("furious", "export_data"),
    ("furious", "outage"),
    ("furious", "invoice_copy"),
    ("furious", "desktop_crash"),
    ("furious", "sharing_permissions"),
    ("furious", "legacy_plan"),
    ("distress", "page_restore"),
    ("distress", "page_restore"),
    ("distress", "page_restore"),
    ("distress", "mobile_sync"),
    ("distress", "login_two_factor"),
    ("distress", "password_reset"),
    ("distress", "cancel_subscription"),
    ("distress", "refund_request"),
    ("distress", "owner_transfer"),
    ("distress", "data_deletion"),
    ("distress", "security_incident"),
    ("distress", "export_data"),
    ("person", "password_reset"),
    ("person", "upgrade_plan"),
    ("person", "mobile_sync"),
    ("person", "refund_request"),
    ("person", "invite_teammates"),
    ("person", "upload_limit"),
]


def plant_all(desk: Desk, tickets: list[Ticket], articles: dict[str, list[int]]) -> list[Ticket]:
    """Return ``tickets`` with all extras, sorted by time of creation and numbered afresh."""
    rng = random.Random(f"{desk.seed}/extras")
    found = list(tickets)
    found += _moods(desk, rng, articles)
    found += _same_text(desk, rng, articles)
    found += _duplicates(desk, rng, tickets, articles)
    found += _spam(desk, rng)
    found += _machines(desk, rng)
    for ticket in rng.sample([t for t in tickets if t.helpdesk != "intercom" and not t.planted], 9):
        ticket.is_deleted = True
        ticket.planted.append("deleted")
        ticket.statuses.append((ticket.last_change(2**40) + 3600, "deleted"))
    found.sort(key=lambda t: (t.created, t.number))
    for number, ticket in enumerate(found, 1):
        ticket.number = number
    return found


def _any_time(rng: random.Random, first: str = "2026-02-02", last: str = "2026-05-28") -> int:
    day = rng.randrange(when(first), when(last), 86400)
    return day + rng.randrange(7 * 3600, 19 * 3600)


def _moods(desk: Desk, rng: random.Random, articles: dict[str, list[int]]) -> list[Ticket]:
    made = []
    for i, (mood, category_id) in enumerate(MOODS):
        one = random.Random(f"{desk.seed}/mood/{i}")
        ticket, opening = make_ticket(
            desk, one, 10_000 + i, desk.categories[category_id], _any_time(rng), mood=mood, chat=i % 3 == 1
        )
        ticket.planted.append(f"mood_{mood}")
        write(one, desk, ticket, opening, articles)
        made.append(ticket)
    for i in range(3):
        one = random.Random(f"{desk.seed}/injection/{i}")
        ticket, opening = make_ticket(
            desk, one, 10_100 + i, desk.categories["refund_request"], _any_time(rng), chat=False
        )
        ticket.planted.append("hidden_injection")
        write(one, desk, ticket, opening, articles)
        made.append(ticket)
    for i in range(6):
        one = random.Random(f"{desk.seed}/late/{i}")
        at = when(f"2026-05-{22 + i % 4}") + one.randrange(8, 15) * 3600
        ticket, opening = make_ticket(
            desk,
            one,
            10_200 + i,
            desk.categories[one.choice(["mobile_sync", "calendar_integration", "desktop_crash"])],
            at,
            chat=False,
        )
        ticket.planted.append("reopened_late")
        write(one, desk, ticket, opening, articles)
        made.append(ticket)
    return made


def _same_text(desk: Desk, rng: random.Random, articles: dict[str, list[int]]) -> list[Ticket]:
    made = []
    for case, category_id, text, day, count in (
        ("same_text_protest", "cancel_subscription", PROTEST, "2026-04-02", 6),
        ("same_text_outage", "outage", OUTAGE, "2026-04-21", 5),
    ):
        group = desk.categories[category_id].raw["groups"][0]["key"]
        forces = {"plan": "pro"} if category_id == "cancel_subscription" else {}
        opening = Opening(
            f"{category_id}/{group}/en/{case}",
            group,
            "en",
            text,
            "Brindlebase price increase" if forces else "503",
            True,
            forces,
        )
        for i in range(count):
            one = random.Random(f"{desk.seed}/{case}/{i}")
            at = when(day) + 10 * 3600 + one.randrange(900, 9000 if not forces else 200_000)
            ticket, _ = make_ticket(
                desk,
                one,
                10_300 + i,
                desk.categories[category_id],
                at,
                language="en",
                opening=opening,
                chat=False,
            )
            ticket.planted.append(case)
            write(one, desk, ticket, opening, articles)
            made.append(ticket)
    for later in made[1:]:
        first = next(t for t in made if t.planted == later.planted)
        later.duplicate_of = first if later is not first else None
    return made


def _duplicates(desk: Desk, rng: random.Random, tickets: list[Ticket], articles: dict[str, list[int]]) -> list[Ticket]:
    pool = [
        t
        for t in tickets
        if t.helpdesk != "intercom"
        and t.category
        in (
            "password_reset",
            "cancel_subscription",
            "invoice_copy",
            "billing_dispute",
            "mobile_sync",
            "refund_request",
            "upgrade_plan",
        )
        and t.created < when("2026-05-20")
        and not (when("2026-03-15") < t.created < when("2026-03-18"))
    ]
    made = []
    for i, first in enumerate(rng.sample(pool, 16)):
        one = random.Random(f"{desk.seed}/duplicate/{i}")
        category = desk.categories[first.category]
        again = next(o for o in category.openings if o.key == first.opening_key)
        alike = [
            o
            for o in desk.pools[first.category, first.language]
            if o.group == again.group and not o.forces and not o.since
        ]
        opening = again if i % 2 else one.choice(alike or [again])
        ticket, _ = make_ticket(
            desk,
            one,
            10_400 + i,
            category,
            first.created + one.randrange(1800, 26 * 3600),
            language=first.language,
            opening=opening,
            person=first.person,
            chat=False,
        )
        ticket.helpdesk, ticket.subject, ticket.duplicate_of = (
            first.helpdesk,
            first.subject if i % 2 else ticket.subject,
            first,
        )
        ticket.context, ticket.entry, ticket.true_condition = first.context, first.entry, first.true_condition
        ticket.planted.append("duplicate_same_text" if i % 2 else "duplicate_reworded")
        if i % 2:
            source = first.messages[0]
            copy = Message(
                ticket.created, "requester", source.author_name, source.text, source.html, found=source.found
            )
        write(one, desk, ticket, opening, articles)
        if i % 2:
            ticket.messages[0] = copy
        if i < 9:
            _merge(one, ticket, first)
        made.append(ticket)
    return made


def _merge(rng: random.Random, ticket: Ticket, into: Ticket) -> None:
    at = ticket.created + rng.randrange(600, 7200)
    ticket.messages = [m for m in ticket.messages if m.at == ticket.created][:1]
    ticket.statuses = [(ticket.created, "open"), (at, "closed")]
    ticket.csat, ticket.merged_into, ticket.outcome = None, into, "merged"
    ticket.planted.append("merged")
    ticket.messages.append(Message(at, "staff", ticket.staff, "MERGE", "MERGE", False, "merge"))


def _bare(desk: Desk, rng: random.Random, i: int, line: str, email: str | None, language: str) -> Ticket:
    person = new_person(rng, desk.common, 90_000 + i, language, desk.taken)
    subject, _, text = line.rpartition(" :: ")
    at = _any_time(rng)
    ticket = Ticket(
        i,
        "freshdesk" if at < when("2026-03-18") else "zendesk",
        "",
        None,
        person,
        desk.common["staff_names"].split("|")[0],
        language,
        subject,
        at,
        "email",
        {"plan": None, "sso": None, "os": None},
        {},
    )
    slots = slots_for(person, desk.common, ticket.staff, at)
    if email:
        person.first, person.last, person.email = *email.split("|")[0].split(" ", 1), email.split("|")[1]
    body, data = finish(fill(rng, text, slots))
    ticket.subject = finish(fill(rng, subject, slots))[0]
    ticket.messages.append(Message(at, "requester", person.name, body, markup.to_html(body), found=data))
    ticket.statuses = [(at, "open"), (at + 5400, "closed")]
    return ticket


def _spam(desk: Desk, rng: random.Random) -> list[Ticket]:
    made = []
    for i, line in enumerate(block(desk.common, "noise", "spam") * 2):
        ticket = _bare(desk, random.Random(f"{desk.seed}/spam/{i}"), 10_500 + i, line, None, "en")
        marked = i % 6 != 0
        ticket.is_spam, ticket.outcome = True, "spam"
        ticket.planted.append("spam_marked" if marked else "spam_unmarked")
        if marked:
            ticket.tags.append("spam")
        made.append(ticket)
    return made


def _machines(desk: Desk, rng: random.Random) -> list[Ticket]:
    made = []
    senders = {
        "delivery": "Mail Delivery System|mailer-daemon@{}",
        "monitoring": "Uptime Monitor|monitor@uptime-check.example",
    }
    for kind, count in (("out_of_office", 14), ("delivery", 9), ("monitoring", 9)):
        lines = block(desk.common, "noise", "automated", kind)
        for i in range(count):
            one = random.Random(f"{desk.seed}/{kind}/{i}")
            line = lines[i % len(lines)]
            language = "de" if line.startswith("Abwesen") else "es" if line.startswith("Respuesta") else "en"
            email = senders[kind].format(f"mx{i}.example.org") if kind in senders else None
            ticket = _bare(desk, one, 10_600 + 50 * len(kind) + i, line, email, language)
            ticket.is_automated, ticket.outcome = True, "automated"
            ticket.planted.append(f"automated_{kind}")
            if i % 4 == 0:
                ticket.tags.append("auto-mail" if ticket.helpdesk == "freshdesk" else "auto_mail")
            made.append(ticket)
    return made


def everything(
    seed: str,
    categories: dict[str, Any],
    common: dict[str, Any],
    articles: dict[str, list[int]],
    ordinary: Any,
    scale: float,
) -> list[Ticket]:
    """The whole history of the desk."""
    desk = Desk(seed, categories, common, pilot=False)
    return plant_all(desk, ordinary(desk, scale, articles), articles)

"""Which tickets arrive when and from whom over the 120 days of history, with everything that is planted."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

from brindle.model import Ticket, when
from brindle.people import Person, new_person
from brindle.story import tell
from brindle.texts import Category, Opening, block, split_openings

START, DAYS = "2026-02-01", 120
MOVE = when("2026-03-18")  # from Freshdesk to Zendesk
GROUP_CONTEXT: dict[str, dict[str, Any]] = {
    "annual": {"billing": "yearly"},
    "monthly": {"billing": "monthly"},
    "owner_here": {"owner_available": True},
    "owner_gone": {"owner_available": False},
}
HOURS = [1, 1, 1, 1, 1, 2, 5, 12, 18, 20, 19, 16, 13, 17, 19, 18, 15, 11, 8, 6, 5, 4, 3, 2]
WEEKDAYS = [1.25, 1.15, 1.1, 1.0, 0.9, 0.28, 0.25]
PLANS = {"free": 0.42, "pro": 0.46, "legacy": 0.12}
SYSTEMS = {"windows": 0.5, "macos": 0.26, "ios": 0.1, "android": 0.1, "linux": 0.04}


class Desk:
    """People and openings of one run; hands out tickets."""

    def __init__(self, seed: str, categories: dict[str, Category], common: dict[str, Any], *, pilot: bool):
        self.seed, self.categories, self.common, self.pilot = seed, categories, common, pilot
        self.people: list[Person] = []
        self.by_facts: dict[tuple[Any, ...], list[Person]] = defaultdict(list)
        self.taken: set[str] = set()
        self.open_contacts: Counter[int] = Counter()
        self.used: Counter[str] = Counter()
        self.pools: dict[tuple[str, str], list[Opening]] = defaultdict(list)
        for category in categories.values():
            for opening in split_openings(category.openings, pilot=pilot):
                self.pools[category.id, opening.language].append(opening)

    def opening(self, rng: random.Random, category: Category, language: str, day: str) -> Opening:
        """The least used opening that fits the day, groups by their share."""
        shares = {g["key"]: g.get("share", 1) for g in category.raw["groups"]}
        pool = [o for o in self.pools[category.id, language] if o.since <= day]
        groups = sorted({o.group for o in pool})
        group = rng.choices(groups, [shares[g] for g in groups])[0]
        mine = [o for o in pool if o.group == group]
        fewest = min(self.used[o.key] for o in mine)
        chosen = rng.choice([o for o in mine if self.used[o.key] == fewest])
        self.used[chosen.key] += 1
        return chosen

    def may_write(self, person: Person) -> bool:
        """Whether a known customer may write once more."""
        return self.open_contacts[person.key] < 4

    def person(self, rng: random.Random, language: str, want: dict[str, Any]) -> Person:
        """Someone who fits: a known customer now and then, else a new one."""
        alike = self.by_facts[(language, *want.values())]
        known = [p for p in alike if self.may_write(p)]
        if known and rng.random() < 0.38:
            person = rng.choice(known)
        else:
            person = new_person(rng, self.common, len(self.people) + 1, language, self.taken)
            for key, value in want.items():
                setattr(person, key, value)
            if person.plan == "free":
                person.seats = min(person.seats, rng.choice([2, 3, 3]))
            self.people.append(person)
            alike.append(person)
        self.open_contacts[person.key] += 1
        return person


def moments(rng: random.Random, category: Category, count: int, start: datetime, days: int) -> list[int]:
    """Arrival times: weekday and hour of day, spikes, and trends of the category."""
    weights = []
    for day in range(days):
        date = start + timedelta(days=day)
        weight = WEEKDAYS[date.weekday()] * rng.uniform(0.8, 1.25)
        for since, factor in category.raw.get("trend", []):
            weight *= factor if f"{date:%Y-%m-%d}" >= since else 1.0
        spikes = category.raw.get("spikes", [])
        if spikes:
            weight = weight * 0.35 + 22 * spikes.count(f"{date:%Y-%m-%d}")
        weights.append(weight)
    found = []
    for day in rng.choices(range(days), weights, k=count):
        hour = rng.choices(range(24), HOURS)[0]
        found.append(
            int(
                (
                    start + timedelta(days=day, hours=hour, minutes=rng.randrange(60), seconds=rng.randrange(60))
                ).timestamp()
            )
        )
    return found


def draw(rng: random.Random, odds: dict[str, float]) -> str:
    """One key by weight."""
    return rng.choices(list(odds), list(odds.values()))[0]


def make_ticket(
    desk: Desk,
    rng: random.Random,
    number: int,
    category: Category,
    created: int,
    *,
    language: str | None = None,
    mood: str | None = None,
    opening: Opening | None = None,
    person: Person | None = None,
    chat: bool | None = None,
) -> tuple[Ticket, Opening]:
    """A ticket with its truth, before its thread is written."""
    raw = category.raw
    day = datetime.fromtimestamp(created, UTC).date().isoformat()
    if language is None:
        spoken = {code: any(o.since <= day for o in desk.pools[category.id, code]) for code in ("de", "es")}
        language = draw(rng, {"en": 0.85, "de": 0.083 if spoken["de"] else 0, "es": 0.048 if spoken["es"] else 0})
    opening = opening or desk.opening(rng, category, language, day)
    forced = {**GROUP_CONTEXT.get(opening.group, {}), **opening.forces}
    plans = {k: v for k, v in raw.get("plans", PLANS).items() if not (opening.group == "monthly" and k == "legacy")}
    sso = forced.get("sso", rng.random() < raw.get("sso", 0.16))
    plan = forced.get("plan") or ("pro" if sso else draw(rng, plans))
    sso = sso and plan == "pro"
    system = forced.get("os") or draw(rng, raw.get("os") or SYSTEMS)
    person = person or desk.person(rng, language, {"plan": plan, "sso": sso, "os": system})
    context: dict[str, Any] = {
        "plan": person.plan,
        "sso": person.sso,
        "os": person.os,
        "page": rng.choice(raw["pages"]),
        "role": "owner" if rng.random() < 0.12 else "member",
        **forced,
    }
    context.setdefault("billing", "yearly" if person.plan == "legacy" or rng.random() < 0.25 else "monthly")
    group = next(g for g in raw["groups"] if g["key"] == opening.group)
    entries = {e["id"]: e for e in raw["entries"]}
    entry = next(
        (entries[i] for i in group["entries"] if all(context.get(k) in v for k, v in entries[i]["conditions"].items())),
        entries[group["entries"][-1]],
    )
    if mood is None:
        mood = "angry" if rng.random() < raw.get("angry", 0.03) else "person" if rng.random() < 0.012 else None
        mood = "distress" if rng.random() < raw.get("distress", 0.004) else mood
    if chat is None:
        chat = len(opening.text) < 190 and rng.random() < 0.36
    helpdesk = "intercom" if chat else "freshdesk" if created < MOVE else "zendesk"
    shown = {k: context[k] for k, p in (("plan", 0.86), ("sso", 0.68), ("page", 0.6), ("os", 0.55)) if rng.random() < p}
    own = opening.text.split("{")[0][:48].rsplit(" ", 1)[0]
    usual = block(raw, "subjects") if language == "en" else [*block(desk.common, f"subjects_{language}"), own]
    subject = opening.subject or rng.choice([*usual, "", own])
    reasons = [r for r in (raw.get("escalate"), entry.get("escalate")) if r]
    reasons += ["refund_above_limit"] if category.id == "refund_request" and "%amount_big%" in opening.text else []
    reasons += {"distress": ["distress"], "furious": ["frustration"], "person": ["asks_for_person"]}.get(mood or "", [])
    ticket = Ticket(
        number,
        helpdesk,
        category.id,
        entry["id"],
        person,
        rng.choice(desk.common["staff_names"].split("|")),
        language,
        clean_subject(subject, opening),
        created,
        rng.choice(["email", "email", "portal"]),
        context,
        shown,
        true_condition={k: context[k] for k in entry["conditions"] if k in context},
        reasons=list(dict.fromkeys(reasons)),
        mood=mood,
        opening_key=opening.key,
        priority=raw.get("priority", "normal"),
    )
    label(rng, ticket, desk.categories)
    return ticket, opening


def clean_subject(subject: str, opening: Opening) -> str:
    """No slots or marks of the notation in a subject; a mail without one keeps an empty subject."""
    subject = subject.strip(" ,.")
    if "%" in subject or "{" in subject or "|" in subject:
        subject = opening.group.capitalize() if len(opening.text) < 30 else "Question"
    return subject


def label(rng: random.Random, ticket: Ticket, categories: dict[str, Category]) -> None:
    """The topic in the helpdesk's own words: missing for a third, wrong for some, none where nobody named one."""
    column = {"freshdesk": 0, "zendesk": 1, "intercom": 2}[ticket.helpdesk]
    topics = categories[ticket.category].raw["topics"]
    chance = rng.random()
    if not topics:
        ticket.topic = ("other" if ticket.helpdesk == "zendesk" else "Other") if chance < 0.12 else None
        return
    if chance < 0.27:
        return
    if chance < 0.31:
        wrong = rng.choice(
            [c for c in categories.values() if c.raw["topics"] and c.id != ticket.category and c.raw["weight"] > 15]
        )
        topics = wrong.raw["topics"]
        ticket.planted.append("wrong_label")
    ticket.topic = topics[column]
    if ticket.helpdesk == "zendesk":
        ticket.tags.append(ticket.topic)


def write(rng: random.Random, desk: Desk, ticket: Ticket, opening: Opening, articles: dict[str, list[int]]) -> None:
    """Write the thread of ``ticket``."""
    tell(rng, ticket, desk.categories[ticket.category], opening, desk.common, articles)


def ordinary(desk: Desk, scale: float, articles: dict[str, list[int]]) -> list[Ticket]:
    """All tickets of real customers, without the planted extras."""
    start = datetime.fromisoformat(START).replace(tzinfo=UTC)
    arrivals = []
    for category in desk.categories.values():
        rng = random.Random(f"{desk.seed}/arrivals/{category.id}")
        count = max(3, round(category.raw["weight"] * scale))
        arrivals += [(at, category.id) for at in moments(rng, category, count, start, DAYS)]
    tickets = []
    for number, (at, category_id) in enumerate(sorted(arrivals), 1):
        rng = random.Random(f"{desk.seed}/ticket/{number}")
        ticket, opening = make_ticket(desk, rng, number, desk.categories[category_id], at)
        if rng.random() < 0.012 and ticket.helpdesk != "intercom":
            ticket.planted.append("hidden_html")
        write(rng, desk, ticket, opening, articles)
        tickets.append(ticket)
    return tickets

"""Seeded traffic of the weeks after the history: new tickets in openings that history never used.

``pilot_tickets`` yields plain dictionaries, one a ticket, in order of time. Beside what a customer would send
(``subject``, ``message``, ``context_shown``) each carries its truth (``true_*``, ``should_escalate``) and what a
simulated customer does next (``reaction``), drawn once so that two arms can be compared on the same ticket.
``pilot_cases`` yields the same with the generator's own ticket, for whoever writes on in its thread. Planted: a
good category (answers stay right), a bad one (from BAD_SINCE on the right answer is another one than the knowledge
says), one too small to judge. Only simulations and benchmarks may read this.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from brindle import intercom, zendesk
from brindle.history import Desk, make_ticket, moments
from brindle.model import Ticket, iso
from brindle.people import Person
from brindle.texts import Category, load_categories, load_common
from brindle.threads import Thread

GOOD, BAD, TOO_SMALL = "password_reset", "invoice_copy", "mobile_sync"
SEED = "brindlebase-pilot-1"
START, WEEKS, COUNT = "2026-06-01", 8, 6_400
BAD_SINCE = "2026-06-23"
TOO_SMALL_COUNT = 22
REST_DAYS = 10
"""Days between two tickets of one customer at least, so that nobody seems to come back who merely has another question."""
NEW_TRUTH: dict[str, Any] = {
    "id": "invoice_portal",
    "category": BAD,
    "question": "Where do I get a copy of my invoice?",
    "conditions": {},
    "must_escalate": None,
    "answer": "Since 2026-06-23 bills are kept in the new payments portal, pay.brindlebase.example, for everybody. Sign in "
    "there with the six-digit code mailed to the billing contact and pick the year. The former page inside the app stays "
    "empty, and nothing is sent out by hand any more.",
}
BOOST = {GOOD: 1.5, BAD: 1.5}
AGENT_NAME = zendesk.AGENT["name"]
NEW_PEOPLE = 100_000
"""Number from which on customers are counted whom history does not know."""
MESSAGE_IDS = {"zendesk": (9_500_000_000_000, 13), "intercom": (21_900_000_000, 11)}
TICKET_IDS = {"zendesk": (700_000, 1), "intercom": (215_500_000_000, 3)}


@dataclass
class PilotCase:
    """One new ticket as it arrived, its thread to be written on, and its truth (what ``pilot_tickets`` yields)."""

    number: int
    ticket: Ticket
    category: Category
    thread: Thread
    truth: dict[str, Any]


class _PilotDesk(Desk):
    """People who leave some days between two questions."""

    def __init__(self, seed: str, categories: dict[str, Category], common: dict[str, Any]):
        super().__init__(seed, categories, common, pilot=True)
        self.now = 0
        self.last_wrote: dict[int, int] = {}

    def may_write(self, person: Person) -> bool:
        rested = self.now - self.last_wrote.get(person.key, 0) >= REST_DAYS * 24 * 3600
        return rested and super().may_write(person)

    def person(self, rng: random.Random, language: str, want: dict[str, Any]) -> Person:
        found = super().person(rng, language, want)
        self.last_wrote[found.key] = self.now
        return found


@cache
def pilot_texts() -> tuple[dict[str, Category], dict[str, Any]]:
    """Categories by id and the common texts; read once, since parsing takes as long as making a thousand tickets."""
    return load_categories(), load_common("common")


def _counts(categories: dict[str, Any], count: int) -> dict[str, int]:
    weights = {c.id: c.raw["weight"] * BOOST.get(c.id, 1.0) for c in categories.values() if c.id != TOO_SMALL}
    whole = sum(weights.values())
    return {
        **{k: round(w / whole * (count - TOO_SMALL_COUNT)) for k, w in weights.items()},
        TOO_SMALL: TOO_SMALL_COUNT,
    }


def _reaction(rng: random.Random, mood: str | None, chat: bool) -> dict[str, Any]:
    """What this customer does after a right or a wrong answer, by whomever; and how long a person would need."""
    angry = mood in ("angry", "furious", "distress")
    return {
        "confirms_if_right": rng.random() < 0.34,
        "returns_in_days_if_right": round(rng.uniform(0.2, 6.5), 2) if rng.random() < 0.05 else None,
        "returns_in_days_if_wrong": round(rng.uniform(0.05, 6.0), 2) if rng.random() < 0.62 else None,
        "asks_for_person_if_wrong": rng.random() < 0.35,
        "rates": rng.random() < 0.2,
        "rating_if_right": "good" if rng.random() < (0.6 if angry else 0.92) else "bad",
        "rating_if_wrong": "good" if rng.random() < 0.15 else "bad",
        "person_answers_right": rng.random() < 0.94,
        "person_first_reply_minutes": int((5 if chat else 170) * rng.lognormvariate(0, 0.8)) + 1,
        "person_handle_minutes": round(4 + rng.lognormvariate(1.3, 0.6), 1),
    }


def _arrivals(
    seed: str, categories: dict[str, Category], parts: Sequence[tuple[str, int, Mapping[str, int]]]
) -> list[tuple[int, str]]:
    arrivals = []
    for place, (start, weeks, counts) in enumerate(parts):
        first = datetime.fromisoformat(start).replace(tzinfo=UTC)
        for category_id, number in counts.items():
            rng = random.Random(f"{seed}/arrivals/{category_id}" + (f"/{place}" if place else ""))
            plain = categories[category_id]
            spikes = plain.raw.pop("spikes", None)
            arrivals += [(at, category_id) for at in moments(rng, plain, number, first, weeks * 7)]
            if spikes is not None:
                plain.raw["spikes"] = spikes
    return sorted(arrivals)


def pilot_cases(seed: str, parts: Sequence[tuple[str, int, Mapping[str, int]]]) -> Iterator[PilotCase]:
    """Yield the new tickets of ``parts`` (first day, weeks, tickets by category), in order of time, with helpdesk ids."""
    categories, common = pilot_texts()
    desk = _PilotDesk(seed, categories, common)
    for index, (at, category_id) in enumerate(_arrivals(seed, categories, parts), 1):
        rng = random.Random(f"{seed}/ticket/{index}")
        desk.now = at
        category = categories[category_id]
        ticket, opening = make_ticket(desk, rng, index, category, at)
        ticket.statuses.append((at, "open"))
        thread = Thread(rng, ticket, category, common, {})
        thread.opening(opening)
        chat = ticket.helpdesk == "intercom"
        truth = {
            "ticket_id": f"pilot-{index:06d}",
            "created_at": iso(at),
            "channel": "chat" if chat else "email",
            "language": ticket.language,
            "requester": ticket.person.email,
            "requester_name": ticket.person.name,
            "subject": "" if chat else ticket.subject,
            "message": ticket.messages[0].text,
            "message_html": ticket.messages[0].html,
            "context_shown": ticket.shown,
            "context": ticket.context,
            "true_category": category_id,
            "true_entry": NEW_TRUTH["id"] if category_id == BAD and iso(at)[:10] >= BAD_SINCE else ticket.entry,
            "true_condition": ticket.true_condition,
            "should_escalate": bool(ticket.reasons),
            "escalation_reasons": ticket.reasons,
            "mood": ticket.mood,
            "opening": opening.key,
            "planted": {GOOD: "good", BAD: "bad", TOO_SMALL: "too_small"}.get(category_id),
            "reaction": _reaction(rng, ticket.mood, chat),
        }
        yield PilotCase(index, ticket, category, thread, truth)


def pilot_tickets(
    seed: str = SEED, count: int = COUNT, start: str = START, weeks: int = WEEKS
) -> Iterator[dict[str, Any]]:
    """Yield about ``count`` new tickets over ``weeks`` from ``start`` (ISO date, UTC). Same arguments, same tickets.

    Ids are ``pilot-<6 digits>``; ``requester`` is an e-mail address of a reserved domain,
    and may be one that wrote in history before.
    """
    for case in pilot_cases(seed, [(start, weeks, _counts(pilot_texts()[0], count))]):
        yield case.truth


@cache
def _known_people() -> dict[str, int]:
    """Key by address of everybody who wrote in history."""
    from generate import build_tickets

    return {ticket.person.email: ticket.person.key for ticket in build_tickets()}


def helpdesk_lines(tickets: Sequence[Ticket], cutoff: int) -> dict[str, list[dict[str, Any]]]:
    """Records of new tickets by helpdesk, in the shapes of the history's exports, as they stood at ``cutoff`` (epoch).

    Ids of tickets and messages follow from the ticket's number and the order of its messages. Who wrote in history under
    the same address keeps the user id of then.
    """
    mine: dict[str, list[Ticket]] = {"zendesk": [], "intercom": []}
    for ticket in tickets:
        key = _known_people().get(ticket.person.email, NEW_PEOPLE + ticket.person.key)
        base, step = TICKET_IDS[ticket.helpdesk]
        first, gap = MESSAGE_IDS[ticket.helpdesk]
        messages = [
            replace(message, id=first + ticket.number * 1_000 + place * gap)
            for place, message in enumerate(sorted(ticket.messages, key=lambda one: one.at), 1)
        ]
        person = replace(ticket.person, key=key)
        mine[ticket.helpdesk].append(replace(ticket, id=base + ticket.number * step, person=person, messages=messages))
    return {
        "zendesk": zendesk.account_export(mine["zendesk"], cutoff),
        "intercom": intercom.conversations(mine["intercom"], cutoff),
    }


def helpdesk_ticket_id(ticket: Ticket) -> str:
    """The id under which the platform knows a new ticket: helpdesk and the helpdesk's own id."""
    base, step = TICKET_IDS[ticket.helpdesk]
    return f"{ticket.helpdesk}:{base + ticket.number * step}"


def main() -> None:
    """Write the traffic as NDJSON (``--out FILE.ndjson.gz``)."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=COUNT)
    arguments = parser.parse_args()
    lines = "".join(json.dumps(t, ensure_ascii=False) + "\n" for t in pilot_tickets(count=arguments.count))
    arguments.out.write_bytes(gzip.compress(lines.encode(), 9, mtime=0))
    print(f"{lines.count(chr(10))} tickets written to {arguments.out}")


if __name__ == "__main__":
    main()

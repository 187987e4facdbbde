"""Seeded traffic of the weeks after the history: new tickets in openings that history never used.

``pilot_tickets`` yields plain dictionaries, one a ticket, in order of time. Beside what a customer would send
(``subject``, ``message``, ``context_shown``) each carries its truth (``true_*``, ``should_escalate``) and what a
simulated customer does next (``reaction``), drawn once so that two arms can be compared on the same ticket. Planted: a
good category (answers stay right), a bad one (from BAD_SINCE on the right answer is another one than the knowledge
says), one too small to judge. Only simulations and benchmarks may read this.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from brindle.history import Desk, make_ticket, moments
from brindle.model import iso
from brindle.texts import load_categories, load_common
from brindle.threads import Thread

GOOD, BAD, TOO_SMALL = "password_reset", "calendar_integration", "owner_transfer"
START, WEEKS, COUNT = "2026-06-01", 8, 6_400
BAD_SINCE = "2026-06-02"
TOO_SMALL_COUNT = 22
NEW_TRUTH: dict[str, Any] = {
    "id": "calendar_new_sync",
    "category": BAD,
    "question": "Why does my calendar not sync?",
    "conditions": {},
    "must_escalate": None,
    "answer": "Since Calendar 2 (2026-06-02) the connection moved to each person's own Settings > Profile > Calendar "
    "accounts and has to be set up there once; the old page Settings > Integrations > Calendar is switched off, "
    "reconnecting there does nothing. Sync is two-way now and takes about a minute.",
}
BOOST = {GOOD: 1.5, BAD: 2.6}


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


def pilot_tickets(
    seed: str = "brindlebase-pilot-1", count: int = COUNT, start: str = START, weeks: int = WEEKS
) -> Iterator[dict[str, Any]]:
    """Yield about ``count`` new tickets over ``weeks`` from ``start`` (ISO date, UTC). Same arguments, same tickets.

    Ids are ``pilot-<6 digits>``; ``requester`` is an e-mail address of a reserved domain,
    and may be one that wrote in history before.
    """
    categories, common = load_categories(), load_common("common")
    desk = Desk(seed, categories, common, pilot=True)
    first = datetime.fromisoformat(start).replace(tzinfo=UTC)
    arrivals = []
    for category_id, number in _counts(categories, count).items():
        rng = random.Random(f"{seed}/arrivals/{category_id}")
        plain = categories[category_id]
        spikes = plain.raw.pop("spikes", None)
        arrivals += [(at, category_id) for at in moments(rng, plain, number, first, weeks * 7)]
        if spikes is not None:
            plain.raw["spikes"] = spikes
    for index, (at, category_id) in enumerate(sorted(arrivals), 1):
        rng = random.Random(f"{seed}/ticket/{index}")
        ticket, opening = make_ticket(desk, rng, index, categories[category_id], at)
        Thread(rng, ticket, categories[category_id], common, {}).opening(opening)
        chat = ticket.helpdesk == "intercom"
        entry = NEW_TRUTH["id"] if category_id == BAD and iso(at)[:10] >= BAD_SINCE else ticket.entry
        yield {
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
            "true_entry": entry,
            "true_condition": ticket.true_condition,
            "should_escalate": bool(ticket.reasons),
            "escalation_reasons": ticket.reasons,
            "mood": ticket.mood,
            "opening": opening.key,
            "planted": {GOOD: "good", BAD: "bad", TOO_SMALL: "too_small"}.get(category_id),
            "reaction": _reaction(rng, ticket.mood, chat),
        }


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

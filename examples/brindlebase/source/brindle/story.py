"""How a ticket goes from question to end: bot, clarifying question, answer, second round, rating, reopening."""

from __future__ import annotations

import random
from typing import Any

from brindle.model import Ticket
from brindle.texts import Category, Opening, block, fill
from brindle.threads import HOUR, Thread

GOOD_WORDS = [
    "Quick and friendly",
    "Solved in one go, thanks",
    "great support",
    "Very helpful, %staff%!",
    "super",
    "",
]
BAD_WORDS = [
    "Took far too long",
    "Did not answer my question",
    "Had to explain everything twice",
    "still broken",
    "The bot is useless",
    "",
]


def tell(
    rng: random.Random,
    ticket: Ticket,
    category: Category,
    opening: Opening,
    common: dict[str, Any],
    articles: dict[str, list[int]],
) -> None:
    """Write the whole thread of ``ticket`` into it, with statuses and rating."""
    thread = Thread(rng, ticket, category, common, articles)
    ticket.statuses.append((ticket.created, "open"))
    thread.opening(opening)
    if thread.chat and rng.random() < 0.1:  # some people send a second line at once
        thread.now += rng.randrange(8, 60)
        thread.add(
            "requester",
            rng.choice(["hello?", "?", "anyone there", "sorry, typo", "its urgent"])
            if ticket.language == "en"
            else "??",
        )
    if thread.chat and rng.random() < 0.42:
        _bot(rng, thread)
        if ticket.outcome == "bot_only":
            _rate(rng, ticket, thread, 0.25)
            return
    raw = category.raw
    slow = raw.get("slow", 0.0)
    minutes = (5 if thread.chat else 170) * (1 + 7 * slow) * (0.45 if raw.get("priority") == "urgent" else 1.0)
    entry = next(e for e in raw["entries"] if e["id"] == ticket.entry)
    conditional = ticket.true_condition and block(raw, "clarify", ticket.language)
    thread.wait_staff(minutes)
    if thread.chat:
        thread.add("system", "", public=False, kind="assignment")
    if conditional and rng.random() < 0.22:
        thread.staff(thread.pick("clarify"))
        ticket.statuses.append((thread.now, "pending"))
        thread.wait_customer(4 if thread.chat else 150)
        thread.customer(_clarified(rng, thread, ticket))
        ticket.statuses.append((thread.now, "open"))
        thread.wait_staff(minutes / 2)
    if ticket.reasons and rng.random() < 0.75:
        thread.note("staff", "escalation_notes")
        thread.wait_staff(3 + 40 * slow)
    elif rng.random() < 0.13:
        thread.note("staff", "notes")
    thread.answer(entry, uniform=raw.get("uniform", 0.5))
    ticket.statuses.append((thread.now, "pending"))
    if ticket.reasons:
        ticket.outcome = "handled_by_person"
    _after(rng, ticket, thread)
    happy = (
        0.9
        - (0.45 if ticket.mood in ("angry", "furious") else 0)
        - 0.25 * slow
        - (0.35 if ticket.outcome == "unsolved" else 0)
    )
    _close(rng, ticket, thread)
    _rate(rng, ticket, thread, happy)


def _bot(rng: random.Random, thread: Thread) -> None:
    """Brindle Helper, the weak bot in use: an answer that seldom fits, then a hand-over or a premature end."""
    ticket, common = thread.ticket, thread.common
    for _ in range(rng.choice([1, 1, 2])):
        thread.now += rng.randrange(2, 9)
        thread.add("bot", rng.choice(block(common, "bot", "replies")).replace("**", ""))
        if rng.random() < 0.16 and not ticket.reasons:
            thread.now += rng.randrange(300, 2000)
            thread.add("bot", rng.choice(block(common, "bot", "close")), kind="close")
            ticket.statuses.append((thread.now, "closed"))
            ticket.outcome = "bot_only"
            return
        thread.wait_customer(0.6)
        thread.add("requester", rng.choice(block(common, "bot", "escapes")))
    thread.now += rng.randrange(2, 8)
    thread.add("bot", rng.choice(block(common, "bot", "handover")))


def _clarified(rng: random.Random, thread: Thread, ticket: Ticket) -> str:
    for case in thread.category.raw["clarified"]:
        if all(ticket.context.get(k) == v for k, v in case["when"].items()):
            lines = block(case, ticket.language)
            if lines:
                return fill(rng, rng.choice(lines), thread.slots)
    return thread.pick("thanks")


def _after(rng: random.Random, ticket: Ticket, thread: Thread) -> None:
    """What follows the first answer: silence, thanks, a second question, or a failed first try."""
    gap = 3 if thread.chat else 260
    uniform = thread.category.raw.get("uniform", 0.5)
    pairs = thread.category.raw.get("followups", {}).get(ticket.language, [])
    course = rng.choices(
        ["silent", "thanks", "pair", "again", "lost"],
        [0.34 + uniform * 0.25, 0.27, 0.2 if pairs else 0, 0.11, 0.04],
    )[0]
    if course == "silent" or (ticket.category == "praise" and course != "thanks"):
        return
    thread.wait_customer(gap)
    follow = thread.category.raw.get("follow", "fix")
    quiet = follow == "quiet"
    if course == "thanks":
        thread.customer(thread.pick("thanks_quiet" if quiet else "thanks"))
        ticket.statuses.append((thread.now, "open"))
        if rng.random() < 0.25:
            thread.wait_staff(gap / 3)
            thread.add(
                "staff",
                {"en": "You're welcome!", "de": "Gern geschehen!", "es": "¡De nada!"}[ticket.language],
            )
        return
    if course == "pair":
        question, reply = rng.choice(pairs)
        thread.customer(fill(rng, question, thread.slots))
        ticket.statuses.append((thread.now, "open"))
        thread.wait_staff(gap / 2)
        thread.staff(fill(rng, reply, thread.slots), greet=rng.random() < 0.4)
        ticket.statuses.append((thread.now, "pending"))
        return
    thread.customer(thread.pick("chase" if quiet else "unsolved"))
    ticket.statuses.append((thread.now, "open"))
    thread.wait_staff(gap)
    thread.staff(thread.pick("chased" if quiet else "retry"), greet=rng.random() < 0.4)
    ticket.statuses.append((thread.now, "pending"))
    if course == "again":
        thread.wait_customer(gap * 2)
        thread.customer(thread.pick("thanks_quiet" if quiet else "thanks"))
        ticket.statuses.append((thread.now, "open"))
        return
    ticket.outcome = "unsolved" if ticket.outcome == "resolved" else ticket.outcome


def _close(rng: random.Random, ticket: Ticket, thread: Thread) -> None:
    """Solve; a few come back; close days later."""
    thread.now += rng.randrange(20, 600) if thread.chat else rng.randrange(60, 30 * HOUR)
    ticket.statuses.append((thread.now, "solved"))
    if thread.chat:
        thread.add("staff", "", public=False, kind="close")
    back = (
        0.0
        if ticket.category in ("praise", "feature_request", "outage")
        else 0.07
        if ticket.outcome == "resolved"
        else 0.03
    )
    if rng.random() < back or "reopened_late" in ticket.planted:
        thread.now += rng.randrange(20 * HOUR, 120 * HOUR)
        follow = thread.category.raw.get("follow", "fix")
        thread.customer(thread.pick({"quiet": "chase", "chase": "reopen_plain"}.get(follow, "reopen")))
        ticket.statuses.append((thread.now, "open"))
        thread.wait_staff(10 if thread.chat else 200)
        thread.staff(thread.pick("chased" if follow == "quiet" else "retry"))
        thread.now += rng.randrange(HOUR, 30 * HOUR)
        ticket.statuses.append((thread.now, "solved"))
        ticket.outcome = "reopened"
    if not thread.chat:
        ticket.statuses.append((thread.now + 96 * HOUR, "closed"))


def _rate(rng: random.Random, ticket: Ticket, thread: Thread, happy: float) -> None:
    """About one in five rates, hours or days after the end."""
    if rng.random() > 0.22:
        return
    good = rng.random() < happy
    words = fill(rng, rng.choice(GOOD_WORDS if good else BAD_WORDS), {**thread.slots, "staff": ticket.staff.split()[0]})
    late = (
        thread.now + rng.randrange(120, 1800) if thread.chat else thread.now + int(3600 * rng.lognormvariate(2.2, 1.1))
    )
    ticket.csat = (late, "good" if good else "bad", words or None)

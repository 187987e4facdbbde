"""How a simulated pilot ticket goes on: what was sent, what the customer does next, and what people do.

Belongs here: writing messages, states and ratings into one ticket's thread, after reactions drawn with the ticket.
Does not belong here: which decision was sent and whether it is right (``simulated_pilot``), export files. No asset may
import this: it knows the truth.

Whoever answered, the same customer reacts alike to a right or a wrong answer; only a person can be asked for instead of
the agent. People answer rightly as often as was drawn, in their working hours.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from examples.brindlebase.source.pilot import AGENT_NAME, NEW_TRUTH, PilotCase

DAY = 24 * 3600
AGENT_SECONDS = (20, 70)
"""After a message the agent's answer goes out within this time."""
APPROVAL_SHARE = 0.35
"""Part of the working time that approving or editing a draft takes."""
SECOND_LOOK_SHARE = 0.6
"""Part of it that a person needs for somebody who is back."""
CLOSE_DAYS = 8
"""Helpdesks close what was solved, a day after the return window."""
NEW_TICKET_SHARE = 0.2
"""Of the customers who come back, who opens a new ticket instead of answering in the old one."""

NOT_HELPED = {
    "en": "That is not it, I am afraid. Can a person have a look, please?",
    "de": "Das hilft mir leider nicht. Kann sich das bitte ein Mensch ansehen?",
    "es": "Eso no me sirve. ¿Puede mirarlo una persona, por favor?",
}
STILL_NOT = {
    "en": "I tried that, it still does not work.",
    "de": "Das habe ich versucht, es geht immer noch nicht.",
    "es": "Lo he probado y sigue sin funcionar.",
}
THANKS = {"en": "Thanks, that did it!", "de": "Danke, das hat geholfen!", "es": "¡Gracias, ya funciona!"}
NOT_KNOWN = {"en": "I don't know, sorry.", "de": "Das weiß ich leider nicht.", "es": "No lo sé, lo siento."}
FACTS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "sso": {
        "true": {"en": "Through our company login", "de": "Über unser Firmenlogin", "es": "Con el acceso de la empresa"},
        "false": {"en": "With my own password", "de": "Mit eigenem Passwort", "es": "Con una contraseña propia"},
    },
    "plan": {one: {"en": f"We are on {one.title()}", "de": one.title(), "es": one.title()} for one in ("free", "pro", "legacy")},
    "os": {
        value: {"en": f"It's on {name}", "de": f"Auf {name}", "es": f"En {name}"}
        for value, name in (
            ("windows", "Windows"), ("macos", "macOS"), ("linux", "Linux"), ("ios", "an iPhone"), ("android", "Android"),
        )
    },
    "role": {
        "owner": {"en": "I'm the owner", "de": "Inhaber", "es": "propietario"},
        "member": {"en": "I'm a member", "de": "Mitglied", "es": "miembro"},
    },
    "owner_available": {
        "true": {"en": "Yes, and able to sign in", "de": "Ja", "es": "Sí"},
        "false": {"en": "No, the owner has left", "de": "Nein", "es": "No"},
    },
    "billing": {
        "monthly": {"en": "monthly", "de": "monatlich", "es": "cada mes"},
        "yearly": {"en": "yearly", "de": "jährlich", "es": "cada año"},
    },
}  # fmt: skip
"""What a customer answers who is asked for a fact."""


@dataclass(frozen=True)
class Sent:
    """One decision as it reached the customer. reply: None where nothing was sent, and a person has to answer.

    by_agent: the agent sent it by itself; else a person did who approved or edited a draft. is_question: it asks back.
    asks_for: the facts asked for. is_right: what the answer key says of an answer.
    """

    answer_id: str
    reply: str | None
    by_agent: bool = False
    is_question: bool = False
    asks_for: tuple[str, ...] = ()
    is_right: bool = False


@dataclass(frozen=True)
class Told:
    """What became of a ticket: when each reply was delivered (epoch seconds, by answer), and when the customer opens a
    new ticket about the same (None: never)."""

    delivered: Mapping[str, int]
    new_ticket_at: int | None = None


class Story:
    """Writes on in one case; all chance is seeded by the ticket."""

    def __init__(self, case: PilotCase, seed: str) -> None:
        self.case, self.ticket, self.thread = case, case.ticket, case.thread
        self.reaction: Mapping[str, Any] = case.truth["reaction"]
        self.rng = self.thread.rng = random.Random(f"{seed}/story/{case.truth['ticket_id']}")
        self.delivered: dict[str, int] = {}
        self.minutes = 0.0

    def ask(self, questions: Sequence[Sent]) -> Told:
        """Only questions of the agent and what the customer answers; the ticket waits for the next decision."""
        for one in questions:
            self._agent_says(one)
            self._answer_question(one)
        return Told(self.delivered)

    def tell(self, sent: Sequence[Sent], *, may_open_new: bool) -> Told:
        """The whole story: what was sent turn by turn, a person where nothing answers, and the customer's reaction.

        ``may_open_new``: whoever comes back may do so in a new ticket.
        """
        is_right, by_agent = None, False
        for one in sent:
            if one.reply is None:
                break
            if one.by_agent:
                self._agent_says(one)
            else:
                self._person_sends(one)
            if one.is_question:
                self._answer_question(one)
                continue
            is_right, by_agent = one.is_right, one.by_agent
            break
        if is_right is None:
            is_right = self._person_answers(self.reaction["person_answers_right"], 1.0)
        new_ticket_at = self._react(is_right, by_agent, may_open_new)
        self.ticket.handle_minutes = round(self.minutes, 1)
        return Told(self.delivered, new_ticket_at)

    def _state(self, status: str) -> None:
        self.ticket.statuses.append((self.thread.now, status))

    def _agent_says(self, one: Sent) -> None:
        self.thread.now += self.rng.randrange(*AGENT_SECONDS)
        self.thread.add("bot", one.reply or "")
        self.ticket.messages[-1].author_name = AGENT_NAME
        self.delivered[one.answer_id] = self.thread.now
        self._state("pending")

    def _person_sends(self, one: Sent) -> None:
        self.thread.staff_after(self.reaction["person_first_reply_minutes"] / 2)
        self.thread.add("staff", one.reply or "")
        self.thread.last_staff = (self.thread.now, one.reply or "")
        self.minutes += APPROVAL_SHARE * self.reaction["person_handle_minutes"]
        self.delivered[one.answer_id] = self.thread.now
        self._state("pending")

    def _answer_question(self, one: Sent) -> None:
        self.thread.wait_customer(2 if self.thread.chat else 90)
        language, context = self.ticket.language, self.case.truth["context"]
        known = [FACTS.get(name, {}).get(str(context.get(name)).lower(), {}).get(language) for name in one.asks_for]
        said = ". ".join(words for words in known if words)
        self._customer_says(f"{said}." if said else NOT_KNOWN[language])

    def _customer_says(self, text: str) -> None:
        self.thread.add("requester", text)
        self._state("open")

    def _person_answers(self, is_right: bool, part: float) -> bool:
        self.thread.staff_after(self.reaction["person_first_reply_minutes"])
        raw, entry = self.case.category.raw, self.ticket.entry
        if is_right and self.case.truth["true_entry"] == NEW_TRUTH["id"]:
            self.thread.staff(NEW_TRUTH["answer"])
        else:
            # A wrong answer is another one of the category: the outdated one where the truth has changed.
            is_new = self.case.truth["true_entry"] == NEW_TRUTH["id"]
            fitting = [one for one in raw["entries"] if (one["id"] == entry) == (is_right or is_new)]
            self.thread.answer((fitting or raw["entries"])[0], uniform=raw.get("uniform", 0.5))
        self.minutes += part * self.reaction["person_handle_minutes"]
        self._state("pending")
        return is_right

    def _react(self, is_right: bool, by_agent: bool, may_open_new: bool) -> int | None:
        """What follows the answer; returns when a new ticket is opened."""
        reaction, language, new_ticket_at = self.reaction, self.ticket.language, None
        answered_at = self.thread.now
        back = reaction["returns_in_days_if_right" if is_right else "returns_in_days_if_wrong"]
        if by_agent and not is_right and reaction["asks_for_person_if_wrong"]:
            self.thread.wait_customer(3 if self.thread.chat else 120)
            self._customer_says(NOT_HELPED[language])
            self._person_answers(self.rng.random() < 0.94, SECOND_LOOK_SHARE)
            back = None
        elif is_right and reaction["confirms_if_right"]:
            answer = self.ticket.messages[-1]
            self.thread.wait_customer(2 if self.thread.chat else 60)
            if back is None or self.thread.now < answered_at + 0.5 * back * DAY:
                answer.is_accepted = True
                self._customer_says(THANKS[language])
            else:
                self.thread.now = answered_at
        self._solve(None if back is None else answered_at + int(0.6 * back * DAY))
        if back is not None:
            self.thread.now = max(self.thread.now + 60, answered_at + int(back * DAY))
            if may_open_new and self.rng.random() < NEW_TICKET_SHARE:
                new_ticket_at = self.thread.now
            else:
                self._come_back()
        self._rate(is_right)
        self._close()
        return new_ticket_at

    def _come_back(self) -> None:
        self._customer_says(STILL_NOT[self.ticket.language])
        if self._person_answers(self.rng.random() < 0.94, SECOND_LOOK_SHARE):
            self._solve(None)
        else:
            # Nobody looks again before the pilot ends.
            self.thread.wait_customer(90)
            self._customer_says(STILL_NOT[self.ticket.language])

    def _solve(self, before: int | None) -> None:
        later = self.thread.now + (
            self.rng.randrange(600, 2400) if self.thread.chat else self.rng.randrange(3600, 20 * 3600)
        )
        self.thread.now = later if before is None else max(self.thread.now + 1, min(later, before))
        self._state("solved")
        if self.thread.chat:
            self.thread.add("system", "", public=False, kind="close")

    def _rate(self, is_right: bool) -> None:
        if self.reaction["rates"]:
            late = self.rng.randrange(120, 1800) if self.thread.chat else self.rng.randrange(1800, 30 * 3600)
            score = self.reaction["rating_if_right" if is_right else "rating_if_wrong"]
            self.ticket.csat = (self.thread.now + late, score, None)

    def _close(self) -> None:
        if self.ticket.statuses[-1][1] == "solved":
            self.ticket.statuses.append((self.ticket.statuses[-1][0] + CLOSE_DAYS * DAY, "closed"))

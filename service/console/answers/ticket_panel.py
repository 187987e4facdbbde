"""The left side: what the customer wrote, what was said before, and what was known.

Belongs here: drawing one item's ticket. Does not belong here: the reply (``draft_panel``), anything that acts.

Customers' words are given to labels, which show text.
"""

from __future__ import annotations

from nicegui import ui

from service.console import looks
from service.console.answers.item import Item
from service.console.answers.words import AUTHORS, LANGUAGES, moment, shown

NAMES = {
    "plan": "Plan",
    "os": "System",
    "sso": "Single sign-on",
    "page": "Page",
    "locale": "Locale",
    "device": "Device",
}
YES_NO = {"true": "yes", "false": "no"}


def draw_ticket(item: Item) -> None:
    """Conversation, the message to be answered, and the facts."""
    with looks.card("What the customer asks"):
        for author, text in item.conversation:
            _turn(AUTHORS.get(author, shown(author, 40)), text, is_ours=author == "ai_agent")
        _turn("Customer, now" if item.conversation else "Customer", item.question, classes="now")
        with ui.element("div").classes("facts"):
            for name, value in _facts(item):
                looks.text(name, "")
                looks.text(shown(value, 300), "")
        looks.text(f"Ticket {shown(item.ticket_id, 120)}, message {item.turn}", "muted small")


def _turn(author: str, text: str, *, is_ours: bool = False, classes: str = "") -> None:
    with ui.element("div").classes(f"turn {classes}"):
        looks.text(author, "small muted strong")
        looks.text(shown(text) or "(no words)", "quote ours" if is_ours else "quote")


def _facts(item: Item) -> list[tuple[str, str]]:
    language = LANGUAGES.get(item.language or "", item.language)
    known = [
        ("Asked", moment(item.asked_at) + " UTC"),
        ("Channel", item.channel),
        ("Language", language),
        ("Plan", item.plan),
    ]
    more = [
        (NAMES.get(name, shown(name, 40).replace("_", " ").capitalize()), YES_NO.get(value, value))
        for name, value in item.context
        if not (name == "plan" and value == item.plan)
    ]
    return [(name, value) for name, value in known if value] + more

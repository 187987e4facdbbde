"""What the customer reads: greeting, an approved text word for word, closing.

Belongs here: putting the parts together, and whether the whole keeps to the spec's bounds. Does not belong here: choosing
the text (``decide``).

Nothing is written here. A reply consists of an entry's answer, or a text of the spec, between two lines of the spec; the
one word that comes from elsewhere is the customer's name, if it looks like one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from assets.audit_tickets.roadmap.risk_patterns import fold
from assets.configure_behavior.behavior.tone_bounds import count_words
from assets.configure_behavior.triggers.own_phrases import phrase_search
from desk.behavior import BehaviorFile, text_in

MAX_NAME_CHARS = 40
_NAME = re.compile(r"[^\W\d_]{1,20}(?:[ '’-][^\W\d_]{1,20}){0,2}")
_NAME_FIELDS = ("first_name", "name", "customer_name")
_NO_NAME = re.compile(r"(?:,? +|^)\{name\}")
_NAME_FIRST = re.compile(r"^[\s,;:!.]+")


def customer_name(context: Mapping[str, object]) -> str | None:
    """The customer's name, where the context has one of up to three plain words; else None.

    A name is the customer's to choose, so that it could hold an address or an order: those are no plain words.
    """
    for field in _NAME_FIELDS:
        value = context.get(field)
        if isinstance(value, str):
            name = " ".join(value.split())
            return name if len(name) <= MAX_NAME_CHARS and _NAME.fullmatch(name) else None
    return None


def filled(text: str, behavior: BehaviorFile, name: str | None) -> str:
    """A text of the spec with ``{name}`` and ``{agent}`` filled in; without a name its place closes up."""
    if name is None:
        text = _NAME_FIRST.sub("", _NO_NAME.sub("", text)) if "{name}" in text else text
    else:
        text = text.replace("{name}", name)
    return text.replace("{agent}", behavior.persona.name).strip()


def compose_reply(
    body: str, behavior: BehaviorFile, language: str, name: str | None, *, is_first_reply: bool = True
) -> str:
    """Greeting, ``body`` as it stands, closing; the greeting only in the first reply of a conversation."""
    greeting = filled(text_in(behavior.tone.greeting, language), behavior, name) if is_first_reply else ""
    closing = filled(text_in(behavior.tone.closing, language), behavior, name)
    return "\n\n".join(part for part in (greeting, body, closing) if part)


def breaks_a_limit(reply: str, behavior: BehaviorFile) -> str | None:
    """What no reply may do, as a sentence: be longer than the spec allows, or hold a phrase to avoid; None if it does not."""
    words = count_words(reply)
    if words > behavior.reply.max_words:
        return f"The reply would have {words} words; the spec allows {behavior.reply.max_words}."
    folded = fold(reply)
    for phrase in behavior.tone.avoid:
        if phrase_search(phrase).search(folded):
            return f"The reply would hold “{phrase}”, which the spec avoids."
    return None

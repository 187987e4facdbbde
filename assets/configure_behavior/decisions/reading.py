"""A message as the agent reads it: plain, bounded, in a language, with what is known of the customer.

Belongs here: text and context made safe, and what of a conversation is read. Does not belong here: what any of it means
(``facts_in_words``, ``case``).

A message is hostile until it is read: markup, hidden words, control characters, a megabyte of text. Whatever comes in, a
short plain text and a flat context of short values come out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assets.audit_tickets.texts.html_text import html_to_text
from assets.audit_tickets.texts.language import (
    MIN_CONFIDENCE,
    UNKNOWN,
    detect_language,
    locale_language,
    ticket_language,
)
from assets.audit_tickets.texts.plain_text import clean_characters, tidy_lines
from assets.configure_behavior.decisions.decision import Turn
from desk.behavior import BehaviorFile

MAX_CHARS = 6_000
"""Characters of a message that are read, after markup is gone."""
MAX_RAW_CHARS = 60_000
"""Characters of a message that are looked at, markup included."""
MAX_TURNS = 200
"""Latest turns of a conversation that are read."""
MAX_TURNS_FOR_LANGUAGE = 10
MAX_CONTEXT_FIELDS, MAX_VALUE_CHARS, MAX_FIELD_CHARS = 50, 200, 60
SURE_OF_FOREIGN = 0.8
"""A few words look like many languages: one the agent does not speak must be seen more plainly than this."""

Fact = str | bool | int | float

_TAG = re.compile(
    r"<(?:!doctype|!--|/?(?:html|head|body|div|p|table|tr|td|span|font|br|hr|ul|ol|li|a|b|i|u|s|em|strong|small|img|h[1-6]|"
    r"script|style|iframe|blockquote|pre|center|section|article|svg|form|template|noscript)\b)[^<>]*>",
    re.IGNORECASE,
)
_MARKS = frozenset(".,;:!-–—_*'\"`´’~|/\\()[]{}<>")
"""Marks that say nothing when they stand alone; a question mark or an emoji does."""
_BIG = 10**15
_UNKNOWN_VALUES = frozenset(("", "unknown", "none", "null", "n/a", "nan", "?"))


@dataclass(frozen=True)
class Reading:
    """What was read. ``text`` is the message; ``turns`` the latest turns before it, oldest first, cleaned like it.

    ``context`` has casefolded fields and only values that say something; ``dropped_fields`` were of no use.
    """

    text: str
    language: str
    turns: tuple[Turn, ...]
    context: Mapping[str, Fact]
    dropped_fields: tuple[str, ...]
    is_cut: bool

    @property
    def earlier(self) -> list[str]:
        """The customer's earlier messages, oldest first."""
        return [turn.text for turn in self.turns if turn.author == "customer"]

    @property
    def untended(self) -> list[str]:
        """The customer's messages since a person of the team last wrote, oldest first."""
        last = max((place for place, turn in enumerate(self.turns) if turn.author == "agent"), default=-1)
        return [turn.text for turn in self.turns[last + 1 :] if turn.author == "customer"]

    @property
    def said_by_agent(self) -> list[str]:
        """What ``ai_agent`` said before, oldest first."""
        return [turn.text for turn in self.turns if turn.author == "ai_agent"]


def read_message(
    message: str, conversation: Sequence[Turn], context: Mapping[str, object], behavior: BehaviorFile
) -> Reading:
    """Read a message with what came before it; never raises for any text."""
    text = plain_text(message)
    turns = tuple(
        Turn(turn.author, words)
        for turn in conversation[-MAX_TURNS:]
        if isinstance(turn.text, str) and (words := plain_text(turn.text))
    )
    known, dropped = read_context(context)
    earlier = [turn.text for turn in turns if turn.author == "customer"]
    language = _language(text, earlier, known, behavior.tone.languages)
    return Reading(text, language, turns, known, dropped, len(message) > MAX_RAW_CHARS or len(text) >= MAX_CHARS)


def plain_text(message: str) -> str:
    """The visible words of a message, at most ``MAX_CHARS``: no markup, hidden, control or broken characters.

    Of a longer one the beginning and the end: a pasted log has the request before or after it. A long message with
    markup is cut before it is parsed, and then its end is not read: it could be the inside of something hidden.
    """
    stripped = message.strip()
    if "<" in stripped and _TAG.search(stripped):
        text = html_to_text(stripped[:MAX_RAW_CHARS])
    else:
        text = tidy_lines(clean_characters(_ends(stripped, MAX_RAW_CHARS)))
    text = _ends(text, MAX_CHARS).strip()
    return text if any(one.isalnum() or not (one.isspace() or one in _MARKS) for one in text) else ""


def _ends(text: str, at_most: int) -> str:
    if len(text) <= at_most:
        return text
    tail = at_most // 4
    return f"{text[: at_most - tail - 1]}\n{text[-tail:]}"


def read_context(context: Mapping[str, object]) -> tuple[dict[str, Fact], tuple[str, ...]]:
    """Flat facts by casefolded field, and the fields that say nothing.

    Texts, numbers and truth values are facts; lists, mappings and other objects are not, nor is "unknown". Two spellings
    of a field that disagree say nothing either.
    """
    known: dict[str, Fact] = {}
    dropped: list[str] = []
    for name, given in list(context.items())[:MAX_CONTEXT_FIELDS]:
        field = re.sub(r"[\s-]+", "_", clean_characters(name).casefold().strip()) if isinstance(name, str) else ""
        field = field[:MAX_FIELD_CHARS]
        value = _fact(given)
        if not field or value is None:
            dropped.append(field or "?")
        elif field in dropped or (field in known and known[field] != value):
            known.pop(field, None)
            dropped.append(field)
        else:
            known[field] = value
    return known, tuple(dict.fromkeys(dropped))


def _fact(given: object) -> Fact | None:
    value = given.item() if isinstance(given, np.generic) else given
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if -_BIG < value < _BIG else None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        text = " ".join(clean_characters(value[: 10 * MAX_VALUE_CHARS]).split())[:MAX_VALUE_CHARS]
        return None if text.casefold() in _UNKNOWN_VALUES else text
    return None


def _language(text: str, earlier: Sequence[str], context: Mapping[str, Fact], spoken: Sequence[str]) -> str:
    """The message's language where it is plain, else the conversation's, the customer's setting, the desk's first."""
    code, confidence = _detected(text, spoken)
    if confidence >= MIN_CONFIDENCE:
        return code
    code, confidence = ticket_language(
        [(*_detected(one, spoken), len(one)) for one in earlier[-MAX_TURNS_FOR_LANGUAGE:]]
    )
    if code != UNKNOWN:
        return code
    setting = context.get("language", context.get("locale"))
    return (locale_language(setting) if isinstance(setting, str) else None) or spoken[0]


def _detected(text: str, spoken: Sequence[str]) -> tuple[str, float]:
    code, confidence = detect_language(text)
    return (code, confidence) if code in spoken or confidence >= SURE_OF_FOREIGN else (UNKNOWN, 0.0)

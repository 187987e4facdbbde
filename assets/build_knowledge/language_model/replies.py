"""Reading what a model replied: strict JSON, bounded texts, nothing that its sources do not have.

Belongs here: from a reply's text to proposed entries or a name, and why something is set aside. Does not belong here:
asking (`client`), comparing numbers and links (`support`).

A reply is as hostile as the texts it was made from: they may have told the model what to write.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assets.audit_tickets.texts.personal_data import PLACEHOLDER
from assets.build_knowledge.drafts.sentences import count_words
from assets.build_knowledge.language_model.prompt import shown
from assets.build_knowledge.language_model.support import foreign_link, unsupported_number

MAX_REPLY_CHARS = 200_000
MIN_QUESTION_CHARS, MAX_QUESTION_CHARS = 8, 200
MIN_ANSWER_WORDS, MAX_ANSWER_CHARS = 5, 2_500
MIN_NAME_CHARS, MAX_NAME_CHARS, MAX_NAME_WORDS = 3, 60, 6
ENTRY_KEYS = frozenset(("question", "answer", "sources", "phrasings"))

_CODE_FENCE = re.compile(r"\A\s*```(?:json)?\s*\n(.*)\n\s*```\s*\Z", re.DOTALL)
_MARKUP = re.compile(r"<[a-z/!?]|!\[|\b(?:javascript|vbscript|data):\S|<<<|\bBEGIN DATA\b|\bEND DATA\b", re.IGNORECASE)
_BLANK = re.compile(
    r"\[(?:your|insert|name|company|customer|link|url|date|email|phone|todo|tbd)\b[^\]\n]{0,40}\](?!\()|\{\{|\}\}|\blorem ipsum\b|\bTODO\b",
    re.IGNORECASE,
)


class SetAside(ValueError):
    """Something a model wrote is not used: a code and a sentence."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.detail = reason, detail


@dataclass(frozen=True)
class RepliedEntry:
    """An entry as a model proposed it, bounded and supported."""

    question: str
    answer: str
    sources: tuple[str, ...]
    """Labels of answers and sections it names."""
    phrasings: tuple[str, ...]
    """Labels of customers' questions it names."""


def read_object(text: str) -> dict[str, Any]:
    """The JSON object that is the whole reply, alone or in one code fence. Raises `SetAside`."""
    if len(text) > MAX_REPLY_CHARS:
        raise SetAside("too_long", f"The reply has {len(text):,} characters.")
    fence = _CODE_FENCE.match(text)
    try:
        content = json.loads(fence[1] if fence else text, parse_constant=_no_constant, object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        raise SetAside("not_json", "The reply is not the one JSON object that was asked for.") from None
    if not isinstance(content, dict):
        raise SetAside("not_json", "The reply is JSON and not an object.")
    return content


def read_entries(text: str, at_most: int) -> list[object]:
    """The entries of a reply, unread. Raises `SetAside`."""
    content = read_object(text)
    entries = content.get("entries")
    if set(content) != {"entries"} or not isinstance(entries, list):
        raise SetAside("wrong_shape", 'The reply has not the form {"entries": [...]}.')
    if len(entries) > at_most:
        raise SetAside("wrong_shape", f"The reply has {len(entries)} entries; {at_most} were asked for at most.")
    return entries


def read_entry(value: object, evidence: Mapping[str, str], questions: Mapping[str, str]) -> RepliedEntry:
    """One entry of a reply.

    Args:
        evidence: texts of answers and sections by label, as the model saw them.
        questions: customers' questions by label.

    Raises:
        SetAside: what is wrong with it first.
    """
    if not isinstance(value, dict) or set(value) - ENTRY_KEYS or not {"question", "answer", "sources"} <= set(value):
        raise SetAside("wrong_shape", "An entry must have question, answer and sources, and may have phrasings.")
    question = _line(value["question"], "question", MIN_QUESTION_CHARS, MAX_QUESTION_CHARS)
    answer = _text(value["answer"], "answer", 1, MAX_ANSWER_CHARS)
    if count_words(answer) < MIN_ANSWER_WORDS:
        raise SetAside("too_short", f"The answer has fewer than {MIN_ANSWER_WORDS} words.")
    sources = _labels(value["sources"], evidence, "sources")
    if not sources:
        raise SetAside("unknown_source", "The entry names no answer and no section that it rests on.")
    phrasings = _labels(value.get("phrasings", []), questions, "phrasings")
    named = [evidence[label] for label in sources]
    _must_be_clean(question, "question")
    _must_be_clean(answer, "answer")
    for written, material in ((answer, named), (question, [*named, *questions.values()])):
        link = foreign_link(written, named)
        if link is not None:
            raise SetAside("foreign_link", f"“{link[:100]}” stands in none of the sources the entry names.")
        number = unsupported_number(written, material)
        if number is not None:
            raise SetAside("unsupported_number", f"“{number[:60]}” stands in none of the sources the entry names.")
    return RepliedEntry(question, answer, sources, phrasings)


def read_name(text: str) -> str:
    """The category name of a reply ``{"name": ...}``. Raises `SetAside`."""
    content = read_object(text)
    if set(content) != {"name"}:
        raise SetAside("wrong_shape", 'The reply has not the form {"name": "..."}.')
    name = _line(content["name"], "name", MIN_NAME_CHARS, MAX_NAME_CHARS)
    _must_be_clean(name, "name")
    if len(name.split()) > MAX_NAME_WORDS:
        raise SetAside("too_long", f"The name has more than {MAX_NAME_WORDS} words.")
    if foreign_link(name, []) is not None:
        raise SetAside("foreign_link", "The name is, or holds, an address.")
    if not any(one.isalpha() for one in name):
        raise SetAside("wrong_shape", "The name has no letters.")
    return name


def _line(value: object, what: str, least: int, most: int) -> str:
    text = _text(value, what, least, most)
    if "\n" in text:
        raise SetAside("wrong_shape", f"The {what} has more than one line.")
    return text


def _text(value: object, what: str, least: int, most: int) -> str:
    if not isinstance(value, str):
        raise SetAside("wrong_shape", f"The {what} is no text.")
    # One more than allowed, so that what is too long is seen to be.
    text = shown(value, most + 1)
    if len(text) < least:
        raise SetAside("too_short", f"The {what} has fewer than {least} characters.")
    if len(text) > most:
        raise SetAside("too_long", f"The {what} has more than {most:,} characters.")
    return text


def _must_be_clean(text: str, what: str) -> None:
    found = PLACEHOLDER.search(text) or _BLANK.search(text)
    if found:
        raise SetAside("placeholder", f"The {what} holds “{found[0]}”, which stands for something it does not say.")
    found = _MARKUP.search(text)
    if found:
        raise SetAside(
            "markup", f"The {what} holds markup (“{found[0]}”); Markdown without images and HTML is what may be."
        )


def _labels(value: object, known: Mapping[str, str], what: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise SetAside("wrong_shape", f"The {what} are no list of labels.")
    unknown = next((one for one in value if one not in known), None)
    if unknown is not None:
        raise SetAside("unknown_source", f"The {what} name “{shown(unknown, 40)}”, which was not shown.")
    return tuple(dict.fromkeys(value))


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)

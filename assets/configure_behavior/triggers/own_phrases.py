"""A desk's own phrases and patterns, found in what a customer wrote.

Belongs here: turning a phrase into a search, running searches over bounded text, and leaving sentences out that explain
a hit away. Does not belong here: the signals every desk shares (``risk_signals``), deciding (``find_triggers``).

Own phrases are found whether denied or not: "we do not want to sue" holds "sue". Where that is wrong, the spec says so
with ``unless``. Patterns run on one sentence at a time, with long words cut, so that no text makes them slow.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from assets.audit_tickets.roadmap.risk_patterns import fold, original_phrase
from assets.audit_tickets.roadmap.risk_signals import MAX_CHARS

MAX_PHRASE_SHOWN = 160
MAX_SENTENCE_CHARS = 500
MAX_WORD_CHARS = 60
_TAIL_CHARS = 1_500
_SENTENCE_START = re.compile(r"(?<=[!?\n])|(?<=[^\d]\.)")
_LONG_WORD = re.compile(rf"(\S{{{MAX_WORD_CHARS}}})\S+")
_WORD = re.compile(r"\w+")
_WRAPPED = re.compile(r"^(.{40,}[^\W\d_A-Z])[ ]?\n(?=[^\W\d_A-Z])", re.MULTILINE)
_BETWEEN = r"[^\w.!?]{1,3}"
_POINT = "\ue000"
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"))


def bounded(text: str) -> str:
    """What is read of a message: at most ``MAX_CHARS``, its beginning and its end, without characters nobody sees.

    A long message is a pasted log or quote with the request before or after it. A line break after a long line,
    between two small letters, is a mail program's and ends no sentence.
    """
    if len(text) > MAX_CHARS:
        text = f"{text[: MAX_CHARS - _TAIL_CHARS - 1]}\n{text[-_TAIL_CHARS:]}"
    return _WRAPPED.sub(r"\1 ", text.translate(_UNSEEN))


def sentences(text: str) -> list[str]:
    """The sentences of a text with their marks, at most ``MAX_SENTENCE_CHARS`` each; joined, they are the text."""
    return [
        sentence[at : at + MAX_SENTENCE_CHARS]
        for sentence in _SENTENCE_START.split(text)
        for at in range(0, len(sentence), MAX_SENTENCE_CHARS)
    ]


def without_explained(text: str, unless: Sequence[str]) -> str:
    """The text without the sentences that hold one of the phrases."""
    if not unless:
        return text
    (search,) = _searches(tuple(unless), ())
    return "".join(one for one in sentences(text) if not (_WORD.search(one) and search.search(fold(one))))


def shown_and_folded(text: str) -> list[tuple[str, str]]:
    """The sentences as they are shown, long words cut, and as they are searched."""
    worded = (one for one in sentences(text) if _WORD.search(one))
    return [(shown, fold(shown)) for shown in (_LONG_WORD.sub(r"\1", one) for one in worded)]


def find_phrase(read: Sequence[tuple[str, str]], phrases: Sequence[str], patterns: Sequence[str]) -> str | None:
    """The customer's own words where the first phrase or pattern is found, else None.

    Args:
        read: from ``shown_and_folded``, of bounded text.
    """
    searches = _searches(tuple(phrases), tuple(patterns))
    for shown, folded in read if searches else ():
        for search in searches:
            match = search.search(folded)
            if match and match.end() > match.start():
                return original_phrase(shown, match.start(), match.end())[:MAX_PHRASE_SHOWN]
    return None


@lru_cache(maxsize=4_096)
def phrase_search(phrase: str) -> re.Pattern[str]:
    """A search over folded text for whole words with a space or a mark between them; apostrophes do not count."""
    words = [r"'?".join(map(re.escape, word)) for word in _WORD.findall(fold(phrase).replace("'", ""))]
    return re.compile(rf"(?<!\w){_BETWEEN.join(words)}(?!\w)")


@lru_cache(maxsize=1_024)
def _searches(phrases: tuple[str, ...], patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    plain = "|".join(phrase_search(phrase).pattern for phrase in phrases)
    return (*([re.compile(plain)] if plain else []), *(re.compile(_folded_pattern(pattern)) for pattern in patterns))


def _folded_pattern(pattern: str) -> str:
    """A pattern's letters folded as the text is, its escapes and points left alone."""
    parts = re.split(r"(\\.)", pattern)
    kept = [part if part.startswith("\\") else fold(part.replace(".", _POINT)).replace(_POINT, ".") for part in parts]
    return "".join(kept)

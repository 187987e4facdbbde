"""The words by which articles name kinds of readers: operating systems, single sign-on, and the desk's own plans.

Belongs here: the default words, learning values from tickets and names from articles. Does not belong here: the
sentences around them (``audience_phrases``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from assets.build_knowledge.articles.article_records import content_hash
from assets.build_knowledge.conditions import CLOSED_FIELDS, canonical_value

Words = dict[str, dict[str, list[str]]]

DEFAULT_WORDS: Words = {
    "os": {
        "windows": ["windows", "win", "microsoft windows"],
        "mac": ["macos", "mac os x", "mac os", "os x", "mac", "macs", "macbook", "osx"],
        "linux": ["linux", "gnu/linux", "ubuntu", "debian", "fedora"],
        "android": ["android"],
        "ios": ["ios", "ipados", "iphone", "ipad", "iphones", "ipads"],
    },
    "sso": {
        "true": ["sso", "single sign-on", "single sign on", "single-sign-on", "single sign-on (sso)", "saml"],
        "false": [
            "an e-mail address and a password",
            "an email address and a password",
            "e-mail address and password",
            "email address and password",
            "e-mail and password",
            "email and password",
            "E-Mail-Adresse und Passwort",
            "correo y contraseña",
        ],
    },
}
"""What needs no learning. Everything else comes from the desk's tickets (``learn_words``)."""

_MAX_VALUES, _MAX_VALUE_CHARS = 30, 40
_NOT_WORDS = re.compile(r"[/\\:@<>{}\[\]]|^\d+$")
_MIN_NAMED, _NAMED_SHARE = 3, 0.6


@dataclass(frozen=True)
class Vocabulary:
    """Words by field and value. ``digest`` names this vocabulary: other words may read an article otherwise."""

    words: Mapping[str, Mapping[str, tuple[str, ...]]]

    @classmethod
    def of(cls, words: Mapping[str, Mapping[str, Iterable[str]]]) -> Vocabulary:
        """Canonical values, phrases casefolded; the phrases of one value never name another of its field."""
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        for name, values in sorted(words.items()):
            merged: dict[str, set[str]] = {}
            for value, phrases in values.items():
                known = merged.setdefault(canonical_value(name, value), set())
                known.update(" ".join(phrase.casefold().split()) for phrase in phrases if phrase.strip())
            found[name] = {value: tuple(sorted(merged[value])) for value in sorted(merged)}
        return cls(found)

    @property
    def digest(self) -> str:
        """8 hex digits."""
        return content_hash({name: dict(values) for name, values in self.words.items()})[:8]

    @property
    def values(self) -> dict[str, tuple[str, ...]]:
        """Known values by field."""
        return {name: tuple(values) for name, values in self.words.items()}

    @cached_property
    def by_phrase(self) -> dict[str, tuple[str, str]]:
        """Field and value by phrase; a phrase that two fields claim belongs to none."""
        claims: dict[str, set[tuple[str, str]]] = {}
        for name, values in self.words.items():
            for value, phrases in values.items():
                for phrase in phrases:
                    claims.setdefault(phrase, set()).add((name, value))
        return {phrase: next(iter(held)) for phrase, held in claims.items() if len(held) == 1}

    @cached_property
    def pattern(self) -> str:
        """An alternation of all phrases, the longest first; spaces match any white space, hyphens match spaces too."""
        longest = sorted(self.by_phrase, key=lambda phrase: (-len(phrase), phrase))
        return "|".join(re.escape(phrase).replace(r"\ ", r"\s+").replace(r"\-", r"[-\s]") for phrase in longest)

    def look_up(self, phrase: str) -> tuple[str, str] | None:
        """Field and value of a phrase as an article writes it."""
        plain = " ".join(phrase.casefold().split())
        found = self.by_phrase.get(plain)
        return found or next((held for one, held in self.by_phrase.items() if one.replace("-", " ") == plain), None)


def learn_words(values_seen: Mapping[str, Iterable[Any]], words: Words | None = None) -> Words:
    """The default words (or ``words``) and the values that tickets have in fields such as ``plan``.

    ``values_seen`` holds, by field, values or counts by value (missing ones are skipped). Values that are addresses or
    numbers, and fields with more than 30 values, name no kind of reader.
    """
    base = DEFAULT_WORDS if words is None else words
    found: Words = {name: {value: list(phrases) for value, phrases in values.items()} for name, values in base.items()}
    for name, seen in values_seen.items():
        values = {
            canonical_value(name, value): " ".join(str(value).split())
            for value in seen
            if value is not None and not (pd.api.types.is_scalar(value) and pd.isna(value))
        }
        usable = {
            value: text
            for value, text in values.items()
            if 2 <= len(text) <= _MAX_VALUE_CHARS and not _NOT_WORDS.search(text)
        }
        if len(usable) > _MAX_VALUES or name in CLOSED_FIELDS:
            continue
        known = found.setdefault(name, {})
        for value, text in usable.items():
            phrase = name if value == "true" else f"no {name}" if value == "false" else text
            phrases = known.setdefault(value, [])
            phrases.extend(sorted({phrase.replace("_", " "), phrase.replace("-", " ")} - set(phrases)))
        if not known:
            del found[name]
    return found


def learn_names(words: Words, texts: Iterable[str]) -> Words:
    """Add longer names by which articles call a value: where ``legacy`` is nearly always ``Legacy Studio``, that too.

    A following capitalised word belongs to the name if it follows at least three times and in 60 % of the places
    where the value stands capitalised.
    """
    learnable = {
        phrase.casefold(): (name, value)
        for name, values in words.items()
        if name not in CLOSED_FIELDS
        for value, phrases in values.items()
        for phrase in phrases
    }
    if not learnable:
        return words
    alternatives = "|".join(re.escape(phrase) for phrase in sorted(learnable, key=lambda one: (-len(one), one)))
    pattern = re.compile(rf"\b((?i:{alternatives}))\b(?:[ \u00a0]([A-Z][\w-]{{1,30}}))?")
    counts: dict[str, Counter[str]] = {}
    for text in texts:
        for phrase, follower in pattern.findall(text):
            if phrase[:1].isupper():
                counts.setdefault(phrase.casefold(), Counter())[follower] += 1
    found = {name: {value: list(phrases) for value, phrases in values.items()} for name, values in words.items()}
    for phrase, followers in counts.items():
        follower, count = max(
            ((one, n) for one, n in followers.items() if one), key=lambda item: item[1], default=("", 0)
        )
        if count >= _MIN_NAMED and count >= _NAMED_SHARE * followers.total():
            name, value = learnable[phrase]
            longer = f"{phrase} {follower.casefold()}"
            if longer not in learnable and longer not in found[name][value]:
                found[name][value].append(longer)
    return found

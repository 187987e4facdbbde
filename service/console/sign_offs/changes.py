"""What changed, sorted for people: what customers notice first, and whether it was added, removed or changed.

Belongs here: sorting the sentences that comparing gives. Does not belong here: comparing, drawing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Sort = Literal["added", "removed", "changed"]
ANSWERS, ENTRIES, BEHAVIOR, CATEGORIES, THRESHOLDS, INSIDE = (
    "What customers notice: answers",
    "What the agent knows: entries",
    "How it behaves",
    "What it may answer: categories",
    "How sure it must be: thresholds",
    "Under the hood: models, settings and data",
)
_OF_RELEASE = (
    (ANSWERS, ("answers: ", "answer changed: ")),
    (ENTRIES, ("entry added: ", "entry removed: ", "entry changed: ")),
    (BEHAVIOR, ("behavior: ",)),
    (CATEGORIES, ("category ",)),
    (THRESHOLDS, ("threshold of ",)),
)
ASKED_CHARS = 110
_REPLAYED = re.compile(r"^answer changed: ticket (.+?)( \(its text is redacted otherwise\))?: (.*)$", re.DOTALL)
_ENTRY = re.compile(r"( from |\(nearest: )([^\s()]+)")
_ADDED = re.compile(
    r"^[^“]*(: added |' was added:)|” was added$|^[^:“]*: nothing → |^[0-9]+ tickets only the new release"
)
_CATEGORY = re.compile(r"\[([a-z0-9_-]+)\]")
_REMOVED = re.compile(
    r"^[^“]*(: removed |' was removed:)|” was removed$| → nothing$|^[0-9]+ tickets only the old release"
)


@dataclass(frozen=True)
class Change:
    """One sentence and what sort of change it tells of."""

    sort: Sort
    words: str


@dataclass(frozen=True)
class Group:
    """Changes that belong together, under a title."""

    title: str
    changes: tuple[Change, ...]


def release_changes(
    sentences: Iterable[str],
    names: Mapping[str, str],
    asked: Mapping[str, str] | None = None,
    entries: Mapping[str, str] | None = None,
) -> list[Group]:
    """The sentences of ``diff_releases`` in groups, what customers notice first; groups without any are left out.

    Args:
        names: of categories, by id. asked: what replayed tickets ask, by id. entries: questions of entries, by id.
    """
    sentences = [_in_words(one, asked or {}, entries or {}) for one in sentences]
    found: dict[str, list[Change]] = {title: [] for title in (*dict(_OF_RELEASE), INSIDE)}
    for sentence in sentences:
        title = next((title for title, starts in _OF_RELEASE if sentence.startswith(starts)), INSIDE)
        if title == THRESHOLDS and " risk stays at " in sentence:
            found[INSIDE].append(
                _of_release(sentence, title, names)
            )  # another bound of the same threshold: nobody notices
            continue
        found[title].append(_of_release(sentence, title, names))
    return [Group(title, tuple(changes)) for title, changes in found.items() if changes]


def roadmap_changes(sentences: Iterable[str], names: Mapping[str, str]) -> list[Group]:
    """The sentences of ``diff_decisions`` as one group: buckets first, since customers notice them."""
    changes = [_named(one, names) for one in sentences]
    buckets = [one for one in changes if ": bucket " in one or ": added" in one or ": removed" in one]
    others = [one for one in changes if one not in buckets]
    groups = [("What customers notice: buckets", buckets), ("Tiers and owners", others)]
    return [Group(title, tuple(Change(_sort(one), one) for one in some)) for title, some in groups if some]


def plain_changes(sentences: Iterable[str], title: str) -> list[Group]:
    """Sentences as one group, in their order."""
    changes = tuple(Change(_sort(one), one) for one in sentences)
    return [Group(title, changes)] if changes else []


def _in_words(sentence: str, asked: Mapping[str, str], entries: Mapping[str, str]) -> str:
    """A changed answer with the customer's words instead of the ticket's id, and entries' questions instead of theirs."""
    found = _REPLAYED.match(sentence)
    if found is None:
        return sentence
    ticket, redacted, rest = found.groups()
    rest = _ENTRY.sub(lambda one: f"{one[1]}“{_short(entries[one[2]])}”" if one[2] in entries else one[0], rest)
    # No colon may come before the words: what stands before the first one is taken off as the kind of the change.
    what = f"“{_short(asked[ticket])}”" if asked.get(ticket, "").strip() else f"ticket {ticket}"
    return f"answer changed: {what}{redacted or ''}: {rest}"


def _short(words: str) -> str:
    one_line = " ".join(words.split())
    return one_line if len(one_line) <= ASKED_CHARS else f"{one_line[: ASKED_CHARS - 1].rstrip()}…"


def _of_release(sentence: str, title: str, names: Mapping[str, str]) -> Change:
    if title == ENTRIES:
        what, words = sentence.removeprefix("entry ").split(": ", 1)
        return Change("added" if what == "added" else "removed" if what == "removed" else "changed", words)
    if title == ANSWERS:
        words = _CATEGORY.sub(lambda one: f"[{names.get(one[1], one[1])}]", sentence.split(": ", 1)[1])
        return Change(_sort(words), words.replace(" -> ", " → "))
    if title == BEHAVIOR:
        sentence = sentence.removeprefix("behavior: ")
    if title == CATEGORIES:
        sentence = _named(sentence.removeprefix("category "), names)
    if title == THRESHOLDS:
        name, _, rest = sentence.removeprefix("threshold of ").partition(" at ")
        sentence = f"{names.get(name, name)}, {rest}".replace(" risk:", " wrong allowed:").replace(
            " risk stays", " wrong allowed stays"
        )
    return Change(_sort(sentence), sentence.replace(" -> ", " → "))


def _named(sentence: str, names: Mapping[str, str]) -> str:
    """The sentence with the category's name instead of its id."""
    name, colon, rest = sentence.partition(":")
    return f"{names.get(name, name)}{colon}{rest}"


def _sort(sentence: str) -> Sort:
    if _ADDED.search(sentence):
        return "added"
    return "removed" if _REMOVED.search(sentence) else "changed"

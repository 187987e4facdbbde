"""What differs between two texts, word by word, and between two versions of an entry, field by field.

Belongs here: comparing, as plain data. Does not belong here: drawing it (``parts``).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from desk.entry import Entry
from service.console.knowledge.words import bounded, for_whom

Kind = Literal["same", "gone", "new"]
_PIECE = re.compile(r"\n|[^\S\n]+|\w+|[^\w\s]")
_REWRITTEN = 0.5
"""Share of the shorter stretch that stayed, below which both are shown as a whole: scattered words cannot be read."""
_MANY = 4_000
"""Pieces of a stretch from which on it is shown as gone and new as a whole: comparing them would take too long."""


@dataclass(frozen=True)
class Run:
    """A stretch of text that stayed, went, or came."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class FieldChange:
    """What changed in one field; ``title`` is what people call it."""

    title: str
    runs: tuple[Run, ...]


def word_runs(before: str, after: str) -> tuple[Run, ...]:
    """The two texts as one: lines that stayed as they are, words marked where a line changed."""
    old, new = _lines(bounded(before)), _lines(bounded(after))
    lines = difflib.SequenceMatcher(None, old, new, autojunk=False)
    found: list[Run] = []
    for tag, i, j, k, m in lines.get_opcodes():
        gone, came = "".join(old[i:j]), "".join(new[k:m])
        found += [Run("same", gone)] if tag == "equal" else _in_words(gone, came)
    return tuple(_merged(found))


def entry_changes(before: Entry, after: Entry) -> list[FieldChange]:
    """The fields that a signature is about and that differ."""
    pairs = [
        ("Category", before.category, after.category),
        ("Question", before.question, after.question),
        ("Answer", before.answer, after.answer),
        ("For whom", for_whom(before.conditions), for_whom(after.conditions)),
        ("Customers' wordings", "\n".join(before.phrasings), "\n".join(after.phrasings)),
        ("Right from", str(before.valid_from or "always"), str(after.valid_from or "always")),
        ("Right until", str(before.valid_until or "further notice"), str(after.valid_until or "further notice")),
    ]
    return [FieldChange(title, word_runs(old, new)) for title, old, new in pairs if old != new]


def marked_quotes(text: str, quotes: list[str], against: str) -> tuple[Run, ...]:
    """A text in which those quotes that it holds are marked ``new``, save for the words they share with ``against``.

    Where a quote stands is found by its words: marks of Markdown and line ends do not count.
    """
    shown = bounded(text)
    spans = sorted(span for quote in quotes if (span := _span_of(quote, shown)) is not None)
    found: list[Run] = []
    at = 0
    for start, end in spans:
        if start < at:
            continue
        found.append(Run("same", shown[at:start]))
        found += [one for one in word_runs(against, shown[start:end]) if one.kind != "gone"] if against else [
            Run("new", shown[start:end])
        ]  # fmt: skip
        at = end
    return tuple(_merged([*found, Run("same", shown[at:])]))


def _span_of(quote: str, text: str) -> tuple[int, int] | None:
    wanted = re.findall(r"\w+", quote)
    if len(wanted) < 2:
        return None
    pattern = r"[\W_]{1,12}".join(re.escape(word) for word in wanted[:80])
    match = re.search(pattern + r"[.!?]?", text, re.IGNORECASE)
    return match.span() if match else None


def _in_words(before: str, after: str) -> list[Run]:
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    if len(old) > _MANY or len(new) > _MANY:
        return [Run("gone", before), Run("new", after)]
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    found = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            found.append(Run("same", "".join(old[i:j])))
            continue
        found += [Run("gone", "".join(old[i:j])), Run("new", "".join(new[k:m]))]
    kept = sum(_weight(one.text) for one in found if one.kind == "same")
    is_rewritten = kept < _REWRITTEN * min(_weight(before), _weight(after))
    return [Run("gone", before), Run("new", after)] if is_rewritten else found


def _weight(text: str) -> int:
    """Characters that are read."""
    return len("".join(text.split()))


def _lines(text: str) -> list[str]:
    """The lines with their ends; only "\\n" ends one."""
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + lines[-1:]


def _merged(runs: list[Run]) -> Iterator[Run]:
    last: Run | None = None
    for run in runs:
        if not run.text:
            continue
        if last is not None and last.kind == run.kind:
            last = Run(last.kind, last.text + run.text)
            continue
        if last is not None:
            yield last
        last = run
    if last is not None:
        yield last

"""The smallest change of an answer after which it says what is right.

Belongs here: which sentences or values of one text give way to those of another. Does not belong here: who says what is
right (``right_answers``), the entry (``edit_entry``).

Three ways, the smallest first. A sentence gives way to one that is said in nearly the same words. A value ("60 minutes")
gives way to another of its kind, where both texts say the same otherwise. Where neither does it, the right answer takes the
whole place: what of the old text still stands nobody said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from assets.audit_tickets.roadmap.risk_patterns import fold
from assets.build_knowledge.drafts.answer_groups import flat
from assets.build_knowledge.findings.fact_finders import facts_in
from assets.build_knowledge.findings.facts import Fact, differing_facts
from assets.build_knowledge.findings.sentences import stems

SENTENCES, VALUES, WHOLE = "sentences", "values", "whole"
NEARLY_THE_SAME, ALIKE = 0.8, 0.6
"""Likeness of two sentences' words from which one is surely, and likely, the other, changed."""
NEW_WORDS = 0.6
"""Share of an answer's content words that another lacks, from which the two do not say the same."""
SHARED_SUBJECT = 0.3
"""Share of the poorer sentence's content words in the other, from which two values are about one thing."""
_UNIT = re.compile(
    r"(?<=[.!?…])(?<!\d\.)[ \t]+(?=[^\s])|\n(?=[ \t]*(?:\n|[-*•]|\d{1,2}[.)]|#|\*\*))|(?<=[:.!?])\n|\n[ \t]*\n"
)
_MARK = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)]|#{1,6})\s+")
_WORD = re.compile(r"[\w@.:/+-]*\w")


@dataclass(frozen=True)
class Edit:
    """answer: as it would be; way: sentences, values or whole; swapped: what gave way, and to what."""

    answer: str
    way: str
    swapped: tuple[tuple[str, str], ...] = ()


def smallest_edit(old: str, right: str, *, says_the_same: bool) -> Edit | None:
    """The change from ``old`` to a text that says what ``right`` says; None where there is nothing to change.

    Args:
        says_the_same: whether the two are alike as answers; only then a value alone may be swapped.
    """
    if _words(old) == _words(right):
        return None
    if (by_sentence := _swap_sentences(old, right, NEARLY_THE_SAME)) is not None:
        return by_sentence
    if says_the_same and (by_value := _swap_values(old, right)) is not None:
        return by_value
    if (by_sentence := _swap_sentences(old, right, ALIKE)) is not None:
        return by_sentence
    return None if says_the_same and not _says_otherwise(old, right) else Edit(right, WHOLE)


def _says_otherwise(old: str, right: str) -> bool:
    """Whether a text of the same kind is about something else: its values differ, or most of its words are not there."""
    if differing_facts(list(facts_in(old)), list(facts_in(right))) is not None:
        return True
    wanted = set(stems(right))
    return len(wanted - set(stems(old))) > NEW_WORDS * len(wanted)


def _swap_sentences(old: str, right: str, least: float) -> Edit | None:
    """Every sentence of the right answer stands in the old one, some of them changed."""
    spans = _spans(old)
    mine = [_words(old[start:end]) for start, end in spans]
    wanted = [right[start:end] for start, end in _spans(right)]
    taken: dict[int, str] = {}
    for sentence in sorted(wanted, key=lambda one: -max((_alike(_words(one), other) for other in mine), default=0.0)):
        words = _words(sentence)
        free = [place for place in range(len(spans)) if place not in taken]
        best = max(free, key=lambda place: (_alike(words, mine[place]), -place), default=None)
        if best is None or _alike(words, mine[best]) < least:
            return Edit(right, SENTENCES) if len(taken) >= 0.6 * max(len(wanted), len(mine)) else None
        taken[best] = sentence
    changed = {place: one for place, one in taken.items() if _words(one) != mine[place]}
    if not changed:
        return None
    answer, swapped = old, []
    for place in sorted(changed, reverse=True):
        start, end = spans[place]
        body = _MARK.sub("", changed[place]).strip()
        mark = _MARK.match(old[start:end])
        swapped.append((old[start:end].strip(), body))
        answer = answer[:start] + (mark.group(0) if mark else "") + body + answer[end:]
    return Edit(answer, SENTENCES, tuple(reversed(swapped)))


def _swap_values(old: str, right: str) -> Edit | None:
    """Values of the old answer that the right one gives otherwise, in sentences about the same thing."""
    answer, swapped = old, []
    theirs = [(right[start:end], facts_in(right[start:end])) for start, end in _spans(right)]
    for start, end in reversed(_spans(old)):
        sentence = old[start:end]
        for fact in reversed(list(facts_in(sentence))):
            other = _counterpart(sentence, fact, theirs)
            if other is not None:
                swapped.append((fact.text, other.text))
                answer = answer[: start + fact.start] + other.text + answer[start + fact.end :]
    return Edit(answer, VALUES, tuple(reversed(swapped))) if swapped else None


def _counterpart(sentence: str, fact: Fact, theirs: Sequence[tuple[str, Sequence[Fact]]]) -> Fact | None:
    """The one value of the same kind in the sentence about the same thing, if it is another."""
    mine, best, found = set(stems(sentence)), 0.0, None
    for other, facts in theirs:
        same_kind = [one for one in facts if one.group == fact.group]
        shared = len(mine & set(stems(other))) / max(1, min(len(mine), len(set(stems(other)))))
        if same_kind and shared >= SHARED_SUBJECT and shared > best:
            best = shared
            agrees = any(one.agrees_with(fact) for one in same_kind)
            found = None if agrees or len(same_kind) > 1 else same_kind[0]
    return found


def _spans(text: str) -> list[tuple[int, int]]:
    """Where the sentences and lines of a Markdown text are; lines that a paragraph was wrapped into are one."""
    found, at = [], 0
    for match in _UNIT.finditer(text):
        found.append((at, match.start()))
        at = match.end()
    found.append((at, len(text)))
    return [(start, end) for start, end in found if re.search(r"\w", text[start:end])]


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(flat(text)))


def _alike(one: Sequence[str], other: Sequence[str]) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()

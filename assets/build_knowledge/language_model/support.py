"""Whether what a model wrote stands in what it was shown: its numbers and its links.

Belongs here: comparing a text with its sources. Does not belong here: reading a reply (`replies`), and whether an answer
is right, which people judge.

A number that no source has is the mistake of models that harms customers most and that is cheap to see. A wrong step
or a "no" for a "yes" is not seen here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assets.audit_tickets.texts.personal_data import URL
from assets.build_knowledge.findings.fact_finders import facts_in, read_number
from assets.build_knowledge.findings.facts import Fact

_COMPARED = frozenset(("duration", "money", "percent", "size"))
"""Quantities of which the unit is compared as well: "14 days" is not "14 hours", and is "two weeks"."""

_LIST_MARK = re.compile(r"^[ \t]*\d{1,2}[.)][ \t]+", re.MULTILINE)
_DIGITS = re.compile(r"\d+(?:[.,:]\d+)*")
_WORD = re.compile(r"[^\W\d_]{3,}")
_MARKDOWN_LINK = re.compile(r"\]\(\s*([^)\s]*)[^)]*\)")
_HOST = re.compile(r"(?<![\w.-])(?:[\w-]+\.)+[^\W\d_]{2,}(?:/[^\s<>()\"'`]*)?")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_AFTER_LINK = ".,;:!?)*_]}»”\"'"


def unsupported_number(text: str, sources: Sequence[str]) -> str | None:
    """The first quantity or number of a text that stands in none of the sources, as it is written; None without one.

    Numbers of list items are not read, nor is "one". Numbers that are spelled out count as their figures.
    """
    material = "\n".join(sources)
    bare = _LIST_MARK.sub("", text)
    facts = [fact for fact in facts_in(material) if fact.kind in _COMPARED]
    for fact in facts_in(bare):
        if fact.kind not in _COMPARED:
            continue
        if not _stands_in(fact, facts):
            return fact.text.strip()
        bare = bare[: fact.start] + " " * (fact.end - fact.start) + bare[fact.end :]
    known = {_value(word) for word in _numbers(material)}
    return next((word for word in _numbers(bare) if _value(word) not in known), None)


def foreign_link(text: str, sources: Sequence[str]) -> str | None:
    """The first address in a text (link, site, mail) that stands in none of the sources; None without one."""
    material = "\n".join(sources).casefold()
    known = set(_addresses(material))
    return next((link for link in _addresses(text) if link.casefold() not in known), None)


def _addresses(text: str) -> list[str]:
    found = [*_MARKDOWN_LINK.findall(text), *URL.findall(text), *_HOST.findall(text), *_MAIL.findall(text)]
    # A bracket or a full stop after an address is not part of it.
    return [bare for link in found if (bare := link.split("](")[0].rstrip(_AFTER_LINK))]


def _stands_in(fact: Fact, facts: Sequence[Fact]) -> bool:
    """Whether sources state this quantity; both ends of a range must stand there."""
    same = [one for one in facts if (one.kind, one.unit) == (fact.kind, fact.unit)]
    same = [one for one in same if not one.per or not fact.per or one.per == fact.per]
    ends = [end for one in same for end in (one.low, one.high)]
    return all(any(abs(value - end) <= 1e-6 * max(abs(end), 1.0) for end in ends) for value in (fact.low, fact.high))


def _numbers(text: str) -> list[str]:
    spelled = [word for word in _WORD.findall(text) if (read_number(word) or 0) > 1]
    return [*_DIGITS.findall(text), *spelled]


def _value(word: str) -> float | str:
    number = None if ":" in word or word.count(".") > 1 else read_number(word)
    return word if number is None else number

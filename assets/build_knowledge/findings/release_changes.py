"""What product releases and price or policy changes have ended, read from the words of ``releases.csv``.

Belongs here: turning an event's description into things that ended, values that changed and versions that are past.
Does not belong here: finding texts that still speak of them (``ended_terms``, ``ended_values``, ``ended_versions``).

Descriptions are written by people for people. The forms understood: "X is removed / gone / no longer offered", "X ends
on 2026-05-31", "Y replaces X", "X is now called Y", "X moved to Y", "(before: EUR 9)", "14 days instead of 30 days",
and their German and Spanish counterparts. What is not understood changes nothing; a release still re-opens the entries
it is about (``reopened_entries``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from assets.audit_tickets.texts.personal_data import words
from assets.build_knowledge.findings.audit_settings import DeprecatedTerm, utc_day
from assets.build_knowledge.findings.audited_texts import items_in, known, records
from assets.build_knowledge.findings.fact_finders import facts_in
from assets.build_knowledge.findings.facts import Fact
from assets.build_knowledge.findings.sentences import stems

MAX_TERM_WORDS = 6


@dataclass(frozen=True)
class Release:
    """An event of ``releases.csv`` that has happened."""

    name: str
    kind: str
    date: pd.Timestamp
    version: str
    description: str
    affects: tuple[str, ...]

    @property
    def label(self) -> str:
        """How findings name it: name and day."""
        return f"{self.name} ({self.date:%Y-%m-%d})"


@dataclass(frozen=True)
class Ended:
    """A thing that no longer exists, or no longer under this name."""

    term: str
    what: str
    """``feature`` or ``plan``."""
    since: pd.Timestamp | None
    instead: str | None = None
    release: Release | None = None


@dataclass(frozen=True)
class ChangedValue:
    """A quantity that an event replaced: the old values, the new ones, and the words of the event around them."""

    old: tuple[Fact, ...]
    new: tuple[Fact, ...]
    clause: str
    release: Release


_DATE = r"(?P<date>\d{4}-\d{2}-\d{2}|\d{1,2}\.? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d{4})"
_GONE = (
    r"(?:is|are|was|were|has been|have been|will be|gets?|wird|werden|wurden?|ist|sind|ha sido|han sido|es|son|se)\s+(?:now\s+|also\s+|been\s+|being\s+)?"
    r"(?:gone|removed|retired|discontinued|ended|deprecated|switched off|turned off|shut down|dropped|withdrawn|abolished|phased out|closed|"
    r"no longer \w+|not \w+ any ?more|entfernt|eingestellt|abgeschafft|abgeschaltet|nicht mehr \w+|eliminad[oa]s?|retirad[oa]s?|elimina|retira)"
)
_ENDS = r"(?:ends?|ended|goes away|go away|disappears?|stops? working|retires?|expires?|endet|enden|entfällt|entfallen|termina|desaparecen?|deja de (?:funcionar|existir))"
_SUBJECT = r"(?P<term>[^,;:()]{2,70}?)"
_OBJECT = r"(?P<term>[^,;:().]{2,70}?)(?=$|[,;:().]|\s(?:and|which|that|with|from|on|as|und|y|by|in the)\s)"
_ENDING = (
    re.compile(rf"^(?:support for |la |el )?{_SUBJECT}\s+(?:{_GONE}|{_ENDS})\b(?:[^,;.]*?{_DATE})?", re.IGNORECASE),
    re.compile(rf"\b(?:removes?|retires?|discontinues?|drops?(?: support for)?|ends? support for|without support for|no more|no longer (?:offers?|sells?|supports?|accepts?|includes?)|entfernt|elimina)\s+{_OBJECT}", re.IGNORECASE),
)  # fmt: skip
_REPLACING = (
    re.compile(rf"(?P<instead>[^,;:()]{{2,70}}?)\s+(?:replaces?|replaced|supersedes?|takes the place of|ersetzt|sustituye a|reemplaza(?: a)?)\s+{_OBJECT}", re.IGNORECASE),
    re.compile(rf"^{_SUBJECT}\s+(?:is|are|was|were|has been|have been|will be|wird|werden)\s+(?:now\s+)?(?:replaced by|superseded by|ersetzt durch|now called|renamed(?: to)?|called|jetzt|umbenannt in|merged into|part of|moved to|ahora)\s+(?P<instead>[^,;:()]{{2,70}})", re.IGNORECASE),
    re.compile(rf"^{_SUBJECT}\s+(?:becomes?|became|moves? to|moved to|heißt jetzt|pasa a (?:llamarse|ser)|se llama ahora)\s+(?P<instead>[^,;:()]{{2,70}})", re.IGNORECASE),
    re.compile(r"\b(?:renames?|renamed)\s+(?P<term>[^,;:()]{2,70}?)\s+to\s+(?P<instead>[^,;:()]{2,70})", re.IGNORECASE),
)  # fmt: skip
_OLD_MARK = re.compile(
    r"\b(?:before(?! \d{1,2}\.? [A-Z]| the)|was|were|previously|formerly|instead of|rather than|old(?: price)?|until now|up to now|so far|down from|up from|from|bisher|vorher|früher|statt|zuvor|antes|anteriormente|"
    r"en lugar de|en vez de)\b\s*:?",
    re.IGNORECASE,
)
_OLD_END = re.compile(r"[);.]|\b(?:to|now|auf|jetzt|a partir|ahora)\b|->|→", re.IGNORECASE)
_ARTICLES = re.compile(
    r"^(?:(?:the|a|an|our|your|old|all|and|new|der|die|das|dem|den|alte[nrsm]?|und|el|la|los|las|y|current|previous|classic option)\s+)+",
    re.IGNORECASE,
)
_TAIL = re.compile(r"\s+(?:as well|too|completely|entirely|altogether|now|also)$", re.IGNORECASE)
_GENERIC = words(
    """
    app apps plan plans feature features version versions page pages price prices option options button buttons support
    menu setting settings account accounts it this that they there customers customer users user members everything
    nothing workspace workspaces team teams access service product data file files desktop mobile web update updates
    """
)
_QUOTED = re.compile(r"[\"“„«]([^\"”“»]{2,60})[\"”“»]")
_PLAN = re.compile(r"\b(?:plans?|tiers?|subscriptions?|editions?|tarife?\w*|planes|abos?)\b", re.IGNORECASE)


def past_releases(releases: pd.DataFrame | None, as_of: pd.Timestamp) -> list[Release]:
    """The events up to ``as_of``, oldest first. Frame [event]: date, kind, name, version, description, affects."""
    rows = [] if releases is None else records(releases)
    events = [
        Release(
            name=str(row["name"]),
            kind=str(row["kind"]),
            date=date,
            version=str(known(row.get("version")) or ""),
            description=str(known(row.get("description")) or ""),
            affects=_affects(row.get("affects")),
        )
        for row in rows
        if (date := utc_day(row["date"])) is not None and date <= as_of
    ]
    return sorted(events, key=lambda event: (event.date, event.name))


def ended_things(
    events: Sequence[Release], deprecated_terms: Iterable[DeprecatedTerm], as_of: pd.Timestamp
) -> list[Ended]:
    """What the events and the desk's own list say has ended by ``as_of``; one a term, the earliest."""
    found = [ended for event in events for ended in _read_endings(event) if not _is_to_come(ended, as_of)]
    found += [
        Ended(term.term, _what(term.term), term.ended, term.instead)
        for term in deprecated_terms
        if term.ended is None or term.ended <= as_of
    ]
    unique: dict[str, Ended] = {}
    for ended in found:
        unique.setdefault(ended.term.casefold(), ended)
    return list(unique.values())


def announced_ends(
    events: Sequence[Release], deprecated_terms: Iterable[DeprecatedTerm], as_of: pd.Timestamp
) -> list[Ended]:
    """What the events have announced to end after ``as_of``."""
    found = [ended for event in events for ended in _read_endings(event)]
    found += [Ended(term.term, _what(term.term), term.ended, term.instead) for term in deprecated_terms]
    return [ended for ended in found if _is_to_come(ended, as_of)]


def changed_values(events: Sequence[Release]) -> list[ChangedValue]:
    """Quantities that the events replaced, where a description gives the old value."""
    found = []
    for event in events:
        for clause in re.split(r"[;]\s|(?<=[^\d.])\.\s", event.description):
            old, new = _old_and_new(clause)
            if old:
                found.append(ChangedValue(tuple(old), tuple(new), clause, event))
    return found


def _affects(value: Any) -> tuple[str, ...]:
    parts = re.split(r"[;|]", value) if isinstance(value, str) else [str(one) for one in items_in(value)]
    return tuple(part.strip() for part in parts if part.strip())


def _old_and_new(clause: str) -> tuple[list[Fact], list[Fact]]:
    facts = facts_in(clause)
    spans = []
    for mark in _OLD_MARK.finditer(clause):
        first = next((fact for fact in facts if fact.start >= mark.end()), None)
        # The value follows its mark; "from 1 May" and "was rebuilt" mark no value.
        if first is None or first.start - mark.end() > 25:
            continue
        end = _OLD_END.search(clause, first.end)
        spans.append((mark.end(), end.start() if end else len(clause)))
    old = [fact for fact in facts if any(start <= fact.start < end for start, end in spans)]
    return old, [fact for fact in facts if fact not in old]


def _read_endings(event: Release) -> Iterator[Ended]:
    for clause in _clauses(event.description):
        for pattern in _REPLACING:
            for match in pattern.finditer(clause):
                yield from _ended(match["term"], event, event.date, _clean(match["instead"]))
        for pattern in _ENDING:
            for match in pattern.finditer(clause):
                date = match.groupdict().get("date")
                since = utc_day(_read_date(date)) if date else event.date
                yield from _ended(match["term"], event, since, None)


def _clauses(description: str) -> Iterator[str]:
    for part in re.split(r"[;:()]|(?<=[^\d])\.\s|,\s(?:and\s)?|\s[–—-]\s|\.$", description):
        if part.strip():
            yield part.strip()


def _ended(term: str, event: Release, since: pd.Timestamp | None, instead: str | None) -> Iterator[Ended]:
    bare = _clean(term)
    parts = [bare]
    if " and " in bare and all(len(part.split()) > 1 or part[:1].isupper() for part in bare.split(" and ")):
        parts = [_clean(part) for part in bare.split(" and ")]
    for part in parts:
        parts_of_term = part.casefold().split()
        if len(parts_of_term) > MAX_TERM_WORDS or len(part) < 4 or all(word in _GENERIC for word in parts_of_term):
            continue
        if facts_in(part):
            continue  # "EUR 9 is gone" is a changed value
        yield Ended(part, _what(part, event.affects), since, instead, event)


def _what(term: str, affects: Iterable[str] = ()) -> str:
    """``plan`` where the term, or what the event affects under its name, is one."""
    named = [term, *(one for one in affects if set(stems(one)) & set(stems(term)))]
    return "plan" if any(_PLAN.search(one) for one in named) else "feature"


def _is_to_come(ended: Ended, as_of: pd.Timestamp) -> bool:
    return ended.since is not None and ended.since > as_of


def _clean(term: str) -> str:
    """The thing itself: what stands in quotes where something does ("the link “Help” is gone"), else the bare words."""
    quoted = _QUOTED.search(term)
    return _TAIL.sub("", _ARTICLES.sub("", (quoted[1] if quoted else term).strip(" .?!\"'“”*"))).strip()


def _read_date(text: str) -> pd.Timestamp | None:
    try:
        return pd.Timestamp(text)
    except ValueError:
        return None

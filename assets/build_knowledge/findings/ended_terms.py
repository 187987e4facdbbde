"""Texts that still speak of a feature, plan or name that has ended.

Belongs here: finding the term and telling a text that knows of the end from one that does not. Does not belong here:
what has ended (``release_changes``), old prices and limits (``ended_values``), old versions (``ended_versions``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from assets.audit_tickets.texts.personal_data import words
from assets.build_knowledge.findings.aligned_sentences import Encode
from assets.build_knowledge.findings.audited_texts import records
from assets.build_knowledge.findings.finding import Finding, about, quote
from assets.build_knowledge.findings.release_changes import Ended
from assets.build_knowledge.findings.sentences import plain, sentences_of, stem, without_marks

_AFTER = (
    r"[^.!?\n]{0,40}?\b(?:(?:is|are|was|were|has been|have been|will be)\s+(?:now\s+)?(?:no longer|removed|retired|replaced|discontinued|ended|gone|renamed|"
    r"switched off|shut down|closed|not available|unavailable|deprecated|called)|no longer|ends?\b|ended|stopped|went away|became|"
    r"(?:wurde|wird|ist)\s+(?:[^.!?\n]{0,30})?(?:eingestellt|entfernt|ersetzt|abgeschaltet)|nicht mehr|(?:se )?elimin\w+|ya no)"
)
_BEFORE = (
    r"\b(?:replac(?:es|ed|ing)|instead of|used to be(?: called)?|formerly|previously|former|successor (?:of|to)|end of|retired|discontinued|"
    r"removed|no longer (?:have|offer|sell|support|use)|früher|ehemals|statt|ersetzt|antes|en lugar de)\s+(?:called\s+|known as\s+|the\s+|our\s+|old\s+|\W)*"
)


NEAR_EVENT = 0.5
"""Likeness of a sentence in its place to an event from which on it may name what ended in other words."""

_FUNCTION_WORDS = words(
    "the and for with from our your its all any new old by via per der die das und von für mit el la los las por con"
)
_STAYS = re.compile(
    r"\b(?:for ?ever|for life|lifetime|never (?:ends?|expires?|changes?|goes away|be (?:removed|discontinued|ended))|will (?:always|never)|no end date|as long as you (?:like|want)|"
    r"permanently|here to stay|für immer|auf lebenszeit|lebenslang|niemals? (?:enden|ablaufen)|para siempre|de por vida|nunca (?:termina|caduca))\b",
    re.IGNORECASE,
)


def find_ended_terms(
    texts: pd.DataFrame, ended: Sequence[Ended], announced: Sequence[Ended] = (), encode: Encode | None = None
) -> list[Finding]:
    """Findings of type ``stale`` with reason ``ended_feature`` or ``ended_plan``, one a subject and term.

    A text that says somewhere that the thing has ended knows of it and is left alone. The successor's name does not
    count as a mention where it contains the old one ("Planner", "Planner Pro"). With an encoder, a text written before
    the end is also found where it names the thing in other words ("Support by phone": a line "Phone: …" under "How to
    reach support"). What is only ``announced`` to end counts where a text promises that it stays.
    """
    by_subject: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in records(texts):
        by_subject.setdefault((row["subject_kind"], row["subject_id"]), []).append(row)
    found = []
    for rows in by_subject.values():
        whole = "\n".join(f"{row['question']}.\n{plain(without_marks(row['text']))}" for row in rows)
        for thing in ended:
            pattern = term_pattern(thing.term)
            if _knows(whole, pattern):
                continue
            said = _mention(rows, thing, pattern) if pattern.search(_without_successor(whole, thing)) else None
            if said is None and encode is not None:
                said = _other_words(rows, thing, encode)
            if said is not None:
                found.append(_finding(rows[0], thing, said))
        for thing in announced:
            pattern = term_pattern(thing.term)
            said = None if _knows(whole, pattern) else _promise_to_stay(rows, pattern)
            if said is not None:
                found.append(_finding(rows[0], thing, said, verb="will end"))
    return found


def term_pattern(term: str) -> re.Pattern[str]:
    """A term as texts write it: any spacing or hyphen, a plural or genitive ending.

    A single capitalised word counts only with its capital: ``Planner`` is a product, a planner may be anything.
    """
    words = [re.escape(word) for word in re.split(r"[\s-]+", term.strip())]
    is_name = len(words) == 1 and term[:1].isupper()
    body = r"[\s -]+".join(words)
    ending = "" if re.search(r"[\d)]$", term) else r"(?:e?s|['’]s|n)?"
    return re.compile(rf"(?<![\w-]){body}{ending}(?![\w-])", 0 if is_name else re.IGNORECASE)


def _knows(whole: str, pattern: re.Pattern[str]) -> bool:
    term = pattern.pattern
    return bool(
        re.search(rf"{term}{_AFTER}", whole, re.IGNORECASE) or re.search(rf"{_BEFORE}{term}", whole, re.IGNORECASE)
    )


def _without_successor(text: str, thing: Ended) -> str:
    if not thing.instead or thing.term.casefold() not in thing.instead.casefold():
        return text
    return term_pattern(thing.instead).sub(" ", text)


def _mention(rows: Sequence[Mapping[str, Any]], thing: Ended, pattern: re.Pattern[str]) -> str | None:
    for row in rows:
        for sentence in sentences_of(row):
            if pattern.search(_without_successor(sentence.text, thing)):
                return sentence.text
    for row in rows:
        if pattern.search(_without_successor(row["question"], thing)):
            return str(row["question"])
    return None


def _other_words(rows: Sequence[Mapping[str, Any]], thing: Ended, encode: Encode) -> str | None:
    """A sentence that, under what its text answers, holds all words of the term and is near the event in meaning."""
    wanted = set(_content(thing.term))
    if len(wanted) < 2 or thing.release is None or thing.since is None:
        return None
    event = f"{thing.release.name}: {thing.release.description}"
    for row in rows:
        if row["updated_at"] is None or row["updated_at"] >= thing.since:
            continue
        about = set(_content(str(row["question"])))
        for sentence in sentences_of(row):
            own = set(_content(sentence.whole))
            # The words stand apart, or the term itself would have been found: one of them in the title or heading.
            if wanted & own and wanted & about and wanted <= own | about:
                near = encode([f"{row['question']}. {sentence.whole}", event])
                if float(near[0] @ near[1]) >= NEAR_EVENT:
                    return sentence.whole
    return None


def _content(text: str) -> list[str]:
    """Stems of all words of three letters and more but the commonest: ``support`` may be what has ended."""
    return [stem(word) for word in re.findall(r"[^\W\d_]{3,}", text) if word.casefold() not in _FUNCTION_WORDS]


def _promise_to_stay(rows: Sequence[Mapping[str, Any]], pattern: re.Pattern[str]) -> str | None:
    for row in rows:
        for said in [str(row["question"]), *(sentence.whole for sentence in sentences_of(row))]:
            if _STAYS.search(said) and (pattern.search(said) or pattern.search(str(row["question"]))):
                return said
    return None


def _finding(row: Mapping[str, Any], thing: Ended, said: str, verb: str = "has ended") -> Finding:
    day = "on" if verb == "will end" else "since"
    since = f" {day} {thing.since:%Y-%m-%d}" if thing.since is not None else ""
    source = f" ({quote(thing.release.description)}, {thing.release.label})" if thing.release else " (the desk's list)"
    instead = f"write what holds now ({thing.instead})" if thing.instead else "say what customers do now"
    return Finding(
        type="stale",
        reason=f"ended_{thing.what}",
        **about(row),
        evidence=f"{quote(said)} speaks of “{thing.term}”, which {verb}{since}{source}.",
        fix=f"Take “{thing.term}” out and {instead}, or mark the text as outdated.",
        is_blocking=True,
        key=thing.term.casefold(),
        release_name=thing.release.name if thing.release else None,
    )

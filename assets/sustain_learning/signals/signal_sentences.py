"""Signals in a sentence that a support lead would read.

Belongs here: wording. Does not belong here: any figure (the other modules count).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from assets.sustain_learning.frames import BY_RELEASE, ONBOARDING, POLICY_OR_PRICE, SUSPECTED_BUG, TAXONOMY_CHANGE
from assets.sustain_learning.signals.diagnose import Diagnosis
from assets.sustain_learning.signals.label_changes import LabelChange
from assets.sustain_learning.signals.text_categories import NEW_MATTER

LANGUAGES: Mapping[str, str] = {
    "en": "English", "de": "German", "es": "Spanish", "fr": "French", "it": "Italian", "nl": "Dutch", "pt": "Portuguese",
    "pl": "Polish", "cs": "Czech", "fi": "Finnish", "hu": "Hungarian", "tr": "Turkish", "sv": "Swedish", "da": "Danish",
    "ja": "Japanese", "ru": "Russian", "sl": "Slovenian", "el": "Greek", "ro": "Romanian", "uk": "Ukrainian", "zh": "Chinese",
}  # fmt: skip
WORDS_TOLD = 5


def subject_of(dimension: str, value: str, names: Mapping[str, str]) -> str:
    """Which tickets a series counts.

    >>> subject_of("plan", "pro", {})
    'Tickets of plan pro'
    """
    if dimension == "all":
        return "Tickets in all"
    if dimension == "category":
        if value == NEW_MATTER:
            return "Tickets that resemble nothing known before"
        return f"Tickets about “{names.get(value, value)}”"
    if dimension == "version":
        return f"Tickets that name version {value}"
    if dimension == "language":
        return f"Tickets in {LANGUAGES.get(value, value)}"
    if dimension == "page":
        return f"Tickets from page {value}"
    return f"Tickets {'of plan' if dimension == 'plan' else 'from'} {value}"


def volume_sentence(
    subject: str, observed: float, expected: float, start: pd.Timestamp, ended: pd.Timestamp | None, is_shift: bool,
    diagnosis: Diagnosis, telling: Sequence[str],
) -> str:  # fmt: skip
    """What happened, for how long, and what is behind it. ``observed`` and ``expected`` are tickets a day."""
    since = f"since {_day(start)}" if ended is None or is_shift else f"from {_day(start)} to {_day(ended)}"
    if ended is not None and not is_shift and ended.date() == start.date():
        since = f"on {_day(start)}"
    if expected < 0.1 and expected < observed / 10:
        how = f"{_rate(observed)} a day {since}, next to none before"
    else:
        how = f"{_rate(observed)} a day instead of {_rate(expected)} {since}"
    stayed = "; this has become the usual level" if is_shift else ""
    return f"{subject}: {how}{stayed}. {_cause(diagnosis)}{_words(telling)}"


def also_sentence(subjects: Sequence[str]) -> str:
    """What else stands out because of the same tickets; empty where nothing does."""
    if not subjects:
        return ""
    told = [one[:1].lower() + one[1:] for one in dict.fromkeys(subjects)]
    return (
        f" The same tickets also make these stand out: {'; '.join(told[:5])}{' and others' if len(told) > 5 else ''}."
    )


def label_sentence(change: LabelChange, also: Sequence[str], start: pd.Timestamp) -> str:
    """Which labels went where."""
    gone = ", ".join(change.died[:6]) + (" and others" if len(change.died) > 6 else "")
    came = ", ".join(change.born[:6]) + (" and others" if len(change.born) > 6 else "")
    routes = [f"{one} went mostly to {' and '.join(to[:2])}" for one, to in list(change.into.items())[:3] if to]
    where = f" ({'; '.join(routes)})" if routes else ""
    fields = " and ".join([f"“{one}”" for one in (change.system, *also)])
    return (
        f"The helpdesk's labels changed on {_day(start)} in {fields}: {gone} fell away, {came} took their place{where}. What "
        f"customers write about stayed as it was: do not read this as trouble, and compare labels across that day with care."
    )


def rate_sentence(what: str, segment: str, hits: int, of: int, other_hits: int, other_of: int, others: str) -> str:
    """One rate against another."""
    return (
        f"{segment}: {hits} of {of} {what} ({_percent(hits, of)}), against {other_hits} of {other_of} "
        f"({_percent(other_hits, other_of)}) {others}."
    )


def _cause(diagnosis: Diagnosis) -> str:
    date = f" of {_day(diagnosis.release_date)}" if diagnosis.release_date is not None else ""
    if diagnosis.diagnosis in (BY_RELEASE, POLICY_OR_PRICE):
        if diagnosis.release_date is None:
            return f"Customers have begun to name {diagnosis.release_name}, which releases.csv does not list."
        said = f"; customers say {_quoted(diagnosis.words)}" if diagnosis.words else ""
        return f"It began around {diagnosis.release_name}{date}{said}."
    near = f" {diagnosis.near} came shortly before, but customers do not name it." if diagnosis.near else ""
    if diagnosis.diagnosis == SUSPECTED_BUG:
        return f"Customers report that something fails, and no release on the list explains it: suspect a bug or an outage.{near}"
    if diagnosis.diagnosis == ONBOARDING:
        return f"It comes from customers who write for the first time and are setting things up.{near}"
    if diagnosis.diagnosis == TAXONOMY_CHANGE:
        return "The helpdesk changed on that day, so that tickets before and after are counted differently."
    return f"The data does not tell why.{near}"


def _words(telling: Sequence[str]) -> str:
    return f" More often than before they write {_quoted(telling[:WORDS_TOLD])}." if telling else ""


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"“{one}”" for one in words[:WORDS_TOLD])


def _day(moment: pd.Timestamp) -> str:
    return f"{moment:%Y-%m-%d}"


def _rate(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}" if value >= 0.1 else f"{value:.2f}"


def _percent(hits: int, of: int) -> str:
    return f"{100 * hits / of:.0f} %" if of else "none"

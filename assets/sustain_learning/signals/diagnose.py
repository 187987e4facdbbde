"""What is behind a change, as far as the data tells.

Belongs here: laying a change beside releases and beside what its customers say. Does not belong here: finding it
(``detect_changes``), or the sentence about it (``signal_sentences``).

A release explains a change only where both hold: it came shortly before, and customers name it or what it changed. A release
that merely came before explains nothing. What is guessed from words alone (something fails, new customers) is said and does
not count as explained.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from assets.sustain_learning.frames import (
    BY_RELEASE,
    ONBOARDING,
    POLICY_OR_PRICE,
    SUSPECTED_BUG,
    TAXONOMY_CHANGE,
    UNKNOWN,
)
from assets.sustain_learning.signals.named_versions import product_names, version_key, version_parts
from assets.sustain_learning.signals.telling_words import words_of

BEFORE_RELEASE_DAYS = 3
"""A release reaches some customers before its date."""
AFTER_RELEASE_DAYS = 28
VERSION_DAYS = 90
"""A named version tells its release by itself, and customers update when they like."""
DESCRIPTION_WORDS = 2
"""Of a release's description alone, so many must be said: single words of a sentence fit anything."""
LEAST_SHARE = 0.35
SURE = 3.0

_FAILS = re.compile(
    r"\b(?:errors?|fail(?:s|ed|ing|ure)?|crash\w*|freez\w*|frozen|hangs?|broke\w*|bug\w*|(?:not|n't|stopped|no longer|nothing) (?:\w+ )?work\w*|"
    r"unable|can(?:no|')t|won't|does ?n.t|disappear\w*|vanish\w*|blank|stuck|fehler\w*|funktioniert nicht|geht nicht|"
    r"abgest\u00fcrzt|st\u00fcrzt|no funciona|errore?|fallo|problema)\b",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    r"\b(?:just (?:signed|installed|downloaded|joined|started)|new (?:user|here|to|customer|account|pc|computer|laptop)|first time|"
    r"get(?:ting)? started|set(?:ting)? ?up|sign(?:ed|ing)? up|onboard\w*|migrat\w*|switch(?:ed|ing) (?:from|to)|import\w*|invite\w*|"
    r"neu hier|einrichten|registrier\w*|umgestiegen|configurar|registr\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Diagnosis:
    """``diagnosis``: a word of ``frames.DIAGNOSES``. ``release_name`` and ``release_date``: of the release that explains it,
    or None. ``words``: the telling words that matched it. ``near``: a release that came right before and is not named."""

    diagnosis: str
    is_explained: bool
    release_name: str | None = None
    release_date: pd.Timestamp | None = None
    words: tuple[str, ...] = ()
    near: str | None = None


@dataclass(frozen=True)
class Evidence:
    """What a change is judged by. ``start``: its first day; ``until``: the last that is known. ``telling``: words that its
    customers use more than before. ``inside``, ``before``: texts while it lasts and before. ``new_inside``, ``new_before``:
    share of requesters who never wrote before, and ``n_…`` of how many. ``switch``: the helpdesks that came and went on the
    day it began, in words, or None."""

    dimension: str
    value: str
    start: pd.Timestamp
    until: pd.Timestamp
    telling: Sequence[str]
    inside: Sequence[str]
    before: Sequence[str]
    new_inside: float
    new_before: float
    n_inside: int
    n_before: int
    switch: str | None = None


def diagnose(evidence: Evidence, releases: pd.DataFrame) -> Diagnosis:
    """Say what is behind a change.

    Args:
        releases: ``release_events`` (date, kind, name, version, description, affects); empty is fine.
    """
    if evidence.switch:
        return Diagnosis(TAXONOMY_CHANGE, True)
    rows = releases.to_dict("records")
    matched = _matching_release(evidence, rows)
    if matched is not None:
        row, words = matched
        kind = BY_RELEASE if row["kind"] == "product" else POLICY_OR_PRICE
        return Diagnosis(kind, True, str(row["name"]), _moment(row["date"]), words)
    if evidence.dimension == "version" and _looks_new(evidence.value, rows):
        return Diagnosis(BY_RELEASE, True, f"version {evidence.value}")
    near = _near(evidence, rows)
    name = str(near[-1]["name"]) if near else None
    if _more(_share(evidence.inside, _BEGINS), _share(evidence.before, _BEGINS), evidence) and (
        evidence.new_inside > evidence.new_before
    ):
        return Diagnosis(ONBOARDING, False, near=name)
    fails, failed = _share(evidence.inside, _FAILS), _share(evidence.before, _FAILS)
    if fails >= LEAST_SHARE and _more(fails, failed, evidence):
        return Diagnosis(SUSPECTED_BUG, False, near=name)
    return Diagnosis(UNKNOWN, False, near=name)


def _matching_release(evidence: Evidence, rows: list[dict[Any, Any]]) -> tuple[dict[Any, Any], tuple[str, ...]] | None:
    parts = version_parts(str(row["version"]) for row in rows)
    own = set(product_names(str(row["name"]) for row in rows))
    said, best = set(evidence.telling), None
    for row in rows:
        key = version_key(_text(row["version"]), parts)
        if evidence.dimension == "version":
            days = (evidence.start - _moment(row["date"])).days
            is_it = key == evidence.value and -VERSION_DAYS <= days <= VERSION_DAYS
            words: tuple[str, ...] = (evidence.value,) if is_it else ()
        elif row in _near(evidence, rows):
            words = _named(row, key, said, own)
        else:
            words = ()
        if words and (best is None or (len(words), _moment(row["date"])) > (len(best[1]), _moment(best[0]["date"]))):
            best = row, words
    return best


def _named(row: dict[Any, Any], key: str | None, said: Collection[str], own: set[str]) -> tuple[str, ...]:
    """Words of a release that customers use more than before; none where only its description fits by a word."""
    affects = row["affects"] if isinstance(row["affects"], (list, tuple, np.ndarray)) else [_text(row["affects"])]
    strong = words_of(" ".join([_text(row["name"]), *map(str, affects)]))
    strong = frozenset(one for one in strong if one not in own and not one[:1].isdigit())
    strong |= frozenset([key] if key else [])
    weak = words_of(_text(row["description"])) - own - strong
    found = sorted(one for one in strong if _is_said(one, said))
    described = sorted(one for one in weak if _is_said(one, said))
    return (*found, *described) if found or len(described) >= DESCRIPTION_WORDS else ()


def _is_said(word: str, said: Collection[str]) -> bool:
    return word in said or (len(word) > 3 and (f"{word}s" in said or word.removesuffix("s") in said))


def _near(evidence: Evidence, rows: list[dict[Any, Any]]) -> list[dict[Any, Any]]:
    """Releases that came shortly before the change, the latest last; none that was still to come when it was seen."""
    found = []
    for row in rows:
        date = _moment(row["date"])
        days = (evidence.start - date).days
        if -BEFORE_RELEASE_DAYS <= days <= AFTER_RELEASE_DAYS and date <= evidence.until + pd.Timedelta(days=1):
            found.append(row)
    return sorted(found, key=lambda row: _moment(row["date"]))


def _looks_new(value: str, rows: list[dict[Any, Any]]) -> bool:
    """Whether a version can be one that was released and not listed: near in number to those on the list."""
    listed = [str(row["version"]) for row in rows if _text(row["version"])]
    firsts = [int(one.split(".")[0]) for one in listed if one.split(".")[0].isdigit()]
    first = int(value.split(".")[0])
    return bool(firsts) and min(firsts) <= first <= 1.2 * max(firsts)


def _more(share: float, before: float, evidence: Evidence) -> bool:
    n, m = len(evidence.inside), len(evidence.before)
    if not n or not m:
        return False
    both = (share * n + before * m) / (n + m)
    error = np.sqrt(max(both * (1 - both), 1e-9) * (1 / n + 1 / m))
    return bool((share - before) / error > SURE)


def _share(texts: Sequence[str], pattern: re.Pattern[str]) -> float:
    return float(np.mean([bool(pattern.search(text[:2_000])) for text in texts])) if len(texts) else 0.0


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _moment(value: Any) -> pd.Timestamp:
    moment = pd.Timestamp(value)
    return moment.tz_localize("UTC") if moment.tzinfo is None else moment

"""Texts that speak of a version of a product that a newer release has replaced.

Belongs here: product lines, the versions a text names, and whether it names one as what customers have now. Does not
belong here: features that ended with a release (``ended_terms``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from assets.build_knowledge.findings.audited_texts import records
from assets.build_knowledge.findings.finding import Finding, about, quote
from assets.build_knowledge.findings.release_changes import Release
from assets.build_knowledge.findings.sentences import sentences_of, without_marks

_VERSION = r"\d{1,4}(?:\.\d{1,4}){0,3}"
_FILLER = r"(?:\s+(?:app|client|program|software|version|release|edition|v\.?|for (?:windows|mac(?:os)?|linux|android|ios)|is|(?:is )?(?:now )?(?:at )?(?:version)?)){0,3}\s+v?"
_BOUND_AFTER = re.compile(
    r"^\s*(?:\+|or (?:later|newer|higher|above|up|more)|and (?:later|newer|higher|above|up)|onwards?|or earlier|or older|and earlier|and older|oder (?:neuer|höher|später)|o posterior|o superior|%|:\d)",
    re.IGNORECASE,
)
_BOUND_BEFORE = re.compile(
    r"\b(?:since|from|as of|before|prior to|older than|starting with|beginning with|earlier than|newer than|later than|up to|until|introduced (?:in|with)|added (?:in|with)|new in|at least|minimum|requires?|needs?|came with|"
    r"replaced|than|seit|ab|vor|bis|mindestens|desde|hasta|anterior(?:es)? a|mínimo)\s+(?:the\s+)?(?:\w+\s+){0,3}$",
    re.IGNORECASE,
)
_NOW = r"(?:current|latest|newest|most recent|aktuell\w*|neuest\w*|actual|última)"
_CURRENT_BEFORE = re.compile(rf"\b{_NOW}(?:\s+[^\W\d_]+){{0,3}}\s*:?\s*$", re.IGNORECASE)
_CURRENT_AFTER = re.compile(
    rf"^\s*(?:\(|,\s*)?(?:(?:is|ist|es)\s+)?(?:(?:the|our|die|la)\s+)?{_NOW}\b|^\s*is up to date\b", re.IGNORECASE
)


@dataclass(frozen=True)
class ProductLine:
    """A product and its releases; ``newest`` is what customers have now."""

    names: tuple[str, ...]
    newest: Release

    @property
    def number(self) -> tuple[int, ...]:
        """The newest version as numbers."""
        return version_number(self.newest.version)


def product_lines(events: Sequence[Release]) -> list[ProductLine]:
    """The products of which releases with a version are known."""
    by_line: dict[str, list[Release]] = {}
    for event in events:
        if event.version and event.kind == "product" and re.fullmatch(_VERSION, event.version):
            name = event.name.replace(event.version, "").strip(" -–v")
            by_line.setdefault(name.casefold(), []).append(event)
    lines = []
    for name, releases in by_line.items():
        newest = max(releases, key=lambda event: (version_number(event.version), event.date))
        names = dict.fromkeys(
            [name, *(term.casefold() for event in releases for term in event.affects if name in term.casefold())]
        )
        lines.append(ProductLine(tuple(one for one in names if one), newest))
    return lines


def version_number(text: str) -> tuple[int, ...]:
    """``7.10`` as (7, 10), so that it is newer than 7.9."""
    return tuple(int(part) for part in text.split("."))


def find_ended_versions(texts: pd.DataFrame, events: Sequence[Release]) -> list[Finding]:
    """Findings of type ``stale`` with reason ``ended_version``, one a subject and product.

    A text counts that calls an older version the current one, whenever it was written, or that was written before the
    newest release and describes an older one. "7.0 or later", "since 7.0" and the like stay true and are left alone.
    """
    found: dict[tuple[str, str, str], Finding] = {}
    for row in records(texts):
        for line in product_lines(events):
            key = (row["subject_kind"], row["subject_id"], line.names[0])
            if key not in found and (said := _old_version(row, line)) is not None:
                found[key] = _finding(row, line, *said)
    return list(found.values())


def _old_version(row: Mapping[str, Any], line: ProductLine) -> tuple[str, str] | None:
    names = "|".join(re.escape(name) for name in sorted(line.names, key=len, reverse=True))
    named = re.compile(rf"(?<![\w-])(?:{names}){_FILLER}(?P<version>{_VERSION})(?![\w.]*\d)", re.IGNORECASE)
    loose = re.compile(rf"\bversion\s+v?(?P<version>{_VERSION})(?![\w.]*\d)", re.IGNORECASE)
    about_line = re.compile(rf"(?<![\w-])(?:{names})(?![\w-])", re.IGNORECASE)
    is_about = bool(about_line.search(str(row["question"])))
    written_before = row["updated_at"] is not None and row["updated_at"] < line.newest.date
    for said in [str(row["question"]), *(sentence.text for sentence in sentences_of(row))]:
        text = without_marks(said)
        matches = list(named.finditer(text))
        if not matches and (is_about or about_line.search(text)):
            matches = list(loose.finditer(text))
        for match in matches:
            if not _is_older(match["version"], line) or _is_bound(text, match):
                continue
            if _is_called_current(text, match) or written_before:
                return said, match["version"]
    return None


def _is_older(version: str, line: ProductLine) -> bool:
    """Compared as deep as the text goes: "Desktop 7" is not older than 7.2."""
    number = version_number(version)
    return number < line.number[: len(number)]


def _is_bound(text: str, match: re.Match[str]) -> bool:
    return bool(_BOUND_AFTER.match(text[match.end() :]) or _BOUND_BEFORE.search(text[: match.start()]))


def _is_called_current(text: str, match: re.Match[str]) -> bool:
    """Whether the sentence says of this version, and not of another thing, that it is the current one."""
    return bool(_CURRENT_BEFORE.search(text[: match.start()]) or _CURRENT_AFTER.match(text[match.end() :]))


def _finding(row: Mapping[str, Any], line: ProductLine, said: str, version: str) -> Finding:
    newest = line.newest
    return Finding(
        type="stale",
        reason="ended_version",
        **about(row),
        evidence=f"{quote(said)} speaks of version {version}; {newest.label} is the newest of this product.",
        fix=f"Check the text against {newest.name} and name no version, or the newest one.",
        is_blocking=True,
        key=line.names[0],
        release_name=newest.name,
    )

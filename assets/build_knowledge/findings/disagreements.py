"""Two texts that disagree, and the finding that follows.

Belongs here: which side is looked at first, which sides are kept from use, and the words of the finding. Does not
belong here: noticing a disagreement (``contradictions``, ``differing_steps``, ``entailment``).

A contradiction keeps both sides from use until someone decides, unless one side is suspect by itself (old, outdated,
past its review): then that side is the subject and the other stays in use.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from assets.build_knowledge.findings.finding import Finding, about, quote

_FIX = {
    "differs_in_number": "Find out which value is right, correct the other text, and confirm the one that stays.",
    "differs_in_yes_no": "Find out which of the two is true, correct the other text, and confirm the one that stays.",
    "differs_in_list": "Find out which list is complete, correct the other text, and confirm the one that stays.",
    "differs_in_step": "Try both ways in the product, correct the text whose way is gone, and link it to the other.",
    "nli": "Read both; if they disagree correct one of them, otherwise dismiss this finding.",
}


@dataclass(frozen=True)
class Disagreement:
    """Two texts that disagree: rows of the audited texts, what each says, and how sure the alignment is."""

    reason: str
    one: Mapping[str, Any]
    other: Mapping[str, Any]
    one_says: str
    other_says: str
    likeness: float
    difference: str


def contradiction_findings(
    found: Iterable[Disagreement], suspects: frozenset[tuple[str, str]] = frozenset()
) -> list[Finding]:
    """One finding for two subjects and one reason, from its clearest disagreements."""
    by_subjects: dict[tuple[str, frozenset[tuple[str, str]]], list[Disagreement]] = {}
    for one in found:
        by_subjects.setdefault((one.reason, frozenset((_id(one.one), _id(one.other)))), []).append(one)
    return [_finding(group, suspects) for group in by_subjects.values()]


def _finding(group: Sequence[Disagreement], suspects: frozenset[tuple[str, str]]) -> Finding:
    best = max(group, key=lambda one: one.likeness)
    first, second, says, denies = best.one, best.other, best.one_says, best.other_says
    if _rank(second, suspects) < _rank(first, suspects):
        first, second, says, denies = second, first, denies, says
    first_suspect, second_suspect = _id(first) in suspects, _id(second) in suspects
    evidence = f"{_name(first)} says {quote(says)}, but {_name(second)} says {quote(denies)} ({best.difference})."
    if first_suspect and not second_suspect:
        evidence += f" {_name(first)} is the suspect side: it has other findings."
    elif (older := _older(first, second)) is not None:
        evidence += f" {_name(older)} is the older text."
    if len(group) > 1:
        evidence += f" {len(group) - 1} more such sentence{'s' if len(group) > 2 else ''}."
    return Finding(
        type="contradiction",
        reason=best.reason,
        **about(first),
        other_kind=str(second["subject_kind"]),
        other_id=str(second["subject_id"]),
        other_hash=str(second["subject_hash"]),
        evidence=evidence,
        fix=_FIX[best.reason],
        is_blocking=True,
        is_other_blocked=first_suspect == second_suspect and not _was_reviewed_since(second, first),
    )


def favour_verified(findings: Iterable[Finding], verified: Collection[tuple[str, str]]) -> list[Finding]:
    """The findings, those with one verified side holding against the other side only.

    Args:
        verified: (kind, hash) of contents that somebody has verified lately: what they confirmed is not kept from use
            by a text nobody confirmed.
    """
    settled = []
    for one in findings:
        sides = [(one.subject_kind, one.subject_hash) in verified, (one.other_kind, one.other_hash) in verified]
        if one.is_blocking and sides == [True, False]:
            one = replace(one, is_blocking=False, is_other_blocked=True)
        elif sides == [False, True]:
            one = replace(one, is_other_blocked=False)
        settled.append(one)
    return settled


def _was_reviewed_since(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether ``one`` is an entry that somebody reviewed after the article ``other`` was last changed.

    Who reviewed it could know the article; the article is then what must be put right.
    """
    is_entry_and_article = one["subject_kind"] == "entry" and other["subject_kind"] == "article"
    times = one["updated_at"], other["updated_at"]
    return is_entry_and_article and all(time is not None for time in times) and times[0] > times[1]


def _rank(row: Mapping[str, Any], suspects: frozenset[tuple[str, str]]) -> tuple[bool, int, int, str]:
    """The side to look at first: the suspect one, an article before an entry, the older, the lower id."""
    age = row["updated_at"].value if row["updated_at"] is not None else 0
    return _id(row) not in suspects, row["subject_kind"] == "entry", age, str(row["subject_id"])


def _older(one: Mapping[str, Any], other: Mapping[str, Any]) -> Mapping[str, Any] | None:
    times = one["updated_at"], other["updated_at"]
    if any(time is None for time in times) or abs(times[0] - times[1]) < pd.Timedelta(days=30):
        return None
    return one if times[0] < times[1] else other


def _id(row: Mapping[str, Any]) -> tuple[str, str]:
    return str(row["subject_kind"]), str(row["subject_id"])


def _name(row: Mapping[str, Any]) -> str:
    date = f", {row['updated_at']:%Y-%m-%d}" if row["updated_at"] is not None else ""
    return f"“{row['title']}” ({row['subject_id']}{date})"

"""Texts that answer one question differently: another number, another yes or no, another way to click.

Belongs here: comparing what aligned sentences state. Does not belong here: which sentences are about the same thing
(``aligned_sentences``), reading numbers, claims and menu paths, the finding that follows (``disagreements``), the
optional model (``entailment``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from assets.build_knowledge.findings.aligned_sentences import (
    MIN_SCORE,
    Encode,
    Pair,
    aligned_pairs,
    can_meet,
)
from assets.build_knowledge.findings.audited_texts import records
from assets.build_knowledge.findings.claims import Claim, opposed_claims, yes_or_no
from assets.build_knowledge.findings.differing_steps import differing_steps
from assets.build_knowledge.findings.disagreements import Disagreement, contradiction_findings
from assets.build_knowledge.findings.enumerations import differing_lists
from assets.build_knowledge.findings.fact_finders import facts_in
from assets.build_knowledge.findings.facts import Fact, differing_facts
from assets.build_knowledge.findings.finding import Finding
from assets.build_knowledge.findings.statements import Statement, statements_of

MIN_CLAIM_SCORE = 0.7
"""Two sentences with opposite signs that share one word beside the claim must be this alike."""

MIN_LIST_SCORE = 0.75
"""Two sentences with lists must be this surely about the same: lists are often only a part."""

SAME_CLAIM = 0.65
"""Share of the words of the shorter of two clauses that the other must have for them to be about the same."""

SAME_QUESTION = 0.85
"""Two questions at least this alike are one, so that Yes and No to them cannot both be right."""

_AFTER = re.compile(r"\W*(?:after|once|then|nach|danach|después|tras)\b", re.IGNORECASE)


def find_contradictions(
    texts: pd.DataFrame,
    encode: Encode,
    *,
    suspects: frozenset[tuple[str, str]] = frozenset(),
    plan_names: Sequence[str] = (),
) -> list[Finding]:
    """Findings of type ``contradiction`` among articles, among entries, and between entries and foreign articles.

    ``suspects`` are (subject_kind, subject_id) known to be stale. One finding for two subjects and one reason.
    """
    rows = records(texts)
    pairs = aligned_pairs(statements_of(rows, plan_names), encode)
    found = [one for pair in pairs if (one := _disagreement(pair)) is not None]
    found += differing_steps(rows, encode)
    found += _opposite_answers(rows, encode)
    return contradiction_findings(found, suspects)


def _disagreement(pair: Pair) -> Disagreement | None:
    one, other = pair.one, pair.other
    differing = differing_facts(one.facts, other.facts)
    if differing is not None and _names_agree(one, other):
        mine, theirs = differing
        if not _states_too(one, theirs.group, theirs) and not _states_too(other, mine.group, mine):
            difference = f"{mine.text} or {theirs.text}"
            return _of_pair("differs_in_number", pair, difference)
    if (extra := differing_lists(one.lists, other.lists)) and _names_agree(one, other) and _lists_of_the_same(pair):
        return _of_pair("differs_in_list", pair, ", ".join(sorted(extra)))
    opposed = opposed_claims(list(one.claims), list(other.claims))
    if opposed is None or not _names_agree(one, other) or _are_phases(one, other):
        return None
    return _of_pair("differs_in_yes_no", pair, opposed[0].predicate) if _claim_the_same(*opposed, pair) else None


def _lists_of_the_same(pair: Pair) -> bool:
    """Whether two lists are of the same things: beside their items the sentences share two words, and are very near."""
    items = frozenset().union(*pair.one.lists, *pair.other.lists)
    shared = (pair.one.all_stems & pair.other.all_stems) - items
    return len(shared) >= 2 and pair.score >= MIN_LIST_SCORE


def _claim_the_same(one: Claim, other: Claim, pair: Pair) -> bool:
    """Whether two claims are about the same, by the words of their clauses beside the claim itself.

    Most of what the shorter clause names must be named by the other: "public keys" are not "secret keys".
    """
    beside = one.words | other.words | pair.common
    mine, theirs = one.about - beside, other.about - beside
    shared = len(mine & theirs)
    if not shared or shared < SAME_CLAIM * min(len(mine), len(theirs)):
        return False
    return pair.score >= (MIN_CLAIM_SCORE if shared == 1 else MIN_SCORE)


def _are_phases(one: Statement, other: Statement) -> bool:
    """Whether the sentences tell two phases of one thing: restorable for 30 days, gone after 30 days."""
    times = [[fact for fact in side.facts if fact.kind == "duration"] for side in (one, other)]
    begins_later = any(_AFTER.match(side.sentence.text) for side in (one, other))
    return any(a.agrees_with(b) for a in times[0] for b in times[1]) or (begins_later and any(times))


def _of_pair(reason: str, pair: Pair, difference: str) -> Disagreement:
    return Disagreement(
        reason,
        pair.one.sentence.row,
        pair.other.sentence.row,
        pair.one.sentence.whole,
        pair.other.sentence.whole,
        pair.score,
        difference,
    )


def _names_agree(one: Statement, other: Statement) -> bool:
    """Sentences that name different things ("Slack", "Outlook") are about different things."""
    return not one.names or not other.names or bool(one.names & other.names)


def _states_too(statement: Statement, group: tuple[str, str, str], fact: Fact) -> bool:
    """Whether the statement's own section also states the other side's value: then it knows both cases."""
    return any(
        mine.group[:2] == group[:2] and mine.agrees_with(fact) for mine in facts_in(str(statement.sentence.row["text"]))
    )


def _opposite_answers(rows: Sequence[Mapping[str, Any]], encode: Encode) -> list[Disagreement]:
    """Texts of nearly one question of which one begins with Yes and one with No."""
    sides = [(row, answer) for row in rows if (answer := yes_or_no(str(row["text"]))) is not None]
    if len({answer for _, answer in sides}) < 2:
        return []
    vectors = encode([str(row["question"]) for row, _ in sides])
    near = vectors @ vectors.T
    found = []
    for left, (one, said) in enumerate(sides):
        for right, (other, denied) in enumerate(sides[:left]):
            if said != denied and near[left, right] >= SAME_QUESTION and can_meet(one, other):
                texts = (_first_line(one), _first_line(other))
                found.append(
                    Disagreement("differs_in_yes_no", one, other, *texts, float(near[left, right]), "yes or no")
                )
    return found


def _first_line(row: Mapping[str, Any]) -> str:
    return f"{row['question']} {str(row['text']).strip().splitlines()[0]}"

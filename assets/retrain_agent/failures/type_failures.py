"""Why each wrong answer was wrong: one type a failure, with evidence that a person can check.

Belongs here: the order of the tests, and what a reviewer's reason adds. Does not belong here: any test.

The first step that went wrong names the type: whether a person takes over, then the category, then which variant or entry,
then what the entry says, then how it is said. What people wrote as right, and which customers were helped, is read before
the reason they ticked: a reason is one more witness, right most of the time and often absent.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from assets.pilot_agent.answers.frames import frame_of
from assets.retrain_agent.failures.finding import Finding
from assets.retrain_agent.failures.handed_over import missed, needless
from assets.retrain_agent.failures.known import Known
from assets.retrain_agent.failures.match import Match, match_aside, match_live
from assets.retrain_agent.failures.no_entry_says_it import nothing_says_it
from assets.retrain_agent.failures.past_of_entries import ESCALATE, PastOfEntries
from assets.retrain_agent.failures.said_wrong import another_was_said
from assets.retrain_agent.failures.same_right_answers import same_right_answers
from assets.retrain_agent.failures.sight import Encode, Sight, look
from assets.retrain_agent.failures.unsaid import (
    OF_REASON,
    Alike,
    by_category,
    by_missing_entry,
    by_past,
    by_reason,
    unexplained,
)
from assets.retrain_agent.frames import FAILURE, TONE_OR_LENGTH

SURE_ENOUGH = 0.6
"""Confidence from which a failure explains others, and below which a reviewer's reason is believed instead."""
CLEARLY = 0.1
"""How much likelier an entry that is set aside must be to say what is right."""
AGREES, CONTRADICTS = 0.5, 0.8
"""What is left of the doubt where the reason says the same, and of the confidence where it says something else."""


def type_failures(cases: pd.DataFrame, known: Known, encode: Encode) -> pd.DataFrame:
    """Type the wrong answers.

    Args:
        cases: ``frames.CASE``, right ones too: they tell whom an entry helped.
        known: what is on file.
        encode: texts to unit vectors.

    Returns:
        ``frames.FAILURE``, by occurred_at and failure_id. right_category_id: where nobody named it, the category of the
        entry that says what is right.
    """
    wrong = cases["is_wrong"].fillna(False).astype(bool)
    if not wrong.any():
        return frame_of([], FAILURE)
    sight = look(cases, known, encode)
    findings = _findings(sight, known)
    rows = []
    for case, finding in findings.items():
        row = dict(sight.cases[case])
        row["right_category_id"] = row["right_category_id"] or finding.right_category_id
        if finding.right_category_id is not None and finding.confidence >= SURE_ENOUGH:
            row["right_category_id"] = finding.right_category_id
        row |= {
            "failure_id": row["case_id"],
            "failure_type": finding.failure_type,
            "type_confidence": round(float(np.clip(finding.confidence, 0.05, 0.99)), 3),
            "evidence": list(finding.evidence),
            "target_entry_id": finding.target_entry_id,
            "condition": finding.condition_json(),
            "trigger_id": finding.trigger_id,
        }
        rows.append([row[name] for name in FAILURE])
    return frame_of(rows, FAILURE).sort_values(["occurred_at", "failure_id"], kind="stable", ignore_index=True)


def _findings(sight: Sight, known: Known) -> dict[int, Finding]:
    past = PastOfEntries(sight, known.behavior)
    buckets = {
        str(name): str(bucket)
        for name, bucket in zip(known.categories["category_id"], known.categories["bucket"], strict=True)
        if not pd.isna(bucket)
    }
    categories = {str(one) for one in known.categories["category_id"]}
    failures = [case for case, row in enumerate(sight.cases) if row["is_wrong"]]
    found: dict[int, Finding] = {}
    matches: dict[int, Match] = {}
    unmatched = []
    for case in failures:
        first = missed(sight, case) or needless(sight, past, case, buckets, categories)
        if first is not None:
            found[case] = first
        elif (match := match_live(sight, case)) is not None and not _is_better_aside(sight, case, match):
            matches[case] = match
        elif _can_be_read(sight, case) or _is_aside(sight, case):
            unmatched.append(case)
    members: dict[str, list[int]] = {}
    for case, match in matches.items():
        members.setdefault(match.entry.entry_id, []).append(case)
    for case, match in matches.items():
        found[case] = another_was_said(sight, past, case, match, members)
    groups = same_right_answers(sight, past, unmatched)
    for case in unmatched:
        found[case] = nothing_says_it(sight, past, case, groups[case], categories)
    rest = [case for case in failures if case not in found]
    alike = Alike(sight, {c: one for c, one in found.items() if one.confidence >= SURE_ENOUGH}, past.fields)
    for case in rest:
        found[case] = (
            by_category(sight, past, case, categories)
            or by_missing_entry(sight, case)
            or by_reason(sight, case)
            or alike.of(case)
            or by_past(sight, past, case, rest)
            or unexplained(sight, case)
        )
    return {case: _with_reason(sight, case, found[case]) for case in failures}


def _with_reason(sight: Sight, case: int, finding: Finding) -> Finding:
    """What a reviewer's reason does to a finding that was made without it."""
    reason = sight.cases[case]["said_reason"]
    kind = OF_REASON.get(str(reason))
    if kind is None or sight.cases[case]["action"] == ESCALATE or any("reason:" in one for one in finding.evidence):
        return finding
    said = f"The reviewer's reason: {str(reason).replace('_', ' ')}."
    if kind == finding.failure_type:
        return replace(finding, confidence=1.0 - AGREES * (1.0 - finding.confidence)).also(said)
    told = by_reason(sight, case)
    if told is not None and (
        finding.confidence < SURE_ENOUGH or (kind == TONE_OR_LENGTH and finding.confidence < 0.85)
    ):
        return told.also(*finding.evidence)
    return replace(finding, confidence=CONTRADICTS * finding.confidence).also(f"{said} The evidence says otherwise.")


def _can_be_read(sight: Sight, case: int) -> bool:
    """Whether a right answer can be laid beside entries; without any entry there is nothing that it could be like."""
    if not sight.entries:
        return bool(sight.cases[case]["right_answer"])
    return not bool(np.isnan(sight.words[case]).all())


def _is_better_aside(sight: Sight, case: int, match: Match) -> bool:
    """Whether an entry that is set aside says what is right more clearly than the live one."""
    aside = match_aside(sight, case)
    return aside is not None and aside.p > match.p + CLEARLY


def _is_aside(sight: Sight, case: int) -> bool:
    return any(one in sight.place for one in sight.cases[case]["right_entry_ids"])

"""Whether failures are told apart, grouped and mended: one broken world shown to the stage as reviewers would show it.

Belongs here: calling the stage's own functions and laying what they say beside what was planted. Does not belong here:
rates over many worlds (``measures``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from assets.retrain_agent.failures.known import Known
from assets.retrain_agent.failures.type_failures import type_failures
from assets.retrain_agent.fixes.apply_proposal import apply_proposal
from assets.retrain_agent.fixes.proposal import Proposal
from assets.retrain_agent.fixes.propose_fixes import propose_fixes
from assets.retrain_agent.patterns.failure_patterns import failure_patterns
from assets.retrain_agent.planted_faults.known_tickets import asked_of, is_right, truths_of
from assets.retrain_agent.planted_faults.known_wording import decide_known
from assets.retrain_agent.planted_faults.plant import Planter
from assets.retrain_agent.planted_faults.planted_failures import BrokenWorld, KnownWorld
from assets.retrain_agent.planted_faults.simulated_reviews import simulated_reviews
from assets.retrain_agent.trials.trial_release import trial_release

NOT_FOUND = "not_found"
NO_FAULT, SEVERAL = "none", "several"
"""Where a failure comes from that is not planted: the release got it wrong before, or several faults break it."""


@dataclass(frozen=True)
class Found:
    """What the stage made of one world, JSON-ready rows.

    failures [planted failure]: ticket_id, fault, kind, expected, found (type), confidence, side, is_removed; patterns
    [pattern with a planted failure]: pattern_id, name, type, faults (failures by fault, or ``NO_FAULT`` or ``SEVERAL``), fix (kind, or null), fix_title; faults [fault]: name, kind, expected, count_failures; counts: right
    (tickets the known release decides rightly), broken, ambiguous, before (broken tickets from before their fault),
    broken_by_fixes (right with the faults, wrong with the fixes), failures_seen (all that reviewers called wrong);
    problems: fixes that could not be applied.
    """

    failures: list[dict[str, Any]]
    patterns: list[dict[str, Any]]
    faults: list[dict[str, Any]]
    counts: dict[str, int]
    problems: list[str] = field(default_factory=list)


def try_detectors(planter: Planter, world: KnownWorld, broken: BrokenWorld) -> Found:
    """Show the stage the broken world, and apply the first fix of each pattern with a planted failure.

    The fixes are applied together, as a week's update applies them, and every ticket that was right is decided again.
    """
    material, behavior = broken.planted.material, broken.planted.behavior
    cases = simulated_reviews(world, broken, planter.material, planter.as_of)
    known = Known(material.live, material.aside, material.categories, behavior)
    failures = type_failures(cases, known, planter.encode)
    patterns = failure_patterns(failures, None, material.categories, planter.as_of, planter.encode)
    fixes = propose_fixes(patterns, failures, cases, material, behavior, planter.encode, planter.as_of)
    planted = _planted(world, broken)
    names = world.known["ticket_id"]
    causes = {str(name): SEVERAL for name, is_one in zip(names, broken.is_ambiguous, strict=True) if is_one}
    causes |= {str(names.iloc[place]): broken.faults[cause].name for place, cause in planted.items()}
    first = first_fixes(fixes)
    ticket_of = dict(zip(failures["failure_id"], failures["ticket_id"], strict=True))
    grouped = [
        _pattern(row, [ticket_of[one] for one in row["failure_ids"]], causes, first)
        for row in patterns.to_dict("records")
    ]
    grouped = [one for one in grouped if set(one["faults"]) - {NO_FAULT, SEVERAL}]
    applied = [first[one["pattern_id"]] for one in grouped if one["fix"] is not None]
    right, problems = _with_fixes(planter, world, broken, applied)
    typed = {
        str(ticket): (str(kind), float(sure))
        for ticket, kind, sure in zip(
            failures["ticket_id"], failures["failure_type"], failures["type_confidence"], strict=True
        )
    }
    rows = []
    for place, cause in planted.items():
        ticket = str(world.known["ticket_id"].iloc[place])
        fault = broken.faults[cause]
        kind, sure = typed.get(ticket, (NOT_FOUND, 0.0))
        rows.append(
            {
                "ticket_id": ticket,
                "fault": fault.name,
                "kind": fault.kind,
                "expected": fault.expected,
                "found": kind,
                "confidence": sure,
                "side": str(world.known["side"].iloc[place]),
                "is_removed": right[place],
            }
        )
    broken_by = [at for at, was in enumerate(broken.is_right) if was and world.is_right[at] and not right[at]]
    count_before = sum(one is not None for one in broken.cause) - len(planted)
    return Found(
        failures=rows,
        patterns=grouped,
        faults=[
            {
                "name": fault.name,
                "kind": fault.kind,
                "expected": fault.expected,
                "count_failures": sum(cause == number for cause in planted.values()),
            }
            for number, fault in enumerate(broken.faults)
        ],
        counts={
            "right": sum(world.is_right),
            "broken": sum(was and not now for was, now in zip(world.is_right, broken.is_right, strict=True)),
            "ambiguous": sum(broken.is_ambiguous),
            "before": count_before,
            "broken_by_fixes": len(broken_by),
            "failures_seen": len(failures),
        },
        problems=problems,
    )


def first_fixes(fixes: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Of each pattern the fix with the highest score, the first of equals; a fix that changes nothing is none."""
    ordered = fixes.assign(by=fixes["score"].fillna(0.0)).sort_values("by", ascending=False, kind="stable")
    found: dict[str, dict[str, Any]] = {}
    for row in ordered.to_dict("records"):
        if not Proposal.from_json(row["proposal"]).is_empty:
            found.setdefault(str(row["pattern_id"]), {str(name): value for name, value in row.items()})
    return found


def _planted(world: KnownWorld, broken: BrokenWorld) -> dict[int, int]:
    """Number of the fault by place, of every planted failure."""
    created = world.known["created_at"]
    return {
        place: cause
        for place, cause in enumerate(broken.cause)
        if cause is not None and broken.is_failure(place, created.iloc[place])
    }


def _pattern(
    row: Mapping[Any, Any],
    tickets: list[str],
    causes: Mapping[str, str],
    first: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """A pattern as ``Found.patterns`` holds it."""
    fix = first.get(str(row["pattern_id"]))
    return {
        "pattern_id": str(row["pattern_id"]),
        "name": str(row["name"]),
        "type": str(row["failure_type"]),
        "faults": dict(Counter(causes.get(ticket, NO_FAULT) for ticket in tickets).most_common()),
        "fix": None if fix is None else str(fix["kind"]),
        "fix_title": None if fix is None else str(fix["title"]),
    }


def _with_fixes(
    planter: Planter, world: KnownWorld, broken: BrokenWorld, fixes: Sequence[Mapping[str, Any]]
) -> tuple[list[bool], list[str]]:
    """Whether each ticket is decided rightly with the fixes, and which of them could not be applied."""
    live, behavior = broken.planted.material.live, broken.planted.behavior
    labels: dict[str, str] = {}
    problems = []
    for fix in fixes:
        try:
            live, behavior, labels = apply_proposal(
                Proposal.from_json(fix["proposal"]), live, behavior, labels, aside=broken.planted.material.aside
            )
        except ValueError as error:
            problems.append(f"{fix['title']}: {error}")
    trial = trial_release(
        broken.planted.release, broken.planted.material, planter.encode, live=live, labels=labels, behavior=behavior,
        as_of=planter.as_of,
    )  # fmt: skip
    places = [at for at, was in enumerate(world.is_right) if was]
    known = world.known.iloc[places]
    made = decide_known(asked_of(known), trial)
    right = [False] * len(world.known)
    for at, decision, truth in zip(places, made, truths_of(known), strict=True):
        right[at] = is_right(decision, truth, trial, broken.answers)
    return right, problems

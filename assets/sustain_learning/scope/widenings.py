"""The categories that may follow once what is automated is mastered, and those on their way.

Belongs here: which they are, in which order, and where each stands. Does not belong here: when anything may follow
(``mastery``), the steps (``short_way``).

Status: *proposed* until somebody decides; *accepted* until a run has seen it in ``categories.yaml``; then *walking*; *ready* once
nothing but a pilot's verdict is missing; *in_force* with that verdict; *rejected* stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from assets.pilot_agent.answers.frames import as_list
from assets.sustain_learning.frames import WIDEN
from assets.sustain_learning.scope.mastery import Mastery, is_automated
from assets.sustain_learning.scope.proposal_rows import (
    IN_FORCE,
    PROPOSED,
    READY,
    WALKING,
    because,
    proposal_id,
    proposal_row,
)
from assets.sustain_learning.scope.scope_frames import AUTOMATE, HYBRID, CategoryFacts, ScopeFrames
from assets.sustain_learning.scope.short_way import VERDICT, Step, next_step, short_way, verdicts_by_category
from desk.learning import Learning
from ledger.autonomy import ACCEPTED, REJECTED

RESOLUTION = "resolution_rate"
MAX_NEAREST = 3


def candidates(facts: Sequence[CategoryFacts], tier: int) -> list[CategoryFacts]:
    """The categories of the next tier, the most tickets first: of the least tier above that somebody gave a category, else what
    the roadmap would automate. What is decided as escalate never is."""
    open_ = [one for one in facts if one.bucket in (AUTOMATE, HYBRID, None) and not is_automated(one, tier)]
    above = [one.tier for one in open_ if one.tier is not None and one.tier > tier]
    named = [one for one in open_ if above and one.tier == min(above)]
    chosen = named or [one for one in open_ if one.tier is None and one.proposed == AUTOMATE]
    return sorted(chosen, key=lambda one: (-one.tickets, one.category_id))


def nearest_in_words(facts: Sequence[CategoryFacts], roadmap: pd.DataFrame, tier: int) -> str:
    """Where nothing is next: the largest categories that a person still sends, and what keeps them from being automated."""
    reasons = {str(row["category_id"]): as_list(row["reasons"]) for row in roadmap.to_dict("records")}
    left = [one for one in facts if one.bucket in (HYBRID, None) and not is_automated(one, tier)]
    left = sorted(left, key=lambda one: (-one.tickets, one.category_id))[:MAX_NEAREST]
    if not left:
        return "No category is left that could follow."
    said = [
        f"{one.name} ({str(reasons[one.category_id][0]).rstrip('.')})" if reasons.get(one.category_id) else one.name
        for one in left
    ]
    return f"No category is next: nobody gave one a higher tier, and the roadmap would automate none. The largest are {', '.join(said)}."


def widenings(
    facts: Sequence[CategoryFacts],
    frames: ScopeFrames,
    given: pd.DataFrame,
    found: Mastery,
    decided: Mapping[str, Mapping[str, Any]],
    settings: Learning,
    as_of: pd.Timestamp,
) -> list[dict[str, Any]]:
    """Rows of every category that may follow, or is on its way.

    Args:
        given: ``given_answers``. found: ``mastery``. decided: rows of ``scope_decisions`` by proposal.
    """
    by_id = {one.category_id: one for one in facts}
    accepted = {
        str(row["category_id"]): row for row in decided.values() if row["kind"] == WIDEN and row["decision"] == ACCEPTED
    }
    offered = candidates(facts, found.tier) if found.is_mastered else []
    offered = [one for one in offered if one.category_id not in accepted]
    walking = [by_id[name] for name in accepted if name in by_id]
    verdicts = verdicts_by_category(frames.looks, frames.verdicts)
    rows = []
    for one in [*offered, *walking]:
        decision = accepted.get(one.category_id)
        tier = one.tier if one.tier is not None and one.tier > found.tier else found.tier + 1
        if decision is not None and not pd.isna(decision["tier"]):
            tier = int(decision["tier"])
        name = str(decision["proposal_id"]) if decision is not None else proposal_id(WIDEN, one.category_id, tier)
        decision = decision or decided.get(name)
        steps = short_way(one, frames, given, verdicts, settings.decayed, as_of)
        status = _widening_status(one, steps, decision)
        steps = [
            replace(step, what_to_do=f"understudy scope accept {name[:8]}")
            if step.what_to_do == "understudy scope accept"
            else step
            for step in steps
        ]
        rows.append(
            proposal_row(
                proposal_id=name, kind=WIDEN, one=one, from_bucket=one.bucket or one.proposed or HYBRID, to_bucket=AUTOMATE,
                tier=tier, metric=RESOLUTION, rate=found.resolution, bar=settings.mastered.resolution_at_least, steps=steps,
                reasons=_widening_reasons(one, found), sentence=_widening_sentence(one, found, steps, status, decision),
                status=status, decision=decision, as_of=as_of,
            )
        )  # fmt: skip
    return rows


def _widening_status(one: CategoryFacts, steps: Sequence[Step], decision: Mapping[str, Any] | None) -> str:
    if decision is None:
        return PROPOSED
    if decision["decision"] == REJECTED:
        return REJECTED
    if one.bucket != AUTOMATE:
        return ACCEPTED
    open_ = [step.step for step in steps if not step.is_done]
    if not open_:
        return IN_FORCE
    return READY if open_ == [VERDICT] else WALKING


def _widening_reasons(one: CategoryFacts, found: Mastery) -> list[str]:
    said = [found.sentence]
    if found.resolution.count.denominator:
        said.append(
            f"Mastered categories resolve {found.resolution.in_words} without a person; wrong: {found.wrong.in_words}."
        )
    said.append(
        f"{one.name} is given tier {one.tier} in categories.yaml."
        if one.tier is not None
        else "The roadmap would automate it by its figures."
    )
    return said


def _widening_sentence(
    one: CategoryFacts, found: Mastery, steps: Sequence[Step], status: str, decision: Mapping[str, Any] | None
) -> str:
    volume = f"{one.name} ({one.tickets_per_month:,.0f} tickets a month)"
    ahead = next_step(steps)
    way = "" if ahead is None else f" Next is {ahead.step}: {ahead.why}."
    if status == PROPOSED:
        return (
            f"{volume} may follow: {found.share:.0%} of the automated tickets lie in categories that are mastered.{way}"
        )
    if status == REJECTED:
        return f"{volume} was not wanted{because(decision)}"
    if status == ACCEPTED:
        return f"{volume} was accepted; run the stages so that it is seen in categories.yaml."
    if status == IN_FORCE:
        return f"{volume} has walked the whole way: {steps[-1].why}."
    if status == READY:
        return f"{volume} is ready for its pilot: knowledge, behavior and shadow are done.{way}"
    return f"{volume} is on its way: {sum(step.is_done for step in steps)} of {len(steps)} steps are done.{way}"

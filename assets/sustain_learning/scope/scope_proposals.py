"""Proposals about the agent's scope, as one frame: what may follow, what was taken back, what may come back.

Belongs here: which proposals there are, their ids that stay, their status, and their sentences. Does not belong here: the rules
(``mastery``, ``decay``), the steps (``short_way``), recording what people decide (``ledger.autonomy``).

A narrowing is *in_force* while the withdrawal stands. What rests on nothing any more before anybody decided is *withdrawn*.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from assets.pilot_agent.answers.frames import frame_of, typed
from assets.sustain_learning.frames import BACK, NARROW, SCOPE, WIDEN
from assets.sustain_learning.scope.decay import FIGURES, LIVE_ENTRIES, METRICS, Standing, decaying, standings
from assets.sustain_learning.scope.given_answers import given_answers, reviewed_wrong
from assets.sustain_learning.scope.mastery import mastery
from assets.sustain_learning.scope.proposal_rows import (
    IN_FORCE,
    PROPOSED,
    WITHDRAWN,
    because,
    proposal_id,
    proposal_row,
)
from assets.sustain_learning.scope.scope_frames import (
    AUTOMATE,
    HYBRID,
    Autonomy,
    CategoryFacts,
    ScopeFrames,
    category_facts,
)
from assets.sustain_learning.scope.short_way import knowledge_step, next_step, shadow_step
from assets.sustain_learning.scope.widenings import candidates, nearest_in_words, widenings
from desk.learning import Learning
from ledger.autonomy import ACCEPTED, REJECTED, AutonomyTurn

_KINDS = {WIDEN: 0, NARROW: 1, BACK: 2}


def scope_proposals(
    frames: ScopeFrames,
    autonomy: Autonomy,
    decisions: pd.DataFrame,
    settings: Learning,
    as_of: pd.Timestamp,
    previous: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """``frames.SCOPE`` [proposal]: widenings by volume, then what was taken back, then what may come back.

    Args:
        autonomy: as the ledger has it after what decays was withdrawn (``orchestration.autonomy``); a category that decays and is
            not withdrawn yet is *proposed*.
        decisions: ``ledger.autonomy.scope_decisions``.
        settings: ``desk.settings.learning``.
        previous: what this function returned the last time: a proposal whose ground is gone stays as *withdrawn*.
    """
    facts = category_facts(frames.categories, frames.roadmap)
    given = given_answers(frames, as_of)
    decided: dict[str, Any] = {str(row["proposal_id"]): row for row in decisions.to_dict("records")}
    found = mastery(frames, autonomy, settings.mastered, settings.decayed.at_least, as_of)
    rows = [
        *widenings(facts, frames, given, found, decided, settings, as_of),
        *_narrowings(facts, standings(frames, autonomy, settings.decayed, as_of), autonomy, as_of),
        *_returns(facts, frames, given, autonomy, decided, settings, as_of),
    ]
    rows += _gone(previous, {str(row["proposal_id"]) for row in rows}, autonomy, as_of)
    rows.sort(key=lambda row: (_KINDS[row["kind"]], -(row["tickets_per_month"] or 0.0), row["category_id"]))
    return frame_of([[row[name] for name in SCOPE] for row in rows], SCOPE)


def scope_notes(frames: ScopeFrames, autonomy: Autonomy, settings: Learning, as_of: pd.Timestamp) -> list[str]:
    """How the scope stands, in sentences, above all where there is nothing to propose: whether what is automated is mastered,
    what keeps the others from it, what is next, and how each category that answers by itself stands."""
    facts = category_facts(frames.categories, frames.roadmap)
    found = mastery(frames, autonomy, settings.mastered, settings.decayed.at_least, as_of)
    said = [found.sentence, *(f"Not mastered: {one}" for one in found.lacking)]
    if found.is_mastered and not candidates(facts, found.tier):
        said.append(nearest_in_words(facts, frames.roadmap, found.tier))
    return [*said, *(f"{one.name}: {one.sentence}." for one in standings(frames, autonomy, settings.decayed, as_of))]


def _narrowings(
    facts: Sequence[CategoryFacts], found: Sequence[Standing], autonomy: Autonomy, as_of: pd.Timestamp
) -> list[dict[str, Any]]:
    by_id = {one.category_id: one for one in facts}
    rows = []
    for turn in autonomy.withdrawn.values():
        one = by_id.get(turn.category_id) or CategoryFacts(turn.category_id, turn.category_id, None, None, None, 0, 0.0)
        sentence = (
            f"{one.name} lost its autonomy on {turn.occurred_at:%Y-%m-%d}: {turn.reason or 'the reason was erased'}. A person "
            "sends every answer until somebody restores it."
        )
        rows.append(
            proposal_row(
                proposal_id=proposal_id(NARROW, one.category_id, turn.sequence), kind=NARROW, one=one, from_bucket=AUTOMATE,
                to_bucket=HYBRID, tier=one.tier, metric=turn.metric, rate=None, bar=turn.figures.get("bar", math.nan), steps=[],
                reasons=[turn.reason] if turn.reason else [], sentence=sentence, status=IN_FORCE, decision=None, as_of=as_of,
            )
            | {name: turn.figures[name] for name in FIGURES if name in turn.figures}
        )  # fmt: skip
    for lost in decaying(found):
        one = by_id[lost.category_id]
        row = proposal_row(
            proposal_id=proposal_id(NARROW, one.category_id, "next"), kind=NARROW, one=one, from_bucket=AUTOMATE,
            to_bucket=HYBRID, tier=one.tier, metric=lost.metric, rate=lost.rate, bar=lost.bar, steps=[],
            reasons=[f"{METRICS[lost.metric].capitalize()}: {lost.sentence}."],
            sentence=f"{one.name} decays: {lost.sentence}. Its autonomy is taken back.", status=PROPOSED, decision=None,
            as_of=as_of,
        )  # fmt: skip
        rows.append(row | lost.figures)
    return rows


def _returns(
    facts: Sequence[CategoryFacts],
    frames: ScopeFrames,
    given: pd.DataFrame,
    autonomy: Autonomy,
    decided: Mapping[str, Mapping[str, Any]],
    settings: Learning,
    as_of: pd.Timestamp,
) -> list[dict[str, Any]]:
    by_id = {one.category_id: one for one in facts}
    rows = []
    for turn in autonomy.withdrawn.values():
        one = by_id.get(turn.category_id)
        if one is None or one.bucket != AUTOMATE:
            continue
        since = max(pd.Timestamp(turn.occurred_at), as_of - pd.Timedelta(days=settings.decayed.window_days))
        steps = [knowledge_step(one, frames.coverage)]
        if turn.metric != LIVE_ENTRIES:
            steps.append(shadow_step(one, given, since, settings.decayed, as_of))
        if next_step(steps) is not None:
            continue
        name = proposal_id(BACK, one.category_id, turn.sequence)
        decision = decided.get(name)
        mine = given[(given["category_id"] == one.category_id) & (given["asked_at"] > since)]
        is_rejected = decision is not None and decision["decision"] == REJECTED
        said = "; ".join(step.why for step in steps)
        sentence = (
            f"{one.name} has recovered, and is not to come back{because(decision)}"
            if is_rejected
            else f"{one.name} has recovered since {turn.occurred_at:%Y-%m-%d} and may answer by itself again: {said}. A person restores it."
        )
        rows.append(
            proposal_row(
                proposal_id=name, kind=BACK, one=one, from_bucket=HYBRID, to_bucket=AUTOMATE, tier=one.tier,
                metric=turn.metric, rate=None if turn.metric == LIVE_ENTRIES else reviewed_wrong(mine),
                bar=settings.decayed.wrong_above, steps=steps, reasons=[f"{step.why}." for step in steps], sentence=sentence,
                status=REJECTED if is_rejected else PROPOSED, decision=decision, as_of=as_of,
            )
        )  # fmt: skip
    return rows


def _gone(
    previous: pd.DataFrame | None, kept: set[str], autonomy: Autonomy, as_of: pd.Timestamp
) -> list[dict[str, Any]]:
    """Earlier proposals that are not made any more: restored ones say by whom, open ones are withdrawn."""
    if previous is None or previous.empty:
        return []
    rows: list[dict[str, Any]] = []
    for record in typed(previous, SCOPE).to_dict("records"):
        row = {str(name): value for name, value in record.items()}
        if row["proposal_id"] in kept or row["proposal_id"] == proposal_id(NARROW, row["category_id"], "next"):
            continue
        restored: AutonomyTurn | None = autonomy.restored.get(row["category_id"])
        if row["kind"] in (NARROW, BACK) and row["status"] in (IN_FORCE, PROPOSED) and restored is not None:
            who = f"{restored.by or 'an erased person'} ({restored.role})"
            row |= {
                "status": ACCEPTED if row["kind"] == BACK else WITHDRAWN,
                "decided_by": restored.by,
                "decided_at": restored.occurred_at,
                "sentence": f"{row['sentence']} Restored on {restored.occurred_at:%Y-%m-%d} by {who}.",
            }
        elif row["status"] == PROPOSED:
            row |= {"status": WITHDRAWN, "sentence": f"{row['sentence']} Since {as_of:%Y-%m-%d} that holds no more."}
        rows.append(row)
    return rows

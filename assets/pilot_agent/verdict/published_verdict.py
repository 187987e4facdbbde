"""The verdict as the lake publishes it: groups, conditions, looks that were made, and notes on trust.

Belongs here: from published frames to published frames, with empty ones before there is anything to judge. Does not
belong here: judging (``judge_pilot``), sentences about the draw, tagging and agreement (their own modules).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from assets.pilot_agent.answers.reviewer_agreement import reviewer_agreement
from assets.pilot_agent.answers.tag_coverage import tag_coverage
from assets.pilot_agent.assignment.rollout_assignments import draw_in_words
from assets.pilot_agent.planning.plan_versions import plan_problem, registered_plan
from assets.pilot_agent.verdict.looks_kept import looks_of, stops_of, with_made
from assets.pilot_agent.verdict.outcomes_of_answers import rollout_outcomes
from assets.pilot_agent.verdict.pilot_verdict import CONDITION_COLUMNS, VERDICT_COLUMNS, judge_pilot
from desk.pilot import PilotFile, pilot_hash

ABOUT = ("pilot_id", "pilot_hash", "as_of", "weeks_passed", "weeks_settled")
NOTE_COLUMNS = ("pilot_id", "kind", "sentence")


@dataclass(frozen=True)
class PublishedVerdict:
    """verdicts [group]: ``ABOUT`` and ``VERDICT_COLUMNS``; conditions [group x condition]: pilot_id and
    ``CONDITION_COLUMNS``; looks: ``looks_kept.COLUMNS``; notes [sentence]: ``NOTE_COLUMNS``, kind one of plan, assignment,
    balance, coverage, agreement, comparison."""

    verdicts: pd.DataFrame
    conditions: pd.DataFrame
    looks: pd.DataFrame
    notes: pd.DataFrame
    sentences: tuple[str, ...]


def publish_verdict(
    plans: pd.DataFrame,
    answers: pd.DataFrame,
    shadow: pd.DataFrame,
    reviews: pd.DataFrame,
    *,
    automated: Sequence[str],
    looks: pd.DataFrame | None,
) -> PublishedVerdict:
    """Judge what is published.

    Args:
        plans: ``pilot_plan``. answers: ``fct_ai_answers``. shadow: ``shadow_answers``. reviews: ``answer_reviews``.
        automated: categories that may be automated, where the plan names none.
        looks: ``pilot_looks`` as it stands.
    """
    plan = registered_plan(plans)
    if plan is None:
        problem = plan_problem(plans)
        return _nothing([] if problem is None else [("", "plan", problem)], looks)
    notes = [(plan.pilot_id, kind, sentence) for kind, sentence, _ in draw_in_words(shadow, plan)]
    said = shadow[shadow["pilot_id"] == plan.pilot_id]
    judged = reviews[reviews["answer_id"].isin(set(said["answer_id"]))]
    notes += [(plan.pilot_id, "coverage", one) for one in _coverage_in_words(said, judged)]
    notes += [(plan.pilot_id, "agreement", one) for one in reviewer_agreement(judged)[1]]
    as_of = plans["as_of"].iloc[0]
    # While the rollout is stopped there is no agent to compare people with.
    mine = answers[(answers["pilot_id"] == plan.pilot_id) & (answers["share"] > 0).fillna(False)]
    outcomes = rollout_outcomes(mine)
    if outcomes.empty:
        begun = f"The rollout has not begun; it may from {plan.rollout_start} on."
        return _nothing([*notes, (plan.pilot_id, "comparison", begun)], looks)
    digest = pilot_hash(plan)
    judged_plan = plan_as_begun(plan, plans.loc[plans["pilot_hash"] == digest, "rollout_began"].iloc[0])
    found = judge_pilot(outcomes, judged_plan, as_of, looks_of(looks, digest), automated, stops_of(looks, digest))
    notes += [(plan.pilot_id, "comparison", one) for one in _mixed(mine)]
    notes += [(plan.pilot_id, "comparison", one) for one in found.notes]
    about = {
        "pilot_id": plan.pilot_id,
        "pilot_hash": digest,
        "as_of": as_of,
        "weeks_passed": found.weeks_passed,
        "weeks_settled": found.weeks_settled,
    }
    return PublishedVerdict(
        verdicts=_typed(found.verdicts.assign(**about)[[*ABOUT, *VERDICT_COLUMNS]]),
        conditions=_typed_conditions(found.conditions.assign(pilot_id=plan.pilot_id)),
        looks=with_made(looks, found.looks, found.stops, plan.pilot_id, digest, as_of),
        notes=_notes(notes),
        sentences=tuple(found.sentences),
    )


def plan_as_begun(plan: PilotFile, began: pd.Timestamp) -> PilotFile:
    """The plan with its weeks counted from the first whole day of the rollout, where that began later than planned: two
    weeks are two weeks in which the agent answered."""
    if pd.isna(began):
        return plan
    late = (began.ceil("D").date() - plan.rollout_start).days
    return plan if late <= 0 else plan.model_copy(update={"start": plan.start + dt.timedelta(days=late)})


def _mixed(answers: pd.DataFrame) -> list[str]:
    """What the comparison pools though it need not be alike: releases, and times with different shares."""
    said = []
    releases = answers.loc[answers["mode"] == "rollout", "release_id"].value_counts()
    if len(releases) > 1:
        counted = ", ".join(f"{str(name)[:12]} ({count:,})" for name, count in releases.items())
        said.append(f"{len(releases)} releases answered ({counted}); the verdict is about all of them together.")
    if answers["share"].nunique() > 1:
        said.append(
            "The share was changed under way: weeks weigh differently in the two arms, so that a difference between weeks can "
            "look like one between agent and people."
        )
    return said


def _coverage_in_words(shadow: pd.DataFrame, reviews: pd.DataFrame) -> list[str]:
    rows = tag_coverage(shadow, reviews, [("mode",)]).itertuples()
    return [f"Tagged in {row.mode}: {row.numerator:,} of {row.denominator:,} answers ({row.rate:.0%})." for row in rows]


def _nothing(notes: Sequence[tuple[str, str, str]], looks: pd.DataFrame | None) -> PublishedVerdict:
    return PublishedVerdict(
        verdicts=_typed(pd.DataFrame(columns=[*ABOUT, *VERDICT_COLUMNS])),
        conditions=_typed_conditions(pd.DataFrame(columns=["pilot_id", *CONDITION_COLUMNS])),
        looks=with_made(looks, (), (), "", "", None),
        notes=_notes(notes),
        sentences=tuple(sentence for _, _, sentence in notes),
    )


def _notes(rows: Sequence[tuple[str, str, str]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(NOTE_COLUMNS)).astype("string")


def _typed_conditions(frame: pd.DataFrame) -> pd.DataFrame:
    words = ("pilot_id", "group", "judged_as", "metric", "kind", "against", "level", "sentence")
    truths = ("is_tested", "holds", "is_broken")
    counts = ("ai_numerator", "ai_denominator", "reference_numerator", "reference_denominator")
    kinds = {
        **dict.fromkeys(CONDITION_COLUMNS, "float64"),
        **dict.fromkeys(words, "string"),
        **dict.fromkeys(truths, "boolean"),
        **dict.fromkeys(counts, "Int64"),
    }
    return frame[["pilot_id", *CONDITION_COLUMNS]].astype(kinds)


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    words = ("pilot_id", "pilot_hash", "group", "verdict", "cause", "judged_as", "reason", "would_decide")
    whole = ("weeks_passed", "weeks_settled", "after_weeks", "count_answered")
    made = frame.astype({**dict.fromkeys(words, "string"), **dict.fromkeys(whole, "Int64"), "is_final": "boolean"})
    made["as_of"] = pd.to_datetime(made["as_of"], utc=True).astype("datetime64[us, UTC]")
    return made

"""Claims about stage 4. What is red here means that the pilot's figures cannot be trusted, or something was sent that
must not be.
"""

import dagster as dg
import pandas as pd

from orchestration.asset_checks import contract_result
from orchestration.previews import preview
from orchestration.resources import DeskResource


@dg.asset_check(
    asset="pilot_plan",
    blocking=True,
    description="The plan on file is the one that was signed, and unchanged since its rollout began.",
)
def pilot_plan_is_as_registered(pilot_plan: pd.DataFrame, desk: DeskResource) -> dg.AssetCheckResult:
    """Blocks once a rollout runs under another plan; before that an unsigned plan is a warning, and nothing is judged."""
    from assets.pilot_agent.planning.plan_versions import current_plan, plan_problem

    problem, running = plan_problem(pilot_plan), current_plan(pilot_plan)
    has_begun = running is not None and not pd.isna(running["share_now"])
    severity = dg.AssetCheckSeverity.ERROR if has_begun else dg.AssetCheckSeverity.WARN
    return dg.AssetCheckResult(passed=problem is None, severity=severity, description=problem)


@dg.asset_check(
    asset="shadow_answers",
    blocking=True,
    description="Great Expectations: every answer has its release, its reasons and the versions that made it.",
)
def shadow_answers_contract(
    context: dg.AssetCheckExecutionContext, shadow_answers: pd.DataFrame, desk: DeskResource
) -> dg.AssetCheckResult:
    """The contract over every answer."""
    return contract_result(context, desk, "shadow_answers_contract", shadow_answers)


@dg.asset_check(
    asset="replay_answers",
    blocking=True,
    description="Great Expectations: every replayed answer has its release and reasons, and says who judged it.",
)
def replay_answers_contract(
    context: dg.AssetCheckExecutionContext, replay_answers: pd.DataFrame, desk: DeskResource
) -> dg.AssetCheckResult:
    """The contract over every replayed ticket."""
    return contract_result(context, desk, "replay_answers_contract", replay_answers)


@dg.asset_check(
    asset="replay_answers",
    additional_ins={"ticket_splits": dg.AssetIn("ticket_splits")},
    blocking=True,
    description="Only holdout tickets are replayed, and none of them is in the release's index, regression set or entries.",
)
def no_holdout_ticket_touched_training(
    replay_answers: pd.DataFrame, ticket_splits: pd.DataFrame, desk: DeskResource
) -> dg.AssetCheckResult:
    """Look up the side of every replayed ticket, and every ticket the release was made from."""
    from orchestration.pilots import tickets_behind_release

    side = ticket_splits.set_index("ticket_id")["split"]
    stray = replay_answers["ticket_id"][replay_answers["ticket_id"].map(side) != "holdout"]
    names = replay_answers["release_id"].dropna().unique()
    behind = set().union(*(tickets_behind_release(desk.desk, str(name)) for name in names)) if len(names) else set()
    holdout = set(side[side == "holdout"].index)
    leaked = sorted(behind & holdout)
    return dg.AssetCheckResult(
        passed=stray.empty and not leaked,
        description=None
        if stray.empty and not leaked
        else f"{len(stray)} replayed beside the holdout, {len(leaked)} leaked",
        metadata={"replayed": len(replay_answers), "tickets_behind_release": len(behind), "leaked": len(leaked)},
    )


@dg.asset_check(
    asset="answer_reviews",
    additional_ins={"shadow_answers": dg.AssetIn("shadow_answers")},
    description="Every response of the shadow weeks is tagged by a person.",
)
def shadow_weeks_are_tagged(answer_reviews: pd.DataFrame, shadow_answers: pd.DataFrame) -> dg.AssetCheckResult:
    """A warning while the weeks run; the rollout cannot begin before it is green (``understudy pilot rollout``)."""
    from assets.pilot_agent.answers.tag_coverage import untagged_answers

    left = untagged_answers(shadow_answers[shadow_answers["phase"] == "shadow"], answer_reviews)
    waiting = left[["ticket_id", "category_id", "action"]].head(20)
    return dg.AssetCheckResult(
        passed=left.empty,
        severity=dg.AssetCheckSeverity.WARN,
        description=None if left.empty else f"{len(left):,} answers wait for a tag: understudy review next",
        metadata={"untagged": len(left), "waiting": preview(waiting)},
    )


@dg.asset_check(
    asset="rollout_assignments",
    additional_ins={"shadow_answers": dg.AssetIn("shadow_answers"), "pilot_plan": dg.AssetIn("pilot_plan")},
    blocking=True,
    description="Arms do not mix: one requester, one arm under one share, as the salted hash says; nothing is sent in the "
    "control arm.",
)
def arms_do_not_mix(
    rollout_assignments: pd.DataFrame, shadow_answers: pd.DataFrame, pilot_plan: pd.DataFrame
) -> dg.AssetCheckResult:
    """Draw every requester again and compare."""
    from assets.pilot_agent.assignment.rollout_assignments import mixed_requesters
    from assets.pilot_agent.planning.plan_versions import registered_plan

    plan = registered_plan(pilot_plan)
    problems = [] if plan is None else mixed_requesters(shadow_answers, plan)
    return dg.AssetCheckResult(
        passed=not problems,
        description="; ".join(problems[:3]) or None,
        metadata={"requesters": len(rollout_assignments)},
    )


@dg.asset_check(
    asset="rollout_assignments",
    additional_ins={"shadow_answers": dg.AssetIn("shadow_answers"), "pilot_plan": dg.AssetIn("pilot_plan")},
    description="Share and balance of the arms came out as a fair draw gives them.",
)
def draw_came_out_as_planned(
    rollout_assignments: pd.DataFrame, shadow_answers: pd.DataFrame, pilot_plan: pd.DataFrame
) -> dg.AssetCheckResult:
    """Exact test of the share, corrected tests of plan, language and channel."""
    from assets.pilot_agent.assignment.rollout_assignments import draw_in_words
    from assets.pilot_agent.planning.plan_versions import registered_plan

    plan = registered_plan(pilot_plan)
    found = [] if plan is None else draw_in_words(shadow_answers, plan)
    odd = [sentence for _, sentence, is_in_order in found if not is_in_order]
    return dg.AssetCheckResult(
        passed=not odd,
        severity=dg.AssetCheckSeverity.WARN,
        description="; ".join(odd) or None,
        metadata={"draw": dg.MetadataValue.md("\n".join(f"- {one}" for _, one, _ in found) or "no rollout yet")},
    )


@dg.asset_check(
    asset="pilot_verdict",
    blocking=True,
    description="No verdict but a safety stop comes before two weeks of rollout have passed and their outcomes are known.",
)
def two_weeks_really_passed(pilot_verdict: pd.DataFrame) -> dg.AssetCheckResult:
    """Weeks are counted from when the rollout really began, not from the plan."""
    from desk.pilot_blocks import MIN_WEEKS

    decided = pilot_verdict[(pilot_verdict["verdict"] != "keep_collecting") & (pilot_verdict["cause"] != "safety")]
    weeks = pilot_verdict["weeks_settled"].min() if len(pilot_verdict) else 0
    early = len(decided) > 0 and int(weeks) < MIN_WEEKS and not (decided["cause"] == "nothing_left").all()
    return dg.AssetCheckResult(
        passed=not early,
        description=f"judged after {weeks} weeks" if early else None,
        metadata={"weeks_settled": int(weeks)},
    )


@dg.asset_check(
    asset="pilot_metrics",
    additional_ins={"fct_pilot_daily": dg.AssetIn("fct_pilot_daily"), "pilot_plan": dg.AssetIn("pilot_plan")},
    blocking=True,
    description="Numerators and denominators add up to those that dbt counts by day.",
)
def metrics_agree_with_the_daily_counts(
    pilot_metrics: pd.DataFrame, fct_pilot_daily: pd.DataFrame, pilot_plan: pd.DataFrame
) -> dg.AssetCheckResult:
    """One definition, counted twice: in SQL by day, and clustered by requester."""
    from assets.pilot_agent.planning.plan_versions import current_plan
    from assets.pilot_agent.verdict.daily_counts import differing_counts

    running = current_plan(pilot_plan)
    kind = None if running is None else str(running["resolution_kind"])
    differing = [] if kind is None else differing_counts(pilot_metrics, fct_pilot_daily, kind)
    return dg.AssetCheckResult(passed=not differing, description="; ".join(differing[:3]) or None)


@dg.asset_check(
    asset="pilot_metrics",
    blocking=True,
    description="Great Expectations: every rate has numerator, denominator, window and an interval around it.",
)
def pilot_metrics_contract(
    context: dg.AssetCheckExecutionContext, pilot_metrics: pd.DataFrame, desk: DeskResource
) -> dg.AssetCheckResult:
    """The contract over every rate."""
    return contract_result(context, desk, "pilot_metrics_contract", pilot_metrics)


@dg.asset_check(
    asset="live_decisions",
    blocking=True,
    description="Great Expectations: every live decision has its mode, reasons and release; nothing is sent outside the rollout.",
)
def live_decisions_contract(
    context: dg.AssetCheckExecutionContext, live_decisions: pd.DataFrame, desk: DeskResource
) -> dg.AssetCheckResult:
    """The contract over every live decision."""
    return contract_result(context, desk, "live_decisions_contract", live_decisions)


@dg.asset_check(
    asset="live_feedback",
    blocking=True,
    description="Great Expectations: every feedback event is of a known kind, on a known scale, about a decision.",
)
def live_feedback_contract(
    context: dg.AssetCheckExecutionContext, live_feedback: pd.DataFrame, desk: DeskResource
) -> dg.AssetCheckResult:
    """The contract over every feedback event."""
    return contract_result(context, desk, "live_feedback_contract", live_feedback)


@dg.asset_check(
    asset="live_feedback",
    additional_ins={"live_decisions": dg.AssetIn("live_decisions"), "rejected": dg.AssetIn("rejected_live_events")},
    blocking=True,
    description="Feedback refers to decisions that were made.",
)
def live_feedback_is_about_known_decisions(
    live_feedback: pd.DataFrame, live_decisions: pd.DataFrame, rejected: pd.DataFrame
) -> dg.AssetCheckResult:
    """Look up the decision of every feedback event; one that could not be read was made all the same."""
    known = {*live_decisions["decision_id"], *rejected["decision_id"]}
    stray = live_feedback[~live_feedback["decision_id"].isin(known)]
    return dg.AssetCheckResult(
        passed=stray.empty, description=None if stray.empty else f"{len(stray):,} are about decisions nobody made"
    )


@dg.asset_check(
    asset="live_feedback",
    additional_ins={
        "live_decisions": dg.AssetIn("live_decisions"),
        "rejected": dg.AssetIn("rejected_live_events"),
        "ledger_events": dg.AssetIn("ledger_events"),
    },
    blocking=True,
    description="No live event is lost: each in the ledger is landed once, or set aside with a reason.",
)
def every_live_event_is_landed_or_set_aside(
    live_feedback: pd.DataFrame, live_decisions: pd.DataFrame, rejected: pd.DataFrame, ledger_events: pd.DataFrame
) -> dg.AssetCheckResult:
    """Compare with the exported ledger, up to the last event that was landed: later ones wait for the next run."""
    from assets.pilot_agent.live.live_events import Landed, landing_problems

    problems, waiting = landing_problems(ledger_events, Landed(live_decisions, live_feedback, rejected))
    return dg.AssetCheckResult(
        passed=not problems,
        description="; ".join(problems) or None,
        metadata={
            "decisions": len(live_decisions),
            "feedback": len(live_feedback),
            "set_aside": len(rejected),
            "waiting": waiting,
        },
    )


@dg.asset_check(
    asset="rejected_live_events",
    description="Every recorded live event could be read.",
)
def live_events_can_be_read(rejected_live_events: pd.DataFrame) -> dg.AssetCheckResult:
    """A warning: the events are kept in the ledger, and read again at every run."""
    reasons = rejected_live_events["reason"].value_counts().reset_index()
    return dg.AssetCheckResult(
        passed=rejected_live_events.empty,
        severity=dg.AssetCheckSeverity.WARN,
        description=None if rejected_live_events.empty else f"{len(rejected_live_events):,} events were set aside",
        metadata={"reasons": preview(reasons)},
    )

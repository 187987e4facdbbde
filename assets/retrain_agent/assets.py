"""Stage 5: why did it fail, and did the fix help?

Belongs here: assets that load, call one pure function, and return with metadata. Everything they compute lives in the
rooms beside this file.
"""

from typing import Any

import dagster as dg
import pandas as pd

from orchestration.automation import follow_upstream
from orchestration.partitions import monthly_partitions, weekly_partitions
from orchestration.previews import preview
from orchestration.resources import DeskResource, EncoderResource, ProgressResource
from orchestration.stages import OWNERS

STAGE = "retrain_agent"
COMMON: dict[str, Any] = {"group_name": STAGE, "owners": OWNERS[STAGE]}
DERIVED: dict[str, Any] = {**COMMON, "automation_condition": follow_upstream()}


@dg.multi_asset(
    outs={
        "judged_answers": dg.AssetOut(
            description="One row per answer that somebody judged, right or wrong: what was decided and what people said of it, "
            "from reviews, feedback, closed handoffs, customers who came back, and replay.",
            kinds={"parquet", "python"},
            **DERIVED,
        ),
        "failures": dg.AssetOut(
            description="One row per judged answer that was wrong: its type, how sure that is, and the evidence. Known flaw: "
            "where nobody said what would have been right, many stay unexplained.",
            kinds={"parquet", "python"},
            **DERIVED,
        ),
    },
    pool="lake",
)
def typed_failures(
    context: dg.AssetExecutionContext,
    shadow_answers: pd.DataFrame,
    answer_reviews: pd.DataFrame,
    fct_ai_answers: pd.DataFrame,
    live_decisions: pd.DataFrame,
    live_feedback: pd.DataFrame,
    replay_answers: pd.DataFrame,
    fct_tickets: pd.DataFrame,
    ticket_splits: pd.DataFrame,
    redacted_comments: pd.DataFrame,
    live_entries: pd.DataFrame,
    entries_set_aside: pd.DataFrame,
    accepted_categories: pd.DataFrame,
    behavior_spec: pd.DataFrame,
    encoder: EncoderResource,
    progress: ProgressResource,
) -> tuple[dg.Output[pd.DataFrame], dg.Output[pd.DataFrame]]:
    """Gather what is said of answers from everywhere, and find out of each wrong one what kind of failure it is."""
    from assets.configure_behavior.behavior.spec_versions import current_spec
    from assets.retrain_agent.failures.judged_answers import judged_answers
    from assets.retrain_agent.failures.known import Known
    from assets.retrain_agent.failures.type_failures import type_failures

    cases = judged_answers(
        answers=shadow_answers,
        reviews=answer_reviews,
        outcomes=fct_ai_answers,
        decisions=live_decisions,
        feedback=live_feedback,
        replay=replay_answers,
        tickets=fct_tickets,
        splits=ticket_splits,
        comments=redacted_comments,
    )
    known = Known(live_entries, entries_set_aside, accepted_categories, current_spec(behavior_spec))
    encode = encoder.remembering("failure_texts", progress("reading failures", context.log))
    failures = type_failures(cases, known, encode)
    encode.forget_others()
    by_type = failures["failure_type"].value_counts().rename_axis("type").reset_index(name="failures")
    by_source = cases.groupby(["source", "is_wrong"]).size().rename("answers").reset_index()
    return (
        dg.Output(cases, metadata={"judged": len(cases), "by_source": preview(by_source)}),
        dg.Output(failures, metadata={"failures": len(failures), "by_type": preview(by_type)}),
    )


@dg.asset(kinds={"parquet", "scikitlearn"}, pool="lake", **DERIVED)
def failure_patterns(
    context: dg.AssetExecutionContext,
    failures: pd.DataFrame,
    judged_answers: pd.DataFrame,
    live_entries: pd.DataFrame,
    accepted_categories: pd.DataFrame,
    fct_tickets: pd.DataFrame,
    desk: DeskResource,
    encoder: EncoderResource,
    progress: ProgressResource,
) -> dg.Output[pd.DataFrame]:
    """One row per pattern of failures that belong together, with an id that stays: named, counted, with what it costs and
    whether it grows.
    """
    from assets.retrain_agent.patterns.failure_patterns import failure_patterns

    encode = encoder.remembering("pattern_texts", progress("grouping failures", context.log))
    frame = failure_patterns(
        failures,
        desk.lake.previous("failure_patterns"),
        accepted_categories,
        desk.as_of(fct_tickets),
        encode,
        cases=judged_answers,
        entries=live_entries,
    )
    encode.forget_others()
    still_open = frame[frame["status"] == "open"].sort_values("tickets_per_month", ascending=False)
    shown = still_open[["pattern_id", "name", "failure_type", "count_failures", "tickets_per_month", "trend", "harm"]]
    return dg.Output(frame, metadata={"open": len(still_open), "patterns": preview(shown, 30)})


@dg.asset(kinds={"parquet", "scikitlearn"}, pool="lake", **DERIVED)
def fix_queue(
    context: dg.AssetExecutionContext,
    failure_patterns: pd.DataFrame,
    failures: pd.DataFrame,
    judged_answers: pd.DataFrame,
    live_entries: pd.DataFrame,
    entries_set_aside: pd.DataFrame,
    help_center_articles: pd.DataFrame,
    fct_tickets: pd.DataFrame,
    ticket_intents: pd.DataFrame,
    ticket_splits: pd.DataFrame,
    redacted_comments: pd.DataFrame,
    ticket_vectors: pd.DataFrame,
    accepted_categories: pd.DataFrame,
    behavior_spec: pd.DataFrame,
    ledger_events: pd.DataFrame,
    desk: DeskResource,
    encoder: EncoderResource,
    progress: ProgressResource,
) -> dg.Output[pd.DataFrame]:
    """One row per fix that would mend a pattern, ready to review, the most harm first; nothing of it happens before a
    person accepts it. Drawn from training tickets alone.
    """
    from assets.configure_behavior.behavior.spec_versions import current_spec, earlier_specs
    from assets.retrain_agent.fixes.fix_queue import fix_queue
    from assets.retrain_agent.fixes.propose_fixes import propose_fixes
    from assets.retrain_agent.trials.trial_release import Material
    from ledger.fixes import fix_decisions
    from ledger.insights import insights

    material = Material(
        live=live_entries,
        aside=entries_set_aside,
        articles=help_center_articles,
        tickets=fct_tickets,
        intents=ticket_intents,
        splits=ticket_splits,
        comments=redacted_comments,
        texts=ticket_vectors,
        categories=accepted_categories,
    )
    with desk.ledger as ledger:
        decided, said = fix_decisions(ledger), insights(ledger)
    as_of = desk.as_of(fct_tickets)
    encode = encoder.remembering("fix_texts")
    proposed = propose_fixes(
        failure_patterns,
        failures,
        judged_answers,
        material,
        current_spec(behavior_spec),
        encode,
        as_of,
        earlier_specs=earlier_specs(behavior_spec),
        on_progress=progress("drawing up fixes", context.log),
    )
    encode.forget_others()
    frame = fix_queue(proposed, said, decided, desk.lake.previous("fix_queue"), as_of)
    still_open = frame[frame["status"] == "open"].sort_values("rank")
    shown = still_open[["rank", "title", "kind", "tickets_per_month", "harm", "is_urgent", "fix_id"]]
    return dg.Output(
        frame, metadata={"open": len(still_open), "fixes": preview(shown, 30), "decisions": len(ledger_events)}
    )


@dg.asset(kinds={"parquet", "python"}, pool="lake", deps=["agent_release"], **DERIVED)
def changes(ledger_events: pd.DataFrame, desk: DeskResource) -> dg.Output[pd.DataFrame]:
    """One row per change, an accepted fix with its id: who accepted it, which release took it to customers, and whether it
    is still there.
    """
    from orchestration.changes import changes_now

    frame = changes_now(desk.desk)
    shown = frame[["change_id", "title", "accepted_by", "accepted_at", "status", "released_at"]]
    return dg.Output(frame, metadata={"changes": preview(shown, 30), "decisions": len(ledger_events)})


@dg.multi_asset(
    outs={
        "micro_updates": dg.AssetOut(
            description="One row per week: the release of the week's accepted fixes, what it mends and breaks among the tickets "
            "they are about, and what keeps it back, if anything does.",
            kinds={"parquet", "json"},
            **COMMON,
        ),
        "change_replays": dg.AssetOut(
            description="One row per change and ticket: the same ticket decided before and after, and whether that was right.",
            kinds={"parquet", "python"},
            **COMMON,
        ),
    },
    partitions_def=weekly_partitions,
    deps=["live_entries", "knowledge_vectors", "answered_tickets", "behavior_spec", "regression_set"],
    pool="lake",
)
def weekly_update(
    context: dg.AssetExecutionContext,
    changes: pd.DataFrame,
    judged_answers: pd.DataFrame,
    desk: DeskResource,
    encoder: EncoderResource,
    progress: ProgressResource,
) -> tuple[dg.Output[pd.DataFrame], dg.Output[pd.DataFrame]]:
    """Build the week's release from the current one and what was accepted; it is never made current here."""
    from orchestration.check_states import red_blocking_checks
    from orchestration.definitions import defs
    from orchestration.micro_updates import run_micro_update

    updates, replays = run_micro_update(
        desk,
        encoder.load(),
        week=context.partition_key,
        week_end=pd.Timestamp(context.partition_time_window.end),
        changes=changes,
        cases=judged_answers,
        red_checks=red_blocking_checks(context.instance, defs.resolve_asset_graph()),
        on_progress=progress("replaying what changed", context.log),
    )
    mine = updates[updates["week"] == context.partition_key]
    words = "\n".join(f"- {one}" for one in mine["why"].iloc[0]) if len(mine) else ""
    return (
        dg.Output(
            updates, metadata={"week": preview(mine.drop(columns="why")), "why": dg.MetadataValue.md(words or "-")}
        ),
        dg.Output(replays, metadata={"replayed": len(replays)}),
    )


@dg.multi_asset(
    outs={
        "candidate_release": dg.AssetOut(
            description="One row per month: the release of everything learnt anew, how it does beside the current one on holdout "
            "tickets and the regression set, and whether it may take over.",
            kinds={"parquet", "scikitlearn"},
            **COMMON,
        ),
        "suggested_label_errors": dg.AssetOut(
            description="One row per training ticket whose category is likely wrong, with the one it more likely has.",
            kinds={"parquet", "scikitlearn"},
            **COMMON,
        ),
    },
    partitions_def=monthly_partitions,
    deps=[
        "live_entries", "help_center_articles", "fct_tickets", "fct_ticket_comments", "ticket_intents", "ticket_splits",
        "redacted_comments", "ticket_vectors", "training_roadmap", "accepted_categories", "behavior_spec", "regression_set",
        "changes",
    ],
    pool="lake",
)  # fmt: skip
def monthly_candidate(
    context: dg.AssetExecutionContext,
    judged_answers: pd.DataFrame,
    desk: DeskResource,
    encoder: EncoderResource,
    progress: ProgressResource,
) -> tuple[dg.Output[pd.DataFrame], dg.Output[pd.DataFrame]]:
    """Learn everything anew from what lies before the month's end, and judge it; it is never made current here."""
    from orchestration.candidates import build_candidate
    from orchestration.check_states import red_blocking_checks
    from orchestration.definitions import defs

    candidates, errors = build_candidate(
        desk,
        encoder.load(),
        month=context.partition_key[:7],
        month_end=pd.Timestamp(context.partition_time_window.end),
        cases=judged_answers,
        red_checks=red_blocking_checks(context.instance, defs.resolve_asset_graph()),
        on_progress=progress("learning everything anew", context.log),
    )
    mine = candidates[candidates["month"] == context.partition_key[:7]]
    words = "\n".join(f"- {one}" for one in mine["why"].iloc[0]) if len(mine) else ""
    return (
        dg.Output(
            candidates, metadata={"month": preview(mine.drop(columns="why")), "why": dg.MetadataValue.md(words or "-")}
        ),
        dg.Output(errors, metadata={"suggested": int((errors["status"] == "open").sum())}),
    )


@dg.asset(kinds={"parquet", "python"}, pool="lake", deps=["change_replays"], **DERIVED)
def training_effects(
    changes: pd.DataFrame, fct_ai_answers: pd.DataFrame, fct_tickets: pd.DataFrame, desk: DeskResource
) -> dg.Output[pd.DataFrame]:
    """One row per change, metric and way of measuring: what the change did, with its interval, among all that were made
    that month; one without effect is said to have none.
    """
    from assets.pilot_agent.answers.frames import frame_of
    from assets.retrain_agent.effects.training_effects import training_effects
    from assets.retrain_agent.frames import REPLAYED

    replays = desk.lake.previous("change_replays")
    frame = training_effects(
        changes, frame_of([], REPLAYED) if replays is None else replays, fct_ai_answers, desk.as_of(fct_tickets)
    )
    sentences = "\n".join(f"- {one}" for one in frame["sentence"]) or "no change was made yet"
    return dg.Output(frame, metadata={"effects": dg.MetadataValue.md(sentences)})

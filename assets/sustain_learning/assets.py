"""Stage 6: does it keep getting better, and is anything going stale?

Belongs here: assets that load, call one pure function, and return with metadata. Everything they compute lives in the
rooms beside this file.
"""

from typing import Any

import dagster as dg
import numpy as np
import pandas as pd

from orchestration.automation import follow_upstream
from orchestration.partitions import monthly_partitions, quarterly_partitions
from orchestration.previews import preview
from orchestration.resources import DeskResource
from orchestration.stages import OWNERS

STAGE = "sustain_learning"
COMMON: dict[str, Any] = {"group_name": STAGE, "owners": OWNERS[STAGE]}
DERIVED: dict[str, Any] = {**COMMON, "automation_condition": follow_upstream()}


@dg.multi_asset(
    outs={
        "feedback_signals": dg.AssetOut(
            description="One row per signal: a rating, a thumb, an escalation with its reason, a correction or a customer who "
            "came back, tied to the answer, release, entry and category it is about.",
            kinds={"parquet", "python"},
            **DERIVED,
        ),
        "entry_trouble": dg.AssetOut(
            description="One row per entry that answered or was suggested: how often that causes trouble and what it costs, the "
            "most first. What an entry said before it was changed is counted and does not rank.",
            kinds={"parquet", "python"},
            **DERIVED,
        ),
    },
    pool="lake",
)
def gathered_feedback(
    shadow_answers: pd.DataFrame,
    answer_reviews: pd.DataFrame,
    fct_ai_answers: pd.DataFrame,
    live_decisions: pd.DataFrame,
    live_feedback: pd.DataFrame,
    fct_tickets: pd.DataFrame,
    ticket_splits: pd.DataFrame,
    live_entries: pd.DataFrame,
    knowledge_entries: pd.DataFrame,
    desk: DeskResource,
) -> tuple[dg.Output[pd.DataFrame], dg.Output[pd.DataFrame]]:
    """Gather what is said of answers from everywhere, and rank entries by it."""
    from assets.sustain_learning.feedback.entry_trouble import entry_trouble
    from assets.sustain_learning.feedback.feedback_signals import feedback_signals

    signals = feedback_signals(
        shadow_answers, answer_reviews, fct_ai_answers, live_decisions, live_feedback, fct_tickets
    )
    trouble = entry_trouble(
        signals,
        shadow_answers,
        live_decisions,
        knowledge_entries,
        desk.as_of(fct_tickets),
        splits=ticket_splits,
    )
    by_kind = signals.groupby(["kind", "source", "is_trouble"], dropna=False).size().rename("signals").reset_index()
    shown = trouble[["rank", "question", "trouble_per_month", "trouble_rate", "low", "high", "count_answers", "owner"]]
    return (
        dg.Output(signals, metadata={"signals": len(signals), "by_kind": preview(by_kind)}),
        dg.Output(
            trouble,
            metadata={
                "entries": len(trouble),
                "of_live_entries": int(live_entries["entry_id"].isin(set(trouble["entry_id"])).sum()),
                "most_trouble": preview(shown),
            },
        ),
    )


@dg.asset(kinds={"parquet", "scipy"}, pool="lake", **DERIVED)
def knowledge_drift(
    fct_tickets: pd.DataFrame,
    ticket_intents: pd.DataFrame,
    ticket_splits: pd.DataFrame,
    ticket_vectors: pd.DataFrame,
    redacted_comments: pd.DataFrame,
    live_entries: pd.DataFrame,
    knowledge_entries: pd.DataFrame,
    knowledge_vectors: pd.DataFrame,
    knowledge_findings: pd.DataFrame,
    judged_answers: pd.DataFrame,
    release_events: pd.DataFrame,
    desk: DeskResource,
) -> dg.Output[pd.DataFrame]:
    """One row per thing that was looked at: questions, answers and outcomes of entries, new phrasings, shares of categories,
    everything together; with a test and an effect, also where nothing has drifted.
    """
    from assets.sustain_learning.drift.knowledge_drift import knowledge_drift

    frame = knowledge_drift(
        tickets=fct_tickets,
        intents=ticket_intents,
        splits=ticket_splits,
        texts=ticket_vectors,
        vectors=_stored(desk, "ticket_vectors", ticket_vectors, "text_hash"),
        comments=redacted_comments,
        live_entries=live_entries,
        entries=knowledge_entries,
        knowledge=knowledge_vectors,
        knowledge_vectors=_stored(desk, "knowledge_vectors", knowledge_vectors, "vector_id"),
        findings=knowledge_findings,
        judged=judged_answers,
        releases=release_events,
        previous=desk.lake.previous("knowledge_drift"),
        as_of=desk.as_of(fct_tickets),
    )
    drifted = frame[frame["is_drift"].fillna(False).astype(bool)]
    return dg.Output(
        frame,
        metadata={
            "looked_at": len(frame),
            "drifted": len(drifted),
            "drift": preview(drifted[["kind", "sentence", "effect", "p_adjusted", "owner", "found_as_of"]], 30),
        },
    )


def _stored(desk: DeskResource, table: str, texts: pd.DataFrame, hashes: str) -> np.ndarray:
    """The vectors of a frame's rows, (n, d), as they lie in the lake: no encoder is loaded for them."""
    from assets.audit_tickets.vectors.vector_store import VectorStore

    if texts.empty:
        return np.zeros((0, 0), dtype=np.float32)
    return VectorStore(desk.lake.vectors, table).load_vectors(texts[hashes], str(texts["encoder_revision"].iloc[0]))


@dg.asset(kinds={"parquet", "scipy"}, pool="lake", **DERIVED)
def support_signals(
    fct_tickets: pd.DataFrame,
    ticket_vectors: pd.DataFrame,
    ticket_splits: pd.DataFrame,
    ticket_intents: pd.DataFrame,
    release_events: pd.DataFrame,
    shadow_answers: pd.DataFrame,
    accepted_categories: pd.DataFrame,
    desk: DeskResource,
) -> dg.Output[pd.DataFrame]:
    """One row per anomaly: more tickets than the season explains, a level that moved, labels that were renamed, a segment that
    needs people more often, customers who speak of leaving; each with a diagnosis as far as the data tells.
    """
    from assets.sustain_learning.signals.signal_material import SignalMaterial
    from assets.sustain_learning.signals.support_signals import support_signals

    settings = desk.desk.settings
    names = dict(zip(accepted_categories["category_id"], accepted_categories["name"], strict=True))
    frame = support_signals(
        SignalMaterial(
            tickets=fct_tickets,
            texts=ticket_vectors,
            splits=ticket_splits,
            releases=release_events,
            intents=ticket_intents,
            answers=shadow_answers,
            label_fields=[one for one in settings.labels.fields if one in fct_tickets],
            category_names=names,
        ),
        as_of=desk.as_of(fct_tickets),
        alarms_per_month=settings.learning.alarms_per_month,
        previous=desk.lake.previous("support_signals"),
    )
    shown = frame[["found_at", "change", "sentence", "diagnosis", "release_name", "status"]]
    return dg.Output(
        frame,
        metadata={
            "signals": len(frame),
            "unexplained": int((~frame["is_explained"].fillna(False).astype(bool)).sum()),
            "newest": preview(shown, 30),
        },
    )


@dg.asset(kinds={"parquet", "python"}, pool="lake", **DERIVED)
def scope_proposals(
    context: dg.AssetExecutionContext,
    accepted_categories: pd.DataFrame,
    training_roadmap: pd.DataFrame,
    knowledge_coverage: pd.DataFrame,
    confidence_thresholds: pd.DataFrame,
    behavior_spec: pd.DataFrame,
    shadow_answers: pd.DataFrame,
    answer_reviews: pd.DataFrame,
    live_decisions: pd.DataFrame,
    judged_answers: pd.DataFrame,
    fct_ai_answers: pd.DataFrame,
    pilot_verdict: pd.DataFrame,
    pilot_looks: pd.DataFrame,
    fct_tickets: pd.DataFrame,
    ledger_events: pd.DataFrame,
    desk: DeskResource,
) -> dg.Output[pd.DataFrame]:
    """One row per proposal: a category that may come next, with what it still lacks; one that decays and lost its autonomy by
    itself; one that recovered and may have it back.
    """
    from assets.sustain_learning.scope.scope_frames import ScopeFrames
    from assets.sustain_learning.scope.scope_proposals import scope_notes, scope_proposals
    from ledger.autonomy import scope_decisions
    from orchestration.autonomy import autonomy_of, withdraw_what_decays

    frames = ScopeFrames(
        categories=accepted_categories,
        roadmap=training_roadmap,
        coverage=knowledge_coverage,
        thresholds=confidence_thresholds,
        spec=behavior_spec,
        answers=shadow_answers,
        reviews=answer_reviews,
        decisions=live_decisions,
        judged=judged_answers,
        outcomes=fct_ai_answers,
        verdicts=pilot_verdict,
        looks=pilot_looks,
    )
    settings, as_of = desk.desk.settings.learning, desk.as_of(fct_tickets)
    with desk.ledger as ledger:
        lost = withdraw_what_decays(ledger, frames, settings, as_of)
        autonomy, decided = autonomy_of(ledger), scope_decisions(ledger)
    for sentence in lost:
        context.log.warning(sentence)
    frame = scope_proposals(frames, autonomy, decided, settings, as_of, desk.lake.previous("scope_proposals"))
    notes = [*lost, *scope_notes(frames, autonomy, settings, as_of)]
    return dg.Output(
        frame,
        metadata={
            "proposals": preview(frame[["kind", "category_id", "sentence", "step", "status"]], 30),
            "standing": dg.MetadataValue.md("\n".join(f"- {one}" for one in notes) or "-"),
            "decisions": len(ledger_events),
        },
    )


@dg.asset(
    kinds={"parquet", "python"},
    pool="lake",
    partitions_def=quarterly_partitions,
    deps=[
        "knowledge_entries", "live_entries", "entries_set_aside", "knowledge_drafts", "help_center_articles", "knowledge_findings",
        "knowledge_coverage", "accepted_categories", "entry_trouble", "knowledge_drift", "ledger_events", "fct_tickets",
    ],
    **DERIVED,
)  # fmt: skip
def knowledge_audit(context: dg.AssetExecutionContext, desk: DeskResource) -> dg.Output[pd.DataFrame]:
    """One row per item of a quarter's audit: an entry, article or category that its owner has to look at, by when, why, and
    what came of it. Closed by what really happened to it, or by a person's word.
    """
    from assets.sustain_learning.audit_work.quarter import Quarter
    from orchestration.audits import audit_quarter

    start = pd.Timestamp(context.partition_time_window.start)
    frame = audit_quarter(desk, start)
    mine = frame[frame["quarter"] == Quarter(start.tz_convert("UTC")).name]
    by_owner = mine.groupby("owner")["status"].value_counts().unstack(fill_value=0).reset_index()
    return dg.Output(
        frame,
        metadata={
            "items": len(mine),
            "by_owner": preview(by_owner),
            "first": preview(mine[["rank", "owner", "title", "reasons", "due_at", "status"]]),
        },
    )


@dg.asset(
    kinds={"parquet", "matplotlib"},
    pool="lake",
    partitions_def=monthly_partitions,
    deps=[
        "fct_ai_answers", "fct_tickets", "knowledge_entries", "knowledge_findings", "accepted_categories", "judged_answers",
        "failures", "fix_queue", "changes", "training_effects", "live_decisions", "feedback_signals", "knowledge_drift",
        "support_signals", "scope_proposals",
    ],
    **DERIVED,
)  # fmt: skip
def learning_report(context: dg.AssetExecutionContext, desk: DeskResource) -> dg.Output[pd.DataFrame]:
    """One row per month, metric and cut: resolution, escalation, quality, automated categories, knowledge health, changes and
    signals, each against the month before with an interval; with the month's page.
    """
    from orchestration.learning_pages import learning_metadata, learnt_month

    learnt = learnt_month(desk.desk, context.partition_key)
    return dg.Output(learnt.published, metadata=learning_metadata(desk.desk, learnt))

"""Stage 3: how does the agent behave, when does it step aside, and what exactly is released?

Belongs here: assets that load, call one pure function, and return with metadata. Everything they compute lives in the
modules beside this file.
"""

from typing import Any

import dagster as dg
import pandas as pd

from assets.build_knowledge.decided_categories import decided_roadmap
from orchestration.automation import follow_upstream
from orchestration.previews import picture, preview
from orchestration.resources import DeskResource, EncoderResource, ProgressResource
from orchestration.stages import OWNERS

STAGE = "configure_behavior"
COMMON: dict[str, Any] = {"group_name": STAGE, "owners": OWNERS[STAGE]}
DERIVED: dict[str, Any] = {**COMMON, "automation_condition": follow_upstream()}
RELEASED = [
    "live_entries", "accepted_categories", "behavior_spec", "confidence_thresholds", "regression_set", "retrieval_index",
    "ticket_intents", "ticket_splits", "ticket_vectors", "fct_tickets",
]  # fmt: skip
"""What a release is gathered from out of the lake, for a run and the command line alike."""


@dg.asset(kinds={"parquet", "yaml"}, pool="lake", **COMMON)
def behavior_spec(
    ledger_events: pd.DataFrame, fct_tickets: pd.DataFrame, desk: DeskResource
) -> dg.Output[pd.DataFrame]:
    """One row per version of ``behavior.yaml``: its content, who signed exactly it, and which of them is on file."""
    from assets.configure_behavior.behavior.spec_versions import spec_versions

    frame = spec_versions(
        desk.behavior,
        desk.lake.previous("behavior_spec"),
        lambda digest: desk.signatures("behavior", digest),
        desk.as_of(fct_tickets),
    )
    shown = frame.drop(columns="content")
    return dg.Output(frame, metadata={"versions": preview(shown), "decisions": len(ledger_events)})


@dg.multi_asset(
    outs={
        "confidence_thresholds": dg.AssetOut(
            description="One row per category and risk: the least confidence at which an answer may be given, with the "
            "bound that certified it on calibration tickets, or why there is none.",
            kinds={"parquet", "scikitlearn"},
            **DERIVED,
        ),
        "calibrated_answers": dg.AssetOut(
            description="One row per past ticket whose right entry is known: what the agent would have answered, how sure "
            "it was, whether that was right, and whether the ticket taught confidence or certified thresholds.",
            kinds={"parquet", "scikitlearn"},
            **DERIVED,
        ),
        "risk_coverage": dg.AssetOut(
            description="One row per category (or all) and number answered: the share answered, the share of these that "
            "is wrong, and its upper bound.",
            kinds={"parquet", "python"},
            **DERIVED,
        ),
    },
    deps=["behavior_spec", "retrieval_index"],
    pool="lake",
)
def calibrated_confidence(
    context: dg.AssetExecutionContext,
    live_entries: pd.DataFrame,
    help_center_articles: pd.DataFrame,
    answered_tickets: pd.DataFrame,
    fct_tickets: pd.DataFrame,
    ticket_intents: pd.DataFrame,
    ticket_splits: pd.DataFrame,
    redacted_comments: pd.DataFrame,
    ticket_vectors: pd.DataFrame,
    training_roadmap: pd.DataFrame,
    accepted_categories: pd.DataFrame,
    desk: DeskResource,
    encoder: EncoderResource,
    progress: ProgressResource,
) -> tuple[dg.Output[pd.DataFrame], dg.Output[pd.DataFrame], dg.Output[pd.DataFrame]]:
    """Learn how sure the agent may be, and certify from which confidence it may answer."""
    from dataclasses import replace

    from assets.configure_behavior.confidence.calibrate_confidence import calibrate_confidence
    from assets.configure_behavior.confidence.calibration_labels import named_labels
    from assets.configure_behavior.confidence.risk_coverage_plot import risk_coverage_png
    from ledger.labels import right_entries
    from orchestration.calibration import save_confidence, unanswerable_tickets, uncalibrated_release

    release = uncalibrated_release(desk, encoder.load())
    with desk.ledger as ledger:
        named = right_entries(ledger)
    encode = encoder.remembering(
        "calibration_texts", progress("encoding past answers", context.log), given=encoder.vectors_of(ticket_vectors)
    )
    found = calibrate_confidence(
        live=live_entries,
        articles=help_center_articles,
        answered=answered_tickets,
        tickets=fct_tickets,
        ticket_intents=ticket_intents,
        splits=ticket_splits,
        comments=redacted_comments,
        ticket_texts=ticket_vectors,
        categories=decided_roadmap(training_roadmap, accepted_categories),
        confidence=release.behavior.confidence,
        intents=release.intents,
        index=release.index,
        encode=encode,
        reviewed=named_labels(named, live_entries, ticket_splits),
        never_answered=unanswerable_tickets(
            replace(release, encode=encode),
            fct_tickets,
            ticket_splits,
            ticket_vectors,
            progress("deciding past tickets", context.log),
        ),
    )
    encode.forget_others()
    version = save_confidence(found, release, desk.lake.models)
    thresholds = found.thresholds.assign(confidence_version=version)
    shown = thresholds[["name", "risk", "threshold", "upper_bound", "coverage", "why"]]
    return (
        dg.Output(
            thresholds,
            metadata={
                "thresholds": preview(shown, 40),
                "certified": int(thresholds["threshold"].notna().sum()),
                "risk_and_coverage": picture(risk_coverage_png(found.curve, found.thresholds)),
            },
        ),
        dg.Output(found.answers, metadata={"labels": preview(found.label_report)}),
        dg.Output(found.curve),
    )


@dg.asset(kinds={"parquet", "python"}, pool="lake", **DERIVED)
def regression_set(
    fct_tickets: pd.DataFrame,
    ticket_vectors: pd.DataFrame,
    ticket_splits: pd.DataFrame,
    ticket_intents: pd.DataFrame,
    desk: DeskResource,
) -> dg.Output[pd.DataFrame]:
    """One row per frozen ticket that every release decides again, chosen once from the calibration side (or training),
    never from the holdout. Known flaw: a category that appears later is judged on few tickets at first.
    """
    from assets.configure_behavior.releases.regression_set import freeze_regression_set

    frame = freeze_regression_set(
        fct_tickets, ticket_vectors, ticket_splits, ticket_intents, desk.lake.previous("regression_set")
    )
    by_category = frame["category_id"].fillna("none").value_counts().rename_axis("category").reset_index()
    return dg.Output(frame, metadata={"by_category": preview(by_category, 40)})


@dg.asset(kinds={"parquet", "json"}, pool="lake", deps=RELEASED, **DERIVED)
def agent_release(
    context: dg.AssetExecutionContext,
    knowledge_coverage: pd.DataFrame,
    desk: DeskResource,
    encoder: EncoderResource,
    progress: ProgressResource,
) -> dg.Output[pd.DataFrame]:
    """One row per release that lies in the desk's home: everything that decides an answer, frozen in a folder named by
    the hash of its recipe. Built whether or not people have signed it; only a signed one can be made current.
    """
    from orchestration.check_states import red_blocking_checks
    from orchestration.definitions import defs
    from orchestration.release_building import build_from_lake
    from orchestration.release_standing import releases_frame

    report = build_from_lake(
        desk,
        encoder.load(),
        red_blocking_checks(context.instance, defs.resolve_asset_graph()),
        unsigned=True,
        on_progress=progress("deciding the regression set", context.log),
    )
    frame = releases_frame(desk.desk, report, desk.lake.previous("agent_release"))
    actions = pd.Series([one["decision"]["action"] for one in report.built.regression], dtype="str").value_counts()
    return dg.Output(
        frame,
        metadata={
            "release_id": report.built.release_id,
            "first_tier_covered": int((knowledge_coverage["is_covered"] & knowledge_coverage["is_first_tier"]).sum()),
            "problems": dg.MetadataValue.md("\n".join(f"- {one}" for one in report.problems) or "none"),
            "regression_decisions": preview(actions.rename_axis("action").reset_index()),
        },
    )

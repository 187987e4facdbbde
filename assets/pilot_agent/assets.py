"""Stage 4: is the agent good enough, on live work, honestly measured?

Belongs here: assets that load, call one pure function, and return with metadata. Everything they compute lives in the
modules beside this file.
"""

from typing import Any

import dagster as dg
import pandas as pd

from orchestration.automation import follow_upstream
from orchestration.previews import picture, preview
from orchestration.resources import DeskResource, EncoderResource, ProgressResource
from orchestration.stages import OWNERS

STAGE = "pilot_agent"
COMMON: dict[str, Any] = {"group_name": STAGE, "owners": OWNERS[STAGE]}
DERIVED: dict[str, Any] = {**COMMON, "automation_condition": follow_upstream()}


@dg.asset(kinds={"parquet", "yaml"}, pool="lake", **DERIVED)
def pilot_plan(ledger_events: pd.DataFrame, fct_tickets: pd.DataFrame, desk: DeskResource) -> dg.Output[pd.DataFrame]:
    """One row per version of ``pilot.yaml``: what is registered, who signed exactly it, and which version runs."""
    from orchestration.pilots import plans_now

    frame = plans_now(desk, desk.as_of(fct_tickets))
    shown = frame.drop(columns="content")
    return dg.Output(frame, metadata={"versions": preview(shown), "decisions": len(ledger_events)})


@dg.asset(kinds={"parquet", "python"}, pool="lake", deps=["agent_release"], **DERIVED)
def replay_answers(
    context: dg.AssetExecutionContext,
    live_entries: pd.DataFrame,
    help_center_articles: pd.DataFrame,
    fct_tickets: pd.DataFrame,
    fct_ticket_comments: pd.DataFrame,
    ticket_intents: pd.DataFrame,
    ticket_splits: pd.DataFrame,
    redacted_comments: pd.DataFrame,
    ticket_vectors: pd.DataFrame,
    shadow_answers: pd.DataFrame,
    desk: DeskResource,
    encoder: EncoderResource,
    progress: ProgressResource,
) -> dg.Output[pd.DataFrame]:
    """One row per holdout ticket that no pilot answered: what the newest release would have done, beside what people did.
    Nothing is sent.

    Known flaw: what people did is read from their replies; about half of those that no entry seems to give do say what
    one says, in other words, so that right answers are counted too low.
    """
    from dataclasses import replace

    from assets.pilot_agent.answers.replay_answers import is_replayed, replay_answers
    from assets.pilot_agent.answers.replay_metrics import replay_curve, replay_rates
    from assets.pilot_agent.report.pilot_plots import replay_png
    from orchestration.pilots import release_to_replay
    from orchestration.releases import folder_of

    release_id, live = folder_of(desk.desk, "latest").name, set(shadow_answers["ticket_id"])
    frame = desk.lake.previous("replay_answers")
    if frame is None or not is_replayed(frame, release_id, ticket_splits, fct_tickets, ticket_vectors, live):
        release, release_as_of = release_to_replay(desk.desk, encoder.load())
        encode = encoder.remembering(
            "replay_texts", progress("encoding replies", context.log), given=encoder.vectors_of(ticket_vectors)
        )
        frame = replay_answers(
            release=replace(release, encode=encode),
            release_as_of=release_as_of,
            live=live_entries,
            articles=help_center_articles,
            tickets=fct_tickets,
            intents=ticket_intents,
            splits=ticket_splits,
            comments=redacted_comments,
            authors=fct_ticket_comments,
            texts=ticket_vectors,
            live_tickets=live,
            on_progress=progress("replaying holdout tickets", context.log),
        )
        encode.forget_others()
    return dg.Output(
        frame,
        metadata={
            "release_id": release_id,
            "rates": preview(replay_rates(frame)),
            "risk_and_coverage": picture(replay_png(replay_curve(frame))),
        },
    )


@dg.asset(kinds={"parquet", "python"}, pool="lake", deps=["agent_release"], **DERIVED)
def shadow_answers(
    context: dg.AssetExecutionContext,
    pilot_plan: pd.DataFrame,
    fct_tickets: pd.DataFrame,
    redacted_comments: pd.DataFrame,
    ticket_vectors: pd.DataFrame,
    desk: DeskResource,
    encoder: EncoderResource,
    progress: ProgressResource,
) -> dg.Output[pd.DataFrame]:
    """One row per new ticket of the pilot (and turn): what the current release drafted, sent or would have sent, with
    every reason. Facts: what was decided is never decided again. Empty without a signed plan and a current release.
    """
    from dataclasses import replace

    from assets.pilot_agent.answers.draft_answers import draft_answers, kept_answers, new_texts
    from assets.pilot_agent.planning.plan_versions import registered_plan
    from ledger.autonomy import category_holds
    from ledger.pilots import share_changes
    from orchestration.pilots import release_in_charge

    previous, plan = desk.lake.previous("shadow_answers"), registered_plan(pilot_plan)
    in_charge = None if plan is None else release_in_charge(desk.desk, encoder.load())
    if plan is None or in_charge is None:
        missing = "a signed plan" if plan is None else "a current release"
        return dg.Output(kept_answers(previous, fct_tickets), metadata={"new": 0, "waiting_for": missing})
    release, release_as_of = in_charge
    with desk.ledger as ledger:
        shares, stopped = share_changes(ledger, plan.pilot_id), category_holds(ledger, plan.pilot_id)
    frame = draft_answers(
        release=replace(release, encode=encoder.knowing(new_texts(ticket_vectors, fct_tickets, plan))),
        release_as_of=release_as_of,
        pilot=plan,
        shares=shares,
        stopped=stopped,
        tickets=fct_tickets,
        texts=ticket_vectors,
        comments=redacted_comments,
        previous=previous,
        as_of=desk.as_of(fct_tickets),
        on_progress=progress("answering new tickets", context.log),
    )
    by_mode = frame.groupby(["mode", "action"], dropna=False).size().rename("answers").reset_index()
    new = len(frame) - (0 if previous is None else len(previous))
    return dg.Output(
        frame, metadata={"new": new, "release_id": release.release_id, "by_mode_and_action": preview(by_mode)}
    )


@dg.asset(kinds={"parquet", "python"}, pool="lake", **DERIVED)
def rollout_assignments(
    shadow_answers: pd.DataFrame, pilot_plan: pd.DataFrame, desk: DeskResource
) -> dg.Output[pd.DataFrame]:
    """One row per requester who was drawn: the point of the salted hash, and the arm. Sticky: the same requester, the
    same arm, as long as the share stands.
    """
    from assets.pilot_agent.answers.frames import ASSIGNMENT, frame_of
    from assets.pilot_agent.assignment.rollout_assignments import draw_in_words, rollout_assignments
    from assets.pilot_agent.planning.plan_versions import registered_plan
    from ledger.pilots import share_changes

    plan = registered_plan(pilot_plan)
    if plan is None:
        return dg.Output(frame_of([], ASSIGNMENT))
    with desk.ledger as ledger:
        shares = share_changes(ledger, plan.pilot_id)
    sentences = "\n".join(f"- {sentence}" for _, sentence, _ in draw_in_words(shadow_answers, plan))
    return dg.Output(
        rollout_assignments(shadow_answers, plan, shares), metadata={"draw": dg.MetadataValue.md(sentences)}
    )


@dg.asset(kinds={"parquet", "python"}, pool="lake", **DERIVED)
def answer_reviews(
    shadow_answers: pd.DataFrame, fct_tickets: pd.DataFrame, ledger_events: pd.DataFrame, desk: DeskResource
) -> dg.Output[pd.DataFrame]:
    """One row per review of an answer, by whom and from where: the terminal, a file, the helpdesk's tags."""
    from assets.pilot_agent.answers.answer_reviews import count_unknown, gather_reviews
    from assets.pilot_agent.answers.helpdesk_reviews import helpdesk_reviews
    from ledger.reviews import answer_reviews as recorded

    with desk.ledger as ledger:
        said = recorded(ledger)
    mappings = {one.name: one.reviews for one in desk.desk.settings.helpdesks}
    tagged, problems = helpdesk_reviews(fct_tickets, shadow_answers, mappings)
    frame = gather_reviews(said, tagged, shadow_answers)
    return dg.Output(
        frame,
        metadata={
            "tags": preview(frame.loc[frame["is_current"], "tag"].value_counts().reset_index()),
            "of_erased_answers": count_unknown(said, tagged, shadow_answers),
            "set_aside": dg.MetadataValue.md("\n".join(f"- {one}" for one in problems) or "none"),
            "decisions": len(ledger_events),
        },
    )


@dg.asset(kinds={"parquet", "python"}, pool="lake", **DERIVED)
def outbox(
    shadow_answers: pd.DataFrame,
    answer_reviews: pd.DataFrame,
    fct_ticket_comments: pd.DataFrame,
    ledger_events: pd.DataFrame,
    desk: DeskResource,
) -> dg.Output[pd.DataFrame]:
    """One row per reply that may go to a customer: of the rollout, or approved by a person; delivered, ready or withheld."""
    from assets.pilot_agent.answers.outbox import answered_by_people, outbox
    from ledger.autonomy import category_holds, restored_categories
    from ledger.deliveries import deliveries
    from ledger.pilots import sending_since

    with desk.ledger as ledger:
        frame = outbox(
            shadow_answers,
            answer_reviews,
            deliveries(ledger),
            lambda pilot: sending_since(ledger, pilot),
            answered_by_people(fct_ticket_comments),
            lambda pilot: category_holds(ledger, pilot),
            {name: one.occurred_at for name, one in restored_categories(ledger).items()},
        )
    return dg.Output(
        frame,
        metadata={"by_status": preview(frame["status"].value_counts().reset_index()), "decisions": len(ledger_events)},
    )


@dg.multi_asset(
    outs={
        "live_decisions": dg.AssetOut(
            description="One row per decision the service made: what was asked (redacted), what was done and why, by which "
            "release. Erased words leave a row of nulls.",
            kinds={"parquet", "python"},
            **DERIVED,
        ),
        "live_feedback": dg.AssetOut(
            description="One row per thing said of a live decision: thumbs, rating, escalation, correction, and how a "
            "person ended what was handed over.",
            kinds={"parquet", "python"},
            **DERIVED,
        ),
        "rejected_live_events": dg.AssetOut(
            description="One row per recorded event that could not be read as what it should be, with the reason.",
            kinds={"parquet", "python"},
            **DERIVED,
        ),
    },
    pool="lake",
)
def live_side(
    context: dg.AssetExecutionContext, ledger_events: pd.DataFrame, desk: DeskResource, progress: ProgressResource
) -> tuple[dg.Output[pd.DataFrame], dg.Output[pd.DataFrame], dg.Output[pd.DataFrame]]:
    """Land what the service recorded: all that is new in the ledger, up to this moment."""
    from assets.pilot_agent.live.live_events import Landed, land_live_events
    from assets.pilot_agent.live.release_versions import release_versions
    from orchestration.releases import releases_folder

    names = ("live_decisions", "live_feedback", "rejected_live_events")
    before = [desk.lake.previous(name) for name in names]
    with desk.ledger as ledger:
        landed = land_live_events(
            ledger,
            ledger_events,
            desk.desk.settings.desk_id,
            release_versions(releases_folder(desk.desk)),
            None if any(one is None for one in before) else Landed(*before),  # type: ignore[arg-type]
            progress("landing live decisions", context.log),
        )
    by_mode = landed.decisions.groupby(["mode", "action"], dropna=False).size().rename("decisions").reset_index()
    by_kind = landed.feedback.groupby("kind", dropna=False).size().rename("events").reset_index()
    return (
        dg.Output(landed.decisions, metadata={"by_mode_and_action": preview(by_mode)}),
        dg.Output(landed.feedback, metadata={"by_kind": preview(by_kind)}),
        dg.Output(
            landed.rejected, metadata={"reasons": preview(landed.rejected["reason"].value_counts().reset_index())}
        ),
    )


@dg.asset(kinds={"parquet", "python"}, pool="lake", **DERIVED)
def pilot_metrics(fct_ai_answers: pd.DataFrame) -> dg.Output[pd.DataFrame]:
    """One row per metric, phase, arm and cut (all, category, plan, language, channel, week, day, reason): numerator,
    denominator, window and interval, clustered by requester.
    """
    from assets.pilot_agent.verdict.pilot_metrics import pilot_metrics

    frame = pilot_metrics(fct_ai_answers)
    shown = frame[(frame["cut"] == "all") & ~frame["as_assigned"].fillna(False)]
    names = ["phase", "metric", "arm", "numerator", "denominator", "rate", "low", "high"]
    return dg.Output(frame, metadata={"over_all": preview(shown[names], 60)})


@dg.multi_asset(
    outs={
        "pilot_verdict": dg.AssetOut(
            description="One row per category and over all: expand, hold, roll back or keep collecting, with the reason in "
            "words and what sample would decide.",
            kinds={"parquet", "python"},
            **DERIVED,
        ),
        "pilot_conditions": dg.AssetOut(
            description="One row per group and registered condition: both rates, difference, interval, p-value, margin.",
            kinds={"parquet", "python"},
            **DERIVED,
        ),
        "pilot_looks": dg.AssetOut(
            description="One row per registered look that was made: what was decided then stands.",
            kinds={"parquet", "python"},
            **DERIVED,
        ),
        "pilot_notes": dg.AssetOut(
            description="One row per sentence on how far the figures can be trusted: draw, balance, tagging, agreement, "
            "what was set aside.",
            kinds={"parquet", "python"},
            **DERIVED,
        ),
    },
    pool="lake",
)
def judged_pilot(
    fct_ai_answers: pd.DataFrame,
    pilot_plan: pd.DataFrame,
    shadow_answers: pd.DataFrame,
    answer_reviews: pd.DataFrame,
    rollout_assignments: pd.DataFrame,
    accepted_categories: pd.DataFrame,
    desk: DeskResource,
) -> tuple[dg.Output[pd.DataFrame], dg.Output[pd.DataFrame], dg.Output[pd.DataFrame], dg.Output[pd.DataFrame]]:
    """Judge the pilot against what was registered, and against nothing else."""
    from assets.pilot_agent.report.pilot_findings import PilotFindings
    from assets.pilot_agent.report.pilot_page import pilot_pictures
    from assets.pilot_agent.verdict.published_verdict import publish_verdict

    found = publish_verdict(
        pilot_plan,
        fct_ai_answers,
        shadow_answers,
        answer_reviews,
        automated=accepted_categories.loc[accepted_categories["bucket"] == "automate", "category_id"]
        .astype(str)
        .tolist(),
        looks=desk.lake.previous("pilot_looks"),
    )
    words = "\n".join(f"- {sentence}" for sentence in found.sentences) or "no pilot is registered"
    shown = PilotFindings(plan=pilot_plan, verdict=found.verdicts, conditions=found.conditions)
    pictures = {name: picture(png) for name, png in pilot_pictures(shown).items()}
    return (
        dg.Output(
            found.verdicts,
            metadata={"verdict": dg.MetadataValue.md(words), "drawn": len(rollout_assignments), **pictures},
        ),
        dg.Output(found.conditions),
        dg.Output(found.looks),
        dg.Output(found.notes),
    )

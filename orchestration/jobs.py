"""What is run together, by name."""

import dagster as dg

from orchestration.stages import RUNNABLE

LANDED = dg.AssetSelection.assets("raw_tickets", "rejected_records")

land_exports_job = dg.define_asset_job(
    "land_exports_job",
    selection=LANDED | dg.AssetSelection.checks_for_assets("raw_tickets", "rejected_records"),
    description="Land one helpdesk export: every record readable or set aside with a reason.",
)

DESK_TABLES = dg.AssetSelection.assets("desk_fields", "desk_markers", "accepted_categories", "release_events")

desk_tables_job = dg.define_asset_job(
    "desk_tables_job",
    selection=DESK_TABLES,
    description="Read what people wrote in the desk; what follows from it is rebuilt by automation.",
)

KNOWLEDGE_SOURCES = (
    "ledger_events", "help_center_articles", "rejected_articles", "knowledge_entries", "rejected_entries", "pilot_plan",
)  # fmt: skip

knowledge_sources_job = dg.define_asset_job(
    "knowledge_sources_job",
    selection=dg.AssetSelection.assets(*KNOWLEDGE_SOURCES, "behavior_spec"),
    description="Read articles, entry files, the behavior spec, the pilot's plan and decisions; what follows is rebuilt by "
    "automation.",
)

LIVE_SIDE = ("live_decisions", "live_feedback", "rejected_live_events")

live_side_job = dg.define_asset_job(
    "live_side_job",
    selection=dg.AssetSelection.assets(*LIVE_SIDE),
    description="Land what the service recorded; no model is loaded, and nothing else is rebuilt.",
)

ARRIVED = (
    dg.AssetSelection.groups("audit_tickets")
    - dg.AssetSelection.assets("category_candidates", "ticket_intents", "training_roadmap")
) | dg.AssetSelection.assets("ledger_events")
"""Tickets as they stand and what people decided: what a pilot needs brought up to date, without learning anything anew."""


WEEKLY = ("micro_updates", "change_replays")
MONTHLY = ("candidate_release", "suggested_label_errors")
QUARTERLY = ("knowledge_audit",)
REPORTED = ("learning_report",)
PERIODIC = dg.AssetSelection.assets(*WEEKLY, *MONTHLY, *QUARTERLY, *REPORTED)
"""What is made a week, a month or a quarter at a time, by jobs of its own."""

weekly_micro_update_job = dg.define_asset_job(
    "weekly_micro_update_job",
    selection=dg.AssetSelection.assets(*WEEKLY),
    description="A release of the week's accepted fixes, replayed on the tickets they are about and on the regression set.",
)

monthly_retrain_job = dg.define_asset_job(
    "monthly_retrain_job",
    selection=dg.AssetSelection.assets(*MONTHLY),
    description="Everything learnt anew from what lies before the month's end, compared with the current release.",
)

quarterly_knowledge_audit_job = dg.define_asset_job(
    "quarterly_knowledge_audit_job",
    selection=dg.AssetSelection.assets(*QUARTERLY),
    description="The quarter's audit of all knowledge: a work list for every owner, with dates, and what has been done of it.",
)

monthly_learning_report_job = dg.define_asset_job(
    "monthly_learning_report_job",
    selection=dg.AssetSelection.assets(*REPORTED),
    description="What got better and what worse in a month, with plots, as one page.",
)

FIXED_KNOWLEDGE = (
    "ledger_events", "knowledge_entries", "rejected_entries", "knowledge_findings",
    "live_entries", "entries_set_aside", "knowledge_coverage", "knowledge_vectors", "answered_tickets",
    "behavior_spec", "changes",
)  # fmt: skip

fixed_knowledge_job = dg.define_asset_job(
    "fixed_knowledge_job",
    selection=DESK_TABLES | dg.AssetSelection.assets(*FIXED_KNOWLEDGE),
    description="What accepted fixes change: entries, their checks and vectors, the spec. Nothing is learnt anew: a micro-update makes an index of its own.",
)

effects_job = dg.define_asset_job(
    "effects_job",
    selection=dg.AssetSelection.assets("changes", "training_effects"),
    description="Where every change stands, and what it did.",
)


SAID_OF_ANSWERS = (
    "ledger_events", *LIVE_SIDE, "answer_reviews", "int_pilot_turns", "int_pilot_replies", "int_pilot_reviews", "fct_ai_answers",
    "fct_pilot_daily",
)  # fmt: skip
"""What people said of answers that are there: whoever looks for failures after a review wants it looked at too."""


def stage_selection(stage: str) -> dg.AssetSelection:
    """What people wrote, read anew, and everything of a stage but the partitioned landing, which has its own job."""
    said = DESK_TABLES | dg.AssetSelection.assets(*SAID_OF_ANSWERS)
    also = {"pilot_agent": ARRIVED, "retrain_agent": said, "sustain_learning": said}
    return (dg.AssetSelection.groups(stage) | also.get(stage, DESK_TABLES)) - LANDED - PERIODIC


stage_jobs = {
    stage: dg.define_asset_job(
        f"{stage}_job", selection=stage_selection(stage), description=f"Every asset and check of the stage {stage}."
    )
    for stage in RUNNABLE
}

draft_answers_job = dg.define_asset_job(
    "draft_answers_job",
    selection=(ARRIVED | DESK_TABLES | dg.AssetSelection.assets("pilot_plan", "shadow_answers", "answer_reviews"))
    - LANDED,
    description="Tickets that came, with what the agent would answer: enough for those who review; nothing is counted or judged.",
)

full_training_job = dg.define_asset_job(
    "full_training_job",
    selection=dg.AssetSelection.groups(*RUNNABLE) - LANDED - PERIODIC,
    description="All stages in order, on what has been landed.",
)

all_jobs = [
    land_exports_job,
    desk_tables_job,
    knowledge_sources_job,
    live_side_job,
    fixed_knowledge_job,
    effects_job,
    weekly_micro_update_job,
    monthly_retrain_job,
    quarterly_knowledge_audit_job,
    monthly_learning_report_job,
    *stage_jobs.values(),
    draft_answers_job,
    full_training_job,
]

"""What the lineage graph promises of every asset."""

import dagster as dg
import pytest

from orchestration.definitions import defs
from orchestration.stages import STAGES

SPECS = {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}
EXPECTED = {
    "raw_tickets", "rejected_records", "desk_fields", "desk_markers", "accepted_categories",
    "int_tickets_unioned", "int_ticket_comments_unioned", "fct_tickets", "fct_ticket_comments", "dim_requesters",
    "dim_categories", "redacted_comments", "ticket_vectors", "ticket_splits", "category_candidates", "ticket_intents",
    "training_roadmap", "release_events",
    "help_center_articles", "rejected_articles", "knowledge_drafts", "knowledge_entries", "rejected_entries",
    "knowledge_findings", "live_entries", "entries_set_aside", "knowledge_coverage", "knowledge_vectors",
    "answered_tickets", "retrieval_index", "ledger_events",
    "behavior_spec", "confidence_thresholds", "calibrated_answers", "risk_coverage", "regression_set", "agent_release",
    "live_decisions", "live_feedback", "rejected_live_events",
    "judged_answers", "failures", "failure_patterns", "fix_queue", "changes", "micro_updates", "change_replays",
    "candidate_release", "suggested_label_errors", "training_effects",
    "feedback_signals", "entry_trouble", "knowledge_drift", "knowledge_audit", "support_signals", "scope_proposals",
    "learning_report",
}  # fmt: skip
KNOWLEDGE = (
    "knowledge_is_fresh", "knowledge_does_not_contradict", "every_entry_has_an_owner", "knowledge_is_safe",
    "entries_know_training_tickets_only", "knowledge_freshness_contract",
)  # fmt: skip
"""What must be green before a release may be built."""


def test_the_stages_hold_the_designed_assets():
    assert set(SPECS) >= EXPECTED
    for helpdesk in ("zendesk", "freshdesk", "intercom", "generic"):
        assert any(name.startswith(f"stg_{helpdesk}__") for name in SPECS), helpdesk


@pytest.mark.parametrize("name", sorted(SPECS))
def test_every_asset_has_group_description_with_grain_owner_and_kinds(name):
    spec = SPECS[name]
    assert spec.group_name in STAGES
    assert spec.owners, "no owner"
    assert spec.kinds, "no kinds"
    description = spec.description or ""
    assert "one row" in description.lower() or "[" in description.split("\n")[0], f"no grain in: {description[:120]}"


def test_every_asset_without_dependencies_is_an_edge_of_the_platform():
    roots = {name for name, spec in SPECS.items() if not list(spec.deps)}
    assert roots == {
        "raw_tickets", "rejected_records", "desk_fields", "desk_markers", "accepted_categories", "release_events",
        "ledger_events",
    }  # fmt: skip


def test_contracts_guard_the_edges():
    checks = {f"{key.asset_key.to_user_string()}:{key.name}" for key in defs.resolve_asset_graph().asset_check_keys}
    for asset in ("raw_tickets", "redacted_comments", "ticket_intents", "training_roadmap"):
        assert f"{asset}:{asset}_contract" in checks
    assert {f"live_entries:{name}" for name in KNOWLEDGE} | {"knowledge_coverage:first_tier_is_covered"} <= checks
    for contract in (
        "knowledge_entries", "knowledge_coverage", "knowledge_vectors", "behavior_spec", "confidence_thresholds", "agent_release",
    ):  # fmt: skip
        assert f"{contract}:{contract}_contract" in checks
    for contract in ("live_decisions", "live_feedback"):
        assert f"{contract}:{contract}_contract" in checks
    assert {"raw_tickets:every_record_is_landed_or_rejected", "ticket_splits:splits_do_not_overlap"} <= checks


def test_what_would_ship_a_wrong_answer_blocks():
    graph = defs.resolve_asset_graph()
    blocking = {key.name for key in graph.asset_check_keys if graph.get(key).blocking}
    assert {*KNOWLEDGE, "first_tier_is_covered", "knowledge_vectors_contract", "splits_do_not_overlap"} <= blocking
    assert {
        "triggers_pass_their_suite", "confidence_thresholds_contract", "calibration_keeps_to_its_tickets",
        "regression_set_knows_no_holdout_ticket", "every_release_is_verified", "live_decisions_contract",
        "live_feedback_contract", "live_feedback_is_about_known_decisions", "every_live_event_is_landed_or_set_aside",
        "failures_contract", "every_failure_is_in_one_pattern", "fix_queue_contract", "fixes_know_training_tickets_only",
        "changes_are_measured_on_other_tickets", "training_effects_contract",
        "feedback_signals_contract", "knowledge_drift_contract", "support_signals_contract", "scope_proposals_contract",
        "knowledge_audit_contract", "learning_report_contract", "drift_shows_training_tickets_only",
        "signals_show_training_tickets_only",
    } <= blocking  # fmt: skip


def test_names_follow_the_house():
    for job in defs.resolve_all_job_defs():
        assert job.name.endswith("_job") or job.name == "__ASSET_JOB", job.name
    for sensor in defs.sensors or []:
        assert sensor.name.endswith("_sensor"), sensor.name
    assert {"audit_tickets_job", "full_training_job", "land_exports_job"} <= {
        job.name for job in defs.resolve_all_job_defs()
    }


def test_what_is_made_by_the_calendar_is_made_by_it_alone():
    """A run of a stage takes no week, month or quarter along, and no release rebuilds itself; what only tells does."""
    graph = defs.resolve_asset_graph()
    releases = {"micro_updates", "change_replays", "candidate_release", "suggested_label_errors"}
    periodic = releases | {"knowledge_audit", "learning_report"}
    for name in periodic:
        node = graph.get(dg.AssetKey(name))
        assert isinstance(node.partitions_def, dg.TimeWindowPartitionsDefinition), name
        assert (node.automation_condition is None) == (name in releases), name
    for job in ("full_training_job", "retrain_agent_job", "sustain_learning_job"):
        keys = {key.to_user_string() for key in defs.resolve_job_def(job).asset_layer.executable_asset_keys}
        assert not keys & periodic, job
    for job in ("full_training_job", "retrain_agent_job"):
        keys = {key.to_user_string() for key in defs.resolve_job_def(job).asset_layer.executable_asset_keys}
        assert {"failures", "failure_patterns", "fix_queue", "changes", "training_effects"} <= keys


def test_raw_tickets_has_a_freshness_policy():
    assert isinstance(SPECS["raw_tickets"].freshness_policy, dg.FreshnessPolicy)

"""Which dbt model belongs to which step, and that a desk without a pilot never meets the pilot's."""

import json

import pytest

from orchestration.dbt import MANIFEST, PILOT, dbt_audit_tickets, dbt_pilot_agent, stage_of
from orchestration.stages import OWNERS
from tests.dbt_project.lakes import dbt

STEPS = {"audit_tickets": dbt_audit_tickets, "pilot_agent": dbt_pilot_agent}


@pytest.mark.parametrize("stage", STEPS)
def test_a_step_builds_the_models_of_its_stage(stage):
    for spec in STEPS[stage].specs:
        assert (spec.group_name, spec.owners) == (stage, OWNERS[stage]), spec.key
    assert STEPS[stage].op.pool == "dbt"


def test_every_model_is_built_by_one_step():
    nodes = json.loads(MANIFEST.read_text())["nodes"].values()
    models = sorted(node["name"] for node in nodes if node["resource_type"] == "model")
    built = sorted(key.to_user_string() for step in STEPS.values() for key in step.keys)
    assert built == models


def test_what_is_asked_of_the_pilots_tables_is_a_check_of_the_pilots_step():
    nodes = json.loads(MANIFEST.read_text())["nodes"]
    pilots = {
        name for name, node in nodes.items() if node["resource_type"] == "model" and "pilot_agent" in node["tags"]
    }
    tests = [node for node in nodes.values() if node["resource_type"] == "test"]
    asked = sorted(node["name"] for node in tests if pilots & set(node["depends_on"]["nodes"]))
    assert sorted(check.name for check in dbt_pilot_agent.check_specs) == asked


def test_the_pilot_waits_for_everything_it_reads():
    deps = {dep.asset_key.to_user_string() for spec in dbt_pilot_agent.specs for dep in spec.deps}
    read = {"pilot_plan", "shadow_answers", "answer_reviews", "rollout_assignments", "outbox"}
    assert read | {"fct_tickets", "fct_ticket_comments"} <= deps
    assert not read & {dep.asset_key.to_user_string() for spec in dbt_audit_tickets.specs for dep in spec.deps}


def test_a_part_of_the_first_stage_takes_no_test_of_the_pilot_along(tmp_path):
    chosen = ["ls", "--quiet", "--resource-type", "test", "--select", "fct_tickets"]
    pilots = "assert_every_answered_ticket_is_in_fct_ai_answers_once"
    assert pilots in dbt(tmp_path, *chosen), "nothing to keep out: the exclusion in the step is no longer needed"
    left = dbt(tmp_path, *chosen, "--exclude", PILOT)
    assert "unique_fct_tickets_ticket_id" in left
    assert pilots not in left


def test_a_group_that_is_no_stage_is_refused():
    with pytest.raises(ValueError, match="'sales' is no stage"):
        stage_of({"name": "fct_sales", "meta": {"dagster": {"group": "sales"}}})

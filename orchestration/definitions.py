"""Everything Dagster knows of Understudy, put together once. ``build_defs`` lets tests swap resources."""

from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliResource

from assets.audit_tickets import assets as audit_tickets
from assets.audit_tickets import checks as audit_tickets_checks
from assets.build_knowledge import assets as build_knowledge
from assets.build_knowledge import checks as build_knowledge_checks
from assets.configure_behavior import assets as configure_behavior
from assets.configure_behavior import checks as configure_behavior_checks
from assets.pilot_agent import assets as pilot_agent
from assets.pilot_agent import checks as pilot_agent_checks
from assets.retrain_agent import assets as retrain_agent
from assets.retrain_agent import checks as retrain_agent_checks
from assets.sustain_learning import assets as sustain_learning
from assets.sustain_learning import checks as sustain_learning_checks
from orchestration.dbt import PROJECT, dbt_audit_tickets, dbt_executable, dbt_pilot_agent
from orchestration.io_managers import LakeIOManager
from orchestration.jobs import all_jobs
from orchestration.resources import DeskResource, EncoderResource, ProgressResource, default_desk_folder
from orchestration.schedules import all_schedules
from orchestration.sensors import all_sensors


def build_defs(resource_overrides: Mapping[str, Any] | None = None) -> dg.Definitions:
    """The code location; ``resource_overrides`` replaces resources by name."""
    desk = DeskResource(folder=default_desk_folder())
    resources: dict[str, Any] = {
        "desk": desk,
        "io_manager": LakeIOManager(desk=desk),
        "encoder": EncoderResource(desk=desk),
        "progress": ProgressResource(),
        "dbt": DbtCliResource(
            project_dir=str(PROJECT), profiles_dir=str(PROJECT), dbt_executable=str(dbt_executable())
        ),
    }
    return dg.Definitions(
        assets=[
            *dg.load_assets_from_modules(
                [audit_tickets, build_knowledge, configure_behavior, pilot_agent, retrain_agent, sustain_learning]
            ),
            dbt_audit_tickets,
            dbt_pilot_agent,
        ],
        asset_checks=dg.load_asset_checks_from_modules(
            [
                audit_tickets_checks,
                build_knowledge_checks,
                configure_behavior_checks,
                pilot_agent_checks,
                retrain_agent_checks,
                sustain_learning_checks,
            ]
        ),
        jobs=all_jobs,
        schedules=all_schedules,
        sensors=all_sensors,
        resources={**resources, **(resource_overrides or {})},
        executor=dg.in_process_executor,
    )


defs = build_defs()

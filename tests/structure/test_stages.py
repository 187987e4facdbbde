"""Stages that can be run have assets and a job; a stage without assets has neither, and says so."""

from orchestration.definitions import defs
from orchestration.stages import OWNERS, RUNNABLE, STAGES, WITHOUT_ASSETS


def test_a_stage_has_a_job_exactly_when_it_has_assets():
    with_assets = {spec.group_name for spec in defs.resolve_all_asset_specs()}
    jobs = {job.name for job in defs.resolve_all_job_defs()}
    assert with_assets == set(RUNNABLE)
    assert {stage for stage in STAGES if f"{stage}_job" in jobs} == set(RUNNABLE)
    assert set(STAGES) == {*RUNNABLE, *WITHOUT_ASSETS} == set(OWNERS)

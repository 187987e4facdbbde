"""What runs did, read from the instance: times by step and stage, what is red, never made, or did not follow."""

from __future__ import annotations

import time

import dagster as dg

from orchestration.run_record import Recorded

FOLLOWS = dg.AutomationCondition.eager()


@dg.asset(group_name="first")
def source():
    time.sleep(0.05)
    return 1


@dg.asset(group_name="second", automation_condition=FOLLOWS)
def follower(source):
    return source


@dg.asset(group_name="second", automation_condition=FOLLOWS)
def late(follower):
    return follower


@dg.asset(group_name="second")
def made_by_hand(follower):
    return follower


@dg.asset_check(asset=source)
def it_is_pretty():
    return dg.AssetCheckResult(passed=False)


ASSETS = [source, follower, late, made_by_hand]
DEFS = dg.Definitions(assets=ASSETS, asset_checks=[it_is_pretty])


def test_runs_steps_stages_and_what_did_not_follow():
    with dg.DagsterInstance.ephemeral() as instance:
        began = time.time() - 1
        dg.materialize(ASSETS, instance=instance, selection=[source, follower, late])
        dropped = time.time()
        dg.materialize([*ASSETS, it_is_pretty], instance=instance, selection=[source, follower])
        record = Recorded(instance, DEFS)
        assert len(record.runs(began)) == 2
        (run,) = record.runs(dropped)
        assert (run.status, run.is_under_way) == ("SUCCESS", False)
        assert run.seconds >= 0
        by_step = record.seconds_by_step([run])
        assert set(by_step) == {"source", "follower", "source_it_is_pretty"}
        assert by_step["source"] >= 0.05
        stages = record.seconds_by_stage(by_step)
        assert set(stages) == {"first", "second"}
        assert stages["first"] == round(by_step["source"] + by_step["source_it_is_pretty"], 1)
        assert record.standing() == {
            "checks_green": 0,
            "checks_red": ["source: it_is_pretty"],
            "never_materialised": ["made_by_hand"],
        }
        assert record.not_followed("source", dropped) == ["late"]
        assert record.not_followed("source", began) == []

"""How checks stand: by their last finished evaluation, whatever happened to the one after."""

import dagster as dg
from dagster._core.definitions.asset_checks.asset_check_evaluation import AssetCheckEvaluationPlanned
from dagster._core.events import DagsterEvent
from dagster._core.events.log import EventLogEntry

from orchestration.check_states import check_states, red_blocking_checks

STATE = {"is_fine": True, "raises": False}


@dg.asset
def frame():
    return 1


@dg.asset
def agent_release():
    return 1


@dg.asset_check(asset=frame, blocking=True)
def it_is_fine():
    if STATE["raises"]:
        raise RuntimeError("the check itself is broken")
    return dg.AssetCheckResult(passed=STATE["is_fine"])


@dg.asset_check(asset=frame)
def it_is_pretty():
    return dg.AssetCheckResult(passed=False)


@dg.asset_check(asset=agent_release, blocking=True)
def every_release_is_verified():
    return dg.AssetCheckResult(passed=False)


CHECKS = [it_is_fine, it_is_pretty, every_release_is_verified]


def run(instance, is_fine: bool = True, raises: bool = False) -> None:
    STATE.update(is_fine=is_fine, raises=raises)
    dg.materialize([frame, agent_release, *CHECKS], instance=instance, raise_on_error=False)


def graph():
    return dg.Definitions(assets=[frame, agent_release], asset_checks=CHECKS).resolve_asset_graph()


def test_a_check_that_never_ran_is_neither_green_nor_red():
    with dg.DagsterInstance.ephemeral() as instance:
        assert check_states(instance, graph()) == {}
        assert red_blocking_checks(instance, graph()) == []


def test_red_blocking_checks_are_named_with_their_asset_and_others_are_not():
    with dg.DagsterInstance.ephemeral() as instance:
        run(instance)
        assert red_blocking_checks(instance, graph()) == []
        assert check_states(instance, graph())[frame.key] == (1, ["it_is_pretty"])
        run(instance, is_fine=False)
        assert red_blocking_checks(instance, graph()) == ["frame: it_is_fine"]
        assert red_blocking_checks(instance, graph(), leave_out=()) == [
            "agent_release: every_release_is_verified",
            "frame: it_is_fine",
        ]
        run(instance)
        assert red_blocking_checks(instance, graph()) == []


def test_a_check_whose_code_failed_is_red():
    with dg.DagsterInstance.ephemeral() as instance:
        run(instance)
        run(instance, raises=True)
        assert red_blocking_checks(instance, graph()) == ["frame: it_is_fine"]


def test_an_evaluation_that_is_only_planned_does_not_hide_the_one_before():
    with dg.DagsterInstance.ephemeral() as instance:
        run(instance, is_fine=False)
        key = dg.AssetCheckKey(frame.key, "it_is_fine")
        event = DagsterEvent(
            dg.DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED.value,
            "job",
            event_specific_data=AssetCheckEvaluationPlanned(asset_key=frame.key, check_name="it_is_fine"),
        )
        instance.store_event(EventLogEntry(None, 10, "", "a-run-that-was-killed", 0.0, dagster_event=event))
        newest = instance.event_log_storage.get_asset_check_execution_history(key, limit=1)[0]
        assert newest.run_id == "a-run-that-was-killed"
        assert red_blocking_checks(instance, graph()) == ["frame: it_is_fine"]

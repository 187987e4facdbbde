"""How the instance's asset checks stand, by their last finished evaluation.

Belongs here: reading the event log. Does not belong here: what a red check stops (``releases``), showing it (``cli``).
"""

import dagster as dg
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus

_LOOKED_AT = 5
"""Evaluations looked at, so that one that is only planned (or whose run was killed) does not hide the one before."""


def check_states(instance: dg.DagsterInstance, graph) -> dict[dg.AssetKey, tuple[int, list[str]]]:
    """For every asset: how many checks are green, and the names of the red ones.

    A check whose code failed is red: nobody knows that its claim holds.
    """
    states: dict[dg.AssetKey, tuple[int, list[str]]] = {}
    for key in graph.asset_check_keys:
        passed = has_passed(instance, key)
        if passed is None:
            continue
        green, red = states.get(key.asset_key, (0, []))
        states[key.asset_key] = (green + passed, red if passed else [*red, key.name])
    return states


def red_blocking_checks(
    instance: dg.DagsterInstance, graph, leave_out: tuple[str, ...] = ("agent_release",)
) -> list[str]:
    """Names (``asset: check``) of the blocking checks that are red, sorted.

    ``leave_out`` names assets whose checks are about something else: those of a release are about one that was built
    before, and must not keep the next one back.
    """
    return sorted(
        f"{node.key.asset_key.to_user_string()}: {node.key.name}"
        for node in graph.asset_check_nodes
        if node.blocking
        and node.key.asset_key.to_user_string() not in leave_out
        and has_passed(instance, node.key) is False
    )


def has_passed(instance: dg.DagsterInstance, key: dg.AssetCheckKey) -> bool | None:
    """Whether a check passed when it last ran to an end; None when it never did. One whose code failed did not pass."""
    for record in instance.event_log_storage.get_asset_check_execution_history(key, limit=_LOOKED_AT):
        if record.status == AssetCheckExecutionRecordStatus.PLANNED:
            if _has_failed_to_run(instance, key, record.run_id):
                return False
            continue
        event = record.event.dagster_event if record.event else None
        evaluation = event.event_specific_data if event else None
        return bool(evaluation.passed) if isinstance(evaluation, dg.AssetCheckEvaluation) else False
    return None


def _has_failed_to_run(instance: dg.DagsterInstance, key: dg.AssetCheckKey, run_id: str) -> bool:
    """Whether the check's own step failed in a run, rather than was never reached."""
    step = f"{'__'.join(key.asset_key.path)}_{key.name}"
    failures = instance.all_logs(run_id, of_type=dg.DagsterEventType.STEP_FAILURE)
    return any(entry.step_key == step for entry in failures)

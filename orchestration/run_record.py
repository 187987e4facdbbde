"""What a desk's runs did, as plain records: which ran when, how long each step took, what was never made, what did not follow.

Belongs here: reading the instance's event log beside the graph as it is defined now. Does not belong here: running anything,
the last runs as a page shows them (``last_runs``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import dagster as dg

from desk.loading import Desk
from orchestration.check_states import check_states
from orchestration.instance import prepare_environment

UNDER_WAY = (
    dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
)  # fmt: skip
AUTOMATION = "automation"
SHOWN_ID = 8


@dataclass(frozen=True)
class RunRecord:
    """A run: when it was asked for, started and ended (seconds since 1970; None: not yet), by which job, on which assets."""

    run_id: str
    job: str
    status: str
    is_under_way: bool
    started: float | None
    ended: float | None
    assets: tuple[str, ...]
    tags: dict[str, str]

    @property
    def seconds(self) -> float:
        return round(self.ended - self.started, 1) if self.ended and self.started else 0.0


class Recorded:
    """One instance, beside the definitions as they are now."""

    def __init__(self, instance: dg.DagsterInstance, defs: dg.Definitions) -> None:
        self._instance = instance
        self._defs = defs
        self._graph = defs.resolve_asset_graph()

    def runs(self, since: float, until: float | None = None) -> list[RunRecord]:
        """Runs that were asked for from a moment on (until another), the first first."""
        filters = dg.RunsFilter(
            created_after=dt.datetime.fromtimestamp(since, dt.UTC),
            created_before=None if until is None else dt.datetime.fromtimestamp(until, dt.UTC),
        )
        found = [_record(one) for one in self._instance.get_run_records(filters, ascending=True)]
        return sorted(found, key=lambda one: (one.started is None, one.started or 0.0))

    def seconds_by_step(self, runs: list[RunRecord]) -> dict[str, float]:
        """Seconds of each step (an asset, several, or a check) over these runs, the longest first."""
        found: dict[str, float] = {}
        for run in runs:
            for stats in self._instance.get_run_step_stats(run.run_id):
                if stats.start_time is not None and stats.end_time is not None:
                    found[stats.step_key] = found.get(stats.step_key, 0.0) + stats.end_time - stats.start_time
        return {name: round(seconds, 1) for name, seconds in sorted(found.items(), key=lambda one: -one[1])}

    def seconds_by_stage(self, by_step: dict[str, float]) -> dict[str, float]:
        """``seconds_by_step`` by stage; a check counts with the stage of its asset."""
        stage = self._stages()
        found: dict[str, float] = {}
        for step, seconds in by_step.items():
            owner = max((name for name in stage if step == name or step.startswith(f"{name}_")), key=len, default="")
            mine = stage.get(owner, "other")
            found[mine] = round(found.get(mine, 0.0) + seconds, 1)
        return dict(sorted(found.items()))

    def standing(self) -> dict[str, Any]:
        """How many checks are green, the red ones by name, and the assets that were never made."""
        states = check_states(self._instance, self._graph)
        return {
            "checks_green": sum(green for green, _ in states.values()),
            "checks_red": sorted(f"{key.to_user_string()}: {one}" for key, (_, red) in states.items() for one in red),
            "never_materialised": sorted(
                key.to_user_string() for key in self._graph.get_all_asset_keys() if self._made_at(key) is None
            ),
        }

    def not_followed(self, source: str, since: float) -> list[str]:
        """Assets below ``source`` that follow by themselves and were last made before a moment, or never."""
        below, seen = [dg.AssetKey(source)], set[dg.AssetKey]()
        while below:
            more = set(self._graph.get(below.pop()).child_keys) - seen
            seen |= more
            below += more
        late = [key for key in seen if self._graph.get(key).automation_condition and (self._made_at(key) or 0) < since]
        return sorted(key.to_user_string() for key in late)

    def _made_at(self, key: dg.AssetKey) -> float | None:
        event = self._instance.get_latest_materialization_event(key)
        return None if event is None else event.timestamp

    def _stages(self) -> dict[str, str]:
        """Stage by asset, and by step where one makes several."""
        found = {key.to_user_string(): str(self._graph.get(key).group_name) for key in self._graph.get_all_asset_keys()}
        for one in self._defs.assets or []:
            if isinstance(one, dg.AssetsDefinition) and one.keys:
                found[one.op.name] = found[next(iter(one.keys)).to_user_string()]
        return found


@contextmanager
def recorded(desk: Desk) -> Iterator[Recorded]:
    """What the desk's instance holds; this process is pointed at the desk."""
    prepare_environment(desk)
    from orchestration.definitions import defs

    with dg.DagsterInstance.get() as instance:
        yield Recorded(instance, defs)


def _record(record: dg.RunRecord) -> RunRecord:
    run = record.dagster_run
    return RunRecord(
        run_id=run.run_id,
        job=AUTOMATION if run.job_name.startswith("__") else run.job_name,
        status=run.status.value,
        is_under_way=run.status in UNDER_WAY,
        started=record.start_time,
        ended=record.end_time,
        assets=tuple(sorted(key.to_user_string() for key in run.asset_selection or ())),
        tags=dict(run.tags),
    )

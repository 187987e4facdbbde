"""How the last runs of a desk went, read from its instance without loading the graph: cheap enough for a page.

Belongs here: reading what the instance recorded. Does not belong here: the checks of the graph as it is defined now
(``check_states``), running anything.
"""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desk.loading import Desk

if TYPE_CHECKING:
    import dagster as dg

_LOOKED_AT = 200
"""Runs looked at for the last of each kind."""


@dataclass(frozen=True)
class LastRun:
    """The last run of a job. ``ended_at`` is None as long as it runs."""

    job: str
    succeeded: bool
    ended_at: dt.datetime | None


@dataclass(frozen=True)
class RedCheck:
    """A check that failed when it last ran to an end, which was at ``ran_at``: what people did since is not in it."""

    asset: str
    name: str
    is_blocking: bool
    why: str
    ran_at: dt.datetime


@dataclass(frozen=True)
class LastRuns:
    """The last run of each job, the newest first, and the checks that are red, blocking ones first."""

    runs: tuple[LastRun, ...]
    red_checks: tuple[RedCheck, ...]


def last_runs(desk: Desk) -> LastRuns | None:
    """What the desk's instance recorded; None where nothing was ever run."""
    if not (desk.home / "dagster" / "dagster.yaml").is_file():
        return None
    import dagster as dg

    from orchestration.instance import driver_url

    if desk.postgres_url:
        os.environ.setdefault(f"{desk.settings.storage.postgres_url_env}_DAGSTER", driver_url(desk.postgres_url))
    with dg.DagsterInstance.from_config(str(desk.home / "dagster")) as instance:
        found = LastRuns(_runs(instance), _red_checks(instance))
    return found if found.runs else None


def _runs(instance: dg.DagsterInstance) -> tuple[LastRun, ...]:
    import dagster as dg

    newest: dict[str, LastRun] = {}
    for record in instance.get_run_records(limit=_LOOKED_AT):
        run = record.dagster_run
        ended = None if record.end_time is None else dt.datetime.fromtimestamp(record.end_time, dt.UTC)
        one = LastRun(run.job_name.removesuffix("_job"), run.status == dg.DagsterRunStatus.SUCCESS, ended)
        newest.setdefault(run.job_name, one)
    return tuple(newest.values())


def _red_checks(instance: dg.DagsterInstance) -> tuple[RedCheck, ...]:
    """By the last evaluation of every check that any run recorded in the assets' last materialisations."""
    import dagster as dg
    from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable
    from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage
    from sqlalchemy import select

    storage = instance.event_log_storage
    if not isinstance(storage, SqlEventLogStorage):
        return ()
    table = AssetCheckExecutionsTable
    with storage.index_connection() as connection:
        names = connection.execute(select(table.c.asset_key, table.c.check_name).distinct()).fetchall()
    keys = [key for asset, name in names if (key := _key(asset, name)) is not None]
    found = []
    for key, record in storage.get_latest_asset_check_execution_by_key(keys).items():
        event = record.event.dagster_event if record.event else None
        evaluation = event.event_specific_data if event else None
        if isinstance(evaluation, dg.AssetCheckEvaluation) and not evaluation.passed:
            is_blocking = bool(evaluation.blocking) and evaluation.severity == dg.AssetCheckSeverity.ERROR
            asset = key.asset_key.to_user_string()
            ran_at = dt.datetime.fromtimestamp(record.create_timestamp, dt.UTC)
            found.append(RedCheck(asset, key.name, is_blocking, evaluation.description or "", ran_at))
    return tuple(sorted(found, key=lambda one: (not one.is_blocking, one.asset, one.name)))


def _key(asset: Any, name: Any) -> dg.AssetCheckKey | None:
    """A check's key from a row; None for a row that names no asset."""
    import dagster as dg

    place = dg.AssetKey.from_db_string(asset)
    return dg.AssetCheckKey(place, name) if place is not None and name else None

"""``understudy run weekly``, ``monthly``, ``quarterly`` and ``effects``: what is made by the calendar, when a person asks for it.

Belongs here: which week, month or quarter, and the jobs of each. Does not belong here: executing them (``running``), how what
came of them is said (``period_words``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import dagster as dg
from rich.console import Console

from desk.loading import Desk
from ledger.releases import current_release
from orchestration.cli.period_words import audit_lines, candidate_lines, report_lines, update_lines
from orchestration.cli.running import Outcome, execute, running
from orchestration.cli.terminal import Display
from orchestration.jobs import (
    monthly_learning_report_job,
    monthly_retrain_job,
    quarterly_knowledge_audit_job,
    weekly_micro_update_job,
)
from orchestration.lake import Lake
from orchestration.partitions import FIRST_DAY, monthly_partitions, quarterly_partitions, weekly_partitions
from orchestration.people.knowledge_desk import ledger_of
from orchestration.resources import given_as_of


@dataclass(frozen=True)
class Period:
    """What is made of one week, month or quarter. needs_fixes: whether accepted fixes have to be taken up before."""

    partitions: dg.TimeWindowPartitionsDefinition
    jobs: tuple[str, ...]
    needs_fixes: bool = False


WEEKLY, MONTHLY, QUARTERLY = "weekly", "monthly", "quarterly"
PERIODS: Mapping[str, Period] = {
    WEEKLY: Period(weekly_partitions, (weekly_micro_update_job.name,), needs_fixes=True),
    MONTHLY: Period(monthly_partitions, (monthly_retrain_job.name, monthly_learning_report_job.name), needs_fixes=True),
    QUARTERLY: Period(quarterly_partitions, (quarterly_knowledge_audit_job.name,)),
}


class PeriodError(ValueError):
    """There is no such week, month or quarter; ``str()`` says which there are."""


def run_period(desk: Desk, period: str, partition: str | None, console: Console) -> Outcome:
    """Materialise what belongs to one week, month or quarter.

    Args:
        period: of ``PERIODS``. partition: the first day of it, YYYY-MM-DD; by default the one under way, by
            ``UNDERSTUDY_AS_OF`` where it is set, else by the clock on the wall, which is that of people who accept fixes.

    Raises:
        PeriodError: there is no such week, month or quarter.
    """
    what = PERIODS[period]
    key = _partition_of(what.partitions, partition)
    outcome = Outcome()
    with running(desk, console) as (defs, lake, instance, shown):
        if what.needs_fixes:
            execute(defs, "fixed_knowledge_job", instance, {}, shown, outcome)
        for job in what.jobs:
            if outcome.succeeded:
                execute(defs, job, instance, {}, shown, outcome, key)
        if outcome.succeeded:
            outcome.said += _lines(desk, lake, period, key)
            if what.needs_fixes:
                _measure(defs, lake, instance, shown, outcome)
    return outcome


def run_due(desk: Desk, console: Console) -> Outcome:
    """Materialise what the calendar would have made by now and never was: the week, month and quarter that the data's clock is
    in. What was made once is left to its schedule and to whoever asks for it; the report and the audit are brought up to date.
    Data from before the calendar begins, or from after the clock on the wall, has no such periods: a note says so.
    """
    outcome = Outcome()
    with running(desk, console) as (defs, lake, instance, shown):
        at = _clock(desk, lake)
        for period in PERIODS.values():
            try:
                key = _partition_of(period.partitions, None, at)
            except PeriodError as error:
                outcome.warnings.append(f"nothing was made by the calendar: {error}")
                break
            for job in period.jobs:
                if outcome.succeeded and (job in _CHEAP or not _is_made(instance, defs, job, key)):
                    execute(defs, job, instance, {}, shown, outcome, key)
    return outcome


def run_report_of(desk: Desk, period: str, console: Console) -> Outcome:
    """Only what a month's report or a quarter's audit says, of the one that is under way; nothing is learnt anew."""
    what = PERIODS[period]
    outcome = Outcome()
    with running(desk, console) as (defs, lake, instance, shown):
        key = _partition_of(what.partitions, None)
        for job in _CHEAP.intersection(what.jobs):
            execute(defs, job, instance, {}, shown, outcome, key)
        if outcome.succeeded:
            outcome.said += audit_lines(lake, key) if period == QUARTERLY else report_lines(lake, key[:7])
    return outcome


def run_effects(desk: Desk, console: Console) -> Outcome:
    """Say anew where every change stands and what it did."""
    outcome = Outcome()
    with running(desk, console) as (defs, lake, instance, shown):
        _measure(defs, lake, instance, shown, outcome)
    return outcome


_CHEAP = frozenset({monthly_learning_report_job.name, quarterly_knowledge_audit_job.name})


def _is_made(instance: dg.DagsterInstance, defs: dg.Definitions, job: str, key: str) -> bool:
    keys = defs.resolve_job_def(job).asset_layer.executable_asset_keys
    return all(key in instance.get_materialized_partitions(one) for one in keys)


def _clock(desk: Desk, lake: Lake) -> dt.datetime | None:
    """The data's clock; None, for the wall's, where there is no ticket."""
    from orchestration.resources import DeskResource

    tickets = lake.read("fct_tickets", ["created_at", "updated_at"])
    return None if tickets.empty else DeskResource(folder=str(desk.folder)).as_of(tickets).to_pydatetime()


def _lines(desk: Desk, lake: Lake, period: str, key: str) -> list[str]:
    if period == QUARTERLY:
        return audit_lines(lake, key)
    with ledger_of(desk) as ledger:
        activation = current_release(ledger)
    current = activation.release_id if activation else None
    if period == WEEKLY:
        return update_lines(lake, key, current)
    return [*candidate_lines(lake, key[:7], current), *report_lines(lake, key[:7])]


def _measure(defs: dg.Definitions, lake: Lake, instance: dg.DagsterInstance, shown: Display, outcome: Outcome) -> None:
    execute(defs, "effects_job", instance, {}, shown, outcome)
    if outcome.succeeded:
        outcome.said += lake.read("training_effects", ["sentence"])["sentence"].tolist()


def _partition_of(
    partitions: dg.TimeWindowPartitionsDefinition, given: str | None, at: dt.datetime | None = None
) -> str:
    if given is None:
        try:
            at = at or given_as_of() or dt.datetime.now(dt.UTC)
        except ValueError as error:
            raise PeriodError(str(error)) from error
        given = partitions.get_partition_key_for_timestamp(at.timestamp())
    if not partitions.has_partition_key(given):
        last = partitions.get_last_partition_key()
        raise PeriodError(f"'{given}' is none of the partitions; they begin so: {FIRST_DAY}, and the last is {last}.")
    return given

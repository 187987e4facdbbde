"""When work runs by the calendar: the weekly micro-update, the monthly retrain and report, and the quarterly audit of knowledge,
in UTC.

None makes a release current: they build what people then sign, and say what people have to look at.
"""

import datetime as dt

import dagster as dg

from desk.loading import DeskError, load_desk
from desk.schedule import Schedule
from orchestration.jobs import (
    monthly_learning_report_job,
    monthly_retrain_job,
    quarterly_knowledge_audit_job,
    weekly_micro_update_job,
)
from orchestration.partitions import monthly_partitions, quarterly_partitions, weekly_partitions
from orchestration.resources import default_desk_folder


def _hours() -> Schedule:
    """The desk's hours; the usual ones where the desk cannot be read, which the sensors say."""
    try:
        return load_desk(default_desk_folder()).settings.schedule
    except DeskError:
        return Schedule()


HOURS = _hours()


def _last_whole(partitions: dg.TimeWindowPartitionsDefinition, at: dt.datetime) -> dg.RunRequest:
    """One run, for the newest partition that had ended at a moment."""
    under_way = partitions.time_window_for_partition_key(partitions.get_partition_key_for_timestamp(at.timestamp()))
    key = partitions.get_partition_key_for_timestamp(under_way.start.timestamp() - 1)
    return dg.RunRequest(run_key=key, partition_key=key)


@dg.schedule(
    job=weekly_micro_update_job,
    cron_schedule=f"0 {HOURS.hour} * * {HOURS.weekday}",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Builds a release of the fixes that were accepted in the week that ended; people sign it.",
)
def weekly_micro_update_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """One run a week, for the last whole one."""
    return _last_whole(weekly_partitions, context.scheduled_execution_time)


@dg.schedule(
    job=monthly_retrain_job,
    cron_schedule=f"0 {HOURS.hour} 1 * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Learns everything anew from what lies before the month's end, and says whether that may take over.",
)
def monthly_retrain_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """One run a month, for the last whole one."""
    return _last_whole(monthly_partitions, context.scheduled_execution_time)


@dg.schedule(
    job=monthly_learning_report_job,
    cron_schedule=f"0 {(HOURS.hour + 4) % 24} 1 * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Says what got better and what worse in the month that ended; a few hours after its retrain.",
)
def monthly_learning_report_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """One run a month, for the last whole one."""
    return _last_whole(monthly_partitions, context.scheduled_execution_time)


@dg.schedule(
    job=quarterly_knowledge_audit_job,
    cron_schedule=f"0 {HOURS.hour} 1 1,4,7,10 *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Draws up the audit of the quarter that begins: for every owner a list of what to look at, with dates.",
)
def quarterly_knowledge_audit_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """One run a quarter, on its first day: the list is for the quarter that begins, not for the one that ended."""
    quarter = quarterly_partitions.get_partition_key_for_timestamp(context.scheduled_execution_time.timestamp())
    return dg.RunRequest(run_key=quarter, partition_key=quarter)


all_schedules = [
    weekly_micro_update_schedule,
    monthly_retrain_schedule,
    monthly_learning_report_schedule,
    quarterly_knowledge_audit_schedule,
]

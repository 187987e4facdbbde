"""The calendar: the last whole week and month, in UTC, whatever clocks do."""

import datetime as dt

import dagster as dg
import pytest

from orchestration.definitions import defs
from orchestration.partitions import monthly_partitions, quarterly_partitions, weekly_partitions
from orchestration.schedules import (
    monthly_learning_report_schedule,
    monthly_retrain_schedule,
    quarterly_knowledge_audit_schedule,
    weekly_micro_update_schedule,
)


@pytest.mark.parametrize(
    ("at", "week"),
    [
        ("2026-03-30T04:00", "2026-03-23"),  # clocks went forward on the Sunday between
        ("2026-10-26T04:00", "2026-10-19"),  # and back
        ("2026-06-15T00:00", "2026-06-08"),  # the first moment of a week
        ("2026-06-18T09:30", "2026-06-08"),  # started late
        ("2027-01-04T04:00", "2026-12-28"),  # a week of two years
    ],
)
def test_the_week_that_ended_is_taken_up(at, week):
    moment = dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC)
    asked = weekly_micro_update_schedule(dg.build_schedule_context(scheduled_execution_time=moment))
    assert asked.partition_key == week
    window = weekly_partitions.time_window_for_partition_key(week)
    assert window.start.weekday() == 0
    assert window.end - window.start == dt.timedelta(days=7)
    assert window.end <= moment


@pytest.mark.parametrize(
    ("at", "month"), [("2026-03-01T04:00", "2026-02-01"), ("2026-01-01T04:00", "2025-12-01"), ("2026-07-09T04:00", "2026-06-01")]
)  # fmt: skip
def test_the_month_that_ended_is_taken_up(at, month):
    moment = dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC)
    for schedule in (monthly_retrain_schedule, monthly_learning_report_schedule):
        asked = schedule(dg.build_schedule_context(scheduled_execution_time=moment))
        assert asked.partition_key == month
    assert monthly_partitions.has_partition_key(month)


@pytest.mark.parametrize(
    ("at", "quarter"), [("2026-07-01T04:00", "2026-07-01"), ("2026-01-01T00:00", "2026-01-01"), ("2026-08-09T04:00", "2026-07-01")]
)  # fmt: skip
def test_the_audit_is_of_the_quarter_that_begins(at, quarter):
    moment = dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC)
    asked = quarterly_knowledge_audit_schedule(dg.build_schedule_context(scheduled_execution_time=moment))
    assert asked.partition_key == quarter
    window = quarterly_partitions.time_window_for_partition_key(quarter)
    assert window.start <= moment < window.end


def test_what_is_under_way_can_be_run_at_once():
    now = dt.datetime.now(dt.UTC)
    for partitions in (weekly_partitions, monthly_partitions, quarterly_partitions):
        assert partitions.has_partition_key(partitions.get_partition_key_for_timestamp(now.timestamp()))


def test_schedules_run_by_default_and_are_named_after_their_jobs():
    for schedule in defs.schedules or []:
        assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING
        assert schedule.name.removesuffix("_schedule") == schedule.job_name.removesuffix("_job")
        assert schedule.execution_timezone == "UTC"

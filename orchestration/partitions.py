"""How assets are cut: exports by the hash of their content; weeks, months and quarters in UTC.

The week, the month and the quarter that are under way are there from their first day on, so that a fix that cannot wait needs not wait;
the schedules take up those that ended.
"""

import dagster as dg

FIRST_DAY = "2024-01-01"
"""A Monday, and the first of a month and of a quarter."""

exports_partitions = dg.DynamicPartitionsDefinition(name="exports")
weekly_partitions = dg.WeeklyPartitionsDefinition(start_date=FIRST_DAY, day_offset=1, end_offset=1)
monthly_partitions = dg.MonthlyPartitionsDefinition(start_date=FIRST_DAY, end_offset=1)
quarterly_partitions = dg.TimeWindowPartitionsDefinition(
    start=FIRST_DAY, cron_schedule="0 0 1 1,4,7,10 *", fmt="%Y-%m-%d", end_offset=1
)

"""How assets are cut: exports by the hash of their content; weeks and months in UTC.

The week and the month that are under way are there from their first day on, so that a fix that cannot wait needs not wait;
the schedules take up those that ended.
"""

import dagster as dg

FIRST_DAY = "2024-01-01"
"""A Monday, and the first of a month."""

exports_partitions = dg.DynamicPartitionsDefinition(name="exports")
weekly_partitions = dg.WeeklyPartitionsDefinition(start_date=FIRST_DAY, day_offset=1, end_offset=1)
monthly_partitions = dg.MonthlyPartitionsDefinition(start_date=FIRST_DAY, end_offset=1)

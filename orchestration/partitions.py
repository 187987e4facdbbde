"""How assets are cut: one partition an export, named by the hash of its content."""

import dagster as dg

exports_partitions = dg.DynamicPartitionsDefinition(name="exports")

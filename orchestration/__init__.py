"""When and where work runs: one Dagster noun a file. Domain logic lives in ``assets``; nothing here computes results."""

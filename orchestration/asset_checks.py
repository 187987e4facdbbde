"""How a Great Expectations contract becomes an asset check. What a check compares lives beside its stage."""

from collections.abc import Set as AbstractSet

import dagster as dg
import pandas as pd

from orchestration.resources import DeskResource


def contract_result(
    context: dg.AssetCheckExecutionContext, desk: DeskResource, contract: str, frame
) -> dg.AssetCheckResult:
    """Validate ``frame`` against a contract, publish Data Docs, and say in the check's metadata what failed."""
    from expectations.validation import validate

    result = validate(contract, frame, desk.lake.home / "expectations")
    context.log.info(f"{contract}: {result.expectations} expectations over {result.rows:,} rows")
    return dg.AssetCheckResult(
        passed=result.passed,
        metadata={
            "expectations": result.expectations,
            "rows": result.rows,
            "failures": dg.MetadataValue.md("\n".join(f"- {line}" for line in result.failures) or "none"),
            "data_docs": dg.MetadataValue.url(result.page.as_uri()),
        },
        description="; ".join(result.failures) or None,
    )


def training_tickets_only(used: AbstractSet[str], ticket_splits: pd.DataFrame) -> dg.AssetCheckResult:
    """Whether every ticket that was used is on the training side of the split."""
    train = set(ticket_splits.loc[ticket_splits["split"] == "train", "ticket_id"])
    return dg.AssetCheckResult(passed=used <= train, metadata={"tickets": len(used), "outside": len(used - train)})

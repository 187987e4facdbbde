"""How a Great Expectations contract becomes an asset check. What a check compares lives beside its stage."""

import dagster as dg

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

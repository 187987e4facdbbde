"""When an asset follows what it is made from."""

import dagster as dg


def follow_upstream() -> dg.AutomationCondition:
    """Materialise when something upstream is newer, nothing upstream is under way, and no blocking check is red."""
    return (dg.AutomationCondition.eager() & dg.AutomationCondition.all_deps_blocking_checks_passed()).with_label(
        "upstream is newer and its blocking checks are green"
    )

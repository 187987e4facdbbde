"""When an asset follows what it is made from."""

from dagster import AutomationCondition


def follow_upstream() -> AutomationCondition:
    """Materialise when something upstream is newer, nothing upstream is under way, and no blocking check is red."""
    red = AutomationCondition.any_checks_match(AutomationCondition.check_failed(), blocking_only=True)
    # Asking that checks have passed, instead, would let only one layer of the graph run at every tick.
    return (AutomationCondition.eager() & ~AutomationCondition.any_deps_match(red)).with_label(
        "upstream is newer and none of its blocking checks is red"
    )

"""Claims about stage 5. What is red here means that failures are misread, or that a fix knows what it is measured on."""

import dagster as dg
import pandas as pd

from orchestration.asset_checks import contract_result
from orchestration.previews import preview
from orchestration.resources import DeskResource


@dg.asset_check(
    asset="failures",
    blocking=True,
    description="Great Expectations: every failure has a known type, how sure that is, and evidence.",
)
def failures_contract(
    context: dg.AssetCheckExecutionContext, failures: pd.DataFrame, desk: DeskResource
) -> dg.AssetCheckResult:
    """The contract over every failure."""
    return contract_result(context, desk, "failures_contract", failures)


@dg.asset_check(
    asset="failure_patterns",
    additional_ins={"failures": dg.AssetIn("failures")},
    blocking=True,
    description="Every failure is in a pattern, none in two that are open, and no open pattern holds one that is not there.",
)
def every_failure_is_in_one_pattern(failure_patterns: pd.DataFrame, failures: pd.DataFrame) -> dg.AssetCheckResult:
    """Nothing is lost or counted twice between failures and patterns; what came after they were grouped is not asked for."""
    grouped = ~(failures["occurred_at"] > failure_patterns["last_seen_as_of"].max())
    held = failure_patterns["failure_ids"].explode().dropna()
    still_open = failure_patterns.loc[failure_patterns["status"] == "open", "failure_ids"].explode().dropna()
    twice = sorted(set(still_open[still_open.duplicated()]))
    lost = sorted(set(failures.loc[grouped, "failure_id"]) - set(held))
    foreign = sorted(set(still_open) - set(failures["failure_id"]))
    return dg.AssetCheckResult(
        passed=not (twice or lost or foreign),
        metadata={"in_two": twice[:20], "in_none": lost[:20], "unknown": foreign[:20]},
    )


@dg.asset_check(
    asset="fix_queue",
    blocking=True,
    description="Great Expectations: every fix has a kind, a reason and a proposal; open ones are ranked without a gap.",
)
def fix_queue_contract(
    context: dg.AssetCheckExecutionContext, fix_queue: pd.DataFrame, desk: DeskResource
) -> dg.AssetCheckResult:
    """The contract over every fix."""
    return contract_result(context, desk, "fix_queue_contract", fix_queue)


@dg.asset_check(
    asset="fix_queue",
    additional_ins={"ticket_splits": dg.AssetIn("ticket_splits")},
    blocking=True,
    description="Fixes are drawn from training tickets alone.",
)
def fixes_know_training_tickets_only(fix_queue: pd.DataFrame, ticket_splits: pd.DataFrame) -> dg.AssetCheckResult:
    """A fix that learnt from a holdout ticket would be graded on what it was told."""
    still_open = fix_queue[fix_queue["status"] == "open"]
    drawn = still_open[["fix_id", "source_ticket_ids"]].explode("source_ticket_ids").dropna()
    sides = ticket_splits.set_index("ticket_id")["split"]
    strangers = drawn[drawn["source_ticket_ids"].map(sides) != "train"]
    return dg.AssetCheckResult(passed=strangers.empty, metadata={"from_elsewhere": preview(strangers, 20)})


@dg.asset_check(
    asset="change_replays",
    additional_ins={"changes": dg.AssetIn("changes")},
    blocking=True,
    description="No change is measured on a ticket that it was drawn from.",
)
def changes_are_measured_on_other_tickets(change_replays: pd.DataFrame, changes: pd.DataFrame) -> dg.AssetCheckResult:
    """What taught a change cannot tell whether it helps."""
    taught = changes[["change_id", "source_ticket_ids"]].explode("source_ticket_ids").dropna()
    taught = taught.rename(columns={"source_ticket_ids": "ticket_id"})
    both = change_replays.merge(taught, on=["change_id", "ticket_id"])
    return dg.AssetCheckResult(passed=both.empty, metadata={"taught_and_measured": preview(both.iloc[:, :2], 20)})


@dg.asset_check(
    asset="training_effects",
    blocking=True,
    description="Great Expectations: every effect has its interval, or says why it cannot be measured.",
)
def training_effects_contract(
    context: dg.AssetCheckExecutionContext, training_effects: pd.DataFrame, desk: DeskResource
) -> dg.AssetCheckResult:
    """The contract over every effect."""
    return contract_result(context, desk, "training_effects_contract", training_effects)


@dg.asset_check(
    asset="candidate_release",
    description="The newest month's candidate may take the current release's place, apart from its signatures.",
)
def candidate_beats_incumbent(candidate_release: pd.DataFrame, desk: DeskResource) -> dg.AssetCheckResult:
    """A warning: most months keep the incumbent, and that is no fault. A verdict about another release than the one that is
    current now is none."""
    from ledger.releases import current_release
    from orchestration.incumbent import is_outdated

    if candidate_release.empty:
        return dg.AssetCheckResult(passed=True, description="no month was retrained yet")
    newest = candidate_release.sort_values("month").iloc[-1]
    with desk.ledger as ledger:
        current = current_release(ledger)
    outdated = is_outdated(newest, None if current is None else current.release_id)
    return dg.AssetCheckResult(
        passed=newest["verdict"] == "promotable" and not outdated,
        severity=dg.AssetCheckSeverity.WARN,
        description="; ".join([*([outdated] if outdated else []), *newest["why"]]) or None,
    )

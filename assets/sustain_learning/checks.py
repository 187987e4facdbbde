"""Claims about stage 6. What is red here means that something goes stale unseen, or that a figure says more than it knows."""

import dagster as dg
import pandas as pd

from orchestration.asset_checks import contract_result, training_tickets_only
from orchestration.previews import preview
from orchestration.resources import DeskResource


def _contract(asset: str, claim: str) -> dg.AssetChecksDefinition:
    """The Great Expectations contract of an asset, as a blocking check that reads what was published."""

    @dg.asset_check(
        asset=asset,
        name=f"{asset}_contract",
        blocking=True,
        description=f"Great Expectations: {claim}",
    )
    def check(context: dg.AssetCheckExecutionContext, desk: DeskResource) -> dg.AssetCheckResult:
        return contract_result(context, desk, f"{asset}_contract", desk.lake.read(asset))

    return check


feedback_signals_contract = _contract("feedback_signals", "every signal once, of a known kind, without addresses.")
knowledge_drift_contract = _contract("knowledge_drift", "what is called drift has an effect and an adjusted p.")
support_signals_contract = _contract("support_signals", "nothing is found before it began; a release is named.")
scope_proposals_contract = _contract("scope_proposals", "every proposal has what it rests on, and who decided.")
knowledge_audit_contract = _contract("knowledge_audit", "every item has an owner and a due date, and one subject.")
learning_report_contract = _contract("learning_report", "every figure lies within its interval, or says why not.")


@dg.asset_check(
    asset="knowledge_audit",
    name="knowledge_is_fresh",
    description="No item of a quarterly audit is overdue: every owner has looked at what was theirs to look at in time.",
)
def the_audit_is_finished_in_time(desk: DeskResource) -> dg.AssetCheckResult:
    """Due dates against the desk's clock, over all quarters."""
    from assets.sustain_learning.audit_work.unfinished import unfinished_audit

    lake = desk.lake
    found = unfinished_audit(
        lake.read("knowledge_audit"), desk.as_of(lake.read("fct_tickets", ["created_at", "updated_at"]))
    )
    return dg.AssetCheckResult(
        passed=found.passed,
        severity=dg.AssetCheckSeverity.ERROR,
        description=found.sentence,
        metadata={"overdue": found.count_overdue, "open": found.count_open, "by_owner": preview(found.by_owner, 30)},
    )


@dg.asset_check(
    asset="knowledge_drift",
    additional_ins={"ticket_splits": dg.AssetIn("ticket_splits")},
    blocking=True,
    description="No example of drift is a ticket outside the training side of the split.",
)
def drift_shows_training_tickets_only(
    knowledge_drift: pd.DataFrame, ticket_splits: pd.DataFrame
) -> dg.AssetCheckResult:
    """What is shown may be drafted from."""
    return training_tickets_only(set(knowledge_drift["example_ticket_ids"].explode().dropna()), ticket_splits)


@dg.asset_check(
    asset="support_signals",
    additional_ins={"ticket_splits": dg.AssetIn("ticket_splits")},
    blocking=True,
    description="No example of a signal is a ticket outside the training side of the split.",
)
def signals_show_training_tickets_only(
    support_signals: pd.DataFrame, ticket_splits: pd.DataFrame
) -> dg.AssetCheckResult:
    """What is shown may be drafted from."""
    return training_tickets_only(set(support_signals["example_ticket_ids"].explode().dropna()), ticket_splits)


@dg.asset_check(
    asset="scope_proposals",
    description="No category that decays answers by itself: its autonomy was taken back when it was found.",
)
def what_decays_has_no_autonomy(scope_proposals: pd.DataFrame) -> dg.AssetCheckResult:
    """A narrowing that is only proposed has not been carried out."""
    waiting = scope_proposals[(scope_proposals["kind"] == "narrow") & (scope_proposals["status"] == "proposed")]
    return dg.AssetCheckResult(
        passed=waiting.empty,
        description="; ".join(waiting["sentence"]) or None,
        metadata={
            "in_force": int(((scope_proposals["kind"] == "narrow") & (scope_proposals["status"] == "in_force")).sum())
        },
    )

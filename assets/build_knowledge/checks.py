"""Claims about stage 2. What is red here keeps a release from being built; the entry at fault is out already."""

import dagster as dg
import pandas as pd

from assets.build_knowledge.sources import source_tickets
from orchestration.asset_checks import contract_result, training_tickets_only
from orchestration.previews import preview
from orchestration.resources import DeskResource


@dg.asset_check(
    asset="knowledge_entries",
    blocking=True,
    description="Great Expectations: a version is named by its content, says something, and is on file once.",
)
def knowledge_entries_contract(
    context: dg.AssetCheckExecutionContext, knowledge_entries: pd.DataFrame, desk: DeskResource
) -> dg.AssetCheckResult:
    """The contract over every version."""
    return contract_result(context, desk, "knowledge_entries_contract", knowledge_entries)


@dg.asset_check(asset="rejected_entries", description="Every file in the folder of entries can be read.")
def every_entry_file_is_read(rejected_entries: pd.DataFrame) -> dg.AssetCheckResult:
    """A warning: the other entries are unharmed, and an entry whose file is broken is not live."""
    shown = rejected_entries[["file", "line", "detail"]]
    return dg.AssetCheckResult(
        passed=rejected_entries.empty,
        severity=dg.AssetCheckSeverity.WARN,
        description=None if rejected_entries.empty else "; ".join(rejected_entries["detail"].head(3)),
        metadata={"files": preview(shown)},
    )


@dg.asset_check(
    asset="live_entries",
    blocking=True,
    description="Great Expectations: what is live is accepted, owned, in date, and has a day for its next review.",
)
def knowledge_freshness_contract(
    context: dg.AssetCheckExecutionContext, live_entries: pd.DataFrame, desk: DeskResource
) -> dg.AssetCheckResult:
    """The contract over every live entry."""
    return contract_result(context, desk, "knowledge_freshness_contract", live_entries)


def _accepted_entries_without(finding_type: str, name: str, description: str) -> dg.AssetChecksDefinition:
    """A check that no accepted version, live or set aside, has an open blocking finding of one type.

    The entry at fault is out by itself; somebody must look at it before the next release.
    """

    @dg.asset_check(
        name=name,
        asset="live_entries",
        additional_ins={
            "knowledge_findings": dg.AssetIn("knowledge_findings"),
            "entries_set_aside": dg.AssetIn("entries_set_aside"),
        },
        blocking=True,
        description=description,
    )
    def check(
        live_entries: pd.DataFrame, knowledge_findings: pd.DataFrame, entries_set_aside: pd.DataFrame
    ) -> dg.AssetCheckResult:
        from assets.build_knowledge.entries.faults import faults_of_accepted

        on_file = pd.concat([live_entries, entries_set_aside.drop(columns="why_not_live")])
        found = faults_of_accepted(knowledge_findings, on_file, finding_type)
        names = ", ".join(found["subject_id"].drop_duplicates().head(5))
        return dg.AssetCheckResult(
            passed=found.empty,
            description=None if found.empty else f"{len(found)} findings, out of use until reviewed: {names}",
            metadata={
                "entries": len(live_entries),
                "findings": preview(found[["subject_id", "reason", "evidence", "fix"]]),
            },
        )

    return check


knowledge_is_fresh = _accepted_entries_without(
    "stale",
    "knowledge_is_fresh",
    "No accepted entry is past its review, or says what a release, a price or a policy has ended.",
)
knowledge_does_not_contradict = _accepted_entries_without(
    "contradiction",
    "knowledge_does_not_contradict",
    "No accepted entry is kept from use by a text that answers its question otherwise.",
)
every_entry_has_an_owner = _accepted_entries_without(
    "unowned", "every_entry_has_an_owner", "Every accepted entry has somebody who answers for it."
)
knowledge_is_safe = _accepted_entries_without(
    "unsafe",
    "knowledge_is_safe",
    "No accepted entry promises, threatens, or names what customers should not read.",
)


@dg.asset_check(
    asset="knowledge_coverage",
    blocking=True,
    description="Great Expectations: every category to be trained once, and 'covered' that means it.",
)
def knowledge_coverage_contract(
    context: dg.AssetCheckExecutionContext, knowledge_coverage: pd.DataFrame, desk: DeskResource
) -> dg.AssetCheckResult:
    """The contract over every category."""
    return contract_result(context, desk, "knowledge_coverage_contract", knowledge_coverage)


@dg.asset_check(
    asset="knowledge_coverage",
    blocking=True,
    description="Every first-tier category has the live entries it needs, with phrasings and an owner.",
)
def first_tier_is_covered(knowledge_coverage: pd.DataFrame) -> dg.AssetCheckResult:
    """Without entries a category cannot be trained, whatever its bucket."""
    lacking = knowledge_coverage[knowledge_coverage["is_first_tier"] & ~knowledge_coverage["is_covered"]]
    names = ", ".join(lacking["name"].head(5)) + (" …" if len(lacking) > 5 else "")
    return dg.AssetCheckResult(
        passed=lacking.empty,
        description=None
        if lacking.empty
        else f"{len(lacking)} first-tier categories lack entries ({names}); review drafts: understudy knowledge draft",
        metadata={"lacking": preview(lacking[["name", "count_live_entries", "entries_needed", "missing"]], 30)},
    )


@dg.asset_check(
    asset="knowledge_vectors",
    blocking=True,
    description="Great Expectations: every live phrasing and passage has exactly one vector, every vector one live entry.",
)
def knowledge_vectors_contract(
    context: dg.AssetCheckExecutionContext, knowledge_vectors: pd.DataFrame, desk: DeskResource
) -> dg.AssetCheckResult:
    """Compare what should be there with what lies in LanceDB."""
    from assets.audit_tickets.vectors.vector_store import VectorStore
    from assets.build_knowledge.knowledge_texts import match_vectors

    stored = VectorStore(desk.lake.vectors, "knowledge_vectors").stored_hashes()
    return contract_result(context, desk, "knowledge_vectors_contract", match_vectors(knowledge_vectors, stored))


@dg.asset_check(
    asset="knowledge_drafts",
    additional_ins={"ticket_splits": dg.AssetIn("ticket_splits")},
    blocking=True,
    description="No draft rests on a ticket outside the training side of the split.",
)
def drafts_know_training_tickets_only(
    knowledge_drafts: pd.DataFrame, ticket_splits: pd.DataFrame
) -> dg.AssetCheckResult:
    """Look up the tickets that drafts name as their sources."""
    return training_tickets_only(source_tickets(knowledge_drafts), ticket_splits)


@dg.asset_check(
    asset="live_entries",
    additional_ins={"ticket_splits": dg.AssetIn("ticket_splits")},
    blocking=True,
    description="No live entry rests on a ticket outside the training side of the split.",
)
def entries_know_training_tickets_only(live_entries: pd.DataFrame, ticket_splits: pd.DataFrame) -> dg.AssetCheckResult:
    """Look up the tickets that entries name as their sources: an answer must not be graded on its own source."""
    return training_tickets_only(source_tickets(live_entries), ticket_splits)

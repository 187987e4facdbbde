"""Claims about stage 1 that need two assets or a model. A check's name is a claim that is true when it passes."""

import json

import dagster as dg
import pandas as pd

from orchestration.asset_checks import contract_result
from orchestration.lake import read_parquet
from orchestration.resources import DeskResource, EncoderResource


@dg.asset_check(
    asset="raw_tickets",
    blocking=True,
    description="Over every landed export: records read = records landed + records set aside, and the files hold as many.",
)
def every_record_is_landed_or_rejected(desk: DeskResource) -> dg.AssetCheckResult:
    """Compare the counts of the readers with the rows that lie in the lake."""
    import pyarrow.parquet as pq

    lake = desk.lake
    wrong, read = [], 0
    for file in sorted(lake.manifests.glob("*.json")):
        manifest = json.loads(file.read_text())
        landed, aside = (
            pq.read_metadata(lake.partition_file(name, file.stem)).num_rows
            for name in ("raw_tickets", "rejected_records")
        )
        read += manifest["records_read"]
        if manifest["records_read"] != landed + aside:
            wrong.append(
                f"{manifest['name']}: read {manifest['records_read']:,}, landed {landed:,}, set aside {aside:,}"
            )
    return dg.AssetCheckResult(passed=not wrong, description="; ".join(wrong) or None, metadata={"records_read": read})


@dg.asset_check(
    asset="raw_tickets", blocking=True, description="Great Expectations: identity, origin and kind of every record."
)
def raw_tickets_contract(context: dg.AssetCheckExecutionContext, desk: DeskResource) -> dg.AssetCheckResult:
    """The contract over all landed records, payloads left unread."""
    from expectations.validation import contract_columns

    files = sorted((desk.lake.folder / "raw_tickets").glob("*.parquet"))
    if not files:
        return dg.AssetCheckResult(passed=True, metadata={"rows": 0}, description="no export has been landed yet")
    frames = [read_parquet(file, contract_columns("raw_tickets_contract")) for file in files]
    return contract_result(context, desk, "raw_tickets_contract", pd.concat(frames, ignore_index=True))


@dg.asset_check(
    asset="redacted_comments",
    blocking=True,
    description="Great Expectations: one row a comment, known roles, no e-mail address left.",
)
def redacted_comments_contract(
    context: dg.AssetCheckExecutionContext, redacted_comments: pd.DataFrame, desk: DeskResource
) -> dg.AssetCheckResult:
    """The contract over every comment."""
    return contract_result(context, desk, "redacted_comments_contract", redacted_comments)


@dg.asset_check(
    asset="ticket_vectors",
    blocking=True,
    description="Every ticket's text has exactly one vector, and no other text has.",
)
def vectors_match_texts(
    ticket_vectors: pd.DataFrame, desk: DeskResource, encoder: EncoderResource
) -> dg.AssetCheckResult:
    """Compare the hashes of the frame with the keys in LanceDB."""
    from assets.audit_tickets.vectors.vector_store import VectorStore

    wanted = set(ticket_vectors["text_hash"])
    stored: set[str] = set()
    store = VectorStore(desk.lake.vectors)
    for revision in ticket_vectors["encoder_revision"].unique():
        stored |= store.known_hashes(revision)
    count = sum(store.count_vectors().values())
    return dg.AssetCheckResult(
        passed=wanted == stored and count == len(wanted),
        metadata={
            "texts": len(wanted),
            "vectors": count,
            "missing": len(wanted - stored),
            "left_over": len(stored - wanted),
        },
    )


@dg.asset_check(
    asset="ticket_splits",
    additional_ins={"fct_tickets": dg.AssetIn("fct_tickets"), "ticket_vectors": dg.AssetIn("ticket_vectors")},
    blocking=True,
    description="No requester and no group of near-duplicates stands on two sides of the split.",
)
def splits_do_not_overlap(
    ticket_splits: pd.DataFrame, fct_tickets: pd.DataFrame, ticket_vectors: pd.DataFrame
) -> dg.AssetCheckResult:
    """Find leaks in the assignment as it stands."""
    from assets.audit_tickets.splits.near_duplicates import near_duplicate_groups, texts_to_compare
    from assets.audit_tickets.splits.split_checks import find_split_leaks

    texts = texts_to_compare(ticket_vectors, fct_tickets, ticket_splits)
    leaks = find_split_leaks(ticket_splits, fct_tickets, near_duplicate_groups(texts))
    return dg.AssetCheckResult(
        passed=leaks.empty,
        metadata={"leaks": len(leaks), "tickets": len(ticket_splits)},
        description=None
        if leaks.empty
        else f"{leaks['link_id'].nunique()} requesters or duplicates stand on two sides",
    )


@dg.asset_check(
    asset="ticket_intents",
    blocking=True,
    description="Great Expectations: one verdict a ticket, a probability that is one.",
)
def ticket_intents_contract(
    context: dg.AssetCheckExecutionContext, ticket_intents: pd.DataFrame, desk: DeskResource
) -> dg.AssetCheckResult:
    """The contract over every verdict."""
    return contract_result(context, desk, "ticket_intents_contract", ticket_intents)


@dg.asset_check(
    asset="category_candidates",
    additional_ins={"ticket_splits": dg.AssetIn("ticket_splits")},
    blocking=True,
    description="No holdout ticket forms, names or illustrates a proposed category.",
)
def candidates_know_no_holdout_ticket(
    category_candidates: pd.DataFrame, ticket_splits: pd.DataFrame
) -> dg.AssetCheckResult:
    """Look for holdout tickets among founding members and examples."""
    holdout = set(ticket_splits.loc[ticket_splits["split"] == "holdout", "ticket_id"])
    used = {one for column in ("example_ticket_ids", "founding_ticket_ids") if column in category_candidates
            for ids in category_candidates[column] for one in ids}  # fmt: skip
    return dg.AssetCheckResult(passed=not used & holdout, metadata={"tickets_used": len(used)})


@dg.asset_check(
    asset="training_roadmap",
    blocking=True,
    description="Great Expectations: every category once, in a bucket with reasons, rates that are rates.",
)
def training_roadmap_contract(
    context: dg.AssetCheckExecutionContext, training_roadmap: pd.DataFrame, desk: DeskResource
) -> dg.AssetCheckResult:
    """The contract over the whole roadmap."""
    return contract_result(context, desk, "training_roadmap_contract", training_roadmap)


@dg.asset_check(
    asset="training_roadmap",
    additional_ins={"ticket_splits": dg.AssetIn("ticket_splits")},
    blocking=True,
    description="No holdout ticket is shown as an example.",
)
def examples_are_no_holdout_tickets(training_roadmap: pd.DataFrame, ticket_splits: pd.DataFrame) -> dg.AssetCheckResult:
    """Look for holdout tickets among the examples people read."""
    holdout = set(ticket_splits.loc[ticket_splits["split"] == "holdout", "ticket_id"])
    shown = {one for ids in training_roadmap["example_ticket_ids"] for one in ids}
    return dg.AssetCheckResult(passed=not shown & holdout, metadata={"examples": len(shown)})


@dg.asset_check(
    asset="training_roadmap", description="Every role the desk lists has signed the decisions as they stand."
)
def roadmap_decisions_are_signed(desk: DeskResource) -> dg.AssetCheckResult:
    """A warning, not an error: the roadmap is what people need in order to sign."""
    from ledger.decisions import Decision, decision_digest
    from ledger.sign_offs import sign_off_state

    loaded = desk.desk
    decisions = [Decision(one.id, one.bucket, one.tier, one.owner) for one in loaded.categories if one.bucket]
    with desk.ledger as ledger:
        state = sign_off_state(
            ledger, "roadmap", decision_digest(decisions), loaded.settings.signers.get("roadmap", [])
        )
        head = str(ledger.head())
    missing = "" if decisions else "nothing is decided yet; "
    return dg.AssetCheckResult(
        passed=bool(decisions) and state.is_complete,
        severity=dg.AssetCheckSeverity.WARN,
        description=None
        if decisions and state.is_complete
        else f"{missing}still to sign: {', '.join(state.missing_roles)}",
        metadata={"decisions": len(decisions), "content_hash": state.subject_hash, "ledger_head": head},
    )

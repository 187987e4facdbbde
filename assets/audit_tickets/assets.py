"""Stage 1: what does our support look like, and what may be automated?

Belongs here: assets that load, call one pure function, and return with metadata. Everything they compute lives in the
modules beside this file.
"""

import json
from collections.abc import Iterator
from typing import Any

import dagster as dg
import pandas as pd
from upath import UPath

from assets.audit_tickets.desk_tables import accepted_categories as accepted_categories_of
from assets.audit_tickets.desk_tables import desk_fields as desk_fields_of
from assets.audit_tickets.desk_tables import desk_markers as desk_markers_of
from assets.audit_tickets.desk_tables import release_events as release_events_of
from orchestration.automation import follow_upstream
from orchestration.exports import NOT_LANDED, reading_of, view_settled_inbox
from orchestration.lake import PARTITIONED, replacing
from orchestration.partitions import exports_partitions
from orchestration.previews import picture, preview
from orchestration.resources import DeskResource, EncoderResource, ProgressResource
from orchestration.stages import OWNERS

STAGE = "audit_tickets"
COMMON: dict[str, Any] = {"group_name": STAGE, "owners": OWNERS[STAGE]}
DERIVED: dict[str, Any] = {**COMMON, "automation_condition": follow_upstream()}


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            "raw_tickets",
            description="One row per source record and export: whole and unchanged, as JSON. History is kept; a newer "
            "export supersedes an older one downstream. Holds personal data.",
            kinds={"parquet", "python"},
            freshness_policy=dg.FreshnessPolicy.time_window(
                fail_window=pd.Timedelta(days=8), warn_window=pd.Timedelta(days=2)
            ),
            **COMMON,
        ),
        dg.AssetSpec(
            "rejected_records",
            description="One row per input record that could not be read: file, line and reason.",
            kinds={"parquet", "python"},
            **COMMON,
        ),
    ],
    partitions_def=exports_partitions,
    backfill_policy=dg.BackfillPolicy.single_run(),
    pool="lake",
)
def landed_exports(
    context: dg.AssetExecutionContext, desk: DeskResource, progress: ProgressResource
) -> Iterator[dg.MaterializeResult]:
    """Land exports: every record becomes a row or a reject with its reason."""
    from assets.audit_tickets.landing.land_export import land_export_to_parquet
    from assets.audit_tickets.landing.records import UnreadableExport

    loaded, lake = desk.desk, desk.lake
    helpdesks = {helpdesk.name: helpdesk for helpdesk in loaded.settings.helpdesks}
    # An export that was copied in just before is taken for one that is still growing, unless it is looked at twice.
    present = {export.export_id: export.found for export in view_settled_inbox(loaded, lake).complete}
    read = landed = rejected = 0
    for export_id in context.partition_keys:
        found = present.get(export_id)
        try:
            if found is None:
                raise UnreadableExport(f"export {export_id} is no longer in the inbox, or is being written again")
            manifest = land_export_to_parquet(
                found.path,
                **{name: UPath(lake.partition_file(name, export_id)) for name in PARTITIONED},
                export_id=export_id,
                helpdesk_kind=found.helpdesk_kind,
                source=found.source,
                mapping=helpdesks[found.source].mapping,
                on_progress=progress(f"landing {found.name}", context.log),
            )
        except UnreadableExport as error:
            if len(context.partition_keys) == 1:
                raise
            context.log_event(
                dg.AssetObservation("raw_tickets", partition=export_id, description=f"{NOT_LANDED}{error}")
            )
            continue
        with replacing(lake.manifests / f"{export_id}.json") as temporary:
            temporary.write_text(
                json.dumps({**manifest.to_dict(), "reading": reading_of(helpdesks[found.source])}, indent=2)
            )
        read, landed = read + manifest.records_read, landed + manifest.records_landed
        rejected += manifest.records_rejected
        metadata: dict[str, Any] = {
            "export": manifest.name,
            "records_read": manifest.records_read,
            "landed_by_kind": manifest.landed_by_kind,
            "rejected_by_reason": manifest.rejected_by_reason,
            "newest_record": str(manifest.max_record_updated_at),
        }
        for name, count in (("raw_tickets", manifest.records_landed), ("rejected_records", manifest.records_rejected)):
            context.log_event(
                dg.AssetMaterialization(name, partition=export_id, metadata={"dagster/row_count": count, **metadata})
            )
    for name, count in (("raw_tickets", landed), ("rejected_records", rejected)):
        yield dg.MaterializeResult(
            asset_key=name,
            metadata={"dagster/row_count": count, "records_read": read, "exports": len(context.partition_keys)},
        )


@dg.multi_asset(
    outs={
        "desk_fields": dg.AssetOut(
            description="One row per helpdesk and context field: which custom field holds a plan, a page, a topic.",
            kinds={"parquet", "yaml"},
            **COMMON,
        ),
        "desk_markers": dg.AssetOut(
            description="One row per helpdesk and marker: how bots, spam, automated and merged tickets are told.",
            kinds={"parquet", "yaml"},
            **COMMON,
        ),
        "accepted_categories": dg.AssetOut(
            description="One row per category that people accepted in categories.yaml, with what they decided about it.",
            kinds={"parquet", "yaml"},
            **COMMON,
        ),
        "release_events": dg.AssetOut(
            description="One row per product release, price or policy change that people wrote in releases.csv.",
            kinds={"parquet", "csv"},
            **COMMON,
        ),
    },
    pool="lake",
)
def desk_tables(desk: DeskResource) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """What people wrote in the desk, as tables that SQL can join."""
    loaded = desk.desk
    return (
        desk_fields_of(loaded.settings),
        desk_markers_of(loaded.settings),
        accepted_categories_of(loaded.categories),
        release_events_of(loaded.releases),
    )


@dg.asset(kinds={"parquet", "python"}, pool="lake", **DERIVED)
def redacted_comments(
    context: dg.AssetExecutionContext, int_comment_texts: pd.DataFrame, desk: DeskResource, progress: ProgressResource
) -> dg.Output[pd.DataFrame]:
    """One row per comment: text without markup, quotes, signatures and personal data; what is unchanged is not redone.

    Known flaw: names are found where a helpdesk says who takes part; a stranger named in passing stays.
    """
    from assets.audit_tickets.texts.redacted_comments import redact_comments

    previous = desk.lake.previous("redacted_comments")
    frame = redact_comments(int_comment_texts, previous, progress("redacting comments", context.log))
    return dg.Output(
        frame,
        metadata={
            "redactions": int(frame["count_redactions"].sum()),
            "languages": preview(frame["language"].value_counts().head(12).reset_index()),
        },
    )


@dg.asset(kinds={"lancedb", "parquet", "python"}, pool="vectors", **DERIVED)
def ticket_vectors(
    context: dg.AssetExecutionContext,
    redacted_comments: pd.DataFrame,
    desk: DeskResource,
    encoder: EncoderResource,
    progress: ProgressResource,
) -> dg.Output[pd.DataFrame]:
    """One row per ticket: its text (subject and what the requester wrote before the first answer) and that text's hash.

    The vectors lie in LanceDB, keyed by text hash and encoder revision: only new text is encoded, and vectors of texts
    that are gone are erased.
    """
    from assets.audit_tickets.texts.ticket_texts import ticket_texts
    from assets.audit_tickets.vectors.vector_store import VectorStore

    model = encoder.load()
    texts = ticket_texts(redacted_comments)
    store = VectorStore(desk.lake.vectors)
    report = store.upsert_missing(texts, model, progress("encoding tickets", context.log))
    erased = store.prune(set(texts["text_hash"]), {model.revision}).erased
    return dg.Output(
        texts.assign(encoder_revision=model.revision),
        metadata={
            "encoder": model.name,
            "encoder_revision": model.revision,
            "encoded": report.encoded,
            "reused": report.reused,
            "texts_per_second": round(report.texts_per_second, 1),
            "erased": erased,
        },
    )


@dg.asset(kinds={"parquet", "python"}, pool="lake", **DERIVED)
def ticket_splits(
    context: dg.AssetExecutionContext,
    fct_tickets: pd.DataFrame,
    ticket_vectors: pd.DataFrame,
    desk: DeskResource,
    progress: ProgressResource,
) -> dg.Output[pd.DataFrame]:
    """One row per ticket: train, calibration or holdout, decided once and kept for ever; requesters and near-duplicates
    stay on one side, and a ticket that would join two sides is excluded.
    """
    from assets.audit_tickets.splits.assign_splits import assign_splits
    from assets.audit_tickets.splits.near_duplicates import near_duplicate_groups, texts_to_compare
    from assets.audit_tickets.splits.split_checks import find_split_leaks, retire_leaking_tickets

    previous = desk.lake.previous("ticket_splits")
    texts = texts_to_compare(ticket_vectors, fct_tickets, previous)
    groups = near_duplicate_groups(texts, progress("finding near-duplicates", context.log))
    frame = assign_splits(
        fct_tickets,
        groups,
        previous,
        desk.as_of(fct_tickets),
        salt=desk.desk.settings.desk_id,
    )
    leaks = find_split_leaks(frame, fct_tickets, groups)  # two requesters may turn out to be one person
    frame = retire_leaking_tickets(frame, leaks)
    shares = frame["split"].value_counts(normalize=True)
    return dg.Output(frame, metadata={f"share_{name}": round(float(share), 4) for name, share in shares.items()})


@dg.multi_asset(
    outs={
        "category_candidates": dg.AssetOut(
            description="One row per proposed category: unknown tickets that belong together, named, with an id that stays. "
            "Known flaw: names are the customers' own words, and sometimes clumsy.",
            kinds={"parquet", "scikitlearn"},
            **DERIVED,
        ),
        "ticket_intents": dg.AssetOut(
            description="One row per ticket of the audit and model version: category, calibrated confidence, margin, or "
            "'unknown' with its reason. A helpdesk's own label counts as given and is doubted where the model disagrees; what a "
            "person corrected takes its place.",
            kinds={"parquet", "scikitlearn"},
            **DERIVED,
        ),
    },
    pool="lake",
)
def categorised_tickets(
    context: dg.AssetExecutionContext,
    fct_tickets: pd.DataFrame,
    ticket_vectors: pd.DataFrame,
    ticket_splits: pd.DataFrame,
    accepted_categories: pd.DataFrame,
    desk: DeskResource,
    encoder: EncoderResource,
    progress: ProgressResource,
) -> tuple[dg.Output[pd.DataFrame], dg.Output[pd.DataFrame]]:
    """Known categories are learnt and assigned, as people corrected them; what no category fits is grouped into candidates."""
    from assets.audit_tickets.categories.ticket_categories import categorise_tickets, frames_digest, was_made_from
    from assets.audit_tickets.vectors.vector_store import VectorStore
    from ledger.corrections import category_corrections

    facts = fct_tickets.loc[fct_tickets["is_in_audit"], ["ticket_id", "label_category_id", "created_at"]]
    tickets = facts.merge(ticket_vectors, on="ticket_id")
    revision = ticket_vectors["encoder_revision"].iloc[0] if len(ticket_vectors) else ""
    with desk.ledger as ledger:  # the exported ledger belongs to a later stage
        corrections = category_corrections(ledger)
    digest = frames_digest(tickets, ticket_splits, accepted_categories, desk.categories_text, corrections)
    known, candidates = desk.lake.previous("ticket_intents"), desk.lake.previous("category_candidates")
    if candidates is not None and known is not None and was_made_from(known, digest):
        context.log.info("nothing it depends on has changed: taken over as it was")
        return dg.Output(candidates), dg.Output(known)
    found = categorise_tickets(
        tickets,
        VectorStore(desk.lake.vectors).load_vectors(tickets["text_hash"], revision),
        ticket_splits,
        accepted_categories,
        lambda texts: encoder.load().encode(texts),
        as_of=desk.as_of(fct_tickets),
        encoder_revision=revision,
        previous_candidates=candidates,
        categories_text=desk.categories_text,
        corrections=corrections,
        on_progress=progress("learning categories", context.log),
    )
    found.model.save(desk.lake.models / found.model.model_version)
    shown = found.candidates[["candidate_id", "name", "count_tickets", "key_terms", "status"]]
    return (
        dg.Output(
            found.candidates, metadata={"candidates": preview(shown.sort_values("count_tickets", ascending=False))}
        ),
        dg.Output(found.intents.assign(input_digest=digest), metadata=found.report.as_metadata()),
    )


@dg.asset(kinds={"parquet", "python"}, pool="lake", **DERIVED)
def training_roadmap(
    context: dg.AssetExecutionContext,
    fct_tickets: pd.DataFrame,
    fct_ticket_comments: pd.DataFrame,
    redacted_comments: pd.DataFrame,
    ticket_intents: pd.DataFrame,
    category_candidates: pd.DataFrame,
    accepted_categories: pd.DataFrame,
    ticket_splits: pd.DataFrame,
    desk: DeskResource,
    progress: ProgressResource,
) -> dg.Output[pd.DataFrame]:
    """One row per category: volume, work, risk, a proposed bucket with its reasons, and the order to train in.

    Known flaw: how alike answers are is measured on words; the same advice in other words looks different.
    """
    from assets.audit_tickets.roadmap.build_roadmap import RoadmapSettings, build_roadmap
    from assets.audit_tickets.roadmap.roadmap_plots import as_png, draw_ranked_volumes, draw_volume_by_complexity

    result = build_roadmap(
        fct_tickets,
        fct_ticket_comments,
        redacted_comments,
        ticket_intents,
        category_candidates,
        accepted_categories,
        ticket_splits,
        None,
        RoadmapSettings.of(desk.desk.settings.audit),
        desk.as_of(fct_tickets),
        progress("measuring categories", context.log),
    )
    columns = ["rank", "name", "count_tickets", "bucket", "one_touch_rate", "training_order"]
    return dg.Output(
        result.frame,
        metadata={
            "roadmap": preview(result.frame.sort_values("rank")[columns]),
            "volume_by_category": picture(as_png(draw_ranked_volumes(result.frame))),
            "volume_by_complexity": picture(as_png(draw_volume_by_complexity(result.frame))),
            "tickets_in_window": result.totals.count_audited,
            "unknown_rate": round(float(result.totals.unknown_rate["unknown_rate"]), 4),
        },
    )

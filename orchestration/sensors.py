"""What the outside world sets off: new exports in the inbox, and the automation that follows them."""

import hashlib
import json
import re

import dagster as dg
from upath import UPath

from assets.audit_tickets.landing.records import UnreadableExport
from assets.pilot_agent.live.live_types import DECIDING_TYPES, LIVE_TYPES
from desk.loading import BEHAVIOR_FILE, PILOT_FILE, DeskError
from ledger.events import EventType
from orchestration.exports import view_inbox
from orchestration.jobs import (
    KNOWLEDGE_SOURCES,
    desk_tables_job,
    knowledge_sources_job,
    land_exports_job,
    live_side_job,
)
from orchestration.partitions import exports_partitions
from orchestration.release_events import release_events_sensor
from orchestration.resources import DeskResource
from orchestration.support_signals import support_signal_sensor


@dg.sensor(
    job=land_exports_job,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Lands exports that are complete and new. A file that grew since the last look waits for the next.",
)
def new_helpdesk_export_sensor(
    context: dg.SensorEvaluationContext, desk: DeskResource
) -> dg.SensorResult | dg.SkipReason:
    """One run an export; the cursor holds what each file looked like at the last look."""
    try:
        view = view_inbox(desk.desk, desk.lake, previous=json.loads(context.cursor or "{}"))
    except (DeskError, UnreadableExport) as error:
        return dg.SkipReason(f"the inbox cannot be looked at: {error}")
    cursor = json.dumps(view.observations)
    if not view.new:
        context.update_cursor(cursor)
        return dg.SkipReason("; ".join([f"no new export among {len(view.complete)} complete ones", *view.notes]))
    return dg.SensorResult(
        run_requests=[
            dg.RunRequest(
                run_key=export.export_id,
                partition_key=export.export_id,
                tags={"understudy/export": re.sub(r"[^A-Za-z0-9_.-]", "_", export.found.name)[:63]},
            )
            for export in view.new
        ],
        dynamic_partitions_requests=[exports_partitions.build_add_request([export.export_id for export in view.new])],
        cursor=cursor,
    )


@dg.sensor(
    job=desk_tables_job,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Reads the desk anew when someone changed desk.yaml, categories.yaml or releases.csv, or corrected the "
    "category of tickets.",
)
def changed_desk_sensor(context: dg.SensorEvaluationContext, desk: DeskResource) -> dg.RunRequest | dg.SkipReason:
    """The cursor holds the digest of the files as last read, and of the last correction."""
    try:
        loaded = desk.desk
    except DeskError as error:
        return dg.SkipReason(f"the desk has a mistake and is not read: {error}")
    written = [
        loaded.settings.model_dump_json(),
        desk.categories_text,
        *(one.model_dump_json() for one in loaded.releases),
        *_corrected(desk),
    ]
    digest = hashlib.sha256("\n".join(written).encode()).hexdigest()[:16]
    if digest == context.cursor:
        return dg.SkipReason("the desk is as it was")
    context.update_cursor(digest)
    return dg.RunRequest(tags={"understudy/desk": digest})


@dg.sensor(
    job=knowledge_sources_job,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Reads knowledge, behavior and the pilot's plan anew when an article, an entry, the spec or the plan changed, "
    "or somebody decided.",
)
def changed_knowledge_sensor(context: dg.SensorEvaluationContext, desk: DeskResource) -> dg.RunRequest | dg.SkipReason:
    """The cursor holds the digest of the files' names, sizes and times, and the ledger's head as last seen."""
    try:
        loaded = desk.desk
    except DeskError as error:
        return dg.SkipReason(f"the desk has a mistake and is not read: {error}")
    if not desk.lake.file("fct_tickets").is_file():
        return dg.SkipReason("no ticket has been landed yet")
    spec, plan = (UPath(loaded.folder) / name for name in (BEHAVIOR_FILE, PILOT_FILE))
    seen = [*_listing(UPath(loaded.help_center)), *_listing(UPath(loaded.knowledge)), *_seen(spec), *_seen(plan)]
    files = hashlib.sha256("\n".join(seen).encode()).hexdigest()[:16]
    files_before, _, sequence_before = (context.cursor or "").partition(":")
    after = int(sequence_before) if sequence_before.isdigit() else 0
    with desk.ledger as ledger:
        head = ledger.head()
        decided = next(ledger.events(event_types=DECIDING_TYPES, after_sequence=after), None)
    context.update_cursor(f"{files}:{head.sequence}")
    if files == files_before and decided is None:
        return dg.SkipReason("articles, entries, the spec, the plan and decisions are as they were")
    # A desk without a spec has none to read; everything else is read all the same.
    chosen = None if spec.is_file() else [dg.AssetKey(name) for name in KNOWLEDGE_SOURCES]
    return dg.RunRequest(tags={"understudy/knowledge": f"{files}-{head.sequence}"}, asset_selection=chosen)


@dg.sensor(
    job=live_side_job,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Lands what the service recorded: live decisions, feedback, closed handoffs.",
)
def new_live_events_sensor(context: dg.SensorEvaluationContext, desk: DeskResource) -> dg.RunRequest | dg.SkipReason:
    """The cursor holds the ledger's head as last seen. Nothing but these assets is rebuilt, however busy the service is."""
    if not desk.lake.file("ledger_events").is_file():
        return dg.SkipReason("the ledger was never exported; the first run of the stage lands what there is")
    with desk.ledger as ledger:
        head = ledger.head()
        new = next(ledger.events(event_types=LIVE_TYPES, after_sequence=int(context.cursor or 0)), None)
    context.update_cursor(str(head.sequence))
    if new is None:
        return dg.SkipReason("the service recorded nothing new")
    return dg.RunRequest(
        run_key=f"{head.sequence}-{head.event_hash[:16]}", tags={"understudy/ledger": str(head.sequence)}
    )


def _corrected(desk: DeskResource) -> list[str]:
    """The last correction of a ticket's category; nothing where there is none."""
    with desk.ledger as ledger:
        corrections = list(ledger.events(event_types=[EventType.CATEGORY_CORRECTED]))
    return [one.event_hash for one in corrections[-1:]]


def _listing(folder: UPath) -> list[str]:
    """A line a file: where it is, how large, when it was changed (where the storage says)."""
    lines = []
    for file in sorted(folder.rglob("*"), key=str) if folder.exists() else []:
        if file.is_file():
            lines += _seen(file)
    return lines


def _seen(file: UPath) -> list[str]:
    if not file.is_file():
        return []
    stat = file.stat()
    return [f"{file} {stat.st_size} {getattr(stat, 'st_mtime_ns', '')}"]


automation_sensor = dg.AutomationConditionSensorDefinition(
    "automation_sensor",
    target=dg.AssetSelection.all(),
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=30,
    description="Materialises what follows from new records once its conditions hold.",
)

all_sensors = [
    new_helpdesk_export_sensor, changed_desk_sensor, changed_knowledge_sensor, new_live_events_sensor, release_events_sensor,
    support_signal_sensor, automation_sensor,
]  # fmt: skip

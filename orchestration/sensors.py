"""What the outside world sets off: new exports in the inbox, and the automation that follows them."""

import hashlib
import json
import re

import dagster as dg

from assets.audit_tickets.landing.records import UnreadableExport
from desk.loading import DeskError
from orchestration.exports import view_inbox
from orchestration.jobs import desk_tables_job, land_exports_job
from orchestration.partitions import exports_partitions
from orchestration.resources import DeskResource


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
    description="Reads the desk anew when someone changed desk.yaml or categories.yaml, such as by accepting a category.",
)
def changed_desk_sensor(context: dg.SensorEvaluationContext, desk: DeskResource) -> dg.RunRequest | dg.SkipReason:
    """The cursor holds the digest of the files as last read."""
    try:
        settings = desk.desk.settings
    except DeskError as error:
        return dg.SkipReason(f"the desk has a mistake and is not read: {error}")
    digest = hashlib.sha256((settings.model_dump_json() + desk.categories_text).encode()).hexdigest()[:16]
    if digest == context.cursor:
        return dg.SkipReason("the desk is as it was")
    context.update_cursor(digest)
    return dg.RunRequest(tags={"understudy/desk": digest})


automation_sensor = dg.AutomationConditionSensorDefinition(
    "automation_sensor",
    target=dg.AssetSelection.all(),
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=30,
    description="Materialises what follows from new records once its conditions hold.",
)

all_sensors = [new_helpdesk_export_sensor, changed_desk_sensor, automation_sensor]

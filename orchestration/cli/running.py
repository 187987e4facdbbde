"""``understudy run``: land what is new, then materialise a stage, in the desk's persistent instance.

Belongs here: choosing jobs and partitions, executing them in this process, and reading the outcome.
Does not belong here: what is made by the calendar (``running_periods``), how it looks while it runs (``terminal``), what the
assets do.
"""

import contextlib
import os
import platform
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

import dagster as dg
from rich.console import Console

from assets.audit_tickets.landing.records import UnreadableExport
from desk.loading import Desk
from orchestration.cli.terminal import Display, display, follow
from orchestration.exports import NOT_LANDED, IdentifiedExport, view_settled_inbox
from orchestration.instance import prepare_environment
from orchestration.lake import Lake
from orchestration.partitions import exports_partitions

ANSI = re.compile(r"\x1b\[[0-9;]*m")
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
PROCESS_TAG = "understudy/process"
RANGE_START, RANGE_END = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"


@dataclass
class Outcome:
    """What a run came to: ``problems`` are sentences for a person; a run without problems succeeded. said: what was found."""

    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    @property
    def succeeded(self) -> bool:
        return not self.problems

    def add(self, other: "Outcome") -> None:
        """Take over what another run came to."""
        self.problems += other.problems
        self.warnings += other.warnings
        self.said += other.said


def run_stages(desk: Desk, target: str, console: Console) -> Outcome:
    """Land new exports and materialise ``target`` (a stage, ``all`` or ``draft_answers``); returns what came of it.

    Every run is recorded in the desk's Dagster instance, so that it shows in the UI with its lineage.
    """
    outcome = Outcome()
    with running(desk, console) as (defs, lake, instance, shown):
        try:
            view = view_settled_inbox(
                desk, lake, lambda done, total: shown.progressed("looking at the inbox", done, total)
            )
        except UnreadableExport as error:
            outcome.problems.append(str(error))
            return outcome
        outcome.warnings += view.notes
        for exports in _contiguous(view.new, instance):
            tags = {RANGE_START: exports[0].export_id, RANGE_END: exports[-1].export_id}
            execute(defs, "land_exports_job", instance, tags, shown, outcome)
        if outcome.succeeded and not any(lake.manifests.glob("*.json")):
            patterns = ", ".join(f"{one.name}: {one.exports}" for one in desk.settings.helpdesks)
            outcome.problems.append(f"no export to work on in {desk.inbox}. Put one there that matches ({patterns}).")
        if outcome.succeeded:
            job = "full_training_job" if target == "all" else f"{target}_job"
            execute(defs, job, instance, {}, shown, outcome)
    return outcome


@contextlib.contextmanager
def running(desk: Desk, console: Console) -> Iterator[tuple[dg.Definitions, Lake, dg.DagsterInstance, Display]]:
    """The desk's instance, and the display that follows what is run in it."""
    prepare_environment(desk)
    lake = Lake(desk.home)
    lake.prepare()
    watched = Console(file=console.file)  # bound now: what tools print is sent elsewhere below
    from orchestration.definitions import defs

    with dg.DagsterInstance.get() as instance, display(watched) as shown, _output_to(lake):
        _bury_killed_runs(instance)
        yield defs, lake, instance, shown


def _bury_killed_runs(instance: dg.DagsterInstance) -> None:
    """Close runs of this command whose process is gone: a killed one holds its pool's only slot for ever."""
    open_runs = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING])
    for run in instance.get_runs(open_runs):
        node, _, process = run.tags.get(PROCESS_TAG, "").partition("/")
        if node == platform.node() and process.isdigit() and not _is_alive(int(process)):
            instance.report_run_failed(run, "the process was killed")
            instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _contiguous(exports: list[IdentifiedExport], instance: dg.DagsterInstance) -> Iterator[list[IdentifiedExport]]:
    """Register the exports as partitions and yield runs of neighbours, since one run takes a range of keys."""
    name = exports_partitions.name
    assert name is not None
    instance.add_dynamic_partitions(name, [export.export_id for export in exports])
    position = {key: index for index, key in enumerate(instance.get_dynamic_partitions(name))}
    batch: list[IdentifiedExport] = []
    for export in sorted(exports, key=lambda one: position[one.export_id]):
        if batch and position[export.export_id] != position[batch[-1].export_id] + 1:
            yield batch
            batch = []
        batch.append(export)
    if batch:
        yield batch


def execute(
    defs: dg.Definitions,
    job: str,
    instance: dg.DagsterInstance,
    tags: dict[str, str],
    shown: Display,
    outcome: Outcome,
    partition: str | None = None,
) -> None:
    run_id = str(uuid.uuid4())
    instance.add_event_listener(run_id, lambda event: follow(shown, event))
    tags = {**tags, PROCESS_TAG: f"{platform.node()}/{os.getpid()}"}
    result = defs.resolve_job_def(job).execute_in_process(
        instance=instance, tags=tags, raise_on_error=False, run_id=run_id, run_config=QUIET, partition_key=partition
    )
    for event in result.all_events:
        if event.is_step_failure:
            cause = _cause(event)
            if "DagsterAssetCheckFailedError" not in cause:  # the red check itself is named below
                outcome.problems.append(f"{event.step_key}: {cause}")
        elif event.event_type_value == "ASSET_OBSERVATION":
            description = event.asset_observation_data.asset_observation.description or ""
            outcome.warnings += [description] if description.startswith(NOT_LANDED) else []
        elif event.event_type_value == "ASSET_CHECK_EVALUATION":
            _note_check(event.asset_check_evaluation_data, outcome)
    if not result.success and outcome.succeeded:
        outcome.problems.append(f"{job} did not finish; see run {run_id} in the UI")


def _note_check(check: dg.AssetCheckEvaluation, outcome: Outcome) -> None:
    if check.passed:
        return
    name = f"check {check.check_name} on {check.asset_key.to_user_string()}"
    sentence = f"{name} is red" + (f": {check.description}" if check.description else "")
    if check.severity == dg.AssetCheckSeverity.ERROR and check.blocking:
        outcome.problems.append(sentence)
    else:
        outcome.warnings.append(sentence)


def _cause(event: dg.DagsterEvent) -> str:
    error = event.step_failure_data.error
    while error is not None and error.cause is not None:
        error = error.cause
    if error is None:
        return "failed without saying why"
    return ANSI.sub("", error.message.strip().split("\n\nStack Trace")[0])


@contextlib.contextmanager
def _output_to(lake: Lake) -> Iterator[None]:
    """Keep what tools print (dbt does) out of the progress display, in a file a person can read."""
    log = lake.home / "logs" / "run.log"
    log.parent.mkdir(exist_ok=True)
    with log.open("w", encoding="utf-8") as handle, contextlib.redirect_stdout(handle):
        yield

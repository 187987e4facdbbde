"""dbt in the graph: a step a stage that has SQL. The pilot's reads what the pilot writes, long after the marts are built.

Does not belong here: SQL and its tests (``dbt_project``).
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtCliResource, dbt_assets
from filelock import FileLock

from orchestration.automation import follow_upstream
from orchestration.lake import PRIVATE
from orchestration.resources import DeskResource
from orchestration.stages import OWNERS, STAGES

PROJECT = Path(__file__).parent.parent / "dbt_project"
TARGET = PROJECT / "target"
MANIFEST = TARGET / "manifest.json"
PILOT = "tag:pilot_agent"
"""Models of the stage pilot_agent, as dbt selects them; all others are the stage audit_tickets'."""


def parsed_manifest() -> Path:
    """The manifest of the project as it stands; ``dbt parse`` runs only when a file changed since.

    Raises:
        RuntimeError: the project does not parse; carries dbt's words.
    """
    stamp = TARGET / ".parsed_from"
    fingerprint = _fingerprint()
    if MANIFEST.is_file() and stamp.is_file() and stamp.read_text() == fingerprint:
        return MANIFEST
    TARGET.mkdir(exist_ok=True)
    with FileLock(TARGET / ".parse.lock"):
        if not (MANIFEST.is_file() and stamp.is_file() and stamp.read_text() == fingerprint):
            command = [
                str(dbt_executable()),
                "--quiet",
                "parse",
                "--project-dir",
                str(PROJECT),
                "--profiles-dir",
                str(PROJECT),
            ]
            environment = {**os.environ, "DBT_TARGET_PATH": str(TARGET), "DBT_LOG_PATH": str(PROJECT / "logs")}
            environment.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
            done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=PROJECT)
            if done.returncode != 0:
                raise RuntimeError(f"the dbt project does not parse:\n{done.stdout}{done.stderr}")
            stamp.write_text(fingerprint)
    return MANIFEST


def dbt_executable() -> Path:
    """The dbt beside this interpreter, so that no other one on PATH is taken by mistake."""
    return Path(sys.executable).parent / "dbt"


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for file in sorted(PROJECT.rglob("*")):
        inside = file.relative_to(PROJECT).parts
        if file.is_file() and inside[0] not in ("target", "logs") and file.suffix in (".sql", ".yml", ".yaml"):
            digest.update(str(inside).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


class LineageTranslator(DagsterDbtTranslator):
    """Asset keys are the models' own names; sources are the assets that write them. A model's stage is the group in its
    meta (``dbt_project.yml``); owners follow from the stage."""

    def __init__(self) -> None:
        super().__init__(settings=DagsterDbtTranslatorSettings(enable_asset_checks=True, enable_code_references=False))

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        return dg.AssetKey(dbt_resource_props["name"])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return stage_of(dbt_resource_props)

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        return OWNERS[stage_of(dbt_resource_props)]

    def get_automation_condition(self, dbt_resource_props: Mapping[str, Any]) -> dg.AutomationCondition:
        return follow_upstream()

    def get_tags(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, str]:
        tags = dict(super().get_tags(dbt_resource_props))
        if dbt_resource_props["name"] in PRIVATE:
            tags["personal_data"] = ""
        return tags


def stage_of(dbt_resource_props: Mapping[str, Any]) -> str:
    """The stage a model belongs to; sources and tests, which name none, count as the first stage's.

    Raises:
        ValueError: ``dbt_project.yml`` names a stage that is none.
    """
    meta = dbt_resource_props.get("meta") or dbt_resource_props.get("config", {}).get("meta") or {}
    stage = meta.get("dagster", {}).get("group", STAGES[0])
    if stage not in STAGES:
        raise ValueError(
            f"{dbt_resource_props['name']}: '{stage}' is no stage; dbt_project.yml may name {', '.join(STAGES)}"
        )
    return str(stage)


@dbt_assets(
    manifest=parsed_manifest(),
    exclude=PILOT,
    dagster_dbt_translator=LineageTranslator(),
    name="dbt_audit_tickets",
    pool="dbt",
)
def dbt_audit_tickets(context: dg.AssetExecutionContext, dbt: DbtCliResource, desk: DeskResource) -> Iterator[Any]:
    """Source records to facts: staging a helpdesk, union, marts; every dbt test is an asset check."""
    # Excluded also where only some models run: dbt would take along tests that ask about the pilot's tables as well, which
    # a desk without a pilot does not have.
    yield from _build(context, dbt, desk, "--exclude", PILOT)


@dbt_assets(
    manifest=parsed_manifest(),
    select=PILOT,
    dagster_dbt_translator=LineageTranslator(),
    name="dbt_pilot_agent",
    pool="dbt",
)
def dbt_pilot_agent(context: dg.AssetExecutionContext, dbt: DbtCliResource, desk: DeskResource) -> Iterator[Any]:
    """What the pilot decided and what came of it, to facts by ticket and day; every dbt test is an asset check."""
    yield from _build(context, dbt, desk)


def _build(context: dg.AssetExecutionContext, dbt: DbtCliResource, desk: DeskResource, *more: str) -> Iterator[Any]:
    """``dbt build`` over the step's own selection, which dbt's resource adds from the context."""
    home = desk.lake.home
    os.environ["UNDERSTUDY_HOME"] = str(home)
    os.environ["DBT_LOG_PATH"] = str(home / "dbt" / "logs")
    command = ["build", "--exclude-resource-type", "unit_test", *more]
    yield from dbt.cli(command, context=context, target_path=home / "dbt" / "target").stream()

"""dbt in the graph: one step that builds the SQL between landing and the marts.

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
from orchestration.stages import OWNERS

PROJECT = Path(__file__).parent.parent / "dbt_project"
TARGET = PROJECT / "target"
MANIFEST = TARGET / "manifest.json"


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
    """Asset keys are the models' own names; sources are the assets that write them."""

    def __init__(self) -> None:
        super().__init__(settings=DagsterDbtTranslatorSettings(enable_asset_checks=True, enable_code_references=False))

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        return dg.AssetKey(dbt_resource_props["name"])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return "audit_tickets"

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        return OWNERS["audit_tickets"]

    def get_automation_condition(self, dbt_resource_props: Mapping[str, Any]) -> dg.AutomationCondition:
        return follow_upstream()

    def get_tags(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, str]:
        tags = dict(super().get_tags(dbt_resource_props))
        if dbt_resource_props["name"] in PRIVATE:
            tags["personal_data"] = ""
        return tags


@dbt_assets(
    manifest=parsed_manifest(), dagster_dbt_translator=LineageTranslator(), name="dbt_audit_tickets", pool="dbt"
)
def dbt_audit_tickets(context: dg.AssetExecutionContext, dbt: DbtCliResource, desk: DeskResource) -> Iterator[Any]:
    """Source records to facts: staging a helpdesk, union, marts; every dbt test is an asset check."""
    home = desk.lake.home
    os.environ["UNDERSTUDY_HOME"] = str(home)
    os.environ["DBT_LOG_PATH"] = str(home / "dbt" / "logs")
    command = ["build", "--exclude-resource-type", "unit_test"]
    yield from dbt.cli(command, context=context, target_path=home / "dbt" / "target").stream()

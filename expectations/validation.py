"""The bridge from a frame and a contract to a verdict with Data Docs.

Great Expectations validates pandas frames here: through SQL it cannot read DuckDB. Values of failing rows are never
kept, since they may be customer text; counts are.
"""

from __future__ import annotations

import importlib
import logging
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.data_context import FileDataContext

CONTRACTS = (
    "raw_tickets_contract",
    "redacted_comments_contract",
    "ticket_intents_contract",
    "training_roadmap_contract",
    "knowledge_entries_contract",
    "knowledge_freshness_contract",
    "knowledge_coverage_contract",
    "knowledge_vectors_contract",
    "behavior_spec_contract",
    "confidence_thresholds_contract",
    "agent_release_contract",
    "replay_answers_contract",
    "shadow_answers_contract",
    "pilot_metrics_contract",
    "live_decisions_contract",
    "live_feedback_contract",
    "failures_contract",
    "fix_queue_contract",
    "training_effects_contract",
    "feedback_signals_contract",
    "knowledge_drift_contract",
    "knowledge_audit_contract",
    "support_signals_contract",
    "scope_proposals_contract",
    "learning_report_contract",
)
KEPT_VALIDATIONS = 10


@dataclass(frozen=True)
class ContractResult:
    """The verdict of one contract over one frame.

    ``failures`` are sentences: which expectation failed, on which column, for how many rows.
    """

    contract: str
    passed: bool
    expectations: int
    rows: int
    failures: list[str]
    page: Path


def contract_columns(contract: str) -> list[str]:
    """The columns a contract looks at, so that only these need reading."""
    return list(_module(contract).COLUMNS)


def validate(contract: str, frame: pd.DataFrame, folder: Path) -> ContractResult:
    """Validate ``frame`` against ``contract`` and publish Data Docs under ``folder``.

    Args:
        contract: one of ``CONTRACTS``.
        frame: the asset, at least with ``contract_columns``.
        folder: where Great Expectations keeps suites, results and pages.

    Raises:
        KeyError: there is no such contract.
    """
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx

    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / ".lock"):
        context = gx.get_context(mode="file", project_root_dir=folder)
        context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
        suite = context.suites.add_or_update(
            gx.ExpectationSuite(name=contract, expectations=_module(contract).expectations())
        )
        frames = context.data_sources.add_or_update_pandas("frames")
        asset = frames.add_dataframe_asset(name=contract.removesuffix("_contract"))
        definition = context.validation_definitions.add_or_update(
            gx.ValidationDefinition(
                name=contract, data=asset.add_batch_definition_whole_dataframe("whole"), suite=suite
            )
        )
        outcome = definition.run(
            batch_parameters={"dataframe": frame},
            result_format={"result_format": "BASIC", "partial_unexpected_count": 0},
        )
        _forget_old_validations(folder / "gx" / "uncommitted", contract)
        # The other pages stand as they were: all of them anew took longer than most validations.
        context.build_data_docs(resource_identifiers=_pages_of(context, contract))
    return ContractResult(
        contract=contract,
        passed=bool(outcome.success),
        expectations=len(outcome.results),
        rows=len(frame),
        failures=[_sentence(result) for result in outcome.results if not result.success],
        page=folder / "gx" / "uncommitted" / "data_docs" / "local_site" / "index.html",
    )


def _module(contract: str):
    if contract not in CONTRACTS:
        raise KeyError(f"no contract '{contract}'; there are {', '.join(CONTRACTS)}")
    return importlib.import_module(f"expectations.{contract}")


def _sentence(result) -> str:
    config = result.expectation_config
    pair = [config.kwargs[name] for name in ("column_A", "column_B") if name in config.kwargs]
    column = config.kwargs.get("column") or config.kwargs.get("column_list") or pair or "the table"
    why = (config.meta or {}).get("claim") or config.type
    if result.exception_info and result.exception_info.get("exception_message"):
        return f"{column}: {why}: could not be checked: {result.exception_info['exception_message']}"
    count = result.result.get("unexpected_count")
    seen = f"{count:,} rows" if count is not None else f"observed {result.result.get('observed_value')}"
    return f"{column}: {why}: {seen}"


def _pages_of(context: FileDataContext, contract: str) -> list[Any]:
    """What a validation has changed: the contract's page, and the page of its newest result."""
    suites = [one for one in context.stores["expectations_store"].list_keys() if one.name == contract]
    results = [
        one
        for one in context.stores["validation_results_store"].list_keys()
        if one.expectation_suite_identifier.name == contract
    ]
    return [*suites, max(results, key=lambda one: one.run_id.run_time)]


def _forget_old_validations(uncommitted: Path, contract: str) -> None:
    """Keep the newest results of a contract: pages of every run ever made would fill the disk."""
    for store in (uncommitted / "validations", uncommitted / "data_docs" / "local_site" / "validations"):
        runs = sorted((store / contract / "__none__").glob("*"))
        for old in runs[:-KEPT_VALIDATIONS]:
            shutil.rmtree(old)

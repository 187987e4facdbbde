"""Building a desk's release from what lies in its lake: for a run and the command line alike.

Belongs here: gathering the parts, refusing to build what is not signed, writing down which checks were red. Does not
belong here: what a release is (``assets.configure_behavior.releases``), making one current (``releases``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.configure_behavior.releases.build_release import BuiltRelease, ReleaseParts, assemble, build_release
from assets.configure_behavior.releases.recipe import frame_digest
from assets.configure_behavior.releases.regression_set import COLUMNS as REGRESSION_COLUMNS
from assets.configure_behavior.releases.regression_set import Decide
from assets.configure_behavior.releases.release_problems import build_problems
from assets.configure_behavior.releases.saved_release import ReleaseError
from orchestration.lake import Lake, NotMaterialised, replacing
from orchestration.releases import ReleaseRefused, approvals_of, releases_folder, status_file
from orchestration.resources import DeskResource

if TYPE_CHECKING:
    import pandas as pd

    from assets.audit_tickets.vectors.encoder import Encoder
    from assets.build_knowledge.retrieval.retrieval_index import RetrievalIndex

STAGE = "understudy run configure_behavior"
SEEDS = {"intents": 0, "confidence": 0}


@dataclass(frozen=True)
class BuildReport:
    """A built release, and what keeps it from being activated apart from its own signatures."""

    built: BuiltRelease
    problems: list[str]


def gather_parts(desk: DeskResource, encoder: Encoder, *, is_calibrated: bool = True) -> ReleaseParts:
    """Everything a release is built from, out of the lake; before calibration without thresholds and regression set.

    Raises:
        ReleaseError: something was never materialised, or a model's folder is gone.
    """
    import pandas as pd

    from assets.audit_tickets.categories.intent_model import IntentModel
    from assets.configure_behavior.behavior.spec_versions import current_spec
    from assets.configure_behavior.confidence.choose_thresholds import COLUMNS as THRESHOLD_COLUMNS
    from assets.configure_behavior.confidence.choose_thresholds import thresholds_of
    from assets.configure_behavior.confidence.confidence_model import ConfidenceModel

    lake, loaded = desk.lake, desk.desk
    intents, specs = _read(lake, "ticket_intents"), _read(lake, "behavior_spec")
    if not specs["is_current"].any():
        raise ReleaseError(f"there is no behavior spec: write behavior.yaml, then run: {STAGE}")
    thresholds = (
        _read(lake, "confidence_thresholds") if is_calibrated else pd.DataFrame(columns=list(THRESHOLD_COLUMNS))
    )
    regression = _read(lake, "regression_set") if is_calibrated else pd.DataFrame(columns=list(REGRESSION_COLUMNS))
    confidence, confidence_version = ConfidenceModel(), "confidence_untrained"
    if len(thresholds):
        confidence_version = str(thresholds["confidence_version"].iloc[0])
        file = lake.models / confidence_version / "confidence_model.json"
        confidence = ConfidenceModel.from_json(_found(file, lambda: json.loads(file.read_text(encoding="utf-8"))))
    model = lake.models / _only(intents["model_version"], "ticket_intents", "understudy run audit_tickets")
    splits, vectors = _read(lake, "ticket_splits"), _read(lake, "ticket_vectors")
    return ReleaseParts(
        desk_id=loaded.settings.desk_id,
        company=loaded.settings.company,
        as_of=desk.as_of(_read(lake, "fct_tickets")),
        entries=_read(lake, "live_entries"),
        categories=_read(lake, "accepted_categories"),
        behavior=current_spec(specs),
        intents=_found(model, lambda: IntentModel.load(model)),
        index=_index(lake, _read(lake, "retrieval_index"), encoder),
        confidence=confidence,
        confidence_version=confidence_version,
        thresholds=thresholds_of(thresholds),
        encoder=encoder,
        regression=regression,
        data={
            "exports": sorted(file.stem for file in lake.manifests.glob("*.json")),
            "ticket_intents": sorted(set(intents["input_digest"].dropna())),
            "ticket_splits": frame_digest(splits, ("ticket_id", "split")),
            "ticket_texts": frame_digest(vectors, ("ticket_id", "text_hash")),
        },
        settings={"languages": list(loaded.settings.languages)},
        seeds=SEEDS,
    )


def build_from_lake(
    desk: DeskResource,
    encoder: Encoder,
    red_checks: Iterable[str],
    *,
    unsigned: bool,
    decide: Decide | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> BuildReport:
    """Build the release of what lies in the lake now.

    Args:
        red_checks: names of the blocking checks that are red now (``check_states.red_blocking_checks``).
        unsigned: build it whatever is missing, to measure it; what is missing keeps it from being activated.

    Raises:
        ReleaseRefused: a signature is missing or a check is red, and ``unsigned`` is not set.
        ReleaseError: parts are missing or do not belong together.
    """
    parts, red = gather_parts(desk, encoder), sorted(red_checks)
    release, recipe = assemble(parts)
    loaded = desk.desk
    with desk.ledger as ledger:
        problems = build_problems(recipe, approvals_of(loaded, recipe, release.release_id, ledger), red)
    if problems and not unsigned:
        raise ReleaseRefused(
            "no release was built; what is missing (--unsigned builds one to measure, which can never be activated "
            "as long as this is so)",
            problems,
        )
    folder = releases_folder(loaded)
    with replacing(status_file(folder, release.release_id)) as temporary:
        temporary.write_text(json.dumps({"release_id": release.release_id, "red_checks": red}, indent=1) + "\n")
    return BuildReport(build_release(parts, folder, decide, on_progress), problems)


def _index(lake: Lake, built: pd.DataFrame, encoder: Encoder) -> RetrievalIndex:
    """The index that the lake names; one without entries where no entry is live."""
    import pandas as pd

    from assets.build_knowledge.retrieval.index_files import load_index
    from assets.build_knowledge.retrieval.retrieval_index import (
        DOCUMENT_COLUMNS,
        HISTORY_COLUMNS,
        build_index,
    )

    if built.empty:
        documents, history = (pd.DataFrame(columns=list(names)) for names in (DOCUMENT_COLUMNS, HISTORY_COLUMNS))
        return build_index(documents, history, encoder.encode, encoder_revision=encoder.revision)
    folder = lake.models / str(built["index_version"].iloc[0])
    return _found(folder, lambda: load_index(folder))


def _read(lake: Lake, name: str) -> pd.DataFrame:
    try:
        return lake.read(name)
    except NotMaterialised:
        raise ReleaseError(f"'{name}' has not been materialised yet. Run: understudy run") from None


def _only(values: pd.Series, name: str, command: str) -> str:
    found = sorted(set(values.dropna()))
    if not found:
        raise ReleaseError(f"'{name}' is empty, so there is no model to release. Run: {command}")
    return str(found[0])


def _found(place: Path, read: Callable[[], Any]) -> Any:
    try:
        return read()
    except FileNotFoundError:
        raise ReleaseError(f"{place} is gone; run the stage that makes it again") from None
    except ValueError as error:
        raise ReleaseError(f"{place} cannot be read: {error}") from error

"""Building a desk's release from what lies in its lake: for a run and the command line alike.

Belongs here: gathering the parts, refusing to build what is not signed, writing down which checks were red. Does not
belong here: what a release is (``assets.configure_behavior.releases``), making one current (``releases``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
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
    from assets.configure_behavior.releases.agent_release import AgentRelease
    from desk.behavior import BehaviorFile

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
            **_corrections(intents),
            "ticket_splits": frame_digest(splits, ("ticket_id", "split")),
            "ticket_texts": frame_digest(vectors, ("ticket_id", "text_hash")),
        },
        settings={"languages": list(loaded.settings.languages)},
        seeds=SEEDS,
    )


def gather_update_parts(
    desk: DeskResource,
    encoder: Encoder,
    base: AgentRelease,
    recipe: Mapping[str, Any],
    entries: pd.DataFrame,
    index: RetrievalIndex,
    behavior: BehaviorFile,
) -> ReleaseParts:
    """Parts of a release that differs from another in its knowledge and its behavior alone.

    Args:
        base: the release whose models, thresholds and categories are kept as they are; recipe: its own.
        entries: rows of ``live_entries``. index: over exactly these.

    Raises:
        ReleaseError: something was never materialised.
    """
    import pandas as pd

    lake, loaded = desk.lake, desk.desk
    splits, vectors = _read(lake, "ticket_splits"), _read(lake, "ticket_vectors")
    decided = [asdict(base.categories[name]) for name in sorted(base.categories)]
    return ReleaseParts(
        desk_id=loaded.settings.desk_id,
        company=loaded.settings.company,
        as_of=desk.as_of(_read(lake, "fct_tickets")),
        entries=entries,
        categories=pd.DataFrame(decided, columns=["category_id", "name", "bucket", "tier", "owner"]),
        behavior=behavior,
        intents=base.intents,
        index=index,
        confidence=base.confidence,
        confidence_version=str(recipe["confidence"]["version"]),
        thresholds=base.thresholds,
        encoder=encoder,
        regression=_read(lake, "regression_set"),
        # What the category model learnt from is the base's.
        data={
            **recipe["data"],
            "exports": sorted(file.stem for file in lake.manifests.glob("*.json")),
            "ticket_splits": frame_digest(splits, ("ticket_id", "split")),
            "ticket_texts": frame_digest(vectors, ("ticket_id", "text_hash")),
        },
        settings=recipe["settings"],
        seeds=recipe["seeds"],
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
    return build_parts(
        desk, gather_parts(desk, encoder), red_checks, unsigned=unsigned, decide=decide, on_progress=on_progress
    )


def build_parts(
    desk: DeskResource,
    parts: ReleaseParts,
    red_checks: Iterable[str],
    *,
    unsigned: bool,
    held: Sequence[str] | None = None,
    decide: Decide | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> BuildReport:
    """Build a release of these parts among the desk's. Arguments and errors as ``build_from_lake``; held: ``write_status``."""
    red = sorted(red_checks)
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
    write_status(folder, release.release_id, red, held)
    return BuildReport(build_release(parts, folder, decide, on_progress), problems)


def write_status(releases: Path, release_id: str, red_checks: Iterable[str], held: Sequence[str] | None = None) -> None:
    """Write beside a release's folder what keeps it from being activated.

    Args:
        red_checks: the blocking checks that are red now.
        held: why a replay keeps it back; None: what an earlier replay of the same release said stands, since building it
            once more changes nothing about it.
    """
    file = status_file(releases, release_id)
    if held is None:
        try:
            held = [str(one) for one in json.loads(file.read_text(encoding="utf-8")).get("held", [])]
        except (FileNotFoundError, ValueError):
            held = []
    status: dict[str, Any] = {"release_id": release_id, "red_checks": [*sorted(red_checks), *held]}
    if held:
        status["held"] = list(held)
    with replacing(file) as temporary:
        temporary.write_text(json.dumps(status, indent=1) + "\n", encoding="utf-8")


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


def _corrections(intents: pd.DataFrame) -> dict[str, list[str]]:
    """The changes whose corrections the category model was learnt with; nothing where there are none."""
    if "correction_change_id" not in intents:
        return {}
    changes = sorted(set(intents["correction_change_id"].dropna()))
    return {"corrections": changes} if changes else {}


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

"""From frames and models to a release in its folder: one entry point, for a run, the command line and a test alike.

Belongs here: putting the parts together, and refusing parts that do not belong together. Does not belong here: where the
parts lie (``orchestration``), what people still have to sign (``release_problems``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.build_knowledge.conditions import load_conditions
from assets.configure_behavior.releases.agent_release import AgentRelease, ReleaseCategory, ReleaseEntry
from assets.configure_behavior.releases.code_version import code_version, package_versions
from assets.configure_behavior.releases.recipe import (
    digest_of,
    frame_digest,
    make_recipe,
    recipe_hash,
    retrieval_inputs,
)
from assets.configure_behavior.releases.regression_set import Decide, replay
from assets.configure_behavior.releases.release_files import save_release
from assets.configure_behavior.releases.saved_release import ReleaseError
from desk.behavior import BehaviorFile, behavior_hash

if TYPE_CHECKING:
    import pandas as pd

    from assets.audit_tickets.categories.intent_model import IntentModel
    from assets.audit_tickets.vectors.encoder import Encoder
    from assets.build_knowledge.retrieval.retrieval_index import RetrievalIndex
    from assets.configure_behavior.confidence.confidence_model import ConfidenceModel
    from assets.configure_behavior.confidence.thresholds import Thresholds

REGRESSION_COLUMNS = ("ticket_id", "text", "context", "category_id")


@dataclass(frozen=True)
class ReleaseParts:
    """All that a release is built from.

    ``entries`` is the frame ``live_entries``; ``categories`` the frame ``accepted_categories`` (category_id, name,
    bucket, tier, owner): those without a bucket are undecided and not in the release; ``regression`` the frame
    ``regression_set``. ``confidence_version`` is a hash of what confidence was learnt from (``confidence_inputs``).
    ``data`` are digests of the frames used and the ids of exports, ``settings`` and ``seeds`` those that shaped the parts.
    """

    desk_id: str
    company: str
    as_of: pd.Timestamp
    entries: pd.DataFrame
    categories: pd.DataFrame
    behavior: BehaviorFile
    intents: IntentModel
    index: RetrievalIndex
    confidence: ConfidenceModel
    confidence_version: str
    thresholds: Thresholds
    encoder: Encoder
    regression: pd.DataFrame
    data: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    seeds: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class BuiltRelease:
    """A release that lies in its folder. ``was_there`` and ``differing`` as in ``release_files.WrittenRelease``."""

    release_id: str
    folder: Path
    recipe: dict[str, Any]
    release: AgentRelease
    regression: list[dict[str, Any]]
    was_there: bool
    differing: tuple[str, ...]


def build_release(
    parts: ReleaseParts,
    releases: Path,
    decide: Decide | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> BuiltRelease:
    """Freeze the parts into a folder below ``releases``; the same parts again find it there.

    Args:
        releases: the folder of all releases.
        decide: ``decisions.decide`` by default.
        on_progress: called with (regression tickets decided, in all).

    Raises:
        ReleaseError: the parts do not belong together, such as an index of other entries.
    """
    if problems := part_problems(parts):
        raise ReleaseError("; ".join(problems))
    release, recipe = assemble(parts)
    regression = replay(parts.regression, release, decide or the_decide(), on_progress)
    written = save_release(release, recipe, regression, releases)
    return BuiltRelease(
        release.release_id, written.folder, recipe, release, regression, written.was_there, written.differing
    )


def assemble(parts: ReleaseParts) -> tuple[AgentRelease, dict[str, Any]]:
    """The release in memory, and its recipe."""
    entries = release_entries(parts.entries)
    categories = release_categories(parts.categories)
    recipe = make_recipe(
        desk_id=parts.desk_id,
        company=parts.company,
        as_of=parts.as_of,
        entries=entries,
        categories=categories,
        behavior_hash=behavior_hash(parts.behavior),
        intents_version=parts.intents.model_version,
        retrieval_version=retrieval_inputs(parts.index),
        confidence_version=parts.confidence_version,
        thresholds=parts.thresholds,
        encoder_name=parts.encoder.name,
        encoder_revision=parts.encoder.revision,
        regression_set=regression_digest(parts.regression),
        data=parts.data,
        settings=parts.settings,
        seeds=parts.seeds,
        code={"version": code_version(), "packages": package_versions()},
    )
    release = AgentRelease(
        release_id="",
        company=parts.company,
        behavior=parts.behavior,
        categories={one.category_id: one for one in categories},
        entries={one.entry_id: one for one in entries},
        intents=parts.intents,
        index=parts.index,
        confidence=parts.confidence,
        thresholds=parts.thresholds,
        encoder_revision=parts.encoder.revision,
        encode=parts.encoder.encode,
    )
    return replace(release, release_id=recipe_hash(recipe)), recipe


def part_problems(parts: ReleaseParts) -> list[str]:
    """What does not belong together, with the remedy; empty when all does."""
    problems = []
    revision = parts.encoder.revision
    for name, its, stage in (
        ("categories were learnt", parts.intents.encoder_revision, "audit_tickets"),
        ("the index was built", parts.index.encoder_revision, "build_knowledge"),
    ):
        if its and its != revision:
            problems.append(f"{name} with another encoder ({its}, now {revision}). Run: understudy run {stage}")
    live, indexed = set(parts.entries["entry_id"]), set(parts.index.entries)
    if live != indexed:
        some = ", ".join(sorted(live ^ indexed)[:3])
        problems.append(
            f"the index holds other entries than those that are live ({len(live ^ indexed)}: {some}). "
            "Run: understudy run build_knowledge"
        )
    changed = [one.entry_id for one in release_entries(parts.entries) if one.own_hash != one.content_hash]
    if changed:
        problems.append(f"{', '.join(changed[:3])}: the text is not the one its content hash was made of")
    return problems


def release_entries(live: pd.DataFrame) -> list[ReleaseEntry]:
    """``live_entries`` as a release holds them, sorted by id."""
    rows: list[dict[str, Any]] = [{str(k): v for k, v in row.items()} for row in live.to_dict("records")]
    entries = [
        ReleaseEntry(
            entry_id=str(row["entry_id"]),
            content_hash=str(row["content_hash"]),
            category_id=str(row["category_id"]),
            question=str(row["question"]),
            answer=str(row["answer"]),
            conditions={name: list(values) for name, values in load_conditions(row["conditions"]).items()},
            owner=_text(row["owner"]) or "",
            sources=json.loads(row["sources"]),
            accepted_by=_text(row.get("accepted_by")) or "",
            phrasings=[str(one) for one in row["phrasings"]],
            valid_from=_day(row["valid_from"]),
            valid_until=_day(row["valid_until"]),
        )
        for row in rows
    ]
    return sorted(entries, key=lambda one: one.entry_id)


def release_categories(accepted: pd.DataFrame) -> list[ReleaseCategory]:
    """The categories that people decided about, sorted by id; one without a bucket was not."""
    rows: list[dict[str, Any]] = [{str(k): v for k, v in row.items()} for row in accepted.to_dict("records")]
    found = [
        ReleaseCategory(
            category_id=str(row["category_id"]),
            name=_text(row["name"]) or str(row["category_id"]),
            bucket=bucket,
            tier=None if _text(row["tier"]) is None else int(row["tier"]),
            owner=_text(row["owner"]),
        )
        for row in rows
        if (bucket := _text(row["bucket"])) is not None
    ]
    return sorted(found, key=lambda one: one.category_id)


def regression_digest(regression: pd.DataFrame) -> str:
    """What the recipe holds of the frozen tickets."""
    return frame_digest(regression, REGRESSION_COLUMNS)


def confidence_inputs(
    labels: pd.DataFrame, intents: IntentModel, index: RetrievalIndex, behavior: BehaviorFile, seeds: Mapping[str, int]
) -> str:
    """Name of a confidence model and its thresholds, by what they were learnt from: the same on any machine.

    Args:
        labels: labelled calibration tickets: ticket_id, entry_ids, label_source.
    """
    recipe = {
        "labels": frame_digest(labels, ("ticket_id", "entry_ids", "label_source")),
        "intents": intents.model_version,
        "retrieval": retrieval_inputs(index),
        "confidence": behavior.confidence.model_dump(mode="json"),
        "seeds": dict(seeds),
    }
    return "confidence_" + digest_of(recipe)[:12]


def the_decide() -> Decide:
    """The function that decides; imported late, since it brings the models' libraries."""
    from assets.configure_behavior.decisions.decide import decide

    return decide


def release_frame_row(built: BuiltRelease, problems: Sequence[str], is_signed: bool) -> dict[str, Any]:
    """The row of ``agent_release`` [release] for a built release.

    release_id, built_at_as_of (text, UTC), folder (its name), behavior_hash, encoder_revision, count_entries,
    count_categories, count_regression_tickets, is_signed, problems.
    """
    return {
        "release_id": built.release_id,
        "built_at_as_of": built.recipe["as_of"],
        "folder": built.folder.name,
        "behavior_hash": built.recipe["behavior"],
        "encoder_revision": built.recipe["encoder"]["revision"],
        "count_entries": len(built.recipe["entries"]),
        "count_categories": len(built.recipe["categories"]),
        "count_regression_tickets": len(built.regression),
        "is_signed": is_signed,
        "problems": list(problems),
    }


def _day(value: Any) -> str | None:
    import pandas as pd

    return None if pd.isna(value) else str(pd.Timestamp(value).date())


def _text(value: Any) -> str | None:
    import pandas as pd

    return None if value is None or pd.isna(value) or not str(value).strip() else str(value)

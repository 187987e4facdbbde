"""Releases on disk: a folder named by the hash of its recipe, written whole or not at all, and read back.

Belongs here: the layout, writing, and loading what decides. Does not belong here: reading a folder without its models
(``saved_release``), what goes into a release (``build_release``), whether it is what it says (``verify``), who may use
it (``ledger.releases``).

    <release id>/manifest.json          recipe, digests of all other files, digest of the regression decisions
                 behavior.json          the spec, defaults included
                 entries.jsonl          one live entry a line, without the names of who accepted it: they stand in the
                                        ledger, where they can be erased
                 categories.json        buckets as decided
                 thresholds.json        with the bound that certified each
                 confidence.json        the confidence model
                 intents/, index/       category model and retrieval index
                 regression_set.jsonl   frozen tickets with what this release decides

Equal inputs give equal bytes on one machine: no file holds a time, a path or a name of a computer.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from filelock import FileLock

from assets.configure_behavior.releases.agent_release import AgentRelease, ReleaseCategory, ReleaseEntry
from assets.configure_behavior.releases.recipe import recipe_hash
from assets.configure_behavior.releases.regression_set import decisions_digest
from assets.configure_behavior.releases.saved_release import (
    FORMAT,
    MANIFEST,
    REGRESSION,
    ReleaseError,
    artefact_problems,
    file_facts,
    read_manifest,
    read_release,
)

if TYPE_CHECKING:
    from assets.audit_tickets.vectors.encoder import Encoder

_UNFINISHED = ".building-"


@dataclass(frozen=True)
class WrittenRelease:
    """Where a release lies. ``was_there``: it had been built before; ``differing`` are files that came out otherwise
    this time, which happens where processor or libraries are not those of the first time."""

    folder: Path
    was_there: bool
    differing: tuple[str, ...] = ()


def save_release(
    release: AgentRelease, recipe: Mapping[str, Any], regression: Sequence[Mapping[str, Any]], releases: Path
) -> WrittenRelease:
    """Write a release into its folder below ``releases``; what is there already is compared, never written over.

    Args:
        regression: rows of ``regression_set.replay``.

    Raises:
        ReleaseError: the recipe's hash is not the release's id, or the folder that is there was damaged.
    """
    if recipe_hash(recipe) != release.release_id:
        raise ReleaseError(
            f"the recipe has the hash {recipe_hash(recipe)[:12]}, the release the id {release.release_id[:12]}"
        )
    releases.mkdir(parents=True, exist_ok=True)
    final = releases / release.release_id
    with FileLock(releases / ".lock"):
        for left in releases.glob(f"{_UNFINISHED}*"):  # whoever wrote it was killed: the lock is ours
            shutil.rmtree(left)
        unfinished = releases / f"{_UNFINISHED}{release.release_id[:12]}-{secrets.token_hex(4)}"
        try:
            _write(release, recipe, regression, unfinished)
            if final.exists():
                if problems := artefact_problems(final):
                    raise ReleaseError(
                        f"{final} was damaged since it was built ({problems[0]}); move it away, then build again"
                    )
                mine, theirs = read_manifest(unfinished)["artefacts"], read_manifest(final)["artefacts"]
                names = sorted(mine.keys() | theirs.keys())
                return WrittenRelease(final, True, tuple(one for one in names if mine.get(one) != theirs.get(one)))
            _flush(unfinished)
            unfinished.rename(final)
            _flush_names(releases)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return WrittenRelease(final, False)


def load_release(folder: Path, encoder: Encoder) -> AgentRelease:
    """The release in a folder, ready to decide; its files are compared with the manifest first.

    Raises:
        ReleaseError: a file is missing or was changed, it is of another format, or the encoder is not the one it was
            built with.
    """
    from assets.audit_tickets.categories.intent_model import IntentModel
    from assets.build_knowledge.retrieval.index_files import load_index
    from assets.configure_behavior.confidence.confidence_model import ConfidenceModel
    from assets.configure_behavior.confidence.thresholds import Thresholds
    from desk.behavior import BehaviorFile

    if problems := artefact_problems(folder):
        raise ReleaseError(f"the release in {folder} is not what was built: {problems[0]}")
    saved = read_release(folder)
    needed = saved.recipe["encoder"]
    if encoder.revision != needed["revision"]:
        raise ReleaseError(
            f"release {saved.release_id[:12]} was built with the encoder {needed['name']} (revision {needed['revision']}), "
            f"not with {encoder.name} (revision {encoder.revision}); name the former in desk.yaml to run it"
        )
    try:
        release = AgentRelease(
            release_id=saved.release_id,
            company=saved.recipe["desk"]["company"],
            behavior=BehaviorFile.model_validate(saved.behavior),
            categories={name: ReleaseCategory(**row) for name, row in saved.categories.items()},
            entries={name: ReleaseEntry(**row, accepted_by="") for name, row in saved.entries.items()},
            intents=IntentModel.load(folder / "intents"),
            index=load_index(folder / "index"),
            confidence=ConfidenceModel.from_json(saved.confidence),
            thresholds=Thresholds.from_json(saved.thresholds),
            encoder_revision=encoder.revision,
            encode=encoder.encode,
        )
    except (ValueError, TypeError, KeyError, BadZipFile) as error:
        raise ReleaseError(
            f"release {saved.release_id[:12]} cannot be read by this version of Understudy ({error}); build it again"
        ) from error
    if changed := [name for name, entry in release.entries.items() if entry.own_hash != entry.content_hash]:
        raise ReleaseError(
            f"release {saved.release_id[:12]} holds another text than was accepted for {', '.join(changed[:3])}"
        )
    return release


def _write(
    release: AgentRelease, recipe: Mapping[str, Any], regression: Sequence[Mapping[str, Any]], folder: Path
) -> None:
    from assets.build_knowledge.retrieval.index_files import save_index
    from desk.behavior import behavior_content

    folder.mkdir(parents=True)
    entries = [asdict(release.entries[name]) for name in sorted(release.entries)]
    for entry in entries:
        del entry["accepted_by"]
    _dump(folder / "behavior.json", behavior_content(release.behavior))
    _dump_lines(folder / "entries.jsonl", entries)
    _dump(folder / "categories.json", [asdict(release.categories[name]) for name in sorted(release.categories)])
    thresholds = sorted(release.thresholds.to_json(), key=lambda row: (row["category_id"], row["risk"]))
    _dump(folder / "thresholds.json", thresholds)
    _dump(folder / "confidence.json", release.confidence.to_json())
    release.intents.save(folder / "intents")
    save_index(release.index, folder / "index")
    _dump_lines(folder / REGRESSION, regression)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    _dump(
        folder / MANIFEST,
        {
            "format": FORMAT,
            "release_id": release.release_id,
            "recipe": dict(recipe),
            "artefacts": {path.relative_to(folder).as_posix(): file_facts(path) for path in files},
            "regression": {"tickets": len(regression), "decisions": decisions_digest(regression)},
        },
    )


def _dump(file: Path, value: Any) -> None:
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, indent=1, allow_nan=False)
    file.write_text(text + "\n", encoding="utf-8", newline="\n")


def _dump_lines(file: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    lines = [json.dumps(dict(row), sort_keys=True, ensure_ascii=True, allow_nan=False) + "\n" for row in rows]
    file.write_text("".join(lines), encoding="utf-8", newline="\n")


def _flush(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        _flush_names(path)


def _flush_names(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

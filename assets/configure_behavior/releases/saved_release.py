"""What a release's folder says, read without loading its models, and whether its files are those that were written.

Belongs here: the manifest, finding folders by the first digits of an id, and what a comparison of releases needs. Does
not belong here: writing, and loading what decides (``release_files``).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assets.configure_behavior.releases.recipe import digest_of

FORMAT = 1
MANIFEST = "manifest.json"
REGRESSION = "regression_set.jsonl"
_HEX = set("0123456789abcdef")


class ReleaseError(ValueError):
    """A release cannot be built, found or read; ``str()`` says what is wrong and what to do."""


@dataclass(frozen=True)
class SavedRelease:
    """What a folder says, read without its models. ``artefacts``: by path, ``sha256`` and ``bytes``."""

    folder: Path
    release_id: str
    recipe: dict[str, Any]
    artefacts: dict[str, dict[str, Any]]
    artefacts_digest: str
    decisions_digest: str
    behavior: dict[str, Any]
    entries: dict[str, dict[str, Any]]
    categories: dict[str, dict[str, Any]]
    thresholds: list[dict[str, Any]]
    confidence: dict[str, Any]
    regression: list[dict[str, Any]]


def read_release(folder: Path) -> SavedRelease:
    """What a folder says, without loading its models.

    Raises:
        ReleaseError: it is no release, a file is missing or cannot be read, or it is of another format.
    """
    manifest = read_manifest(folder)
    return SavedRelease(
        folder=folder,
        release_id=manifest["release_id"],
        recipe=manifest["recipe"],
        artefacts=manifest["artefacts"],
        artefacts_digest=digest_of(manifest["artefacts"]),
        decisions_digest=manifest["regression"]["decisions"],
        behavior=_json(folder / "behavior.json"),
        entries={row["entry_id"]: row for row in _lines(folder / "entries.jsonl")},
        categories={row["category_id"]: row for row in _json(folder / "categories.json")},
        thresholds=_json(folder / "thresholds.json"),
        confidence=_json(folder / "confidence.json"),
        regression=_lines(folder / REGRESSION),
    )


def artefact_problems(folder: Path) -> list[str]:
    """A sentence for every file that is missing, changed, or not in the manifest.

    Raises:
        ReleaseError: there is no manifest that can be read.
    """
    expected = read_manifest(folder)["artefacts"]
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    found.pop(MANIFEST, None)
    problems = [f"{name} is missing" for name in sorted(expected.keys() - found.keys())]
    problems += [f"{name} was added" for name in sorted(found.keys() - expected.keys())]
    for name in sorted(expected.keys() & found.keys()):
        if file_facts(found[name]) != expected[name]:
            problems.append(f"{name} was changed: its digest is not the one in the manifest")
    return problems


def release_folders(releases: Path) -> list[Path]:
    """The folders of finished releases, in the order of their ids."""
    if not releases.is_dir():
        return []
    return sorted(path for path in releases.iterdir() if path.is_dir() and is_release_id(path.name))


def find_release(releases: Path, prefix: str) -> Path:
    """The folder of the release whose id begins with ``prefix``.

    Raises:
        ReleaseError: none does, or several do.
    """
    wanted = prefix.strip().lower()
    found = [folder for folder in release_folders(releases) if wanted and folder.name.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        raise ReleaseError(f"'{prefix}' begins the ids of {len(found)} releases; give more digits")
    raise ReleaseError(f"there is no release '{prefix}'. See: understudy release list")


def is_release_id(text: str) -> bool:
    """Whether a text is a release id: 64 hex digits."""
    return len(text) == 64 and set(text) <= _HEX


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a folder.

    Raises:
        ReleaseError: there is none, or it is of another format.
    """
    if not (folder / MANIFEST).is_file():
        raise ReleaseError(f"{folder} holds no release: {MANIFEST} is missing")
    manifest = _json(folder / MANIFEST)
    written = manifest.get("format") if isinstance(manifest, dict) else None
    if written != FORMAT:
        raise ReleaseError(
            f"{folder} is a release of another format ({written}, this version reads {FORMAT}); build it again"
        )
    if absent := [name for name in ("release_id", "recipe", "artefacts", "regression") if name not in manifest]:
        raise ReleaseError(f"{folder / MANIFEST} lacks {', '.join(absent)}: it was changed after it was built")
    return dict(manifest)


def file_facts(file: Path) -> dict[str, Any]:
    """What the manifest holds of a file: ``sha256`` and ``bytes``."""
    with file.open("rb") as handle:
        return {"sha256": hashlib.file_digest(handle, "sha256").hexdigest(), "bytes": file.stat().st_size}


def _json(file: Path) -> Any:
    return _parsed(file, _text(file))


def _lines(file: Path) -> list[dict[str, Any]]:
    # Only "\n" ends a line here: splitlines would also cut at separators that customers type.
    return [_parsed(file, line) for line in _text(file).split("\n") if line]


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ReleaseError(f"{file.parent} holds no whole release: {file.name} is missing") from None
    except UnicodeDecodeError:
        raise ReleaseError(f"{file} was damaged: it is not UTF-8 any more") from None


def _parsed(file: Path, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise ReleaseError(f"{file} was damaged: it is no JSON any more") from None

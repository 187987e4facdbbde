"""JSON Schemas of the desk files, for editors and docs. The models are the source; nothing is written by hand."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import BaseModel

from desk.behavior import BehaviorFile
from desk.entry import FrontMatter
from desk.models import CategoriesFile, DeskFile, ReleaseEvent
from desk.pilot import PilotFile

SCHEMAS: dict[str, type[BaseModel]] = {
    "desk": DeskFile,
    "categories": CategoriesFile,
    "release_event": ReleaseEvent,
    "knowledge_entry": FrontMatter,
    "behavior": BehaviorFile,
    "pilot": PilotFile,
}


def write_schemas(folder: Path) -> list[Path]:
    """Write ``<name>.schema.json`` for every desk file into ``folder``; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, model in SCHEMAS.items():
        file = folder / f"{name}.schema.json"
        file.write_text(json.dumps(model.model_json_schema(), indent=2, sort_keys=True) + "\n", encoding="utf-8")
        files.append(file)
    return files


if __name__ == "__main__":
    for written in write_schemas(Path("docs/reference/schemas")):
        print(written)

"""What a benchmark leaves behind: its figures, with where and on what they were measured.

Belongs here: the file under ``results/`` and its last lines. Does not belong here: any measurement.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from os import cpu_count
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parent / "results"


def write_results(name: str, figures: Mapping[str, Any], *packages: str, seed: int | None) -> Path:
    """Write ``results/<name>.json`` and return it: the figures, then date, machine, versions and seed.

    Args:
        figures: JSON-ready.
        packages: libraries the figures depend on; their versions are named beside Python's.
        seed: of what was drawn; None where nothing was.
    """
    record = {
        **figures,
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {cpu_count()} cores",
        "versions": ", ".join([f"python {platform.python_version()}", *(f"{one} {version(one)}" for one in packages)]),
        "seed": seed,
    }
    file = RESULTS / f"{name}.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return file

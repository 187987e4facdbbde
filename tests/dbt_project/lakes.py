"""Making a lake that dbt can read, running dbt on it, and reading what it published."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

PROJECT = Path(__file__).parent.parent.parent / "dbt_project"

TEXTS = pa.list_(pa.string())
RAW_TICKETS = pa.schema(
    [
        *((name, pa.string()) for name in ("export_id", "source", "helpdesk", "record_kind", "record_id", "ticket_id")),
        ("record_updated_at", pa.timestamp("us", tz="UTC")),
        ("record_hash", pa.string()),
        ("file", pa.string()),
        ("line", pa.int64()),
        ("payload", pa.string()),
    ]
)
ACCEPTED_CATEGORIES = pa.schema(
    [
        *((name, pa.string()) for name in ("category_id", "name", "description", "bucket")),
        ("tier", pa.int64()),
        ("owner", pa.string()),
        *((name, TEXTS) for name in ("labels", "examples", "merged_from")),
    ]
)
CATEGORIES = [
    {
        "category_id": "password_reset",
        "name": "Password reset",
        "labels": ["Login & Password"],
        "examples": [],
        "merged_from": [],
    }
]


@dataclass(frozen=True)
class Record:
    """A record as landing writes it, without what follows from it."""

    export_id: str
    source: str
    helpdesk: str
    kind: str
    payload: dict[str, Any]
    updated_at: str | None = None
    ticket_id: str | None = None

    def row(self, line: int) -> dict[str, Any]:
        text = json.dumps(self.payload, ensure_ascii=False)
        record_id = str(self.payload["id"])
        ticket_id = record_id if self.kind == "ticket" else self.ticket_id
        updated_at = datetime.fromisoformat(self.updated_at) if self.updated_at else None
        return {
            "export_id": self.export_id,
            "source": self.source,
            "helpdesk": self.helpdesk,
            "record_kind": self.kind,
            "record_id": record_id,
            "ticket_id": ticket_id,
            "record_updated_at": updated_at,
            "record_hash": sha256(text.encode()).hexdigest(),
            "file": "export.json",
            "line": line,
            "payload": text,
        }


def write_lake(home: Path, records: list[Record], fields: list[tuple], markers: list[tuple]) -> None:
    """Write what the platform's assets would have written before dbt runs."""
    for folder in ("lake/raw_tickets", "lake/marts", "lake/private", "dbt"):
        (home / folder).mkdir(parents=True, exist_ok=True)
    exports: dict[str, list[dict]] = defaultdict(list)
    for record in records:
        exports[record.export_id].append(record.row(len(exports[record.export_id]) + 1))
    for export_id, rows in (exports or {"none": []}).items():
        _write(home / f"lake/raw_tickets/{export_id}.parquet", rows, RAW_TICKETS)
    _write_texts(home / "lake/desk_fields.parquet", ("source", "field", "key"), fields)
    _write_texts(home / "lake/desk_markers.parquet", ("source", "kind", "value"), markers)
    _write(home / "lake/accepted_categories.parquet", CATEGORIES, ACCEPTED_CATEGORIES)


def _write(file: Path, rows: list[dict], schema: pa.Schema) -> None:
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), file)


def _write_texts(file: Path, names: tuple[str, ...], rows: list[tuple]) -> None:
    schema = pa.schema([(name, pa.string()) for name in names])
    _write(file, [dict(zip(names, row, strict=True)) for row in rows], schema)


def dbt(home: Path | None, *arguments: str, fails: bool = False) -> str:
    """Run dbt as the platform does; returns what it printed."""
    environment = {**os.environ, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    if home is not None:
        environment |= {
            "UNDERSTUDY_HOME": str(home),
            "DBT_TARGET_PATH": str(home / "dbt/target"),
            "DBT_LOG_PATH": str(home / "dbt/logs"),
        }
    command = [str(Path(sys.executable).parent / "dbt"), "--no-use-colors", *arguments]
    done = subprocess.run(
        [*command, "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode != 0) == fails, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout


@dataclass(frozen=True)
class BuiltLake:
    """The published tables under a home."""

    home: Path

    def mart(self, name: str) -> pd.DataFrame:
        return pq.read_table(self.home / f"lake/marts/{name}.parquet").to_pandas()

    def ticket(self, ticket_id: str) -> pd.Series:
        tickets = self.mart("fct_tickets").set_index("ticket_id")
        return tickets.loc[ticket_id]

    def comments(self, ticket_id: str) -> pd.DataFrame:
        comments = self.mart("fct_ticket_comments")
        return comments[comments["ticket_id"] == ticket_id].sort_values("position").reset_index(drop=True)

    def texts(self) -> pd.DataFrame:
        return pq.read_table(self.home / "lake/private/int_comment_texts.parquet").to_pandas()

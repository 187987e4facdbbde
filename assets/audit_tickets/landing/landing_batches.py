"""Collecting landed and rejected records into Arrow batches of bounded size, and counting what leaves.

Belongs here: rows to record batches, and writing them to Parquet so that no reader ever sees half a file.
Does not belong here: deciding what lands (``landing``).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

import pyarrow as pa
from upath import UPath

from assets.audit_tickets.landing.records import (
    RAW_TICKETS_SCHEMA,
    REJECTED_RECORDS_SCHEMA,
    CheckedRecord,
    LandingLimits,
    Problem,
)

OnBatch = Callable[[str, pa.RecordBatch], None]
"""Called with a frame's name (``raw_tickets`` or ``rejected_records``) and a batch in its schema."""

SCHEMAS = {"raw_tickets": RAW_TICKETS_SCHEMA, "rejected_records": REJECTED_RECORDS_SCHEMA}


class BatchSink:
    """Rows in, batches out. ``count_landed`` and ``count_rejected`` count the rows of batches handed out."""

    def __init__(self, export_id: str, source: str, helpdesk: str, limits: LandingLimits, on_batch: OnBatch):
        self._same = (export_id, source, helpdesk)
        self._limits = limits
        self._on_batch = on_batch
        self._landed: list[tuple[Any, ...]] = []
        self._landed_bytes = 0
        self._rejected: list[tuple[Any, ...]] = []
        self.count_landed = 0
        self.count_rejected = 0

    def land(self, record: CheckedRecord, file: str, line: int) -> None:
        """Add a row of ``raw_tickets``."""
        payload = record.payload
        digest = hashlib.sha256(payload).hexdigest()
        self._landed.append(
            (record.record_kind, record.record_id, record.ticket_id, record.updated_at, digest, file, line, payload)
        )
        self._landed_bytes += len(payload)
        if len(self._landed) >= self._limits.batch_rows or self._landed_bytes >= self._limits.batch_bytes:
            self._flush_landed()

    def reject(
        self, problem: Problem, file: str, line: int, kind: str | None, record_id: str | None, print_: tuple[int, str]
    ) -> None:
        """Add a row of ``rejected_records``; ``print_`` is the record's size and sha256."""
        self._rejected.append((file, line, kind, record_id, str(problem.reason), problem.detail, *print_))
        if len(self._rejected) >= self._limits.batch_rows:
            self._flush_rejected()

    def finish(self) -> None:
        """Hand out what is left."""
        self._flush_landed()
        self._flush_rejected()

    def _flush_landed(self) -> None:
        if self._landed:
            self.count_landed += self._flush("raw_tickets", self._landed)
            self._landed, self._landed_bytes = [], 0

    def _flush_rejected(self) -> None:
        if self._rejected:
            self.count_rejected += self._flush("rejected_records", self._rejected)
            self._rejected = []

    def _flush(self, name: str, rows: list[tuple[Any, ...]]) -> int:
        schema = SCHEMAS[name]
        count = len(rows)
        same = [pa.array([value] * count, pa.string()) for value in self._same]
        columns = [
            pa.array(list(values), pa.binary()).cast(pa.string())
            if field.name == "payload"
            else pa.array(values, field.type)
            for field, values in zip(list(schema)[len(same) :], zip(*rows, strict=True), strict=True)
        ]
        batch = pa.record_batch([*same, *columns], schema=schema)
        self._on_batch(name, batch)
        return batch.num_rows


class ParquetBatches:
    """Writes batches to one Parquet file a frame; the files appear under their names only on a clean exit.

    Use as a context manager and as the ``on_batch`` of landing. Local files are written beside their target and
    renamed; on object stores an upload becomes visible when it is complete. Empty frames give files with no rows.
    """

    def __init__(self, paths: Mapping[str, UPath]):
        self._paths = dict(paths)
        self._stack = ExitStack()
        self._writers: dict[str, Any] = {}
        self._temporary: dict[str, UPath] = {}

    def __enter__(self) -> ParquetBatches:
        import pyarrow.parquet as pq

        for name, path in self._paths.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            target = path.parent / f".{path.name}.{os.getpid()}.tmp"
            self._temporary[name] = target
            handle = self._stack.enter_context(target.open("wb"))
            writer = pq.ParquetWriter(handle, SCHEMAS[name], compression="zstd")
            self._writers[name] = self._stack.enter_context(writer)
        return self

    def __call__(self, name: str, batch: pa.RecordBatch) -> None:
        self._writers[name].write_batch(batch)

    def note(self, values: Mapping[str, Any]) -> None:
        """Keep values as JSON in the files' own metadata, under the key ``understudy``."""
        for writer in self._writers.values():
            writer.add_key_value_metadata({"understudy": json.dumps(dict(values), sort_keys=True)})

    def __exit__(self, error_type: type[BaseException] | None, error: Any, trace: Any) -> None:
        self._stack.close()
        for name, temporary in self._temporary.items():
            if error_type is not None:
                temporary.unlink(missing_ok=True)
            elif temporary.protocol in ("", "file", "local"):
                os.replace(temporary.path, self._paths[name].path)
            else:
                temporary.rename(self._paths[name])

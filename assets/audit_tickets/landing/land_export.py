"""Landing one export: every record in it becomes a row of ``raw_tickets`` or, with file, line and reason, a row of
``rejected_records``.

Belongs here: the order of reading, checking, counting. Does not belong here: finding exports (``exports``), opening
their files (``export_files``), what a record must hold (``*_records``, ``column_mapping``).

How counts add up: ``records_read`` is counted where records are found, ``records_landed`` and ``records_rejected``
from the rows handed out, so that a record lost between them shows. A record nested in a landed one (a comment of a
ticket) is no record of its own while it is good; a bad one is taken out, and is then one record read and rejected.
A damaged stretch, a file that ends early and a file of no use are one record read and rejected each.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

from upath import UPath

from assets.audit_tickets.landing.column_mapping import MappedFormat
from assets.audit_tickets.landing.csv_rows import CsvRows
from assets.audit_tickets.landing.export_files import ExportFile, open_export, stored_bytes
from assets.audit_tickets.landing.freshdesk_records import FRESHDESK
from assets.audit_tickets.landing.intercom_records import INTERCOM
from assets.audit_tickets.landing.json_documents import JsonDocument
from assets.audit_tickets.landing.json_layout import HEAD_BYTES, is_document
from assets.audit_tickets.landing.json_lines import read_json_lines
from assets.audit_tickets.landing.landing_batches import BatchSink, OnBatch, ParquetBatches
from assets.audit_tickets.landing.record_formats import RecordFormat
from assets.audit_tickets.landing.records import (
    BadRecord,
    LandingLimits,
    Problem,
    ReadRecord,
    RejectReason,
    UnreadableExport,
)
from assets.audit_tickets.landing.zendesk_records import ZENDESK
from desk.mapping import Mapping

FORMATS: dict[str, RecordFormat] = {"zendesk": ZENDESK, "freshdesk": FRESHDESK, "intercom": INTERCOM}
OnProgress = Callable[[int, int], None]
_JSON_NAME = re.compile(r"\.(json|ndjson|jsonl|jl)(\.gz)?$", re.IGNORECASE)
_OTHER_NAME = re.compile(r"\.[a-z][a-z0-9]{1,5}(\.gz)?$", re.IGNORECASE)


@dataclass
class ExportManifest:
    """What landing an export came to; ``records_read == records_landed + records_rejected`` always holds."""

    export_id: str
    source: str
    helpdesk: str
    name: str
    files: int = 0
    stored_bytes: int = 0
    unpacked_bytes: int = 0
    records_read: int = 0
    records_landed: int = 0
    records_rejected: int = 0
    landed_by_kind: dict[str, int] = field(default_factory=dict)
    rejected_by_reason: dict[str, int] = field(default_factory=dict)
    nested_records_rejected: int = 0
    records_updated_before_created: int = 0
    min_record_updated_at: datetime | None = None
    max_record_updated_at: datetime | None = None
    warnings: list[str] = field(default_factory=list)

    @property
    def adds_up(self) -> bool:
        """Whether nothing was lost or doubled between reading and handing out."""
        return self.records_read == self.records_landed + self.records_rejected

    @property
    def count_defects(self) -> int:
        """Rejected records that something is wrong with, leaving out what the platform has no use for."""
        return sum(count for reason, count in self.rejected_by_reason.items() if RejectReason(reason).is_defect)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, times as ISO-8601 text."""
        values = asdict(self)
        for name in ("min_record_updated_at", "max_record_updated_at"):
            values[name] = values[name].isoformat() if values[name] else None
        return values


def land_export(
    path: UPath,
    *,
    export_id: str,
    helpdesk_kind: str,
    source: str,
    on_batch: OnBatch,
    mapping: Mapping | None = None,
    limits: LandingLimits | None = None,
    on_progress: OnProgress | None = None,
) -> ExportManifest:
    """Read one export (file, folder or zip) in bounded memory and hand its rows to ``on_batch`` as they come.

    Args:
        path: where the export lies, local or on any file system of universal_pathlib.
        export_id: its identity (``exports.identify_export``).
        helpdesk_kind: zendesk, freshdesk, intercom or generic; the last needs ``mapping``.
        on_batch: called with ("raw_tickets" | "rejected_records", record batch).
        on_progress: called with (stored bytes read, stored bytes in all).

    Raises:
        UnreadableExport: the export is gone, may not be read, changed meanwhile, or ``mapping`` is missing.
    """
    limits = limits or LandingLimits()
    format_ = _format_of(helpdesk_kind, mapping)
    return _Landing(path, export_id, helpdesk_kind, source, format_, limits, on_batch, on_progress).run()


def land_export_to_parquet(
    path: UPath, *, raw_tickets: UPath, rejected_records: UPath, **arguments: Any
) -> ExportManifest:
    """``land_export`` into two Parquet files, which appear whole or not at all and carry the manifest as metadata.

    Raises:
        UnreadableExport: as ``land_export``; no file is left behind then.
    """
    with ParquetBatches({"raw_tickets": raw_tickets, "rejected_records": rejected_records}) as batches:
        manifest = land_export(path, on_batch=batches, **arguments)
        batches.note(manifest.to_dict())
    return manifest


def _format_of(helpdesk_kind: str, mapping: Mapping | None) -> RecordFormat | MappedFormat:
    if helpdesk_kind == "generic":
        if mapping is None:
            raise UnreadableExport("a helpdesk of kind 'generic' needs a 'mapping' block in desk.yaml")
        return MappedFormat(mapping)
    if helpdesk_kind not in FORMATS:
        raise UnreadableExport(f"'{helpdesk_kind}' is no helpdesk kind; known: {', '.join(FORMATS)}, generic")
    return FORMATS[helpdesk_kind]


class _Landing:
    def __init__(
        self,
        path: UPath,
        export_id: str,
        helpdesk_kind: str,
        source: str,
        format_: RecordFormat | MappedFormat,
        limits: LandingLimits,
        on_batch: OnBatch,
        on_progress: OnProgress | None,
    ):
        self._path = path
        self._format = format_
        self._limits = limits
        self._on_progress = on_progress
        self._sink = BatchSink(export_id, source, helpdesk_kind, limits, on_batch)
        self._manifest = ExportManifest(export_id, source, helpdesk_kind, path.name)
        self._landed: Counter[str] = Counter()
        self._rejected: Counter[str] = Counter()
        self._total = 0
        self._done = 0

    def run(self) -> ExportManifest:
        manifest = self._manifest
        try:
            self._total = stored_bytes(self._path, self._limits.max_files)
            is_single = self._path.is_file() and not self._path.name.lower().endswith(".zip")
            for file in open_export(self._path, self._limits, self._on_stored):
                manifest.files += 1
                self._land_file(file, is_single)
                manifest.unpacked_bytes += file.unpacked_bytes
            if stored_bytes(self._path, self._limits.max_files) != self._total:
                raise UnreadableExport(f"{self._path.name} changed while it was read; it is landed when it is quiet")
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise UnreadableExport(
                f"{self._path.name} could not be read: {reason}; see that it is there and readable"
            ) from error
        self._sink.finish()
        manifest.stored_bytes = self._total
        manifest.records_landed, manifest.records_rejected = self._sink.count_landed, self._sink.count_rejected
        manifest.landed_by_kind, manifest.rejected_by_reason = (
            dict(sorted(self._landed.items())),
            dict(sorted(self._rejected.items())),
        )
        if self._on_progress is not None:
            self._on_progress(self._total, self._total)
        return manifest

    def _on_stored(self, count: int) -> None:
        self._done += count
        if self._on_progress is not None:
            self._on_progress(min(self._done, self._total), self._total)

    def _land_file(self, file: ExportFile, is_single: bool) -> None:
        kind = self._format.kind_of_file(file.name)
        problem = file.problem or self._why_unused(file.name, kind, is_single)
        if problem is not None:
            self._manifest.records_read += 1
            self._reject(ReadRecord(0, problem=problem), problem, file.name, None)
            return
        for record in self._read(file, kind, is_single):
            self._manifest.records_read += 1
            self._land(record, file.name, kind)

    def _why_unused(self, name: str, kind: str | None, is_single: bool) -> Problem | None:
        if name.lower().endswith((".zip", ".tar", ".tgz", ".7z", ".rar", ".bz2", ".xz", ".zst")):
            return Problem(
                RejectReason.UNREADABLE_FILE, "a packed file of a kind, or in a place, that is not unpacked here"
            )
        if isinstance(self._format, MappedFormat):
            named = f"no 'files' glob of the mapping matches its name; tickets: {self._format.mapping.tickets.files}"
            return None if kind is not None else Problem(RejectReason.UNUSED_FILE, named)
        if not is_single and _OTHER_NAME.search(name) and not _JSON_NAME.search(name):
            return Problem(
                RejectReason.UNUSED_FILE, "neither JSON nor JSON lines; for CSV declare a helpdesk of kind 'generic'"
            )
        return None

    def _read(self, file: ExportFile, kind: str | None, is_single: bool) -> Iterator[ReadRecord]:
        if isinstance(self._format, MappedFormat):
            assert kind is not None
            table = self._format.table(kind)
            chunks = file.chunks(table.encoding)
            is_json = table.format == "json" or (table.format == "auto" and _JSON_NAME.search(file.name) is not None)
            if not is_json:
                return self._read_csv(file, chunks, self._format, kind)
            json_format = self._format.json_format()
        else:
            chunks, json_format = file.chunks(), self._format
        head = b""
        while len(head) < HEAD_BYTES and (chunk := next(chunks, None)) is not None:
            head += chunk
        chunks = chain([head] if head else [], chunks)
        if is_document(head[:HEAD_BYTES], json_format.sections):
            return JsonDocument(file, chunks, json_format, self._limits).records()
        return read_json_lines(file, chunks, json_format.sections, self._limits)

    def _read_csv(
        self, file: ExportFile, chunks: Iterator[bytes], format_: MappedFormat, kind: str
    ) -> Iterator[ReadRecord]:
        rows = CsvRows(file, chunks, self._limits, format_.table(kind).delimiter, format_.wanted_columns(kind))
        needed, others = format_.missing_columns(kind, rows.header)
        twice = sorted(name for name in format_.wanted_columns(kind) if rows.header.count(name) > 1)
        if needed or twice:
            what = f"has no column '{needed[0]}'" if needed else f"has more than one column '{twice[0]}'"
            detail = f"the header {what}, which the mapping of {kind}s names; correct desk.yaml or the export"
            yield ReadRecord(1, problem=Problem(RejectReason.MISSING_COLUMN, detail))
            return
        if others:
            self._manifest.warnings.append(
                f"{file.name}: no column {', '.join(repr(name) for name in others)}; left empty"
            )
        yield from rows.records(lambda row: format_.is_mappable(row, kind))

    def _land(self, record: ReadRecord, file: str, file_kind: str | None) -> None:
        if record.problem is not None:
            self._reject(record, record.problem, file, file_kind)
            return
        kind = self._format.choose_kind(record, file_kind)
        try:
            checked = self._format.check(record, kind)
        except BadRecord as error:
            self._reject(record, Problem(error.reason, error.detail), file, kind)
            return
        manifest = self._manifest
        self._sink.land(checked, file, record.line)
        self._landed[checked.record_kind] += 1
        manifest.records_updated_before_created += checked.is_updated_before_created
        if checked.updated_at is not None:
            manifest.min_record_updated_at = min(
                manifest.min_record_updated_at or checked.updated_at, checked.updated_at
            )
            manifest.max_record_updated_at = max(
                manifest.max_record_updated_at or checked.updated_at, checked.updated_at
            )
        for nested in checked.nested_rejects:
            manifest.records_read += 1
            manifest.nested_records_rejected += 1
            found = ReadRecord(record.line, raw=nested.raw)
            self._reject(found, nested.problem, file, nested.record_kind, nested.record_id)

    def _reject(
        self, record: ReadRecord, problem: Problem, file: str, kind: str | None, record_id: str | None = None
    ) -> None:
        if record_id is None and isinstance(record.value, dict):
            given = record.value.get("id")
            record_id = str(given)[:128] if isinstance(given, int | str) and not isinstance(given, bool) else None
        self._rejected[str(problem.reason)] += 1
        if record_id is not None:
            record_id = record_id.encode("utf-8", "replace").decode("utf-8")
        self._sink.reject(problem, file, record.line, kind, record_id, record.fingerprint())

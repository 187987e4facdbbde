"""Reading JSON records that stand one a line (NDJSON), never holding more than one line of the allowed size.

Belongs here: lines to values. Does not belong here: lists and pages that span a file (``json_documents``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator

from assets.audit_tickets.landing.export_files import ExportFile
from assets.audit_tickets.landing.json_values import decode_json
from assets.audit_tickets.landing.records import BadRecord, LandingLimits, Problem, ReadRecord, RejectReason


def read_json_lines(
    file: ExportFile, chunks: Iterator[bytes], sections: Collection[str], limits: LandingLimits
) -> Iterator[ReadRecord]:
    """Every non-blank line as a record, in order; a line that is itself a list or page gives one record an element.

    A damaged line costs itself only. A file that ends early (``file.problem``) gives one more record that says so,
    with the unfinished last line as its bytes.
    """
    last: ReadRecord | None = None
    for record in _lines(chunks, limits):
        if last is not None:
            yield from _decoded(last, sections, limits)
        last = record
    if last is not None and (file.problem is None or last.problem is not None or _is_whole(last, limits)):
        yield from _decoded(last, sections, limits)
        last = None if file.problem is None else ReadRecord(last.line + 1)
    if file.problem is not None:
        rest = last or ReadRecord(1)
        yield ReadRecord(rest.line, problem=file.problem, raw=rest.raw)


def _lines(chunks: Iterator[bytes], limits: LandingLimits) -> Iterator[ReadRecord]:
    line = 0
    parts: list[bytes] = []
    size = 0
    digest: hashlib._Hash | None = None

    def finish() -> ReadRecord | None:
        nonlocal parts, size, digest
        taken, taken_size, taken_digest = b"".join(parts), size, digest
        parts, size, digest = [], 0, None
        if taken_digest is not None:
            problem = Problem(
                RejectReason.RECORD_TOO_LARGE, f"is {taken_size} bytes long; the limit is {limits.max_record_bytes}"
            )
            return ReadRecord(line, problem=problem, raw_bytes=taken_size, raw_sha256=taken_digest.hexdigest())
        taken = taken.strip(b" \t\r\n\x1e")
        return ReadRecord(line, raw=taken) if taken else None

    for chunk in chunks:
        pieces = chunk.split(b"\n")
        for index, piece in enumerate(pieces):
            if index:
                line += 1
                record = finish()
                if record is not None:
                    yield record
            size += len(piece)
            if digest is not None:
                digest.update(piece)
            elif size > limits.max_record_bytes:
                digest = hashlib.sha256(b"".join(parts))
                digest.update(piece)
                parts = []
            elif piece:
                parts.append(piece)
    line += 1
    record = finish()
    if record is not None:
        yield record


def _is_whole(record: ReadRecord, limits: LandingLimits) -> bool:
    try:
        decode_json(record.raw, limits)
    except BadRecord:
        return False
    return True


def _decoded(record: ReadRecord, sections: Collection[str], limits: LandingLimits) -> Iterator[ReadRecord]:
    if record.problem is not None:
        yield record
        return
    try:
        record.value = decode_json(record.raw, limits)
    except BadRecord as error:
        record.problem = Problem(error.reason, error.detail)
        yield record
        return
    value = record.value
    if isinstance(value, list):
        yield from (ReadRecord(record.line, value=item, raw=record.raw) for item in value)
    elif isinstance(value, dict) and "id" not in value and (held := _held_sections(value, sections)):
        for name in held:
            items = value[name]
            for item in items if isinstance(items, list) else [items]:
                yield ReadRecord(record.line, value=item, section=name, raw=record.raw)
    else:
        yield record


def _held_sections(value: dict[str, object], sections: Collection[str]) -> list[str]:
    """Names of the lists of a page, those the platform has no use for included; none if this is no page."""
    held = [name for name, item in value.items() if name in sections and isinstance(item, list | dict)]
    if not held:
        return []
    return [
        name
        for name, item in value.items()
        if name in held or (isinstance(item, list) and item and isinstance(item[0], dict))
    ]

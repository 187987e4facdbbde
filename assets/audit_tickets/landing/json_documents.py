"""Reading JSON records out of lists and pages that span a whole file, in bounded memory, past damage.

Belongs here: finding where each record of ``[…]``, ``{"tickets": […], "users": […]}`` or objects one after the other
begins and ends, and finding the next whole record after a damaged one. Does not belong here: what a record must hold.

A record is framed by brackets, outside strings, and decoded by itself. When one cannot be decoded, the reader looks
for the next object that is a record of the kind expected; the stretch between counts as one rejected record.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from assets.audit_tickets.landing.export_files import ExportFile
from assets.audit_tickets.landing.json_layout import BLANK, HEAD_BYTES, KEY, begins_page, next_bracket, scalar_end
from assets.audit_tickets.landing.json_values import decode_json
from assets.audit_tickets.landing.record_formats import RecordFormat
from assets.audit_tickets.landing.records import BadRecord, LandingLimits, Problem, ReadRecord, RejectReason

_QUOTE, _LIST_OPEN, _LIST_CLOSE, _OBJECT_OPEN, _OBJECT_CLOSE, _COMMA, _COLON = b'"[]{},:'
_CANDIDATE = re.compile(rb'\{\s*"')
_SECTION_BEFORE = re.compile(rb'"([^"\\]{1,60})"\s*:\s*\[\s*$')
_MAX_DEPTH = 5_000


class JsonDocument:
    """One pass over a file's chunks; iterate ``records()`` once."""

    def __init__(self, file: ExportFile, chunks: Iterator[bytes], format: RecordFormat, limits: LandingLimits):
        self._file = file
        self._chunks = chunks
        self._sections = format.sections
        self._kind_of = format.kind_of
        self._file_kind = format.kind_of_file(file.name)
        self._limits = limits
        self._buffer = bytearray()
        self._ended = False
        self._count = 0
        self._section: str | None = None
        self._expected_kind = self._file_kind
        self._open: list[int] = []  # closing brackets of the list and page the reader stands in
        self._was_damaged = False
        self._salvage_left = limits.salvage_bytes

    def records(self) -> Iterator[ReadRecord]:
        """Every record in order, with its ordinal in the file as ``line``."""
        is_cut_reported = False
        while (opener := self._peek()) is not None:
            record: ReadRecord | None = None
            if opener == _OBJECT_OPEN:
                if not self._open and self._enter_page():
                    continue
                record = self._element()  # also where a page should go on: after damage its list may be lost
            elif opener == _LIST_OPEN and not self._open:
                self._enter(_LIST_CLOSE)
            elif opener in (_LIST_CLOSE, _OBJECT_CLOSE) and self._open and self._open[-1] == opener:
                self._leave()
            elif opener == _COMMA and self._open:
                del self._buffer[:1]
            elif opener in (_COMMA, _LIST_CLOSE, _OBJECT_CLOSE) and not self._open and self._was_damaged:
                del self._buffer[:1]  # what closes a list whose opening was lost
            elif self._in_page():
                record = self._page_entry()
            elif self._in_list() and opener not in (_OBJECT_CLOSE, _LIST_CLOSE, _COLON):
                record = self._element()
            else:
                record = self._damaged()
            if record is not None:
                is_cut_reported = self._ended and not self._buffer and record.problem is not None
                yield record
        if self._file.problem is not None:
            self._count += 1
            yield ReadRecord(self._count, problem=self._file.problem)
        elif self._open and not is_cut_reported:
            self._count += 1
            detail = "the file ends before its list or page is closed; what came after is missing"
            yield ReadRecord(self._count, problem=Problem(RejectReason.TRUNCATED_JSON, detail), section=self._section)

    # Where the reader stands

    def _in_list(self) -> bool:
        return bool(self._open) and self._open[-1] == _LIST_CLOSE

    def _in_page(self) -> bool:
        return bool(self._open) and self._open[-1] == _OBJECT_CLOSE

    def _enter(self, closing: int) -> None:
        self._open.append(closing)
        del self._buffer[:1]

    def _leave(self) -> None:
        self._open.pop()
        self._section = None
        self._expected_kind = self._file_kind
        del self._buffer[:1]

    def _enter_page(self) -> bool:
        while len(self._buffer) < HEAD_BYTES and self._fill():
            pass
        if not begins_page(bytes(self._buffer[:HEAD_BYTES]), self._sections):
            return False
        self._enter(_OBJECT_CLOSE)
        return True

    def _page_entry(self) -> ReadRecord | None:
        """Pass ``"key":`` and its value; stop inside when the value is a list of records."""
        key = self._matched(KEY)
        if key is None:
            return self._damaged()
        name = bytes(key[1]).decode("utf-8", "replace")
        del self._buffer[: key.end()]
        opener = self._peek()
        if opener == _LIST_OPEN and (name in self._sections or self._holds_objects()):
            self._section = name
            self._expected_kind = self._sections.get(name) or self._file_kind
            self._enter(_LIST_CLOSE)
            return None
        if opener == _OBJECT_OPEN and name in self._sections:
            self._section = name
            record = self._element()
            self._section = None
            return record
        if opener in (_LIST_OPEN, _OBJECT_OPEN):
            end = self._frame(0)
            if end is None:
                return self._damaged()
            del self._buffer[:end]
            return None
        end = self._scalar_end()
        if end is None:
            return self._damaged()
        del self._buffer[:end]
        return None

    def _holds_objects(self) -> bool:
        while len(self._buffer) < 64 and self._fill():
            pass
        return re.match(rb"\[\s*\{", self._buffer) is not None

    # Reading one element

    def _element(self) -> ReadRecord:
        self._count += 1
        end = self._frame(0) if self._buffer[0] in (_LIST_OPEN, _OBJECT_OPEN) else self._scalar_end()
        if end is None:
            return self._salvage(None, self._why_unframed())
        raw = bytes(self._buffer[:end])
        try:
            value = decode_json(raw, self._limits)
            if self._swallows(value):
                detail = "has lost its end: the records after it stand inside it"
                return self._salvage(None, Problem(RejectReason.INVALID_JSON, detail))
        except BadRecord as error:
            is_framed = self._is_followed_well(end)
            return self._salvage(end if is_framed else None, Problem(error.reason, error.detail))
        del self._buffer[:end]
        if isinstance(value, dict):
            self._expected_kind = self._kind_of(value) or self._expected_kind
        return ReadRecord(self._count, value=value, section=self._section, raw=raw)

    def _why_unframed(self) -> Problem:
        if self._ended and len(self._buffer) <= self._limits.max_record_bytes:
            return Problem(RejectReason.TRUNCATED_JSON, "has no end: cut off, or a quote or bracket in it is damaged")
        detail = f"is longer than {self._limits.max_record_bytes} bytes, or a quote or bracket in it is damaged"
        return Problem(RejectReason.RECORD_TOO_LARGE, detail)

    def _swallows(self, value: Any) -> bool:
        """Whether whole tickets stand in a list inside the value: cut off there, it took them for its own."""
        if not isinstance(value, dict):
            return False
        return any(
            isinstance(item, list) and item and isinstance(item[-1], dict) and self._kind_of(item[-1]) == "ticket"
            for item in value.values()
        )

    def _is_followed_well(self, end: int) -> bool:
        while len(self._buffer) < end + 64 and self._fill():
            pass
        return re.compile(rb'\s*(?:,\s*[{\["]|[\]}]|\{|$)').match(self._buffer, end) is not None

    def _damaged(self) -> ReadRecord:
        self._count += 1
        return self._salvage(
            None, Problem(RejectReason.INVALID_JSON, "a stretch that is neither a record nor a separator")
        )

    # Past damage

    def _salvage(self, stop: int | None, problem: Problem) -> ReadRecord:
        """Set aside what begins the buffer, up to the next whole record, or to ``stop`` if there is none before it."""
        digest, size, position = hashlib.sha256(), 0, 1
        self._was_damaged = True

        def drop(count: int) -> None:
            nonlocal size, position
            digest.update(self._buffer[:count])
            del self._buffer[:count]
            size += count
            position = max(0, position - count)

        while True:
            found = _CANDIDATE.search(self._buffer, position, stop if stop is not None else len(self._buffer))
            if found is None:
                if stop is not None:
                    drop(stop)
                    break
                drop(max(0, len(self._buffer) - 256))
                if not self._fill():
                    drop(len(self._buffer))
                    break
                continue
            start = found.start()
            end = self._frame(start)
            if end is None:
                self._salvage_left -= len(self._buffer) - start
                position = start + 1
            else:
                self._salvage_left -= end - start
                accepted, is_json = self._judge(start, end)
                if accepted:
                    drop(start)
                    break
                position = end if is_json else start + 1
            if self._salvage_left < 0:
                while True:
                    drop(len(self._buffer))
                    if not self._fill():
                        break
                problem = Problem(problem.reason, f"{problem.detail}; the rest of the file is too damaged to search")
                break
            if stop is None and position > self._limits.chunk_bytes:
                drop(position - 256)
        return ReadRecord(
            self._count, problem=problem, section=self._section, raw_bytes=size, raw_sha256=digest.hexdigest()
        )

    def _judge(self, start: int, end: int) -> tuple[bool, bool]:
        """Whether the object there is the next record, and whether it is sound JSON (then nothing hides in it)."""
        try:
            value = decode_json(bytes(self._buffer[start:end]), self._limits)
        except BadRecord:
            return False, False
        if not isinstance(value, dict):
            return False, True
        if self._swallows(value):
            return False, False
        kind = self._kind_of(value)
        if kind is None:
            return False, True
        before = _SECTION_BEFORE.search(bytes(self._buffer[max(0, start - 256) : start]))
        section = before[1].decode("utf-8", "replace") if before else None
        if section in self._sections and (kind != "ticket" or section != self._section):
            if self._open and self._open[0] == _LIST_CLOSE:
                return False, True  # a plain list has no sections: this is something nested in a record
            self._section, self._expected_kind, self._open = section, kind, [_OBJECT_CLOSE, _LIST_CLOSE]
            return True, True
        if kind == "ticket" or kind == self._expected_kind:  # tickets are never parts of other records
            self._expected_kind = kind
            if self._in_page():
                self._open.append(_LIST_CLOSE)
            return True, True
        return False, True

    # The buffer

    def _fill(self) -> bool:
        """Read on, about doubling what is held; False when nothing came."""
        held = len(self._buffer)
        while not self._ended and len(self._buffer) <= 2 * held:
            chunk = next(self._chunks, None)
            if chunk is None:
                self._ended = True
            else:
                self._buffer += chunk
        return len(self._buffer) > held

    def _peek(self) -> int | None:
        while True:
            blank = BLANK.match(self._buffer).end()  # type: ignore[union-attr]
            if blank < len(self._buffer):
                del self._buffer[:blank]
                return self._buffer[0]
            del self._buffer[:]
            if not self._fill():
                return self._buffer[0] if self._buffer else None

    def _matched(self, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
        """A match at the start of the buffer that cannot grow with more data."""
        while True:
            match = pattern.match(self._buffer)
            if match is not None and match.end() < len(self._buffer):
                return match
            if len(self._buffer) > self._limits.max_record_bytes or not self._fill():
                return pattern.match(self._buffer)

    def _scalar_end(self) -> int | None:
        """End of the scalar that begins the buffer, once more data cannot change it; None: there is none, or no end."""
        while True:
            end = scalar_end(self._buffer, 0)
            if end is not None and end < len(self._buffer):
                return end
            if len(self._buffer) > self._limits.max_record_bytes or not self._fill():
                return scalar_end(self._buffer, 0)

    def _frame(self, start: int) -> int | None:
        """End of the object or list at ``start``, or None: cut off, too long, or too deep."""
        depth, position, limit = 0, start, self._limits.max_record_bytes
        while True:
            position = next_bracket(self._buffer, position)
            if position - start > limit:
                return None
            if position >= len(self._buffer) or self._buffer[position] == _QUOTE:
                if len(self._buffer) - start > limit or not self._fill():
                    return None
                continue
            depth += 1 if self._buffer[position] in (_LIST_OPEN, _OBJECT_OPEN) else -1
            position += 1
            if depth == 0:
                return position
            if depth > _MAX_DEPTH:
                return None

"""Reading CSV rows of any cell size in bounded memory, past unbalanced quotes.

Belongs here: where rows and cells begin and end (RFC 4180, any one-character delimiter). Does not belong here: what
columns mean (``column_mapping``).

Why not the standard reader: its limit of 131,072 characters a cell is one setting for the whole process, and after
an unbalanced quote it swallows good rows without a trace. Here a row that does not fit the header is set aside up to
the next line at which a row begins that does fit and that the caller finds plausible.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator

from assets.audit_tickets.landing.export_files import ExportFile
from assets.audit_tickets.landing.records import LandingLimits, Problem, ReadRecord, RejectReason

DELIMITERS = (",", ";", "\t", "|")
_QUOTE = ord('"')
_MAX_CELLS = 20_000
Row = dict[str, str]


class _Malformed(Exception):
    """A row cannot be framed; the flag says whether the data ended inside it."""

    def __init__(self, is_too_long: bool = False):
        self.is_too_long = is_too_long


def find_delimiter(header: bytes, wanted: frozenset[str] = frozenset()) -> str:
    """The delimiter that splits a header line into most of the ``wanted`` columns, then into most columns."""

    def score(delimiter: str) -> tuple[int, int]:
        names = {cell.strip().strip('"') for cell in header.decode("utf-8", "replace").split(delimiter)}
        return len(wanted & names), len(names)

    return max(DELIMITERS, key=score)


class CsvRows:
    """One pass over a file's chunks: read ``header``, then iterate ``records()`` once."""

    def __init__(
        self,
        file: ExportFile,
        chunks: Iterator[bytes],
        limits: LandingLimits,
        delimiter: str | None = None,
        wanted: frozenset[str] = frozenset(),
    ):
        self._file = file
        self._chunks = chunks
        self._limits = limits
        self._buffer = bytearray()
        self._ended = False
        self._line = 1
        self._search_left = limits.salvage_bytes
        while b"\n" not in self._buffer and len(self._buffer) <= limits.max_record_bytes and self._fill():
            pass
        first_line = bytes(self._buffer).split(b"\n", 1)[0]
        self.delimiter = delimiter or find_delimiter(first_line, wanted)
        mark = re.escape(self.delimiter.encode())
        self._bare = re.compile(rb'(?:[^"\r\n%s][^\r\n%s]*)?' % (mark, mark))
        self._separator = self.delimiter.encode()[0]
        self.header = self._read_header()

    def _read_header(self) -> tuple[str, ...]:
        self._skip_blank_lines()
        try:
            cells, end = self._frame(0)
        except _Malformed:
            return ()
        self._drop(end)
        return tuple(cell.decode("utf-8", "replace").strip() for cell in cells)

    def records(self, is_plausible: Callable[[Row], bool]) -> Iterator[ReadRecord]:
        """Every row as a dict of its cells' text, with the 1-based line it begins on.

        ``is_plausible`` tells, after damage, whether a line begins a true row; it must hold for every good row.
        """
        while self._skip_blank_lines():
            line = self._line
            problem: Problem | None = None
            end: int | None = None
            try:
                cells, end = self._frame(0)
                if len(cells) != len(self.header):
                    problem = Problem(
                        RejectReason.WRONG_COLUMN_COUNT, f"has {len(cells)} cells; the header names {len(self.header)}"
                    )
            except _Malformed as error:
                problem = self._why_malformed(error)
            if problem is None and end is not None:
                raw = bytes(self._buffer[:end])
                row = self._as_row(cells)
                self._drop(end)
                if row is None:
                    bad = Problem(RejectReason.BAD_ENCODING, "is not text in the encoding of the file")
                    yield ReadRecord(line, problem=bad, raw=raw)
                else:
                    yield ReadRecord(line, value=row, raw=raw)
            elif problem is not None:
                is_cut = self._file.problem is not None and end is None and self._ended
                record = self._set_aside(line, end, problem, is_plausible)
                if not (is_cut and not self._buffer):
                    yield record
        if self._file.problem is not None:
            yield ReadRecord(self._line, problem=self._file.problem)

    def _why_malformed(self, error: _Malformed) -> Problem:
        if error.is_too_long:
            limit = self._limits.max_record_bytes
            return Problem(
                RejectReason.RECORD_TOO_LARGE,
                f"is longer than {limit} bytes or {_MAX_CELLS} cells, or a quote in it is not closed",
            )
        return Problem(RejectReason.UNBALANCED_QUOTES, "a quote in it is not closed, or text follows a closed quote")

    def _as_row(self, cells: list[bytes]) -> Row | None:
        try:
            return {name: cell.decode("utf-8") for name, cell in zip(self.header, cells, strict=True)}
        except (UnicodeDecodeError, ValueError):
            return None

    def _set_aside(
        self, line: int, end: int | None, problem: Problem, is_plausible: Callable[[Row], bool]
    ) -> ReadRecord:
        """Drop a bad row: to the next line that begins a good one, else to its own end, else on to one further."""
        digest, size = hashlib.sha256(), 0
        position = 0

        def drop(count: int) -> None:
            nonlocal size
            digest.update(self._buffer[:count])
            size += count
            self._drop(count)

        while True:
            newline = self._buffer.find(b"\n", position)
            if newline < 0 or (newline + 1 >= len(self._buffer) and not self._ended):
                if self._fill():
                    continue
                if newline < 0:
                    drop(len(self._buffer))
                    break
            start = newline + 1
            if end is not None and start >= end:
                drop(end)
                break
            if start >= len(self._buffer) or self._search_left < 0:
                while True:
                    drop(len(self._buffer))
                    if not self._fill():
                        break
                break
            if self._begins_good_row(start, is_plausible):
                drop(start)
                break
            position = start
            if end is None and position > self._limits.chunk_bytes:
                drop(position)
                position = 0
                if self._begins_good_row(0, is_plausible):
                    break
        return ReadRecord(line, problem=problem, raw_bytes=size, raw_sha256=digest.hexdigest())

    def _begins_good_row(self, start: int, is_plausible: Callable[[Row], bool]) -> bool:
        try:
            cells, end = self._frame(start)
        except _Malformed:
            self._search_left -= len(self._buffer) - start
            return False
        self._search_left -= end - start
        row = self._as_row(cells) if len(cells) == len(self.header) else None
        return row is not None and is_plausible(row)

    # Framing

    def _frame(self, start: int) -> tuple[list[bytes], int]:
        """Cells of the row at ``start`` and where the next line begins.

        Raises:
            _Malformed: a quote is not closed, text follows a closed quote, or the row is too long.
        """
        cells: list[bytes] = []
        position = start
        limit = self._limits.max_record_bytes
        while True:
            is_quoted = position < len(self._buffer) and self._buffer[position] == _QUOTE
            cell_end = self._quoted_end(position) if is_quoted else self._bare.match(self._buffer, position).end()  # type: ignore[union-attr]
            if cell_end is None or cell_end + 1 >= len(self._buffer):
                if len(self._buffer) - start > limit:
                    raise _Malformed(is_too_long=True)
                if self._fill():
                    continue
                if cell_end is None:
                    raise _Malformed
            if len(cells) >= _MAX_CELLS:
                raise _Malformed(is_too_long=True)
            cell = bytes(self._buffer[position:cell_end])
            cells.append(cell[1:-1].replace(b'""', b'"') if is_quoted else cell)
            position = cell_end
            if position - start > limit:
                raise _Malformed(is_too_long=True)
            if position >= len(self._buffer):
                return cells, position
            after = self._buffer[position]
            if after == self._separator:
                position += 1
            elif after == ord("\n"):
                return cells, position + 1
            elif after == ord("\r"):
                return cells, position + (2 if self._buffer[position + 1 : position + 2] == b"\n" else 1)
            else:
                raise _Malformed

    def _quoted_end(self, start: int) -> int | None:
        """Behind the closing quote of the cell that opens at ``start``; a doubled quote closes nothing."""
        position = start + 1
        while (quote := self._buffer.find(b'"', position)) >= 0:
            if self._buffer[quote + 1 : quote + 2] != b'"':
                return quote + 1
            position = quote + 2
        return None

    def _skip_blank_lines(self) -> bool:
        while True:
            while self._buffer[:1] in (b"\n", b"\r"):
                self._drop(1)
            if self._buffer:
                return True
            if not self._fill():
                return False

    def _drop(self, count: int) -> None:
        self._line += self._buffer.count(b"\n", 0, count)
        del self._buffer[:count]

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

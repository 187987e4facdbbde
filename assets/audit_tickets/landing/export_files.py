"""The files inside an export as bounded streams of bytes: plain, gzip, zip, folders, local or remote.

Belongs here: opening, unpacking, transcoding, and noticing damage. Nothing is ever extracted to disk, so a name
inside a zip is only a label. Does not belong here: what the bytes mean.
"""

from __future__ import annotations

import codecs
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO

from upath import UPath

from assets.audit_tickets.landing.records import LandingLimits, Problem, RejectReason, UnreadableExport

_IGNORED_NAMES = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
_BROKEN = "\udcff"  # becomes invalid UTF-8, so that the record holding it is set aside
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_UTF32 = {codecs.BOM_UTF32_LE: "utf-32-le", codecs.BOM_UTF32_BE: "utf-32-be"}


class ExportFile:
    """One file of an export as a stream of UTF-8 chunks, read once.

    ``name`` is its path within the export. After the last chunk ``problem`` says how the file ended early, if it
    did; what came before has been handed out.
    """

    def __init__(
        self, name: str, opener: Callable[[], IO[bytes]], limits: LandingLimits, on_stored: Callable[[int], None]
    ):
        self.name = name
        self.problem: Problem | None = None
        self.unpacked_bytes = 0
        self._opener = opener
        self._limits = limits
        self._on_stored = on_stored
        self._stored_bytes = 0

    def chunks(self, encoding: str = "utf-8") -> Iterator[bytes]:
        """The file's text in UTF-8, without byte order mark, at most a few hundred kB at a time.

        UTF-16 and UTF-32 are recognised by their mark; ``encoding`` is what text without a mark is in. Bytes that
        the encoding does not know stay broken, so that the records holding them, and only they, are set aside.
        """
        try:
            with self._opener() as stored:
                yield from self._in_utf8(self._unpacked(stored), encoding)
        except zipfile.BadZipFile as error:
            self.problem = Problem(
                RejectReason.DAMAGED_FILE, f"damaged zip member after {self.unpacked_bytes} bytes: {error}"
            )
        except zlib.error:
            self.problem = Problem(RejectReason.DAMAGED_FILE, f"damaged compression after {self.unpacked_bytes} bytes")
        except EOFError:
            self.problem = Problem(
                RejectReason.TRUNCATED_FILE, f"the archive ends after {self.unpacked_bytes} bytes of this file"
            )
        except (NotImplementedError, RuntimeError) as error:  # how zipfile names unknown compression and encryption
            kind = "is encrypted" if "encrypted" in str(error) else "uses a compression that cannot be read"
            self.problem = Problem(RejectReason.UNREADABLE_FILE, f"the zip member {kind}; pack it again without")
        except OSError as error:
            raise UnreadableExport(f"{self.name}: reading failed: {error.strerror or type(error).__name__}") from error

    def _stored_chunks(self, stored: IO[bytes]) -> Iterator[bytes]:
        while chunk := stored.read(self._limits.chunk_bytes):
            self._stored_bytes += len(chunk)
            self._on_stored(len(chunk))
            yield chunk

    def _unpacked(self, stored: IO[bytes]) -> Iterator[bytes]:
        source = self._stored_chunks(stored)
        chunks = self._gunzipped(source) if self.name.lower().endswith(".gz") else source
        for chunk in chunks:
            self.unpacked_bytes += len(chunk)
            if self.unpacked_bytes > self._limits.max_unpacked_bytes:
                self.problem = Problem(
                    RejectReason.UNREADABLE_FILE, f"unpacks to more than {self._limits.max_unpacked_bytes} bytes"
                )
                return
            yield chunk

    def _gunzipped(self, source: Iterator[bytes]) -> Iterator[bytes]:
        limits = self._limits
        unpacked = 0
        engine = zlib.decompressobj(wbits=31)
        is_started = False
        for chunk in source:
            data = chunk
            while data:
                if engine.eof:
                    data = data.lstrip(b"\0")  # padding between members is allowed
                    if not data:
                        break
                    engine = zlib.decompressobj(wbits=31)
                is_started = True
                try:
                    out = engine.decompress(data, limits.chunk_bytes)
                except zlib.error as error:
                    is_checksum = "incorrect data check" in str(error) or "incorrect length check" in str(error)
                    what = "does not match its checksum: some of it was altered" if is_checksum else "is damaged"
                    self.problem = Problem(RejectReason.DAMAGED_FILE, f"the gzip data {what} after {unpacked} bytes")
                    return
                unpacked += len(out)
                if unpacked > limits.free_expansion_bytes and unpacked > limits.max_expansion * self._stored_bytes:
                    self.problem = Problem(
                        RejectReason.UNREADABLE_FILE,
                        f"unpacks to more than {limits.max_expansion} times its size; stopped after {unpacked} bytes",
                    )
                    return
                if out:
                    yield out
                data = engine.unused_data if engine.eof else engine.unconsumed_tail
        if is_started and not engine.eof:
            tail = engine.flush()
            if tail:
                yield tail
            self.problem = Problem(
                RejectReason.TRUNCATED_FILE,
                f"the gzip file ends too early; {unpacked + len(tail)} bytes could be unpacked",
            )

    def _in_utf8(self, chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
        head = b""
        for chunk in chunks:
            head += chunk
            if len(head) >= 4:
                break
        mark, found = _byte_order_mark(head)
        name = found or encoding
        head = head[mark:]
        if codecs.lookup(name).name in ("utf-8", "ascii"):
            if head:
                yield head
            yield from chunks
            return
        decoder = codecs.getincrementaldecoder(name)("surrogateescape" if found is None else "surrogatepass")
        for chunk, is_last in _with_end(head, chunks):
            try:
                text = decoder.decode(chunk, is_last)
            except UnicodeDecodeError:
                decoder.reset()
                text = chunk.decode(name, "replace").replace("\ufffd", _BROKEN) or _BROKEN
            if text:
                yield text.encode("utf-8", "surrogatepass")


def open_export(path: UPath, limits: LandingLimits, on_stored: Callable[[int], None]) -> Iterator[ExportFile]:
    """The files of an export in the order of their names; a single file is an export of one.

    Raises:
        UnreadableExport: the path is gone, may not be read, or holds more files than allowed.
    """
    try:
        if path.is_dir():
            for name, file in list_folder(path, limits.max_files):
                yield from _open_file(file, name, limits, on_stored)
        elif path.is_file():
            yield from _open_file(path, path.name, limits, on_stored)
        else:
            raise UnreadableExport(f"{path.name} is gone; put it back into the inbox or forget the export")
    except PermissionError as error:
        raise UnreadableExport(f"{path.name} may not be read; give this user read permission") from error


def list_folder(path: UPath, max_files: int) -> list[tuple[str, UPath]]:
    """Files below a folder as (name relative to it, path), sorted by name; hidden files and links are left out.

    Raises:
        UnreadableExport: more than ``max_files``.
    """
    found: list[tuple[str, UPath]] = []
    folders = [("", path)]
    while folders:
        prefix, folder = folders.pop()
        for entry in folder.iterdir():
            if is_ignored(entry.name) or (hasattr(entry, "is_symlink") and entry.is_symlink()):
                continue
            if entry.is_dir():
                folders.append((f"{prefix}{entry.name}/", entry))
            else:
                found.append((f"{prefix}{entry.name}", entry))
            if len(found) > max_files:
                raise UnreadableExport(f"{path.name} holds more than {max_files} files; split it into several exports")
    return sorted(found, key=lambda item: item[0])


def is_ignored(name: str) -> bool:
    """Hidden files and what desktop systems leave behind."""
    return name.startswith(".") or name in _IGNORED_NAMES


def stored_bytes(path: UPath, max_files: int) -> int:
    """Size of an export as it lies in the inbox, for progress."""
    if path.is_dir():
        return sum(file.stat().st_size for _, file in list_folder(path, max_files))
    return path.stat().st_size


def _open_file(file: UPath, name: str, limits: LandingLimits, on_stored: Callable[[int], None]) -> Iterator[ExportFile]:
    if name.lower().endswith(".zip"):
        yield from _open_zip(file, name, limits, on_stored)
    else:
        yield ExportFile(name, lambda: file.open("rb"), limits, on_stored)


def _open_zip(file: UPath, name: str, limits: LandingLimits, on_stored: Callable[[int], None]) -> Iterator[ExportFile]:
    with file.open("rb") as handle:
        try:
            archive = zipfile.ZipFile(handle)
        except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, EOFError):
            broken = ExportFile(name, io.BytesIO, limits, on_stored)
            broken.problem = Problem(
                RejectReason.UNREADABLE_FILE,
                "is not a whole zip file: its table of contents is missing. Export it again",
            )
            yield broken
            return
        with archive:
            members = sorted(
                (m for m in archive.infolist() if _is_wanted(m)), key=lambda m: (m.filename, m.header_offset)
            )
            if len(members) > limits.max_files:
                raise UnreadableExport(
                    f"{name} holds more than {limits.max_files} files; split it into several exports"
                )
            for member in members:
                label = member.filename if name == file.name else f"{name}/{member.filename}"
                opened = ExportFile(label, _member_opener(archive, member), limits, on_stored)
                if _is_bomb(member, limits):
                    opened = ExportFile(label, io.BytesIO, limits, on_stored)
                    opened.problem = Problem(
                        RejectReason.UNREADABLE_FILE, f"would unpack to more than {limits.max_expansion} times its size"
                    )
                yield opened


def _is_wanted(member: zipfile.ZipInfo) -> bool:
    return not member.is_dir() and not any(
        is_ignored(part) for part in member.filename.split("/") if part not in ("..", ".")
    )


def _is_bomb(member: zipfile.ZipInfo, limits: LandingLimits) -> bool:
    return member.file_size > limits.max_unpacked_bytes or (
        member.file_size > limits.free_expansion_bytes
        and member.file_size > limits.max_expansion * max(member.compress_size, 1)
    )


def _member_opener(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    # zipfile hands out no more than the size declared in the header, so the check of that size bounds the member
    return lambda: archive.open(member)


def _byte_order_mark(head: bytes) -> tuple[int, str | None]:
    if head.startswith(codecs.BOM_UTF8):
        return 3, None
    for mark, name in {**_UTF32, **_UTF16}.items():
        if head.startswith(mark):
            return len(mark), name
    if len(head) >= 4 and head[0] != 0 and head[1] == 0 and head[2] != 0 and head[3] == 0:
        return 0, "utf-16-le"
    if len(head) >= 4 and head[0] == 0 and head[1] != 0 and head[2] == 0 and head[3] != 0:
        return 0, "utf-16-be"
    return 0, None


def _with_end(head: bytes, chunks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    yield head, False
    for chunk in chunks:
        yield chunk, False
    yield b"", True

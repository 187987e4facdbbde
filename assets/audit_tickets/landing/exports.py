"""Finding exports in an inbox, telling whether they are complete, and giving each its identity.

Belongs here: entries, observations, identity by content. Does not belong here: reading records (``landing``) or
guessing what an export is (``export_sniffing``).

An entry of the inbox's top level (file, folder, zip) is one export. Its identity is its content: the same export
under another name is the same one, and one that has grown is another.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable, MutableMapping
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from typing import Any, Protocol

from upath import UPath

from assets.audit_tickets.landing.export_files import is_ignored, list_folder
from assets.audit_tickets.landing.records import LandingLimits, UnreadableExport

UNFINISHED_SUFFIXES = (
    ".part",
    ".partial",
    ".tmp",
    ".temp",
    ".crdownload",
    ".download",
    ".filepart",
    ".swp",
    ".incomplete",
)
SETTLE_SECONDS = 30
ABANDONED_SECONDS = 15 * 60
_CHUNK_BYTES = 1 << 20
_NANOSECONDS = 1_000_000_000
_ZIP_END, _ZIP_END_BYTES = b"PK\x05\x06", 66_000

HashCache = MutableMapping[str, str]
"""sha256 of files already seen, by ``path|size|mtime``; plain text, so that a caller can keep it as JSON."""


class HelpdeskExports(Protocol):
    """What discovery needs to know of a helpdesk entry in ``desk.yaml``."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def exports(self) -> str: ...


@dataclass(frozen=True)
class FoundExport:
    """An entry of the inbox that one helpdesk claims."""

    name: str
    path: UPath
    source: str
    helpdesk_kind: str


@dataclass(frozen=True)
class UnmatchedEntry:
    """An entry that is no export, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class Inbox:
    """What lies in an inbox, sorted by name."""

    exports: tuple[FoundExport, ...]
    unmatched: tuple[UnmatchedEntry, ...]


@dataclass(frozen=True)
class ExportObservation:
    """How an export looked at one moment. ``fingerprint`` is of names, sizes and times of all its files."""

    fingerprint: str
    size: int
    newest_mtime_ns: int | None
    observed_at_ns: int
    unfinished_file: str | None = None
    is_end_missing: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for a sensor's cursor."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> ExportObservation:
        """The reverse of ``to_dict``."""
        return cls(**values)


@dataclass(frozen=True)
class Completeness:
    """Whether an export may be landed now, and the reason in words."""

    is_complete: bool
    reason: str


def find_exports(inbox: UPath | str, helpdesks: Iterable[HelpdeskExports]) -> Inbox:
    """Match the inbox's top-level entries with the helpdesks' ``exports`` globs.

    Raises:
        UnreadableExport: the inbox does not exist or may not be listed.
    """
    folder = UPath(inbox)
    known = list(helpdesks)
    exports: list[FoundExport] = []
    unmatched: list[UnmatchedEntry] = []
    try:
        entries = sorted(
            (entry for entry in folder.iterdir() if not is_ignored(entry.name)), key=lambda entry: entry.name
        )
    except (OSError, ValueError) as error:
        raise UnreadableExport(
            f"the inbox {inbox} cannot be listed ({type(error).__name__}); correct 'inbox' in desk.yaml"
        ) from error
    for entry in entries:
        owners = [helpdesk for helpdesk in known if fnmatchcase(entry.name, helpdesk.exports)]
        if len(owners) == 1:
            exports.append(FoundExport(entry.name, entry, owners[0].name, owners[0].kind))
        elif owners:
            names = ", ".join(owner.name for owner in owners)
            unmatched.append(
                UnmatchedEntry(entry.name, f"claimed by more than one helpdesk ({names}); narrow their 'exports'")
            )
        else:
            globs = ", ".join(f"{helpdesk.name}: {helpdesk.exports}" for helpdesk in known)
            unmatched.append(UnmatchedEntry(entry.name, f"matches no helpdesk's 'exports' ({globs})"))
    return Inbox(tuple(exports), tuple(unmatched))


def observe_export(path: UPath, observed_at_ns: int) -> ExportObservation:
    """Sizes and times of an export's files, and whether a recently changed archive lacks its end.

    Args:
        observed_at_ns: the moment of looking, nanoseconds since 1970.

    Raises:
        UnreadableExport: it is gone or may not be read.
    """
    try:
        digest = hashlib.sha256()
        size, newest, unfinished, end_missing = 0, None, None, False
        for name, file in _files(path):
            status = file.stat()
            mtime = (
                getattr(status, "st_mtime_ns", None)
                or int(float(getattr(status, "st_mtime", 0) or 0) * _NANOSECONDS)
                or None
            )
            digest.update(f"{name}\0{status.st_size}\0{mtime}\n".encode("utf-8", "surrogateescape"))
            size += status.st_size
            newest = max(newest or 0, mtime) if mtime else newest
            if name.lower().endswith(UNFINISHED_SUFFIXES):
                unfinished = unfinished or name
            is_recent = mtime is not None and observed_at_ns - mtime < ABANDONED_SECONDS * _NANOSECONDS
            end_missing = end_missing or (is_recent and is_archive_end_missing(file))
        return ExportObservation(digest.hexdigest()[:16], size, newest, observed_at_ns, unfinished, end_missing)
    except OSError as error:
        raise UnreadableExport(f"{path.name} cannot be looked at: {error.strerror or type(error).__name__}") from error


def is_complete(
    now: ExportObservation, previous: ExportObservation | None, settle_seconds: float = SETTLE_SECONDS
) -> Completeness:
    """Whether an export has stopped growing; depends on the two observations alone.

    Complete is what carries no unfinished suffix, and was the same in an earlier observation or has not been touched
    for ``settle_seconds``. An archive without its end waits until it has not been touched for a quarter of an hour;
    then what can be read of it lands.
    """
    if now.unfinished_file is not None:
        return Completeness(False, f"{now.unfinished_file} is still being written: its name says so")
    if now.size == 0:
        return Completeness(False, "is empty so far")
    if previous is not None and previous.fingerprint != now.fingerprint:
        return Completeness(False, "changed since it was last looked at")
    age = None if now.newest_mtime_ns is None else (now.observed_at_ns - now.newest_mtime_ns) / _NANOSECONDS
    is_same = previous is not None and previous.observed_at_ns < now.observed_at_ns
    if now.is_end_missing and (age is None or age < ABANDONED_SECONDS):
        return Completeness(False, "an archive in it has no end yet, and it changed a short while ago")
    if is_same or (age is not None and age >= settle_seconds):
        return Completeness(True, "unchanged since it was last looked at" if is_same else "not touched for a while")
    return Completeness(False, "was changed only just now")


def is_archive_end_missing(file: UPath) -> bool:
    """Whether a gzip or zip file stops before its end. Other files have no end to miss."""
    name = file.name.lower()
    if name.endswith(".zip"):
        with file.open("rb") as handle:
            handle.seek(0, 2)
            handle.seek(max(0, handle.tell() - _ZIP_END_BYTES))
            return _ZIP_END not in handle.read()
    if not name.endswith(".gz"):
        return False
    engine = zlib.decompressobj(wbits=31)
    with file.open("rb") as handle:
        while chunk := handle.read(_CHUNK_BYTES):
            try:
                while chunk:
                    if engine.eof:
                        chunk = chunk.lstrip(b"\0")
                        engine = zlib.decompressobj(wbits=31) if chunk else engine
                    engine.decompress(chunk, _CHUNK_BYTES)
                    chunk = engine.unused_data if engine.eof else engine.unconsumed_tail
            except zlib.error:
                return False  # damaged, not unfinished
    return not engine.eof


def identify_export(
    path: UPath,
    cache: HashCache | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> str:
    """Identity of an export: 16 hex digits of the sha256 of its content as stored.

    A folder's content is its sorted relative names with the hash of each file. ``cache`` is read and filled, so
    that an unchanged file is hashed once.

    Raises:
        UnreadableExport: it is gone or may not be read.
    """
    try:
        files = list(_files(path))
        statuses = [file.stat() for _, file in files]
        total, done = sum(status.st_size for status in statuses), 0
        hashes: list[str] = []
        for (_, file), status in zip(files, statuses, strict=True):
            key = f"{file}|{status.st_size}|{getattr(status, 'st_mtime_ns', None) or getattr(status, 'st_mtime', None)}"
            known = cache.get(key) if cache is not None else None
            if known is None:
                digest = hashlib.sha256()
                with file.open("rb") as handle:
                    while chunk := handle.read(_CHUNK_BYTES):
                        digest.update(chunk)
                        if on_progress is not None:
                            on_progress(min(done + handle.tell(), total), total)
                known = digest.hexdigest()
                if cache is not None:
                    cache[key] = known
            hashes.append(known)
            done += status.st_size
            if on_progress is not None:
                on_progress(done, total)
    except OSError as error:
        raise UnreadableExport(f"{path.name} cannot be read: {error.strerror or type(error).__name__}") from error
    if not path.is_dir():
        return hashes[0][:16]
    listing = "".join(f"{name}\0{digest}\n" for (name, _), digest in zip(files, hashes, strict=True))
    return hashlib.sha256(listing.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _files(path: UPath) -> list[tuple[str, UPath]]:
    if path.is_dir():
        return list_folder(path, LandingLimits().max_files)
    return [(path.name, path)]

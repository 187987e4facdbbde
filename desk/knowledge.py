"""The entries of a desk, one Markdown file each: reading a folder of them, and writing one.

A file that cannot be an entry is set aside with its line and what to do; the others are unharmed. Does not belong
here: the shape of an entry (``entry``), its text (``entry_text``), what was accepted or is live (``assets``).
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from desk.entry import Entry, FrontMatter, Source, content_hash
from desk.entry_text import EntryTextError, entry_text, take_apart
from desk.loading import DeskError, explain

__all__ = [
    "MAX_BYTES",
    "Entry",
    "EntryError",
    "RejectedEntry",
    "Source",
    "content_hash",
    "parse_entry",
    "read_entry",
    "read_knowledge",
    "write_entry",
]

MAX_BYTES = 256 * 1024
_DATES = {"reviewed_at", "review_by", "valid_from", "valid_until"}


@dataclass(frozen=True)
class RejectedEntry:
    """A file set aside: where (relative to the folder of entries), a code, and a sentence with what to do."""

    file: str
    line: int
    reason: str
    detail: str
    entry_id: str | None = None
    """the id it names, where that could be read"""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.detail}"


class EntryError(DeskError):
    """One entry file a person must correct; ``rejected`` holds the parts of the message."""

    def __init__(self, rejected: RejectedEntry):
        super().__init__([str(rejected)])
        self.rejected = rejected


def read_knowledge(folder: Path, categories: Iterable[str]) -> tuple[list[Entry], list[RejectedEntry]]:
    """Read every ``*.md`` under a folder; hidden files, names that begin with ``_`` and READMEs are passed over.

    Args:
        folder: where the entries are; a folder that does not exist holds none.
        categories: ids of the categories an entry may belong to.

    Returns:
        Entries and rejected files, each in the order of their paths. Of several entries with one id none is taken,
        for nothing says which of them people meant.
    """
    known = frozenset(categories)
    entries: list[Entry] = []
    rejected: list[RejectedEntry] = []
    for file in _entry_files(folder):
        try:
            entries.append(read_entry(file, known, folder))
        except EntryError as error:
            rejected.append(error.rejected)
    files_of: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        files_of[entry.id].append(entry.file)
    twice = {entry_id for entry_id, files in files_of.items() if len(files) > 1}
    for entry in entries:
        if entry.id in twice:
            others = ", ".join(file for file in files_of[entry.id] if file != entry.file)
            detail = f"the id '{entry.id}' is also that of {others}. Give one of them an id of its own."
            rejected.append(
                RejectedEntry(entry.file, _line_of_id(folder / entry.file), "duplicate_id", detail, entry.id)
            )
    kept = [entry for entry in entries if entry.id not in twice]
    return kept, sorted(rejected, key=lambda one: one.file)


def read_entry(file: Path, categories: Collection[str], folder: Path | None = None) -> Entry:
    """Read one entry; its ``file`` is the path within ``folder`` (by default the name alone).

    Raises:
        EntryError: it is no entry; names line and fix.
    """
    name = file.relative_to(folder).as_posix() if folder else file.name
    try:
        size = file.stat().st_size
        if size > MAX_BYTES:
            raise EntryError(
                RejectedEntry(
                    name,
                    1,
                    "too_large",
                    f"has {size / 1024:,.0f} kB; an entry may have {MAX_BYTES // 1024}. Cut it into entries that "
                    "answer one question each.",
                )
            )
        content = file.read_bytes()
    except OSError as error:
        raise EntryError(
            RejectedEntry(name, 1, "unreadable_file", f"cannot be read: {error.strerror}. Check its permissions.")
        ) from error
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise EntryError(
            RejectedEntry(name, line, "not_utf8", f"is not UTF-8 text (byte {error.start}). Save it as UTF-8.")
        ) from error
    return parse_entry(text, categories, name)


def parse_entry(text: str, categories: Collection[str], file: str) -> Entry:
    """The entry that a text is; ``file`` is what errors and the entry call it.

    Raises:
        EntryError: it is none; names line and fix.
    """
    try:
        parts = take_apart(text)
    except EntryTextError as error:
        raise EntryError(RejectedEntry(file, error.line, error.reason, f"{error.detail}.")) from error
    named = parts.values.get("id")
    entry_id = named if isinstance(named, str) else None
    fields = {key: value for key, value in parts.values.items() if key not in ("answer", "file")}
    stray = sorted(parts.values.keys() - fields.keys())
    if stray:
        detail = f"'{stray[0]}' is not a setting of an entry; the answer stands below the front matter. Remove it."
        line = parts.line_of([stray[0]])
        raise EntryError(RejectedEntry(file, line, "unknown_setting", detail, entry_id))
    try:
        entry = Entry.model_validate({**fields, "answer": parts.body, "file": file})
    except ValidationError as error:
        below = len(parts.lines) + 3  # both fences are above the answer
        raise EntryError(_rejected(error, file, entry_id, parts.line_of, below)) from error
    if entry.category not in categories:
        line = parts.line_of(["category"])
        raise EntryError(RejectedEntry(file, line, "unknown_category", _no_such(entry.category, categories), entry_id))
    return entry


def write_entry(path: Path, entry: Entry) -> bool:
    """Write an entry to its file, in one step that a reader or a crash never sees half of.

    Of a file that is there, only the settings that differ are rewritten: comments, order and the formatting of an
    unchanged answer stay, and an unchanged entry leaves the file untouched. Returns whether it was written.
    """
    before = path.read_bytes().decode("utf-8", errors="replace") if path.is_file() else None
    text = entry_text(entry, before)
    if text == before:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("w", encoding="utf-8", newline="") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        if before is not None:
            shutil.copymode(path, temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return True


def _entry_files(folder: Path) -> list[Path]:
    def counts(file: Path) -> bool:
        parts = file.relative_to(folder).parts
        return (
            file.is_file() and not any(part.startswith((".", "_")) for part in parts) and file.stem.lower() != "readme"
        )

    return sorted(file for file in folder.rglob("*.md") if counts(file))


def _rejected(
    error: ValidationError, file: str, entry_id: str | None, line_of: Any, line_of_answer: int
) -> RejectedEntry:
    """The first problem's line and code, and every problem's sentence."""
    found = []
    for item in error.errors():
        place, sentence = explain(FrontMatter, item)
        is_answer = place[:1] == ["answer"]
        # What two settings say together is reported of the entry; its sentence begins with the one to look at.
        line = line_of_answer if is_answer else line_of(place or [sentence.split()[0]])
        if is_answer:
            sentence = "the answer is empty. Write it below the front matter."
        elif item["type"] == "string_type" and item["input"] is None:
            sentence = f"'{'.'.join(str(part) for part in place)}' is empty. Write it there."
        found.append((line, _reason(place, item["type"], item["input"]), sentence))
    found.sort(key=lambda one: one[0])
    line, reason, detail = found[0]
    more = "".join(f" Line {other}: {sentence}" for other, _, sentence in found[1:])
    return RejectedEntry(file, line, reason, detail + more, entry_id)


def _reason(place: list[Any], kind: str, given: Any) -> str:
    setting = str(place[0]) if place else ""
    if kind == "extra_forbidden":
        return "unknown_setting"
    if setting == "answer":
        return "empty_answer"
    if setting in _DATES:
        return "bad_date"
    if kind in ("missing", "string_too_short") or (kind == "string_type" and given is None):
        return f"missing_{setting}"
    return f"bad_{setting}" if setting else "bad_date"


def _no_such(category: str, categories: Collection[str]) -> str:
    import difflib

    near = difflib.get_close_matches(category, sorted(categories), n=1)
    fix = f"Did you mean '{near[0]}'?" if near else "Accept it in categories.yaml first, or name one that is there."
    return f"there is no category '{category}'. {fix}"


def _line_of_id(file: Path) -> int:
    return take_apart(file.read_bytes().decode("utf-8")).line_of(["id"])

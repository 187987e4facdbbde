"""Entry files as people write them: opened with a mark of what was there, and never written over what came meanwhile.

Belongs here: opening, saving and making entry files, one writer at a time. Does not belong here: accepting
(``knowledge_review``), what an entry may hold (``desk``), drafts and corrections (``knowledge_new``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from filelock import FileLock, Timeout
from pydantic import ValidationError

from assets.build_knowledge.entries.review import entry_file, entry_id_for
from desk.entry_text import entry_text
from desk.knowledge import MAX_BYTES, Entry, EntryError, RejectedEntry, parse_entry, write_entry
from desk.loading import Desk
from ledger.knowledge import accepted_entries
from orchestration.people.knowledge_desk import KnowledgeProblem, ledger_of, nothing_called, read_entries

WAIT_SECONDS = 20
FIELD_NAMES = {
    "category": "category",
    "question": "question",
    "answer": "answer",
    "conditions": "conditions",
    "phrasings": "phrasings",
    "owner": "owner",
    "review_by": "next review",
    "valid_from": "valid from",
    "valid_until": "valid until",
}
"""What people may change of an entry, and what it is called."""


class EntryChanged(KnowledgeProblem):
    """Somebody else has changed what a person is working on; ``now`` is the entry as it is, None where it is none."""

    def __init__(self, problem: str, now: Entry | None) -> None:
        super().__init__(problem)
        self.now = now


class WrongFields(KnowledgeProblem):
    """What was written is no entry; ``fields`` has a sentence for each field that has to be corrected."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("\n".join(fields.values()))
        self.fields = dict(fields)


@dataclass(frozen=True)
class OpenedEntry:
    """An entry with the mark of its file at the moment it was read."""

    entry: Entry
    mark: str


@contextmanager
def one_writer(desk: Desk) -> Iterator[None]:
    """Nobody else writes entries meanwhile, in this process or another.

    Raises:
        KnowledgeProblem: somebody else does not come to an end.
    """
    desk.home.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(desk.home / "knowledge.lock", timeout=WAIT_SECONDS, thread_local=False):
            yield
    except Timeout:
        raise KnowledgeProblem("somebody else is writing entries just now. Nothing was changed; try again.") from None


def open_entry(desk: Desk, name: str) -> OpenedEntry:
    """The entry of this id as its file says now.

    Raises:
        KnowledgeProblem: there is none, or its file has a mistake.
    """
    entries, rejected = read_entries(desk)
    found = next((entry for entry in entries if entry.id == name), None)
    if found is not None:
        return OpenedEntry(found, _mark(desk, found.file))
    refuse_broken(desk, name, rejected)
    raise KnowledgeProblem(nothing_called(name, "entry", [entry.id for entry in entries]))


def save_entry(
    desk: Desk, opened: OpenedEntry, fields: Mapping[str, Any], *, drawn_from: Mapping[str, Any] | None = None
) -> tuple[OpenedEntry, list[str]]:
    """Write other values into an entry's file, the rest of it untouched. Returns it as it is then, and what to tell.

    Args:
        opened: the entry as the person was shown it.
        fields: values by name, of ``FIELD_NAMES``.
        drawn_from: a source that the change rests on, to be named with the others.

    Raises:
        WrongFields: with these values it is no entry; the file is unchanged.
        EntryChanged: the file is not what the person was shown; it is unchanged.
    """
    values = _known(fields)
    if drawn_from is not None:
        before = opened.entry.model_dump()["sources"]
        is_there = any((one["kind"], one["id"]) == (drawn_from["kind"], drawn_from["id"]) for one in before)
        values["sources"] = before if is_there else [*before, dict(drawn_from)]
    entry = checked_entry(desk, lambda: opened.entry.changed(**values))
    with one_writer(desk):
        require_unchanged(desk, opened)
        if not write_entry(desk.knowledge / entry.file, entry):
            return opened, ["Nothing was changed."]
        saved = open_entry(desk, entry.id)
    return saved, [f"Saved: {entry.question}", signature_words(desk, opened.entry, saved.entry)]


def make_entry(desk: Desk, fields: Mapping[str, Any]) -> tuple[OpenedEntry, list[str]]:
    """Write a new entry with status draft, under an id made of its question. Returns it, and what to tell.

    Args:
        fields: values by name, of ``Entry``.

    Raises:
        WrongFields: they are no entry; nothing is written.
    """
    with one_writer(desk):
        entries, rejected = read_entries(desk)
        taken = taken_ids(desk, entries, rejected)
        values = {"status": "draft", **fields}

        def build() -> Entry:
            plain = Entry.model_validate({"id": "entry", **values})
            salt = plain.content_hash if plain.draft_id is None else plain.draft_id
            name = entry_id_for(plain.question, plain.conditions, salt, taken)
            return plain.changed(id=name)

        entry = checked_entry(desk, build)
        entry = entry.changed(file=entry_file(entry))
        write_entry(desk.knowledge / entry.file, entry)
        return open_entry(desk, entry.id), [f"Made the entry “{entry.question}” ({entry.file})."]


def require_unchanged(desk: Desk, opened: OpenedEntry) -> None:
    """Raise ``EntryChanged`` unless the file of an entry is as it was opened."""
    try:
        now = open_entry(desk, opened.entry.id)
    except KnowledgeProblem as problem:
        raise EntryChanged(f"The entry cannot be read any more, so nothing was changed. {problem}", None) from problem
    if now.mark == opened.mark:
        return
    changed = differing_fields(opened.entry, now.entry)
    what = f"{', '.join(changed)} changed" if changed else "its file changed"
    raise EntryChanged(
        f"Somebody has changed this entry since you opened it ({what}). Nothing of yours was saved; "
        "look at what is there now, and put your change into it.",
        now.entry,
    )


def differing_fields(before: Entry, after: Entry) -> list[str]:
    """The names of what differs between two versions, as people call it."""
    names = {**FIELD_NAMES, "status": "status", "reviewed_at": "last review", "sources": "sources"}
    return [words for name, words in names.items() if getattr(before, name) != getattr(after, name)]


def checked_entry(desk: Desk, make: Callable[[], Entry]) -> Entry:
    """An entry that passes whatever its file would have to pass.

    Raises:
        WrongFields: it does not, said by field.
    """
    try:
        entry = make()
    except ValidationError as error:
        raise WrongFields(_by_field(error)) from error
    known = [category.id for category in desk.categories]
    if entry.category not in known:
        raise WrongFields({"category": nothing_called(entry.category, "category", known)})
    text = entry_text(entry)
    if (size := len(text.encode("utf-8", errors="replace"))) > MAX_BYTES:
        raise WrongFields(
            {
                "answer": f"The entry has {size / 1024:,.0f} kB; {MAX_BYTES // 1024} are allowed. Cut it into entries "
                "that answer one question each."
            }
        )
    try:
        read = parse_entry(text, known, entry.file)
    except EntryError as error:
        raise WrongFields({"answer": error.rejected.detail}) from error
    if read.semantic_fields() != entry.semantic_fields():
        raise WrongFields({"answer": "The text holds signs that a file cannot keep. Take them out."})
    return entry


def signature_words(desk: Desk, before: Entry | None, after: Entry) -> str:
    """Whether the version on file is accepted, and what that means."""
    signed = signed_versions(desk)
    if (after.id, after.content_hash) in signed:
        return "This version is accepted."
    if before is not None and (before.id, before.content_hash) in signed:
        return "It was accepted and is unsigned again: the change is not live until somebody accepts it."
    return "It is not accepted yet."


def signed_versions(desk: Desk) -> set[tuple[str, str]]:
    """(entry id, content hash) of every version whose acceptance stands."""
    with ledger_of(desk) as ledger:
        accepted = accepted_entries(ledger)
    return set(zip(accepted["entry_id"], accepted["content_hash"], strict=True))


def taken_ids(desk: Desk, entries: list[Entry], rejected: list[RejectedEntry]) -> set[str]:
    """Ids that are in use, and names of files that are there: nothing is written over."""
    files = {file.stem for file in desk.knowledge.rglob("*.md")}
    return files | {entry.id for entry in entries} | {one.entry_id for one in rejected if one.entry_id}


def refuse_broken(desk: Desk, name: str, rejected: list[RejectedEntry]) -> None:
    """Raise ``KnowledgeProblem`` with the mistakes of the entry's file, where it has some."""
    mistakes = [str(one) for one in rejected if one.entry_id == name]
    if mistakes:
        raise KnowledgeProblem("\n".join(f"{desk.knowledge}/{one}" for one in mistakes))


def _known(fields: Mapping[str, Any]) -> dict[str, Any]:
    unknown = [name for name in fields if name not in FIELD_NAMES]
    if unknown:
        raise KnowledgeProblem(f"'{unknown[0]}' is nothing that is edited of an entry.")
    return dict(fields)


def _mark(desk: Desk, file: str) -> str:
    try:
        return hashlib.sha256((desk.knowledge / file).read_bytes()).hexdigest()
    except OSError as error:
        raise KnowledgeProblem(f"{file} cannot be read: {error.strerror}. Look whether it was moved.") from error


def _by_field(error: ValidationError) -> dict[str, str]:
    """A sentence a field; what several fields say together is said of the first one that it names."""
    found: dict[str, str] = {}
    for item in error.errors():
        sentence = item["msg"].removeprefix("Value error, ")
        place = str(item["loc"][0]) if item["loc"] else sentence.split()[0]
        if item["type"] in ("missing", "string_too_short") or (item["type"] == "string_type" and item["input"] is None):
            sentence = "Write something here."
        elif item["type"] == "string_too_long":
            sentence = f"At most {item['ctx']['max_length']:,} characters; this has {len(str(item['input'])):,}."
        elif place == "answer":
            sentence = "The answer is empty. Write what customers are told."
        found.setdefault(place, sentence[:1].upper() + sentence[1:] + ("" if sentence.endswith(".") else "."))
    return found

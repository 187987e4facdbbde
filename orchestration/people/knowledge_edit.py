"""``understudy knowledge edit``: a person's editor, and nothing kept that is no entry.

Does not belong here: arguments and printing (``knowledge``), what an entry may hold (``desk``).
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

from desk.knowledge import Entry, EntryError, RejectedEntry, parse_entry
from desk.loading import Desk
from orchestration.lake import replacing
from orchestration.people.knowledge_desk import KnowledgeProblem, nothing_called, read_entries
from orchestration.people.knowledge_files import one_writer, signature_words


def edit(desk: Desk, name: str, run_editor: Callable[[Path], None], ask_again: Callable[[str], bool]) -> list[str]:
    """Let a person edit an entry, and keep what they wrote only if it is one. Returns what to tell.

    Args:
        name: id of the entry, or its file (also of one that has a mistake).
        run_editor: opens a file in an editor and returns when it is closed.
        ask_again: whether to go back to the editor, given the mistake.

    Raises:
        KnowledgeProblem: no such entry, the text has a mistake, or somebody else changed the file meanwhile; the file
            is left as it is then.
    """
    entries, rejected = read_entries(desk)
    before = next((entry for entry in entries if name in (entry.id, entry.file)), None)
    broken = next((one for one in rejected if name in (one.entry_id, one.file)), None)
    if before is None and broken is None:
        raise KnowledgeProblem(nothing_called(name, "entry", [entry.id for entry in entries]))
    place = before.file if before else broken.file if broken else ""
    file = desk.knowledge / place
    copy = Path(tempfile.mkdtemp(prefix="understudy-")) / file.name
    opened = file.read_bytes()
    copy.write_bytes(opened)
    others = {entry.id: entry.file for entry in entries if entry.file != place}
    while True:
        run_editor(copy)
        try:
            after = _edited(desk, copy, place, others)
            break
        except EntryError as error:
            if not ask_again(str(error)):
                raise KnowledgeProblem(f"{error}\nThe entry is unchanged. What you wrote is kept in {copy}") from error
    text = copy.read_bytes()
    if text == opened:
        return [f"Nothing was changed in {file}"]
    with one_writer(desk):
        if not file.is_file() or file.read_bytes() != opened:
            raise KnowledgeProblem(
                f"Somebody has changed {file} since you opened it, so yours was not saved. It is kept in {copy}"
            )
        _replace(file, text)
    copy.unlink()
    copy.parent.rmdir()
    return [f"wrote  {file}", *_signature_words(desk, before, after)]


def _edited(desk: Desk, copy: Path, place: str, others: dict[str, str]) -> Entry:
    try:
        text = copy.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise EntryError(RejectedEntry(place, 1, "not_utf8", "is not UTF-8 text. Save it as UTF-8.")) from error
    entry = parse_entry(text, [category.id for category in desk.categories], place)
    if entry.id in others:
        detail = f"the id '{entry.id}' is also that of {others[entry.id]}. Give one of them an id of its own."
        raise EntryError(RejectedEntry(place, 1, "duplicate_id", detail, entry.id))
    return entry


def _replace(file: Path, content: bytes) -> None:
    with replacing(file) as temporary:
        temporary.write_bytes(content)
        temporary.chmod(file.stat().st_mode & 0o777)


def _signature_words(desk: Desk, before: Entry | None, after: Entry) -> list[str]:
    said = signature_words(desk, before, after)
    if said == "This version is accepted.":
        return [said]
    return [f'{said} To accept it: understudy knowledge accept {after.id} --by "…" --role "…"']

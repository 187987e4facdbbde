"""Exports in an inbox: who claims them, when they are complete, what their identity is."""

from __future__ import annotations

import dataclasses
import hashlib
import os
from pathlib import Path

import pytest
from upath import UPath

from assets.audit_tickets.landing.exports import (
    ABANDONED_SECONDS,
    ExportObservation,
    find_exports,
    identify_export,
    is_archive_end_missing,
    is_complete,
    observe_export,
)
from assets.audit_tickets.landing.records import UnreadableExport
from tests.assets.audit_tickets.landing.sample_exports import pack_gzip, pack_zip

NOW = 1_800_000_000 * 10**9


@dataclasses.dataclass
class Entry:
    name: str
    kind: str
    exports: str


def file_aged(path: Path, seconds: float, content: bytes = b"{}\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, ns=(NOW - int(seconds * 1e9),) * 2)
    return path


def seen(path: Path, after_seconds: float = 0) -> ExportObservation:
    return observe_export(UPath(path), NOW + int(after_seconds * 1e9))


def test_entries_are_claimed_or_reported(tmp_path: Path) -> None:
    for name in ("zendesk-1.ndjson", "zendesk-2.zip", "notes.txt", "both-1.json", ".hidden"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "zendesk-folder").mkdir()
    inbox = find_exports(
        str(tmp_path),
        [Entry("main", "zendesk", "zendesk-*"), Entry("a", "generic", "both*"), Entry("b", "generic", "*-1.json")],
    )
    assert [export.name for export in inbox.exports] == ["zendesk-1.ndjson", "zendesk-2.zip", "zendesk-folder"]
    assert {(export.source, export.helpdesk_kind) for export in inbox.exports} == {("main", "zendesk")}
    assert [(entry.name, entry.reason.split(" (")[0]) for entry in inbox.unmatched] == [
        ("both-1.json", "claimed by more than one helpdesk"),
        ("notes.txt", "matches no helpdesk's 'exports'"),
    ]


def test_a_missing_inbox_says_what_to_correct(tmp_path: Path) -> None:
    with pytest.raises(UnreadableExport, match=r"desk\.yaml"):
        find_exports(str(tmp_path / "nowhere"), [])


def test_an_old_file_is_complete_at_first_sight_and_a_fresh_one_at_second(tmp_path: Path) -> None:
    assert is_complete(seen(file_aged(tmp_path / "old.json", 3600)), None).is_complete
    fresh = file_aged(tmp_path / "fresh.json", 1)
    assert not is_complete(seen(fresh), None).is_complete
    assert is_complete(seen(fresh, 5), seen(fresh)).is_complete
    assert not is_complete(seen(fresh), seen(fresh)).is_complete, "one look is not two"


def test_a_growing_file_waits_even_if_its_clock_is_old(tmp_path: Path) -> None:
    path = file_aged(tmp_path / "a.ndjson", 3600)
    before = seen(path)
    file_aged(path, 3600, b"{}\n{}\n")
    verdict = is_complete(seen(path, 5), before)
    assert (verdict.is_complete, verdict.reason) == (False, "changed since it was last looked at")
    assert is_complete(seen(path, 10), seen(path, 5)).is_complete


def test_a_file_from_the_future_needs_two_looks(tmp_path: Path) -> None:
    path = file_aged(tmp_path / "a.ndjson", -3600)
    assert not is_complete(seen(path), None).is_complete
    assert is_complete(seen(path, 5), seen(path)).is_complete


@pytest.mark.parametrize("name", ["a.json.part", "a.tmp", "a.crdownload", "folder/inner.partial"])
def test_unfinished_names_wait(tmp_path: Path, name: str) -> None:
    file_aged(tmp_path / name, 9_000)
    assert not is_complete(seen(tmp_path / name.split("/")[0]), None).is_complete


def test_an_empty_file_waits(tmp_path: Path) -> None:
    assert not is_complete(seen(file_aged(tmp_path / "a.json", 9_000, b"")), None).is_complete


@pytest.mark.parametrize("pack", ["gz", "zip"])
def test_an_archive_without_its_end_waits_until_it_is_abandoned(tmp_path: Path, pack: str) -> None:
    whole = pack_gzip(b"x" * 9_000) if pack == "gz" else pack_zip({"a.json": b"x" * 9_000})
    path = file_aged(tmp_path / f"a.{pack}", 60, whole[:-8] if pack == "gz" else whole[: len(whole) // 2])
    assert is_archive_end_missing(UPath(path))
    assert not is_complete(seen(path, 5), seen(path)).is_complete
    late = seen(path, ABANDONED_SECONDS)
    assert is_complete(late, seen(path)).is_complete
    file_aged(path, 60, whole)
    assert is_complete(seen(path), None).is_complete


def test_a_damaged_gzip_is_not_unfinished(tmp_path: Path) -> None:
    assert not is_archive_end_missing(UPath(file_aged(tmp_path / "a.gz", 60, b"\x1f\x8bnonsense")))
    assert not is_archive_end_missing(UPath(file_aged(tmp_path / "b.gz", 60, pack_gzip(b"a") + pack_gzip(b"b"))))


def test_observations_survive_a_cursor(tmp_path: Path) -> None:
    observation = seen(file_aged(tmp_path / "a.json", 60))
    assert ExportObservation.from_dict(observation.to_dict()) == observation


def test_a_file_is_its_content_whatever_its_name(tmp_path: Path) -> None:
    one, two = file_aged(tmp_path / "a.json", 0, b"same"), file_aged(tmp_path / "b.json", 9, b"same")
    assert identify_export(UPath(one)) == identify_export(UPath(two)) == hashlib.sha256(b"same").hexdigest()[:16]
    assert identify_export(UPath(file_aged(two, 9, b"other"))) != identify_export(UPath(one))


def test_a_folder_is_its_names_and_contents(tmp_path: Path) -> None:
    def identity(files: dict[str, bytes], name: str) -> str:
        for file, content in files.items():
            file_aged(tmp_path / name / file, 0, content)
        return identify_export(UPath(tmp_path / name))

    first = identity({"a.json": b"1", "sub/b.json": b"2"}, "first")
    assert identity({"sub/b.json": b"2", "a.json": b"1", ".DS_Store": b"x"}, "second") == first
    assert identity({"a.json": b"2", "sub/b.json": b"1"}, "third") != first
    assert len(first) == 16


def test_an_unchanged_file_is_hashed_once(tmp_path: Path) -> None:
    path = file_aged(tmp_path / "a.json", 0, b"content")
    cache: dict[str, str] = {}
    first = identify_export(UPath(path), cache)
    cache.update(dict.fromkeys(cache, "f" * 64))
    assert identify_export(UPath(path), cache) == "f" * 16 != first
    file_aged(path, 5, b"content")
    assert identify_export(UPath(path), cache) == first


def test_hashing_shows_progress(tmp_path: Path) -> None:
    file_aged(tmp_path / "x" / "a", 0, b"12345")
    file_aged(tmp_path / "x" / "b", 0, b"678")
    calls: list[tuple[int, int]] = []
    identify_export(UPath(tmp_path / "x"), on_progress=lambda done, total: calls.append((done, total)))
    assert calls[-1] == (8, 8)
    assert all(total == 8 for _, total in calls)


def test_what_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableExport, match=r"gone\.json"):
        identify_export(UPath(tmp_path / "gone.json"))
    with pytest.raises(UnreadableExport, match=r"gone\.json"):
        observe_export(UPath(tmp_path / "gone.json"), NOW)


def test_an_inbox_on_another_file_system() -> None:
    folder = UPath("memory://inbox-of-exports")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "zendesk-1.ndjson").write_bytes(b"{}\n")
    export = find_exports("memory://inbox-of-exports", [Entry("main", "zendesk", "zendesk-*")]).exports[0]
    first, second = observe_export(export.path, NOW), observe_export(export.path, NOW + 10)
    assert is_complete(second, first).is_complete
    assert identify_export(export.path) == hashlib.sha256(b"{}\n").hexdigest()[:16]

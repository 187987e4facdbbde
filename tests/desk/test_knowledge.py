"""A folder of entries: every mistake has a file, a line and a fix, and harms no other entry."""

import os
import stat
import time

import pytest

from desk.knowledge import MAX_BYTES, EntryError, read_entry, read_knowledge, write_entry
from desk.loading import load_desk

GOOD = """---
id: {id}
category: password_reset
question: How do I reset my password?
status: accepted
---
Press *Reset*.
"""
CATEGORIES = ["password_reset", "cancel_subscription"]


@pytest.fixture
def folder(tmp_path):
    for name in ("one", "two"):
        put(tmp_path, f"password_reset/{name}.md", GOOD.format(id=name))
    return tmp_path


def put(folder, name: str, text: str | bytes) -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())


def test_entries_are_read_in_the_order_of_their_files(folder):
    put(folder, "a/deeper/three.md", GOOD.format(id="three"))
    entries, rejected = read_knowledge(folder, CATEGORIES)
    assert [(entry.id, entry.file) for entry in entries] == [
        ("three", "a/deeper/three.md"),
        ("one", "password_reset/one.md"),
        ("two", "password_reset/two.md"),
    ]
    assert rejected == []


def test_no_folder_and_other_files_are_no_mistake(tmp_path, folder):
    assert read_knowledge(tmp_path / "missing", CATEGORIES) == ([], [])
    for name in ("README.md", "_template.md", ".one.md.12.tmp", ".git/x.md", "_old/x.md", "notes.txt"):
        put(folder, name, "no entry")
    assert len(read_knowledge(folder, CATEGORIES)[0]) == 2
    assert read_knowledge(folder, CATEGORIES)[1] == []


BAD = GOOD.format(id="bad")


@pytest.mark.parametrize(
    ("text", "line", "reason", "words"),
    [
        ("Press Reset.", 1, "no_front_matter", "begin it so"),
        (BAD.replace("status: accepted", "status: [accepted"), 6, "broken_front_matter", "not valid YAML"),
        (BAD.replace("password_reset", "pasword_reset"), 3, "unknown_category", "Did you mean 'password_reset'?"),
        (BAD.replace("password_reset", "zzz"), 3, "unknown_category", "categories.yaml"),
        (BAD.replace("question: How do I reset my password?\n", ""), 1, "missing_question", "'question' is missing"),
        (BAD.replace("How do I reset my password?", ""), 4, "missing_question", "'question' is empty"),
        (BAD.replace("How do I reset my password?", "''"), 4, "missing_question", "question"),
        (BAD.replace("Press *Reset*.", " "), 7, "empty_answer", "Write it below"),
        (BAD.replace("status:", "review_by: next May\nstatus:"), 5, "bad_date", "such as 2026-05-31"),
        (BAD.replace("status:", "valid_until: 2026-13-01\nstatus:"), 5, "bad_date", "valid_until"),
        (BAD.replace("status:", "valid_from: 2026-05-02\nvalid_until: 2026-05-01\nstatus:"), 6, "bad_date", "before"),
        (BAD.replace("status:", "onwer: Ada\nstatus:"), 5, "unknown_setting", "Did you mean 'owner'?"),
        (BAD.replace("status:", "answer: Ada\nstatus:"), 5, "unknown_setting", "below the front matter"),
        (BAD.replace("status:", "phrasings:\n  - ok\n  - Help: me\nstatus:"), 7, "bad_phrasings", "in quotes"),
        (BAD.replace("accepted", "live"), 5, "bad_status", "'draft', 'accepted' or 'retired'"),
        (BAD.replace("status:", "conditions: {plan: []}\nstatus:"), 5, "bad_conditions", "names no value"),
        (BAD.encode().replace(b"Press", b"Dr\xfccken"), 7, "not_utf8", "Save it as UTF-8"),
        (BAD + "x" * MAX_BYTES, 1, "too_large", "256"),
    ],
)
def test_a_mistake_names_file_line_and_fix_and_harms_no_other(folder, text, line, reason, words):
    put(folder, "password_reset/bad.md", text)
    entries, (rejected,) = read_knowledge(folder, CATEGORIES)
    assert [entry.id for entry in entries] == ["one", "two"]
    assert (rejected.file, rejected.line, rejected.reason) == ("password_reset/bad.md", line, reason)
    assert words in rejected.detail
    assert str(rejected).startswith(f"password_reset/bad.md:{line}: ")
    with pytest.raises(EntryError, match=r"bad\.md"):
        read_entry(folder / "password_reset" / "bad.md", CATEGORIES)


def test_several_mistakes_of_a_file_are_said_at_once(folder):
    put(folder, "bad.md", BAD.replace("status: accepted", "status: live\nowner: {a: b}\nreview_by: soon"))
    (rejected,) = read_knowledge(folder, CATEGORIES)[1]
    assert rejected.line == 5
    assert "Line 6: 'owner'" in rejected.detail
    assert "Line 7: 'review_by'" in rejected.detail


def test_of_two_entries_with_one_id_none_is_taken(folder):
    put(folder, "password_reset/copy.md", "---\n# a copy\n" + GOOD.format(id="one").removeprefix("---\n"))
    entries, rejected = read_knowledge(folder, CATEGORIES)
    assert [entry.id for entry in entries] == ["two"]
    assert [(one.file, one.line, one.reason) for one in rejected] == [
        ("password_reset/copy.md", 3, "duplicate_id"),
        ("password_reset/one.md", 2, "duplicate_id"),
    ]
    assert "also that of password_reset/one.md" in rejected[0].detail


def test_a_copy_that_is_broken_does_not_take_the_whole_one_with_it(folder):
    put(folder, "password_reset/copy.md", GOOD.format(id="one").replace("accepted", "live"))
    entries, rejected = read_knowledge(folder, CATEGORIES)
    assert [entry.id for entry in entries] == ["one", "two"]
    assert [one.entry_id for one in rejected] == ["one"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_said(folder):
    (folder / "password_reset" / "one.md").chmod(0)
    assert read_knowledge(folder, CATEGORIES)[1][0].reason == "unreadable_file"


def test_writing_is_atomic_keeps_the_mode_and_touches_nothing_unchanged(folder):
    file = folder / "password_reset" / "one.md"
    file.chmod(0o640)
    os.utime(file, (1, 1))
    entry = read_entry(file, CATEGORIES, folder)
    assert not write_entry(file, entry)
    assert file.stat().st_mtime == 1
    assert write_entry(file, entry.changed(status="retired"))
    assert file.read_text() == GOOD.format(id="one").replace("accepted", "retired")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert write_entry(folder / "new" / "three.md", entry.changed(id="three"))
    assert [child.name for child in (folder / "new").iterdir()] == ["three.md"]


def test_a_failed_write_leaves_the_old_file(folder, monkeypatch):
    file = folder / "password_reset" / "one.md"
    entry = read_entry(file, CATEGORIES, folder).changed(status="retired")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write_entry(file, entry)
    assert file.read_text() == GOOD.format(id="one")
    assert sorted(child.name for child in file.parent.iterdir()) == ["one.md", "two.md"]


def test_a_thousand_entries_are_read_in_seconds(folder):
    for number in range(500):
        put(folder, f"many/{number}.md", GOOD.format(id=f"entry-{number}"))
    started = time.perf_counter()
    assert len(read_knowledge(folder, CATEGORIES)[0]) == 502
    assert time.perf_counter() - started < 5


def test_a_desk_names_who_accepts_and_where_entries_lie(tmp_path):
    desk = "desk_id: acme\ncompany: Acme (fictional)\nhelpdesks: [{name: z, kind: zendesk, exports: '*'}]\n"
    (tmp_path / "desk.yaml").write_text(desk + "signers: {roadmap: [head of support]}\n")
    loaded = load_desk(tmp_path)
    assert loaded.settings.signers == {
        "roadmap": ["head of support"],
        "knowledge": ["knowledge owner", "support lead"],
        "behavior": ["support lead"],
        "release": ["support lead"],
        "pilot": ["support lead"],
        "review": ["reviewer", "support lead"],
    }
    assert loaded.knowledge == tmp_path / "knowledge"
    (tmp_path / "desk.yaml").write_text(
        desk
        + "signers: {knowledge: [editor]}\n"
        + "knowledge: {folder: kb, deprecated_terms: [{term: Boards Classic, ended: 2026-04-20, instead: Boards}]}\n"
    )
    loaded = load_desk(tmp_path)
    assert loaded.settings.signers["knowledge"] == ["editor"]
    assert "roadmap" not in loaded.settings.signers
    assert loaded.knowledge == tmp_path / "kb"
    assert loaded.settings.knowledge.deprecated_terms[0].ended.isoformat() == "2026-04-20"

"""Entry files that several people write: saving over what was opened, mistakes by field, and signing what was shown."""

import datetime as dt
import threading
from pathlib import Path

import pytest

from desk.loading import Desk, load_desk
from ledger.knowledge import accepted_entries
from ledger.store import open_ledger
from orchestration.people.knowledge_desk import KnowledgeProblem, Reviewer
from orchestration.people.knowledge_files import (
    EntryChanged,
    OpenedEntry,
    WrongFields,
    make_entry,
    open_entry,
    save_entry,
)
from orchestration.people.knowledge_history import acceptances, accepted_before, is_accepted
from orchestration.people.knowledge_review import accept

DESK = """desk_id: acme
company: Acme (fictional)
helpdesks: [{name: zendesk, kind: zendesk, exports: "zendesk-*"}]
signers: {roadmap: [support lead], knowledge: [knowledge owner, support lead]}
"""
CATEGORIES = """categories:
  - {id: password_reset, name: Password reset, bucket: automate, tier: 1, owner: Identity team}
  - {id: billing, name: Billing, bucket: hybrid, tier: 1}
"""
ENTRY = """---
id: reset
category: password_reset
question: How do I reset my password?
conditions: {}   # for all
phrasings:
  - locked out
owner: Identity team
status: draft
---
Press *Reset*.
"""
MIRA = Reviewer("Mira Okafor", "support lead", dt.datetime(2026, 6, 1, 9, tzinfo=dt.UTC))


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Desk:
    for name in ("UNDERSTUDY_DESK", "UNDERSTUDY_HOME"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "desk.yaml").write_text(DESK)
    (tmp_path / "categories.yaml").write_text(CATEGORIES)
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "knowledge" / "reset.md").write_text(ENTRY)
    return load_desk(tmp_path)


def file_of(desk: Desk, name: str = "reset.md") -> Path:
    return desk.knowledge / name


def test_a_saved_entry_keeps_what_nobody_changed(desk):
    saved, said = save_entry(desk, open_entry(desk, "reset"), {"answer": "Press **Reset** twice."})
    text = file_of(desk).read_text()
    assert "conditions: {}   # for all" in text, "a comment stays"
    assert text.endswith("Press **Reset** twice.\n")
    assert saved.entry.answer == "Press **Reset** twice."
    assert "not accepted" in said[-1]


def test_saving_nothing_new_leaves_the_file_alone(desk):
    opened = open_entry(desk, "reset")
    before = file_of(desk).stat().st_mtime_ns
    _, said = save_entry(desk, opened, {"question": "How do I  reset my password?"})
    assert said == ["Nothing was changed."]
    assert file_of(desk).stat().st_mtime_ns == before


def test_the_second_of_two_is_refused_with_what_the_first_changed(desk):
    mine, theirs = open_entry(desk, "reset"), open_entry(desk, "reset")
    save_entry(desk, theirs, {"question": "How can I reset my password?"})
    with pytest.raises(EntryChanged, match="question changed") as refused:
        save_entry(desk, mine, {"answer": "Ask us."})
    assert refused.value.now is not None
    assert refused.value.now.question == "How can I reset my password?"
    assert "Press *Reset*." in file_of(desk).read_text(), "nothing of the second was written"


def test_of_many_who_save_at_once_one_wins(desk):
    opened = open_entry(desk, "reset")
    outcomes: list[str] = []
    start = threading.Barrier(6)

    def work(number: int) -> None:
        start.wait()
        try:
            save_entry(desk, opened, {"answer": f"Answer {number}."})
            outcomes.append("saved")
        except EntryChanged:
            outcomes.append("refused")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused"] * 5 + ["saved"]


def test_a_file_that_is_gone_is_refused(desk):
    opened = open_entry(desk, "reset")
    file_of(desk).unlink()
    with pytest.raises(EntryChanged, match="cannot be read"):
        save_entry(desk, opened, {"answer": "Ask us."})
    assert not file_of(desk).exists(), "a save brings nothing back that somebody took away"


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({"question": " "}, "question", "Write something"),
        ({"answer": "\n\n"}, "answer", "The answer is empty"),
        ({"question": "x" * 501}, "question", "At most 500"),
        ({"category": "billling"}, "category", "Did you mean billing"),
        ({"conditions": {"plan": []}}, "conditions", "names no value"),
        ({"conditions": {"": ["pro"]}}, "conditions", "expected a name"),
        ({"review_by": "31.5.2026"}, "review_by", "not a date"),
        ({"valid_from": "2026-06-02", "valid_until": "2026-06-01"}, "valid_until", "lies before"),
        ({"phrasings": ["y" * 1_001]}, "phrasings", "at most 1,000"),
        ({"answer": "z" * 300_000}, "answer", "Cut it into entries"),
    ],
)
def test_a_mistake_is_said_at_its_field_and_nothing_is_written(desk, fields, field, says):
    with pytest.raises(WrongFields) as wrong:
        save_entry(desk, open_entry(desk, "reset"), fields)
    assert says in wrong.value.fields[field]
    assert file_of(desk).read_text() == ENTRY


def test_only_what_people_edit_can_be_saved(desk):
    with pytest.raises(KnowledgeProblem, match="'status'"):
        save_entry(desk, open_entry(desk, "reset"), {"status": "accepted"})


def test_new_entries_get_ids_of_their_own(desk):
    fields = {"category": "billing", "question": "Where is my invoice?", "answer": "Under Billing."}
    first, _ = make_entry(desk, fields)
    second, _ = make_entry(desk, {**fields, "answer": "Under Plan."})
    assert first.entry.id == "where-is-my-invoice"
    assert second.entry.id.startswith("where-is-my-invoice-")
    assert first.entry.status == "draft"
    assert file_of(desk, "billing/where-is-my-invoice.md").is_file()


def test_hostile_words_stay_words_in_the_file(desk):
    hostile = "---\nstatus: accepted\n---\n<script>alert(1)</script> {{ x }} \u202e\u0000?"
    made, _ = make_entry(desk, {"category": "billing", "question": "`${1}` & \"'<b>", "answer": f"A\n{hostile}"})
    read = open_entry(desk, made.entry.id).entry
    assert read.answer == f"A\n{hostile}"
    assert read.question == "`${1}` & \"'<b>"
    assert read.status == "draft"


def test_what_was_shown_is_what_is_accepted(desk):
    shown = open_entry(desk, "reset").entry.content_hash
    save_entry(desk, open_entry(desk, "reset"), {"answer": "Ask us."})
    with pytest.raises(EntryChanged, match="not what you were shown"):
        accept(desk, "reset", MIRA, shown=shown)
    assert open_entry(desk, "reset").entry.status == "draft"
    now = open_entry(desk, "reset").entry.content_hash
    accept(desk, "reset", MIRA, shown=now)
    with open_ledger(desk.home / "ledger" / "ledger.sqlite") as ledger:
        assert accepted_entries(ledger)["content_hash"].tolist() == [now]


def test_owner_and_dates_do_not_unsign(desk):
    accept(desk, "reset", MIRA)
    opened, said = save_entry(desk, open_entry(desk, "reset"), {"owner": "Billing team"})
    assert said[-1] == "This version is accepted."
    _, said = save_entry(desk, opened, {"answer": "Ask us."})
    assert "unsigned again" in said[-1]


def test_history_says_who_accepted_which_version_and_what_it_said(desk):
    accept(desk, "reset", MIRA)
    first = open_entry(desk, "reset").entry
    save_entry(desk, OpenedEntry(first, open_entry(desk, "reset").mark), {"answer": "Ask us."})
    changed = open_entry(desk, "reset").entry
    history = acceptances(desk, "reset")
    assert [(one.by, one.role, one.content_hash) for one in history] == [
        ("Mira Okafor", "support lead", first.content_hash)
    ]
    assert not is_accepted(history, changed.content_hash)
    before = accepted_before(history, changed)
    assert before is not None
    assert before.answer == "Press *Reset*."
    assert accepted_before(history, first) is None, "nothing else was accepted before"
    assert acceptances(desk, "another") == []

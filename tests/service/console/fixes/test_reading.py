"""What the pages of fixes read: decisions count at once, and words of tickets that measure are never shown beside a form."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.retrain_agent import frames
from desk.loading import load_desk
from ledger.insights import add_insight
from orchestration.changes import changes_now
from orchestration.people.fix_desk import accept, reject
from orchestration.people.knowledge_desk import Reviewer
from service.console.answers.open_fixes import open_fixes_by_answer
from service.console.answers.stock import load_stock
from service.console.fixes import detail
from service.console.fixes.change_page import read_change
from service.console.fixes.detail import FixView
from service.console.fixes.detail import read_fix as read_fix_or_none
from service.console.fixes.reading import count_open, count_unreleased, read_queue
from service.console.fixes.week_page import read_week
from service.service import Service
from tests.orchestration.pilot_lakes import ledger_of, make
from tests.service.console.answer_desks import NOON
from tests.service.console.fixes.fixes_desk import (
    FIXES,
    HOSTILE,
    NOW,
    RIGHT,
    effect,
    entry_now,
    fixes_desk,
    publish,
    replayed,
)


def read_fix(service: Service, fix_id: str) -> FixView:
    """The fix of this id, which is there."""
    found = read_fix_or_none(service, fix_id)
    assert found is not None
    return found


ADA = Reviewer("Ada Moreno", "support lead", NOON)


@pytest.fixture
def folder(tmp_path) -> Path:
    return fixes_desk(tmp_path)


@pytest.fixture
def service(folder):
    with ledger_of(folder) as ledger:
        yield Service(folder, load_desk(folder).settings.service, ledger, None, None)


@pytest.mark.parametrize(("methods", "is_before"), [([], False), (["paired"], True), (["paired", "live"], False)])
def test_an_effect_measured_before_customers_had_the_change_is_told_from_one_after(
    service, monkeypatch, methods, is_before
):
    accept(load_desk(service.folder), FIXES["stale"], ADA)
    released = changes_now(load_desk(service.folder)).assign(status="released", released_at=NOW, release_id="ab" * 32)
    monkeypatch.setattr("orchestration.changes.changes_now", lambda desk: released)
    rows = [effect("answer_quality", "improvement", 0.1, 0.05, 0.2, method=one) for one in methods]
    publish(service.folder, "training_effects", frames.EFFECT, rows)
    [change] = read_queue(service.desk, service.ledger).changes
    assert change.is_measured_before == is_before


def test_a_desk_without_failures_is_told_from_one_without_fixes(tmp_path):
    desk = load_desk(make(tmp_path))
    with ledger_of(tmp_path) as ledger:
        queue = read_queue(desk, ledger)
        assert (queue.is_there, queue.fixes, queue.week, count_open(desk, ledger)) == (False, (), None, None)
        assert count_unreleased(desk) == 0
        assert open_fixes_by_answer(desk, ledger) == {}


def test_the_queue_is_ranked_and_says_what_waits(folder, service):
    queue = read_queue(service.desk, service.ledger)
    assert [one.fix_id for one in queue.open] == [FIXES[name] for name in ("stale", "labels", "note")]
    assert count_open(service.desk, service.ledger) == (3, 1)
    first = queue.fixes[0]
    assert (first.is_urgent, first.pattern.count_failures, first.tickets_per_month) == (True, 3, 30.0)


def test_a_decision_counts_before_the_next_run(folder, service):
    accept(service.desk, FIXES["stale"], ADA, shown=FIXES["stale"])
    reject(service.desk, FIXES["note"], ADA, "Nobody can say.")
    queue = read_queue(service.desk, service.ledger)
    assert {one.fix_id: (one.status, one.change_id, one.note) for one in queue.fixes} == {
        FIXES["stale"]: ("accepted", "C-001", None),
        FIXES["labels"]: ("open", None, None),
        FIXES["note"]: ("rejected", None, "Nobody can say."),
    }
    assert [(one.change_id, one.status, one.entry_ids) for one in queue.changes] == [
        ("C-001", "accepted", ("invoice-copy",))
    ]
    assert (count_open(service.desk, service.ledger), count_unreleased(service.desk)) == ((1, 0), 1)
    assert [one.change_id for one in read_week(service).waiting] == ["C-001"]
    shown = read_fix(service, FIXES["stale"])
    assert [one.is_written for one in shown.edits] == [True]


def test_corrected_labels_wait_for_the_month_and_not_for_the_week(folder, service):
    accept(service.desk, FIXES["labels"], ADA, shown=FIXES["labels"])
    [made] = read_queue(service.desk, service.ledger).changes
    assert (made.labelled_ticket_ids, made.is_for_the_week) == (("zd:1", "zd:2"), False)
    assert count_unreleased(service.desk) == 0


def test_a_fix_is_shown_with_what_it_would_change(folder, service):
    found = read_fix(service, FIXES["stale"])
    [edit] = found.edits
    assert (edit.before.answer, edit.after.answer) == (entry_now(folder).answer, RIGHT)
    assert (found.owner, found.problems, found.roles) == ("Ida Brandt", (), ("knowledge owner", "support lead"))
    labels = read_fix(service, FIXES["labels"]).labels
    assert [(one.label.was, one.label.category_id, HOSTILE in one.text) for one in labels] == [
        ("login", "billing", True)
    ] * 2
    assert read_fix_or_none(service, "0" * 16) is None


def test_labels_that_the_page_cannot_show_are_not_accepted_from_it(folder, service, monkeypatch):
    assert read_fix(service, FIXES["labels"]).problems == ()
    monkeypatch.setattr(detail, "SHOWN_AT_MOST", 1)
    [problem] = read_fix(service, FIXES["labels"]).problems
    assert "2 tickets another category, and the page shows 1." in problem
    assert f"understudy fix export {FIXES['labels'][:8]}" in problem


def test_words_of_tickets_that_measure_the_agent_are_counted_and_not_shown(folder, service):
    found = read_fix(service, FIXES["stale"])
    assert [one.failure_id for one in found.examples] == ["f2", "f1"]
    assert found.count_aside == 1


def test_an_entry_that_was_changed_meanwhile_keeps_a_fix_from_being_accepted(folder, service):
    file = folder / "knowledge" / entry_now(folder).file
    before = read_fix(service, FIXES["stale"])
    file.write_text(file.read_text(encoding="utf-8").replace("Open Settings", "Open Preferences"), encoding="utf-8")
    after = read_fix(service, FIXES["stale"])
    assert len(after.problems) == 1
    assert "somebody has changed the entry" in after.problems[0].lower()
    assert after.mark != before.mark


def test_an_answer_leads_to_the_open_fix_of_its_pattern(folder, service):
    found = open_fixes_by_answer(service.desk, service.ledger)
    assert {name: one.fix_id for name, one in found.items()} == dict.fromkeys(("a1", "a2", "a3"), FIXES["stale"])
    assert load_stock(service.desk, service.ledger).fixes == found
    accept(service.desk, FIXES["stale"], ADA)
    assert open_fixes_by_answer(service.desk, service.ledger) == {}


def test_what_somebody_saw_is_shown_until_a_run_has_taken_it_up(folder, service):
    event = add_insight(
        service.ledger, f"Choirs ask. {HOSTILE}", category_id="billing", by="Noor Haddad", role="reviewer", occurred_at=NOON,
        known_roles=["reviewer"],
    )  # fmt: skip
    [said] = read_queue(service.desk, service.ledger).insights
    assert (said.said_by, said.category_id, HOSTILE in said.text) == ("Noor Haddad", "billing", True)
    row = {
        **dict.fromkeys(frames.FIX),
        "fix_id": "a" * 16,
        "insight_id": event.subject_hash,
        "kind": "note",
        "status": "open",
    }
    publish(
        folder, "fix_queue", frames.FIX, [{**row, "source_ticket_ids": [], "proposal": "{}", "title": "Choirs ask"}]
    )
    queue = read_queue(service.desk, service.ledger)
    assert (queue.insights, queue.fixes[0].is_insight, queue.fixes[0].proposal) == ((), True, None)


def test_a_change_is_read_with_its_effects_and_what_came_out_otherwise(folder, service):
    accept(service.desk, FIXES["stale"], ADA)
    publish(folder, "training_effects", frames.EFFECT, [effect("resolution_rate", "improvement", 0.12, 0.05, 0.19)])
    rows = [
        replayed("zd:1", False, True),
        replayed("zd:2", True, False),
        replayed("zd:3", True, True, before_action="answer", before_entry_id="invoice-copy"),
    ]
    publish(folder, "change_replays", frames.REPLAYED, rows)
    found = read_change(service, "C-001")
    assert (found.count_replayed, len(found.effects)) == (3, 1)
    assert [(one.is_right_before, one.is_right_after) for one in found.changed] == [(True, False), (False, True)], (
        "broken first"
    )
    assert found.changed[0].after == "Answered: “Where do I find my invoices?”"
    assert read_change(service, "C-999") is None
    assert read_queue(service.desk, service.ledger).changes[0].sentences

"""Which accepted changes a week takes up."""

import pandas as pd

from assets.retrain_agent.updates.waiting_changes import Incumbent, Waiting, waiting_changes
from tests.assets.retrain_agent.updates.small_frames import change, changes

END = pd.Timestamp("2026-07-06", tz="UTC")
LIVE = {"e1": "h2", "e2": "h1"}
CATEGORIES = {"e1": "invoice_copy", "e2": "password_reset"}
NOW = Incumbent({("e1", "h1"), ("e2", "h1")}, {"invoice_copy", "password_reset"}, "spec-0")
SPEC = {"kind": "trigger", "entry_ids": [], "entry_hashes": []}


def waiting(*rows, signed=(), live=LIVE, now=NOW, end=END) -> Waiting:
    return waiting_changes(changes(*rows), now, live, CATEGORIES, set(signed), end)


def taken(*rows, **options) -> list[str]:
    return waiting(*rows, **options).taken["change_id"].tolist()


def test_what_was_accepted_before_the_weeks_end_and_is_not_released_waits():
    assert taken(change()) == ["C-001"]
    assert taken(change(accepted_at=END)) == []
    assert taken(change(accepted_at=END - pd.Timedelta(seconds=1))) == ["C-001"]
    assert taken(change(), now=Incumbent({("e1", "h2")}, {"invoice_copy"}, "spec-0")) == []
    assert taken(change(status="ended")) == []
    assert taken() == []


def test_what_was_accepted_after_the_week_is_said_and_not_taken():
    found = waiting(change(1, accepted_at=END), change(2, accepted_at=END, status="ended"))
    assert found.taken.empty
    assert found.notes == ("C-001 was accepted on 2026-07-06, after this week, and waits for its own",)


def test_a_clock_that_went_back_changes_no_order():
    first = change(1, **SPEC, behavior_hash="spec-1", accepted_at=END - pd.Timedelta(hours=1))
    second = change(2, **SPEC, behavior_hash="spec-2", accepted_at=END - pd.Timedelta(hours=2))
    found = waiting(first, second, signed=["spec-2"])
    assert found.taken["change_id"].tolist() == ["C-001", "C-002"]
    assert found.behavior_hash == "spec-2"
    assert waiting(first, second, signed=["spec-1"]).taken["change_id"].tolist() == ["C-001"]


def test_what_is_not_live_as_it_was_accepted_goes_on_waiting_and_says_why():
    found = waiting(change(), live={"e2": "h1"})
    assert found.taken.empty
    assert found.notes == ("C-001 waits: its entry e1 is not live",)
    assert "was changed since it was accepted" in waiting(change(), live={"e1": "h3"}).notes[0]


def test_a_category_that_nobody_judged_yet_waits_for_the_month():
    found = waiting(change(), now=Incumbent(set(), {"password_reset"}, "spec-0"))
    assert found.taken.empty
    assert "invoice_copy is not in the current release" in found.notes[0]


def test_behavior_waits_for_its_signatures_and_brings_the_changes_written_before_it():
    first = change(1, **SPEC, behavior_hash="spec-1")
    second = change(2, **SPEC, behavior_hash="spec-2", accepted_at=END - pd.Timedelta(hours=1))
    unsigned = waiting(first, second)
    assert unsigned.taken.empty
    assert unsigned.behavior_hash is None
    assert "is not signed" in unsigned.notes[0]
    found = waiting(first, second, signed=["spec-2"])
    assert found.taken["change_id"].tolist() == ["C-001", "C-002"]
    assert found.behavior_hash == "spec-2"
    found = waiting(first, second, signed=["spec-1"])
    assert found.taken["change_id"].tolist() == ["C-001"]
    assert found.behavior_hash == "spec-1"
    assert taken(change(**SPEC, behavior_hash="spec-0"), signed=["spec-0"]) == []
    assert taken(change(**SPEC, behavior_hash="spec-1", status="released"), signed=["spec-1"]) == []


def test_knowledge_does_not_wait_for_a_spec_that_nobody_signed():
    knowledge, behavior = change(1), change(2, **SPEC, behavior_hash="spec-1")
    found = waiting(knowledge, behavior)
    assert found.taken["change_id"].tolist() == ["C-001"]
    assert found.behavior_hash is None


def test_labels_wait_for_the_month_until_they_are_learnt():
    labels = {"entry_ids": [], "entry_hashes": [], "labelled_ticket_ids": ["zendesk:1"]}
    found = waiting(change(kind="category_examples", **labels))
    assert found.taken.empty
    assert "the month's retraining" in found.notes[0]
    learnt = waiting(change(kind="category_examples", status="released", **labels))
    assert (learnt.taken.empty, learnt.notes) == (True, ()), "what the current release learnt waits for nothing"
    both = waiting(change(labelled_ticket_ids=["zendesk:1"]))
    assert both.taken["change_id"].tolist() == ["C-001"]
    assert "labels of C-001 wait" in both.notes[0]

from __future__ import annotations

from assets.pilot_agent.answers.frames import frame_of
from assets.sustain_learning.audit_work.against import drift_of_entries, trouble_sentence, trouble_worth_a_look
from assets.sustain_learning.frames import DRIFT, TROUBLE
from tests.assets.sustain_learning.audit_work.knowledge import day, drift, trouble


def worth_a_look(*rows):
    return set(trouble_worth_a_look(frame_of(rows, TROUBLE)))


def test_the_few_that_cause_half_of_the_trouble_are_looked_at():
    rows = [trouble("much", 30, 300), trouble("some", 8, 80), *(trouble(f"little{n}", 3, 30) for n in range(4))]
    assert worth_a_look(*rows) == {"much"}


def test_what_is_worse_than_usual_for_sure_is_looked_at_however_rare():
    rows = [trouble("much", 30, 300), trouble("bad", 4, 8, low=0.22), trouble("perhaps", 2, 9, low=0.05)]
    assert worth_a_look(*rows) == {"much", "bad"}


def test_one_customer_is_no_trouble_and_what_was_changed_since_is_none_any_more():
    lone = trouble("lone", 6, 8, count_requesters=1)
    mended = trouble("mended", 40, 50, count_trouble_before=40, trouble_per_month=0.0)
    assert worth_a_look(lone, mended, trouble("fine", 0, 100)) == set()
    assert worth_a_look() == set()


def test_trouble_is_said_in_a_sentence():
    row = trouble("x", 12, 40, by_kind='{"reopen": 1, "correction": 11}', count_trouble_before=2)
    assert trouble_sentence(row) == (
        "Of 40 answers that rest on it 12 went wrong, 30% (20% to 40%), 2 of them before it was last changed; "
        "there were 11 corrections, 1 customer who came back."
    )


def test_only_drift_found_by_then_counts_the_widest_first():
    rows = [
        drift(1, entry_id="x", effect=0.2),
        drift(2, entry_id="x", effect=-0.9),
        drift(3, entry_id="x", is_drift=False),
        drift(4, entry_id="x", found_as_of=day("2026-07-01")),
    ]
    found = drift_of_entries(frame_of(rows, DRIFT), day("2026-07-01"))
    assert [int(one["drift_id"], 16) for one in found["x"]] == [2, 1]

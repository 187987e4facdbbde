"""Entries are ranked by what they cost now; one bad answer does not lead, and what was mended does not rank."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from assets.pilot_agent.answers.frames import frame_of
from assets.sustain_learning.feedback.entry_trouble import entry_trouble
from assets.sustain_learning.frames import TROUBLE
from tests.assets.sustain_learning.feedback.small_answers import (
    AS_OF,
    answer,
    answers,
    days,
    decision,
    decisions,
    outcome,
    outcomes,
    review,
    reviews,
    signals,
    tickets,
)

ENTRIES = pd.DataFrame(
    {
        "entry_id": ["reset", "invoice", "old", "old"], "content_hash": ["h1", "i1", "gone", "o1"],
        "category_id": ["passwords", "invoices", "exports", "exports"], "is_current": [True, True, False, True],
        "question": ["How do I reset it?", "Where is my invoice?", "x", "How do I export?"],
        "owner": ["Ada", "Bo", None, None],
    }
)  # fmt: skip
INVOICE = {"entry_ids": ["invoice"], "entry_hashes": ["i1"], "category_id": "invoices"}


def desk() -> dict[str, pd.DataFrame]:
    """Twenty answers from reset, two of them bad; ten from invoice, six bad; one from old, bad."""
    rows = [answer(f"r{one}", asked_at=days(one)) for one in range(20)]
    rows += [answer(f"i{one}", asked_at=days(one), **INVOICE) for one in range(10)]
    rows += [answer("o", entry_ids=["old"], entry_hashes=["o1"])]
    bad = ["r0", "r1", *(f"i{one}" for one in range(6)), "o"]
    return {"answers": answers(*rows), "reviews": reviews(*(review(name) for name in bad))}


def test_the_order_and_the_figures() -> None:
    frames = desk()
    found = entry_trouble(signals(**frames), frames["answers"], decisions(), ENTRIES, AS_OF)
    assert list(found.columns) == list(TROUBLE)
    assert list(found["entry_id"]) == ["invoice", "reset", "old"]
    assert list(found["rank"]) == [1, 2, 3]
    first = found.iloc[0]
    assert (first["count_answers"], first["count_trouble"], first["count_requesters"]) == (10, 6, 6)
    assert first["trouble_rate"] == 0.6
    assert 0.2 < first["low"] < 0.6 < first["high"] < 0.9
    assert first["owner"] == "Bo"
    assert first["question"] == "Where is my invoice?"
    assert json.loads(first["by_kind"]) == {"correction": 6}
    assert first["trouble_per_month"] == pytest.approx(6)
    assert list(first["example_answer_ids"]) == ["i5", "i4", "i3", "i2", "i1"]
    # The only answer of one was bad: its own rate says nothing, and is drawn to the others'.
    assert found.iloc[2]["trouble_rate"] == 1.0
    assert found.iloc[2]["rate_shrunk"] < 0.9


def test_an_answer_with_two_signals_is_one_trouble_and_its_minutes_count_once() -> None:
    frames = {
        "answers": answers(answer("a"), answer("b")),
        "reviews": reviews(review("a"), review("a", review_id="2", reviewer="Ole")),
        "outcomes": outcomes(outcome("a", is_false_resolution=True)),
        "tickets": tickets({"ticket_id": "zendesk:a", "handle_time_minutes": 9.0}),
    }
    found = entry_trouble(signals(**frames), frames["answers"], decisions(), ENTRIES, AS_OF).iloc[0]
    assert (found["count_signals"], found["count_trouble"], found["handle_minutes"]) == (3, 1, 9.0)
    assert json.loads(found["by_kind"]) == {"correction": 2, "reopen": 1}


def test_trouble_from_content_that_was_changed_is_counted_and_does_not_rank() -> None:
    frames = desk()
    changed = ENTRIES.assign(content_hash=["h1", "i2", "gone", "o1"])
    found = entry_trouble(signals(**frames), frames["answers"], decisions(), changed, AS_OF).set_index("entry_id")
    assert found.loc["invoice", ["count_trouble", "count_trouble_before", "trouble_per_month", "rank"]].tolist() == [
        6, 6, 0.0, 3,
    ]  # fmt: skip
    assert found.loc["reset", "rank"] == 1


def test_a_needless_handover_is_no_trouble_of_the_entry_it_suggested() -> None:
    frames = {
        "answers": answers(answer("a", action="escalate"), answer("b", action="escalate", reply=None)),
        "reviews": reviews(review("a", reason="needless_escalation"), review("b", reason="needless_escalation")),
    }
    found = entry_trouble(signals(**frames), frames["answers"], decisions(), ENTRIES, AS_OF)
    assert found[["entry_id", "count_answers", "count_trouble"]].to_numpy().tolist() == [["reset", 1, 0]]


def test_one_customer_proves_little() -> None:
    def upper(same: bool) -> float:
        rows = [answer(f"a{one}", requester_id="one" if same else f"c{one}") for one in range(20)]
        frames = {"answers": answers(*rows), "reviews": reviews(*(review(f"a{one}") for one in range(10)))}
        return float(entry_trouble(signals(**frames), frames["answers"], decisions(), ENTRIES, AS_OF).iloc[0]["low"])

    assert upper(same=True) < 0.1 < upper(same=False)


def test_examples_are_not_of_the_other_sides_and_the_window_holds() -> None:
    frames = desk()
    splits = pd.DataFrame({"ticket_id": ["zendesk:i5", "zendesk:i4"], "split": ["holdout", "calibration"]})
    told = signals(**frames)
    found = entry_trouble(told, frames["answers"], decisions(), ENTRIES, AS_OF, splits=splits)
    assert list(found.iloc[0]["example_answer_ids"]) == ["i3", "i2", "i1", "i0"]
    assert found.iloc[0]["count_trouble"] == 6
    early = entry_trouble(told, frames["answers"], decisions(), ENTRIES, days(2.5))
    # What reviewers said on the third day was not known then.
    assert int(early["count_answers"].sum()) == 7
    assert int(early["count_trouble"].sum()) == 0
    late = entry_trouble(told, frames["answers"], decisions(), ENTRIES, days(100))
    assert int(late.set_index("entry_id").loc["reset", "count_answers"]) == 9


def test_live_decisions_count_and_nothing_is_an_empty_table() -> None:
    live = decisions(decision("d"), decision("c", mode="control"))
    found = entry_trouble(signals(decisions=live), answers(), live, ENTRIES, AS_OF)
    assert found[["entry_id", "count_answers"]].to_numpy().tolist() == [["reset", 1]]
    nothing = entry_trouble(signals(), answers(), decisions(), ENTRIES.iloc[:0], AS_OF)
    pd.testing.assert_frame_equal(nothing, frame_of([], TROUBLE))

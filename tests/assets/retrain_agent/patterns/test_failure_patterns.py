"""``failure_patterns``: from failures and yesterday's patterns to today's."""

import datetime as dt

import pandas as pd
import pytest

from assets.pilot_agent.answers.frames import frame_of
from assets.retrain_agent.frames import PATTERN
from assets.retrain_agent.patterns.failure_patterns import EXAMPLES, failure_patterns
from tests.assets.retrain_agent.patterns.invented_failures import (
    AS_OF,
    CATEGORIES,
    ENTRIES,
    cases,
    days_ago,
    failure,
    failures,
)
from tests.encoders import HashingEncoder


def patterns(*rows, previous=None, as_of=AS_OF, **more):
    return failure_patterns(failures(*rows), previous, CATEGORIES, as_of, HashingEncoder().encode, **more)


def only(frame):
    assert len(frame) == 1
    return frame.iloc[0]


def test_a_pattern_has_its_counts_its_cost_and_its_name():
    rows = [
        failure(1, occurred_at=days_ago(7), handle_minutes=10.0),
        failure(2, occurred_at=days_ago(2, hours=1), handle_minutes=20.0, side="holdout"),
        failure(3, occurred_at=days_ago(2), requester_id="customer-2"),
        failure(4, occurred_at=days_ago(40), action="draft"),
    ]
    found = only(patterns(*rows, entries=ENTRIES))
    assert found["name"] == "Stale answer: How do I download an invoice? (since 21 May)"
    assert (found["count_failures"], found["count_requesters"], found["count_training"]) == (4, 3, 3)
    # Customer 2 wrote twice on one day.
    assert found["tickets_per_month"] == 2.0
    assert found["minutes_per_month"] == 30.0
    assert found["harm"] == pytest.approx(0.8 * (3 + 0.5) / 4)
    assert found["first_at"] == days_ago(40)
    assert found["status"] == "open"
    assert found["first_seen_as_of"] == found["last_seen_as_of"] == AS_OF
    assert list(patterns(*rows).columns) == list(PATTERN)
    assert patterns(*rows).dtypes.equals(frame_of([], PATTERN).dtypes)


def test_no_failures_is_an_empty_frame_of_the_same_types():
    assert patterns().dtypes.equals(frame_of([], PATTERN).dtypes)
    assert len(patterns()) == 0


def test_a_late_review_of_an_older_answer_moves_the_day_in_the_name():
    rows = [failure(1, occurred_at=days_ago(7)), failure(2, occurred_at=days_ago(3))]
    before = patterns(*rows, entries=ENTRIES)
    late = only(patterns(*rows, failure(0, occurred_at=days_ago(40)), previous=before, entries=ENTRIES))
    assert late["pattern_id"] == only(before)["pattern_id"]
    assert only(before)["name"] != late["name"]
    assert late["name"].endswith("(since 21 May)")


def test_a_pattern_keeps_id_name_and_first_day_while_it_grows():
    before = only(patterns(failure(1, question="where is my bill of may", entry_ids=[])))
    after = patterns(
        *(failure(number, question="invoice download is empty", entry_ids=[]) for number in range(1, 9)),
        previous=before.to_frame().T,
        as_of=AS_OF + dt.timedelta(days=7),
    )
    after = only(after)
    assert after["pattern_id"] == before["pattern_id"]
    assert after["name"] == before["name"]
    assert after["first_seen_as_of"] == AS_OF
    assert after["last_seen_as_of"] > AS_OF


def test_exports_that_come_again_change_nothing():
    rows = [failure(1), failure(2), failure(3, target_entry_id="other")]
    first = patterns(*rows)
    again = patterns(*rows[::-1], *rows, previous=first)
    pd.testing.assert_frame_equal(first, again)


def test_a_failure_that_moves_to_another_source_keeps_its_pattern():
    before = only(patterns(failure(1)))
    after = only(patterns(failure("review of 1"), previous=before.to_frame().T))
    assert after["pattern_id"] == before["pattern_id"]


def test_what_comes_after_as_of_is_not_seen():
    found = only(
        patterns(failure(1), failure(2, occurred_at=AS_OF + dt.timedelta(hours=1)), failure(3, occurred_at=None))
    )
    assert found["count_failures"] == 2
    assert found["tickets_per_month"] == 1.0


def test_a_pattern_whose_failures_are_gone_stays_as_gone_and_comes_back_as_itself():
    first = patterns(failure(1), failure(2, target_entry_id="other"))
    gone = patterns(failure(2, target_entry_id="other"), previous=first)
    assert set(gone["status"]) == {"open", "gone"}
    left = gone[gone["status"] == "gone"].iloc[0]
    assert left["tickets_per_month"] == 0.0
    assert left["last_seen_as_of"] == AS_OF
    back = patterns(failure(1), failure(2, target_entry_id="other"), previous=gone)
    assert set(back["status"]) == {"open"}
    assert set(back["pattern_id"]) == set(first["pattern_id"])


def test_long_silence_while_answers_are_judged_is_gone():
    rows = [failure(number, occurred_at=days_ago(60 + number)) for number in range(8)]
    assert only(patterns(*rows, cases=cases(rows, count_right=300)))["status"] == "gone"
    # Nobody judged anything since: not gone.
    assert only(patterns(*rows, cases=cases(rows)))["status"] == "open"


def test_what_a_replay_gets_wrong_is_not_over_because_it_was_asked_long_ago():
    rows = [failure(number, source="replay", occurred_at=days_ago(100 + number)) for number in range(8)]
    found = only(patterns(*rows, cases=cases(rows, count_right=300)))
    assert found["status"] == "open"
    assert found["tickets_per_month"] == 0.0


def test_examples_are_training_tickets_first_and_a_customer_once():
    rows = [failure(number, side="holdout") for number in range(3)]
    rows += [failure(f"t{number}", requester_id="ana" if number < 2 else f"c{number}") for number in range(6)]
    found = only(patterns(*rows))
    training = {one["failure_id"] for one in rows if one["side"] == "train"}
    assert len(found["example_ids"]) == EXAMPLES
    assert set(found["example_ids"]) <= training
    by_ana = {one["failure_id"] for one in rows if one["requester_id"] == "ana"}
    assert len(by_ana & set(found["example_ids"])) <= 1


def test_the_words_of_a_name_are_a_training_customers():
    said = {"failure_type": "knowledge_gap", "target_entry_id": None, "entry_ids": []}
    secret = "How do I move zebras to the purple workspace?"
    assert "zebra" not in only(patterns(failure(1, side="holdout", question=secret, **said)))["name"]
    found = only(patterns(failure(1, side="train", question=secret, **said)))
    assert "zebra" in found["name"]


def test_a_customer_nobody_knows_is_one_for_each_ticket():
    found = only(
        patterns(
            failure(1, requester_id=None), failure(2, requester_id=None), failure(3, requester_id=None, ticket_id=None)
        )
    )
    assert found["count_requesters"] == 3


def test_open_ones_come_first_and_the_most_harm_before_the_rest():
    frame = patterns(
        failure(1, failure_type="tone_or_length", said_reason="tone"),
        failure(2, failure_type="missed_escalation", target_entry_id=None),
        *(failure(number) for number in (3, 4)),
    )
    assert frame["failure_type"].tolist() == ["stale_knowledge", "missed_escalation", "tone_or_length"]


def test_ids_and_names_are_unique():
    rows = [
        failure(number, failure_type="edge_case_collision", target_entry_id=f"e{number}", entry_ids=["x"])
        for number in range(4)
    ]
    frame = patterns(*rows)
    assert frame["pattern_id"].is_unique
    assert frame["name"].is_unique

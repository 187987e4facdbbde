"""Counts of a month, against the month before."""

import math

from assets.retrain_agent.review_session.session_month import SessionMonth
from assets.retrain_agent.review_session.wrong_answers import wrong_answers
from tests.assets.retrain_agent.patterns.invented_failures import cases, failure, failures
from tests.assets.retrain_agent.review_session.invented_month import at

JUNE = SessionMonth.read("2026-06")


def count(rows, **right):
    return wrong_answers(cases(rows, **right), failures(*rows), JUNE)


def test_the_denominator_is_what_was_judged_in_the_month_and_replay_is_left_out():
    rows = [failure(1, occurred_at=at("06-02")), failure(2, occurred_at=at("05-02"))]
    rows += [failure(3, occurred_at=at("06-03"), source="replay")]
    found = count(rows, count_right=9, at=at("06-30"))
    assert (found.judged, found.wrong, found.judged_before, found.wrong_before) == (10, 1, 1, 1)
    assert found.share == 0.1
    assert found.low < 0.1 < found.high
    assert found.by_source == (("review", 10, 1),)
    (stale,) = found.types
    assert (stale.failure_type, stale.now, stale.before, stale.against) == ("stale_knowledge", 1, 1, "alike")


def test_a_difference_is_said_only_where_it_is_more_than_chance():
    rows = [failure(f"n{number}", occurred_at=at("06-02")) for number in range(40)]
    rows += [failure(f"o{number}", occurred_at=at("05-02"), failure_type="tone_or_length") for number in range(40)]
    rows += [failure("one", occurred_at=at("05-03"))]
    against = {one.failure_type: one.against for one in count(rows).types}
    assert against == {"stale_knowledge": "more", "tone_or_length": "fewer"}


def test_twice_the_reviews_is_not_twice_the_failures():
    rows = [failure(f"n{number}", occurred_at=at("06-02")) for number in range(40)]
    rows += [failure(f"o{number}", occurred_at=at("05-02")) for number in range(10)]
    assert [one.against for one in count(rows).types] == ["alike"]


def test_a_month_in_which_nobody_judged_is_no_month_without_failures():
    found = count([failure(1, occurred_at=at("05-02"))])
    assert found.judged == found.wrong == 0
    assert math.isnan(found.share)
    assert [one.against for one in found.types] == ["unknown"]
    assert count([]).types == ()


def test_what_was_exported_twice_counts_once():
    row = failure(1, occurred_at=at("06-02"))
    found = count([row, row])
    assert (found.judged, found.wrong, found.types[0].now) == (1, 1, 1)

"""What people say of one answer this moment, and that nobody speaks over somebody unseen."""

import datetime as dt

import pytest

from ledger.given_reviews import ReviewedMeanwhileError, given_reviews
from ledger.reviews import AnswerReview, record_reviews, withdraw_review

WHEN = dt.datetime(2026, 3, 9, 12, 0, tzinfo=dt.UTC)
COMMON = {"role": "reviewer", "occurred_at": WHEN, "known_roles": ["reviewer"]}


def say(ledger, answer_id, tag, by, seen=None):
    return record_reviews(
        ledger, [AnswerReview(answer_id, tag)], by=by, source="console", replaces=True, seen=seen, **COMMON
    )


def test_each_persons_last_word_stands_and_a_withdrawn_one_does_not(ledger):
    say(ledger, "a1", "correct", "Noor Haddad")
    say(ledger, "a1", "incorrect", "Ada Moreno")
    say(ledger, "a1", "incorrect", "Noor Haddad")
    say(ledger, "a2", "correct", "Ada Moreno")
    assert [(one.reviewer, one.said["tag"]) for one in given_reviews(ledger, "a1")] == [
        ("Ada Moreno", "incorrect"), ("Noor Haddad", "incorrect"),
    ]  # fmt: skip
    withdraw_review(ledger, "a1", by="Ada Moreno", **COMMON)
    assert [one.reviewer for one in given_reviews(ledger, "a1")] == ["Noor Haddad"]


def test_what_was_not_seen_is_not_spoken_over_and_says_who(ledger):
    say(ledger, "a1", "correct", "Noor Haddad")
    head = ledger.head()
    with pytest.raises(ReviewedMeanwhileError, match="Noor Haddad") as problem:
        say(ledger, "a1", "incorrect", "Ada Moreno", seen=[])
    assert ledger.head() == head
    assert say(ledger, "a1", "incorrect", "Ada Moreno", seen=[one.review_id for one in problem.value.given])


def test_ones_own_word_and_other_answers_need_not_be_seen(ledger):
    say(ledger, "a1", "correct", "Ada Moreno")
    say(ledger, "a2", "correct", "Noor Haddad")
    assert say(ledger, "a1", "incorrect", "Ada  MORENO", seen=[])


def test_a_changed_mind_of_somebody_else_was_not_seen_either(ledger):
    say(ledger, "a1", "correct", "Noor Haddad")
    seen = [one.review_id for one in given_reviews(ledger, "a1")]
    say(ledger, "a1", "incorrect", "Noor Haddad")
    with pytest.raises(ReviewedMeanwhileError):
        say(ledger, "a1", "correct", "Ada Moreno", seen=seen)

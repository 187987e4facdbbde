"""Reviews of the ledger and the helpdesk together."""

from __future__ import annotations

import pandas as pd

from assets.pilot_agent.answers.answer_reviews import count_unknown, gather_reviews, reviewable
from assets.pilot_agent.answers.frames import REVIEW
from tests.assets.pilot_agent.answers.review_frames import MONDAY, answer, answers, review, reviews

ANSWERS = answers(answer("a1"), answer("a2"), answer("a3", mode="control"))


def of_ledger(*rows):
    return reviews(*rows).drop(columns="ticket_id")


def helpdesk(answer_id, tag, by):
    return review(answer_id, tag, by, source="helpdesk", reviewed_at=MONDAY + pd.Timedelta(days=9))


def test_ones_own_word_beats_the_helpdesks_only_for_the_same_person():
    found = gather_reviews(
        of_ledger(review("a1", "correct", "Noor Haddad"), review("a2", "correct", "Ada Moreno")),
        reviews(helpdesk("a1", "incorrect", "noor  haddad"), helpdesk("a2", "incorrect", "0f0f")),
        ANSWERS,
    )
    assert list(found.columns) == list(REVIEW)
    current = found[found["is_current"]]
    assert sorted(zip(current["answer_id"], current["tag"], strict=True)) == [
        ("a1", "correct"), ("a2", "correct"), ("a2", "incorrect"),
    ]  # fmt: skip
    assert found["ticket_id"].tolist() == ["zd:1", "zd:2", "zd:1", "zd:2"], "ledger rows learn their ticket"


def test_a_replaced_word_is_kept_and_not_current():
    ledger = of_ledger(
        review("a1", "correct", review_id="r1", is_current=False), review("a1", "incorrect", review_id="r2")
    )
    found = gather_reviews(ledger, reviews(), ANSWERS).set_index("review_id")["is_current"]
    assert found.to_dict() == {"r1": False, "r2": True}


def test_a_word_taken_back_in_the_ledger_does_not_silence_the_helpdesk():
    ledger = of_ledger(review("a1", "correct", "0f0f", is_current=False))
    found = gather_reviews(ledger, reviews(helpdesk("a1", "incorrect", "0f0f")), ANSWERS)
    assert found.loc[found["is_current"], "tag"].tolist() == ["incorrect"]


def test_reviews_of_erased_answers_are_dropped_and_counted():
    ledger, rows = of_ledger(review("a1"), review("gone")), reviews(helpdesk("gone", "correct", "0f0f"))
    assert gather_reviews(ledger, rows, ANSWERS)["answer_id"].tolist() == ["a1"]
    assert count_unknown(ledger, rows, ANSWERS) == 2
    nothing = gather_reviews(of_ledger(), reviews(), answers())
    assert nothing.empty
    assert dict(nothing.dtypes) == dict(gather_reviews(ledger, rows, ANSWERS).dtypes)


def test_what_was_shown_to_nobody_is_not_to_be_judged():
    assert reviewable(ANSWERS)["answer_id"].tolist() == ["a1", "a2"]

from __future__ import annotations

from datetime import timedelta
from typing import Any, get_args

import pytest

from assets.pilot_agent.verdict.outcomes import REVIEWS
from desk.review_mapping import ReviewReason, ReviewTag
from ledger.deliveries import deliveries, record_delivery
from ledger.erasure import erase_actor, erase_payload
from ledger.errors import LedgerError, ReviewError, SignOffError
from ledger.events import EventType
from ledger.reviews import (
    REASONS,
    TAGS,
    AnswerReview,
    answer_reviews,
    record_reviews,
    record_reviews_by,
    standing_reviews,
    withdraw_review,
)
from ledger.store import Ledger
from ledger.verification import verify
from tests.ledger.conftest import START

WHO: dict[str, Any] = {
    "by": "Noor Haddad", "role": "Reviewer", "occurred_at": START, "known_roles": ["reviewer", "support lead"],
}  # fmt: skip
PRIVACY: dict[str, Any] = {"by": "Ines Falk", "role": "privacy officer", "occurred_at": START}


def say(ledger: Ledger, *reviews: AnswerReview, **changes: Any) -> list[Any]:
    return record_reviews(ledger, reviews, **{**WHO, "source": "terminal", **changes})


def stands(ledger: Ledger) -> list[tuple[str, str, str]]:
    return [(row.answer_id, row.reviewer, row.tag) for row in answer_reviews(ledger).itertuples()]


def test_the_words_are_the_same_everywhere():
    assert TAGS == REVIEWS == get_args(ReviewTag)
    assert get_args(ReviewReason) == REASONS


def test_a_review_is_an_event_and_its_words_stay_out_of_the_chain(ledger: Ledger):
    review = AnswerReview("a1", "incorrect", "outdated", " Says 2024. ", "Press *Reset*.", "edit", "Press Reset.")
    (event,) = say(ledger, review)
    assert (event.event_type, event.subject_kind, event.subject_hash) == (EventType.ANSWER_REVIEWED, "answer", "a1")
    assert not any(word in str(event) for word in ("incorrect", "Reset", "Haddad"))
    (row,) = answer_reviews(ledger).to_dict("records")
    assert row == {
        "review_id": event.event_id, "answer_id": "a1", "reviewer": "Noor Haddad", "role": "reviewer", "source": "terminal",
        "reviewed_at": START, "tag": "incorrect", "reason": "outdated", "comment": "Says 2024.",
        "right_answer": "Press *Reset*.", "decision": "edit", "edited_reply": "Press Reset.", "is_current": True,
    }  # fmt: skip
    assert verify(ledger).is_intact


def test_what_was_left_open_is_null_and_an_empty_ledger_gives_a_typed_frame(ledger: Ledger):
    empty = answer_reviews(ledger)
    assert len(empty) == 0
    say(ledger, AnswerReview("a1", "correct", reason="  "))
    filled = answer_reviews(ledger)
    assert filled[["reason", "comment", "right_answer", "decision", "edited_reply"]].isna().all(axis=None)
    assert dict(filled.dtypes) == dict(empty.dtypes)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"tag": "good"}, "the tag 'good'; there are correct, needs_improvement, incorrect"),
        ({"tag": ""}, "has no tag"),
        ({"tag": "correct", "reason": "rude"}, "the reason 'rude'"),
        ({"tag": "correct", "decision": "send"}, "the decision 'send'"),
        ({"tag": "correct", "decision": "edit"}, "give the edited reply"),
        ({"tag": "correct", "edited_reply": "Hi."}, "without the decision edit"),
        ({"tag": "correct", "comment": "x" * 20_001}, "more than 20,000 characters"),
    ],
)
def test_a_word_nobody_knows_is_one_clear_error(words, said):
    with pytest.raises(ReviewError, match="answer a1") as caught:
        AnswerReview("a1", **words)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_two_contradicting_reviews_in_a_batch_record_nothing(ledger: Ledger):
    batch = [AnswerReview("a2", "correct"), AnswerReview("a1", "correct"), AnswerReview("a1", "incorrect")]
    for replaces in (False, True):
        with pytest.raises(ReviewError, match=r"Noor Haddad reviews answer a1 twice.*'correct' and 'incorrect'"):
            say(ledger, *batch, replaces=replaces)
    assert not list(ledger.events())


def test_one_person_is_one_person_however_the_name_is_spelt(ledger: Ledger):
    reviewed = [("Noor Haddad", AnswerReview("a1", "correct")), ("  NOOR  haddad", AnswerReview("a1", "incorrect"))]
    who = {name: value for name, value in WHO.items() if name != "by"}
    with pytest.raises(ReviewError, match="twice"):
        record_reviews_by(ledger, reviewed, source="csv", **who)
    say(ledger, AnswerReview("a1", "correct"))
    with pytest.raises(ReviewError, match="--replaces"):
        say(ledger, AnswerReview("a1", "incorrect"), by="noor haddad")
    assert stands(ledger) == [("a1", "Noor Haddad", "correct")]


def test_changing_ones_mind_must_be_said(ledger: Ledger):
    say(ledger, AnswerReview("a1", "correct", decision="approve"))
    with pytest.raises(ReviewError, match="has reviewed answer a1 before"):
        say(ledger, AnswerReview("a9", "correct"), AnswerReview("a1", "incorrect"))
    assert len(list(ledger.events())) == 1, "nothing of the batch was recorded"
    say(ledger, AnswerReview("a1", "incorrect", "tone"), replaces=True)
    (row,) = answer_reviews(ledger).to_dict("records")
    assert (row["tag"], row["reason"]) == ("incorrect", "tone")
    assert row["decision"] is None or row["decision"] != "approve", "a replaced review leaves nothing behind"
    history = answer_reviews(ledger, with_history=True)
    assert history["tag"].tolist() == ["correct", "incorrect"]
    assert history["is_current"].tolist() == [False, True]


def test_two_people_may_differ(ledger: Ledger):
    say(ledger, AnswerReview("a1", "correct"))
    say(ledger, AnswerReview("a1", "incorrect"), by="Ada Moreno")
    assert stands(ledger) == [("a1", "Noor Haddad", "correct"), ("a1", "Ada Moreno", "incorrect")]


def test_saying_it_again_is_no_event_and_adding_to_it_is_no_contradiction(ledger: Ledger):
    assert len(say(ledger, AnswerReview("a1", "incorrect", "tone"))) == 1
    assert say(ledger, AnswerReview("a1", "incorrect")) == []
    assert say(ledger, AnswerReview("a1", "incorrect", "tone"), replaces=True) == []
    assert len(say(ledger, AnswerReview("a1", "incorrect", decision="reject"))) == 1
    (row,) = answer_reviews(ledger).to_dict("records")
    assert (row["reason"], row["decision"]) == ("tone", "reject")


def test_a_role_or_a_source_that_is_none_records_nothing(ledger: Ledger):
    for changes, error in (
        ({"role": "intern"}, SignOffError), ({"source": "rumour"}, ReviewError), ({"by": " "}, ReviewError),
    ):  # fmt: skip
        with pytest.raises(error):
            say(ledger, AnswerReview("a1", "correct"), **changes)
    with pytest.raises(LedgerError, match="Nothing was recorded"):
        say(ledger, AnswerReview("a1", "correct"), AnswerReview("no such id!", "correct"))
    assert not list(ledger.events())


def test_a_review_can_be_taken_back_by_who_gave_it(ledger: Ledger):
    say(ledger, AnswerReview("a1", "correct"))
    with pytest.raises(ReviewError, match="Ada Moreno has said nothing"):
        withdraw_review(ledger, "a1", **{**WHO, "by": "Ada Moreno"})
    withdraw_review(ledger, "a1", **WHO)
    assert stands(ledger) == []
    with pytest.raises(ReviewError):
        withdraw_review(ledger, "a1", **WHO)
    say(ledger, AnswerReview("a1", "incorrect"))
    assert stands(ledger) == [("a1", "Noor Haddad", "incorrect")]


def test_erased_words_are_gone_and_nothing_older_takes_their_place(ledger: Ledger):
    say(ledger, AnswerReview("a1", "correct", comment="Lives in Porto."))
    (newer,) = say(ledger, AnswerReview("a1", "incorrect"), replaces=True)
    erase_payload(ledger, newer.payload_digest, **PRIVACY)
    assert stands(ledger) == []
    assert standing_reviews(ledger, ["a1"], "Noor Haddad") == {}
    assert len(say(ledger, AnswerReview("a1", "needs_improvement"))) == 1


def test_an_erased_name_leaves_two_people_two_people(ledger: Ledger):
    say(ledger, AnswerReview("a1", "correct"))
    say(ledger, AnswerReview("a1", "incorrect"), by="Ada Moreno")
    for name in ("Noor Haddad", "Ada Moreno"):
        erase_actor(ledger, name, **PRIVACY)
    reviewers = answer_reviews(ledger)["reviewer"]
    assert reviewers.nunique() == 2
    assert not reviewers.str.contains("Noor|Ada").any()


def test_many_reviews_at_once(ledger: Ledger):
    batch = [AnswerReview(f"a{number}", "correct") for number in range(700)]
    assert len(say(ledger, *batch)) == 700
    assert say(ledger, *batch) == [], "more answers than fit a list in a query"
    assert len(answer_reviews(ledger)) == 700


def test_a_reply_is_delivered_once(ledger: Ledger):
    later = START + timedelta(hours=1)
    assert len(record_delivery(ledger, ["a1", "a2", "a1"], replies={"a1": "Press Reset."}, **WHO)) == 2
    assert len(record_delivery(ledger, ["a1", "a3"], **{**WHO, "occurred_at": later})) == 1
    frame = deliveries(ledger).set_index("answer_id")
    assert frame.loc["a1", ["delivered_by", "delivered_at", "reply"]].tolist() == ["Noor Haddad", START, "Press Reset."]
    assert frame["reply"].isna().tolist() == [False, True, True]
    for event in list(ledger.events()):
        if event.payload_digest:
            erase_payload(ledger, event.payload_digest, **PRIVACY)
    assert deliveries(ledger)["answer_id"].tolist() == ["a1", "a2", "a3"], "that it was sent stays true"
    assert deliveries(ledger)["reply"].isna().all()


def test_who_may_not_review_may_not_deliver(ledger: Ledger):
    with pytest.raises(SignOffError):
        record_delivery(ledger, ["a1"], **{**WHO, "role": "customer"})
    with pytest.raises(ReviewError):
        record_delivery(ledger, ["a1", "no id!"], **WHO)
    assert deliveries(ledger).empty

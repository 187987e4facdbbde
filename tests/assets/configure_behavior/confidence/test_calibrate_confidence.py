"""The whole of it on a small desk: who teaches, who certifies, and that holdout tickets touch nothing."""

import numpy as np
import pandas as pd
import pytest

from assets.configure_behavior.confidence.calibrate_confidence import CERTIFIES, TEACHES, calibrate_confidence
from assets.configure_behavior.confidence.calibration_labels import labels_frame
from assets.configure_behavior.confidence.confidence_model import ConfidenceModel
from desk.behavior import Confidence
from tests.assets.configure_behavior.confidence.small_desk import CATEGORIES, encode, whole

SPEC = Confidence(risk_levels=[0.1], certainty=0.9)


def calibrate(desk, **more):
    names = ("live", "articles", "answered", "tickets", "ticket_intents", "splits", "comments", "ticket_texts")
    frames = {name: getattr(desk, name) for name in (*names, "intents", "index")}
    return calibrate_confidence(**frames, categories=CATEGORIES, confidence=SPEC, encode=encode, **more)


@pytest.fixture(scope="module")
def outcome():
    return calibrate(whole())


def test_training_tickets_teach_and_calibration_tickets_certify(outcome):
    side = whole().splits.set_index("ticket_id")["split"]
    answers = outcome.answers
    assert set(answers.loc[answers["part"] == TEACHES, "ticket_id"].map(side)) == {"train"}
    assert set(answers.loc[answers["part"] == CERTIFIES, "ticket_id"].map(side)) == {"calibration"}
    assert outcome.model.count_learnt_from == (answers["part"] == TEACHES).sum()
    assert not answers["ticket_id"].duplicated().any()


def test_a_desk_with_enough_right_answers_gets_a_threshold(outcome):
    found = outcome.thresholds[outcome.thresholds["risk"] == 0.1]
    assert found["threshold"].notna().all()
    assert (found["upper_bound"] <= 0.1).all()
    assert found["certified_on"].eq("all").all()
    assert outcome.curve["scope"].isin(["all", "login", "billing"]).all()
    report = outcome.label_report.set_index(["part", "label_source"])
    assert report.loc[(CERTIFIES, "answer_of_no_entry"), "tickets"] == 1


def test_the_answer_nobody_gave_counts_as_wrong(outcome):
    other = outcome.answers[outcome.answers["label_source"] == "answer_of_no_entry"]
    assert other["is_wrong"].all()


def test_holdout_tickets_touch_nothing(outcome):
    desk = whole()
    held = set(desk.splits.loc[desk.splits["split"] == "holdout", "ticket_id"])
    for name in ("tickets", "ticket_intents", "comments", "ticket_texts"):
        frame = getattr(desk, name)
        setattr(desk, name, frame[~frame["ticket_id"].isin(held)].reset_index(drop=True))
    again = calibrate(desk)
    assert again.model == outcome.model
    pd.testing.assert_frame_equal(again.thresholds, outcome.thresholds)
    pd.testing.assert_frame_equal(again.answers, outcome.answers)


def test_reviews_replace_what_replies_tell(outcome):
    desk = whole()
    mine = outcome.answers[(outcome.answers["part"] == CERTIFIES) & outcome.answers["may_answer"]]
    reviewed = labels_frame([(ticket, [], "review", 1.0) for ticket in mine["ticket_id"]])
    again = calibrate(desk, reviewed=reviewed)
    assert again.thresholds["threshold"].isna().all()
    assert "reviews of the answer" in again.thresholds["label_source"].iloc[0]
    held = desk.splits.loc[desk.splits["split"] == "holdout", "ticket_id"].iloc[0]
    with pytest.raises(ValueError, match="holdout"):
        calibrate(desk, reviewed=labels_frame([(held, ["invoice-copy"], "review", 1.0)]))


def test_what_a_trigger_hands_over_does_not_count_as_answered(outcome):
    mine = outcome.answers[outcome.answers["part"] == CERTIFIES]
    again = calibrate(whole(), never_answered=mine["ticket_id"].tolist())
    assert not again.answers.loc[again.answers["part"] == CERTIFIES, "may_answer"].any()
    assert again.thresholds["threshold"].isna().all()


def test_where_the_context_is_silent_the_customer_is_asked_first():
    desk = whole()
    silent = {ticket: {} for ticket in desk.tickets["ticket_id"]}
    answers = calibrate(desk, contexts=silent).answers
    login = answers[(answers["part"] == CERTIFIES) & (answers["category_id"] == "login")]
    asked = login[login["was_asked"]]
    assert len(asked) > len(login) / 2
    assert asked["may_answer"].all()
    # What people answered with is what the customer then said.
    assert not asked["is_wrong"].any()
    assert set(asked["entry_id"]) == {"reset-own", "reset-sso"}


def test_a_desk_with_little_history_uses_retrievals_own_probability():
    outcome = calibrate(whole(copies=2))
    assert outcome.model == ConfidenceModel()
    assert outcome.thresholds["threshold"].isna().all()
    assert np.isfinite(outcome.answers["confidence"]).all()


def test_a_desk_without_entries_answers_nothing():
    desk = whole(copies=2)
    desk.live, desk.answered = desk.live.iloc[:0], desk.answered.iloc[:0]
    from assets.build_knowledge.entry_history import index_history
    from assets.build_knowledge.retrieval.documents import documents_of_entries
    from assets.build_knowledge.retrieval.retrieval_index import build_index

    desk.index = build_index(
        documents_of_entries(desk.live),
        index_history(desk.answered, desk.live, desk.ticket_texts, desk.tickets, desk.comments),
        encode,
    )
    outcome = calibrate(desk)
    assert outcome.thresholds["threshold"].isna().all()
    assert (outcome.answers["confidence"] == 0).all()

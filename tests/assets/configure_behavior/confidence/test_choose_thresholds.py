"""Which bound a category gets, what its row says, and that a release reads the same back."""

import json

import numpy as np
import pandas as pd
import pytest

from assets.configure_behavior.confidence.choose_thresholds import COLUMNS, choose_thresholds, thresholds_of
from assets.configure_behavior.confidence.thresholds import Thresholds
from desk.behavior import BucketConfidence, Confidence
from tests.assets.configure_behavior.confidence.answers import CATEGORIES, answers

FIVE = Confidence(risk_levels=[0.05])


def row(frame, category_id, risk=0.05):
    found = frame[(frame["category_id"] == category_id) & np.isclose(frame["risk"], risk)]
    assert len(found) == 1
    return found.iloc[0]


def test_one_row_for_every_category_and_risk():
    spec = Confidence(risk_levels=[0.02, 0.1], categories={"login": BucketConfidence(risk=0.03)})
    frame = choose_thresholds(answers(("login", 10, 0.99, 0, True)), CATEGORIES, spec)
    assert list(frame.columns) == list(COLUMNS)
    assert len(frame) == 5 * 4
    assert sorted(frame["risk"].unique()) == [0.02, 0.03, 0.05, 0.1]
    assert not frame.duplicated(["category_id", "risk"]).any()


def test_a_category_with_enough_tickets_stands_alone():
    given = answers(("login", 200, 0.99, 0, True), ("invoice", 40, 0.99, 0, True), ("sync", 30, 0.99, 0, True))
    frame = choose_thresholds(given, CATEGORIES, FIVE)
    login, invoice = row(frame, "login"), row(frame, "invoice")
    assert (login["certified_on"], login["count_answered"], login["threshold"]) == ("category", 200, 0.5)
    assert (invoice["certified_on"], invoice["count_answered"], invoice["threshold"]) == ("all", 70, 0.5)
    assert invoice["upper_bound"] <= 0.05
    assert "its own: 40 answered, 0 wrong" in invoice["why"]
    assert invoice["why"].startswith("Shared by 2 categories")


def test_too_few_tickets_stay_drafts_and_it_is_said_how_many_are_needed():
    given = answers(("login", 12, 0.99, 0, True))
    alone = choose_thresholds(given, CATEGORIES, FIVE.model_copy(update={"share_a_bound": False}))
    found = row(alone, "login")
    assert np.isnan(found["threshold"])
    assert found["why"] == (
        "12 calibration tickets that could be answered; at least 59 without an error are needed for 5%: stays a draft "
        "for a person."
    )
    shared = row(choose_thresholds(given, CATEGORIES, FIVE), "invoice")
    assert np.isnan(shared["threshold"])
    assert "0 calibration tickets that could be answered of its own, 12 in all 3 categories" in shared["why"]


def test_no_safe_threshold_is_said_with_what_was_seen():
    found = row(choose_thresholds(answers(("login", 300, 0.99, 60, True)), CATEGORIES, FIVE), "login")
    assert np.isnan(found["threshold"])
    assert found["coverage"] == 0
    assert (found["count_answered"], found["count_wrong"]) == (300, 60)
    assert found["upper_bound"] > 0.2
    assert "No safe threshold: of 300 calibration answers 300 reach 0.975, 60 are wrong" in found["why"]


def test_other_buckets_get_no_threshold_however_good_their_tickets():
    given = answers(("outage", 500, 0.99, 0, True), ("legal", 500, 0.99, 0, True))
    frame = choose_thresholds(given, CATEGORIES, FIVE)
    for name, words in (("outage", "a person sends every answer"), ("legal", "every message goes to a person")):
        found = row(frame, name)
        assert np.isnan(found["threshold"])
        assert np.isnan(found["upper_bound"])
        assert words in found["why"]
    # Nor do they lend their tickets to others.
    assert np.isnan(row(frame, "login")["threshold"])


def test_what_may_not_be_answered_counts_in_coverage_alone():
    given = answers(("login", 200, 0.99, 0, True), ("login", 200, 0.99, 200, False))
    found = row(choose_thresholds(given, CATEGORIES, FIVE), "login")
    assert (found["count_calibration"], found["count_answered"], found["count_wrong"]) == (400, 200, 0)
    assert found["coverage"] == 0.5


def test_a_category_whose_own_few_answers_are_too_often_wrong_is_not_carried_by_others():
    given = answers(("login", 118, 0.99, 0, True), ("invoice", 118, 0.99, 0, True), ("sync", 6, 0.99, 3, True))
    frame = choose_thresholds(given, CATEGORIES, FIVE)
    assert row(frame, "login")["threshold"] == 0.5
    bad = row(frame, "sync")
    assert np.isnan(bad["threshold"])
    assert "does not carry it: of its own 6 calibration answers at 0.5, 3 are wrong" in bad["why"]
    # One wrong of six can be chance at 5 %.
    lucky = answers(("login", 118, 0.99, 0, True), ("invoice", 118, 0.99, 0, True), ("sync", 6, 0.99, 1, True))
    assert row(choose_thresholds(lucky, CATEGORIES, FIVE), "sync")["threshold"] == 0.5


def test_who_shares_does_not_depend_on_who_was_right():
    for wrong in (0, 50, 123):
        frame = choose_thresholds(answers(("login", 123, 0.99, wrong, True)), CATEGORIES, FIVE)
        assert row(frame, "login")["certified_on"] == "all"
        frame = choose_thresholds(answers(("login", 124, 0.99, wrong, True)), CATEGORIES, FIVE)
        assert row(frame, "login")["certified_on"] == "category"


def test_the_search_starts_where_teaching_tickets_say():
    given = answers(("login", 150, 0.8, 0, True))
    assert np.isnan(row(choose_thresholds(given, CATEGORIES, FIVE), "login")["threshold"])
    teaching = answers(("login", 300, 0.8, 0, True))
    assert row(choose_thresholds(given, CATEGORIES, FIVE, teaching), "login")["threshold"] == 0.5


def test_a_desk_without_a_calibration_ticket_gets_its_rows():
    frame = choose_thresholds(answers(), CATEGORIES, FIVE)
    assert frame["threshold"].isna().all()
    assert (frame["count_calibration"] == 0).all()
    assert frame["why"].str.len().gt(20).all()


def test_a_release_reads_the_same_back():
    given = answers(("login", 200, 0.99, 1, True), ("invoice", 40, 0.99, 0, True))
    frame = choose_thresholds(given, CATEGORIES, Confidence())
    carried = thresholds_of(frame)
    again = Thresholds.from_json(json.loads(json.dumps(carried.to_json())))
    assert again == carried
    assert again.of("login", 0.05).threshold == pytest.approx(row(frame, "login")["threshold"])
    assert again.of("outage", 0.05).threshold is None
    assert again.of("outage", 0.05).upper_bound is None
    assert again.of("moon", 0.05) is None
    for one in again.rows:
        assert isinstance(one.count_answered, int)
        assert isinstance(one.why, str)


def test_order_of_rows_changes_nothing():
    given = answers(("login", 150, 0.99, 1, True), ("login", 50, 0.7, 9, True), ("sync", 80, 0.9, 2, True))
    shuffled = given.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(
        choose_thresholds(given, CATEGORIES, FIVE), choose_thresholds(shuffled, CATEGORIES.iloc[::-1], FIVE)
    )

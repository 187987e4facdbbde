"""The month's rows: counted by hand, beside the month before, and honest where nothing is known."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from assets.pilot_agent.verdict.clustered_rates import tally, wilson
from assets.retrain_agent.review_session.session_month import SessionMonth
from assets.retrain_agent.review_session.wrong_answers import wrong_answers
from assets.sustain_learning.frames import LEARNING
from assets.sustain_learning.report.learning_frames import LearningFrames
from assets.sustain_learning.report.learning_report import (
    RATES_OF_ANSWERS,
    learning_report,
    report_of_months,
    with_month,
)
from tests.assets.pilot_agent.verdict.answered_tickets import answered
from tests.assets.sustain_learning.report.invented_months import AS_OF, answers, at, full, support, tickets, two_months

JUNE, JULY = SessionMonth.read("2026-06"), SessionMonth.read("2026-07")


@pytest.fixture(scope="module")
def july():
    return learning_report(JULY, full(), AS_OF)


@pytest.fixture(scope="module")
def june():
    return learning_report(JUNE, full(), AS_OF)


def row(frame, metric, cut="all"):
    found = frame[(frame["metric"] == metric) & (frame["cut"] == cut)]
    assert len(found) == 1, f"{metric} {cut}: {len(found)} rows"
    return found.iloc[0]


def counts(frame, metric, cut="all"):
    one = row(frame, metric, cut)
    return one["numerator"], one["denominator"]


def test_it_is_the_contracts_frame_with_one_row_a_metric_and_cut(july):
    assert {name: str(kind) for name, kind in july.dtypes.items()} == dict(LEARNING)
    assert not july.duplicated(["month", "metric", "cut"]).any()
    assert july["sentence"].str.len().min() > 10
    assert set(july["counted_as_of"]) == {AS_OF}


def test_rates_are_counted_by_hand(june, july):
    assert counts(june, "answer_quality") == (12, 16)
    assert counts(july, "answer_quality") == (13, 26)
    assert counts(july, "answer_incorrect_rate", "invoice_copy") == (13, 13)
    assert counts(june, "involvement_rate") == (16, 20)
    assert counts(june, "handed_over_at_once_rate") == (4, 20)
    assert counts(june, "handed_over_at_once_rate", "reason:trigger") == (3, 20)
    assert counts(june, "handed_over_at_once_rate", "reason:unclear") == (1, 20)
    assert counts(june, "csat") == (6, 8)
    assert counts(june, "csat_response_rate") == (8, 20)
    assert counts(june, "involvement_of_all_tickets") == (16, 30)
    assert counts(july, "involvement_of_all_tickets") == (26, 54)
    assert counts(july, "failure_rate", "type:stale_knowledge") == (10, 20)
    assert counts(july, "thumbs_rate") == (2, 3)


def test_the_three_words_on_resolution_are_three_rows(july):
    assert counts(july, "resolution_rate_assumed") == (26, 26)
    assert counts(july, "resolution_rate_confirmed") == (3, 26)
    assert counts(july, "resolution_rate_verified")[1] == 0 or pd.isna(row(july, "resolution_rate_verified")["value"])
    assert "resolution_rate" not in set(july["metric"])


def test_a_rate_has_the_pilots_interval_and_the_difference_to_the_month_before(july):
    one = row(july, "answer_quality")
    assert (one["low"], one["high"]) == pytest.approx(wilson(tally(np.arange(26) < 13, np.arange(26))))
    assert one["before"] == 0.75
    assert one["difference"] == pytest.approx(-0.25)
    assert one["difference_low"] < -0.25 < one["difference_high"]
    assert one["sentence"] == (
        "Correct answers: 50% (13 of 26; 31 to 69%); June 2026 75%, "
        f"−25 points [{100 * one['difference_low']:.0f}, {100 * one['difference_high']:.0f}].".replace("-", "−")
    )


def test_customers_of_both_months_are_taken_together():
    apart = two_months()
    apart.loc[apart["created_at"] >= JULY.start, "requester_id"] = [f"new{n}" for n in range(26)]
    alone = row(learning_report(JULY, LearningFrames(answers=apart), AS_OF), "answer_quality")
    both = row(learning_report(JULY, LearningFrames(answers=two_months()), AS_OF), "answer_quality")
    assert both["difference"] == alone["difference"]
    assert both["difference_high"] - both["difference_low"] < alone["difference_high"] - alone["difference_low"], (
        "the first dozen had correct answers in both months"
    )


def test_a_ticket_on_the_edge_is_in_one_month_alone():
    last, first = JULY.start - pd.Timedelta(seconds=1), JULY.start
    frame = answers(answered(1, created_at=last), answered(2, created_at=first), answered(3, created_at=AS_OF + pd.Timedelta(days=1)))  # fmt: skip
    found = learning_report(JULY, LearningFrames(answers=frame, tickets=tickets(frame)), AS_OF)
    assert counts(found, "involvement_rate") == (1, 1)
    assert row(found, "tickets")["before"] == 1


def test_failures_are_counted_as_the_review_session_counts_them(july):
    frames = full()
    session = wrong_answers(frames.cases, frames.failures, JULY)
    assert counts(july, "failure_rate") == (session.wrong, session.judged) == (10, 20)


def test_effects_keep_their_own_sentences(july):
    one = row(july, "effect_on_answer_quality", "change:C-001:paired")
    assert one["sentence"].startswith("change C-001 (Invoices are in the portal)")
    assert (one["difference"], one["difference_low"], one["difference_high"]) == (0.25, 0.1, 0.4)
    assert math.isnan(row(july, "effect_on_csat", "change:C-001:paired")["difference"])


def test_what_was_found_and_done_is_counted_in_its_month(june, july):
    for metric in ("changes_accepted", "changes_released", "drift_found", "support_signals", "scope_proposals"):
        assert row(july, metric)["value"] == 1, metric
        assert row(june, metric)["value"] == 0, metric
    assert row(july, "support_signals", "diagnosis:unknown")["value"] == 1
    assert row(july, "support_signals_open")["value"] == 1
    assert row(june, "support_signals_open")["value"] == 0
    over = full(support=support(ended_at=at(15, 7)))
    assert row(learning_report(JULY, over, AS_OF), "support_signals_open")["value"] == 0


def test_a_cut_month_is_not_subtracted_from_a_whole_one():
    half = learning_report(JULY, full(), at(16, 7))
    assert math.isnan(row(half, "tickets")["difference"])
    assert row(half, "tickets")["before"] == 30
    whole = learning_report(JULY, full(), AS_OF)
    assert row(whole, "tickets")["difference"] == 24
    assert row(whole, "tickets_a_day")["value"] == pytest.approx(54 / 31)


def test_a_month_without_answers_says_so():
    found = learning_report(SessionMonth.read("2026-04"), full(), AS_OF)
    for metric in RATES_OF_ANSWERS:
        one = row(found, metric)
        assert math.isnan(one["value"])
        assert "answered no customer by itself in April 2026" in one["sentence"]


def test_nothing_at_all_gives_rows_that_say_so():
    found = learning_report(JULY, LearningFrames(), AS_OF)
    assert set(found["metric"]) == set(RATES_OF_ANSWERS)
    assert found["value"].isna().all()
    empty = two_months().head(0)
    same = learning_report(
        JULY, LearningFrames(answers=empty, tickets=tickets(empty), cases=full().cases.head(0)), AS_OF
    )
    assert same["value"].isna().sum() >= len(RATES_OF_ANSWERS)


def test_drafts_are_never_added_to_answers():
    frame = answers(
        *(answered(n, None, created_at=at(3, 7), review="correct", should_escalate=False) for n in range(4)),
        answered(9, None, created_at=at(4, 7), action="escalate"),
    )
    found = learning_report(JULY, LearningFrames(answers=frame), AS_OF)
    assert counts(found, "answer_quality", "phase:shadow") == (4, 4)
    assert counts(found, "escalation_rate", "phase:shadow") == (1, 5)
    assert math.isnan(row(found, "answer_quality")["value"])


def test_a_figure_that_nobody_can_count_any_more_is_kept(july):
    later = learning_report(
        JULY, replace(full(), answers=two_months().head(0), reports=july), AS_OF + pd.Timedelta(days=90)
    )
    assert counts(later, "answer_quality") == (13, 26)
    assert row(later, "answer_quality")["counted_as_of"] == AS_OF
    assert counts(later, "answer_incorrect_rate", "invoice_copy") == (13, 13)


def test_the_state_of_knowledge_is_kept_as_it_was_counted_nearer_to_the_end(july):
    old = july.assign(value=july["value"].mask((july["metric"] == "support_signals_open"), 7.0))
    assert row(learning_report(JULY, replace(full(), reports=old), AS_OF + pd.Timedelta(days=90)), "support_signals_open")["value"] == 7  # fmt: skip
    early = old.assign(counted_as_of=at(10, 7)).astype({"counted_as_of": "datetime64[us, UTC]"})
    assert row(learning_report(JULY, replace(full(), reports=early), AS_OF), "support_signals_open")["value"] == 1
    august = learning_report(SessionMonth.read("2026-08"), replace(full(), reports=old), AS_OF + pd.Timedelta(days=20))
    assert row(august, "support_signals_open")["before"] == 7


def test_a_month_before_that_was_only_published_is_compared_by_its_intervals(june):
    late = two_months()
    late = late[late["created_at"] >= JULY.start]
    one = row(learning_report(JULY, LearningFrames(answers=late, reports=june), AS_OF), "answer_quality")
    assert one["before"] == 0.75
    assert one["difference"] == pytest.approx(-0.25)
    assert one["difference_low"] < -0.25 < one["difference_high"]


def test_months_come_together_without_a_month_twice(june, july):
    whole = with_month(with_month(None, july), june)
    assert whole["month"].drop_duplicates().tolist() == ["2026-06", "2026-07"]
    assert len(with_month(whole, july)) == len(whole)
    months = report_of_months(JULY, full(), AS_OF)
    assert months["month"].drop_duplicates().tolist() == ["2026-06", "2026-07"], "no ticket came before June"
    assert len(report_of_months(JULY, LearningFrames(), AS_OF)["month"].unique()) == 1

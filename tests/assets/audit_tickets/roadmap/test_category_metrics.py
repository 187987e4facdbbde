"""Figures of one category: rates with their counts, nothing measured is not zero, trends only when they are there."""

import math

import numpy as np
import pandas as pd
import pytest

from assets.audit_tickets.roadmap.category_metrics import (
    measure_bot_tickets,
    measure_category,
    measure_tickets,
    median_columns,
    rate_columns,
    trend_columns,
    week_starts,
    weekly_counts,
    wilson_interval,
)

AS_OF = pd.Timestamp("2026-03-31", tz="UTC")


def tickets(**columns: list) -> pd.DataFrame:
    count = len(next(iter(columns.values())))
    defaults = {
        "created_at": AS_OF - pd.Timedelta(days=3),
        "status": "solved",
        "is_bot_only": False,
        "has_bot_reply": False,
        "is_one_touch_resolution": True,
        "count_reopens": 0,
        "count_staff_replies": 1,
        "csat": None,
        "csat_offered": False,
        "first_reply_calendar_minutes": 30.0,
        "full_resolution_calendar_minutes": 60.0,
    }
    return pd.DataFrame({**{k: [v] * count for k, v in defaults.items()}, **columns})


def test_wilson_matches_the_published_example() -> None:
    # Newcombe (1998), table I: 81 of 263 gives 0.2553 to 0.3662.
    low, high = wilson_interval(81, 263)
    assert low == pytest.approx(0.2553, abs=1e-4)
    assert high == pytest.approx(0.3662, abs=1e-4)


def test_a_rate_of_nothing_is_not_measured() -> None:
    rate = rate_columns("csat", 0, 0)
    assert math.isnan(rate["csat"])
    assert math.isnan(rate["csat_low"])
    assert (rate["csat_numerator"], rate["csat_denominator"]) == (0, 0)


def test_a_desk_without_ratings_or_reopens_has_neither_at_zero() -> None:
    figures = measure_tickets(tickets(count_reopens=[None, None]))
    assert math.isnan(figures["csat"])
    assert math.isnan(figures["csat_response_rate"])
    assert math.isnan(figures["reopen_rate"])


def test_one_touch_is_about_solved_tickets_only() -> None:
    figures = measure_tickets(tickets(status=["solved", "closed", "open"], is_one_touch_resolution=[True, False, None]))
    assert (figures["one_touch_rate_numerator"], figures["one_touch_rate_denominator"]) == (1, 2)
    assert (figures["solved_rate_numerator"], figures["solved_rate_denominator"]) == (2, 3)


def test_a_ticket_reopened_and_still_open_counts_as_reopened() -> None:
    figures = measure_tickets(tickets(status=["open", "solved", "open"], count_reopens=[1, 0, 0]))
    assert (figures["reopen_rate_numerator"], figures["reopen_rate_denominator"]) == (1, 2)


def test_csat_is_good_of_rated_and_its_response_rate_rated_of_asked() -> None:
    figures = measure_tickets(
        tickets(csat=["good", "good", "bad", None, None], csat_offered=[True, False, True, True, False])
    )
    assert (figures["csat_numerator"], figures["csat_denominator"]) == (2, 3)
    assert (figures["csat_response_rate_numerator"], figures["csat_response_rate_denominator"]) == (3, 4)


def test_what_a_bot_handled_alone_is_measured_apart() -> None:
    frame = tickets(
        is_bot_only=[True, True, False, False],
        has_bot_reply=[True, True, True, False],
        status=["solved", "open", "solved", "solved"],
        csat=["bad", None, "good", "good"],
    )
    assert measure_tickets(frame)["count_people_tickets"] == 2
    assert measure_tickets(frame)["csat"] == 1.0
    bot = measure_bot_tickets(frame)
    assert (bot["count_bot_tickets"], bot["count_bot_only_tickets"]) == (3, 2)
    assert (bot["bot_resolution_rate_numerator"], bot["bot_resolution_rate_denominator"]) == (1, 3)
    assert (bot["bot_csat_numerator"], bot["bot_csat_denominator"]) == (0, 1)


def test_a_median_comes_with_order_statistics() -> None:
    columns = median_columns("m", pd.Series(range(1, 101), dtype=float))
    # Binomial(100, 1/2): the 40th and the 61st value.
    assert (columns["m"], columns["m_low"], columns["m_high"]) == (50.5, 40.0, 61.0)
    few = median_columns("m", pd.Series([1.0, None, 3.0]))
    assert (few["m"], few["m_count"]) == (2.0, 2)
    assert math.isnan(few["m_low"])


def test_weeks_are_complete_and_end_at_as_of() -> None:
    starts = week_starts(AS_OF, 90)
    assert len(starts) == 12
    assert starts[-1] == AS_OF - pd.Timedelta(days=7)
    created = pd.Series(
        [AS_OF, AS_OF - pd.Timedelta(days=6), AS_OF - pd.Timedelta(days=8), AS_OF - pd.Timedelta(days=89)]
    )
    assert weekly_counts(created, starts)[-2:].tolist() == [1, 2]
    assert weekly_counts(created, starts).sum() == 3, "the five days before the first complete week are left out"


def test_weeks_before_the_data_begins_do_not_look_like_a_rise() -> None:
    assert len(week_starts(AS_OF, 90, AS_OF - pd.Timedelta(days=50))) == 7


def test_a_trend_needs_an_interval_without_zero() -> None:
    assert trend_columns(np.arange(12) * 2)["trend_label"] == "rising"
    assert trend_columns(np.arange(12)[::-1] * 2)["trend_label"] == "falling"
    assert trend_columns(np.array([5, 6, 4, 5, 6, 5, 4, 6, 5, 4, 5, 6]))["trend_label"] == "stable"
    outage = np.array([5] * 11 + [500])
    assert trend_columns(outage)["trend_label"] == "stable", "one bad week is no trend"


def test_false_trends_are_rare() -> None:
    draw = np.random.default_rng(1)
    labels = [trend_columns(draw.poisson(20, 12))["trend_label"] for _ in range(200)]
    assert sum(label != "stable" for label in labels) <= 16


@pytest.mark.parametrize("counts", [[1, 2, 3, 4, 5], [], [0] * 12])
def test_too_little_gives_no_trend(counts: list[int]) -> None:
    assert trend_columns(np.array(counts))["trend_label"] == "not measured"


def test_a_month_is_a_month_whatever_the_window() -> None:
    columns = measure_category(tickets(status=["solved"] * 30), week_starts(AS_OF, 90), 30, 60)
    assert columns["tickets_per_month"] == pytest.approx(30.4, abs=0.1)
    assert columns["share_of_volume"] == 0.5


def test_an_empty_category_is_measured_without_error() -> None:
    columns = measure_category(tickets(status=["solved"]).iloc[:0], week_starts(AS_OF, 90), 90, 0)
    assert columns["count_tickets"] == 0
    assert math.isnan(columns["one_touch_rate"])
    assert math.isnan(columns["share_of_volume"])

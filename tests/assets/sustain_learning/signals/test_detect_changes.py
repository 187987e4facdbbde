"""Changes are found soon and with the past alone; gaps, weekends, holidays and small numbers are none."""

import numpy as np
import pandas as pd
import pytest

from assets.sustain_learning.signals.change_settings import ChangeSettings, share_out
from assets.sustain_learning.signals.count_tails import at_least, at_most
from assets.sustain_learning.signals.daily_counts import count_days
from assets.sustain_learning.signals.detect_changes import DOWN, UP, detect_changes
from tests.assets.sustain_learning.signals.made_tickets import FIRST, at, extra_tickets, make_tickets

LOGIN = "Cannot sign in\nThe login page says error 500"


def counted(tickets, days, **values):
    given = {name: tickets[column].reset_index(drop=True) for name, column in values.items()}
    return count_days(tickets["created_at"].reset_index(drop=True), given, at(days))


def changes(tickets, days, **values):
    return detect_changes(counted(tickets, days, **values), 1.0)


def test_tails_are_the_negative_binomial_and_the_poisson():
    from scipy.stats import nbinom, poisson

    mean, variance = np.array([5.0, 40.0]), np.array([12.0, 90.0])
    size = mean**2 / (variance - mean)
    assert at_least(np.array([9.0, 70.0]), mean, variance) == pytest.approx(
        nbinom.sf([8, 69], size, size / (size + mean))
    )
    assert at_most(np.array([1.0, 20.0]), mean, variance) == pytest.approx(
        nbinom.cdf([1, 20], size, size / (size + mean))
    )
    assert at_least(np.array(9.0), np.array(4.0), np.array(4.0)) == pytest.approx(poisson.sf(8, 4.0), rel=1e-4)
    assert at_least(np.array(0.0), np.array(4.0), np.array(4.0)) == 1.0


def test_false_alarms_are_shared_out_and_never_more_than_all():
    dimension = np.array(["all", "page", "page", "page", "plan"], dtype=object)
    usual = np.array([True, True, False, False, True])
    parts = share_out(dimension, usual, np.ones(5, dtype=bool), ChangeSettings())
    assert parts.sum() <= 1
    assert parts[0] == 0.25
    assert parts[1] == 2 * parts[2] == 2 * parts[3]


def test_a_doubling_of_everything_is_found_within_days_and_dated():
    tickets = pd.concat([make_tickets(120), extra_tickets(100, 15, 24, LOGIN)])
    (found,) = [one for one in changes(tickets, 120) if one.direction == UP]
    assert abs(found.start - 100) <= 2
    assert 100 <= found.found <= 103


def test_nothing_of_a_day_changes_with_what_comes_later():
    tickets = pd.concat(
        [make_tickets(150), extra_tickets(100, 10, 24, LOGIN), extra_tickets(140, 9, 20, LOGIN, seed=51)]
    )
    whole = [(one.series, one.start, one.found, one.p) for one in changes(tickets, 150, os="os", plan="plan")]
    assert len(whole) >= 2
    for day in (101, 103, 120, 141, 146):
        part = changes(tickets[tickets["created_at"] < at(day)], day, os="os", plan="plan")
        assert [(one.series, one.start, one.found, one.p) for one in part] == [one for one in whole if one[2] < day]


def test_weekends_and_a_quiet_half_year_raise_nothing():
    tickets = make_tickets(182, weekend=0.3)
    assert changes(tickets, 182, os="os", plan="plan", category="topic") == []


def test_a_spike_of_one_value_is_found_in_it_although_all_hardly_move():
    tickets = pd.concat([make_tickets(120), extra_tickets(100, 10, 7, LOGIN, topic="mobile")])
    series = counted(tickets, 120, category="topic")
    found = {series.value[one.series]: one for one in detect_changes(series, 1.0)}
    assert set(found) == {"mobile"}
    assert found["mobile"].found <= 106


def test_a_value_nobody_had_before_is_found():
    tickets = pd.concat([make_tickets(120), extra_tickets(100, 10, 3, LOGIN, os="android")])
    series = counted(tickets, 120, os="os")
    (found,) = [one for one in detect_changes(series, 1.0) if one.found >= 100]
    assert series.value[found.series] == "android"
    assert found.found <= 106


@pytest.mark.parametrize("gap", [(60, 61), (100, 103), (90, 118)])
def test_missing_days_are_no_fall_and_what_follows_is_no_spike(gap):
    tickets = make_tickets(150)
    day = (tickets["created_at"] - FIRST).dt.days
    kept = tickets[(day < gap[0]) | (day >= gap[1])]
    assert changes(kept, 150, os="os") == []


def test_a_gap_that_begins_and_ends_at_noon_is_one():
    tickets = make_tickets(150)
    hours = (tickets["created_at"] - FIRST).dt.total_seconds() / 3600
    kept = tickets[(hours < 100 * 24 + 12) | (hours >= 103 * 24 + 12)]
    assert changes(kept, 150) == []


def test_the_day_that_is_not_over_is_not_counted_and_an_export_that_ends_early_is_a_gap():
    tickets = make_tickets(150)
    assert count_days(tickets["created_at"], {}, at(149) + pd.Timedelta(hours=9)).days == 149
    assert changes(tickets[tickets["created_at"] < at(140) + pd.Timedelta(hours=6)], 150) == []


def test_a_holiday_week_is_no_fall_but_a_level_that_stays_low_is():
    tickets = make_tickets(160)
    day = (tickets["created_at"] - FIRST).dt.days
    drop = np.random.default_rng(3).random(len(tickets)) < 0.6
    holidays = tickets[~(((day >= 100) & (day < 109)) & drop)]
    assert changes(holidays, 160) == []
    stays = tickets[~((day >= 100) & drop)]
    found = changes(stays, 160)[0]
    assert found.direction == DOWN
    assert found.found <= 125


def test_clock_changes_move_nothing():
    tickets = make_tickets(140)
    # From the last Sunday of March on everybody's day begins an hour earlier in UTC.
    later = tickets["created_at"] >= pd.Timestamp("2025-03-30", tz="UTC")
    moved = tickets.assign(
        created_at=tickets["created_at"].where(~later, tickets["created_at"] - pd.Timedelta(hours=1))
    )
    assert changes(moved, 140, os="os") == []


def test_one_ticket_a_day_raises_nothing_and_five_a_day_after_that_do():
    few = make_tickets(150, per_day=1.0)
    assert changes(few, 150, os="os") == []
    found = changes(pd.concat([few, extra_tickets(120, 10, 5, LOGIN)]), 150)
    assert found
    assert found[0].found <= 123


def test_three_weeks_of_history_raise_nothing_and_neither_does_nothing_at_all():
    assert changes(pd.concat([make_tickets(21), extra_tickets(18, 3, 60, LOGIN)]), 21) == []
    assert count_days(pd.Series([], dtype="datetime64[us, UTC]"), {}, at(3)) is None
    assert count_days(pd.Series([at(0)]), {}, at(0) + pd.Timedelta(hours=3)) is None


def test_a_rise_that_stays_becomes_the_usual_level_and_a_spike_ends():
    tickets = pd.concat([make_tickets(200), extra_tickets(90, 6, 40, LOGIN)])
    (spike,) = changes(tickets, 200)
    assert not spike.is_shift
    assert spike.end is not None
    assert 93 <= spike.end <= 97
    (shift,) = changes(pd.concat([make_tickets(200), extra_tickets(90, 110, 30, LOGIN)]), 200)
    assert shift.is_shift
    assert shift.end is not None


def test_what_could_not_be_known_yet_is_not_watched():
    tickets = pd.concat([make_tickets(120), extra_tickets(80, 10, 12, LOGIN, topic="mobile")])
    values = {"category": tickets["topic"].reset_index(drop=True)}
    created = tickets["created_at"].reset_index(drop=True)
    early = detect_changes(count_days(created, values, at(120)), 1.0)
    late = count_days(created, values, at(120), {"category": 110})
    assert any(one.series for one in early)
    assert all(one.found >= 110 for one in detect_changes(late, 1.0) if one.series)

"""From which day an entry is wrong."""

from __future__ import annotations

import pandas as pd

from assets.retrain_agent.failures.when_it_broke import turning_point

START = pd.Timestamp("2026-06-01", tz="UTC")


def days(*numbers: int) -> list[pd.Timestamp]:
    return [START + pd.Timedelta(days=number) for number in numbers]


def test_right_until_a_day_and_wrong_since():
    found = turning_point(days(20, 21, 25, 30), days(1, 2, 5, 9, 14))
    assert found is not None
    assert (found.at, found.counts) == (START + pd.Timedelta(days=20), (5, 0, 0, 4))
    assert found.p < 0.02


def test_one_straggler_does_not_hide_it():
    found = turning_point(days(3, 20, 21, 22, 25, 30), days(1, 2, 4, 5, 9, 14, 24))
    assert found is not None
    assert (found.at, found.counts) == (START + pd.Timedelta(days=20), (6, 1, 1, 5))


def test_mixed_or_the_other_way_round_or_too_few():
    assert turning_point(days(1, 9, 5, 14, 21), days(2, 8, 6, 15, 20)) is None
    assert turning_point(days(1, 2, 3, 4), days(10, 11, 12, 13)) is None
    assert turning_point(days(20), days(1, 2, 3)) is None
    assert turning_point([pd.NaT, pd.NaT], days(1, 2)) is None

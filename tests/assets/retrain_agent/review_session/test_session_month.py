"""The month that is looked back on."""

import pandas as pd
import pytest

from assets.retrain_agent.review_session.session_month import MonthError, SessionMonth


def test_a_month_is_read_and_written_as_people_do():
    month = SessionMonth.read(" 2026-01 ")
    assert str(month) == "2026-01"
    assert month.words == "January 2026"
    assert str(month.before) == "2025-12"
    assert SessionMonth.of(pd.Timestamp("2026-02-01 00:30", tz="Europe/Berlin")) == month


@pytest.mark.parametrize(
    "text", ["2026", "2026-13", "2026-00", "June", "2026-6", "", "2026-06-01", "0000-01", "٢٠٢٦-٠٦"]
)
def test_what_is_no_month_is_said_to_be_none(text):
    with pytest.raises(MonthError, match="such as 2026-06"):
        SessionMonth.read(text)


def test_its_bounds_are_utc_and_meet_those_of_its_neighbours():
    march, april = SessionMonth.read("2026-03"), SessionMonth.read("2026-04")
    assert march.end == april.start
    times = pd.Series([march.start, march.end - pd.Timedelta("1us"), march.end, pd.NaT])
    assert march.holds(times).tolist() == [True, True, False, False]
    assert april.before == march

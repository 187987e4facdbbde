"""The clock of the data: the newest record, unless only late replies are that new."""

from __future__ import annotations

import pandas as pd

from orchestration.data_time import data_time


def desk_until(last: str, tickets_a_day: int, updated: str | None, days: int = 120) -> pd.DataFrame:
    end = pd.Timestamp(last, tz="UTC")
    created = pd.Series([end - pd.Timedelta(days=day) for day in range(days) for _ in range(tickets_a_day)])
    frame = pd.DataFrame({"created_at": created, "updated_at": created + pd.Timedelta(hours=5)})
    if updated:
        frame.loc[0, "updated_at"] = pd.Timestamp(updated, tz="UTC")
    return frame


def test_it_is_the_newest_record() -> None:
    assert data_time(desk_until("2025-03-31", 3, None)) == pd.Timestamp("2025-03-31 05:00", tz="UTC")


def test_a_late_reply_to_an_old_ticket_moves_no_clock() -> None:
    """A month's export holds a reply of nine months later: nothing else says what happened until then."""
    assert data_time(desk_until("2025-03-31", 3, "2025-12-21")) == pd.Timestamp("2025-03-31", tz="UTC")


def test_two_quiet_weeks_are_no_end() -> None:
    assert data_time(desk_until("2025-03-31", 30, "2025-04-14")) == pd.Timestamp("2025-04-14", tz="UTC")


def test_a_small_desk_may_be_quiet_for_long() -> None:
    """Three tickets in four months: a month without any says nothing."""
    few = desk_until("2025-03-31", 1, "2025-05-10").iloc[[0, 50, 90]]
    assert data_time(few) == pd.Timestamp("2025-05-10", tz="UTC")


def test_tickets_without_an_update_count_by_their_creation() -> None:
    frame = desk_until("2025-03-31", 1, None).assign(updated_at=pd.NaT)
    assert data_time(frame) == pd.Timestamp("2025-03-31", tz="UTC")


def test_no_time_is_no_time() -> None:
    assert pd.isna(data_time(desk_until("2025-03-31", 1, None).iloc[:0]))

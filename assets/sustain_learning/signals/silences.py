"""Stretches of time in which tickets are missing, rather than nobody writing.

Belongs here: telling a gap in the exports (and a day that is not over) from a quiet day. Does not belong here: what a low
count of tickets means (``detect_changes``).

A silence counts as a gap when so many tickets were to be expected in it, by the hours of the week of the eight weeks before,
that silence is not chance. A desk that closes over the holidays is silent in the same way: nothing is said of these days.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

HOUR = 3_600.0
WEEK_HOURS = 168
PAST_WEEKS = 8
LEAST_WEEKS = 2
EXPECTED_AT_LEAST = 15.0
"""Tickets. With counts that vary twice as much as chance, nobody writes for so long once in a thousand times at most."""


@dataclass(frozen=True)
class Silence:
    """``start`` and ``end``: hours since the first day's midnight; ``known_on``: the first day at whose end it could be told."""

    start: float
    end: float
    known_on: int


def find_silences(created_at: pd.Series, first_day: pd.Timestamp, until: pd.Timestamp) -> list[Silence]:
    """Gaps among the times tickets were created, each judged by what came before it alone.

    Args:
        created_at: UTC, any order. first_day: midnight UTC of the first day. until: the data's present; the stretch from the
            last ticket to it is judged like any other.
    """
    hours = np.sort((pd.to_datetime(created_at, utc=True) - first_day).dt.total_seconds().to_numpy(dtype=float)) / HOUR
    end = (until - first_day).total_seconds() / HOUR
    hours = hours[hours <= end]
    if not len(hours):
        return []
    edges = np.append(hours, end)
    found: list[Silence] = []
    for at in np.flatnonzero(np.diff(edges) >= 3.0):
        start, stop = float(edges[at]), float(edges[at + 1])
        rate = _hourly_rate(hours, start, found)
        if rate is None:
            continue
        passed, known_on = 0.0, None
        day = int(start // 24)
        while known_on is None and day * 24 < stop:
            passed += _expected(rate, max(start, day * 24.0), min(stop, (day + 1) * 24.0))
            if passed >= EXPECTED_AT_LEAST:
                known_on = day
            day += 1
        if known_on is not None:
            found.append(Silence(start, stop, known_on))
    return found


def coverage_on(silences: list[Silence], day: int, shares: np.ndarray) -> np.ndarray:
    """How much of each day 0..``day`` was there, as far as it could be known at the end of ``day``: float (day + 1,).

    Args:
        shares: (24,) the share of a day's tickets in each hour.
    """
    covered = np.ones(day + 1)
    through = np.concatenate([[0.0], np.cumsum(shares)])
    for one in silences:
        if one.known_on > day:
            continue
        first, last = int(one.start // 24), min(day, int(np.ceil(one.end / 24)) - 1)
        for which in range(max(first, 0), last + 1):
            begin = np.clip(one.start - which * 24, 0, 24)
            stop = np.clip(min(one.end, (day + 1) * 24) - which * 24, 0, 24)
            missing = np.interp(stop, np.arange(25), through) - np.interp(begin, np.arange(25), through)
            covered[which] = max(0.0, covered[which] - float(missing))
    return covered


def hour_shares(created_at: pd.Series) -> np.ndarray:
    """Share of tickets in each hour of the day (UTC), smoothed by one ticket an hour: float (24,)."""
    counts = np.bincount(pd.to_datetime(created_at, utc=True).dt.hour.to_numpy(), minlength=24)[:24] + 1.0
    shares: np.ndarray = counts / counts.sum()
    return shares


def _hourly_rate(hours: np.ndarray, before: float, silences: list[Silence]) -> np.ndarray | None:
    since = max(before - PAST_WEEKS * WEEK_HOURS, float(hours[0]))
    if before - since < LEAST_WEEKS * WEEK_HOURS:
        return None
    mine = hours[(hours >= since) & (hours <= before)]
    silent = sum(max(0.0, min(one.end, before) - max(one.start, since)) for one in silences)
    weeks = max((before - since - silent) / WEEK_HOURS, 0.5)
    counts = np.bincount((mine.astype(int)) % WEEK_HOURS, minlength=WEEK_HOURS).astype(float)
    # Three hours around each, since an hour of one weekday was seen eight times at most.
    smooth = (np.roll(counts, 1) + counts + np.roll(counts, -1)) / 3
    rate: np.ndarray = smooth / weeks
    return rate


def _expected(rate: np.ndarray, start: float, stop: float) -> float:
    whole = np.arange(int(start), int(np.ceil(stop)))
    part = np.minimum(whole + 1, stop) - np.maximum(whole, start)
    return float((rate[whole % WEEK_HOURS] * np.clip(part, 0, 1)).sum())

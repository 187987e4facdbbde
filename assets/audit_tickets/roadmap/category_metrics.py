"""What the helpdesk's figures say about one category: volume, trend, speed, satisfaction, each with its uncertainty.

Belongs here: counts, rates with Wilson intervals, medians with order-statistic intervals, the weekly trend, and the
same for answers of a bot already in use, kept apart. Does not belong here: anything read from text (`risk_signals`,
`answer_consistency`, `account_context`) and what the figures mean for a category (`buckets`).

A figure without a denominator is NaN, "not measured", never 0: a desk that asks for no ratings has no CSAT of 0 %.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

DAYS_PER_MONTH = 365.25 / 12
MIN_TREND_WEEKS = 6
"""Fewer complete weeks than this give no trend."""

SOLVED_STATUSES = ("solved", "closed")


def wilson_interval(count: int, total: int, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson score interval of a proportion (Wilson 1927, through statsmodels); (NaN, NaN) when `total` is 0."""
    if total <= 0:
        return float("nan"), float("nan")
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(int(count), int(total), alpha=1 - confidence, method="wilson")
    return float(low), float(high)


def rate_columns(name: str, count: int, total: int) -> dict[str, float]:
    """`<name>` with `_numerator`, `_denominator`, `_low`, `_high`; the rate is NaN when `total` is 0."""
    low, high = wilson_interval(count, total)
    value = count / total if total else float("nan")
    parts = {"numerator": int(count), "denominator": int(total), "low": low, "high": high}
    return {name: value, **{f"{name}_{part}": number for part, number in parts.items()}}


def median_columns(name: str, values: pd.Series) -> dict[str, float]:
    """`<name>` with `_low`, `_high` (95 %, distribution-free) and `_count`.

    The interval runs between two order statistics chosen by the binomial distribution; with fewer than 6 values no
    such interval exists and both ends are NaN.
    """
    present = np.sort(values.dropna().to_numpy(dtype=float))
    n = len(present)
    low = high = float("nan")
    if n >= 6:
        from scipy.stats import binom

        below = int(binom.ppf(0.025, n, 0.5))
        low, high = float(present[max(0, below - 1)]), float(present[min(n - 1, n - below)])
    value = float(np.median(present)) if n else float("nan")
    return {name: value, f"{name}_low": low, f"{name}_high": high, f"{name}_count": n}


def week_starts(
    as_of: pd.Timestamp, window_days: int, first_created_at: pd.Timestamp | None = None
) -> pd.DatetimeIndex:
    """Starts of the complete 7-day weeks that end at `as_of`, oldest first, within the window and the data.

    Weeks before the first ticket of the whole desk are left out: an export that begins mid-window is not a rise.
    """
    count = window_days // 7
    starts = pd.DatetimeIndex([as_of - pd.Timedelta(days=7 * k) for k in range(count, 0, -1)])
    return starts if first_created_at is None else starts[starts >= first_created_at]


def weekly_counts(created_at: pd.Series, starts: pd.DatetimeIndex) -> np.ndarray:
    """Tickets in each week; a ticket exactly at `as_of` belongs to the last one."""
    if not len(starts):
        return np.zeros(0, dtype=int)
    edges = np.append(starts.as_unit("us").asi8, (starts[-1] + pd.Timedelta(days=7)).as_unit("us").value)
    stamps = pd.DatetimeIndex(created_at).as_unit("us").asi8
    return np.histogram(stamps, bins=edges)[0]


def trend_columns(counts: np.ndarray) -> dict[str, object]:
    """Theil-Sen slope of weekly counts with its 95 % interval (Sen 1968), and a label.

    Returns:
        trend_per_week (tickets a week gained each week), trend_per_week_low, _high, trend_label in rising | falling |
        stable | not measured. The slope is the median of all pairwise slopes: one outage week does not make a trend.
        `rising` and `falling` need an interval that excludes 0.
    """
    if len(counts) < MIN_TREND_WEEKS or not counts.any():
        nan = float("nan")
        return {
            "trend_per_week": nan,
            "trend_per_week_low": nan,
            "trend_per_week_high": nan,
            "trend_label": "not measured",
        }
    from scipy.stats import theilslopes

    slope, _, low, high = theilslopes(counts, np.arange(len(counts)), alpha=0.95)
    label = "rising" if low > 0 else "falling" if high < 0 else "stable"
    return {
        "trend_per_week": float(slope),
        "trend_per_week_low": float(low),
        "trend_per_week_high": float(high),
        "trend_label": label,
    }


def measure_tickets(tickets: pd.DataFrame) -> dict[str, float]:
    """People's work on some tickets; those a bot handled alone are left out.

    Args:
        tickets: rows of `fct_tickets` of one category, in the audit and the window.

    Returns:
        count_people_tickets; solved_rate; one_touch_rate and reopen_rate among solved tickets (reopened ones
        included); csat (good / rated) and csat_response_rate (rated / asked); several_replies_rate (two or more staff
        replies / answered); the two medians in calendar minutes. Every rate as in `rate_columns`.
    """
    people = tickets[~_flag(tickets, "is_bot_only")]
    reopens = pd.to_numeric(people["count_reopens"], errors="coerce")
    solved = people["status"].isin(SOLVED_STATUSES)
    one_touch = people["is_one_touch_resolution"]
    judged = solved & one_touch.notna()
    ever_solved = (solved | (reopens > 0)) & reopens.notna()
    replies = pd.to_numeric(people["count_staff_replies"], errors="coerce").fillna(0)
    return {
        "count_people_tickets": len(people),
        **rate_columns("solved_rate", int(solved.sum()), len(people)),
        **rate_columns("one_touch_rate", int(one_touch[judged].astype(bool).sum()), int(judged.sum())),
        **rate_columns("reopen_rate", int((reopens[ever_solved] > 0).sum()), int(ever_solved.sum())),
        **rate_columns("several_replies_rate", int((replies >= 2).sum()), int((replies >= 1).sum())),
        **_satisfaction(people),
        **median_columns("median_first_reply_calendar_minutes", people["first_reply_calendar_minutes"]),
        **median_columns(
            "median_full_resolution_calendar_minutes", people.loc[solved, "full_resolution_calendar_minutes"]
        ),
    }


def measure_bot_tickets(tickets: pd.DataFrame) -> dict[str, float]:
    """What a bot already in use did: a team may have come to mend an agent that underperforms.

    Returns:
        count_bot_tickets (a bot replied), count_bot_only_tickets (no person did), bot_resolution_rate (solved without
        a person / bot replied), bot_csat and bot_csat_response_rate among tickets the bot handled alone.
    """
    replied = tickets[_flag(tickets, "has_bot_reply") | _flag(tickets, "is_bot_only")]
    alone = replied[_flag(replied, "is_bot_only")]
    solved = int(alone["status"].isin(SOLVED_STATUSES).sum())
    ratings = {f"bot_{name}": value for name, value in _satisfaction(alone).items()}
    return {
        "count_bot_tickets": len(replied),
        "count_bot_only_tickets": len(alone),
        **rate_columns("bot_resolution_rate", solved, len(replied)),
        **ratings,
    }


def _satisfaction(tickets: pd.DataFrame) -> dict[str, float]:
    rated = tickets["csat"].isin(["good", "bad"])
    offered = _flag(tickets, "csat_offered") | rated
    return {
        **rate_columns("csat", int((tickets["csat"] == "good").sum()), int(rated.sum())),
        **rate_columns("csat_response_rate", int(rated.sum()), int(offered.sum())),
    }


def _flag(tickets: pd.DataFrame, column: str) -> pd.Series:
    return tickets[column].fillna(False).astype(bool)


def measure_category(
    tickets: pd.DataFrame, starts: pd.DatetimeIndex, window_days: int, count_all: int
) -> Mapping[str, object]:
    """All figures of one category.

    Args:
        tickets: its rows of `fct_tickets`, in the audit and the window.
        starts: from `week_starts`.
        window_days: length of the window, or of the data where that is shorter.
        count_all: tickets of the whole desk in the audit and the window.

    Returns:
        count_tickets, share_of_volume (with interval), tickets_per_month, trend, and the figures of `measure_tickets`
        and `measure_bot_tickets`.
    """
    return {
        "count_tickets": len(tickets),
        **rate_columns("share_of_volume", len(tickets), count_all),
        "tickets_per_month": len(tickets) / window_days * DAYS_PER_MONTH,
        **trend_columns(weekly_counts(tickets["created_at"], starts)),
        **measure_tickets(tickets),
        **measure_bot_tickets(tickets),
    }

"""``learning_report``: everything that is counted of a month, beside the month before.

Belongs here: one month's rows, and keeping what only an earlier count could know. Does not belong here: any counting
(``month_rates``, ``month_counts``, ``knowledge_then``), the page (``learning_page``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from assets.pilot_agent.answers.frames import frame_of, typed
from assets.retrain_agent.review_session.session_month import SessionMonth
from assets.sustain_learning.frames import LEARNING
from assets.sustain_learning.report.knowledge_then import STOCKS, knowledge_figures
from assets.sustain_learning.report.learning_frames import LearningFrames, Span
from assets.sustain_learning.report.metric_words import METRICS
from assets.sustain_learning.report.month_counts import month_counts
from assets.sustain_learning.report.month_differences import from_intervals
from assets.sustain_learning.report.month_rates import live_rates, month_rates
from assets.sustain_learning.report.report_rows import ALL, RATE, Figure
from assets.sustain_learning.report.report_sentences import nothing_answered, with_sentence

Key = tuple[str, str]
MONTHS = 12
_ORDER = {metric: place for place, metric in enumerate(METRICS)}


def learning_report(month: SessionMonth, frames: LearningFrames, as_of: pd.Timestamp) -> pd.DataFrame:
    """``frames.LEARNING`` rows of a month.

    Tickets count in the month in which they came, with what is known of them at ``as_of``. A rate whose month before
    nobody can count any more (answers of a pilot that was replaced) is compared with what an earlier report published.

    Args:
        as_of: until when there is data; nothing after it is counted.

    Returns:
        One row a metric and cut. A month without answers has a row that says so for every metric of answers.
    """
    span = Span(month, as_of)
    rates = [] if frames.answers is None else month_rates(frames.answers, span)
    known = {(one.metric, one.cut) for one in rates if one.is_known}
    # A rate that was not counted has no meaning by category or reason; over all it has a sentence.
    figures = [one for one in rates if one.is_known or (one.cut != ALL and not math.isnan(one.before))]
    if frames.decisions is not None:
        figures += [one for one in live_rates(frames.decisions, span) if one.is_known]
    figures += month_counts(frames, span)
    figures += knowledge_figures(frames, span)
    before = _published(frames.reports, month.before)
    found = {(one.metric, one.cut): _with_before(one, before.get((one.metric, one.cut))) for one in figures}
    names = _names(frames.categories)
    rows = {key: with_sentence(one, span, names) for key, one in found.items()}
    for metric in RATES_OF_ANSWERS:
        if (metric, ALL) not in known:
            uncounted = next((one for one in rates if (one.metric, one.cut) == (metric, ALL)), None)
            empty = nothing_answered(metric, span)
            rows[metric, ALL] = empty if uncounted is None else replace(empty, before=uncounted.before)
    ordered = sorted(
        rows.values(), key=lambda one: (_ORDER.get(one.metric, len(_ORDER)), one.metric, one.cut != ALL, one.cut)
    )
    made = [{**one.as_row(), "month": str(month), "counted_as_of": as_of} for one in ordered]
    return keep_earlier(frame_of(made, LEARNING), frames.reports, month)


RATES_OF_ANSWERS = tuple(
    metric for metric in METRICS
    if metric.startswith(("resolution_rate", "automation_rate", "false_resolution", "escalation", "handed_over", "missed", "csat", "answer_", "review_share", "involvement_rate"))
)  # fmt: skip
"""Metrics that need answers to customers."""


def keep_earlier(rows: pd.DataFrame, reports: pd.DataFrame | None, month: SessionMonth) -> pd.DataFrame:
    """The rows, with those of an earlier report in place of what it knew better.

    That is the state of knowledge, where it was counted nearer to the month's end, and a figure of answers that are not
    there any more.
    """
    earlier = None if reports is None else reports[reports["month"] == str(month)]
    if earlier is None or earlier.empty:
        return rows
    old: dict[Key, Mapping[str, Any]] = {
        (str(one["metric"]), str(one["cut"])): {str(k): v for k, v in one.items()} for one in earlier.to_dict("records")
    }
    kept: list[Mapping[str, Any]] = []
    for row in rows.to_dict("records"):
        before = old.pop((str(row["metric"]), str(row["cut"])), None)
        new = {str(k): v for k, v in row.items()}
        kept.append(before if before is not None and _knew_better(before, new, month) else new)
    # A cut that cannot be counted now, such as a category of a pilot that was replaced.
    kept += [one for one in old.values() if _is_told(one) and str(one["metric"]) in (*RATES_OF_ANSWERS, *STOCKS)]
    return frame_of(kept, LEARNING)


def with_month(reports: pd.DataFrame | None, rows: pd.DataFrame) -> pd.DataFrame:
    """The published report with a month's rows in place of those it had, the oldest month first."""
    months = set(rows["month"])
    others = [] if reports is None else [reports[~reports["month"].isin(months)]]
    whole = pd.concat([*others, rows], ignore_index=True) if others else rows
    return typed(whole, LEARNING).sort_values("month", kind="stable").reset_index(drop=True)


def report_of_months(
    month: SessionMonth, frames: LearningFrames, as_of: pd.Timestamp, count: int = MONTHS
) -> pd.DataFrame:
    """Rows of the month and of up to ``count`` - 1 before it, from the first of which there is a ticket."""
    first = None if frames.tickets is None or frames.tickets.empty else frames.tickets["created_at"].min()
    months = [month]
    while len(months) < count and first is not None and months[-1].start > first:
        months.append(months[-1].before)
    found = frames.reports
    for one in reversed(months):
        found = with_month(found, learning_report(one, replace(frames, reports=found), as_of))
    assert found is not None
    shown = [str(one) for one in months]
    return found[found["month"].isin(shown)].reset_index(drop=True)


def _knew_better(old: Mapping[str, Any], new: Mapping[str, Any], month: SessionMonth) -> bool:
    if not _is_told(old):
        return False
    if not _is_told(new):
        return True
    if str(old["metric"]) not in STOCKS:
        return False
    return bool(abs(old["counted_as_of"] - month.end) < abs(new["counted_as_of"] - month.end))


def _is_told(row: Mapping[str, Any]) -> bool:
    return not pd.isna(row["value"])


def _published(reports: pd.DataFrame | None, month: SessionMonth) -> dict[Key, Mapping[str, Any]]:
    if reports is None:
        return {}
    mine = reports[(reports["month"] == str(month)) & reports["value"].notna()]
    rows: Sequence[Any] = mine.to_dict("records")
    return {(str(one["metric"]), str(one["cut"])): one for one in rows}


def _with_before(figure: Figure, published: Mapping[str, Any] | None) -> Figure:
    """The figure compared with what was published of the month before, where that is the better witness."""
    if published is None or not figure.is_known:
        return figure
    if figure.unit == RATE and math.isnan(figure.before):
        own = {"value": figure.value, "low": figure.low, "high": figure.high}
        difference, low, high = from_intervals(own, published)
        return replace(
            figure, before=float(published["value"]), difference=difference, difference_low=low, difference_high=high
        )
    if figure.metric in STOCKS:
        value = float(published["value"])
        return replace(figure, before=value, difference=figure.value - value)
    return figure


def _names(categories: pd.DataFrame | None) -> dict[str, str]:
    if categories is None:
        return {}
    return dict(zip(categories["category_id"].astype(str), categories["name"].astype(str), strict=True))

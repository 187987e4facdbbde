"""Sentences and number formats of a learning report.

Belongs here: what is said of one figure and its change. Does not belong here: names of metrics (``metric_words``), what the
page says first (``page_headline``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from assets.pilot_agent.verdict.pilot_metrics import HANDLE_TIME
from assets.retrain_agent.review_session.session_words import interval, percent
from assets.sustain_learning.report.learning_frames import Span
from assets.sustain_learning.report.metric_words import METRICS, cut_words, title_of
from assets.sustain_learning.report.report_rows import ALL, RATE, Figure


def with_sentence(figure: Figure, span: Span, names: Mapping[str, str]) -> Figure:
    """The figure with its sentence; one that has a sentence of its own (an effect) keeps it, a note comes after the figures."""
    if figure.metric.startswith("effect_on_"):
        return figure
    cut = cut_words(figure.cut, names)
    subject = f"{title_of(figure.metric, figure.cut)}{f' ({cut})' if cut else ''}"
    said = f"{subject}: {value_words(figure)}{f'; {change}' if (change := change_words(figure, span)) else ''}."
    return replace(figure, sentence=" ".join(one for one in (said, figure.sentence) if one))


def value_words(figure: Figure) -> str:
    """“78% (162 of 208; 71 to 84%)”, “52 entries”, or why there is none."""
    if not figure.is_known:
        return "nothing to count it from" if figure.unit == RATE else "not known"
    if figure.unit == RATE:
        counted = f"{figure.numerator:,.0f} of {figure.denominator:,.0f}"
        return f"{percent(figure.value)} ({counted}; {interval(figure.low, figure.high)})"
    if figure.metric == HANDLE_TIME:
        ends = "" if math.isnan(figure.low) else f"; {figure.low:.1f} to {figure.high:.1f}"
        return f"{figure.value:.1f} ({figure.denominator:,.0f} tickets{ends})"
    return number(figure.value)


def change_words(figure: Figure, span: Span) -> str:
    """“June 2026 81%, −3 points [−9, 4]”; "" where there is nothing to say."""
    month = span.before.words
    if math.isnan(figure.before):
        return f"nothing known of {month}" if figure.is_known and figure.unit == RATE else ""
    before = percent(figure.before) if figure.unit == RATE else number(figure.before)
    if math.isnan(figure.difference):
        return f"{month} {before}"
    return f"{month} {before}, {difference_words(figure)}"


def difference_words(figure: Figure) -> str:
    """“−3 points [−9, 4]”, “+0.1 [−1.0, 1.2]” or “+5”."""
    if figure.unit == RATE:
        ends = [100 * one for one in (figure.difference, figure.difference_low, figure.difference_high)]
        # A decimal where whole points would hide on which side of zero an end lies.
        hides = any(not math.isnan(one) and round(one) == 0 and abs(one) >= 0.05 for one in ends)
        digits = 1 if hides or ends[2] - ends[1] < 5 else 0
        middle, low, high = (
            signed(100 * one, digits) for one in (figure.difference, figure.difference_low, figure.difference_high)
        )
        if math.isnan(figure.difference_low):
            return f"{middle} points"
        return (
            f"{middle} point{'' if middle in ('+1', '−1') else 's'} [{low.removeprefix('+')}, {high.removeprefix('+')}]"
        )
    digits = 0 if float(figure.difference).is_integer() else 1
    said = signed(figure.difference, digits)
    if math.isnan(figure.difference_low):
        return said if float(figure.difference) else "as before"
    return f"{said} [{signed(figure.difference_low, 1).removeprefix('+')}, {signed(figure.difference_high, 1).removeprefix('+')}]"


def signed(value: float, digits: int) -> str:
    """With a sign, a true minus, and neither before zero."""
    said = f"{value:+.{digits}f}"
    return said[1:] if float(said) == 0 else said.replace("-", "−")


def number(value: float) -> str:
    """“1,216” or “24.8”; “–” for none."""
    if math.isnan(value):
        return "–"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def nothing_answered(metric: str, span: Span) -> Figure:
    """A row for a month in which the AI answered nobody."""
    words = METRICS[metric].short
    return Figure(
        metric, ALL, RATE, 0.0, 0.0,
        sentence=f"The AI answered no customer by itself in {span.month.words}, so nothing can be said of {words}.",
    )  # fmt: skip

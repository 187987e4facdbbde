"""The pictures of the learning page, each with its alternative text and the table that has the same figures.

Belongs here: which rows are drawn. Does not belong here: drawing (``learning_plots``), HTML.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from assets.audit_tickets.roadmap.roadmap_plots import as_png, as_svg
from assets.pilot_agent.verdict.pilot_metrics import AT_ONCE
from assets.retrain_agent.effects.effect_words import VERDICT_WORDS
from assets.retrain_agent.review_session.session_words import interval, percent
from assets.retrain_agent.review_session.shown_patterns import short
from assets.sustain_learning.report.learning_plots import Series, draw_effects, draw_rates, draw_stack
from assets.sustain_learning.report.metric_words import RESOLVED, short_of
from assets.sustain_learning.report.report_sentences import number, signed

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

RATES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("Resolved: three words on it, never one", tuple(zip(RESOLVED, ("the customer says so", "the customer did not return", "a reviewer says correct"), strict=True))),
    ("Handed to a person", (("escalation_rate", "after an answer"), (AT_ONCE, "at once"), ("missed_escalation_rate", "needed, and not called"))),
    ("Right or wrong, as reviewers see it", (("answer_quality", "correct"), ("answer_needs_improvement_rate", "needs improvement"), ("answer_incorrect_rate", "wrong"))),
)  # fmt: skip
KNOWLEDGE = (
    ("live_entries", "live"), ("entries_waiting", "waits to be accepted"), ("entries_set_aside", "kept from use"),
    ("entries_overdue", "overdue for review"),
)  # fmt: skip
BUCKETS = (
    ("bucket:automate", "the AI alone"), ("bucket:hybrid", "the AI drafts, a person sends"),
    ("bucket:escalate", "always a person"),
)  # fmt: skip
SHOWN_EFFECTS = 12


@dataclass(frozen=True)
class Picture:
    """draw: called with compact or not. table: header and rows with the same figures."""

    name: str
    title: str
    alt: str
    draw: Any
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    @property
    def wide(self) -> str:
        """As data URI, for a screen."""
        return _data_uri(self.draw(False))

    @property
    def narrow(self) -> str:
        """As data URI, for a telephone."""
        return _data_uri(self.draw(True))

    def png(self) -> bytes:
        """Small, for asset metadata."""
        return as_png(self.draw(False), dpi=64)


def trends(rows: pd.DataFrame, cut_month: str | None) -> list[Picture]:
    """Rates, buckets and knowledge by month; a picture without any figure is left out.

    Args:
        rows: ``learning_report`` of the months to draw. cut_month: the month that is not over, marked with a star.
    """
    months = sorted(str(one) for one in rows["month"].unique())
    labels = [_label(one, cut_month) for one in months]
    table = _Table(rows, months)
    found = [_rates(title, lines, labels, table) for title, lines in RATES]
    found.append(_buckets(labels, table))
    found.append(_knowledge(labels, table))
    return [one for one in found if one is not None]


def effects_picture(effects: pd.DataFrame) -> Picture | None:
    """Measured effects of changes, as dot and interval; None where none was measured.

    Args:
        effects: ``training_effects`` of the changes to show.
    """
    measured = effects[effects["difference"].notna() & effects["low"].notna()].head(SHOWN_EFFECTS)
    if measured.empty:
        return None
    rows: list[dict[str, Any]] = [
        {
            "label": f"{row['change_id']}: {short_of(str(row['metric']))}",
            "difference": float(row["difference"]), "low": float(row["low"]), "high": float(row["high"]),
            "verdict": str(row["verdict"]),
        }
        for row in measured.to_dict("records")
    ]  # fmt: skip
    drawn = pd.DataFrame(rows)
    said: list[tuple[str, ...]] = [
        (one["label"], _points(one["difference"]), f"{_points(one['low'])} to {_points(one['high'])}", VERDICT_WORDS[one["verdict"]])
        for one in rows
    ]  # fmt: skip
    return Picture(
        name="effects_of_changes",
        title="What the changes did",
        alt="Effect of each change in points, with its 95 % interval: "
        + "; ".join(f"{label} {middle}, {verdict}" for label, middle, _, verdict in said)
        + ". The table beside it has the same figures.",
        draw=lambda compact: draw_effects(drawn, compact),
        header=("Change", "Points", "95 % interval", "Reading"),
        rows=tuple(said),
    )


class _Table:
    """Values of rows by metric, cut and month."""

    def __init__(self, rows: pd.DataFrame, months: Sequence[str]) -> None:
        self.months = months
        self._rows = {(str(row["metric"]), str(row["cut"]), str(row["month"])): row for row in rows.to_dict("records")}

    def series(self, metric: str, name: str, cut: str = "all") -> Series:
        """One line over the months."""
        found = [self._rows.get((metric, cut, month)) for month in self.months]
        values, low, high = (
            np.array([math.nan if one is None or pd.isna(one[part]) else float(one[part]) for one in found])
            for part in ("value", "low", "high")
        )
        return Series(name, values, low, high)


def _rates(title: str, lines: Sequence[tuple[str, str]], labels: Sequence[str], table: _Table) -> Picture | None:
    drawn = [one for one in (table.series(metric, name) for metric, name in lines) if not np.isnan(one.values).all()]
    if not drawn:
        return None
    # Months before the first answer would be an empty half of the picture.
    first = int(np.argmax(~np.all([np.isnan(one.values) for one in drawn], axis=0)))
    drawn = [
        Series(one.name, one.values[first:], _part(one.low, first), _part(one.high, first)) for one in drawn
    ]  # fmt: skip
    shown = list(labels[first:])
    rows = [
        (label, *(_rate_cell(one, place) for one in drawn)) for place, label in enumerate(shown)
    ]  # fmt: skip
    told = "; ".join(f"{one.name} {_rate_cell(one, len(shown) - 1)}" for one in drawn)
    return Picture(
        name=title.partition(":")[0].partition(",")[0].lower().replace(" ", "_"),
        title=title,
        alt=f"{title}, by month with 95 % intervals. Last month: {told}. The table beside it has the same figures.",
        draw=lambda compact: draw_rates(shown, drawn, compact),
        header=("Month", *(one.name for one in drawn)),
        rows=tuple(rows),
        note=f"Nothing was answered before {shown[0].rstrip('*')}." if first else "",
    )


def _buckets(labels: Sequence[str], table: _Table) -> Picture | None:
    """As the desk had them where that is on file; else as the month's answers had them."""
    known = table.series("categories", "", BUCKETS[0][0]).values
    layers = []
    for cut, name in BUCKETS:
        desk, asked = table.series("categories", name, cut).values, table.series("categories_asked", name, cut).values
        layers.append(Series(name, np.where(np.isnan(known), asked, desk)))
    guessed = [
        label for label, is_unknown, one in zip(labels, np.isnan(known), layers[0].values, strict=True)
        if is_unknown and not math.isnan(one)
    ]  # fmt: skip
    note = f"{_span(guessed)}: only categories that customers asked about; no report was made then." if guessed else ""
    return _stack("Categories by what may happen to them", "categories", "categories", layers, labels, note)


def _knowledge(labels: Sequence[str], table: _Table) -> Picture | None:
    layers = [table.series(metric, name) for metric, name in KNOWLEDGE]
    layers = [one for one in layers if np.nansum(one.values) > 0]
    return _stack("Entries by whether they may be used", "knowledge_health", "entries", layers, labels, "")


def _stack(
    title: str, name: str, what: str, layers: Sequence[Series], labels: Sequence[str], note: str
) -> Picture | None:
    totals = np.nansum([one.values for one in layers], axis=0) if layers else np.zeros(0)
    if not totals.sum():
        return None
    first = int(np.argmax(totals > 0))
    drawn = [Series(one.name, one.values[first:]) for one in layers]
    shown = list(labels[first:])
    told = ", ".join(f"{one.name} {number(one.values[-1])}" for one in drawn)
    return Picture(
        name=name,
        title=title,
        alt=f"{title}, stacked by month. Last month: {told}. The table beside it has the same figures.",
        draw=lambda compact: draw_stack(shown, drawn, what, compact),
        header=("Month", *(one.name for one in drawn)),
        rows=tuple((label, *(number(one.values[place]) for one in drawn)) for place, label in enumerate(shown)),
        note=note,
    )


def _rate_cell(one: Series, place: int) -> str:
    value = float(one.values[place])
    if math.isnan(value):
        return "–"
    assert one.low is not None
    assert one.high is not None
    return f"{percent(value)} ({interval(float(one.low[place]), float(one.high[place]))})"


def _part(values: np.ndarray | None, first: int) -> np.ndarray | None:
    return None if values is None else values[first:]


def _points(share: float) -> str:
    return signed(100 * share, 1 if abs(share) < 0.1 else 0)


def _span(labels: Sequence[str]) -> str:
    return labels[0] if len(labels) == 1 else f"{labels[0]} to {labels[-1]}"


def _label(month: str, cut_month: str | None) -> str:
    at = pd.Timestamp(f"{month}-01")
    return short(f"{at:%b %Y}", 20) + ("*" if month == cut_month else "")


def _data_uri(figure: Drawing) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(as_svg(figure).encode("utf-8")).decode("ascii")

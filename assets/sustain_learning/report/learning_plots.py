"""The learning report in pictures: rates by month with their intervals, what stands stacked by month, effects of changes.

Belongs here: drawing with matplotlib, in the look of the roadmap's pictures. Does not belong here: which rows are drawn
(``page_trends``), the page around the pictures.

Colours are Okabe and Ito's (2008), which survive colour blindness; lines differ in mark and dash besides, and stacks in
hatching, so that they survive a grey print too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from assets.audit_tickets.roadmap.roadmap_plots import GRID, INK, MUTED, drawable, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LINES = (
    ("#0072b2", "o", "-"),
    ("#b35c00", "s", (0, (5, 2))),
    ("#00785a", "^", (0, (1, 1.4))),
    ("#8a3b6b", "D", (0, (4, 1, 1, 1))),
)
"""Colour, mark and dash of the first line, the second and so on."""
STACKS = (("#00785a", ""), ("#e6a817", "////"), ("#882255", ""), ("#b9c2ca", "...."))
EFFECTS = {
    "improvement": ("#00785a", "o"), "worse": ("#882255", "v"), "no_effect_shown": ("#7a858f", "s"),
}  # fmt: skip


@dataclass(frozen=True)
class Series:
    """One line or layer. values, low, high: by month, NaN where there is none."""

    name: str
    values: np.ndarray
    low: np.ndarray | None = None
    high: np.ndarray | None = None


def draw_rates(months: Sequence[str], lines: Sequence[Series], compact: bool = False) -> Figure:
    """Rates (0 to 1) by month, each with the band of its 95 % interval.

    Args:
        months: labels, in order. compact: narrow, for a telephone.
    """
    size = 8.0 if compact else 9.5
    figure, axes = new_figure(4.2 if compact else 6.4, 3.2 if compact else 3.4)
    x = np.arange(len(months), dtype=float)
    top = 0.0
    for place, line in enumerate(lines):
        colour, marker, dash = LINES[place % len(LINES)]
        shift = 0.06 * (place - (len(lines) - 1) / 2)
        known = ~np.isnan(line.values)
        at = x + shift
        axes.plot(
            at, 100 * line.values, color=colour, marker=marker, markersize=5.5, linewidth=1.8, linestyle=dash,
            label=line.name, zorder=3,
        )  # fmt: skip
        if line.low is not None and line.high is not None:
            low, high = 100 * line.low, 100 * line.high
            axes.fill_between(at, low, high, color=colour, alpha=0.13, linewidth=0)
            middle = 100 * line.values[known]
            axes.errorbar(
                at[known], middle, yerr=[np.clip(middle - low[known], 0, None), np.clip(high[known] - middle, 0, None)],
                fmt="none", ecolor=colour, elinewidth=1.1, capsize=2.5, zorder=2,
            )  # fmt: skip
            top = max(top, float(np.nanmax(high, initial=0.0)))
        top = max(top, float(np.nanmax(100 * line.values, initial=0.0)))
    _months(axes, months, size, compact)
    axes.set_ylim(0, min(100.0, 1.08 * top) if top else 100.0)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}%")
    _finish(axes, size, 1 if compact else 2)
    return figure


def draw_stack(months: Sequence[str], layers: Sequence[Series], what: str, compact: bool = False) -> Figure:
    """Counts stacked by month, the first at the bottom. what: the axis's title."""
    size = 8.0 if compact else 9.5
    figure, axes = new_figure(4.2 if compact else 6.4, 3.0 if compact else 3.4)
    x, bottom = np.arange(len(months), dtype=float), np.zeros(len(months))
    for place, layer in enumerate(layers):
        colour, hatch = STACKS[place % len(STACKS)]
        values = np.nan_to_num(layer.values)
        axes.bar(
            x,
            values,
            0.62,
            bottom=bottom,
            color=colour,
            hatch=hatch,
            edgecolor="white",
            linewidth=0.6,
            label=layer.name,
        )
        # White on a colour that is dark enough for it, ink on the others.
        ink = "white" if place in (0, 2) else INK
        tallest = float(np.nansum([np.nan_to_num(one.values) for one in layers], axis=0).max(initial=1.0))
        for at, value, start in zip(x, values, bottom, strict=True):
            if value > 0.07 * tallest:
                axes.text(
                    at, start + value / 2, f"{value:,.0f}", ha="center", va="center", fontsize=size - 1.5, color=ink
                )
        bottom = bottom + values
    known = ~np.all([np.isnan(one.values) for one in layers], axis=0) if layers else np.zeros(len(months), dtype=bool)
    for at in x[~known]:
        axes.text(at, 0, "not\nknown", ha="center", va="bottom", fontsize=size - 2, color=MUTED)
    _months(axes, months, size, compact)
    axes.set_ylim(0, max(1.0, 1.06 * float(bottom.max(initial=0.0))))
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.set_ylabel(what, fontsize=size)
    _finish(axes, size, 1 if compact else 2)
    return figure


def draw_effects(rows: pd.DataFrame, compact: bool = False) -> Figure:
    """Effects of changes as dot and 95 % interval, in points.

    Args:
        rows: [label, difference, low, high, verdict], measured ones alone.
    """
    size = 8.0 if compact else 9.5
    shown = rows.iloc[::-1].reset_index(drop=True)
    figure, axes = new_figure(4.2 if compact else 9.6, 1.0 + (0.5 if compact else 0.42) * max(1, len(shown)))
    axes.axvline(0, color=MUTED, linewidth=1.0, zorder=1)
    for y, row in enumerate(shown.to_dict("records")):
        colour, marker = EFFECTS.get(str(row["verdict"]), EFFECTS["no_effect_shown"])
        ends = 100 * float(row["low"]), 100 * float(row["high"])
        axes.plot(ends, [y, y], color=colour, linewidth=2.2, solid_capstyle="butt", zorder=3)
        axes.plot(
            100 * float(row["difference"]), y, marker=marker, markersize=8, color=colour, zorder=4, markeredgewidth=1.6,
            markerfacecolor="white" if row["verdict"] == "no_effect_shown" else colour,
        )  # fmt: skip
    axes.set_yticks(
        np.arange(len(shown)), [drawable(str(one), 28 if compact else 52) for one in shown["label"]], fontsize=size
    )
    axes.set_ylim(-0.6, len(shown) - 0.4)
    axes.tick_params(axis="both", length=0)
    axes.tick_params(axis="x", labelsize=size - 1)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:+g}".replace("-", "−") if value else "0")
    axes.set_xlabel(f"points, after less before;{chr(10) if compact else ' '}line: 95 % interval", fontsize=size - 0.5)
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)
    return figure


def _months(axes: Any, months: Sequence[str], size: float, compact: bool) -> None:
    step = max(1, int(np.ceil(len(months) / (6 if compact else 12))))
    # The last month is what the page is about: it keeps its label.
    places = sorted(range(len(months) - 1, -1, -step))
    axes.set_xticks(places, [drawable(months[place], 12) for place in places])
    axes.set_xlim(-0.5, max(0.5, len(months) - 0.5))
    axes.tick_params(labelsize=size - 1, length=0)


def _finish(axes: Any, size: float, columns: int) -> None:
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)
    handles, labels = axes.get_legend_handles_labels()
    if handles:
        axes.figure.legend(
            handles, labels, loc="outside upper left", ncols=columns, frameon=False, fontsize=size - 0.5,
            handlelength=2.2, columnspacing=1.2, borderaxespad=0.1,
        )  # fmt: skip

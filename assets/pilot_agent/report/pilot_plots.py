"""The pilot in pictures: each condition against its margin, rates by week, risk and coverage of the replay.

Belongs here: drawing with matplotlib, in the look of the roadmap's pictures. Does not belong here: which rows are drawn
(``pilot_tables``, ``metric_tables``), the page around the pictures.

Results differ in the mark's form as well as in its colour, so that they survive colour blindness and a grey print.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from assets.audit_tickets.roadmap.roadmap_plots import (
    BUCKET_COLOURS,
    GRID,
    INK,
    MUTED,
    as_png,
    drawable,
    new_figure,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RESULT_COLOURS = {
    "good": BUCKET_COLOURS["automate"],
    "worse": BUCKET_COLOURS["escalate"],
    "open": "#b07400",
    "untested": "#7a858f",
}
RESULT_MARKERS = {"good": "o", "worse": "v", "open": "s", "untested": "D"}
RESULT_NAMES = {
    "good": "shown good enough",
    "worse": "shown worse",
    "open": "not shown either way",
    "untested": "not tested",
}
BEYOND = "#f3dfe9"
"""Ground of what lies beyond the margin."""
AGENT, PEOPLE = "#1f5f8b", "#8a6d1a"


def draw_condition(rows: pd.DataFrame, compact: bool = False) -> Figure:
    """One registered condition as a forest plot: a row a group, its interval, and the margin it must keep clear of.

    Args:
        rows: [label, result, against, metric, difference, low, high, bar, reference_rate]; as ``condition_groups`` gives
            them. Against a limit the rate itself is drawn, and the limit. compact: narrow, for a telephone.
    """
    size = 8.0 if compact else 9.5
    shown = rows[rows["difference"].notna()].iloc[::-1].reset_index(drop=True)
    figure, axes = new_figure(4.2 if compact else 9.6, 1.15 + (0.42 if compact else 0.36) * max(1, len(shown)))
    if shown.empty:
        return _nothing(figure, axes, "nothing measured yet")
    is_limit = shown["against"].iloc[0] == "limit"
    base = shown["reference_rate"].iloc[0] if is_limit else 0.0
    middle, low, high = (100 * (shown[name].astype(float) + base) for name in ("difference", "low", "high"))
    bar = 100 * (shown["bar"].astype(float).iloc[0] + base)
    higher_is_better = shown["metric"].iloc[0] in ("resolution_rate", "csat", "answer_quality")
    ends = [float(low.min()), float(high.max()), bar, *([] if is_limit else [0.0])]
    pad = max(0.08 * (max(ends) - min(ends)), 0.2)
    left, right = min(ends) - pad, max(ends) + pad
    axes.set_xlim(max(left, -0.15 * (right - left)) if is_limit else left, right)
    axes.set_ylim(-0.6, len(shown) - 0.4)
    axes.axvspan(
        axes.get_xlim()[0] if higher_is_better else bar,
        bar if higher_is_better else right,
        color=BEYOND,
        linewidth=0,
        zorder=0,
    )
    axes.axvline(bar, color=BUCKET_COLOURS["escalate"], linewidth=1.4, linestyle=(0, (4, 3)), zorder=1)
    if not is_limit:
        axes.axvline(0, color=MUTED, linewidth=0.9, zorder=1)
    for y, result in enumerate(shown["result"]):
        colour = RESULT_COLOURS[result]
        axes.plot([low[y], high[y]], [y, y], color=colour, linewidth=2.2, solid_capstyle="butt", zorder=3)
        axes.plot(
            middle[y], y, marker=RESULT_MARKERS[result], markersize=8, color=colour, zorder=4,
            markerfacecolor="white" if result in ("open", "untested") else colour, markeredgewidth=1.6,
        )  # fmt: skip
    names = [drawable(str(label), 18 if compact else 34) for label in shown["label"]]
    axes.set_yticks(np.arange(len(shown)), names, fontsize=size)
    axes.tick_params(axis="both", length=0)
    axes.tick_params(axis="x", labelsize=size - 1)
    axes.xaxis.set_major_formatter(
        lambda value, _: f"{value:g}%" if is_limit else f"{value:+g}".replace("-", "−") if value else "0"
    )
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)
    edge = f"limit {bar:g}%" if is_limit else f"margin {bar:+g}".replace("-", "−")
    what = (
        "rate of the agent"
        if is_limit
        else "points, agent minus people"
        if shown["against"].iloc[0] == "control"
        else "points, agent minus baseline"
    )
    # Beside long names a narrow picture has no room for all of it in one line.
    sides = f"{'right' if higher_is_better else 'left'} is better"
    axes.set_xlabel(f"{what};{chr(10) if compact else ' '}dashed: {edge}; {sides}", fontsize=size - 0.5)
    _results_legend(axes, list(shown["result"]), size, compact)
    return figure


def draw_weeks(lines: Sequence[tuple[str, str, pd.DataFrame]], title: str) -> Figure:
    """Rates by week with their intervals.

    Args:
        lines: name, 'ai' or 'control', and [label, rate, low, high] in the order of time. title: of the axis.
    """
    size = 9.0
    figure, axes = new_figure(5.4, 3.1)
    drawn = [line for line in lines if len(line[2])]
    if not drawn:
        return _nothing(figure, axes, "nothing measured yet")
    weeks = list(dict.fromkeys(week for *_, frame in drawn for week in frame["label"]))
    # Shadow comes first, whichever line has it.
    weeks.sort(key=lambda week: not week.startswith("shadow"))
    place = {week: number for number, week in enumerate(weeks)}
    for number, (name, arm, frame) in enumerate(drawn):
        shift = 0.07 * (2 * number - len(drawn) + 1)
        x = frame["label"].map(place).to_numpy(dtype=float) + shift
        middle, low, high = (100 * frame[one].to_numpy(dtype=float) for one in ("rate", "low", "high"))
        colour, marker = (AGENT, "o") if arm == "ai" else (PEOPLE, "s")
        axes.errorbar(
            x, middle, yerr=[middle - low, high - middle], color=colour, marker=marker, markersize=5, linewidth=1.6,
            elinewidth=1.2, capsize=2.5, linestyle="-" if arm == "ai" else (0, (5, 2)), label=name,
        )  # fmt: skip
    step = max(1, int(np.ceil(len(weeks) / 8)))
    axes.set_xticks(range(len(weeks))[::step], [drawable(week, 12) for week in weeks[::step]])
    axes.set_xlim(-0.5, len(weeks) - 0.5)
    bottom, top = axes.get_ylim()
    axes.set_ylim(0.0 if bottom < top / 3 else bottom, min(100.0, top) if top > 1 else 1.0)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}%")
    axes.set_xlabel("week of rollout", fontsize=size)
    axes.set_ylabel(title, fontsize=size)
    axes.tick_params(labelsize=size - 1, length=0)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)
    handles, labels = axes.get_legend_handles_labels()
    _legend(axes, handles, labels, size, 3)
    return figure


def replay_png(curve: pd.DataFrame) -> bytes:
    """``draw_risk_coverage`` as PNG, for asset metadata."""
    return as_png(draw_risk_coverage(curve))


def draw_risk_coverage(curve: pd.DataFrame, compact: bool = False) -> Figure:
    """Share wrong among answered against share answered in the replay, with its interval.

    Args:
        curve: ``replay_metrics.replay_curve``. compact: narrow, for a telephone.
    """
    size = 8.0 if compact else 9.5
    figure, axes = new_figure(4.2 if compact else 9.6, 3.4 if compact else 3.9)
    drawn = curve[curve["risk"].notna()].astype("float64").sort_values("coverage", kind="stable")
    if drawn.empty:
        return _nothing(figure, axes, "no past ticket could be answered")
    x, middle, low, high = (100 * drawn[name].to_numpy() for name in ("coverage", "risk", "low", "high"))
    axes.fill_between(x, low, high, color=AGENT, alpha=0.16, linewidth=0, label="95 % interval")
    axes.plot(
        x,
        middle,
        color=AGENT,
        linewidth=2.0,
        marker="o" if len(x) <= 40 else None,
        markersize=3.5,
        label="wrong among answered",
    )
    axes.set_xlim(0, 100)
    # Where hardly anything is answered the interval is as good as everything, and would press the curve flat.
    axes.set_ylim(
        0, min(100.0, 1.08 * max(float(np.nanmax(middle)), float(np.nanquantile(high, 0.8)), float(high[-1]), 1.0))
    )
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, _: f"{value:g}%")
    axes.set_xlabel("answered, of past tickets whose answer can be judged", fontsize=size)
    axes.set_ylabel("wrong among answered", fontsize=size)
    axes.tick_params(labelsize=size - 1, length=0)
    axes.grid(color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    for place in sorted({0, len(drawn) // 2, len(drawn) - 1}):
        if pd.notna(drawn["threshold"].iloc[place]):
            axes.annotate(
                f"confidence ≥ {drawn['threshold'].iloc[place]:.2f}", (x[place], middle[place]), xytext=(0, 8), color=INK,
                textcoords="offset points", fontsize=size - 1.5, ha="left" if place == 0 else "right",
            )  # fmt: skip
    handles, labels = axes.get_legend_handles_labels()
    _legend(axes, handles, labels, size, 2)
    return figure


def _results_legend(axes: Any, results: list[str], size: float, compact: bool) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D(
            [], [], color=RESULT_COLOURS[name], marker=RESULT_MARKERS[name], linewidth=2, markersize=7, label=label,
            markerfacecolor="white" if name in ("open", "untested") else RESULT_COLOURS[name],
        )
        for name, label in RESULT_NAMES.items()
        if name in results
    ]  # fmt: skip
    _legend(axes, handles, [str(one.get_label()) for one in handles], size, 2 if compact else 4)


def _legend(axes: Any, handles: Sequence[Any], labels: Sequence[str], size: float, columns: int) -> None:
    axes.figure.legend(
        handles=handles, labels=labels, loc="outside upper left", ncols=columns, frameon=False, fontsize=size - 0.5,
        handlelength=1.6, columnspacing=1.2, borderaxespad=0.1,
    )  # fmt: skip


def _nothing(figure: Figure, axes: Any, words: str) -> Figure:
    axes.set_axis_off()
    axes.text(0.5, 0.5, words, transform=axes.transAxes, ha="center", va="center", color=MUTED)
    return figure

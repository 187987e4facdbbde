"""What went wrong by type, this month and the month before, as one picture.

Belongs here: drawing with matplotlib, in the look of the roadmap's pictures. Does not belong here: counting.

The months differ in fill as well as in colour, so that they survive colour blindness and a grey print.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from assets.audit_tickets.roadmap.roadmap_plots import GRID, INK, MUTED, drawable, new_figure
from assets.retrain_agent.review_session.session_words import TYPE_TITLES
from assets.retrain_agent.review_session.wrong_answers import WrongAnswers

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NOW, BEFORE = "#1f5f8b", "#a9b6c1"


def draw_types(wrong: WrongAnswers, now: str, before: str, compact: bool = False) -> Figure:
    """Bars of the share of judged answers that went wrong in each way, with 95 % intervals for the month looked at.

    Args:
        now, before: the months in words. compact: narrow, for a telephone.
    """
    size = 8.0 if compact else 9.5
    rows = list(wrong.types)[::-1]
    figure, axes = new_figure(4.2 if compact else 9.6, 1.1 + (0.62 if compact else 0.5) * max(1, len(rows)))
    places = np.arange(len(rows), dtype=float)
    has_before = wrong.judged_before > 0
    height = 0.36 if has_before else 0.6
    shares = np.array([100 * one.share for one in rows])
    low, high = np.array([100 * one.low for one in rows]), np.array([100 * one.high for one in rows])
    shift = height / 2 if has_before else 0.0
    axes.barh(places + shift, shares, height, color=NOW, label=now)
    axes.errorbar(
        shares, places + shift, xerr=[np.clip(shares - low, 0, None), np.clip(high - shares, 0, None)],
        fmt="none", ecolor=INK, elinewidth=1.0, capsize=2.5,
    )  # fmt: skip
    if has_before:
        axes.barh(
            places - shift, [100 * one.share_before for one in rows], height, color="white", edgecolor=MUTED,
            hatch="////", linewidth=0.8, label=before,
        )  # fmt: skip
    edge = max([*high.tolist(), *(100 * one.share_before for one in rows if has_before), 1.0])
    for place, one, end in zip(places, rows, high, strict=True):
        axes.annotate(
            f"{one.now:,}", (end, place + shift), xytext=(5, 0), textcoords="offset points", va="center",
            fontsize=size - 1, color=INK,
        )  # fmt: skip
        if has_before:
            axes.annotate(
                f"{one.before:,}", (100 * one.share_before, place - shift), xytext=(5, 0), textcoords="offset points",
                va="center", fontsize=size - 1, color=MUTED,
            )  # fmt: skip
    names = [drawable(TYPE_TITLES.get(one.failure_type, one.failure_type), 24 if compact else 40) for one in rows]
    axes.set_yticks(places, names, fontsize=size)
    axes.set_xlim(0, 1.1 * edge)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}%")
    axes.tick_params(axis="both", length=0)
    axes.tick_params(axis="x", labelsize=size - 1)
    axes.set_xlabel("of judged answers; line: 95 % interval", fontsize=size - 0.5)
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)
    if has_before:
        handles, labels = axes.get_legend_handles_labels()
        axes.figure.legend(
            handles, labels, loc="outside upper left", ncols=2, frameon=False, fontsize=size - 0.5, borderaxespad=0.1
        )
    return figure

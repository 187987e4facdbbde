"""The walk as a picture: three panels over the months, the agent that goes on learning against the one that stopped.

The shaded months are those the claim was declared about; what they and all months say stands over each panel, an interval
that holds zero included.

Belongs here: drawing. Does not belong here: measuring (``compounding``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from assets.audit_tickets.roadmap.roadmap_plots import BUCKET_COLOURS, GRID, INK, MUTED, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PANELS: tuple[tuple[str, str], ...] = (
    ("recall_at_5", "right article among the first five"),
    ("coverage", "may be answered without a person"),
    ("unknown", "called unknown"),
)
COLOURS = {"learning": BUCKET_COLOURS["automate"], "frozen": BUCKET_COLOURS["escalate"]}
LABELS = {"learning": "goes on learning", "frozen": "knows what was known at the start"}
MARKERS = {"learning": "o", "frozen": "s"}
_APART = 0.09


def gain_words(whole: Mapping[str, Any], last: Mapping[str, Any]) -> dict[str, str]:
    """What all months and the shaded ones say of each panel, in one clause."""
    found = {}
    for name, _ in PANELS:
        all_months, shaded = (
            "{:+.1f} points ({:+.1f} to {:+.1f})".format(
                *(100 * one[f"gain_{name}{part}"] for part in ("", "_low", "_high"))
            )
            for one in (whole, last)
        )
        found[name] = f"all months {all_months}, shaded {shaded}"
    wrong = [
        f"{agent} {whole[agent]['wrong']:.0%}" if whole[agent]["answered"] else f"{agent} gives none"
        for agent in MARKERS
    ]
    found["coverage"] += "\nwrong: " + ", ".join(wrong)
    return found


def draw_walk(rows: Sequence[Mapping[str, Any]], gains: Mapping[str, str], last_months: Sequence[str]) -> Figure:
    """Three panels, a share each with its 95 % interval by month.

    Args:
        rows: of ``compounding.monthly_rows``.
        gains: sentence under the title of each panel, by its name.
        last_months: months that the sentences are about; shaded.
    """
    figure, first = new_figure(9.6, 9.2)
    first.remove()
    panels = figure.subplots(len(PANELS), 1, sharex=True)
    months = sorted({str(row["month"]) for row in rows})
    for axes, (name, title) in zip(panels, PANELS, strict=True):
        _draw_panel(axes, rows, months, name)
        axes.axvspan(months.index(last_months[0]) - 0.5, len(months) - 0.5, color=GRID, alpha=0.45, zorder=0, lw=0)
        axes.set_title(f"{title} · {gains[name]}", loc="left", fontsize=9.5, color=INK)
    panels[-1].set_xticks(range(len(months)), months, fontsize=8.5)
    panels[0].legend(loc="lower left", ncols=2, frameon=False, fontsize=8.5)
    return figure


def _draw_panel(axes: Any, rows: Sequence[Mapping[str, Any]], months: Sequence[str], name: str) -> None:
    for agent, shift in (("frozen", _APART), ("learning", -_APART)):
        mine = {str(row["month"]): row for row in rows if row["agent"] == agent}
        kept = [month for month in months if month in mine]
        x = np.array([months.index(month) for month in kept], dtype=float) + shift
        share, low, high = (
            np.array([float(mine[month][key]) for month in kept]) for key in (name, f"{name}_low", f"{name}_high")
        )
        axes.errorbar(
            x, share, yerr=np.clip([share - low, high - share], 0, None), color=COLOURS[agent], marker=MARKERS[agent],
            markersize=4.5, linewidth=1.8, elinewidth=0.9, capsize=2, label=LABELS[agent], zorder=3,
        )  # fmt: skip
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=8.5, length=0, labelcolor=MUTED)
    axes.set_xlim(-0.5, len(months) - 0.5)
    axes.set_ylim(0, None)
    axes.margins(y=0.12)

"""The risk-coverage curve as a picture.

Belongs here: drawing with matplotlib, in the look of the roadmap's pictures. Does not belong here: the table drawn
(``risk_coverage``), choosing thresholds (``choose_thresholds``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from assets.audit_tickets.roadmap.roadmap_plots import BUCKET_COLOURS, GRID, INK, MUTED, as_png, drawable, new_figure
from assets.configure_behavior.confidence.risk_coverage import ALL

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HIGHEST_RISK = 0.4


def risk_coverage_png(curve: pd.DataFrame, thresholds: pd.DataFrame) -> bytes:
    """The picture as PNG, for asset metadata: ``draw_risk_coverage`` of ``risk_coverage`` and ``confidence_thresholds``."""
    return as_png(draw_risk_coverage(curve, thresholds))


def draw_risk_coverage(curve: pd.DataFrame, thresholds: pd.DataFrame) -> Figure:
    """Share wrong among answered against share answered, over all categories that may be automated.

    Args:
        curve: ``risk_coverage``. thresholds: ``confidence_thresholds``.

    Thin grey lines are single categories; the band reaches up to the exact bound of each point. Dashed lines are the
    risks a threshold was sought for, dots what was chosen: filled for a bound that categories share, hollow for a
    category's own.
    """
    size = 9.5
    figure, axes = new_figure(9.6, 5.0)
    whole = curve[curve["scope"] == ALL]
    for _, mine in curve[curve["scope"] != ALL].groupby("scope"):
        axes.plot(mine["coverage"], mine["risk"], color=GRID, linewidth=1.0, zorder=1)
    colour = BUCKET_COLOURS["automate"]
    axes.fill_between(
        whole["coverage"], whole["risk"], whole["upper_bound"], color=colour, alpha=0.15, linewidth=0, zorder=2,
        label="up to the exact bound of each point",
    )  # fmt: skip
    axes.plot(
        whole["coverage"],
        whole["risk"],
        color=colour,
        linewidth=2.0,
        zorder=3,
        label="wrong among answered",
        clip_on=False,
    )
    for risk in sorted(thresholds["risk"].unique()):
        axes.axhline(risk, color=MUTED, linewidth=0.9, linestyle=(0, (4, 3)), zorder=2)
        axes.annotate(
            f"risk {risk:.0%}", (1.0, risk), xycoords=("axes fraction", "data"), xytext=(-3, 3),
            textcoords="offset points", ha="right", fontsize=size - 1.5, color=MUTED,
        )  # fmt: skip
    top = min(HIGHEST_RISK, 1.05 * max([0.05, *whole["upper_bound"], *(thresholds["risk"] * 1.6)]))
    _draw_chosen(axes, thresholds, top, size)
    axes.set_ylim(0, top)
    axes.set_xlim(0, 1)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    axes.set_xlabel("answered, of labelled calibration tickets in categories that may be automated", fontsize=size)
    axes.set_ylabel("wrong among answered", fontsize=size)
    axes.tick_params(labelsize=size - 1, length=0)
    axes.grid(color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    if whole.empty:
        axes.text(
            0.5, 0.5, "no calibration ticket could be answered", transform=axes.transAxes, ha="center", color=MUTED
        )
    handles, labels = axes.get_legend_handles_labels()
    axes.figure.legend(
        handles=handles, labels=labels, loc="outside upper left", ncols=4, frameon=False, fontsize=size - 0.5,
        handlelength=1.4, columnspacing=1.2, borderaxespad=0.1,
    )  # fmt: skip
    return figure


def _draw_chosen(axes: Any, thresholds: pd.DataFrame, top: float, size: float) -> None:
    """A dot for every bound that was found: one a risk for all sharing categories, one for each that stands alone.

    A label that would cover an earlier one is left out; the table beside the picture has them all.
    """
    from matplotlib.patheffects import withStroke

    found = thresholds[thresholds["threshold"].notna()]
    shared = found[found["certified_on"] == "all"].drop_duplicates("risk")
    alone = found[found["certified_on"] == "category"]
    taken: list[tuple[float, float]] = []
    for rows, fill, label in ((shared, INK, "threshold of a shared bound"), (alone, "white", "of a category alone")):
        if not len(rows):
            continue
        observed = rows["count_wrong"] / rows["count_answered"]
        axes.scatter(
            rows["coverage"],
            observed,
            s=46,
            c=fill,
            edgecolors=INK,
            linewidths=1.2,
            zorder=5,
            label=label,
            clip_on=False,
        )
        for x, y, row in zip(rows["coverage"], observed, rows.to_dict("records"), strict=True):
            if any(abs(x - other_x) < 0.17 and abs(y - other_y) < 0.05 * top for other_x, other_y in taken):
                continue
            taken.append((x, y))
            who = "" if label.startswith("threshold") else f"{drawable(str(row['name']), 18)}, "
            axes.annotate(
                f"{who}{row['risk']:.0%}: from {row['threshold']:g}", (x, y), xytext=(0, 9), textcoords="offset points",
                fontsize=size - 1.5, color=INK, ha="center", zorder=6,
                path_effects=[withStroke(linewidth=2.5, foreground="white")],
            )  # fmt: skip

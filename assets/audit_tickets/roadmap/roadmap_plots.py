"""The roadmap in three pictures: ranked volumes, volume against complexity, weeks by bucket.

Belongs here: drawing with matplotlib, as SVG for the page and as small PNG for asset metadata. Does not belong here:
measuring, and the page around the pictures (`roadmap_page`).

Letters are drawn as paths, so that a picture looks the same everywhere and holds no text that a browser could run.
Colours differ in lightness as well as in hue, so that they survive colour blindness and a grey print.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BUCKET_COLOURS: Mapping[str, str] = {
    "automate": "#009e73",
    "hybrid": "#e6a817",
    "escalate": "#882255",
    "unknown": "#b4b4b4",
}
INK, MUTED, GRID = "#1c2733", "#5a6672", "#e3e7eb"

_STYLE: dict[Any, Any] = {
    "svg.fonttype": "path",
    "svg.hashsalt": "understudy",
    "font.family": "DejaVu Sans",
    "text.parse_math": False,
    "axes.edgecolor": GRID,
    "axes.labelcolor": MUTED,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def draw_ranked_volumes(frame: pd.DataFrame, compact: bool = False) -> Figure:
    """Bars of the categories marked as top, coloured by bucket; candidates are hatched.

    Args:
        frame: the roadmap. compact: narrow and tall, for a telephone.
    """
    rows = frame[frame["is_top"].astype(bool)].sort_values("rank", ascending=False)
    width, size = (4.2, 8.5) if compact else (9.6, 9.5)
    figure, axes = new_figure(width, 0.9 + (0.42 if compact else 0.34) * max(1, len(rows)))
    positions = np.arange(len(rows))
    bars = axes.barh(positions, rows["count_tickets"], color=[BUCKET_COLOURS[b] for b in rows["bucket"]], height=0.68)
    for bar, kind in zip(bars, rows["kind"], strict=True):
        if kind == "candidate":
            bar.set(hatch="////", edgecolor="white")
    for y, count, share in zip(positions, rows["count_tickets"], rows["share_of_volume"], strict=True):
        axes.annotate(
            f"{count:,} · {share:.0%}" if share >= 0.01 else f"{count:,}",
            (count, y),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=size - 1,
            color=MUTED,
        )
    names = [
        drawable(f"{rank}. {name}", 24 if compact else 40)
        for rank, name in zip(rows["rank"], rows["name"], strict=True)
    ]
    axes.set_yticks(positions, names, fontsize=size)
    axes.tick_params(axis="y", length=0)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.set_xlim(0, max(1, rows["count_tickets"].max() if len(rows) else 1) * (1.45 if compact else 1.16))
    _legend(axes, rows["bucket"], size, "candidate" in set(rows["kind"]))
    return figure


def draw_volume_by_complexity(frame: pd.DataFrame, compact: bool = False) -> Figure:
    """Tickets a month (logarithmic) against complexity for the top categories; train from the upper left."""
    from matplotlib.ticker import LogLocator

    rows = frame[
        frame["is_top"].astype(bool) & frame["complexity"].notna() & (frame["tickets_per_month"] > 0)
    ].sort_values("rank")
    size = 7.5 if compact else 9
    figure, axes = new_figure(4.2 if compact else 9.6, 4.6 if compact else 5.4)
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.grid(color=GRID, linewidth=0.8, which="major")
    axes.set_axisbelow(True)
    axes.scatter(
        rows["complexity"],
        rows["tickets_per_month"],
        s=44 if compact else 70,
        c=[BUCKET_COLOURS[b] for b in rows["bucket"]],
        edgecolors="white",
        linewidths=0.8,
        zorder=3,
    )
    if len(rows):
        volumes, complexity = rows["tickets_per_month"], rows["complexity"]
        margin = max(0.06, 0.25 * (complexity.max() - complexity.min()))
        axes.set_xlim(max(-0.03, complexity.min() - margin), min(1.03, complexity.max() + margin))
        axes.set_ylim(volumes.min() / 1.7, volumes.max() * 1.9)
    axes.set_xlabel("complexity (0 simple, 1 hard)", fontsize=size)
    axes.set_ylabel("tickets a month", fontsize=size)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}" if value >= 1 else f"{value:g}")
    axes.yaxis.set_minor_formatter(lambda *_: "")
    axes.tick_params(labelsize=size - 1, length=0, which="both")
    _legend(axes, rows["bucket"], size)
    names = [drawable(name, 20 if compact else 30) for name in rows["name"]]
    _label_points(figure, axes, rows["complexity"].to_numpy(), rows["tickets_per_month"].to_numpy(), names, size)
    return figure


def draw_weeks_by_bucket(weekly: pd.DataFrame, compact: bool = False) -> Figure:
    """Tickets of each complete week, stacked by bucket; unrecognised tickets in grey on top."""
    size = 8 if compact else 9.5
    figure, axes = new_figure(4.2 if compact else 9.6, 3.0 if compact else 3.4)
    table = weekly.pivot_table(
        index="week_start", columns="bucket", values="count_tickets", aggfunc="sum", fill_value=0
    )
    shown = [bucket for bucket in BUCKET_COLOURS if bucket in table and table[bucket].sum()]
    bottom = np.zeros(len(table))
    positions = np.arange(len(table))
    for bucket in shown:
        axes.bar(positions, table[bucket], bottom=bottom, color=BUCKET_COLOURS[bucket], width=0.82)
        bottom = bottom + table[bucket].to_numpy()
    step = max(1, int(np.ceil(len(table) / (4 if compact else 9))))
    axes.set_xticks(positions[::step], [f"{start:%-d %b}" for start in table.index[::step]], fontsize=size - 1)
    axes.set_ylabel("tickets a week", fontsize=size)
    axes.tick_params(labelsize=size - 1, length=0)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)
    axes.set_ylim(0, max(1.0, float(bottom.max()) if len(bottom) else 1.0) * 1.08)
    _legend(axes, pd.Series(shown, dtype="object"), size)
    return figure


def as_svg(figure: Figure) -> str:
    """The figure as SVG text, the same bytes for the same figure."""
    import matplotlib as mpl

    out = io.StringIO()
    with mpl.rc_context(_STYLE):
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def as_png(figure: Figure, dpi: int = 80) -> bytes:
    """The figure as PNG, some tens of kilobytes: for asset metadata."""
    import matplotlib as mpl

    out = io.BytesIO()
    with mpl.rc_context(_STYLE):
        figure.savefig(out, format="png", dpi=dpi)
    return out.getvalue()


def new_figure(width: float, height: float) -> tuple[Figure, Any]:
    """An empty figure (inches) and its axes, in the look that all pictures share."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(width, height), layout="constrained", facecolor="white")
        FigureCanvasAgg(figure)
        return figure, figure.add_subplot()


def _legend(axes: Any, buckets: pd.Series, size: float, has_candidates: bool = False) -> None:
    from matplotlib.patches import Patch

    handles = [Patch(color=colour, label=b) for b, colour in BUCKET_COLOURS.items() if b in set(buckets)]
    if has_candidates:
        handles.append(Patch(facecolor=MUTED, edgecolor="white", hatch="////", label="proposed category"))
    if handles:
        axes.figure.legend(
            handles=handles,
            loc="outside upper left",
            ncols=len(handles) if size > 8.5 or len(handles) < 4 else 3,
            frameon=False,
            fontsize=size - 0.5,
            handlelength=1.1,
            columnspacing=1.2,
            borderaxespad=0.1,
        )


def _label_points(figure: Any, axes: Any, x: np.ndarray, y: np.ndarray, names: list[str], size: float) -> None:
    """Write each name where it covers no other name and no point; a name without room is left out.

    Greedy over growing circles around the point, the largest volumes first; the ranking beside the plot has them all.
    """
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    frame = axes.get_window_extent(renderer)
    points = axes.transData.transform(np.column_stack([x, y])) if len(x) else np.zeros((0, 2))
    taken = [(px - 6, py - 6, px + 6, py + 6) for px, py in points]
    scale = figure.dpi / 72
    for (px, py), name, value_x, value_y in zip(points, names, x, y, strict=True):
        text = axes.annotate(
            name,
            (value_x, value_y),
            xytext=(0, 0),
            textcoords="offset points",
            fontsize=size - 1,
            va="center",
            color=INK,
        )
        box = text.get_window_extent(renderer)
        place = _free_place(px, py, box.width, box.height, taken, (frame.x0, frame.y0, frame.x1, frame.y1))
        if place is None:
            text.remove()
            continue
        left, bottom = place
        text.set_position(((left - px) / scale, (bottom + box.height / 2 - py) / scale))
        if np.hypot(left + box.width / 2 - px, bottom + box.height / 2 - py) > box.width / 2 + 24:
            anchor = (left if left > px else left + box.width, bottom + box.height / 2)
            ends = axes.transData.inverted().transform([(px, py), anchor])
            axes.plot(ends[:, 0], ends[:, 1], color=MUTED, linewidth=0.5, zorder=2)
        taken.append((left - 2, bottom - 1, left + box.width + 2, bottom + box.height + 1))


_Box = tuple[float, float, float, float]


def _free_place(
    px: float, py: float, width: float, height: float, taken: list[_Box], frame: _Box
) -> tuple[float, float] | None:
    for radius in (11, 17, 24, 32, 42, 54):
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)):
            left = px + dx * radius - (width if dx < 0 else width / 2 if dx == 0 else 0)
            bottom = py + dy * radius - height / 2
            box = (left, bottom, left + width, bottom + height)
            inside = box[0] >= frame[0] and box[1] >= frame[1] and box[2] <= frame[2] and box[3] <= frame[3]
            if inside and not any(_overlap(box, other) for other in taken):
                return left, bottom
    return None


def _overlap(a: _Box, b: _Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def drawable(name: str, limit: int) -> str:
    """One line of at most `limit` characters, with `?` for what the font cannot draw."""
    from matplotlib import font_manager

    glyphs = font_manager.get_font(font_manager.findfont("DejaVu Sans")).get_charmap()
    line = "".join(c if ord(c) in glyphs else "?" for c in " ".join(str(name).split()))
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"

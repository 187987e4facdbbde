"""The dashboard's charts as ECharts options: plain data, no code and no markup.

Belongs here: what is drawn where, in which colour and form. Does not belong here: which figures (``trends``, the views),
the table that says the same beside every chart.

Names that people wrote stand in values only, never in a key (a key with a colon in front is run as code by the page), and
tooltips are drawn as text on the chart itself (``richText``): nothing in them is markup.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from assets.pilot_agent.report.live_tags import LiveTags
from assets.pilot_agent.report.pilot_plots import AGENT, PEOPLE
from ledger.pilots import ShareChange
from service.console.pilot.trends import Line

FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif'
"""The console's own, by name: a chart measures its words before it stands on the page, where nothing can be inherited."""
INK, MUTED, GRID = "#1c2733", "#55626f", "#d8dee5"
REVIEWERS_SHOWN = 5
REVIEWER_COLOURS = ("#1f5f8b", "#b07400", "#5b8a72", "#882255", "#7a85b5", "#a3adb7")
FORMS = {"ai": (AGENT, "circle", "solid"), "control": (PEOPLE, "rect", "dashed")}
"""Colour, mark and line of the two sides: told apart without colour too."""
_FONT = {"fontFamily": FONT, "color": INK}


def by_week(lines: Sequence[Line], axis: str) -> dict[str, Any]:
    """Rates by week, each with its interval as an upright bar.

    Weeks stand on a hidden axis of numbers, so that two lines can stand side by side, under one of names.
    """
    weeks = weeks_of(lines)
    series = []
    for number, line in enumerate(lines):
        colour, symbol, kind = FORMS[line.arm]
        shift = 0.06 * (2 * number - len(lines) + 1)
        places = [round(weeks.index(point.week) + shift, 3) for point in line.points]
        series.append(
            {
                "type": "line", "name": line.name, "symbol": symbol, "symbolSize": 9, "color": colour, "animation": False,
                "lineStyle": {"type": kind, "width": 2, "color": colour},
                "data": [
                    {"value": [x, _percent(point.rate)], "tooltip": {"formatter": f"{line.name}, {point.says}"}}
                    for x, point in zip(places, line.points, strict=True)
                ],
                "markLine": {
                    "silent": True, "animation": False, "symbol": ["none", "none"], "label": {"show": False},
                    "lineStyle": {"type": "solid", "width": 2, "color": colour, "opacity": 0.55},
                    "data": [
                        [{"coord": [x, _percent(point.low)]}, {"coord": [x, _percent(point.high)]}]
                        for x, point in zip(places, line.points, strict=True)
                    ],
                },
            }
        )  # fmt: skip
    bottom, top = _range([one for line in lines for point in line.points for one in (point.low, point.high)])
    return {
        **_base(),
        "legend": _legend(),
        "grid": _grid(),
        "xAxis": [
            {"type": "value", "show": False, "min": -0.5, "max": max(len(weeks), 1) - 0.5},
            {**_axis("week of rollout"), "type": "category", "data": list(weeks), "position": "bottom", "axisTick": {"show": False}},
        ],
        "yAxis": {**_axis(axis, is_upright=True), "type": "value", "min": bottom, "max": top, "axisLabel": _percents()},
        "series": series,
    }  # fmt: skip


def risk_coverage(curve: pd.DataFrame) -> dict[str, Any]:
    """Share wrong among answered against share answered, with its bounds as a band.

    Args:
        curve: ``replay_metrics.replay_curve``.
    """
    rows = curve[curve["risk"].notna()].sort_values("coverage", kind="stable").to_dict("records")
    low, high, risk = (
        [[_percent(row["coverage"]), _percent(row[name])] for row in rows] for name in ("low", "high", "risk")
    )
    said = [
        f"Answering {row['coverage']:.0%} ({int(row['count_answered']):,} tickets)\n{row['risk']:.1%} of them wrong "
        f"({row['low']:.1%} to {row['high']:.1%})\nconfidence of at least {row['threshold']:.2f}"
        for row in rows
    ]  # fmt: skip
    # Where hardly anything is answered the interval is as good as everything, and would press the curve flat.
    top = _range([row["risk"] for row in rows] + sorted(row["high"] for row in rows)[: math.ceil(0.8 * len(rows))])[1]
    most = 10 * math.ceil(10 * max(row["coverage"] for row in rows)) if rows else 100
    edge = {
        "type": "line",
        "symbol": "none",
        "silent": True,
        "animation": False,
        "lineStyle": {"opacity": 0},
        "stack": "band",
    }
    return {
        **_base(),
        "legend": {**_legend(), "data": ["share wrong", {"name": "95 % interval", "icon": "rect"}]},
        "grid": _grid(),
        "xAxis": {**_axis("answered, of past tickets that can be judged"), "type": "value", "min": 0, "max": most, "axisLabel": _percents()},
        "yAxis": {**_axis("of answered", is_upright=True), "type": "value", "min": 0, "max": top, "axisLabel": _percents()},
        "series": [
            {**edge, "name": "", "data": low},
            {
                **edge, "name": "95 % interval", "color": AGENT, "areaStyle": {"color": AGENT, "opacity": 0.18},
                "data": [[x, round(y - below[1], 3)] for (x, y), below in zip(high, low, strict=True)],
            },
            {
                "type": "line", "name": "share wrong", "color": AGENT, "symbol": "circle", "symbolSize": 6, "animation": False,
                "data": [{"value": pair, "tooltip": {"formatter": words}} for pair, words in zip(risk, said, strict=True)],
            },
        ],
    }  # fmt: skip


def tags_by_day(tags: LiveTags) -> dict[str, Any]:
    """Tags by day, stacked by reviewer; those beyond the busiest few together."""
    shown = [(one.name, list(one.by_day)) for one in tags.reviewers[:REVIEWERS_SHOWN]]
    if others := tags.reviewers[REVIEWERS_SHOWN:]:
        shown.append((f"{len(others)} others", [sum(day) for day in zip(*(one.by_day for one in others), strict=True)]))
    return {
        **_base(),
        # Colours alone would not tell stacked people apart.
        "aria": {"enabled": True, "label": {"enabled": False}, "decal": {"show": len(shown) > 1}},
        "legend": _legend(),
        "grid": _grid(),
        "xAxis": {**_axis("day (UTC)"), "type": "category", "data": [f"{one:%-d %b}" for one in tags.days], "axisTick": {"show": False}},
        "yAxis": {**_axis("tags", is_upright=True), "type": "value", "minInterval": 1, "axisLabel": {"color": MUTED}},
        "series": [
            {"type": "bar", "stack": "tags", "name": name, "data": days, "color": colour, "barMaxWidth": 44, "animation": False}
            for (name, days), colour in zip(shown, REVIEWER_COLOURS, strict=False)
        ],
    }  # fmt: skip


def shares_over_time(changes: Sequence[ShareChange], until: pd.Timestamp) -> dict[str, Any]:
    """The share of requesters that the agent answers, as steps up to a moment."""
    steps = [[f"{one.occurred_at:%Y-%m-%dT%H:%M:%SZ}", _percent(one.share)] for one in changes]
    said = [f"{one.occurred_at:%-d %b %Y, %H:%M} UTC\n{100 * one.share:.3g} % of requesters" for one in changes]
    data: list[dict[str, Any]] = [
        {"value": step, "tooltip": {"formatter": words}} for step, words in zip(steps, said, strict=True)
    ]
    if steps and until > changes[-1].occurred_at:
        data.append({"value": [f"{until:%Y-%m-%dT%H:%M:%SZ}", steps[-1][1]], "symbol": "none"})
    top = 10 * math.ceil(10 * max((one.share for one in changes), default=1.0) + 0.2)
    return {
        **_base(),
        "useUTC": True,
        "grid": {**_grid(), "top": 30},
        "xAxis": {**_axis("day (UTC)"), "type": "time", "splitNumber": 4, "axisLabel": {"color": MUTED, "hideOverlap": True, "fontSize": 12}},
        "yAxis": {**_axis("of requesters", is_upright=True), "type": "value", "min": 0, "max": min(100, top), "axisLabel": _percents()},
        "series": [
            {
                "type": "line", "step": "end", "name": "share", "symbol": "circle", "symbolSize": 8, "color": AGENT,
                "areaStyle": {"color": AGENT, "opacity": 0.12}, "data": data, "animation": False,
            }
        ],
    }  # fmt: skip


def weeks_of(lines: Sequence[Line]) -> list[str]:
    """The weeks of several lines in the order of time; shadow comes first, whichever line has it."""
    weeks = list(dict.fromkeys(point.week for line in lines for point in line.points))
    return sorted(weeks, key=lambda week: not week.startswith("shadow"))


def _base() -> dict[str, Any]:
    return {
        "animation": False,
        "textStyle": _FONT,
        "tooltip": {
            "trigger": "item", "renderMode": "richText", "confine": True, "backgroundColor": "#fff", "borderColor": GRID,
            "textStyle": {**_FONT, "fontSize": 13},
        },
    }  # fmt: skip


def _legend() -> dict[str, Any]:
    return {
        "type": "scroll", "top": 0, "left": 0, "itemGap": 16,
        "textStyle": {**_FONT, "fontSize": 13, "width": 170, "overflow": "truncate"},
    }  # fmt: skip


def _grid() -> dict[str, Any]:
    return {"left": 8, "right": 18, "top": 48, "bottom": 28, "containLabel": True}


def _axis(name: str, *, is_upright: bool = False) -> dict[str, Any]:
    where = {"nameLocation": "end", "nameTextStyle": {"color": MUTED, "align": "left"}, "nameGap": 12} if is_upright else {
        "nameLocation": "middle", "nameGap": 28, "nameTextStyle": {"color": MUTED},
    }  # fmt: skip
    return {
        "name": name,
        **where,
        "axisLabel": {"color": MUTED},
        "axisLine": {"onZero": False, "lineStyle": {"color": GRID}},
        "splitLine": {"show": is_upright, "lineStyle": {"color": GRID}},
    }


def _percents() -> dict[str, Any]:
    return {"color": MUTED, "formatter": "{value} %"}


def _percent(value: float) -> float:
    return round(100 * float(value), 3)


def _range(shares: Sequence[float]) -> tuple[float, float]:
    """Ends of an axis of percents that holds them all, from 0 where that costs little."""
    known = [100 * float(one) for one in shares if not math.isnan(one)]
    if not known:
        return 0.0, 100.0
    low, high = min(known), max(known)
    step = 10 if high - low > 25 else 5 if high - low > 8 else 1
    top = min(100.0, step * math.ceil((high + 0.01) / step))
    return (0.0 if low < 0.5 * high else max(0.0, float(step * math.floor(low / step)))), max(top, float(step))

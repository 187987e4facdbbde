"""What is drawn agrees with what is counted, and names stay names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pandas as pd

from assets.pilot_agent.answers.replay_metrics import replay_curve
from assets.pilot_agent.report.live_tags import live_tags
from assets.pilot_agent.report.metric_tables import Measured
from ledger.pilots import ShareChange
from service.console.pilot import charts, trends
from service.console.pilot.trends import Line, Point
from tests.assets.pilot_agent.answers.review_frames import answer, answers, review, reviews
from tests.assets.pilot_agent.report.invented_pilot import findings, plan, replay, shares
from tests.service.console.pilot_desk import HOSTILE


def keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from keys(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from keys(one)


def test_every_point_has_its_interval_and_its_words():
    lines = [
        Line("agent", "ai", [Point("1", 29, 34, 29 / 34, 0.699, 0.936), Point("2", 5, 20, 0.25, 0.112, 0.469)]),
        Line("people", "control", [Point("2", 1, 2, 0.5, 0.095, 0.905)]),
    ]
    drawn = charts.by_week(lines, "resolved")
    agent, people = drawn["series"]
    assert [point["value"] for point in agent["data"]] == [[-0.06, 85.294], [0.94, 25.0]]
    assert people["data"][0]["value"][0] == 1.06
    assert agent["markLine"]["data"][0] == [{"coord": [-0.06, 69.9]}, {"coord": [-0.06, 93.6]}]
    assert "29 of 34" in agent["data"][0]["tooltip"]["formatter"]
    assert "69.9 to 93.6 %" in agent["data"][0]["tooltip"]["formatter"]
    assert (drawn["xAxis"][1]["data"], drawn["yAxis"]["min"], drawn["yAxis"]["max"]) == (["1", "2"], 0.0, 100.0)
    assert agent["symbol"] != people["symbol"]
    assert agent["lineStyle"]["type"] != people["lineStyle"]["type"]


def test_the_axis_holds_every_interval():
    for low, high in ((0.01, 0.03), (0.4, 0.9), (0.85, 0.97), (0.0, 0.0), (1.0, 1.0)):
        axis = charts.by_week([Line("agent", "ai", [Point("1", 1, 2, (low + high) / 2, low, high)])], "x")["yAxis"]
        assert axis["min"] <= 100 * low <= 100 * high <= axis["max"] <= 100


def test_shadow_weeks_come_first_whichever_line_has_them():
    point = Point("1", 1, 2, 0.5, 0.1, 0.9)
    lines = [Line("people", "control", [point]), Line("agent", "ai", [Point("shadow 1", 1, 2, 0.5, 0.1, 0.9), point])]
    assert charts.weeks_of(lines) == ["shadow 1", "1"]


def test_lines_say_what_was_published():
    found = findings("rollout")
    measured = Measured(found.metrics, "assumed")
    [csat] = [metric for metric in trends.measurable(measured) if metric.name == "csat"]
    agent, people = trends.lines_of(measured, csat)
    assert (agent.arm, people.arm) == ("ai", "control")
    rows = found.metrics[
        (found.metrics["cut"] == "week") & (found.metrics["metric"] == "csat") & (found.metrics["arm"] == "ai")
        & (found.metrics["phase"] == "rollout")
    ]  # fmt: skip
    assert [(one.week, one.numerator, one.denominator) for one in agent.points] == [
        (str(int(row["value"]) + 1), int(row["numerator"]), int(row["denominator"])) for row in rows.to_dict("records")
    ]
    assert trends.measurable(Measured(findings("nothing").metrics, None)) == []


def test_the_curve_lies_inside_its_band():
    curve = replay_curve(replay())
    low, width, risk = charts.risk_coverage(curve)["series"]
    for (x, bottom), (_, height), point in zip(low["data"], width["data"], risk["data"], strict=True):
        assert point["value"][0] == x
        assert bottom - 0.01 <= point["value"][1] <= bottom + height + 0.01
    assert "wrong" in risk["data"][-1]["tooltip"]["formatter"]


def test_the_share_is_drawn_as_it_was_set_and_up_to_now():
    started = shares(plan())[0]
    stopped = ShareChange(
        "spring", 0.0, "f", started.occurred_at + dt.timedelta(days=3), "Ada Moreno", "lead", "stop", 2
    )
    until = pd.Timestamp(started.occurred_at) + pd.Timedelta(days=5)
    [line] = charts.shares_over_time([started, stopped], until)["series"]
    assert [point["value"][1] for point in line["data"]] == [20.0, 0.0, 0.0]
    assert charts.shares_over_time([], until)["series"][0]["data"] == []


def test_names_of_people_are_values_and_never_keys():
    rows = [answer(f"a{place}") for place in range(1, 9)]
    said = [review(f"a{place}", by=f":x{place} {HOSTILE}") for place in range(1, 9)]
    tags = live_tags(answers(*rows), reviews(*said))
    drawn = charts.tags_by_day(tags)
    assert not any(name.startswith(":") or "<" in name for name in keys(drawn))
    assert len(drawn["series"]) == charts.REVIEWERS_SHOWN + 1
    assert drawn["series"][-1]["name"] == "3 others"
    assert sum(sum(one["data"]) for one in drawn["series"]) == 8


def test_tooltips_are_text():
    tags = live_tags(answers(answer("a1")), reviews(review("a1")))
    curve = replay_curve(replay())
    for drawn in (charts.tags_by_day(tags), charts.risk_coverage(curve), charts.by_week([], ""), charts.shares_over_time([], pd.Timestamp(0, tz="UTC"))):  # fmt: skip
        assert drawn["tooltip"]["renderMode"] == "richText"
        assert not any(name.startswith(":") for name in keys(drawn))

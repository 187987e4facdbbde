"""Pictures are drawn for any frame, hold no text that runs, and tell results apart by form too."""

import xml.etree.ElementTree as ET

import pandas as pd
import pytest

from assets.audit_tickets.roadmap.roadmap_plots import as_png, as_svg
from assets.pilot_agent.report.pilot_plots import (
    RESULT_MARKERS,
    RESULT_NAMES,
    draw_condition,
    draw_risk_coverage,
    draw_weeks,
    replay_png,
)

CONDITION = {
    "label": "Invoices", "result": "open", "against": "control", "metric": "resolution_rate", "difference": 0.01,
    "low": -0.07, "high": 0.09, "bar": -0.05, "reference_rate": 0.7,
}  # fmt: skip


def condition(**changes):
    return pd.DataFrame([{**CONDITION, **changes}])


def weeks(count=4):
    rows = [(str(place + 1), 0.6 + place / 100, 0.5, 0.7) for place in range(count)]
    return pd.DataFrame(rows, columns=["label", "rate", "low", "high"])


def curve(count=9):
    rows = [(place / 10, place / 50, place / 90, place / 30, 0.9 - place / 20) for place in range(1, count + 1)]
    return pd.DataFrame(rows, columns=["coverage", "risk", "low", "high", "threshold"])


PICTURES = {
    "condition": lambda: draw_condition(condition()),
    "condition, narrow": lambda: draw_condition(condition(), compact=True),
    "limit": lambda: draw_condition(
        condition(against="limit", metric="missed_escalation_rate", bar=0.0, reference_rate=0.03)
    ),
    "nothing tested": lambda: draw_condition(condition(difference=float("nan"))),
    "weeks": lambda: draw_weeks([("agent", "ai", weeks()), ("people", "control", weeks())], "resolved"),
    "one week": lambda: draw_weeks([("agent", "ai", weeks(1))], "resolved"),
    "no week": lambda: draw_weeks([("agent", "ai", weeks(0))], "resolved"),
    "curve": lambda: draw_risk_coverage(curve()),
    "no curve": lambda: draw_risk_coverage(curve(0), compact=True),
}


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_every_picture_is_svg_without_letters_links_or_scripts_and_the_same_twice(name):
    svg = as_svg(PICTURES[name]())
    tags = {element.tag.split("}")[-1] for element in ET.fromstring(svg).iter()}
    assert not tags & {"text", "script", "image", "foreignObject", "a"}
    assert svg == as_svg(PICTURES[name]())


@pytest.mark.parametrize("name", ["difference", "low", "high", "bar", "result", "label"])
def test_a_picture_changes_with_its_figures(name):
    other = {"difference": 0.03, "low": -0.02, "high": 0.2, "bar": -0.03, "result": "good", "label": "Bills"}[name]
    assert as_png(draw_condition(condition())) != as_png(draw_condition(condition(**{name: other})))


def test_the_limit_is_drawn_where_the_rate_may_not_go():
    figure = draw_condition(condition(against="limit", metric="missed_escalation_rate", bar=0.0, reference_rate=0.03,
                                      difference=-0.02, low=-0.03, high=0.01))  # fmt: skip
    [axes] = figure.axes
    dashed = [line for line in axes.lines if line.get_linestyle() == "--"]
    assert [list(line.get_xdata()) for line in dashed] == [[3.0, 3.0]]
    [point] = [line for line in axes.lines if line.get_marker() == RESULT_MARKERS["open"]]
    assert point.get_xdata()[0] == pytest.approx(1.0)


def test_results_differ_in_form_and_every_form_is_named():
    assert len(set(RESULT_MARKERS.values())) == len(RESULT_MARKERS)
    assert RESULT_MARKERS.keys() == RESULT_NAMES.keys()


def test_hostile_names_are_drawn_and_stay_inert():
    name = "--> <script>alert(1)</script> $\\frac{1}{0}$ 🙂 名前 \n\x00"
    svg = as_svg(draw_condition(condition(label=name)))
    assert "<script" not in svg
    ET.fromstring(svg)


def test_the_replays_curve_is_there_as_png():
    assert replay_png(curve()).startswith(b"\x89PNG")

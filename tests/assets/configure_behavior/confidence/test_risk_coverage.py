"""The curve counts what it says, and the picture is drawn for any desk."""

import pytest

from assets.configure_behavior.confidence.choose_thresholds import choose_thresholds
from assets.configure_behavior.confidence.risk_coverage import ALL, risk_coverage
from assets.configure_behavior.confidence.risk_coverage_plot import draw_risk_coverage, risk_coverage_png
from desk.behavior import Confidence
from tests.assets.configure_behavior.confidence.answers import CATEGORIES, answers

NAMES = ["login", "invoice"]
GIVEN = answers(
    ("login", 100, 0.95, 2, True), ("login", 50, 0.7, 10, True), ("login", 50, 0.99, 50, False),
    ("invoice", 20, 0.8, 1, True), ("outage", 90, 0.99, 90, True),
)  # fmt: skip


def test_points_are_where_something_changes_and_count_what_may_be_answered():
    curve = risk_coverage(GIVEN, NAMES, 0.95)
    login = curve[curve["scope"] == "login"].to_dict("records")
    assert [(one["threshold"], one["count_answered"], one["count_wrong"]) for one in login] == [
        (0.95, 100, 2),
        (0.7, 150, 12),
    ]
    assert login[0]["coverage"] == 0.5
    assert login[0]["risk"] == 0.02
    assert login[0]["upper_bound"] == pytest.approx(0.0616, abs=1e-3)
    whole = curve[curve["scope"] == ALL]
    assert whole["count_answered"].tolist() == [100, 120, 170]
    assert whole["coverage"].is_monotonic_increasing
    assert set(curve["scope"]) == {ALL, "login", "invoice"}


@pytest.mark.parametrize("given", [GIVEN, answers(), answers(("login", 300, 0.99, 0, True))])
def test_the_picture_is_a_png_with_a_line_for_every_risk(given):
    spec = Confidence(risk_levels=[0.05, 0.1])
    chosen = choose_thresholds(given, CATEGORIES, spec)
    curve = risk_coverage(given, NAMES, spec.certainty)
    png = risk_coverage_png(curve, chosen)
    assert png.startswith(b"\x89PNG")
    assert png == risk_coverage_png(curve, chosen)
    words = [text.get_text() for text in draw_risk_coverage(curve, chosen).axes[0].texts]
    assert {"risk 5%", "risk 10%"} <= set(words)
    assert ("no calibration ticket could be answered" in words) == given.empty

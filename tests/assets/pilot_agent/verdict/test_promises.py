"""The verdict's promises, tried on simulated pilots with known truth; the benchmark tries them on many more.

Bounds are exact and leave 0.1 % for Monte-Carlo error, so that a failure is a defect.
"""

from dataclasses import replace

import pytest

from assets.pilot_agent.verdict.clustered_rates import Tally, exact_bounds
from assets.pilot_agent.verdict.families import OVER_ALL
from benchmarks.pilot_statistics import Scenario, note_coverage, play, scenarios, try_assignment

SCENARIOS = scenarios()
PILOTS = 150


def bounds(hits: int, n: int) -> tuple[float, float]:
    return exact_bounds(Tally(hits, n, n, 1.0), 0.001)


def expanded(scenario: Scenario) -> int:
    return sum(
        any(one.verdict == "expand" and name in scenario.never for name, one in judged.decisions.items())
        for judged in play(scenario, seed=11, count=PILOTS)
    )


@pytest.mark.parametrize("name", ["margin_one_category", "margin_sequential", "csat_margin", "missed_at_limit"])
def test_at_the_margin_an_agent_is_expanded_in_one_of_twenty_pilots_at_most(name):
    assert bounds(expanded(SCENARIOS[name]), PILOTS)[0] <= 0.05


def test_beyond_the_margin_hardly_ever():
    assert bounds(expanded(SCENARIOS["twice_the_margin"]), PILOTS)[0] <= 0.005


def test_it_is_no_caution_that_makes_this_true():
    # At the margin by itself the test uses most of its five percent, and one that is plainly good passes.
    usual = SCENARIOS["margin_one_category"]
    assert bounds(expanded(usual), PILOTS)[1] >= 0.03
    good = replace(usual, truth=replace(usual.truth, difference=0.02))
    assert bounds(expanded(good), PILOTS)[1] >= 0.9


def test_intervals_hold_the_truth():
    scenario, holds = SCENARIOS["margin"], {}
    for judged in play(scenario, seed=12, count=PILOTS):
        note_coverage(judged, scenario, holds)
    for name, values in holds.items():
        if name.startswith(("difference by score:", "rate by wilson:")):
            assert bounds(sum(values), len(values))[1] >= 0.95, name
    ignored = holds["difference by score, requesters ignored: resolution_rate, over all"]
    assert bounds(sum(ignored), PILOTS)[1] < 0.95


def test_harm_is_stopped_early_and_harmlessness_hardly_ever():
    stopped = [
        judged.decisions[OVER_ALL].week for judged in play(SCENARIOS["harmful"], seed=13, count=40)
        if judged.decisions[OVER_ALL].verdict == "roll_back"
    ]  # fmt: skip
    assert len(stopped) >= 36
    assert sum(stopped) / len(stopped) < 2.5
    false_alarms = sum(
        any(one.cause == "safety" for one in judged.decisions.values())
        for judged in play(SCENARIOS["safe_at_limits"], seed=14, count=PILOTS)
    )
    assert bounds(false_alarms, PILOTS)[0] <= 0.05


def test_the_draw_is_sticky_monotone_fair_and_fast():
    found = try_assignment(seed=2, count=50_000, draws=1)
    assert found["is_sticky"]
    assert found["raising_moves_nobody_out"]
    assert found["lowering_adds_nobody"]
    assert found["share_p_value"] > 0.001
    assert found["largest_standardised_difference"] < 0.05
    assert found["cpu_seconds"] < 2

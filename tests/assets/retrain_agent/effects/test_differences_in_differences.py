"""The live effect: by hand where four shares suffice, against statsmodels where weeks differ."""

import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from assets.retrain_agent.effects.differences_in_differences import _shocks, measure, pre_trend
from assets.retrain_agent.effects.live_window import select_tickets
from benchmarks.effects_worlds import LiveWorld, lived
from tests.assets.retrain_agent.effects.live_outcomes import AS_OF, CHANGE, outcomes, steady

NAMES = {"category_0": "password_reset", "category_1": "billing", "category_2": "refunds", "category_3": "refunds"}


def simulated(seed: int = 3, **world) -> pd.DataFrame:
    frame = lived(np.random.default_rng(seed), LiveWorld(**world))
    return frame.assign(category_id=frame["category_id"].map(NAMES))


def tickets_of(frame: pd.DataFrame):
    return select_tickets(frame, CHANGE, AS_OF)


def test_four_shares_by_hand():
    # Targeted 60 of 100 and then 90 of 120; untouched 50 of 100 and then 88 of 160: +15 points less +5 points.
    frame = outcomes(
        [
            ("password_reset", -0.5, 60, 40), ("password_reset", 0.5, 90, 30),
            ("billing", -0.5, 50, 50), ("billing", 0.5, 88, 72),
        ]
    )  # fmt: skip
    found = measure(tickets_of(frame))
    assert found.difference == pytest.approx(0.10)
    assert found.pre_trend_p is None
    # With everybody once, the variance is nearly that of four independent shares.
    variance = sum(p * (1 - p) / n for p, n in ((0.6, 100), (0.75, 120), (0.5, 100), (0.55, 160)))
    assert (found.high - found.low) / 2 == pytest.approx(1.96 * math.sqrt(variance), rel=0.03)
    assert found.low < 0.10 < found.high
    assert found.p == pytest.approx(math.erfc(0.10 / math.sqrt(variance) / math.sqrt(2)), abs=0.02)


def test_estimate_and_error_are_those_of_statsmodels():
    tickets = tickets_of(simulated(effect=0.1))
    columns = [tickets.is_targeted & tickets.is_after]
    columns += [tickets.category == one for one in np.unique(tickets.category)]
    columns += [tickets.week == one for one in np.unique(tickets.week)[1:]]
    model = sm.OLS(tickets.outcome, np.column_stack(columns).astype(float))
    fitted = model.fit(cov_type="cluster", cov_kwds={"groups": tickets.requester})
    found = measure(tickets)
    assert found.difference == pytest.approx(fitted.params[0])
    low, high = fitted.conf_int()[0]
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.02)


def test_what_moves_everybody_is_no_effect():
    by_week = {-4: (20, 40), -3: (40, 20), -2: (30, 30), -1: (10, 50), 0: (50, 10), 1: (45, 15)}
    frame = outcomes([(name, week + 0.5, *shares) for week, shares in by_week.items() for name in ("password_reset", "billing", "refunds")])  # fmt: skip
    found = measure(tickets_of(frame))
    assert found.difference == pytest.approx(0.0, abs=1e-9)
    assert found.pre_trend_p == pytest.approx(1.0)
    assert found.low == pytest.approx(-found.high, abs=1e-6)


def test_a_planted_effect_is_found_and_weeks_without_tickets_do_no_harm():
    frame = steady((30, 30), (42, 18))
    week = (frame["created_at"] - CHANGE.released_at) / pd.Timedelta(days=7)
    is_gap = week.between(-5, -3) | (week.between(1, 2) & (frame["category_id"] == "password_reset"))
    for one in (frame, frame[~is_gap]):
        found = measure(tickets_of(one))
        assert found.difference == pytest.approx(0.2)
        assert 0.09 < found.low < found.high < 0.31
        assert found.p < 1e-3


def test_the_same_tickets_by_fewer_people_say_less():
    frame = steady((30, 30), (36, 24))
    codes = [f"{scores}-{place // 20}" for place, scores in enumerate(frame["outcome"])]
    alone, together = (measure(tickets_of(one)) for one in (frame, frame.assign(requester_id=codes)))
    assert together.difference == pytest.approx(alone.difference)
    assert together.high - together.low > 1.3 * (alone.high - alone.low)
    assert together.p > alone.p


def test_rare_outcomes_do_not_look_certain():
    # Not one targeted ticket scores after the change: the residuals there are all alike.
    found = measure(tickets_of(steady((1, 29), (0, 30))))
    assert found.difference == pytest.approx(-1 / 30)
    p, n = 1 / 122, 120
    assert found.high - found.low > 2 * 1.96 * math.sqrt(p * (1 - p) / n)


def test_shocks_to_one_category_in_one_week_widen_the_interval():
    calm, shaken = (tickets_of(simulated(shocks=size, tickets_per_week=2000)) for size in (0.0, 0.06))
    widths = [one.high - one.low for one in map(measure, (calm, shaken))]
    assert widths[1] > 1.5 * widths[0]


def test_what_tickets_explain_is_no_shock():
    tickets = tickets_of(steady())
    # Every week came out the same in every category: less spread than chance has, and never less than none.
    variance, freedom = _shocks(tickets, np.full(len(tickets), 0.1), tickets.outcome - 0.5)
    assert (variance, freedom) == (0.0, 12 * 3 - 12 - 3)


def test_a_drift_before_the_change_is_seen():
    drifting = outcomes(
        [("password_reset", week + 0.5, 40 + 4 * week, 20 - 4 * week) for week in range(-8, 4)]
        + [(name, week + 0.5, 30, 30) for week in range(-8, 4) for name in ("billing", "refunds")]
    )
    assert pre_trend(tickets_of(drifting)) < 0.001
    assert pre_trend(tickets_of(steady())) == pytest.approx(1.0)
    jumping = steady()
    week = (jumping["created_at"] - CHANGE.released_at) / pd.Timedelta(days=7)
    jumping.loc[week.between(-5, -4) & (jumping["category_id"] == "password_reset"), "outcome"] = False
    assert pre_trend(tickets_of(jumping)) < 0.001


def test_a_stretch_in_which_all_tickets_ended_alike_is_not_certain():
    frame = steady((2, 58))
    week = (frame["created_at"] - CHANGE.released_at) / pd.Timedelta(days=7)
    frame.loc[week.between(-3, -2) & (frame["category_id"] == "password_reset"), "outcome"] = False
    assert pre_trend(tickets_of(frame)) > 0.05


def test_the_check_of_the_weeks_before_cries_wolf_in_one_of_twenty():
    alarms = sum(pre_trend(tickets_of(simulated(seed, tickets_per_week=150))) < 0.05 for seed in range(100))
    assert alarms <= 11  # more would be seen in one of two hundred such hundreds

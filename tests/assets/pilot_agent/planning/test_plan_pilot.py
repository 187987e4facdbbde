"""The plan says what volume can show; figures the field knows by heart come out."""

import numpy as np
import pandas as pd
import pytest

from assets.pilot_agent.planning.plan_pilot import plan_pilot
from assets.pilot_agent.planning.volumes import alike_of, volumes_from_history
from benchmarks.pilot_statistics import Truth, plan, scenarios, simulate

COLUMNS = ["category_id", "tickets_per_week", "tickets_per_requester", "alike"]
RATES = {"resolution_rate": 0.5, "csat": 0.85}
PRIMARY = [
    {"metric": "resolution_rate", "kind": "assumed", "margin": 0.05},
    {"metric": "csat", "margin": 0.05},
    {"metric": "missed_escalation_rate", "against": "limit", "limit": 0.03},
]


def volumes(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)


def one_category(tickets_per_week: float = 2500, tickets_per_requester: float = 1, **changes):
    pilot = plan(**{"rollout_weeks": 2, "primary": PRIMARY, "categories": {"ids": ["only"]}, **changes})
    table = volumes(*((name, tickets_per_week, tickets_per_requester, 0.1) for name in ("over all", "only")))
    return plan_pilot(pilot, table, csat_response_rate=0.15, involvement_rate=1.0, rates=RATES)


def test_ten_thousand_tickets_a_month_show_what_they_are_known_to_show():
    rows = one_category().frame.set_index("metric")
    assert rows.at["resolution_rate", "expected_ai"] == 1000
    assert rows.at["resolution_rate", "half_width"] == pytest.approx(0.031, abs=0.0005)
    assert rows.at["csat", "expected_ai"] == 150
    assert rows.at["csat", "testable"] == pytest.approx(0.08, abs=0.002)
    assert not rows.at["csat", "is_decidable"]
    assert rows.at["resolution_rate", "is_decidable"]


def test_it_is_said_in_words():
    said = " ".join(one_category().sentences)
    assert "CSAT: at 15% response about 150 ratings" in said
    assert (
        "only a margin of 8.1 points is testable. For the registered 5.0 points 6 weeks at this share would be needed"
        in said
    )
    assert "not decidable as registered" in said


def test_the_weeks_it_asks_for_are_enough():
    weeks = int(np.ceil(one_category().frame.set_index("metric").at["csat", "weeks_needed"]))
    assert one_category(rollout_weeks=weeks).is_decidable()
    assert not one_category(rollout_weeks=weeks - 1).is_decidable()


def test_requesters_who_come_back_cost_sample():
    alone, often = (one_category(tickets_per_requester=size).frame for size in (1, 11))
    assert often["design_effect"].iloc[0] == pytest.approx(2.0)
    assert (often["testable"].iloc[:2] > alone["testable"].iloc[:2]).all()


def test_small_categories_are_planned_together_or_called_too_small():
    pilot = plan(primary=PRIMARY, categories={"ids": ["big", "tiny", "wee"], "min_answered": 100})
    table = volumes(("over all", 2100, 1, 0.1), ("big", 2000, 1, 0.1), ("tiny", 60, 1, 0.1), ("wee", 20, 1, 0.1))
    found = plan_pilot(pilot, table, csat_response_rate=0.15, involvement_rate=1.0, rates=RATES)
    assert set(found.frame["group"]) == {"over all", "big", "small categories"}
    assert not found.is_decidable("tiny")
    assert any("too small. About 64 answered tickets where 100 are needed" in sentence for sentence in found.sentences)


def test_a_rate_that_is_nowhere_is_asked_for():
    with pytest.raises(ValueError, match="how good people are in csat is nowhere"):
        plan_pilot(
            plan(primary=PRIMARY, categories={"ids": ["only"]}),
            volumes(("over all", 500, 1, 0.1), ("only", 500, 1, 0.1)),
            csat_response_rate=0.15, involvement_rate=1.0, rates={"resolution_rate": 0.5},
        )  # fmt: skip
    with pytest.raises(ValueError, match="no volume for other"):
        plan_pilot(
            plan(categories={"ids": ["other"]}), volumes(("over all", 500, 1, 0.1)),
            csat_response_rate=0.15, involvement_rate=1.0, rates=RATES,
        )  # fmt: skip


def test_a_frozen_baseline_limits_what_any_sample_can_show():
    primary = [{**PRIMARY[0], "against": "baseline"}, PRIMARY[2]]
    base = {"metric": "resolution_rate", "kind": "assumed", "window_start": "2025-10-01", "window_end": "2025-12-31"}
    few, many = (
        one_category(primary=primary, baselines=[{**base, "numerator": n // 2, "denominator": n}]).frame.iloc[0]
        for n in (100, 100_000)
    )
    assert np.isinf(few["weeks_needed"])
    assert "no length of pilot decides that" in few["sentence"]
    assert many["is_decidable"]


def test_planned_power_is_what_simulated_pilots_reach():
    pilot, truth = scenarios()["margin_one_category"].plan, Truth(categories=(("only", 1.0),), icc=0.1, tail=2.5)
    history = simulate(
        np.random.default_rng(1), Truth(weeks=12, share=0, icc=0.1, tail=2.5, categories=truth.categories)
    )
    history["category_id"] = history["category_id"].astype(str)
    as_of = pd.Timestamp("2026-01-19", tz="UTC") + pd.Timedelta(weeks=12)
    table = volumes_from_history(history, as_of, weeks=4)
    assert table["tickets_per_week"].tolist() == pytest.approx([2500, 2500], rel=0.02)
    assert table["tickets_per_requester"].iloc[0] > 1.3
    planned = plan_pilot(
        pilot, table, csat_response_rate=0.15, involvement_rate=0.8, rates={"resolution_rate": 0.7, "csat": 0.8}
    )
    assert planned.is_decidable()
    assert planned.is_decidable("only")


def test_history_too_short_for_a_window_is_refused():
    tickets = pd.DataFrame(
        {"requester_id": ["a"], "category_id": ["x"], "created_at": [pd.Timestamp("2026-01-01", tz="UTC")]}
    )
    with pytest.raises(ValueError, match="holds no 4 whole weeks"):
        volumes_from_history(tickets, pd.Timestamp("2026-01-10", tz="UTC"), weeks=4)


def test_likeness_is_seen_and_never_taken_below_its_floor():
    requesters = np.repeat(np.arange(400), 5)
    assert alike_of(np.repeat(np.arange(400) % 2, 5), requesters) == pytest.approx(1.0, abs=0.02)
    assert alike_of(np.tile([0, 1, 0, 1, 0], 400), requesters) == 0.1

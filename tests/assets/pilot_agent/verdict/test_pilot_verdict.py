"""The verdict on pilots whose truth is known: each rule by itself, and in words."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from assets.pilot_agent.verdict.looks import Look
from assets.pilot_agent.verdict.outcomes import OutcomesError
from assets.pilot_agent.verdict.pilot_verdict import judge_pilot
from benchmarks.pilot_statistics import SEQUENTIAL, Truth, as_of, plan, simulate

CATEGORIES = (("good", 0.5), ("bad", 0.48), ("tiny", 0.02))
MIXED = Truth(difference=0.08, own=(("bad", -0.2),), categories=CATEGORIES, tickets_per_week=3000, missed=0.001)
GOOD = replace(MIXED, own=())
SCOPE = {"categories": {"ids": [name for name, _ in CATEGORIES], "min_answered": 150}}


def outcomes(truth: Truth, seed: int = 0) -> pd.DataFrame:
    return simulate(np.random.default_rng(seed), truth)


def verdict(truth: Truth, weeks: int = 4, seed: int = 0, looks=(), **changes):
    pilot = plan(**{**SCOPE, **changes})
    return judge_pilot(outcomes(truth, seed), pilot, as_of(pilot, weeks), looks)


def groups(found) -> dict[str, str]:
    return found.verdicts.set_index("group")["verdict"].to_dict()


def test_a_good_a_bad_and_a_too_small_category_are_told_apart():
    found = verdict(MIXED)
    assert groups(found) == {"over all": "hold", "good": "expand", "bad": "roll_back", "tiny": "keep_collecting"}
    said = {sentence.split(":")[0]: sentence for sentence in found.sentences}
    assert "shown to be worse than that" in said["bad"]
    assert "Too little to judge" in said["tiny"]
    assert "150 are needed" in said["tiny"]
    assert "weeks at this pace" in found.verdicts.set_index("group").at["tiny", "would_decide"]


def test_a_good_agent_is_expanded_with_the_numbers_behind_it():
    found = verdict(GOOD)
    assert groups(found)["over all"] == "expand"
    rows = found.conditions[found.conditions["group"] == "over all"].set_index("metric")
    assert rows["holds"].all()
    assert list(rows.index) == ["resolution_rate", "missed_escalation_rate", "csat"]
    row = rows.loc["resolution_rate"]
    assert row["low"] < row["difference"] < row["high"]
    assert row["low"] > row["bar"] == -0.05
    assert row["ai_rate"] == row["ai_numerator"] / row["ai_denominator"]
    assert row["p_value"] <= row["p_needed"] < 0.05


@pytest.mark.parametrize("weeks", [0, 1, 2, 3])
def test_nothing_is_said_before_the_registered_end(weeks):
    found = verdict(GOOD, weeks)
    assert set(groups(found).values()) == {"keep_collecting"}
    assert found.looks == ()
    assert not found.conditions["is_tested"].any()
    assert found.conditions["p_value"].isna().all()


def test_outcomes_must_have_settled():
    pilot = plan(**SCOPE)
    early = as_of(pilot, 4) - pd.Timedelta(days=1)
    assert judge_pilot(outcomes(GOOD), pilot, early).verdict_of() == "keep_collecting"


def test_asking_later_changes_nothing_a_fixed_plan_decided():
    one_more_year = replace(GOOD, weeks=20)
    frame, pilot = outcomes(one_more_year), plan(**SCOPE)
    then, later = (judge_pilot(frame, pilot, as_of(pilot, weeks)) for weeks in (4, 20))
    decided = then.verdicts[then.verdicts["is_final"]].set_index("group")
    assert len(decided) >= 3
    again = later.verdicts.set_index("group").loc[decided.index]
    pd.testing.assert_frame_equal(decided, again)


def test_a_small_category_is_judged_once_its_sample_is_there():
    frame, pilot = outcomes(replace(GOOD, weeks=20)), plan(**SCOPE)
    later = judge_pilot(frame, pilot, as_of(pilot, 20)).verdicts.set_index("group").loc["tiny"]
    assert later["verdict"] != "keep_collecting"
    assert 4 < later["after_weeks"] <= 20


def test_small_categories_are_judged_together():
    truth = replace(
        GOOD, categories=(("good", 0.88), ("one", 0.04), ("two", 0.04), ("three", 0.04)), tickets_per_week=6000
    )
    scope = {"categories": {"ids": ["good", "one", "two", "three"], "min_answered": 250}}
    found = verdict(truth, **scope).verdicts.set_index("group")
    assert set(found.loc[["one", "two", "three"], "judged_as"]) == {"small categories"}
    assert found.loc[["one", "two", "three"], "verdict"].nunique() == 1
    assert "Judged together with" in found.at["one", "reason"]


def test_shrinking_holds_back_the_one_that_falls_short_and_carries_nobody_further():
    categories = (("good", 0.88), ("one", 0.04), ("two", 0.04), ("three", 0.04))
    truth = replace(GOOD, difference=0.2, own=(("three", -0.3),), categories=categories, tickets_per_week=10000)
    scope = {"ids": [name for name, _ in categories], "min_answered": 400}
    pooled = groups(verdict(truth, categories=scope, seed=2))
    shrunk = groups(verdict(truth, categories={**scope, "small": "shrink"}, seed=2))
    assert pooled["three"] == pooled["one"]
    order = {"roll_back": 0, "keep_collecting": 1, "hold": 1, "expand": 2}
    assert all(order[shrunk[name]] <= order[pooled[name]] for name in pooled)
    assert (pooled["three"], shrunk["three"]) == ("expand", "hold")
    assert shrunk["one"] == "expand"


def test_clear_harm_ends_the_rollout_in_its_first_weeks():
    found = verdict(replace(GOOD, incorrect=0.3), weeks=1)
    assert groups(found)["over all"] == "roll_back"
    row = found.verdicts.set_index("group").loc["over all"]
    assert row["cause"] == "safety"
    assert row["after_weeks"] == 1
    assert "the safety rule ends it" in row["reason"]


def test_one_harmful_category_does_not_end_the_others():
    frame = outcomes(GOOD)
    is_bad = (frame["category_id"] == "bad").to_numpy() & frame["is_involved"].to_numpy()
    frame["review"] = frame["review"].astype("object")
    frame.loc[is_bad & (np.arange(len(frame)) % 3 == 0), "review"] = "incorrect"
    pilot = plan(**SCOPE)
    found = groups(judge_pilot(frame, pilot, as_of(pilot, 4)))
    assert found["bad"] == "roll_back"
    assert found["good"] == "expand"
    assert found["over all"] == "hold"


def test_what_is_not_shown_is_held_with_the_sample_that_would_decide():
    found = verdict(replace(GOOD, difference=-0.03), seed=1).verdicts.set_index("group").loc["over all"]
    assert found["verdict"] == "hold"
    assert "not shown" in found["reason"]
    assert "A pilot registered anew: resolution: about" in found["would_decide"]


def test_an_unproved_gate_holds_everything():
    found = verdict(replace(GOOD, csat_difference=-0.12))
    assert "expand" not in groups(found).values()
    good = found.verdicts.set_index("group").loc["good"]
    assert good["cause"] in ("gate", "harm_over_all")


@pytest.mark.parametrize(
    ("column", "says"),
    [
        ("review", "of the answers are tagged"),
        ("is_resolved", "in the control arm is known"),
        ("csat_positive", "0 ratings"),
    ],
)
def test_unknown_outcomes_are_too_little(column, says):
    frame, pilot = outcomes(GOOD), plan(**SCOPE)
    frame[column] = frame[column].astype("object")
    frame.loc[frame.index % 2 == 0 if column != "csat_positive" else frame.index >= 0, column] = None
    found = judge_pilot(frame, pilot, as_of(pilot, 4))
    assert found.verdict_of() == "keep_collecting"
    assert says in found.sentences[0]


def test_a_sequential_plan_stops_early_only_at_its_looks():
    strong = replace(GOOD, difference=0.15, tickets_per_week=5000)
    assert verdict(strong, 1, **SEQUENTIAL).verdict_of() == "keep_collecting"
    second = verdict(strong, 2, **SEQUENTIAL)
    assert second.verdict_of() == "expand"
    assert (second.looks[-1].week, second.looks[-1].verdicts["over all"]) == (2, "expand")


def test_what_a_recorded_look_decided_stands():
    recorded = [Look(2, {"over all": "expand", "good": "hold"})]
    found = groups(verdict(replace(GOOD, difference=-0.2), 4, looks=recorded, **SEQUENTIAL))
    assert found["over all"] == "expand"
    assert found["good"] == "hold"
    assert found["bad"] == "roll_back"


def test_a_recorded_look_that_decided_nothing_is_not_made_again():
    strong = replace(GOOD, difference=0.15, tickets_per_week=5000)
    found = verdict(strong, 3, looks=[Look(2)], **SEQUENTIAL).verdicts.set_index("group")
    assert found.at["over all", "after_weeks"] == 3


def test_one_category_is_the_whole_agent():
    truth = replace(GOOD, categories=(("only", 1.0),))
    found = verdict(truth, categories={"ids": ["only"]})
    assert groups(found) == {"over all": "expand", "only": "expand"}


def test_against_a_baseline_the_agents_own_work_counts():
    base = {
        "metric": "resolution_rate", "kind": "assumed", "numerator": 7000, "denominator": 10_000,
        "window_start": "2025-10-01", "window_end": "2025-12-31",
    }  # fmt: skip
    primary = [
        {"metric": "resolution_rate", "kind": "assumed", "against": "baseline", "margin": 0.05},
        {"metric": "missed_escalation_rate", "against": "limit", "limit": 0.03},
    ]
    found = verdict(replace(GOOD, difference=0.29), primary=primary, baselines=[base])
    row = found.conditions[found.conditions["group"] == "over all"].set_index("metric").loc["resolution_rate"]
    frame = outcomes(replace(GOOD, difference=0.29))
    assert row["ai_denominator"] == frame["is_involved"].sum()
    assert row["reference_rate"] == 0.7
    assert found.verdict_of() == "expand"


def test_who_cannot_be_compared_is_set_aside_and_said():
    frame, pilot = outcomes(GOOD), plan(**SCOPE)
    frame["requester_id"] = frame["requester_id"].astype("object")
    frame.loc[frame.index[:5], "requester_id"] = None
    frame.loc[frame.index[5:8], "created_at"] = pd.Timestamp("2026-01-01", tz="UTC")
    frame["category_id"] = frame["category_id"].astype(str)
    frame.loc[frame.index[8:10], "category_id"] = "elsewhere"
    notes = " ".join(judge_pilot(frame, pilot, as_of(pilot, 4)).notes)
    assert "5 tickets are of unknown requesters" in notes
    assert "3 tickets came in before the rollout" in notes
    assert "2 tickets are of categories out of scope" in notes


def test_an_empty_pilot_keeps_collecting():
    pilot = plan(**SCOPE)
    found = judge_pilot(outcomes(GOOD).iloc[:0], pilot, as_of(pilot, 4))
    assert set(groups(found).values()) == {"keep_collecting"}
    with pytest.raises(OutcomesError, match="no time zone"):
        judge_pilot(outcomes(GOOD), pilot, pd.Timestamp("2026-03-01"))

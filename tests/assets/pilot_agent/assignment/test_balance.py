"""Realised share and balance: luck is not an alarm, and a fault is."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.multitest import multipletests

from assets.pilot_agent.assignment.assign_rollout import assign_rollout
from assets.pilot_agent.assignment.balance import balance
from assets.pilot_agent.assignment.realised_share import realised_share, share_by_week
from benchmarks.pilot_statistics import imbalance_alarms

IDS = [f"r{number}" for number in range(3000)]


def tickets(seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    repeats = np.minimum(40, np.floor(rng.random(len(IDS)) ** -0.5)).astype(int)
    frame = pd.DataFrame({"requester_id": np.repeat(IDS, repeats)})
    frame["arm"] = np.where(assign_rollout(frame["requester_id"], "salt", 0.2), "ai", "control")
    frame["plan"] = np.repeat(rng.choice(["free", "pro"], len(IDS), p=[0.7, 0.3]), repeats)
    frame["language"] = rng.choice(["en", "de", "fi"], len(frame), p=[0.7, 0.2995, 0.0005])
    frame["channel"] = None
    frame["week"] = rng.integers(0, 3, len(frame))
    return frame


def test_a_fair_draw_is_balanced_and_its_share_is_as_wanted():
    frame = tickets()
    found = balance(frame)
    assert found["is_balanced"].all()
    assert set(found.loc[found["covariate"] == "language", "value"]) == {"de", "en", "other"}
    theirs = multipletests(found.drop_duplicates("covariate")["p_value"], method="holm")[1]
    assert found.drop_duplicates("covariate")["p_corrected"].tolist() == pytest.approx(theirs)
    assert (found.loc[found["covariate"] == "channel", "sentence"] == "channel: nothing to compare.").all()
    share = realised_share(frame, 0.2)
    assert share.is_as_drawn
    assert share.tickets.denominator == len(frame)
    assert "were to be" in share.sentence
    weeks = share_by_week(frame)
    assert weeks["denominator"].sum() == len(frame)
    assert ((weeks["low"] < weeks["rate"]) & (weeks["rate"] < weeks["high"])).all()


def test_tickets_that_bypass_the_draw_are_found():
    frame = tickets()
    lost = (frame["arm"] == "ai") & (frame["plan"] == "pro") & (np.arange(len(frame)) % 3 > 0)
    found = balance(frame[~lost])
    plan = found[found["covariate"] == "plan"]
    assert not plan["is_balanced"].any()
    assert "more than chance explains" in plan["sentence"].iloc[0]
    assert found[found["covariate"] == "language"]["is_balanced"].all()
    assert not realised_share(frame, 0.15).is_as_drawn
    assert "chance does not explain" in realised_share(frame, 0.15).sentence


def test_one_busy_requester_is_one_draw_and_no_alarm():
    frame = tickets()
    busy = pd.DataFrame({"requester_id": ["busy"] * 400, "arm": "ai", "plan": "pro", "language": "en", "channel": None})
    found = balance(pd.concat([frame, busy]), ["plan"])
    assert found["is_balanced"].all()
    assert found["design_effect"].iloc[0] > 5


def test_false_alarms_are_as_rare_as_stated_with_requesters_who_come_back():
    found = imbalance_alarms(seed=3, draws=120)
    assert found["clustered"]["low"] <= 0.05
    assert found["requesters_ignored"]["low"] > 0.2


def test_unknown_requesters_are_counted_apart_and_mixed_arms_refused():
    frame = tickets()
    with_unknown = pd.concat([frame, pd.DataFrame({"requester_id": [None, ""], "arm": "control"})])
    assert realised_share(with_unknown, 0.2).count_unknown == 2
    with pytest.raises(ValueError, match="1 requesters are in both arms"):
        realised_share(pd.DataFrame({"requester_id": ["a", "a"], "arm": ["ai", "control"]}), 0.2)


def test_nothing_is_no_alarm():
    empty = pd.DataFrame({"requester_id": [None], "arm": ["control"]})
    assert realised_share(empty, 0.2).sentence.startswith("No ticket of a known requester")


def test_arms_that_share_no_value_at_all_differ_unless_it_is_one_requester():
    def plan_of(*who: tuple[str, str, str, int]) -> bool:
        rows = [(name, arm, value) for name, arm, value, count in who for _ in range(count)]
        frame = pd.DataFrame(rows, columns=["requester_id", "arm", "plan"])
        return bool(balance(frame, ["plan"])["is_balanced"].all())

    control = [(f"c{number}", "control", "pro", 1) for number in range(60)]
    assert plan_of(*control, ("a", "ai", "free", 20))
    assert not plan_of(*control, *((f"a{number}", "ai", "free", 1) for number in range(20)))
    assert plan_of(*control, *((f"a{number}", "ai", "pro", 1) for number in range(20)))

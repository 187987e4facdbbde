"""What counts in every metric, ticket by ticket."""

import pandas as pd
import pytest

from assets.pilot_agent.verdict.metrics import handle_time, rates
from assets.pilot_agent.verdict.outcomes import OutcomesError, read_outcomes

COLUMNS = [
    "arm", "is_involved", "is_resolved", "is_false_resolution", "csat_positive", "should_escalate", "is_escalated", "review",
]  # fmt: skip
ROWS = [
    # arm, involved, resolved, false resolution, csat, should escalate, escalated, review
    ("ai", True, True, False, True, False, False, "correct"),
    ("ai", True, True, True, False, True, False, "incorrect"),
    ("ai", True, True, None, None, True, True, "needs_improvement"),  # resolved, but by a person
    ("ai", True, None, None, None, None, False, None),  # not known yet
    ("ai", True, None, None, None, False, True, "correct"),  # handed over: not resolved by the agent, known at once
    ("ai", False, True, None, True, None, False, None),  # a person answered inside the agent's arm
    ("control", False, True, False, True, None, False, None),
    ("control", False, False, None, None, None, False, None),
    ("control", False, True, True, False, None, False, None),
]


def frame() -> pd.DataFrame:
    outcomes = pd.DataFrame(ROWS, columns=COLUMNS)
    for name in ("is_resolved", "is_false_resolution", "csat_positive", "should_escalate"):
        outcomes[name] = outcomes[name].astype("boolean")
    outcomes["ticket_id"] = [f"t{number}" for number in range(len(ROWS))]
    outcomes["requester_id"] = [f"r{number}" for number in range(len(ROWS))]
    outcomes["category_id"] = ["reset"] * 4 + ["invoice"] * 2 + ["reset"] * 3
    outcomes["created_at"] = pd.date_range("2026-01-19", periods=len(ROWS), freq="8h", tz="UTC")
    return outcomes


def counts(arm: str, **options) -> dict[str, tuple[int, int]]:
    found = rates(frame(), **options)
    found = found[found["arm"] == arm]
    return {row.metric: (row.numerator, row.denominator) for row in found.itertuples()}


def test_the_agents_own_rates():
    assert counts("ai") == {
        "involvement_rate": (5, 6),
        "resolution_rate": (2, 4),
        "automation_rate": (2, 5),
        "false_resolution_rate": (1, 2),
        "escalation_rate": (2, 5),
        "missed_escalation_rate": (1, 4),
        "csat": (1, 2),
        "csat_response_rate": (3, 6),
        "answer_quality": (2, 4),
        "answer_needs_improvement_rate": (1, 4),
        "answer_incorrect_rate": (1, 4),
        "review_share": (4, 5),
    }


def test_as_assigned_takes_every_ticket_of_the_arm():
    found = counts("ai", as_assigned=True)
    assert found["resolution_rate"] == (4, 4)
    assert found["csat"] == (2, 3)
    assert found["false_resolution_rate"] == (1, 2)


def test_people_have_only_what_people_do():
    assert counts("control") == {
        "resolution_rate": (2, 3),
        "false_resolution_rate": (1, 2),
        "csat": (1, 2),
        "csat_response_rate": (2, 3),
    }


def test_rates_are_cut_by_day_and_category_with_window_and_interval():
    outcomes = frame()
    outcomes["day"] = outcomes["created_at"].dt.floor("D")
    found = rates(outcomes, ("day", "category_id"), ["csat_response_rate"])
    assert found["denominator"].sum() == len(ROWS)
    assert ((found["low"] <= found["rate"]) & (found["rate"] <= found["high"])).all()
    assert (found["window_start"].dt.floor("D") == found["day"]).all()
    assert (found["window_end"] >= found["window_start"]).all()


def test_one_busy_requester_widens_the_interval():
    outcomes = pd.concat([frame()] * 20, ignore_index=True)
    outcomes["ticket_id"] = [f"t{number}" for number in range(len(outcomes))]
    row = rates(outcomes, metrics=["csat"]).iloc[0]
    assert (row["denominator"], row["count_requesters"]) == (40, 2)
    assert row["high"] - row["low"] > 0.5


def test_handle_time_is_a_mean_by_arm_and_absent_where_nobody_measured():
    outcomes = frame()
    assert handle_time(read_outcomes(outcomes)).empty
    outcomes["handle_minutes"] = [10.0, None, 30, None, None, 20, 5, 6, 7]
    found = handle_time(read_outcomes(outcomes)).set_index("arm")
    assert found.at["ai", "mean_minutes"] == 20
    assert found.at["ai", "low"] < 20 < found.at["ai", "high"]
    assert found.at["control", "denominator"] == 3


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("arm", "AI", "arm 'AI' is neither"),
        ("ticket_id", "t1", "ticket t1 occurs more than once"),
        ("review", "great", "review 'great' is none of"),
        ("is_involved", None, "is_involved is empty"),
    ],
)
def test_what_cannot_be_judged_is_refused(column, value, says):
    outcomes = frame()
    outcomes[column] = outcomes[column].astype("object")
    outcomes.loc[0, column] = value
    with pytest.raises(OutcomesError, match=says):
        read_outcomes(outcomes)


def test_missing_columns_and_naive_times_are_named():
    with pytest.raises(OutcomesError, match="lack the columns review"):
        read_outcomes(frame().drop(columns="review"))
    outcomes = frame()
    outcomes["created_at"] = outcomes["created_at"].dt.tz_localize(None)
    with pytest.raises(OutcomesError, match="no time zone"):
        read_outcomes(outcomes)


@pytest.mark.parametrize("kind", ["object", "str", "string"])
def test_empty_and_null_requesters_are_unknown_and_one_each(kind):
    outcomes = frame()
    ids = pd.Series(["a", "a", "", None, "b", "", "c", "d", "e"], dtype=kind)
    outcomes["requester_id"] = ids
    data = read_outcomes(outcomes)
    assert data.is_drawable.tolist() == [True, True, False, False, True, False, True, True, True]
    assert len(set(data.requester)) == 8

"""``pilot_metrics`` as published: every cut, both readings, each kind of resolution; and dbt's days beside it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from assets.pilot_agent.verdict.clustered_rates import tally, wilson
from assets.pilot_agent.verdict.daily_counts import differing_counts
from assets.pilot_agent.verdict.metrics import METRICS
from assets.pilot_agent.verdict.outcomes import OutcomesError
from assets.pilot_agent.verdict.pilot_metrics import AT_ONCE, COLUMNS, HANDLE_TIME, pilot_metrics
from tests.assets.pilot_agent.verdict.answered_tickets import answered, fct

HAND_OVER = {"is_involved": False, "is_escalated": True, "action": "escalate", "escalation_reason": "a refund"}
AFTERWARDS = {"is_escalated": True, "escalation_reason": "person_replied"}
FRAME = fct(
    answered(1, review="correct", should_escalate=False, is_resolved_verified=True, csat_positive=True),
    answered(2, review="incorrect", should_escalate=True, is_resolved_verified=False, is_resolved_assumed=False),
    answered(3, category_id="billing", plan="free", **AFTERWARDS),
    answered(4, category_id="billing", **HAND_OVER),
    answered(5, category_id=None, **{**HAND_OVER, "escalation_reason": "a lawyer"}),
    answered(6, is_resolved_assumed=None),
    answered(7, "control", csat_positive=False, language="de"),
    answered(8, "control", category_id="billing", is_resolved_assumed=False),
    answered(9, "control", week=1),
    answered(10, None, action="draft", review="correct", category_id="billing"),
    answered(11, None, action="escalate"),
)
FOUND = pilot_metrics(FRAME)


def counts(frame: pd.DataFrame = FOUND, **where: object) -> dict[str, tuple[int, int]]:
    """(numerator, denominator) by metric of the rows that fit."""
    wanted = {"phase": "rollout", "cut": "all", "arm": "ai", "as_assigned": False, **where}
    part = frame
    for name, value in wanted.items():
        part = part[part[name] == value]
    assert part["metric"].is_unique
    return {row.metric: (int(row.numerator), int(row.denominator)) for row in part.itertuples()}


def test_over_all_by_what_the_agent_did_alone():
    assert counts() == {
        "involvement_rate": (4, 6), "escalation_rate": (1, 4), "missed_escalation_rate": (1, 2), "csat": (1, 1),
        "csat_response_rate": (1, 6), "answer_quality": (1, 2), "answer_needs_improvement_rate": (0, 2),
        "answer_incorrect_rate": (1, 2), "review_share": (2, 4),
        "resolution_rate_assumed": (1, 3), "automation_rate_assumed": (1, 5),
        "resolution_rate_confirmed": (0, 4), "automation_rate_confirmed": (0, 6),
        "resolution_rate_verified": (1, 3), "automation_rate_verified": (1, 5),
    }  # fmt: skip


def test_as_assigned_counts_everybody_of_both_arms():
    ai, control = (counts(as_assigned=True, arm=arm) for arm in ("ai", "control"))
    assert (ai["resolution_rate_assumed"], control["resolution_rate_assumed"]) == ((4, 5), (2, 3))
    assert (ai["csat"], control["csat"]) == ((1, 1), (0, 1))
    assert (ai["handle_time_minutes"], control["handle_time_minutes"]) == ((60, 6), (30, 3))
    assert "answer_quality" not in control


def test_kinds_of_resolution_never_share_a_name():
    assert not {"resolution_rate", "automation_rate", "false_resolution_rate"} & set(FOUND["metric"])


@pytest.mark.parametrize(
    ("cut", "values"),
    [
        ("category", {"login", "billing"}),
        ("plan", {"pro", "free"}),
        ("language", {"en", "de"}),
        ("channel", {"email"}),
        ("week", {"0", "1"}),
        ("day", {"2026-03-16"}),
        ("category_day", {"2026-03-16"}),
        ("category_week", {"0", "1"}),
    ],
)
def test_every_cut_has_its_values_and_its_tickets_add_up(cut, values):
    part = FOUND[(FOUND["phase"] == "rollout") & (FOUND["cut"] == cut) & (FOUND["metric"] == "csat_response_rate")]
    part = part[~part["as_assigned"]]
    assert set(part["value"]) == values
    # A ticket that resembles no category is in no row by category, and in every other cut.
    assert part["denominator"].sum() == (8 if cut.startswith("category") else 9)
    assert set(part["category_id"]) == ({"login", "billing"} if cut.startswith("category") else {"all"})
    if cut == "category":
        assert (part["category_id"] == part["value"]).all()


def test_reasons_of_those_handed_over_are_counted_out_of_what_they_were_handed_over_from():
    part = FOUND[FOUND["cut"] == "reason"].set_index(["metric", "value"])
    found = {key: (int(row["numerator"]), int(row["denominator"])) for key, row in part.iterrows()}
    assert found == {
        ("escalation_rate", "person_replied"): (1, 4),
        (AT_ONCE, "a refund"): (1, 6),
        (AT_ONCE, "a lawyer"): (1, 6),
    }


def test_shadow_is_a_phase_of_its_own_and_says_nothing_of_resolution():
    found = counts(phase="shadow")
    assert found["escalation_rate"] == (1, 2)
    assert found["answer_quality"] == (1, 1)
    assert found["review_share"] == (1, 2)
    assert not [name for name in found if "resolution" in name or name == "csat"]


def test_every_rate_has_window_interval_and_effective_sample():
    row = FOUND[(FOUND["metric"] == "involvement_rate") & (FOUND["cut"] == "all") & (FOUND["phase"] == "rollout")].iloc[
        0
    ]
    hits = np.array([True, True, True, False, False, True])
    assert (row["low"], row["high"]) == pytest.approx(wilson(tally(hits, np.arange(6))))
    drawn = FRAME[FRAME["arm"].notna()]["created_at"]
    assert (row["window_start"], row["window_end"]) == (drawn.min(), drawn.max())
    assert row["count_requesters"] == 6
    one_person = FRAME.assign(requester_id="same")
    assert pilot_metrics(one_person)["design_effect"].max() > 1


def test_an_empty_frame_is_as_typed_as_a_full_one():
    empty = pilot_metrics(fct())
    assert list(FOUND.columns) == list(COLUMNS)
    assert empty.empty
    assert dict(empty.dtypes) == dict(FOUND.dtypes)
    assert dict(pilot_metrics(fct(answered(1, None))).dtypes) == dict(FOUND.dtypes)


def test_handle_time_is_a_mean_of_minutes():
    slow = fct(*(answered(number, handle_time_minutes=float(number)) for number in range(1, 5)), answered(9, "control"))
    part = pilot_metrics(slow)
    part = part[(part["metric"] == HANDLE_TIME) & (part["cut"] == "all")]
    assert part[["arm", "rate", "numerator", "denominator"]].to_numpy().tolist() == [["ai", 2.5, 10, 4]]
    assert (part["low"] < 2.5).all()
    assert (part["high"] > 2.5).all()


def test_a_ticket_that_occurs_twice_is_refused():
    with pytest.raises(OutcomesError, match="t1 occurs more than once"):
        pilot_metrics(fct(answered(1), answered(1)))


def days(frame: pd.DataFrame) -> pd.DataFrame:
    """``fct_pilot_daily`` in the columns compared, counted anew by day and category."""
    from assets.pilot_agent.verdict.outcomes import read_outcomes
    from assets.pilot_agent.verdict.outcomes_of_answers import rollout_outcomes

    data = read_outcomes(rollout_outcomes(frame))
    table = data.frame[["day", "category_id", "arm"]].copy()
    table["category_id"] = table["category_id"].astype("object").where(table["category_id"].notna(), None)
    doubled = ("resolution_rate", "false_resolution_rate", "missed_escalation_rate", "csat")
    for metric, count in METRICS.items():
        for suffix, as_assigned in (("", False), *((("_as_assigned", True),) if metric in doubled else ())):
            part, hits = count(data, as_assigned)
            table[f"{metric}{suffix}_denominator"] = part
            table[f"{metric}{suffix}_numerator"] = part & hits
    return table.groupby(["day", "category_id", "arm"], dropna=False).sum().reset_index()


DAYS = days(FRAME)


def test_rates_made_of_the_days_counts_agree_with_them():
    assert differing_counts(FOUND, DAYS, "assumed") == []
    assert differing_counts(pilot_metrics(fct()), days(fct(answered(1))).iloc[:0], "assumed") == []


def test_another_kind_of_resolution_than_the_registered_differs():
    found = differing_counts(FOUND, DAYS, "confirmed")
    assert any(one.startswith("resolution_rate_confirmed, ai, all: 0/4 published, 1/3 by day") for one in found)
    assert not [one for one in found if one.startswith(("csat", "involvement"))]


def test_a_day_counted_otherwise_is_named_over_all_and_in_its_category():
    wrong = DAYS.copy()
    wrong.loc[(wrong["category_id"] == "login") & (wrong["arm"] == "ai"), "csat_denominator"] += 1
    assert differing_counts(FOUND, wrong, "assumed") == [
        "csat, ai, all: 1/1 published, 1/2 by day",
        "csat, ai, login: 1/1 published, 1/2 by day",
    ]


def test_what_only_one_side_has_is_named():
    without = DAYS[DAYS["category_id"] != "billing"]
    found = differing_counts(FOUND, without, "assumed")
    assert "escalation_rate, ai, billing: 1/1 published, 0/0 by day" in found
    silent = FOUND[FOUND["category_id"] != "billing"]
    found = differing_counts(silent, DAYS, "assumed")
    assert "escalation_rate, ai, billing: 0/0 published, 1/1 by day" in found

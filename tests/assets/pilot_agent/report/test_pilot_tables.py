"""Which rows are shown, and which of several versions of a plan the page is about."""

import pandas as pd
import pytest

from assets.pilot_agent.report.metric_tables import Measured
from assets.pilot_agent.report.pilot_findings import PilotFindings, shown_plan, stage_of
from assets.pilot_agent.report.pilot_tables import condition_groups, counted, result_of, sentences
from desk.pilot import pilot_hash
from tests.assets.pilot_agent.report.invented_pilot import NAMES, findings, plan, plan_frame


def test_a_condition_over_all_categories_is_listed_once():
    groups = {one["name"]: one for one in condition_groups(findings("judged"))}
    assert [row["label"] for row in groups["csat_against_control"]["rows"]] == ["Over all"]
    labels = [row["label"] for row in groups["resolution_rate_against_control"]["rows"]]
    assert labels[0] == "Over all"
    assert sorted(labels[1:]) == sorted(NAMES.values())


def test_categories_judged_together_share_one_row_that_names_them():
    found = findings("judged")
    small = found.conditions["group"].isin(["data_export", "invoice_copy"])
    # What a pool publishes: each member with the pool's figures.
    pooled = found.conditions.assign(judged_as=found.conditions["judged_as"].mask(small, "small categories"))
    [group] = [one for one in condition_groups(PilotFindings(conditions=pooled, category_names=NAMES))
               if one["name"] == "resolution_rate_against_control"]  # fmt: skip
    assert [row["label"] for row in group["rows"]] == ["Over all", "Small categories", "Password reset"]
    assert group["members"] == "Export of data, Copy of an invoice"


@pytest.mark.parametrize(
    ("is_tested", "holds", "is_broken", "result"),
    [
        (False, True, False, "untested"),
        (True, True, False, "good"),
        (True, False, True, "worse"),
        (True, False, False, "open"),
    ],
)
def test_a_result_is_what_was_tested(is_tested, holds, is_broken, result):
    assert result_of({"is_tested": is_tested, "holds": holds, "is_broken": is_broken}) == result


def test_rare_reasons_are_counted_together():
    rows = counted(pd.Series([f"reason {place}" for place in range(10)] + ["often"] * 5))
    assert rows[0] == {"name": "often", "count": "5 of 15"}
    assert rows[-1] == {"name": "3 other reasons", "count": "3 of 15"}


def test_the_plan_that_runs_is_shown_and_not_the_one_that_was_written_since():
    old, new = plan(), plan(alpha=0.1)
    registered = pilot_hash(old)
    plans = pd.concat(
        [plan_frame(old, "rollout").assign(is_current=False), plan_frame(new, "rollout", registered)], ignore_index=True
    )
    shown = shown_plan(plans)
    assert (shown.pilot_hash, shown.pilot.alpha, shown.was_changed) == (registered, 0.05, True)
    assert shown_plan(plan_frame(old, "rollout")).was_changed is False
    assert shown_plan(plan_frame(old, "planned")).is_signed is False


def test_rollout_begins_with_a_share_and_not_with_a_date():
    late = plan_frame(plan(), "judged").assign(share_now=None)
    assert stage_of(shown_plan(late), findings("nothing").verdict) == "shadow"
    assert stage_of(shown_plan(late.assign(share_now=0.0)), findings("nothing").verdict) == "rollout"


def test_weeks_come_in_their_order_and_shadow_before_them():
    measured = Measured(findings("judged").metrics, "assumed")
    assert list(measured.weeks("answer_incorrect_rate", "ai")["label"]) == [
        "shadow 1", "shadow 2", "1", "2", "3", "4", "5",
    ]  # fmt: skip
    assert list(measured.weeks("escalation_rate", "ai")["label"]) == ["1", "2", "3", "4", "5"]
    assert "week 1" in [row["value"] for row in measured.cuts({})[-1]["rows"]]


def test_the_registered_kind_is_the_one_compared_with_people():
    metrics = findings("judged").metrics
    columns = Measured(metrics, "confirmed").cuts({})[0]["columns"]
    assert "Resolved, confirmed, people" in columns
    assert Measured(metrics, "confirmed").is_registered("resolution_rate_confirmed")


def test_a_balance_begins_with_a_capital_and_a_file_keeps_its_name():
    rows = [("spring", "balance", "plan: balanced."), ("spring", "plan", "pilot.yaml is not signed.")]
    notes = pd.DataFrame(rows, columns=["pilot_id", "kind", "sentence"])
    assert sentences(notes, "balance", "plan") == ["Plan: balanced.", "pilot.yaml is not signed."]

"""``understudy pilot`` before it begins: a plan, what it can show, baselines, signatures."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
import yaml

from desk.loading import load_pilot
from orchestration.lake import write_parquet
from tests.orchestration.pilot_lakes import (
    HEAD,
    LEAD,
    START,
    WHY,
    alone,
    edit,
    history,
    lake_of,
    make,
    make_planned,
    run,
)


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Path:
    alone(monkeypatch)
    return make(tmp_path)


@pytest.fixture
def planned(tmp_path, monkeypatch) -> Path:
    alone(monkeypatch)
    return make_planned(tmp_path)


def test_the_starter_is_a_plan_and_overwrites_nothing(desk):
    said = run(desk, "init", "--start", START, "--id", "spring")
    assert "understudy pilot baselines --write" in said
    plan = load_pilot(desk)
    assert plan is not None
    assert (plan.pilot_id, str(plan.start), plan.rollout_share) == ("spring", START, 0.15)
    before = (desk / "pilot.yaml").read_text()
    assert "is there already" in run(desk, "init", "--start", "2025-01-01", code=1)
    assert (desk / "pilot.yaml").read_text() == before


@pytest.mark.parametrize(
    "words", [["--start", "soon"], ["--start", START, "--id", "Spring 24"], ["--start", START, "--id", "x" * 51]]
)
def test_a_starter_that_would_be_wrong_is_not_left_behind(desk, words):
    assert "pilot.yaml" in run(desk, "init", *words, code=1)
    assert not (desk / "pilot.yaml").exists()


@pytest.mark.parametrize(
    "command", [["plan"], ["baselines"], ["status"], ["rollout", "0.15", *LEAD, *WHY], ["sign-off", "pilot", *LEAD]]
)
def test_without_a_plan_every_command_says_how_to_make_one(desk, command):
    assert "understudy pilot init" in run(desk, *command, code=1)


def test_without_history_it_is_said_what_to_run(desk):
    run(desk, "init", "--start", START)
    for command in (["plan"], ["baselines"]):
        assert "Run: understudy run" in run(desk, *command, code=1)


def test_too_little_history_and_no_category_to_automate_are_said(desk):
    history(desk, weeks=3)
    run(desk, "init", "--start", START)
    assert "holds no 4 whole weeks" in run(desk, "plan", code=1)
    (desk / "categories.yaml").write_text("categories: [{id: billing, name: Billing, bucket: hybrid}]")
    assert "nothing to pilot" in run(desk, "plan", code=1)


def test_a_share_that_history_cannot_decide_says_so_before_anyone_starts(planned):
    said = run(planned, "plan")
    assert "assumed, nothing was replayed yet" in said
    assert "where 100 are needed" in said
    assert "not decidable as registered" in said
    rows = [json.loads(line) for line in run(planned, "plan", "--format", "json").splitlines()]
    assert {row["group"] for row in rows} >= {"over all"}
    assert not any(row["is_decidable"] for row in rows)


def test_volumes_that_are_given_take_the_place_of_history(planned):
    rows = [
        json.loads(line)
        for line in run(
            planned, "plan", "--per-week", "login=5000", "--per-week", "export = 4000", "--format", "json"
        ).splitlines()
    ]
    by_group = {(row["group"], row["metric"]): row for row in rows}
    assert by_group["login", "resolution_rate"]["expected_ai"] == 5000 * 4 * 0.15
    assert by_group["over all", "resolution_rate"]["expected_ai"] == 9000 * 4 * 0.15
    assert by_group["login", "resolution_rate"]["is_decidable"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("login", "'login' is not category=number"),
        ("login=many", "'login=many' is not category=number"),
        ("login=-1", "0 or more"),
        ("login=nan", "0 or more"),
        ("billing=10", "not in the pilot's scope: billing. In scope: export, login"),
    ],
)
def test_a_volume_that_is_none_is_one_clear_error(planned, given, says):
    assert says in run(planned, "plan", "--per-week", given, code=1)


def test_what_replay_showed_is_planned_with(planned):
    replay = pd.DataFrame(
        {"action": ["answer", "ask", "draft", "escalate", "answer"], "category_id": [*["login"] * 4, "billing"]}
    )
    write_parquet(replay, lake_of(planned).folder / "replay_answers.parquet")
    assert "Reckoned with 50% of the agent's tickets answered by it (as replay shows)" in run(planned, "plan")


def test_baselines_are_printed_as_the_block_of_the_plan_and_written_into_it(desk):
    history(desk)
    run(desk, "init", "--start", START)
    rows = yaml.safe_load(run(desk, "baselines", "--weeks", "8"))["baselines"]
    whole = next(row for row in rows if row["metric"] == "resolution_rate" and "category_id" not in row)
    assert whole["kind"] == "assumed"
    # Eleven in twelve tickets are in scope, and those of the last week may still change.
    assert whole["denominator"] == pytest.approx(7 * 12 * 11 / 12, abs=2)
    assert str(whole["window_end"]) == "2023-12-31"
    assert load_pilot(desk).baselines == []
    assert "baselines written" in run(desk, "baselines", "--weeks", "8", "--write")
    again = run(desk, "baselines", "--weeks", "12", "--write")
    plan = load_pilot(desk)
    assert f"{len(plan.baselines)} baselines written" in again
    assert plan.baseline("resolution_rate").denominator == pytest.approx(11 * 12 * 11 / 12, abs=2), "not those before"
    assert "# of requesters, 10 to 20 %" in (desk / "pilot.yaml").read_text(), "comments stay"


def test_a_plan_without_baselines_is_not_signed(desk):
    history(desk)
    run(desk, "init", "--start", START)
    said = run(desk, "sign-off", "pilot", *LEAD, code=1)
    assert "No baseline of resolution_rate" in said
    assert "No baseline of csat" in said
    assert "Still to sign: support lead, head of support" in run(desk, "status")


def test_signing_needs_every_role_once_and_a_change_unsigns(planned):
    assert "Still to sign: head of support" in run(planned, "sign-off", "pilot", *LEAD)
    assert "Fully signed by" in run(planned, "sign-off", "pilot", *HEAD)
    assert "intern" in run(planned, "sign-off", "pilot", "--by", "Ada Moreno", "--role", "intern", code=1)
    edit(planned, "rollout_weeks: 4", "rollout_weeks: 6")
    said = run(planned, "sign-off", "pilot", *LEAD)
    assert "Changed since it was last fully signed:" in said
    assert "rollout_weeks: 4 -> 6" in said
    assert "Still to sign: head of support" in said


def test_a_mistake_in_the_plan_names_file_and_line(planned):
    edit(planned, "rollout_share: 15 %", "rollout_share: 150 %")
    for command in (["plan"], ["sign-off", "pilot", *LEAD], ["rollout", "0.15", *LEAD, *WHY], ["status"]):
        said = run(planned, *command, code=1)
        assert "pilot.yaml:7" in said
        assert "a share of 150 % is more than all" in said

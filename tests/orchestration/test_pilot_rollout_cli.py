"""``understudy pilot rollout``, ``stop`` and ``status``: what must hold before a share is set, and what never stops a stop."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from assets.configure_behavior.releases.saved_release import ReleaseError
from assets.pilot_agent.answers.frames import REVIEW, frame_of
from desk.loading import load_desk
from orchestration.kill_switch import stop_rollouts
from orchestration.lake import write_parquet
from orchestration.pilots import PilotError, change_share, release_in_charge, tickets_behind_release
from tests.assets.pilot_agent.answers.review_frames import answer, review
from tests.encoders import HashingEncoder
from tests.orchestration.pilot_lakes import (
    HEAD,
    LEAD,
    WHEN,
    WHY,
    alone,
    begin,
    digest,
    drafts,
    edit,
    history,
    lake_of,
    make,
    make_ready,
    run,
    shares,
)


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Path:
    alone(monkeypatch)
    return make(tmp_path)


@pytest.fixture
def ready(tmp_path, monkeypatch) -> Path:
    alone(monkeypatch)
    return make_ready(tmp_path)


@pytest.mark.parametrize("written", ["15 %", "0.15"])
def test_a_rollout_begins_once_nothing_stands_in_its_way(ready, written):
    said = run(ready, "rollout", written, *LEAD, *WHY)
    assert "15.0% of requesters are the agent's" in said
    (one,) = shares(ready)
    assert (one.share, one.plan_hash, one.by, one.reason) == (0.15, digest(ready), "Ada Moreno", "Shadow is fine.")
    assert abs(one.occurred_at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=5)
    assert "20.0% of requesters" in run(ready, "rollout", "20%", *HEAD, *WHY)
    assert [each.share for each in shares(ready)] == [0.15, 0.2]
    status = run(ready, "status")
    assert "Fully signed by" in status
    assert "Share 20.0%" in status
    assert "Answers: 2 in shadow" in status


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("150 %", "a share of 150 % is more than all"),
        ("1.5", "a share of 150 % is more than all"),
        ("a lot", "'a lot' is no share"),
        ("25 %", "0.25 lies outside the registered range of 0.1 to 0.2"),
        ("0.05", "0.05 lies outside the registered range of 0.1 to 0.2"),
    ],
)
def test_a_share_that_cannot_be_is_one_clear_error_and_recorded_nowhere(ready, written, says):
    said = run(ready, "rollout", written, *LEAD, *WHY, code=1)
    assert says in said
    assert said.count("share was not changed") == 1
    assert len([line for line in said.splitlines() if line.strip()]) <= 2
    assert shares(ready) == []


@pytest.mark.parametrize(
    "words",
    [
        ["--by", "Ada Moreno", "--role", "intern", *WHY],
        ["--by", " ", "--role", "support lead", *WHY],
        [*LEAD, "--reason", " "],
    ],
)
def test_who_may_not_or_says_not_why_changes_nothing(ready, words):
    for command in (["rollout", "15 %"], ["stop"]):
        begun = len(shares(ready))
        if command == ["stop"]:
            begin(ready, 0.15, digest(ready))
        said = run(ready, *command, *words, code=1)
        assert "Nothing was recorded" in said or "'intern' is not a role that signs the pilot" in said
        assert len(shares(ready)) == begun + (command == ["stop"])


def test_everything_that_is_missing_is_said_at_once(desk):
    history(desk)
    run(desk, "init", "--start", str(dt.datetime.now(dt.UTC).date()))
    said = run(desk, "rollout", "15 %", *LEAD, *WHY, code=1)
    for missing in (
        "pilot.yaml is not signed; missing: support lead, head of support",
        "the shadow weeks last until",
        "no release is current yet",
        "no ticket was drafted in shadow yet",
    ):
        assert missing in said
    assert shares(desk) == []


def test_each_answer_of_the_shadow_weeks_is_tagged_first(ready):
    theirs = answer("b9", pilot_id="winter")
    later = answer("a4", pilot_id="first-pilot", phase="rollout", mode="rollout", arm="ai", share=0.15)
    drafts(ready, *(answer(name, pilot_id="first-pilot") for name in ("a1", "a2", "a3")), theirs, later)
    assert "1 of 3 answers of the shadow weeks are not tagged" in run(ready, "rollout", "15 %", *LEAD, *WHY, code=1)
    of_helpdesk = review("a3", source="helpdesk", ticket_id="zd:3")
    write_parquet(frame_of([of_helpdesk], REVIEW), lake_of(ready).folder / "answer_reviews.parquet")
    run(ready, "rollout", "15 %", *LEAD, *WHY)


def test_the_shadow_weeks_must_be_over(ready):
    loaded = load_desk(ready)
    who = {"by": "Ada Moreno", "role": "support lead", "reason": "Shadow is fine."}
    early = dt.datetime(2024, 1, 14, 23, 59, tzinfo=dt.UTC)
    with pytest.raises(PilotError, match="the shadow weeks last until 2024-01-15, and it is 2024-01-14"):
        change_share(loaded, "15 %", **who, occurred_at=early)
    assert change_share(loaded, "15 %", **who, occurred_at=early + dt.timedelta(minutes=1))


def test_a_plan_changed_after_signing_begins_nothing(ready):
    edit(ready, "margin: 5 %", "margin: 9 %")  # nothing was published since: the ledger alone knows
    said = run(ready, "rollout", "15 %", *LEAD, *WHY, code=1)
    assert "pilot.yaml was changed after it was signed" in said
    assert "primary[0].margin: 0.05 -> 0.09" in said
    assert shares(ready) == []
    edit(ready, "margin: 9 %", "margin: 5 %")
    run(ready, "rollout", "15 %", *LEAD, *WHY)


def test_once_it_runs_another_plan_is_neither_signed_nor_run(ready):
    run(ready, "rollout", "15 %", *LEAD, *WHY)
    registered = digest(ready)
    edit(ready, "margin: 5 %", "margin: 9 %")
    for command in (["sign-off", "pilot", *LEAD], ["rollout", "18 %", *LEAD, *WHY]):
        said = run(ready, *command, code=1)
        assert f"began under the plan {registered[:12]}" in said
        assert digest(ready)[:12] in said
        assert "another pilot_id" in said
    assert len(shares(ready)) == 1
    edit(ready, "margin: 9 %", "margin: 5 %")
    run(ready, "rollout", "12 %", *LEAD, *WHY)


def test_a_stop_holds_and_a_new_beginning_is_under_the_same_plan(ready):
    run(ready, "rollout", "15 %", *LEAD, *WHY)
    assert "The rollout of 'first-pilot' is stopped" in run(ready, "stop", *LEAD, "--reason", "wrong prices")
    assert [(one.share, one.reason) for one in shares(ready)][-1] == (0, "wrong prices")
    assert "Share 0.0%" in run(ready, "status")
    assert "No rollout is running" in run(ready, "stop", *LEAD, "--reason", "again")
    assert len(shares(ready)) == 2
    run(ready, "rollout", "0.1", *LEAD, *WHY)
    assert {one.plan_hash for one in shares(ready)} == {digest(ready)}
    assert "is stopped" in run(ready, "rollout", "0", *LEAD, "--reason", "a share of nothing stops, too")


def test_one_category_is_stopped_alone_while_the_others_go_on(ready):
    stop = ("stop", *LEAD, "--reason", "wrong prices", "--category")
    known = load_desk(ready).categories[0].id
    assert "No rollout is running" in run(ready, *stop, known)
    run(ready, "rollout", "15 %", *LEAD, *WHY)
    assert f"answers nothing of '{known}' by itself any more" in run(ready, *stop, known)
    assert "was stopped in 'first-pilot' before" in run(ready, *stop, known)
    assert f"{known} stopped from" in run(ready, "status")
    assert [one.share for one in shares(ready)] == [0.15]
    assert "There is no category 'nothing'" in run(ready, *stop, "nothing", code=1)


@pytest.mark.parametrize("ruin", ["broken", "changed", "renamed", "deleted"])
def test_the_kill_switch_works_whatever_the_plan_says(ready, ruin):
    run(ready, "rollout", "15 %", *LEAD, *WHY)
    registered = digest(ready)
    file = ready / "pilot.yaml"
    if ruin == "broken":
        file.write_text("pilot_id: [", encoding="utf-8")
    elif ruin == "changed":
        edit(ready, "margin: 5 %", "margin: 9 %")
    elif ruin == "renamed":
        edit(ready, "first-pilot", "second-pilot")
    else:
        file.unlink()
    assert "The rollout of 'first-pilot' is stopped" in run(ready, "stop", *LEAD, "--reason", "wrong prices")
    last = shares(ready)[-1]
    assert (last.share, last.plan_hash) == (0, registered)


def test_the_kill_switch_needs_no_release_and_no_tags_and_stops_every_pilot(desk):
    begin(desk, 0.15, "a" * 64)
    begin(desk, 0.1, "b" * 64, "autumn")
    said = stop_rollouts(load_desk(desk), by="Ada Moreno", role="support lead", reason="wrong", occurred_at=WHEN)
    assert len(said) == 2
    assert (shares(desk)[-1].share, shares(desk, "autumn")[-1].share) == (0, 0)


def test_the_verdict_as_published_is_part_of_the_status(ready):
    rows = [
        ("first-pilot", "over all", "keep_collecting", "Too early."),
        ("winter", "over all", "expand", "All shown."),
    ]
    verdicts = pd.DataFrame(rows, columns=["pilot_id", "group", "verdict", "reason"])
    write_parquet(verdicts, lake_of(ready).folder / "pilot_verdict.parquet")
    said = run(ready, "status")
    assert "over all: keep collecting. Too early." in said
    assert "All shown." not in said


def test_an_erased_or_hostile_reason_does_not_steer_the_terminal(ready):
    begin(ready, 0.15, digest(ready))
    run(ready, "stop", *LEAD, "--reason", "wrong \x1b[2J prices")
    assert "\x1b" not in run(ready, "status")


def test_without_a_current_release_nobody_answers(desk):
    assert release_in_charge(load_desk(desk), HashingEncoder()) is None
    with pytest.raises(ReleaseError, match="no release is current yet"):
        tickets_behind_release(load_desk(desk), "current")

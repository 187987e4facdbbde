"""The simulated pilot of the sample desk, as the demo plays it: the verdicts of what was planted, and what may go wrong."""

import json

import pytest

from orchestration.lake import Lake
from tests.desks import ask, copy_of, pilot_desk, understudy

pytestmark = pytest.mark.graph
WHO = ("--by", "Ada Moreno", "--role", "support lead")
GOOD, BAD, TOO_SMALL = "password_reset", "invoice_copy", "mobile_sync"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Nothing is changed here."""
    return pilot_desk(tmp_path_factory)


@pytest.fixture(scope="module")
def changed(desk, tmp_path_factory):
    """A copy to do wrong things with."""
    return copy_of(desk, tmp_path_factory.mktemp("pilot"))


def test_the_plan_calls_the_good_and_the_bad_category_decidable_and_the_small_one_too_small(desk):
    said = (desk / "said.txt").read_text()
    for name in (GOOD, BAD):
        (line,) = [one for one in said.splitlines() if one.startswith(f"{name}: about")]
        assert line.endswith(": decidable."), line
    assert f"{TOO_SMALL}: too small" in said


def test_the_verdict_is_right_for_what_was_planted(desk):
    rows = {row["group"]: row for row in ask(desk, 'select "group", verdict, cause, reason from pilot_verdict')}
    assert (rows[GOOD]["verdict"], rows[GOOD]["cause"]) == ("expand", "shown"), rows[GOOD]
    assert (rows[BAD]["verdict"], rows[BAD]["cause"]) == ("roll_back", "safety"), rows[BAD]
    assert (rows[TOO_SMALL]["verdict"], rows[TOO_SMALL]["cause"]) == ("keep_collecting", "sample"), rows[TOO_SMALL]
    assert rows["over all"]["verdict"] == "hold", rows["over all"]
    assert "incorrect answers" in rows[BAD]["reason"]


def test_every_check_of_the_stage_is_green(desk):
    status = understudy("status", desk=desk).stdout
    for check in (
        "pilot_plan_is_as_registered", "shadow_answers_contract", "replay_answers_contract", "shadow_weeks_are_tagged",
        "no_holdout_ticket_touched_training", "arms_do_not_mix", "two_weeks_really_passed", "pilot_metrics_contract",
        "metrics_agree_with_the_daily_counts", "draw_came_out_as_planned",
    ):  # fmt: skip
        assert check not in status, status


def test_the_reviewer_judged_what_the_agent_said_and_what_came_after_the_pilot_waits_for_people(desk):
    rows = ask(
        desk,
        "select created_at >= '2026-07-06' as is_after, count(*) as n, count(*) filter (where review is null) as untagged "
        "from fct_ai_answers where mode in ('shadow', 'rollout') group by 1",
    )
    counts = {row["is_after"]: (row["n"], row["untagged"]) for row in rows}
    assert counts[False][0] > 200
    assert counts[False][1] == 0
    assert counts[True][1] > 20
    wrong = ask(
        desk,
        "select category_id, count(*) filter (where review = 'incorrect') as wrong, count(*) as n from fct_ai_answers "
        f"where mode = 'rollout' and is_involved and category_id in ('{GOOD}', '{BAD}') "
        "and created_at < '2026-07-06' group by 1",
    )
    shares = {one["category_id"]: one["wrong"] / one["n"] for one in wrong}
    assert shares[BAD] > 0.5
    assert shares[GOOD] < 0.1


def test_the_other_arm_got_nothing_of_the_agent(desk):
    rows = ask(
        desk,
        "select count(*) as n from fct_ai_answers a join fct_ticket_comments c using (ticket_id) "
        "where a.arm = 'control' and c.author_role = 'bot' and c.is_public",
    )
    assert rows == [{"n": 0}]
    sent = ask(
        desk,
        "select distinct a.mode, a.arm from outbox o join shadow_answers a using (answer_id) where o.mode = 'rollout'",
    )
    assert sent == [{"mode": "rollout", "arm": "ai"}]


def test_every_answer_says_why_and_by_which_release(desk):
    row = ask(desk, "select reasons, release_id, encoder_revision, behavior_hash from shadow_answers limit 1")[0]
    assert json.loads(row["reasons"])[0]["step"]
    assert (desk / ".understudy" / "releases" / row["release_id"]).is_dir()
    assert row["encoder_revision"]
    assert len(row["behavior_hash"]) == 64


def test_replay_is_of_past_tickets_alone(desk):
    rows = ask(desk, "select count(*) as n from replay_answers r join shadow_answers s using (ticket_id)")
    assert rows == [{"n": 0}]
    (row,) = ask(desk, "select count(*) as n, count(distinct release_id) as releases from replay_answers")
    assert row["n"] > 100
    assert row["releases"] == 1


def test_the_page_shows_the_verdict(desk, tmp_path):
    page = tmp_path / "pilot.html"
    done = understudy("report", "pilot", "--output", str(page), desk=desk)
    assert done.returncode == 0, done.stderr
    html = page.read_text()
    for word in ("Password reset", "roll back", "keep collecting", "Replay (past tickets; nothing was sent)"):
        assert word in html
    assert html.count("<img") >= 4


def test_a_share_of_150_percent_is_one_clear_error(changed):
    done = understudy("pilot", "rollout", "150 %", "--reason", "more", *WHO, desk=changed)
    assert done.returncode == 1
    assert "150 %" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_review_of_an_unknown_answer_is_one_clear_error(changed):
    done = understudy("review", "tag", "f" * 32, "--tag", "correct", *WHO, desk=changed)
    assert done.returncode == 1
    assert "f" * 32 in done.stderr


def test_two_contradicting_reviews_by_one_person_are_one_clear_error(changed):
    answers = Lake(changed / ".understudy").read("shadow_answers", ["answer_id", "mode"])
    answer = str(answers.loc[answers["mode"] == "rollout", "answer_id"].iloc[0])
    first = understudy("review", "tag", answer, "--tag", "correct", *WHO, desk=changed)
    assert first.returncode == 0, first.stderr
    second = understudy("review", "tag", answer, "--tag", "incorrect", "--reason", "wrong_answer", *WHO, desk=changed)
    assert second.returncode == 1
    assert answer[:8] in second.stderr or "replaces" in second.stderr
    again = understudy(
        "review", "tag", answer, "--tag", "incorrect", "--reason", "wrong_answer", "--replaces", *WHO, desk=changed
    )
    assert again.returncode == 0, again.stderr


def test_a_plan_changed_after_it_was_registered_is_one_clear_error_and_judges_nothing(changed):
    file = changed / "pilot.yaml"
    before = file.read_text()
    file.write_text(before.replace("margin: 12 %", "margin: 30 %"))
    signing = understudy("sign-off", "pilot", *WHO, desk=changed)
    assert signing.returncode == 1
    assert "began under the plan" in signing.stderr
    raising = understudy("pilot", "rollout", "20 %", "--reason", "more", *WHO, desk=changed)
    assert "changed after the rollout" in raising.stderr
    stopping = understudy("pilot", "stop", "--reason", "wrong plan", *WHO, desk=changed)
    assert stopping.returncode == 0, stopping.stderr
    file.write_text(before)

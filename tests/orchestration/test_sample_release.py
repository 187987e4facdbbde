"""The release that the demo leaves on the sample desk: it decides, explains itself, and is taken back in one step."""

import json
from pathlib import Path

import pytest

from orchestration.lake import Lake
from tests.assets.configure_behavior.decisions.condition_pairs import compare_pairs, pairs_in, read_pairs, summary
from tests.desks import ask, copy_of, demo_desk, understudy

pytestmark = pytest.mark.graph
WHO = ("--by", "Ada Moreno", "--role", "support lead")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Nothing is changed here."""
    return demo_desk(tmp_path_factory)


@pytest.fixture(scope="module")
def release(desk):
    """The release that is current, loaded."""
    from assets.audit_tickets.vectors.encoder import load_encoder
    from assets.configure_behavior.releases.release_files import load_release

    return load_release(current(desk), load_encoder("all-MiniLM-L6-v2", 256))


def current(desk) -> Path:
    (row,) = [one for one in releases(desk) if one["is_current"]]
    return desk / ".understudy" / "releases" / row["release_id"]


def releases(desk) -> list[dict]:
    done = understudy("release", "list", "--format", "json", desk=desk)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_the_demo_shows_an_answer_a_question_and_a_handover(desk):
    said = (desk / "said.txt").read_text()
    assert said.index("answered") < said.index("asked back") < said.index("handed over to a person")
    assert "Simulated support lead" in said


def test_every_check_of_the_stage_is_green_and_thresholds_have_their_bound(desk):
    status = understudy("status", desk=desk).stdout
    for check in (
        "behavior_is_signed", "triggers_pass_their_suite", "examples_keep_to_the_tone", "every_release_is_verified",
        "calibration_keeps_to_its_tickets", "confidence_thresholds_contract",
    ):  # fmt: skip
        assert check not in status, status
    rows = ask(desk, "select bucket, risk, threshold, upper_bound, certified_on, why from confidence_thresholds")
    certified = [row for row in rows if row["threshold"] is not None]
    assert certified
    assert all(row["bucket"] == "automate" and row["upper_bound"] <= row["risk"] for row in certified)
    assert any(row["bucket"] == "automate" and row["threshold"] is None for row in rows), "5 % cannot be proved here"


def test_no_holdout_ticket_is_in_what_the_release_rests_on(desk):
    for table in ("calibrated_answers", "regression_set"):
        (row,) = ask(
            desk, f"select count(*) n, count(*) filter (where s.split = 'holdout') outside from {table} t "
            "join ticket_splits s using (ticket_id)",
        )  # fmt: skip
        assert row["n"] > 50
        assert row["outside"] == 0


def test_one_question_with_several_answers_is_decided_by_context_and_asked_about_without(release):
    outcomes = compare_pairs(pairs_in(release, read_pairs()), release)
    found = summary(outcomes)
    assert found["with_context"] > 20
    missed = [(one.message, one.context, one.expected, one.entry, one.why) for one in outcomes if not one.is_right]
    assert found["right_with_context"] == found["with_context"], missed
    assert found["asked_without_context"] == found["without_context"], missed
    assert found["answered_wrongly"] == 0


def test_a_decision_is_replayed_with_its_whole_chain(desk):
    (ticket,) = ask(desk, "select ticket_id from regression_set order by ticket_id limit 1")
    done = understudy("explain", "--ticket", ticket["ticket_id"], "--format", "json", desk=desk)
    assert done.returncode == 0, done.stderr
    text = done.stdout
    for part in ("export_id", "split", "reasons", "accepted", "Simulated support lead", current(desk).name):
        assert part in text, part


def test_building_again_finds_the_same_release(desk, tmp_path):
    copy = copy_of(desk, tmp_path)
    before = contents(current(copy))
    done = understudy("release", "build", desk=copy)
    assert done.returncode == 0, done.stdout + done.stderr
    assert contents(current(copy)) == before
    assert len(list((copy / ".understudy" / "releases").glob("*/manifest.json"))) == 1


def test_a_changed_spec_needs_signatures_and_a_rollback_takes_it_back(desk, tmp_path):
    copy = copy_of(desk, tmp_path)
    old = current(copy).name
    file = copy / "behavior.yaml"
    text = file.read_text(encoding="utf-8")
    assert "max_words: 190" in text
    file.write_text(text.replace("max_words: 190", "max_words: 180"), encoding="utf-8")
    run = understudy("run", "configure_behavior", desk=copy)
    assert run.returncode == 0, run.stderr
    new = next(one["release_id"] for one in releases(copy) if one["release_id"] != old)
    refused = understudy("release", "activate", new, *WHO, desk=copy)
    assert refused.returncode == 1
    assert "behavior" in refused.stderr
    assert current(copy).name == old
    assert understudy("sign-off", "behavior", *WHO, desk=copy).returncode == 0
    assert understudy("release", "sign", new, *WHO, desk=copy).returncode == 0
    done = understudy("release", "activate", new, *WHO, desk=copy)
    assert done.returncode == 0, done.stderr
    assert current(copy).name == new
    back = understudy("release", "rollback", *WHO, desk=copy)
    assert back.returncode == 0, back.stderr
    assert current(copy).name == old
    assert Lake(copy / ".understudy").ledger_file.is_file()

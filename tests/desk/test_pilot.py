"""pilot.yaml: what may be registered, what is refused in one sentence, and what is signed."""

import datetime as dt

import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML

from desk.loading import DeskError, explain, load_pilot, read_pilot
from desk.pilot import PilotFile, missing_for_signature, pilot_content, pilot_hash
from desk.pilot_blocks import read_share

TEXT = """
pilot_id: spring
start: 2026-03-02
shadow_weeks: 2
rollout_weeks: 4
rollout_share: 15 %
primary:
  - {metric: resolution_rate, kind: assumed, margin: 5 %}
  - {metric: csat, margin: 0.08}
  - {metric: missed_escalation_rate, against: limit, limit: 0.02}
baselines:
  - {metric: resolution_rate, kind: assumed, numerator: 700, denominator: 1000, window_start: 2026-01-01, window_end: 2026-02-28}
"""


def document(**changes):
    return {**YAML(typ="safe").load(TEXT), **changes}


def problems(**changes) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        PilotFile.model_validate(document(**changes))
    return [explain(PilotFile, error)[1] for error in caught.value.errors()]


def test_a_plan_reads_as_written_and_knows_its_days():
    pilot = PilotFile.model_validate(document())
    assert pilot.rollout_share == pytest.approx(0.15)
    assert pilot.rollout_start == dt.date(2026, 3, 16)
    assert pilot.look_weeks == [4]
    assert pilot.assignment_salt == "spring"
    assert [one.tested_at for one in pilot.primary] == ["category", "overall", "category"]
    assert pilot.baseline("resolution_rate", "password_reset").rate == 0.7
    assert pilot.baseline("csat") is None


@pytest.mark.parametrize(
    ("share", "says"),
    [
        ("150 %", "a share of 150 % is more than all"),
        (1.5, "a share of 150 % is more than all; write a number between 0 and 1; 1.5 % is written 0.015"),
        (15, "15 % is written 0.15"),
        (-0.1, "a share of -0.1 is not possible"),
        ("a lot", "'a lot' is no share"),
        (float("nan"), "is not possible"),
        (0.5, "lies outside 0.1 to 0.2"),
    ],
)
def test_an_impossible_share_is_one_clear_error(share, says):
    found = problems(rollout_share=share)
    assert len(found) == 1
    assert says in found[0]
    assert "rollout_share" in found[0]


def test_a_desk_may_decide_on_another_range_but_not_on_everybody():
    assert PilotFile.model_validate(document(rollout_share=0.5, share_range={"high": 0.6})).rollout_share == 0.5
    assert "lie between 0 and 1" in problems(share_range={"high": 1.0})[0]


RESOLUTION = {"metric": "resolution_rate", "kind": "assumed", "margin": 0.05}
MISSED = {"metric": "missed_escalation_rate", "against": "limit", "limit": 0.02}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"shadow_weeks": 1}, "two weeks at least"),
        ({"rollout_weeks": 1}, "two weeks at least"),
        ({"primary": [RESOLUTION]}, "no condition on missed_escalation_rate"),
        ({"primary": [{**RESOLUTION, "kind": None}, MISSED]}, "needs 'kind'"),
        ({"primary": [{**RESOLUTION, "margin": 0}, MISSED]}, "decides nothing"),
        ({"primary": [RESOLUTION, MISSED, MISSED]}, "two conditions on missed_escalation_rate against limit"),
        ({"primary": [RESOLUTION, {**MISSED, "margin": 0.1}]}, "needs 'limit' and no 'margin'"),
        ({"primary": [RESOLUTION, {**MISSED, "limit": None, "against": "control"}]}, "needs 'margin'"),
        ({"primary": [RESOLUTION, MISSED, {"metric": "answer_quality", "margin": 0.1}]}, "for the agent only"),
        (
            {"primary": [{**RESOLUTION, "level": "overall"}, {**MISSED, "level": "overall"}]},
            "give one level: category",
        ),
        ({"analysis": {"rule": "sequential", "looks_after_weeks": [4]}}, "at least two looks"),
        ({"analysis": {"rule": "sequential", "looks_after_weeks": [3, 2]}}, "must rise"),
        ({"analysis": {"rule": "sequential", "looks_after_weeks": [1, 4]}}, "two weeks is the earliest"),
        ({"analysis": {"rule": "sequential", "looks_after_weeks": [2, 3]}}, "let the last look be its end"),
        ({"analysis": {"rule": "fixed", "looks_after_weeks": [2, 4]}}, "looks once"),
        ({"categories": {"ids": ["a", "a"]}}, "category named twice: a"),
        ({"start": dt.date(2026, 2, 1)}, "baselines come from before"),
    ],
)
def test_what_decides_nothing_or_too_early_is_refused(changes, says):
    found = problems(**changes)
    assert len(found) == 1
    assert says in found[0]


def test_impossible_baselines_are_refused():
    base = document()["baselines"][0]
    assert "is not possible" in problems(baselines=[{**base, "numerator": 1001}])[0]
    assert "two baselines of resolution_rate" in problems(baselines=[base, base])[0]
    assert "is of kind verified" in problems(baselines=[{**base, "kind": "verified"}])[0]


def test_unknown_settings_name_what_was_meant():
    assert "Did you mean 'rollout_share'?" in problems(rollout_shares=0.1)[0]


def test_a_plan_without_its_baselines_cannot_be_signed_yet():
    pilot = PilotFile.model_validate(document())
    assert missing_for_signature(pilot) == ["No baseline of csat: write it from history before the plan is signed."]


def test_the_hash_covers_everything_and_nothing_but_meaning():
    pilot = PilotFile.model_validate(document())
    assert pilot_hash(pilot) == pilot_hash(PilotFile.model_validate(document(rollout_share=0.15)))
    assert pilot_hash(pilot) == pilot_hash(PilotFile.model_validate(pilot_content(pilot)))
    changed = document(alpha=0.04)
    assert pilot_hash(pilot) != pilot_hash(PilotFile.model_validate(changed))
    assert len(pilot_hash(pilot)) == 64


def test_an_id_too_long_for_the_ledger_is_refused_in_the_plan_and_not_when_the_rollout_is_to_begin():
    assert PilotFile.model_validate(document(pilot_id="a" * 50)).pilot_id == "a" * 50
    (found,) = problems(pilot_id="a" * 51)
    assert "at most 50 characters" in found


@pytest.mark.parametrize(
    ("written", "share"),
    [("0.15", 0.15), (" .2 ", 0.2), ("15 %", 0.15), ("15%", 0.15), ("12.5 %", 0.125), ("0", 0), ("1", 1), (0.1, 0.1)],
)
def test_a_share_is_read_as_people_write_it_on_a_command_line(written, share):
    assert read_share(written) == pytest.approx(share)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("150 %", "a share of 150 % is more than all"),
        ("1.5", "a share of 150 % is more than all"),
        ("15", "15 % is written 0.15"),
        ("-0.1", "a share of -0.1 is not possible"),
        ("nan", "'nan' is no share"),
        ("inf", "'inf' is no share"),
        ("0,15", "'0,15' is no share"),
        ("", "'' is no share"),
        (float("nan"), "is not possible"),
        (True, "True is no share"),
    ],
)
def test_what_is_no_share_is_one_sentence(written, says):
    with pytest.raises(ValueError, match="write a number between 0 and 1") as caught:
        read_share(written)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_desk_without_a_plan_has_none_and_a_named_file_must_be_there(tmp_path):
    assert load_pilot(tmp_path) is None
    with pytest.raises(DeskError, match="understudy pilot init"):
        read_pilot(tmp_path / "pilot.yaml")


def test_the_plan_of_a_desk_is_read_and_every_mistake_has_file_and_line(tmp_path):
    file = tmp_path / "pilot.yaml"
    file.write_text(TEXT, encoding="utf-8")
    assert load_pilot(tmp_path) == read_pilot(file) == PilotFile.model_validate(document())
    file.write_text(TEXT.replace("15 %", "150 %").replace("shadow_weeks: 2", "shadow_weeks: 1"), encoding="utf-8")
    with pytest.raises(DeskError) as caught:
        load_pilot(tmp_path)
    first, second = sorted(str(caught.value).splitlines())
    assert "pilot.yaml:4" in first
    assert "two weeks at least" in first
    assert "pilot.yaml:6" in second
    assert "a share of 150 % is more than all" in second


@pytest.mark.parametrize("text", ["", "- a list", "pilot_id: [spring", "just words"])
def test_what_is_no_plan_at_all_names_the_file(tmp_path, text):
    (tmp_path / "pilot.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DeskError, match=r"pilot\.yaml"):
        load_pilot(tmp_path)

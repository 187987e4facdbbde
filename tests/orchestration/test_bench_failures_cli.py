"""``understudy bench failures``: wrong lists are refused before anything is loaded, right ones come back with what was found."""

import json

import pytest

from tests.desks import copy_of, demo_desk, understudy


def test_a_wrong_list_is_refused_with_every_mistake(tmp_path):
    file = tmp_path / "faults.yaml"
    file.write_text("faults:\n  - {kind: vanish}\n  - {kind: remove_entry}\n")
    done = understudy("bench", "failures", "--faults", str(file))
    assert done.returncode == 1
    assert "faults.yaml, fault 1: 'vanish' is no kind of fault" in done.stderr
    assert "faults.yaml, fault 2: 'entry' is missing" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_there_is_named(tmp_path):
    done = understudy("bench", "failures", "--faults", str(tmp_path / "none.yaml"))
    assert done.returncode == 1
    assert "none.yaml cannot be read" in done.stderr


def test_the_help_says_what_a_file_of_faults_looks_like():
    said = " ".join(understudy("bench", "failures", "--help").stdout.split())
    for kind in ("remove_entry", "swap_labels", "merge_conditions", "age_entry", "break_trigger"):
        assert kind in said


@pytest.mark.graph
def test_faults_of_ones_own_are_planted_found_and_leave_the_desk_alone(tmp_path, tmp_path_factory):
    desk = copy_of(demo_desk(tmp_path_factory), tmp_path)
    before = {file: file.read_bytes() for file in (desk / ".understudy" / "lake").rglob("*.parquet")}
    file = tmp_path / "faults.json"
    faults = [
        {"kind": "remove_entry", "entry": "calendar-reconnect"},
        {"kind": "merge_conditions", "entries": ["password-reset-standard", "password-reset-sso"]},
    ]
    file.write_text(json.dumps(faults))
    done = understudy("bench", "failures", "--faults", str(file), "--json", desk=desk)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {row["name"] for row in found["faults"] if row["count_failures"]} == {
        "remove_entry calendar-reconnect",
        "merge_conditions password-reset-standard password-reset-sso",
    }
    assert found["type_accuracy"] >= 0.8
    assert found["patterns"]
    assert before == {file: file.read_bytes() for file in (desk / ".understudy" / "lake").rglob("*.parquet")}
    refused = understudy("bench", "failures", "--faults", str(_gone(tmp_path)), desk=desk)
    assert refused.returncode == 1
    assert "'no-such-entry' is no live entry" in refused.stderr


def _gone(folder):
    file = folder / "gone.yaml"
    file.write_text("[{kind: remove_entry, entry: no-such-entry}]")
    return file

"""Verification: silent about a whole release, and a sentence for everything else."""

import json
from dataclasses import replace

import pytest

from assets.configure_behavior.decisions.decide import decide
from assets.configure_behavior.releases import verify
from assets.configure_behavior.releases.saved_release import file_facts
from assets.configure_behavior.releases.verify import verify_release
from tests.encoders import HashingEncoder


def rewrite(folder, name: str, change) -> None:
    """Change a JSON file, and the manifest so that its digest fits again."""
    file = folder / name
    if name.endswith(".jsonl"):
        rows = [json.loads(line) for line in file.read_text().splitlines()]
        change(rows)
        file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    else:
        content = json.loads(file.read_text())
        change(content)
        file.write_text(json.dumps(content))
    if name != "manifest.json":
        manifest = json.loads((folder / "manifest.json").read_text())
        manifest["artefacts"][name] = file_facts(file)
        (folder / "manifest.json").write_text(json.dumps(manifest))


def test_a_whole_release_verifies(built):
    found = verify_release(built.folder, HashingEncoder())
    assert found.problems == ()
    assert found.is_sound
    assert found.notes == ()
    assert found.count_replayed == len(built.regression) > 0


def test_a_changed_recipe_is_seen(copy):
    rewrite(copy, "manifest.json", lambda manifest: manifest["recipe"].update(as_of="2026-06-01T13:00:00Z"))
    assert any("the recipe was changed" in one for one in verify_release(copy, HashingEncoder()).problems)


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("categories.json", lambda rows: rows[0].update(bucket="automate", category_id="x"), "categories.json holds something else"),
        ("categories.json", lambda rows: [row.update(bucket="automate") for row in rows], "(roadmap)"),
        ("behavior.json", lambda spec: spec["triggers"].pop(), "behavior.json holds something else"),
        ("entries.jsonl", lambda rows: rows.pop(), "entries.jsonl holds something else"),
        ("entries.jsonl", lambda rows: rows[0].update(owner="Somebody"), "entries.jsonl holds something else"),
        ("thresholds.json", lambda rows: rows[0].update(risk=0.2), "thresholds.json holds something else"),
        ("regression_set.jsonl", lambda rows: rows[0].update(text="another"), "regression_set.jsonl holds something else"),
        ("index/retrieval_index.json", lambda index: index["texts"].reverse(), "index holds something else"),
    ],
)  # fmt: skip
def test_a_file_that_says_something_else_than_the_recipe_is_seen(copy, name, change, says):
    rewrite(copy, name, change)
    assert any(says in one for one in verify_release(copy, HashingEncoder()).problems)


def test_a_threshold_moved_behind_the_recipe_shows_in_the_decisions(copy):
    rewrite(copy, "thresholds.json", lambda rows: [row.update(threshold=None) for row in rows])
    assert any("decided otherwise" in one for one in verify_release(copy, HashingEncoder()).problems)


def test_decisions_that_come_out_otherwise_are_named(built):
    def strict(message, conversation, context, release):
        made = decide(message, conversation, context, release)
        return replace(made, action="escalate") if made.action == "answer" else made

    problems = verify_release(built.folder, HashingEncoder(), strict).problems
    answered = [row["ticket_id"] for row in built.regression if row["decision"]["action"] == "answer"]
    assert answered
    assert len(problems) == len(answered)
    for ticket, problem in zip(answered, problems, strict=True):
        assert f"decided otherwise than when it was built: ticket {ticket}: answered from" in problem
        assert "-> handed over" in problem


def test_stored_decisions_changed_with_their_file_do_not_have_the_digest(copy):
    rewrite(copy, "regression_set.jsonl", lambda rows: rows[0]["decision"].update(action="answer"))
    problems = verify_release(copy, HashingEncoder()).problems
    assert any("do not have the digest in the manifest" in one for one in problems)


def test_a_renamed_folder_is_seen(copy):
    moved = copy.rename(copy.parent / ("0" * 64))
    assert any("its folder is called" in one for one in verify_release(moved, HashingEncoder()).problems)


def test_whatever_is_wrong_it_answers_with_problems(copy):
    assert verify_release(copy.parent, HashingEncoder()).problems
    assert verify_release(copy, HashingEncoder(seed=9)).problems
    rewrite(copy, "manifest.json", lambda manifest: manifest["recipe"].pop("code"))
    assert verify_release(copy, HashingEncoder()).problems


def test_newer_code_is_a_note_as_long_as_it_decides_the_same(built, monkeypatch):
    monkeypatch.setattr(verify, "code_version", lambda: "e" * 64)
    found = verify_release(built.folder, HashingEncoder())
    assert found.is_sound
    assert any("built by other code" in note for note in found.notes)

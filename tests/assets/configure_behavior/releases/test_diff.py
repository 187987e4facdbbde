"""What changed between two releases, in words a support lead understands."""

import pandas as pd
import pytest

from assets.configure_behavior.releases.build_release import build_release
from assets.configure_behavior.releases.diff import diff_releases
from assets.configure_behavior.releases.saved_release import read_release
from tests.assets.configure_behavior.decisions.small_release import ENTRIES, behavior
from tests.assets.configure_behavior.releases.small_parts import (
    accepted_categories,
    parts,
    regression_set,
    thresholds_at,
)


@pytest.fixture
def changes(built, tmp_path):
    """The sentences from the built release to one with other parts."""

    def run(**other):
        made = build_release(parts(**other), tmp_path)
        return diff_releases(read_release(built.folder), read_release(made.folder))

    return run


def test_a_release_does_not_differ_from_itself(built):
    saved = read_release(built.folder)
    assert diff_releases(saved, saved) == []


def test_entries_added_removed_and_changed_are_shown_with_their_question(changes):
    edited = (*ENTRIES[0][:3], ENTRIES[0][3] + " Ask us if not.", ENTRIES[0][4])
    added = ("export-one", "export_data", "How do I export one document?", "Choose Export in its menu.", {})
    found = changes(entries=[edited, *ENTRIES[1:-1], added])
    assert "entry added: export-one “How do I export one document?”" in found
    assert "entry removed: cancel-plan “How do I cancel my subscription?”" in found
    (changed,) = [one for one in found if one.startswith("entry changed")]
    assert changed.startswith("entry changed: password-standard “How do I reset my password?”: answer (content ")


def test_thresholds_are_shown_from_and_to_and_the_answers_they_change(changes):
    found = changes(thresholds=thresholds_at(None), confidence_version="confidence_000000000002")
    assert "threshold of password_reset at 5% risk: 0.300 -> no safe one" in found
    assert "confidence version: confidence_000000000001 -> confidence_000000000002" in found
    assert any(
        one == "answer changed: ticket zendesk:97: answered from password-sso [password_reset] -> drafted for a person "
        "from password-sso [password_reset]"
        for one in found
    )
    assert found[0].startswith("answers: ")


def test_rules_and_buckets_are_said(changes):
    fewer = behavior(triggers=[one.model_dump() for one in behavior().triggers[1:]])
    decided = accepted_categories()
    decided.loc[decided["category_id"] == "export_data", "bucket"] = "hybrid"
    found = changes(behavior=fewer, categories=decided)
    assert "category export_data: bucket automate → hybrid" in found
    assert any(one.startswith("behavior: ") and "cancelling" in one for one in found)


def test_versions_and_data_are_said(changes):
    found = changes(
        as_of=pd.Timestamp("2026-07-01", tz="UTC"),
        data={"exports": ["0a1b", "2c3d"], "ticket_splits": "d" * 64},
        regression=regression_set().iloc[1:],
    )
    assert "data cut: 2026-06-01T12:00:00Z -> 2026-07-01T00:00:00Z" in found
    assert "data exports: +2c3d" in found
    assert "data ticket_splits: cccccccccccc -> dddddddddddd" in found
    assert "answers: 1 tickets only the old release replays, so that they cannot be compared" in found

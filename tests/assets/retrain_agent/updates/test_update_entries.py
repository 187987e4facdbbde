"""Which entry versions a week's release holds."""

import pandas as pd

from assets.retrain_agent.updates.update_entries import UpdateEntries, update_entries
from tests.assets.retrain_agent.updates.small_frames import change, changes

END = pd.Timestamp("2026-07-06", tz="UTC")
EARLY = pd.Timestamp("2026-06-01", tz="UTC")

FIX = change()


def live(**versions) -> pd.DataFrame:
    rows = [(name, *(value if isinstance(value, tuple) else (value, EARLY))) for name, value in versions.items()]
    return pd.DataFrame(rows, columns=["entry_id", "content_hash", "accepted_at"])


def chosen(current, lives, taken=(FIX,), every=None) -> UpdateEntries:
    return update_entries(current, lives, changes(*taken), changes(*(every or taken)), END)


def test_the_release_is_the_current_one_with_the_weeks_changes_in_it():
    found = chosen({("e1", "h1"), ("e2", "h1")}, live(e1="h2", e2="h1"))
    assert found.versions == {"e1": "h2", "e2": "h1"}
    assert found.beside == frozenset()
    assert found.notes == ()


def test_what_is_new_without_a_fix_waits_and_what_is_no_longer_live_leaves():
    found = chosen({("e1", "h1"), ("gone", "h1")}, live(e1="h2", new="h1", other="h1"))
    assert found.versions == {"e1": "h2"}
    assert found.beside == {"gone"}
    assert found.notes == (
        "entry gone is no longer live and leaves",
        "entries new, other are new without a fix and wait for the next full build",
    )


def test_an_edit_without_a_fix_comes_along_since_the_old_version_must_not_answer():
    found = chosen({("e1", "h1"), ("e2", "h1")}, live(e1="h2", e2="h9"))
    assert found.versions == {"e1": "h2", "e2": "h9"}
    assert found.beside == {"e2"}
    assert "comes in the version accepted without a fix" in found.notes[0]


def test_what_was_accepted_after_the_weeks_end_is_not_read():
    found = chosen({("e1", "h1"), ("e2", "h1")}, live(e1="h2", e2=("h9", END)))
    assert found.versions == {"e1": "h2", "e2": "h1"}
    assert found.notes == ()


def test_what_was_rolled_back_does_not_come_back_with_the_next_week():
    back = change(2, entry_ids=["e2"], entry_hashes=["h2"], status="ended")
    found = chosen({("e1", "h1"), ("e2", "h1")}, live(e1="h2", e2="h2"), every=(change(), back))
    assert found.versions == {"e1": "h2"}
    assert found.beside == {"e2"}
    assert "was rolled back" in found.notes[0]

"""Versions of the spec are kept, one is on file, and a signature is about one of them."""

import pandas as pd

from assets.configure_behavior.behavior.spec_versions import current_spec, earlier_specs, spec_versions
from desk.behavior import behavior_hash
from ledger.sign_offs import SignOffState
from tests.assets.configure_behavior.decisions.small_release import behavior

JUNE, JULY = (pd.Timestamp(day, tz="UTC") for day in ("2026-06-01", "2026-07-01"))


def signed(*hashes):
    """The state of a sign-off by one role, for these hashes complete."""

    def state(digest):
        missing = () if digest in hashes else ("support lead",)
        return SignOffState("behavior", digest, (), missing, (), True)

    return state


def test_a_changed_spec_is_another_version_and_unsigned_again():
    first, second = behavior(), behavior(persona={"name": "Pip"})
    before = spec_versions(first, None, signed(behavior_hash(first)), JUNE)
    assert before["is_signed"].tolist() == [True]
    after = spec_versions(second, before, signed(behavior_hash(first)), JULY)
    assert after["is_current"].tolist() == [False, True]
    assert after["is_signed"].tolist() == [True, False]
    assert after["missing_roles"].tolist() == [[], ["support lead"]]
    assert after["first_seen_as_of"].tolist() == [JUNE, JULY]
    assert current_spec(after) == second


def test_going_back_is_the_earlier_version_again():
    first, second = behavior(), behavior(persona={"name": "Pip"})
    frame = None
    for spec in (first, second, first):
        frame = spec_versions(spec, frame, signed(), JUNE)
    assert frame["is_current"].tolist() == [True, False]
    assert current_spec(frame) == first


def test_earlier_specs_come_newest_first_and_one_that_cannot_be_read_any_more_is_left_out():
    a, b, c = (behavior(persona={"name": name}) for name in ("A", "B", "C"))
    frame = None
    for spec in (a, b, c):
        frame = spec_versions(spec, frame, signed(), JULY)
    assert frame is not None
    assert [one.persona.name for one in earlier_specs(frame)] == ["B", "A"]
    frame.loc[1, "content"] = "{}"
    assert [one.persona.name for one in earlier_specs(frame)] == ["A"]

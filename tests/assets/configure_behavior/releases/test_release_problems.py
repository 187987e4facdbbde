"""What forbids activating a release, each in a sentence of its own."""

from dataclasses import replace

import pytest

from assets.configure_behavior.releases.build_release import assemble
from assets.configure_behavior.releases.release_problems import Approvals, build_problems, release_problems
from ledger.sign_offs import SignOffState
from tests.assets.configure_behavior.releases.small_parts import parts

ROLES = {"roadmap": ["support lead"], "behavior": ["support lead"], "release": ["support lead"]}


def state(kind: str, missing: tuple[str, ...] = ()) -> SignOffState:
    return SignOffState(kind, "ab" * 32, (), missing, (), True)


@pytest.fixture(scope="module")
def recipe():
    return assemble(parts())[1]


@pytest.fixture
def approvals(recipe):
    accepted = {(one["entry_id"], one["content_hash"]) for one in recipe["entries"]}
    return Approvals(state("roadmap"), state("behavior"), accepted, ROLES, state("release"))


def test_nothing_forbids_a_release_that_has_everything(recipe, approvals):
    assert release_problems(recipe, approvals, [], approvals.accepted) == []


@pytest.mark.parametrize("kind", ["roadmap", "behavior", "release"])
def test_a_missing_signature_is_named_with_role_and_command(recipe, approvals, kind):
    lacking = replace(approvals, **{kind: state(kind, ("support lead",))})
    (problem,) = release_problems(recipe, lacking, [], approvals.accepted)
    assert "support lead" in problem
    assert f"understudy sign-off {kind}" in problem
    assert build_problems(recipe, lacking, []) == ([] if kind == "release" else [problem])


@pytest.mark.parametrize("kind", ["roadmap", "behavior", "release"])
def test_a_desk_that_names_nobody_signs_nothing_by_accident(recipe, approvals, kind):
    nobody = replace(approvals, roles={**ROLES, kind: []})
    (problem,) = release_problems(recipe, nobody, [], approvals.accepted)
    assert f"signers, {kind}" in problem


def test_an_entry_must_be_accepted_in_exactly_this_version(recipe, approvals):
    first = recipe["entries"][0]
    edited = {one for one in approvals.accepted if one[0] != first["entry_id"]} | {(first["entry_id"], "0" * 64)}
    (problem,) = release_problems(recipe, replace(approvals, accepted=edited), [], approvals.accepted)
    assert f"1 entry is ({first['entry_id']}) not accepted" in problem


def test_an_entry_that_is_no_longer_live_is_named_unless_it_is_unknown(recipe, approvals):
    live = {one for one in approvals.accepted if one[0] != "cancel-plan"}
    (problem,) = release_problems(recipe, approvals, [], live)
    assert "1 entry is (cancel-plan) no longer live" in problem
    assert release_problems(recipe, approvals, [], None) == []
    assert release_problems(recipe, approvals, [], set())[0].startswith("8 entries are (")


def test_a_red_check_and_what_verifying_found_forbid_it(recipe, approvals):
    found = release_problems(recipe, approvals, ["fct_tickets: unique"], approvals.accepted, ["index was changed"])
    assert len(found) == 2
    assert "fct_tickets: unique" in found[0]
    assert found[1] == "index was changed"


def test_a_release_of_nothing_decided_is_said(recipe, approvals):
    assert "no category has a bucket" in release_problems({**recipe, "categories": []}, approvals, [])[0]

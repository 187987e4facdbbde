"""Whose turn it is to sign, and what a person is told."""

import datetime as dt

import pytest

from ledger.sign_offs import Signature, SignOffState
from service.console.sign_offs.standing import (
    has_signed_as,
    is_waiting_for,
    listed,
    roles_among,
    roles_to_sign,
    standing,
    whose_turn,
)
from service.console.sign_offs.subjects import Subject
from service.identity.account import Account, Role

ROLES = ("support lead", "head of support")
ADA = Account("a1", "ada", "Ada Moreno", frozenset({Role.APPROVER}), ("Support  Lead",))
BEN = Account("a2", "ben", "Ben Okafor", frozenset({Role.APPROVER}), ("head of support",))
READER = Account("a3", "ivo", "Ivo Lind", frozenset({Role.REVIEWER}), ("support lead",))


def signature(by, role):
    return Signature(role, by, "actor", dt.datetime(2026, 6, 3, 14, 5, tzinfo=dt.UTC), None, "event", 1)


def subject(*signed, distinct=True, **more):
    roles = tuple(role for _, role in signed)
    state = SignOffState(
        "behavior", "a" * 64, roles, tuple(one for one in ROLES if one not in roles),
        tuple(signature(*one) for one in signed), distinct,
    )  # fmt: skip
    return Subject("behavior", ROLES, "a" * 64, state, **more)


def test_nothing_to_sign_says_what_to_do():
    found = standing(Subject("pilot", ROLES, nothing="The desk has no pilot.yaml. Start one."))
    assert (found.word, found.sentence) == ("nothing to sign yet", "The desk has no pilot.yaml. Start one.")
    assert whose_turn(ADA, Subject("pilot", ROLES, nothing="no")) == ""


def test_full_names_who_and_when():
    found = standing(subject(("Ada Moreno", "support lead"), ("Ben Okafor", "head of support")))
    assert found.kind == "good"
    assert found.sentence == (
        "Signed by Ada Moreno (support lead) and Ben Okafor (head of support), 3 June 2026, 14:05 UTC."
    )


def test_one_person_in_two_roles_is_said():
    both = subject(("Ada Moreno", "support lead"), ("Ada Moreno", "head of support"), distinct=False)
    assert "One person signed in more than one role." in standing(both).sentence


def test_an_erased_name_is_said_as_that():
    assert "an erased person (support lead)" in standing(subject((None, "support lead"))).sentence


def test_partly_signed_names_who_is_left():
    found = standing(subject(("Ada Moreno", "support lead")))
    assert (found.word, found.kind) == ("partly signed", "open")
    assert found.sentence.endswith("Still to sign: head of support.")


def test_changed_since_it_was_signed_is_told_apart_from_never_signed():
    assert standing(subject(was_signed=True)).word == "changed"
    assert standing(subject()).word == "to be signed"


def test_a_desk_without_signers_is_not_taken_for_signed():
    state = SignOffState("behavior", "a" * 64, (), (), (), True)
    assert state.is_complete
    found = standing(Subject("behavior", (), "a" * 64, state))
    assert found.kind == "bad"
    assert "desk.yaml" in found.sentence
    assert not is_waiting_for(ADA, Subject("behavior", (), "a" * 64, state))


def test_problems_keep_everybody_from_signing():
    broken = subject(problems=("No baseline of csat.",))
    assert standing(broken).kind == "bad"
    assert whose_turn(ADA, broken) == "Nobody can sign it until that is corrected."
    assert not is_waiting_for(ADA, broken)


def test_roles_are_those_of_the_account_however_they_are_spelt():
    assert roles_among(ADA, ROLES) == ["support lead"]
    assert roles_among(READER, ROLES) == []  # signs as support lead, but is no approver


def test_the_missing_role_comes_first():
    both = Account("a4", "zoe", "Zoe Adler", frozenset({Role.APPROVER}), ROLES)
    assert roles_to_sign(both, subject(("Ada Moreno", "support lead"))) == ["head of support", "support lead"]


@pytest.mark.parametrize(
    ("account", "words"),
    [
        (ADA, "It is your turn to sign, as support lead."),
        (BEN, "It is your turn to sign, as head of support."),
        (READER, "It is for support lead and head of support to sign."),
    ],
)
def test_everybody_is_told_whose_turn_it_is(account, words):
    assert whose_turn(account, subject()) == words
    assert is_waiting_for(account, subject()) == words.startswith("It is your turn")


def test_who_has_signed_is_told_so_and_who_is_next():
    half = subject(("ADA  moreno", "support lead"))
    assert has_signed_as(ADA, half, "support lead")
    assert whose_turn(ADA, half) == "You have signed. It is for head of support to sign."
    assert not is_waiting_for(ADA, half)
    assert is_waiting_for(BEN, half)


def test_listed():
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"], "or") == "a, b or c"

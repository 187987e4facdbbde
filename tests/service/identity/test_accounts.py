"""Accounts: who there is, what may be changed, and that the ledger hears of it."""

from __future__ import annotations

import pytest

from ledger.errors import LedgerBusyError
from service.identity.account import NotAllowed, Role
from service.identity.refusals import IdentityProblem, PasswordRefused, WrongLogin
from service.identity.visitor import SessionEnded
from tests.service.identity.doorways import ADDRESS, PASSWORD, add_ada, add_noor, told


def test_an_account_is_kept_as_it_was_made(doors):
    made = add_ada(doors)
    assert doors.account(made.account_id) == made == doors.account_by_login(" ADA ")
    assert made.may(Role.ADMIN)
    assert made.signing_role(["head of support", "support lead"]) == "support lead"


def test_nobody_is_there_at_first(doors):
    assert not doors.has_accounts()
    add_ada(doors)
    assert doors.has_accounts()


@pytest.mark.parametrize("login", ["", "a b", "../x", "x" * 65, "-ada", "ådå", "ada\n<script>"])
def test_what_cannot_be_a_login_is_refused(doors, login):
    with pytest.raises(IdentityProblem, match="A login is"):
        doors.add_account(login, "Ada Moreno", [Role.ADMIN], password=PASSWORD, by="Ada Moreno")


def test_two_accounts_are_never_one_person_to_the_ledger(doors):
    add_ada(doors)
    with pytest.raises(IdentityProblem, match="has an account already"):
        doors.add_account("ada2", "ADA  moreno", [Role.REVIEWER], password=PASSWORD, by="Ada Moreno")
    with pytest.raises(IdentityProblem, match="is taken"):
        doors.add_account("Ada", "Ada Other", [Role.REVIEWER], password=PASSWORD, by="Ada Moreno")
    noor = add_noor(doors)
    with pytest.raises(IdentityProblem, match="has an account already"):
        doors.edit_account(noor.account_id, by="Ada Moreno", name="Ada Moreno")


def test_a_role_must_be_one_that_there_is(doors):
    for roles in ([], ["boss"]):
        with pytest.raises(IdentityProblem, match="reviewer, knowledge_owner, approver, admin"):
            doors.add_account("ada", "Ada Moreno", roles, password=PASSWORD, by="Ada Moreno")
    assert doors.accounts() == []


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "at least 12"),
        ("a" * 40, "different"),
        ("adalovelace12", "login or the name"),
        ("x" * 1025, "at most"),
    ],
)
def test_what_is_guessed_first_is_no_password(doors, password, why):
    with pytest.raises(PasswordRefused, match=why):
        doors.add_account("adalovelace12", "Ada Moreno", [Role.ADMIN], password=password, by="Ada Moreno")


def test_roles_that_are_taken_away_are_missed_at_the_next_step(doors):
    ada = add_ada(doors)
    _, visitor = doors.sign_in("ada", PASSWORD, ADDRESS)
    doors.edit_account(ada.account_id, by="Mira Okafor", roles=[Role.REVIEWER], signs_as=[])
    with pytest.raises(NotAllowed, match="role admin"):
        visitor.account().require(Role.ADMIN)
    with pytest.raises(NotAllowed, match="signs in no role"):
        visitor.account().signing_role(["support lead"])


def test_a_closed_account_loses_its_running_session_at_once(doors):
    ada = add_ada(doors)
    value, visitor = doors.sign_in("ada", PASSWORD, ADDRESS)
    doors.close_account(ada.account_id, by="Mira Okafor")
    assert doors.visitor(value) is None
    with pytest.raises(SessionEnded):
        visitor.account()
    with pytest.raises(WrongLogin):
        doors.sign_in("ada", PASSWORD, ADDRESS)


def test_opening_an_account_again_brings_back_neither_session_nor_password(doors):
    ada = add_ada(doors)
    value, _ = doors.sign_in("ada", PASSWORD, ADDRESS)
    doors.close_account(ada.account_id, by="Mira Okafor")
    with pytest.raises(IdentityProblem, match="closed"):
        doors.set_password(ada.account_id, PASSWORD, by="Mira Okafor")
    doors.edit_account(ada.account_id, by="Mira Okafor", is_active=True)
    assert doors.visitor(value) is None
    with pytest.raises(WrongLogin):
        doors.sign_in("ada", PASSWORD, ADDRESS)
    doors.set_password(ada.account_id, "Another-Phrase-4411", by="Mira Okafor")
    assert doors.sign_in("ada", "Another-Phrase-4411", ADDRESS)


def test_every_change_is_in_the_ledger_with_who_and_what(doors, ledger):
    noor = add_noor(doors)
    doors.edit_account(noor.account_id, by="Ada Moreno", roles=[Role.APPROVER])
    doors.set_password(noor.account_id, "Another-Phrase-4411", by="Ada Moreno")
    doors.close_account(noor.account_id, by="Ada Moreno")
    words = told(ledger)
    assert [payload["what"] for _, payload in words] == ["added", "edited", "password set", "closed"]
    assert words[1][1]["changes"] == {"roles": {"from": ["reviewer"], "to": ["approver"]}}
    for event in ledger.events():
        assert (event.event_type, event.subject_kind, event.subject_hash) == (
            "account_changed",
            "account",
            noor.account_id,
        )
        assert ledger.actor_name(event.actor_id) == "Ada Moreno"
        assert event.role == "admin"


def test_a_change_that_changes_nothing_is_no_event(doors, ledger):
    noor = add_noor(doors)
    before = ledger.head()
    doors.edit_account(noor.account_id, by="Ada Moreno", name="Noor Haddad")
    assert ledger.head() == before


def test_nothing_is_changed_that_the_ledger_cannot_record(doors, ledger, monkeypatch):
    noor = add_noor(doors)

    def busy(event):
        raise LedgerBusyError("Another process has been writing.")

    monkeypatch.setattr(ledger, "append", busy)
    with pytest.raises(IdentityProblem, match="Nothing was changed"):
        doors.close_account(noor.account_id, by="Ada Moreno")
    assert doors.account(noor.account_id).is_active
    with pytest.raises(LedgerBusyError):
        doors.sign_in("noor", PASSWORD, ADDRESS)
    assert doors.sessions_of(noor.account_id) == []

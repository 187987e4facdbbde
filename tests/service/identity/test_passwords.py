"""How passwords are kept."""

from __future__ import annotations

import sqlite3

import argon2

from service.identity.passwords import Passwords, check_new_password, generated_password
from tests.service.identity.doorways import ADDRESS, PASSWORD, add_ada, cheap_passwords, open_doors


def kept_hash(folder) -> str:
    with sqlite3.connect(folder / "service.sqlite") as connection:
        return connection.execute("select password_hash from service_accounts").fetchone()[0]


def test_the_hash_is_argon2id_with_the_parameters_of_rfc_9106():
    kept = Passwords().hash(PASSWORD)
    parameters = argon2.extract_parameters(kept)
    assert parameters.type is argon2.Type.ID
    assert parameters.memory_cost >= 65_536
    assert parameters.time_cost >= 3
    assert Passwords().is_right(PASSWORD, kept)
    assert not Passwords().is_right(PASSWORD + "x", kept)


def test_a_hash_with_less_work_is_made_anew_when_its_owner_signs_in(tmp_path, ledger, clock):
    with open_doors(tmp_path, ledger, clock) as doors:
        add_ada(doors)
        old = kept_hash(tmp_path)
        doors.sign_in("ada", PASSWORD, ADDRESS)
        assert kept_hash(tmp_path) == old
    with open_doors(tmp_path, ledger, clock, cheap_passwords(time_cost=2)) as doors:
        doors.sign_in("ada", PASSWORD, ADDRESS)
        assert "t=2" in kept_hash(tmp_path)
        assert doors.sign_in("ada", PASSWORD, ADDRESS)


def test_nothing_is_right_for_an_account_without_a_password():
    passwords = cheap_passwords()
    assert not passwords.is_right("", None)
    assert not passwords.is_right(PASSWORD, None)
    assert not passwords.is_right(PASSWORD, "not a hash")


def test_a_letter_with_its_accent_apart_is_the_same_letter():
    passwords = cheap_passwords()
    assert passwords.is_right("cafe\u0301-harbour-93", passwords.hash("caf\u00e9-harbour-93"))


def test_a_made_up_password_is_accepted_and_never_the_same():
    made = {generated_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        check_new_password(password, "ada", "Ada Moreno")


def test_no_password_breaks_the_hash():
    passwords = cheap_passwords()
    for password in ("\ud800" * 20, "\x00" * 20, "x" * 100_000):
        assert not passwords.is_right(password, passwords.hash("something else"))

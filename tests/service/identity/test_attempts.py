"""Guessing passwords is slowed down, and nothing tells a guesser which logins there are."""

from __future__ import annotations

import threading

import pytest

from service.identity.attempts import LONGEST_WAIT, network_of, wait_after
from service.identity.refusals import TooManyAttempts, WrongLogin
from tests.service.identity.doorways import ADDRESS, PASSWORD, add_ada, add_noor, cheap_passwords, open_doors


def guess(doors, login: str = "ada", address: str = ADDRESS, password: str = "a wrong guess") -> str:
    """What a guesser is told."""
    try:
        doors.sign_in(login, password, address)
    except (WrongLogin, TooManyAttempts) as problem:
        return str(problem)
    return "in"


def test_after_five_failures_even_the_right_password_must_wait(doors, clock):
    add_ada(doors)
    for _ in range(5):
        with pytest.raises(WrongLogin):
            doors.sign_in("ada", "a wrong guess", ADDRESS)
    with pytest.raises(TooManyAttempts) as refused:
        doors.sign_in("ada", PASSWORD, "198.51.100.9")
    assert refused.value.seconds == 2
    clock.move(seconds=2)
    assert doors.sign_in("ada", PASSWORD, ADDRESS)


def test_the_waits_grow_to_a_quarter_of_an_hour_and_no_further():
    waits = [wait_after(failures, 5) for failures in range(30)]
    assert waits[:8] == [0, 0, 0, 0, 0, 2, 4, 8]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT == 900


def test_a_restart_forgives_nothing(tmp_path, ledger, clock):
    with open_doors(tmp_path, ledger, clock) as doors:
        add_ada(doors)
        for _ in range(5):
            guess(doors)
    with open_doors(tmp_path, ledger, clock) as doors, pytest.raises(TooManyAttempts):
        doors.sign_in("ada", PASSWORD, ADDRESS)


def test_a_wait_that_is_not_kept_is_not_counted_against_anybody(doors, clock):
    add_ada(doors)
    for _ in range(50):
        guess(doors)
    clock.move(seconds=2)
    assert guess(doors, password=PASSWORD) == "in"


def test_an_unknown_login_is_told_the_same_as_a_known_one(doors):
    add_ada(doors)
    known, unknown = (
        [guess(doors, login, address) for _ in range(7)] for login, address in (("ada", "::1"), ("eve", "::2:0:0:0:1"))
    )
    assert known == unknown
    assert len(set(known)) == 2


def test_one_address_may_not_try_many_logins(doors):
    add_ada(doors)
    told = [guess(doors, f"person{number}") for number in range(21)]
    assert "Too many" in told[20]
    assert "Too many" not in told[19]
    assert "Too many" in guess(doors, password=PASSWORD)
    assert guess(doors, address="198.51.100.9", password=PASSWORD) == "in"


def test_signing_in_to_ones_own_account_clears_no_way_to_others(doors):
    add_ada(doors)
    add_noor(doors)
    for number in range(20):
        guess(doors, f"person{number}")
    assert guess(doors, "noor", "198.51.100.9", PASSWORD) == "in"
    assert "Too many" in guess(doors, "person99")


def test_a_success_clears_what_was_mistyped(doors, clock):
    add_ada(doors)
    for _ in range(4):
        for _ in range(4):
            assert "Too many" not in guess(doors)
        assert guess(doors, password=PASSWORD) == "in"


def test_failures_are_forgotten_after_a_day(doors, clock):
    add_ada(doors)
    for _ in range(5):
        guess(doors)
    clock.move(hours=24)
    assert "Too many" not in guess(doors)


def test_spellings_of_one_login_are_one_login(doors):
    add_ada(doors)
    for login in ("ada", "ADA", " ada", "Ada ", "aDa"):
        guess(doors, login)
    assert "Too many" in guess(doors, "ada")


def test_guessing_at_once_gains_nothing(doors):
    add_ada(doors)
    told: list[str] = []
    threads = [threading.Thread(target=lambda: told.append(guess(doors))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum("Too many" in words for words in told) == 11


def test_an_unknown_login_costs_a_hash_too(tmp_path, ledger, clock, monkeypatch):
    passwords = cheap_passwords()
    looked_at: list[str] = []
    verify = passwords._hasher.verify

    def counting(kept, password):
        looked_at.append(kept)
        return verify(kept, password)

    monkeypatch.setattr(type(passwords._hasher), "verify", lambda self, kept, password: counting(kept, password))
    with open_doors(tmp_path, ledger, clock, passwords) as doors:
        noor = add_noor(doors)
        doors.close_account(noor.account_id, by="Ada Moreno")
        for login in ("eve", "noor", "not a login at all"):
            guess(doors, login)
    assert len(looked_at) == 3
    assert {kept.split("$")[3] for kept in looked_at} == {"m=8,t=1,p=1"}


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
    ],
)
def test_an_address_is_what_one_household_has(address, network):
    assert network_of(address) == network

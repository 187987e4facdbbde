"""Sessions: how they begin, when they are over, and what is kept of them."""

from __future__ import annotations

import sqlite3

import pytest

from service.identity.refusals import PasswordRefused, TooManyAttempts, WrongLogin
from service.identity.visitor import SessionEnded
from tests.service.identity.doorways import ADDRESS, PASSWORD, Clock, add_ada, add_noor, open_doors, told


def flush(doors) -> None:
    """Wait until what is noted in the background is written."""
    doors._later.submit(lambda: None).result()


def test_a_session_is_over_after_its_hours_even_if_it_is_used(doors, clock):
    add_ada(doors)
    value, visitor = doors.sign_in("ada", PASSWORD, ADDRESS)
    for _ in range(12 * 2 - 1):
        clock.move(minutes=30)
        assert visitor.account().login == "ada"
        flush(doors)
    clock.move(minutes=30)
    assert doors.visitor(value) is None
    with pytest.raises(SessionEnded):
        visitor.account()


def test_a_session_that_nobody_uses_is_over_after_the_idle_time(doors, clock):
    add_ada(doors)
    value, visitor = doors.sign_in("ada", PASSWORD, ADDRESS)
    clock.move(minutes=59)
    assert visitor.account()
    flush(doors)
    clock.move(minutes=59)
    assert doors.visitor(value) is not None
    flush(doors)
    clock.move(minutes=60)
    assert doors.visitor(value) is None


def test_looking_without_using_does_not_keep_a_session_alive(doors, clock):
    add_ada(doors)
    value, visitor = doors.sign_in("ada", PASSWORD, ADDRESS)
    clock.move(minutes=40)
    assert doors.visitor(value, is_use=False)
    assert doors.account_of(visitor.session_id, is_use=False)
    flush(doors)
    clock.move(minutes=40)
    assert doors.visitor(value) is None


def test_the_last_use_is_written_once_a_minute_at_most(doors, clock):
    ada = add_ada(doors)
    value, _ = doors.sign_in("ada", PASSWORD, ADDRESS)
    clock.move(seconds=50)
    doors.visitor(value)
    flush(doors)
    began = doors.sessions_of(ada.account_id)[0]
    assert began.last_used_at == began.started_at
    clock.move(seconds=10)
    doors.visitor(value)
    flush(doors)
    assert doors.sessions_of(ada.account_id)[0].last_used_at == clock.now


def test_a_short_idle_time_is_kept_all_the_same(tmp_path, ledger, clock):
    with open_doors(tmp_path, ledger, clock, idle_minutes=0.5) as doors:
        add_ada(doors)
        value, _ = doors.sign_in("ada", PASSWORD, ADDRESS)
        for _ in range(4):
            clock.move(seconds=20)
            assert doors.visitor(value)
            flush(doors)
        clock.move(seconds=30)
        assert doors.visitor(value) is None


def test_every_sign_in_is_a_session_of_its_own(doors):
    ada = add_ada(doors)
    first, one = doors.sign_in("ada", PASSWORD, ADDRESS)
    second, other = doors.sign_in("ada", PASSWORD, ADDRESS)
    assert first != second
    assert one.session_id != other.session_id
    assert one.csrf != other.csrf
    assert len(doors.sessions_of(ada.account_id)) == 2


def test_signing_out_ends_this_session_and_no_other(doors):
    add_ada(doors)
    first, one = doors.sign_in("ada", PASSWORD, ADDRESS)
    second, _ = doors.sign_in("ada", PASSWORD, ADDRESS)
    assert doors.sign_out(one.session_id)
    assert not doors.sign_out(one.session_id)
    assert doors.visitor(first) is None
    assert doors.visitor(second)


def test_signing_out_everywhere_ends_all_of_one_person(doors, ledger):
    ada = add_ada(doors)
    add_noor(doors)
    values = [doors.sign_in("ada", PASSWORD, ADDRESS)[0] for _ in range(3)]
    other, _ = doors.sign_in("noor", PASSWORD, ADDRESS)
    assert doors.sign_out_everywhere(ada.account_id, by="Ada Moreno") == 3
    assert [doors.visitor(value) for value in values] == [None] * 3
    assert doors.visitor(other)
    assert [words["why"] for kind, words in told(ledger) if kind == "signed_out"] == ["signed out everywhere"] * 3


def test_nobody_ends_a_session_of_somebody_else(doors):
    ada = add_ada(doors)
    add_noor(doors)
    value, visitor = doors.sign_in("noor", PASSWORD, ADDRESS)
    assert not doors.end_session(ada.account_id, visitor.session_id, by="Ada Moreno")
    assert doors.visitor(value)


def test_another_password_ends_every_session(doors):
    ada = add_ada(doors)
    value, visitor = doors.sign_in("ada", PASSWORD, ADDRESS)
    with pytest.raises(WrongLogin):
        doors.change_own_password(visitor.session_id, "not the old one", "Another-Phrase-4411", ADDRESS)
    with pytest.raises(PasswordRefused):
        doors.change_own_password(visitor.session_id, PASSWORD, "short", ADDRESS)
    with pytest.raises(PasswordRefused):
        doors.change_own_password(visitor.session_id, PASSWORD, PASSWORD, ADDRESS)
    assert doors.visitor(value)
    doors.change_own_password(visitor.session_id, PASSWORD, "Another-Phrase-4411", ADDRESS)
    assert doors.visitor(value) is None
    assert doors.sessions_of(ada.account_id) == []
    assert doors.sign_in("ada", "Another-Phrase-4411", ADDRESS)
    with pytest.raises(WrongLogin):
        doors.sign_in("ada", PASSWORD, ADDRESS)


def test_the_old_password_cannot_be_guessed_from_an_open_session(doors):
    add_ada(doors)
    _, visitor = doors.sign_in("ada", PASSWORD, ADDRESS)
    for _ in range(5):
        with pytest.raises(WrongLogin):
            doors.change_own_password(visitor.session_id, "a guess", "Another-Phrase-4411", ADDRESS)
    with pytest.raises(TooManyAttempts):
        doors.change_own_password(visitor.session_id, PASSWORD, "Another-Phrase-4411", ADDRESS)


@pytest.mark.parametrize("value", ["", "x", "' or 1=1 --", "a" * 43, "ä" * 43, "a" * 100_000])
def test_a_cookie_that_nobody_was_given_opens_nothing(doors, value):
    add_ada(doors)
    assert doors.visitor(value) is None


def test_no_secret_is_kept_or_recorded(tmp_path, doors, ledger):
    ada = add_ada(doors)
    value, visitor = doors.sign_in("ada", PASSWORD, ADDRESS)
    _, token = doors.issue_token("helpdesk adapter", ["decisions:write"], "Ada Moreno")
    with pytest.raises(WrongLogin):
        doors.sign_in("Typed-Into-The-Wrong-Field", "Mistyped-Secret-1", ADDRESS)
    doors.set_password(ada.account_id, "Another-Phrase-4411", by="Ada Moreno")
    secrets = [value, visitor.csrf, token, token[4:], PASSWORD, "Another-Phrase-4411", "Mistyped-Secret-1"]
    kept = dump(tmp_path / "service.sqlite")
    for secret in [*secrets, "Typed-Into-The-Wrong-Field", "typed-into-the-wrong-field"]:
        assert secret not in kept
    recorded = dump(tmp_path / "ledger.sqlite") + repr(told(ledger))
    hashes = [
        row[0] for row in sqlite3.connect(tmp_path / "service.sqlite").execute("select secret_hash from service_tokens")
    ]
    assert len(hashes) == 1
    for secret in [*secrets, *hashes, "argon2"]:
        assert secret not in recorded
    assert visitor.csrf not in repr(visitor)
    assert (tmp_path / "service.sqlite").stat().st_mode & 0o077 == 0


def test_signing_in_and_out_is_recorded_by_the_sessions_id(doors, ledger):
    ada = add_ada(doors)
    _, visitor = doors.sign_in("ada", PASSWORD, ADDRESS)
    doors.sign_out(visitor.session_id)
    events = [event for event in ledger.events() if event.subject_kind == "session"]
    assert [event.event_type for event in events] == ["signed_in", "signed_out"]
    assert {event.subject_hash for event in events} == {visitor.session_id}
    assert {ledger.actor_name(event.actor_id) for event in events} == {"Ada Moreno"}
    assert ledger.payload(events[1].payload_digest) == {"account": ada.account_id, "why": "signed out"}


def test_two_processes_share_one_set_of_doors(tmp_path, ledger, clock):
    """A command at the terminal closes an account while the server runs."""
    with open_doors(tmp_path, ledger, clock) as server, open_doors(tmp_path, ledger, Clock()) as terminal:
        add_ada(server)
        value, _ = server.sign_in("ada", PASSWORD, ADDRESS)
        terminal.close_account(terminal.account_by_login("ada").account_id, by="Mira Okafor")
        assert server.visitor(value) is None


def dump(file) -> str:
    """Everything a database holds, as text."""
    with sqlite3.connect(file) as connection:
        return "\n".join(connection.iterdump())

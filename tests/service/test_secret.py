from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from service.secret import VARIABLE, SecretProblem, secret_file, service_secret


@pytest.fixture(autouse=True)
def no_variable(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)


def test_it_is_made_once_for_its_owner_alone(tmp_path: Path):
    secret = service_secret(tmp_path)
    assert len(secret) >= 32
    assert service_secret(tmp_path) == secret
    assert stat.S_IMODE(secret_file(tmp_path).stat().st_mode) == 0o600
    assert [one.name for one in secret_file(tmp_path).parent.iterdir()] == ["secret.key"]


def test_first_users_at_once_get_the_same(tmp_path: Path):
    with ThreadPoolExecutor(16) as users:
        assert len(set(users.map(lambda _: service_secret(tmp_path), range(64)))) == 1


def test_two_desks_have_two(tmp_path: Path):
    assert service_secret(tmp_path / "a") != service_secret(tmp_path / "b")


def test_the_variable_wins_and_leaves_no_file(tmp_path: Path, monkeypatch):
    monkeypatch.setenv(VARIABLE, "x" * 40)
    assert service_secret(tmp_path) == "x" * 40
    assert not secret_file(tmp_path).exists()


@pytest.mark.parametrize("short", ["", "changeme", " " * 40])
def test_one_that_can_be_guessed_is_refused(tmp_path: Path, monkeypatch, short: str):
    monkeypatch.setenv(VARIABLE, short)
    with pytest.raises(SecretProblem, match=VARIABLE):
        service_secret(tmp_path)


def test_a_file_that_is_none_any_more_is_named(tmp_path: Path):
    service_secret(tmp_path)
    for broken in (b"", b"\xff\xfe"):
        secret_file(tmp_path).write_bytes(broken)
        with pytest.raises(SecretProblem, match=r"secret\.key"):
            service_secret(tmp_path)

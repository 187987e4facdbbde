"""``understudy account`` and ``understudy token`` as a person at the terminal meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ledger.store import open_ledger
from orchestration.cli import app
from orchestration.lake import Lake
from service.identity.refusals import WrongLogin
from tests.service.identity.doorways import ADDRESS, PASSWORD, Clock, open_doors
from tests.service.small_gate import DESK

BY = ["--by", "Ada Moreno"]


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Path:
    (tmp_path / "desk.yaml").write_text(DESK + "signers: {roadmap: [support lead], release: [head of support]}\n")
    (tmp_path / "password").write_text(PASSWORD + "\n")
    monkeypatch.setenv("UNDERSTUDY_DESK", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def understudy(*words: str, code: int = 0, given: str | None = None) -> str:
    """Run a command; what it said, standard error too."""
    done = CliRunner().invoke(app, list(words), input=given, catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.output


def add(login: str = "ada", *more: str, code: int = 0) -> str:
    name = {"ada": "Ada Moreno", "noor": "Noor Haddad"}[login]
    roles = [*BY, "--role", "admin", *(more or ["--generate"])]
    return understudy("account", "add", login, "--name", name, *roles, code=code)


def listed() -> list[dict]:
    return [json.loads(line) for line in understudy("account", "list", "--format", "json").splitlines()]


def can_sign_in(desk: Path, login: str, password: str) -> bool:
    ledger_file = Lake(desk / ".understudy").ledger_file
    with open_ledger(ledger_file) as ledger, open_doors(desk / ".understudy", ledger, Clock()) as doors:
        try:
            return bool(doors.sign_in(login, password, ADDRESS))
        except WrongLogin:
            return False


def test_the_first_account_with_a_password_that_is_made_up(desk):
    said = add("ada", "--role", "reviewer", "--signs-as", "Support Lead", "--generate")
    assert "Ada Moreno can sign in as ada: admin, reviewer; signs as Support Lead." in said
    password = said.partition("shown this once: ")[2].strip()
    assert can_sign_in(desk, "ada", password)
    assert listed()[0]["roles"] == "admin, reviewer"


def test_a_password_from_a_file_or_asked_for_is_not_shown(desk):
    assert PASSWORD not in add("ada", "--password-file", str(desk / "password"))
    assert can_sign_in(desk, "ada", PASSWORD)
    said = understudy("account", "password", "ada", *BY, given="another long one\nanother long one\n")
    assert "another long one" not in said
    assert can_sign_in(desk, "ada", "another long one")
    assert not can_sign_in(desk, "ada", PASSWORD)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (["--password-file", "nowhere"], "cannot be read"),
        (["--password-file", "password", "--generate"], "not both"),
        (["--generate", "--signs-as", "boss"], "desk.yaml names no signing role 'boss'. It names: support lead"),
        (["--generate", "--role", "boss"], "There is no role 'boss'"),
    ],
)
def test_what_cannot_be_is_refused_in_words(desk, monkeypatch, more, why):
    monkeypatch.chdir(desk)
    assert why in add("ada", *more, code=1)
    assert listed() == []


def test_an_account_is_changed_closed_and_opened_again(desk):
    add("ada")
    add("noor")
    understudy("account", "edit", "noor", "--role", "approver", "--signs-as", "head of support", *BY)
    assert [(one["login"], one["roles"], one["signs_as"]) for one in listed()][1] == (
        "noor",
        "approver",
        "head of support",
    )
    understudy("account", "edit", "noor", "--signs-nothing", "--new-login", "noor.haddad", *BY)
    assert listed()[1]["signs_as"] == ""
    assert "is closed" in understudy("account", "close", "noor.haddad", *BY)
    assert listed()[1]["status"] == "closed"
    assert "closed already" in understudy("account", "close", "noor.haddad", *BY, code=1)
    assert "needs" not in understudy("account", "edit", "noor.haddad", "--reopen", *BY)
    assert listed()[1]["status"] == "active"
    assert "Nothing to change" in understudy("account", "edit", "ada", *BY, code=1)
    assert "no such account" in understudy("account", "edit", "eve", "--role", "admin", *BY, code=1)


def test_the_ledger_knows_who_did_it_at_the_terminal(desk):
    add("ada")
    with open_ledger(Lake(desk / ".understudy").ledger_file) as ledger:
        (event,) = ledger.events()
        assert (event.event_type, event.role, ledger.actor_name(event.actor_id)) == (
            "account_changed",
            "operator",
            "Ada Moreno",
        )


def test_a_token_is_issued_listed_and_revoked(desk):
    said = understudy("token", "issue", "helpdesk adapter", "--scope", "decisions:write", "--days", "30", *BY)
    secret = said.partition("shown this once: ")[2].strip()
    assert secret.startswith("und_")
    rows = understudy("token", "list", "--format", "json")
    assert json.loads(rows)["status"] == "good"
    assert secret not in rows
    assert "already" in understudy("token", "issue", "helpdesk adapter", "--scope", "decisions:write", *BY, code=1)
    assert "There are: decisions:write" in understudy("token", "issue", "x", "--scope", "all", *BY, code=1)
    assert "is revoked" in understudy("token", "revoke", "helpdesk adapter", *BY)
    assert json.loads(understudy("token", "list", "--format", "json"))["status"] == "revoked"
    assert "no token" in understudy("token", "revoke", "helpdesk adapter", *BY, code=1)

"""API tokens."""

from __future__ import annotations

import datetime as dt

import pytest

from service.identity.refusals import IdentityProblem
from tests.service.identity.doorways import START, told


def test_a_token_is_what_it_was_issued_for(doors):
    made, text = doors.issue_token("helpdesk adapter", ["decisions:write", "releases:read"], "Ada Moreno")
    assert text.startswith("und_")
    assert doors.token(text) == made
    assert made.scopes == {"decisions:write", "releases:read"}
    for other in ("", "und_", text[:-1], text + "x", text.upper(), text.replace("und_", "")):
        assert doors.token(other) is None


@pytest.mark.parametrize("scopes", [[], ["decisions"], ["decisions:write", "admin"]])
def test_scopes_are_those_that_there_are(doors, scopes):
    with pytest.raises(IdentityProblem, match="decisions:write, feedback:write, handoffs:write, releases:read"):
        doors.issue_token("x", scopes, "Ada Moreno")


def test_a_revoked_token_opens_nothing(doors, ledger):
    made, text = doors.issue_token("x", ["decisions:write"], "Ada Moreno")
    doors.revoke_token(made.token_id, "Ada Moreno")
    assert doors.token(text) is None
    with pytest.raises(IdentityProblem, match="revoked before"):
        doors.revoke_token(made.token_id, "Ada Moreno")
    with pytest.raises(IdentityProblem, match="no such token"):
        doors.revoke_token("nope", "Ada Moreno")
    assert [(kind, words["what"]) for kind, words in told(ledger)] == [
        ("token_changed", "issued"),
        ("token_changed", "revoked"),
    ]


def test_a_token_ends_when_it_was_to(doors, clock):
    _, text = doors.issue_token("x", ["decisions:write"], "Ada Moreno", START + dt.timedelta(days=1))
    clock.move(hours=23)
    assert doors.token(text)
    clock.move(hours=1)
    assert doors.token(text) is None
    with pytest.raises(IdentityProblem, match="lies ahead"):
        doors.issue_token("y", ["decisions:write"], "Ada Moreno", START)


def test_a_name_is_one_good_tokens(doors):
    made, _ = doors.issue_token("helpdesk", ["decisions:write"], "Ada Moreno")
    with pytest.raises(IdentityProblem, match="already"):
        doors.issue_token("Helpdesk", ["feedback:write"], "Ada Moreno")
    doors.revoke_token(made.token_id, "Ada Moreno")
    assert doors.issue_token("helpdesk", ["decisions:write"], "Ada Moreno")

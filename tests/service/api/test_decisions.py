from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from starlette.requests import Request

from desk.loading import load_pilot
from desk.pilot import pilot_content, pilot_hash
from ledger.autonomy import restore_autonomy, withdraw_autonomy
from ledger.erasure import erase_payload
from ledger.live import decisions_made, read_decision
from ledger.pilots import set_share
from ledger.sign_offs import record_sign_off
from ledger.verification import verify
from service.api import refusals
from service.identity.tokens import Scope
from tests.service.api.live import Live

pytestmark = pytest.mark.graph

HOSTILE = '<script>alert(1)</script> \x00 \u202e \U0001f511 "); drop table ledger_events; -- {{7*7}} ' + "é" * 3_000
BAD_BODIES = {
    "no JSON": b'{"message": ',
    "nothing": b"",
    "not a number": b'{"message": "x", "context": {"a": NaN}}',
    "infinite": b'{"message": "x", "context": {"a": Infinity}}',
    "broken UTF-8": b'{"message": "\xff\xfe"}',
    "half a character": b'{"message": "\\ud800"}',
    "a number without end": b'{"message": "x", "context": {"a": ' + b"9" * 5_000 + b"}}",
    "nested without end": b'{"message": "x", "context": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "a list": b'["message"]',
    "no text": b'{"message": 5}',
}


def as_json(body: object) -> bytes:
    """As clients in most languages write it: not escaped."""
    return json.dumps(body, ensure_ascii=False).encode()


def count(live: Live) -> int:
    return sum(1 for _ in decisions_made(live.service.ledger))


def test_a_decision_is_in_the_ledger_as_it_was_answered(app: Live):
    said = app.decide(
        "How do I cancel?",
        conversation=[{"author": "customer", "text": "Hello"}, {"author": "ai_agent", "text": "Hi, what can I do?"}],
        context={"plan": "pro", "seats": 4, "sso": False, "page": None},
        requester_id="lena@example.com", ticket_id="zendesk:48211", channel="chat",
    )  # fmt: skip
    assert said["action"] == "escalate"
    assert said["suggested_reply"]
    assert said["handoff"]["queue"]
    assert (said["mode"], said["sends"]) == ("shadow", False)
    recorded = read_decision(app.service.ledger, said["decision_id"])
    assert recorded is not None
    assert recorded.by == "shop widget"
    assert recorded.event.role == "api client"
    assert recorded.request == {
        "message": "How do I cancel?",
        "conversation": [{"author": "customer", "text": "Hello"}, {"author": "ai_agent", "text": "Hi, what can I do?"}],
        "context": {"plan": "pro", "seats": 4, "sso": False, "page": None},
        "requester_id": "lena@example.com", "ticket_id": "zendesk:48211", "channel": "chat",
    }  # fmt: skip
    assert recorded.decision is not None
    assert recorded.decision["reply"] == said["reply"]
    assert recorded.release_id == said["release_id"] == app.service.release.release_id
    assert datetime.fromisoformat(said["decided_at"]) == recorded.event.occurred_at


def test_the_same_key_gives_the_same_bytes_and_one_event(app: Live):
    before = count(app)
    body = {"message": "How do I reset my password?", "context": {"sso": False, "plan": "pro"}}
    first = app.post("/v1/decisions", body, key="once")
    again = app.post("/v1/decisions", {"context": {"plan": "pro", "sso": False}, **body}, key="once")
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.content == first.content
    assert "idempotent-replay" not in first.headers
    assert again.headers["idempotent-replay"] == "true"
    assert count(app) == before + 1


def test_a_key_is_not_for_another_request_and_not_another_clients(app: Live):
    first = app.post("/v1/decisions", {"message": "How do I reset my password?"}, key="mine")
    other = app.post("/v1/decisions", {"message": "How do I cancel?"}, key="mine")
    assert other.status_code == 422
    assert "Idempotency-Key" in other.json()["detail"]
    elsewhere = app.post(
        "/v1/decisions", {"message": "How do I cancel?"}, key="mine", token=app.token(name="second shop")
    )
    assert elsewhere.status_code == 200
    assert elsewhere.json()["decision_id"] != first.json()["decision_id"]


def test_many_at_once_under_one_key_make_one_event(app: Live):
    before = count(app)
    app.token()
    body = {"message": "Where is the invoice for March?"}
    with ThreadPoolExecutor(12) as clients:
        answers = list(clients.map(lambda _: app.post("/v1/decisions", body, key="twelve"), range(12)))
    assert {one.status_code for one in answers} == {200}
    assert len({one.content for one in answers}) == 1
    assert sum("idempotent-replay" in one.headers for one in answers) == 11
    assert count(app) == before + 1


def test_many_at_once_are_all_recorded_and_the_chain_holds(app: Live):
    before = count(app)
    app.token()
    with ThreadPoolExecutor(16) as clients:
        answers = list(clients.map(lambda number: app.decide(f"Reset my password, please ({number})"), range(32)))
    assert count(app) == before + 32
    assert len({one["decision_id"] for one in answers}) == 32
    assert verify(app.service.ledger).is_intact


def test_whatever_a_customer_writes_is_decided_and_kept_as_it_was(app: Live):
    said = app.decide(HOSTILE, context={"<b>": HOSTILE[:150]})
    recorded = read_decision(app.service.ledger, said["decision_id"])
    assert recorded is not None
    assert recorded.request is not None
    assert recorded.request["message"] == HOSTILE
    assert app.decide("")["action"] in ("ask", "answer", "draft", "escalate")


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=list(BAD_BODIES))
def test_what_cannot_be_read_is_refused_and_not_recorded(app: Live, body: bytes):
    before = app.service.ledger.head()
    answer = app.post("/v1/decisions", None, content=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert app.service.ledger.head() == before


def test_a_refusal_says_where_and_repeats_nothing(app: Live):
    secret = "4111-1111-1111-1111"
    body = {
        "message": "x", "card": secret, "conversation": [{"author": secret, "text": "x"}], "requester_id": f"a {secret}",
        "context": {"a/b": [secret], "c": 10**16, "d": secret * 20},
    }  # fmt: skip
    answer = app.post("/v1/decisions", body)
    assert answer.status_code == 422
    assert secret not in answer.text
    where = {one["pointer"] for one in answer.json()["errors"]}
    assert where == {
        "#/card", "#/conversation/0/author", "#/requester_id", "#/context/a~1b", "#/context/c", "#/context/d",
    }  # fmt: skip


@pytest.mark.parametrize("key", ["", " ", "a b", "k" * 201, "ü"])
def test_a_key_that_is_none_is_refused(app: Live, key: str):
    answer = app.post("/v1/decisions", {"message": "x"}, headers={"Idempotency-Key": key.encode("latin-1")})
    if key.strip() == "":  # as if there were none
        assert answer.status_code in (200, 422)
        return
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "Idempotency-Key"


def test_a_conversation_too_long_for_the_ledger_is_refused(app: Live):
    before = app.service.ledger.head()
    fits = [{"author": "customer", "text": "\U0001f600" * 600}] * 100
    assert app.post("/v1/decisions", {"message": "How do I cancel?", "conversation": fits}).status_code == 200
    # Within the bound of a request, but what travels to a person repeats it, and the ledger writes twelve characters for one.
    too_long = [{"author": "customer", "text": "\U0001f600" * 6_000}] * 10
    answer = app.post("/v1/decisions", None, content=as_json({"message": "How do I cancel?", "conversation": too_long}))
    assert answer.status_code == 422
    assert "shorter" in answer.json()["detail"]
    assert app.post("/v1/decisions", {"message": "x" * 60_001}).status_code == 422
    assert app.service.ledger.head().sequence == before.sequence + 1


def test_an_erased_decision_cannot_be_repeated(app: Live):
    body = {"message": "Please forget me"}
    first = app.post("/v1/decisions", body, key="erased")
    recorded = read_decision(app.service.ledger, first.json()["decision_id"])
    assert recorded is not None
    erase_payload(
        app.service.ledger, str(recorded.event.payload_digest), by="Ines Falk", role="privacy officer",
        occurred_at=datetime.now(UTC),
    )  # fmt: skip
    again = app.post("/v1/decisions", body, key="erased")
    assert again.status_code == 410
    assert "erased" in again.json()["detail"]


def test_only_a_token_with_the_scope_decides(app: Live):
    body = {"message": "x"}
    assert app.client.post("/v1/decisions", json=body).status_code == 401
    reader = app.token(Scope.RELEASES_READ, name="reader")
    refused = app.post("/v1/decisions", body, token=reader)
    assert refused.status_code == 403
    assert "decisions:write" in refused.json()["detail"]
    assert reader not in refused.text


def test_other_kinds_of_request_are_refused_in_the_same_form(app: Live):
    answers = {
        415: app.post("/v1/decisions", None, content=b"message=x", headers={"Content-Type": "text/plain"}),
        405: app.get("/v1/decisions"),
        404: app.get("/v1/nothing/there"),
        413: app.post("/v1/decisions", {"message": "x", "pad": "x" * 300_000}),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status
    assert answers[405].headers["allow"] == "POST"


def test_a_ledger_that_is_held_by_another_writer_is_told_and_nothing_is_acknowledged(app: Live):
    before = count(app)
    engine = app.service.ledger.engine
    kept, engine._wait_ms = engine._wait_ms, 200
    engine.close()  # connections are made anew, with the shorter wait
    try:
        with engine.writing():
            answer = app.post("/v1/decisions", {"message": "x"})
    finally:
        engine._wait_ms = kept
        engine.close()
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) >= 1
    assert count(app) == before


@pytest.mark.parametrize(
    ("cause", "words"),
    [(sqlite3.OperationalError("database or disk is full"), "disk is full"), (ValueError("what a customer wrote"), "ValueError")],
)  # fmt: skip
def test_the_log_says_why_the_ledger_fails_and_nothing_that_was_sent(cause: Exception, words: str, caplog):
    failed = sa.exc.OperationalError("insert …", {"body": "what a customer wrote"}, cause)
    answer = asyncio.run(refusals._ledger_fails(Request({"type": "http"}), failed))
    assert answer.status_code == 503
    assert words in caplog.text
    assert "customer" not in caplog.text


PLAN = """
pilot_id: summer
start: 2026-06-08
rollout_share: 20 %
primary:
- {metric: resolution_rate, kind: assumed, against: limit, limit: 50 %}
- {metric: missed_escalation_rate, against: limit, limit: 5 %}
"""


@pytest.fixture
def answering(app: Live) -> Iterator[Live]:
    """The app with a rollout to everybody, which is over afterwards."""
    file, signer = app.service.folder / "pilot.yaml", {"by": "Ada Moreno", "role": "support lead"}
    before = file.read_bytes() if file.is_file() else None
    file.write_text(PLAN)
    plan = load_pilot(app.service.folder)
    assert plan is not None
    words: dict[str, Any] = {**signer, "occurred_at": datetime.now(UTC), "known_roles": ["support lead"]}
    record_sign_off(app.service.ledger, "pilot", pilot_hash(plan), content=pilot_content(plan), **words)

    def share(number: float) -> None:
        set_share(app.service.ledger, "summer", number, plan_hash=pilot_hash(plan), reason="as planned", **words)

    share(1.0)
    yield app
    share(0.0)
    file.unlink()
    if before is not None:
        file.write_bytes(before)


def test_a_category_that_loses_its_autonomy_is_answered_no_more_without_a_restart(answering: Live):
    asked = {"requester_id": "lena@example.com", "context": {"sso": False}}
    sent = answering.decide(**asked)
    assert (sent["action"], sent["category"], sent["sends"]) == ("answer", "password_reset", True)
    withdraw_autonomy(
        answering.service.ledger, "password_reset", reason="40% are wrong", metric="wrong_of_reviewed",
        occurred_at=datetime.now(UTC),
    )  # fmt: skip
    held = answering.decide(**asked)
    assert (held["mode"], held["sends"], held["reply"]) == ("shadow", False, sent["reply"])
    assert held["reasons"][-1]["step"] == "autonomy"
    assert held["reasons"][-1]["sentence"].endswith(": 40% are wrong.")
    restore_autonomy(
        answering.service.ledger, "password_reset", by="Ada Moreno", role="support lead", occurred_at=datetime.now(UTC),
        known_roles=["support lead"], reason="the entry was mended",
    )  # fmt: skip
    assert answering.decide(**asked)["sends"] is True

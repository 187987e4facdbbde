"""The gate: who gets through to what."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys

import pytest
from starlette.datastructures import Headers
from starlette.websockets import WebSocketDisconnect

from service.gate import Gate, is_open
from service.gatekeeping import rates
from service.gatekeeping.bodies import BodyTooLarge, BodyTooSlow, read_body
from service.gatekeeping.origins import local_path
from service.identity.sessions import csrf_of
from tests.conftest import ROOT
from tests.service.identity.doorways import ADDRESS, PASSWORD, add_ada, add_noor
from tests.service.small_gate import HERE, OURS, another, log_in, served

SOCKET = "/_nicegui_ws/socket.io/?EIO=4&transport=websocket"


@pytest.fixture
def service(both):
    return both[0]


@pytest.fixture
def client(both):
    return both[1]


@pytest.fixture
def csrf(service, client) -> str:
    """Ada is signed in; her forms carry this."""
    add_ada(service.doors)
    assert log_in(client, "ada", PASSWORD).status_code == 303
    return csrf_of(client.cookies["understudy_session"])


@pytest.fixture
def bearer(service) -> dict[str, str]:
    _, text = service.doors.issue_token("helpdesk", ["decisions:write"], "Ada Moreno")
    return {"authorization": f"Bearer {text}"}


def test_every_route_of_the_app_refuses_the_unauthenticated(tmp_path):
    """In a process of its own: the console's pages register themselves for the whole process."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.service.route_walk", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4_000:]
    walked = json.loads(done.stdout.splitlines()[-1])
    paths = {path for path, _, _ in walked}
    assert {"/v1/decisions", "/people", "/me", "/", "/login", "/logout", "/health", "/openapi.json"} <= paths
    assert any(path.startswith("/_nicegui/") for path in paths)
    assert any(method == "WEBSOCKET" and path.startswith("/_nicegui_ws/") for path, method, _ in walked)
    for path, method, status in walked:
        if is_open(path) and method != "WEBSOCKET":
            assert status not in (401, 303, "script"), (path, method, status)
            assert status != 404 or path == "/survey/x", (path, method, status)
        else:
            assert status in ({401} if path.startswith("/v1") else {401, 303, 403}), (path, method, status)
    assert {path for path in paths if is_open(path)} == {"/health", "/ready", "/openapi.json", "/login", "/survey/x"}


@pytest.mark.parametrize(
    "path",
    [
        "/v1",
        "/v1/",
        "/v1/echo/",
        "/V1/echo",
        "//v1/echo",
        "/login/",
        "/login/x",
        "/survey/",
        "/survey/a/b",
        "/health/x",
        "/.",
        "/_nicegui",
    ],
)
def test_what_is_not_exactly_open_is_closed(client, path):
    assert client.get(path).status_code == 401
    assert client.post(path, headers=OURS).status_code == 401


def test_a_person_is_led_to_the_login_and_a_program_is_not(client):
    answer = client.get("/answers?category=billing&x=%2F%2F", headers={"accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=/answers%3Fcategory%3Dbilling%26x%3D%252F%252F"
    answer = client.get("/answers")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"]
    assert client.get("/_nicegui/x.js", headers={"accept": "text/html"}).status_code == 401


def test_the_api_takes_a_token_and_no_session(client, csrf, bearer):
    assert client.post("/v1/echo", headers={**OURS, "x-csrf-token": csrf}).status_code == 401
    answer = client.post("/v1/echo", content=b"abc", headers=bearer)
    assert answer.json() == {"size": 3, "token": "helpdesk"}


def test_the_console_takes_a_session_and_no_token(client, bearer):
    assert client.get("/answers", headers=bearer).status_code == 401


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer ", "Basic YTpi", "und_x", "Bearer und_x", "Bearer a b"])
def test_what_is_no_good_token_is_refused_as_the_standard_asks(client, given):
    answer = client.post("/v1/echo", headers={"authorization": given})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith('Bearer realm="understudy"')
    assert answer.json().keys() == {"type", "title", "status", "detail"}


def test_a_revoked_token_is_refused_within_a_second(service, client, bearer, clock):
    assert client.post("/v1/echo", headers=bearer).status_code == 200
    service.doors.revoke_token(service.doors.tokens()[0].token_id, "Ada Moreno")
    clock.move(seconds=1)
    assert client.post("/v1/echo", headers=bearer).status_code == 401


def test_a_token_may_ask_so_often_in_a_minute(tmp_path, clock):
    with served(tmp_path, clock, requests_per_minute=3) as (service, client):
        _, text = service.doors.issue_token("one", ["decisions:write"], "Ada Moreno")
        _, other = service.doors.issue_token("other", ["decisions:write"], "Ada Moreno")
        codes = [client.post("/v1/echo", headers={"authorization": f"bearer {text}"}).status_code for _ in range(4)]
        assert codes == [200, 200, 200, 429]
        refused = client.post("/v1/echo", headers={"authorization": f"bearer {text}"})
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert client.post("/v1/echo", headers={"authorization": f"bearer {other}"}).status_code == 200


def test_bad_tokens_are_limited_by_address_and_good_ones_are_not(client, bearer):
    codes = [
        client.get("/v1/echo", headers={"authorization": f"Bearer und_{number}"}).status_code for number in range(31)
    ]
    assert codes == [401] * 30 + [429]
    assert client.post("/v1/echo", headers=bearer).status_code == 200


def test_a_body_is_bounded_by_what_it_says(client, bearer, service):
    limit = service.settings.body_kilobytes * 1024
    assert client.post("/v1/echo", content=b"x" * limit, headers=bearer).json()["size"] == limit
    answer = client.post("/v1/echo", content=b"x" * (limit + 1), headers=bearer)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert client.post("/v1/echo", content=b"x", headers={**bearer, "content-length": "-1"}).status_code == 413


def test_a_body_is_bounded_by_what_arrives(client, bearer, service):
    def pieces():
        for _ in range(service.settings.body_kilobytes + 1):
            yield b"x" * 1024

    answer = client.post("/v1/echo", content=pieces(), headers=bearer)
    assert answer.status_code == 413
    assert client.post("/v1/echo", content=iter([b"ab", b"c"]), headers=bearer).json()["size"] == 3


def test_the_rest_of_a_large_body_is_not_asked_for():
    asked = 0

    async def receive():
        nonlocal asked
        asked += 1
        return {"type": "http.request", "body": b"x" * 100, "more_body": True}

    with pytest.raises(BodyTooLarge):
        asyncio.run(read_body(Headers({"transfer-encoding": "chunked"}), receive, 250))
    assert asked == 3
    with pytest.raises(BodyTooLarge):
        asyncio.run(read_body(Headers({"content-length": "251"}), receive, 250))
    assert asked == 3


def test_a_body_that_does_not_arrive_is_given_up():
    async def receive():
        await asyncio.sleep(60)

    with pytest.raises(BodyTooSlow):
        asyncio.run(read_body(Headers({"content-length": "10"}), receive, 250, seconds=0.01))


def test_open_routes_are_bounded_too(client):
    assert client.post("/survey/x", content=b"x" * 300_000).status_code == 413
    assert client.post("/login", content=b"x" * 300_000, headers=OURS).status_code == 413


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://testserver.evil.example"}, 403),
        ({"origin": "http://testserver:81"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://evil.example", "sec-fetch-site": "same-origin"}, 403),
        ({"origin": HERE}, 200),
        ({"origin": "https://testserver"}, 200),
        ({"origin": "http://testserver:80"}, 200),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
    ],
)
def test_a_form_must_come_from_our_own_page(client, csrf, headers, status):
    answer = client.post("/answers", data={"csrf": csrf, "tag": "correct"}, headers=headers)
    assert answer.status_code == status
    if status == 200:
        assert answer.json() == {"who": "ada", "body": f"csrf={csrf}&tag=correct"}


def test_a_form_must_carry_the_sessions_value(service, client, csrf):
    add_noor(service.doors)
    other, _ = service.doors.sign_in("noor", PASSWORD, ADDRESS)
    for wrong in ("", "x", csrf[:-1], csrf_of(other)):
        assert client.post("/answers", data={"csrf": wrong}, headers=OURS).status_code == 403
        assert client.post("/answers", headers={**OURS, "x-csrf-token": wrong}).status_code == 403
    assert client.post("/answers", headers=OURS).status_code == 403
    assert client.post("/answers", json={"csrf": csrf}, headers=OURS).status_code == 403
    assert client.post("/answers", headers={**OURS, "x-csrf-token": csrf}).status_code == 200
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "SOMETHING"):
        assert client.request(method, "/answers", headers=OURS).status_code == 403


def test_a_link_from_elsewhere_opens_a_page(client, csrf):
    assert client.get("/answers", headers={"sec-fetch-site": "cross-site"}).status_code == 200


def test_a_page_elsewhere_cannot_listen_to_an_open_page(client, csrf):
    polling = "/_nicegui_ws/socket.io/?EIO=4&transport=polling"
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "same-site"}):
        assert client.get(polling, headers=headers).status_code == 403
        assert client.post(polling, headers=headers).status_code == 403
    assert client.post(polling).status_code == 403
    assert client.get(polling, headers={"sec-fetch-site": "same-origin"}).status_code == 404


def test_behind_a_proxy_the_public_address_is_ours(tmp_path, clock):
    with served(tmp_path, clock, public_url="https://support.example.com") as (service, client):
        add_ada(service.doors)
        value, visitor = service.doors.sign_in("ada", PASSWORD, ADDRESS)
        cookie = {"cookie": f"__Host-understudy={value}", "x-csrf-token": visitor.csrf}
        for origin, status in (("https://support.example.com", 200), ("http://support.example.com", 403)):
            assert client.post("/answers", headers={**cookie, "origin": origin}).status_code == status
        answer = client.get("/health")
        assert answer.headers["strict-transport-security"]
        assert client.get("/answers", headers={"cookie": f"understudy_session={value}"}).status_code == 401


def test_a_closed_account_and_an_old_session_get_no_further(service, client, csrf, clock):
    assert client.get("/answers").json()["who"] == "ada"
    service.doors.close_account(service.doors.account_by_login("ada").account_id, by="Mira Okafor")
    assert client.get("/answers").status_code == 401


def test_a_session_runs_out_at_the_gate(client, csrf, clock):
    clock.move(minutes=59)
    assert client.get("/answers").status_code == 200
    clock.move(minutes=61)
    assert client.get("/answers").status_code == 401


@pytest.mark.parametrize("headers", [{}, {"origin": "https://evil.example"}, {"origin": "null"}])
def test_a_websocket_from_elsewhere_is_refused(client, csrf, headers):
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(SOCKET, headers=headers):
        pass


@pytest.mark.parametrize("path", ["/v1/socket", "/answers", "/login", "/"])
def test_a_websocket_opens_nowhere_else(client, csrf, path):
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(path, headers=OURS):
        pass


def test_a_page_that_comes_back_without_a_session_is_told_to_reload(client):
    with client.websocket_connect(SOCKET, headers=OURS) as socket:
        assert socket.receive_text().startswith('0{"sid"')
        socket.send_text("40")
        assert socket.receive_text() == '44{"message":"Implicit handshake failed"}'
        with pytest.raises(WebSocketDisconnect):
            socket.receive_text()


def test_an_open_page_ends_with_its_session(service, client, csrf, clock):
    with client.websocket_connect(SOCKET, headers=OURS) as socket:
        socket.send_text('42["event",{"n":1}]')
        assert socket.receive_text() == 'heard 42["event",{"n":1}]'
        service.doors.close_account(service.doors.account_by_login("ada").account_id, by="Mira Okafor")
        socket.send_text('42["event",{"n":2}]')
        assert socket.receive_text() == '42["open",{"path":"/login?ended=1","new_tab":false}]'
        with pytest.raises(WebSocketDisconnect):
            socket.receive_text()


def test_heartbeats_do_not_keep_an_open_page_signed_in_and_steps_do(service, client, csrf, clock):
    with client.websocket_connect(SOCKET, headers=OURS) as socket:
        clock.move(minutes=40)
        socket.send_text('42["event",{}]')
        assert socket.receive_text().startswith("heard")
        service.doors._later.submit(lambda: None).result()
        clock.move(minutes=40)
        socket.send_text("3")
        assert socket.receive_text() == "heard 3"
        clock.move(minutes=20)
        socket.send_text("3")
        assert "/login" in socket.receive_text()


def test_every_answer_says_what_may_be_done_with_it(client, csrf, bearer):
    answers = [
        client.get("/health"),
        client.get("/login", headers={"cookie": ""}),
        client.get("/answers"),
        client.post("/v1/echo"),
        client.post("/v1/echo", headers=bearer),
        client.get("/v1/fails", headers=bearer),
        client.get("/nowhere"),
        client.post("/answers"),
    ]
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "same-origin"
    assert answers[5].status_code == 500
    assert "inside" not in answers[5].text


def test_the_log_holds_no_secret(service, client, csrf, bearer, caplog):
    caplog.set_level(logging.DEBUG)
    secret = bearer["authorization"].partition(" ")[2]
    client.post("/v1/echo?key=very-secret", content=b"very-secret-body", headers=bearer)
    client.get("/survey/very-secret-token?x=very-secret")
    client.get("/survey/very-secret-token/")
    client.get("/x/survey/very-secret-token")
    client.post("/v1/echo", headers={"authorization": "Bearer und_very-secret"})
    client.get("/v1/fails?key=very-secret", headers=bearer)
    client.get("/answers%0aFORGED line?x=very-secret")
    log_in(another(client), "ada", "very-secret-guess")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("understudy")]
    text = "\n".join(ours)
    assert "GET /survey/… 200" in text
    assert "GET /x/survey/… 404" in text
    assert "/answers%0AFORGED" in text
    assert "POST /login 401" in text
    for word in ("very-secret", secret, client.cookies["understudy_session"], csrf, PASSWORD, "key="):
        assert word not in text


@pytest.mark.parametrize(
    ("wanted", "goal"),
    [
        ("/answers?x=1", "/answers?x=1"),
        ("", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/\t/evil.example", "/"),
        ("/\n/evil.example", "/"),
        (" //evil.example", "/"),
        ("/login?next=/login", "/"),
        ("/logout", "/"),
        ("/" + "x" * 5_000, "/"),
    ],
)
def test_after_the_login_one_stays_on_this_server(wanted, goal):
    assert local_path(wanted) == goal


def test_addresses_that_came_by_once_are_not_remembered_for_ever(monkeypatch):
    monkeypatch.setattr(rates, "MOST_STRANGERS", 50)
    counting = rates.Rates(600)
    assert counting.wait_of_token("helpdesk") == 0
    for number in range(500):
        assert counting.wait_of_stranger(f"10.0.{number // 250}.{number % 250}") == 0
    assert len(counting._strangers.events) <= 50
    assert [counting.wait_of_stranger("10.1.0.1") > 0 for _ in range(31)] == [False] * 30 + [True]


@pytest.mark.parametrize(("hangs_up", "mistakes"), [(True, 0), (False, 1)])
def test_a_browser_that_hangs_up_is_no_mistake_and_anything_else_is(service, caplog, hangs_up, mistakes):
    sent: list[dict] = []

    async def app(scope, receive, send) -> None:
        if hangs_up:
            assert (await receive())["type"] == "http.disconnect"
        raise RuntimeError("No response returned.")

    async def receive() -> dict:
        return {"type": "http.disconnect"}

    async def send(message) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "GET", "path": "/health", "raw_path": b"/health", "query_string": b"", "headers": [],
        "client": ("127.0.0.1", 1), "server": ("testserver", 80), "scheme": "http", "root_path": "", "http_version": "1.1",
    }  # fmt: skip
    with caplog.at_level(logging.INFO, "understudy"):
        asyncio.run(Gate(app, service)(scope, receive, send))
    assert sum(record.levelno >= logging.ERROR for record in caplog.records) == mistakes
    assert [one.get("status") for one in sent if one["type"] == "http.response.start"] == ([] if hangs_up else [500])

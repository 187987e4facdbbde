"""Signing in and out through the form."""

from __future__ import annotations

import asyncio
import threading

import pytest

from service.gatekeeping.threads import Line
from service.identity.refusals import TooBusy
from tests.service.identity.doorways import ADDRESS, PASSWORD, add_ada
from tests.service.small_gate import OURS, another, form_of, log_in, served

COOKIE = "understudy_session"


@pytest.fixture
def service(both):
    add_ada(both[0].doors)
    return both[0]


@pytest.fixture
def client(both, service):
    return both[1]


def test_where_nobody_has_an_account_the_page_says_how_to_make_one(both):
    page = both[1].get("/login")
    assert "understudy account add" in page.text
    assert "<form" not in page.text
    add_ada(both[0].doors)
    assert "<form" in both[1].get("/login").text


def test_one_signs_in_and_goes_where_one_wanted_to(client):
    answer = log_in(client, "ada", PASSWORD, next="/answers?category=billing")
    assert (answer.status_code, answer.headers["location"]) == (303, "/answers?category=billing")
    assert client.get("/answers").json()["who"] == "ada"
    assert client.get("/login?next=/answers").headers["location"] == "/answers"


def test_the_cookie_is_for_this_server_alone(client):
    said = log_in(client, "ada", PASSWORD).headers.get_list("set-cookie")[0]
    assert said.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Max-Age=43200"} <= {part.strip() for part in said.split(";")}
    assert "Domain" not in said


def test_with_tls_the_cookie_is_secure(tmp_path, clock):
    with served(tmp_path, clock, public_url="https://testserver") as (service, client):
        add_ada(service.doors)
        form = form_of(client)
        fields = {"form": form, "login": "ada", "password": PASSWORD}
        answer = client.post("/login", data=fields, headers={**OURS, "cookie": f"understudy_form={form}"})
        said = answer.headers.get_list("set-cookie")[0]
        assert said.startswith("__Host-understudy=")
        assert "Secure" in said


def test_another_site_is_never_where_one_ends_up(client):
    for wanted in ("//evil.example", "https://evil.example", "/\\evil.example"):
        assert client.get("/login", params={"next": wanted}).text.count('name="next" value="/"') == 1
    assert log_in(client, "ada", PASSWORD, next="//evil.example").headers["location"] == "/"


def test_what_is_wrong_is_not_said_and_what_was_typed_is_escaped(client):
    known, unknown = log_in(client, "ada", "a wrong guess"), log_in(client, "eve", "a wrong guess")
    assert known.status_code == unknown.status_code == 401
    assert known.text.replace('value="ada"', "") == unknown.text.replace('value="eve"', "")
    assert COOKIE not in client.cookies
    page = log_in(client, '"><script>alert(1)</script>', "a wrong guess")
    assert "<script" not in page.text
    assert "a wrong guess" not in page.text


def test_a_guesser_is_made_to_wait(client, clock):
    codes = [log_in(client, "ada", "a wrong guess").status_code for _ in range(6)]
    assert codes == [401] * 5 + [429]
    answer = log_in(client, "ada", PASSWORD)
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "2"
    clock.move(seconds=2)
    assert log_in(client, "ada", PASSWORD).status_code == 303


def test_a_form_that_another_site_sends_signs_nobody_in(client):
    fields = {"form": form_of(client), "login": "ada", "password": PASSWORD}
    for headers in ({}, {"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        assert client.post("/login", data=fields, headers=headers).status_code == 403
    assert client.post("/login", data={**fields, "form": "x"}, headers=OURS).status_code == 403
    assert another(client).post("/login", data=fields, headers=OURS).status_code == 403
    assert client.post("/login", data=fields, headers=OURS).status_code == 303


def test_the_form_in_a_first_tab_still_works_after_a_second_was_opened(client):
    first = form_of(client)
    assert form_of(client) == first


def test_a_session_that_was_planted_is_not_taken_over(service, client):
    planted, _ = service.doors.sign_in("ada", PASSWORD, ADDRESS)
    form = form_of(client)
    for cookie in (planted, "a" * 43, "planted"):
        answer = client.post(
            "/login",
            data={"form": form, "login": "ada", "password": PASSWORD},
            headers={**OURS, "cookie": f"understudy_form={form}; {COOKIE}={cookie}"},
        )
        assert answer.status_code == 303
        assert answer.cookies[COOKIE] != cookie
        assert service.doors.visitor(cookie) is None


def test_signing_out_ends_the_session_on_the_server_too(service, client):
    log_in(client, "ada", PASSWORD)
    value = client.cookies[COOKIE]
    csrf = service.doors.visitor(value).csrf
    assert client.get("/logout").status_code in (404, 405)
    assert client.post("/logout", headers=OURS).status_code == 403
    assert client.post("/logout", data={"csrf": csrf}, headers={"origin": "https://evil.example"}).status_code == 403
    answer = client.post("/logout", data={"csrf": csrf}, headers=OURS)
    assert answer.headers["location"] == "/login?out=1"
    assert COOKIE not in client.cookies
    assert service.doors.visitor(value) is None
    assert "You are signed out." in client.get("/login?out=1").text


def test_the_page_has_no_script_and_its_style_is_the_one_allowed(client):
    answer = client.get("/login")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "'unsafe" not in policy
    assert "<script" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_a_flood_waits_in_a_line_of_bounded_length():
    class Step:
        def __init__(self) -> None:
            self.go, self.at_once, self.most = threading.Event(), 0, 0
            self.lock = threading.Lock()

        def __call__(self) -> None:
            with self.lock:
                self.at_once += 1
                self.most = max(self.most, self.at_once)
            self.go.wait(20)
            with self.lock:
                self.at_once -= 1

    async def four(line: Line, step: Step) -> None:
        running = [asyncio.ensure_future(line.run(step)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(TooBusy):
            await line.run(step)
        step.go.set()
        await asyncio.gather(*running)

    step = Step()
    asyncio.run(four(Line("test", at_once=1, waiting=2), step))
    assert step.most == 1

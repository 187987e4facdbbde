from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlparse

import pytest
from selectolax.lexbor import LexborHTMLParser

from ledger.live import feedback_given
from service.api.survey_words import WORDS, words_in
from tests.service.api.live import Live

pytestmark = pytest.mark.graph


def link(app: Live, message: str = "How do I reset my password?") -> tuple[str, str]:
    """(decision id, path of its survey)."""
    decision_id = app.decide(message)["decision_id"]
    made = app.post("/v1/surveys", {"decision_id": decision_id})
    assert made.status_code == 200
    return decision_id, urlparse(made.json()["url"]).path


def told(app: Live, decision_id: str) -> list[dict[str, Any]]:
    return [words for _, _, words in feedback_given(app.service.ledger, decision_id)]


def test_one_click_is_recorded_as_the_customers(app: Live):
    decision_id, path = link(app)
    page = app.client.get(path)
    assert page.status_code == 200
    assert [one.attributes["value"] for one in LexborHTMLParser(page.text).css("button")] == ["good", "bad"]
    assert told(app, decision_id) == []  # whoever only opens it has said nothing
    clicked = app.client.post(path, data={"rating": "good"})
    assert (clicked.status_code, clicked.headers["location"]) == (303, path)
    ((event, by, words),) = feedback_given(app.service.ledger, decision_id)
    assert words == {"kind": "csat", "rating": "good", "source": "survey"}
    assert (by, event.role) == ("survey link", "customer")
    assert WORDS["en"].thanks in app.client.get(path).text


def test_a_later_click_replaces_and_the_same_one_adds_nothing(app: Live):
    decision_id, path = link(app)
    for rating in ("good", "good", "bad", "good"):
        app.client.post(path, data={"rating": rating})
    app.client.post(path, data={"rating": "good", "comment": " Sehr <b>gut</b> "})
    assert [(one["rating"], one.get("comment")) for one in told(app, decision_id)] == [
        ("good", None), ("bad", None), ("good", None), ("good", "Sehr <b>gut</b>"),
    ]  # fmt: skip
    assert WORDS["en"].got_comment in app.client.get(path).text


def test_a_preselected_rating_is_one_tap_and_no_click(app: Live):
    decision_id, path = link(app)
    page = LexborHTMLParser(app.client.get(f"{path}?rating=bad").text)
    assert [one.attributes["value"] for one in page.css("button[autofocus]")] == ["bad"]
    assert LexborHTMLParser(app.client.get(f"{path}?rating=<script>").text).css("button[autofocus]") == []
    assert told(app, decision_id) == []


@pytest.mark.parametrize(
    ("message", "language"),
    [("Wie kann ich mein Passwort zurücksetzen? Ich komme nicht mehr hinein.", "de"),
     ("¿Cómo puedo restablecer mi contraseña? No puedo entrar en mi cuenta.", "es")],
)  # fmt: skip
def test_the_page_speaks_the_conversations_language(app: Live, message: str, language: str):
    _, path = link(app, message)
    page = app.client.get(path).text
    assert WORDS[language].question in page
    assert f'lang="{language}"' in page


def test_other_languages_read_english():
    assert words_in("fr") == ("en", WORDS["en"])
    assert words_in(None)[0] == "en"
    assert words_in("de-AT")[0] == "de"


def test_a_link_ends(app: Live):
    decision_id, path = link(app)
    made = app.post("/v1/surveys", {"decision_id": decision_id}).json()
    assert datetime.fromisoformat(made["expires_at"]) > app.clock() + timedelta(days=13)
    app.clock.ahead = timedelta(days=15)
    try:
        assert app.client.get(path).status_code == 410
        late = app.client.post(path, data={"rating": "good"})
        assert late.status_code == 410
        assert WORDS["en"].expired in late.text
    finally:
        app.clock.ahead = timedelta()
    assert told(app, decision_id) == []


def test_a_forged_link_opens_nothing(app: Live):
    decision_id, path = link(app)
    other, _ = link(app)
    body, _, signature = path.removeprefix("/survey/").partition(".")
    for forged in (f"{body}x.{signature}", f"{body}.{signature[:-1]}", body, "x", "x" * 5_000, f"{other}.{signature}"):
        for answer in (
            app.client.get(f"/survey/{forged}"),
            app.client.post(f"/survey/{forged}", data={"rating": "good"}),
        ):
            assert answer.status_code == 404
            assert WORDS["en"].forged in answer.text
    assert told(app, decision_id) == told(app, other) == []


def test_what_is_no_rating_changes_nothing(app: Live):
    decision_id, path = link(app)
    for data in ({}, {"rating": "great"}, {"comment": "x"}):
        assert app.client.post(path, data=data).status_code == 200
    assert app.client.post(path, content=b"\xff\xfe=\x00", headers={"Content-Type": "text/plain"}).status_code == 200
    assert told(app, decision_id) == []


def test_one_link_is_not_listened_to_for_ever(app: Live):
    decision_id, path = link(app)
    statuses = [app.client.post(path, data={"rating": ("good", "bad")[turn % 2]}).status_code for turn in range(25)]
    assert statuses == [303] * 20 + [429] * 5
    assert len(told(app, decision_id)) == 20


def test_the_page_needs_no_script_and_sends_nothing_elsewhere(app: Live):
    _, path = link(app)
    answer = app.client.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    assert "script" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_a_survey_is_about_a_decision(app: Live):
    assert app.post("/v1/surveys", {"decision_id": "0" * 32}).status_code == 404
    assert app.post("/v1/surveys", {"decision_id": "x"}).status_code == 422


def test_whoever_opens_surveys_does_not_fill_the_line_of_decisions(app: Live):
    _, path = link(app)
    app.client.post(path, data={"rating": "good"})
    parts, release = app.client.app.state.parts, threading.Event()
    held = [parts.writer.submit(release.wait, 60), parts.writer.submit(int)]
    try:
        assert app.client.get(path).status_code == 200
        assert app.client.post(path, data={"rating": "good"}).status_code == 303
        assert app.client.post(path, data={"rating": "nonsense"}).status_code == 200
        assert not held[1].done()
    finally:
        release.set()
    assert held[0].result(60)

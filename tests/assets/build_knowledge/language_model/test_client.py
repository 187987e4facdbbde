"""Asking an endpoint: what it costs, what fails and how, and that the key is nowhere it should not be."""

import logging
import traceback

import pytest

from assets.build_knowledge.language_model.client import MAX_ATTEMPTS, LanguageModelClient
from assets.build_knowledge.language_model.completion import BudgetSpentError, LanguageModelError
from assets.build_knowledge.language_model.prompt import Prompt
from desk.models import LanguageModel
from tests.assets.build_knowledge.language_model.conftest import KEY
from tests.assets.build_knowledge.language_model.fake_endpoint import completion

PROMPT = Prompt("Say something.", "About anything.")


def test_a_reply_carries_model_prompt_hash_tokens_and_cost(server, client_of):
    server.replies = [(200, completion("Well.", 1000, 200))]
    client = client_of()
    reply = client.complete(PROMPT)
    assert (reply.text, reply.model, reply.prompt_hash) == ("Well.", "invented-1", PROMPT.prompt_hash)
    assert (reply.input_tokens, reply.output_tokens) == (1000, 200)
    assert reply.cost_usd == pytest.approx(1000 * 10e-6 + 200 * 30e-6)
    assert client.budget.spent_usd == pytest.approx(reply.cost_usd)
    sent = server.requests[0]
    assert sent["messages"] == PROMPT.messages
    assert (sent["model"], sent["temperature"], sent["max_tokens"]) == ("invented-1", 0.0, 2000)
    assert server.paths == ["/v1/chat/completions"]
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"


def test_without_a_key_none_is_sent(server, client_of):
    client_of(key="").complete(PROMPT)
    assert "Authorization" not in server.headers[0]


def test_too_many_requests_are_tried_again_after_the_pause_that_is_asked(server, client_of):
    server.replies = [(429, {"error": {"message": "slow down"}}), (503, {}), (200, completion("Well."))]
    server.extra_headers = {"Retry-After": "7"}
    client = client_of()
    assert client.complete(PROMPT).text == "Well."
    assert client.pauses == [7.0, 7.0]
    assert client.budget.count_calls == 3


def test_a_server_that_stays_broken_is_a_clear_error(server, client_of):
    server.replies = [(500, {"error": {"message": f"out of memory, {KEY}"}})]
    client = client_of()
    with pytest.raises(LanguageModelError, match=r"status 500 after 4 attempts.*out of memory") as problem:
        client.complete(PROMPT)
    assert len(server.requests) == MAX_ATTEMPTS
    assert client.pauses == [1.0, 2.0, 4.0]
    assert client.budget.spent_usd == 0
    assert KEY not in str(problem.value)


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (401, "UNDERSTUDY_LANGUAGE_MODEL_KEY; the key in it was not accepted"),
        (404, "knows no such address or model"),
        (400, "status 400"),
    ],
)
def test_a_refusal_is_not_tried_again(server, client_of, status, says):
    server.replies = [(status, {"error": {"message": f"wrong: {KEY[:9]}*** or {KEY}"}})]
    with pytest.raises(LanguageModelError, match=says) as problem:
        client_of().complete(PROMPT)
    assert len(server.requests) == 1
    assert KEY not in str(problem.value)
    assert status != 401 or KEY[:9] not in str(problem.value)


def test_a_redirect_is_not_followed(server, client_of):
    server.replies = [(302, b"")]
    server.extra_headers = {"Location": server.url + "/elsewhere"}
    with pytest.raises(LanguageModelError, match="not followed"):
        client_of().complete(PROMPT)
    assert server.paths == ["/v1/chat/completions"]


def test_no_reply_in_time_is_an_error_that_counts_as_charged(server, client_of):
    server.pause = 0.5
    client = client_of(timeout_seconds=0.1)
    with pytest.raises(LanguageModelError, match=r"no reply within 0\.1 s"):
        client.complete(PROMPT)
    assert len(server.requests) == 1
    assert client.budget.spent_usd > 0


def test_an_endpoint_that_does_not_run_is_named():
    client = LanguageModelClient(LanguageModel(base_url="http://127.0.0.1:9/v1", model="m"), environment={})
    with pytest.raises(LanguageModelError, match=r"127\.0\.0\.1:9/v1 could not be reached"):
        client.complete(PROMPT)


@pytest.mark.parametrize(
    "body", [b"<html>", b"[]", b'{"choices": []}', {"choices": [{"message": {"content": None}}]}, b"[" * 100_000]
)
def test_what_is_no_chat_completion_is_an_error_and_not_kept(server, client_of, body, tmp_path):
    server.replies = [(200, body)]
    with pytest.raises(LanguageModelError, match="no chat completion"):
        client_of().complete(PROMPT)
    assert not list(tmp_path.rglob("*.json"))


def test_an_endless_reply_is_broken_off(server, client_of):
    server.replies = [(200, b" " * 3_000_000)]
    with pytest.raises(LanguageModelError, match="broke off"):
        client_of().complete(PROMPT)


def test_the_budget_stops_before_it_is_exceeded(server, client_of):
    server.replies = [(200, completion("Well.", 90, 2000))]
    client = client_of(max_cost_usd=0.15)
    for number in range(2):
        client.complete(Prompt("Say something.", f"About {number}."))
    with pytest.raises(BudgetSpentError, match=r"this run may cost \$0\.15"):
        client.complete(PROMPT)
    assert len(server.requests) == 2
    assert 0 < client.budget.spent_usd <= 0.15


def test_calls_are_limited_with_those_that_failed(server, client_of):
    server.replies = [(500, {})]
    client = client_of(max_calls=2)
    with pytest.raises(BudgetSpentError, match="this run may send 2"):
        client.complete(PROMPT)
    assert len(server.requests) == 2


def test_an_endpoint_that_does_not_count_is_charged_the_most_it_can_be(server, client_of):
    server.replies = [(200, {"choices": [{"message": {"content": "Well."}}], "usage": {"prompt_tokens": -5}})]
    client = client_of()
    assert client.complete(PROMPT).output_tokens == 2000
    assert client.budget.spent_usd > 2000 * 30e-6


def test_an_unchanged_prompt_is_paid_once(server, client_of):
    server.says("Well.")
    first = client_of().complete(PROMPT)
    again = client_of()
    assert again.complete(PROMPT) == first
    assert len(server.requests) == 1
    assert again.budget.spent_usd == 0
    client_of(model="invented-2").complete(PROMPT)
    client_of(temperature=0.5).complete(PROMPT)
    client_of().complete(Prompt("Say something.", "About something else."))
    assert len(server.requests) == 4


def test_a_torn_kept_reply_is_asked_for_again(server, client_of, tmp_path):
    server.says("Well.")
    client_of().complete(PROMPT)
    (file,) = (tmp_path / "replies").iterdir()
    whole = file.read_text()
    for torn in ("", "{", "[]", "{}", whole.replace('"Well."', "null"), whole.replace("invented-1", "another")):
        file.write_text(torn)
        assert client_of().complete(PROMPT).text == "Well."
    assert len(server.requests) == 7


def test_what_a_run_did_not_ask_for_is_forgotten(server, client_of, tmp_path):
    server.says("Well.")
    client_of().complete(PROMPT)
    client = client_of()
    client.complete(Prompt("Say something.", "About something else."))
    assert client.cache.forget_others() == 1
    assert len(list((tmp_path / "replies").iterdir())) == 1


@pytest.mark.parametrize("status", [400, 401, 500])
def test_the_key_is_in_no_error_and_no_log(server, client_of, caplog, capfd, status):
    caplog.set_level(logging.DEBUG)
    server.replies = [(status, {"error": {"message": KEY}})]
    with pytest.raises(LanguageModelError) as problem:
        client_of().complete(PROMPT)
    # Some terminals show the variables of every frame.
    shown = traceback.TracebackException.from_exception(problem.value, capture_locals=True)
    ours = "".join(line for line in shown.format() if "language_model/client" in line)
    assert ours
    assert not [text for text in (ours, caplog.text, *capfd.readouterr()) if KEY in text]
    assert problem.value.__context__ is None


def test_the_key_is_in_no_file_and_no_representation(server, client_of, tmp_path):
    server.says(f"The key is {KEY}.")
    client = client_of()
    reply = client.complete(PROMPT)
    (file,) = (tmp_path / "replies").iterdir()
    assert reply.text == "The key is [KEY]."
    assert KEY not in file.read_text() + repr(client) + repr(reply)


def test_the_key_does_not_travel_unencrypted(client_of):
    client = client_of(base_url="http://models.example.com/v1")
    with pytest.raises(LanguageModelError, match="without https others could read it") as problem:
        client.complete(PROMPT)
    assert KEY not in str(problem.value)


def test_a_key_that_would_break_a_header_is_refused_without_showing_it(server, client_of):
    with pytest.raises(LanguageModelError, match="UNDERSTUDY_LANGUAGE_MODEL_KEY holds no key") as problem:
        client_of(key=f"{KEY}\r\nX-More: 1").complete(PROMPT)
    assert KEY not in str(problem.value)
    assert not server.requests


def test_a_desk_without_a_model_has_no_client():
    with pytest.raises(LanguageModelError, match="No language model is set"):
        LanguageModelClient(LanguageModel())

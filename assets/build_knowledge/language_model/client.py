"""Asking a language model behind an OpenAI-compatible endpoint, within a budget.

Belongs here: the request, retries, reading the reply's envelope, what it cost. Does not belong here: what is asked
(`proposals`), what a reply may say (`replies`).

The key is read from the environment when a request is made and is in nothing else: no field, file, log or error.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from assets.build_knowledge.language_model.budget import Budget
from assets.build_knowledge.language_model.completion import Completion, LanguageModelError
from assets.build_knowledge.language_model.prompt import Prompt
from assets.build_knowledge.language_model.reply_cache import ReplyCache
from desk.models import LanguageModel

MAX_ATTEMPTS = 4
FIRST_PAUSE_SECONDS = 1.0
MAX_PAUSE_SECONDS = 60.0
MAX_REPLY_BYTES = 2_000_000
TOKENS_BESIDE_TEXT = 64
"""Roles and marks that an endpoint adds to two messages."""
_STATUS_TOO_MANY = 429
_UNANSWERED = (OSError, http.client.HTTPException)


@dataclass(frozen=True)
class _Answer:
    status: int
    body: bytes
    pause_seconds: float | None = None


@dataclass
class LanguageModelClient:
    """Asks the model that a desk names. `complete` is what proposals are made with."""

    settings: LanguageModel
    cache: ReplyCache | None = None
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    budget: Budget = field(init=False)

    def __post_init__(self) -> None:
        if not self.settings.is_on:
            raise LanguageModelError(
                "No language model is set: name 'base_url' and 'model' under language_model in desk.yaml."
            )
        self.budget = Budget(self.settings.max_cost_usd, self.settings.max_calls)

    @classmethod
    def of(cls, settings: LanguageModel, cache_folder: Path | None) -> LanguageModelClient:
        """A client that keeps replies in ``cache_folder``."""
        return cls(settings, None if cache_folder is None else ReplyCache(cache_folder))

    def complete(self, prompt: Prompt) -> Completion:
        """The model's reply, kept or asked for.

        A kept reply costs nothing now; its ``cost_usd`` is what it cost then. 429 and 5xx are tried again, at most
        `MAX_ATTEMPTS` times in all, with pauses that double or that the endpoint names.

        Raises:
            BudgetSpentError: the request could exceed the run's cost or calls.
            LanguageModelError: no usable reply.
        """
        asked = self.settings
        name = ReplyCache.name(prompt.prompt_hash, asked.model, asked.temperature, asked.max_output_tokens)
        kept = self.cache.get(name, prompt.prompt_hash, asked.model) if self.cache else None
        if kept is not None:
            return kept
        completion = self._read(self._ask(prompt), prompt)
        if self.cache:
            self.cache.put(name, completion)
        return completion

    def _ask(self, prompt: Prompt) -> bytes:
        for attempt in range(1, MAX_ATTEMPTS + 1):
            self.budget.begin_call(self._most_usd(prompt))
            answer = self._post(prompt)
            if answer.status == http.client.OK:
                return answer.body
            is_passing = answer.status == _STATUS_TOO_MANY or answer.status >= 500
            if not is_passing or attempt == MAX_ATTEMPTS:
                raise LanguageModelError(self._refusal(answer, attempt))
            doubled = FIRST_PAUSE_SECONDS * 2 ** (attempt - 1)
            self.sleep(min(max(doubled, answer.pause_seconds or 0.0), MAX_PAUSE_SECONDS))
        raise AssertionError("the last attempt returns or raises")

    def _post(self, prompt: Prompt) -> _Answer:
        """Send once. What went wrong is raised outside of the handler: no traceback then leads to the key."""
        failure = ""
        try:
            with _OPENER.open(self._request(prompt), timeout=self.settings.timeout_seconds) as response:
                body = _read_all(response, time.monotonic() + self.settings.timeout_seconds)
                return _Answer(response.status, self._without_key(body))
        except urllib.error.HTTPError as problem:
            with problem:
                return _Answer(problem.code, self._without_key(_start_of(problem)), _pause_asked(problem.headers))
        except TimeoutError:
            failure = f"gave no reply within {self.settings.timeout_seconds:g} s (language_model.timeout_seconds)"
        except urllib.error.URLError as problem:
            is_late = isinstance(problem.reason, TimeoutError)
            failure = (
                f"gave no reply within {self.settings.timeout_seconds:g} s (language_model.timeout_seconds)"
                if is_late
                else "could not be reached; is base_url in desk.yaml right, and does the endpoint run"
            )
        except _UNANSWERED:
            failure = "broke off its reply"
        # The endpoint may have worked for this request, and may charge it.
        self.budget.charge(self._most_usd(prompt))
        raise LanguageModelError(f"The language model at {self.settings.base_url} {failure}.")

    def _request(self, prompt: Prompt) -> urllib.request.Request:
        content = {
            "model": self.settings.model,
            "messages": prompt.messages,
            "temperature": self.settings.temperature,
            "max_tokens": self.settings.max_output_tokens,
        }
        request = urllib.request.Request(f"{self.settings.base_url}/chat/completions", json.dumps(content).encode())
        request.add_header("Content-Type", "application/json")
        request.add_header("Accept", "application/json")
        request.add_header("User-Agent", "understudy")
        if self._key():
            request.add_unredirected_header("Authorization", f"Bearer {self._key()}")
        return request

    def _key(self) -> str:
        """The key, empty where none is set. Raises where it cannot be sent, or would travel for all to read."""
        name = self.settings.api_key_env
        key = self.environment.get(name, "").strip()
        if not key:
            return ""
        if not (key.isascii() and key.isprintable()) or " " in key:
            raise LanguageModelError(
                f"The environment variable {name} holds no key: there are characters in it that keys do not have."
            )
        parts = urlsplit(self.settings.base_url or "")
        if parts.scheme != "https" and not _is_this_machine(parts.hostname or ""):
            raise LanguageModelError(
                f"The key in {name} was not sent to {self.settings.base_url}: without https others could read it. Use https, "
                f"or unset {name} where the endpoint needs no key."
            )
        return key

    def _without_key(self, body: bytes) -> bytes:
        """What came back, without the key should the endpoint repeat it."""
        key = self._key()
        return body.replace(key.encode(), b"[KEY]") if key else body

    def _most_usd(self, prompt: Prompt) -> float:
        return self._usd(_most_input_tokens(prompt), self.settings.max_output_tokens)

    def _usd(self, input_tokens: int, output_tokens: int) -> float:
        paid = self.settings
        return (
            input_tokens * paid.usd_per_million_input_tokens + output_tokens * paid.usd_per_million_output_tokens
        ) / 1e6

    def _refusal(self, answer: _Answer, attempt: int) -> str:
        where = f"The language model at {self.settings.base_url}"
        if answer.status in (401, 403):
            # Endpoints repeat parts of a wrong key in what they say here.
            name = self.settings.api_key_env
            has_key = "the key in it was not accepted" if self._key() else "it is not set"
            return f"{where} refused the request ({answer.status}): look at the environment variable {name}; {has_key}."
        said = _message_in(answer.body)
        said = f" It says: {said}" if said else ""
        if answer.status == 404:
            return f"{where} knows no such address or model ({answer.status}): look at base_url and model in desk.yaml.{said}"
        if 300 <= answer.status < 400:
            return (
                f"{where} points to another address ({answer.status}), which is not followed: write the right base_url."
            )
        tried = f" after {attempt} attempts" if attempt > 1 else ""
        return f"{where} answered with status {answer.status}{tried}.{said}"

    def _read(self, body: bytes, prompt: Prompt) -> Completion:
        text, usage = _envelope(body)
        input_tokens = _count(usage, "prompt_tokens")
        output_tokens = _count(usage, "completion_tokens")
        # Where the endpoint does not count, the most it can be is what counts.
        if input_tokens is None or output_tokens is None:
            input_tokens, output_tokens = _most_input_tokens(prompt), self.settings.max_output_tokens
        cost = self._usd(input_tokens, output_tokens)
        self.budget.charge(cost)
        if text is None:
            raise LanguageModelError(
                f"The language model at {self.settings.base_url} sent something that is no chat completion: is base_url in "
                "desk.yaml that of an OpenAI-compatible endpoint?"
            )
        return Completion(text, self.settings.model, prompt.prompt_hash, input_tokens, output_tokens, cost)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would take customers' text to an address that nobody chose."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirects())


def _most_input_tokens(prompt: Prompt) -> int:
    """An upper bound: a tokenizer over bytes makes no more tokens than there are bytes."""
    return len((prompt.system + prompt.user).encode()) + TOKENS_BESIDE_TEXT


def _read_all(response: http.client.HTTPResponse, deadline: float) -> bytes:
    """The whole body. Raises `TimeoutError` after the deadline, `http.client.HTTPException` where it is too large."""
    chunks: list[bytes] = []
    size = 0
    while chunk := response.read1(65_536):
        chunks.append(chunk)
        size += len(chunk)
        if size > MAX_REPLY_BYTES:
            raise http.client.HTTPException("too large")
        if time.monotonic() > deadline:
            raise TimeoutError
    return b"".join(chunks)


def _start_of(problem: urllib.error.HTTPError) -> bytes:
    try:
        return problem.read(10_000)
    except _UNANSWERED:
        return b""


def _pause_asked(headers: Any) -> float | None:
    value = str(headers.get("Retry-After", "")).strip()
    return float(value) if value.isdecimal() and len(value) < 8 else None


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _message_in(body: bytes) -> str:
    """What an endpoint says about an error, one line of at most 200 characters."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    error = content.get("error") if isinstance(content, dict) else None
    said = error.get("message") if isinstance(error, dict) else error
    return " ".join(said.split())[:200] if isinstance(said, str) and said.isprintable() else ""


def _envelope(body: bytes) -> tuple[str | None, object]:
    """Text and token counts of a chat completion; no text where it is none."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return None, None
    if not isinstance(content, dict):
        return None, None
    try:
        text = content["choices"][0]["message"]["content"]
    except (LookupError, TypeError):
        text = None
    return (text if isinstance(text, str) else None), content.get("usage")


def _count(usage: object, name: str) -> int | None:
    value = usage.get(name) if isinstance(usage, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None

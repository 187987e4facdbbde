"""How what goes wrong behind a route becomes a problem document, and which problems the schema tells of.

Belongs here: one line an exception, and the sentence about a body that is not as it must be. Does not belong here: the shape
of a problem (``service.problems``), what the gate refuses before any route.

Nothing that was sent is repeated in a refusal: it may hold what nobody but the customer should read.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from ledger.errors import IdempotencyConflictError, InvalidEventError, LedgerBusyError, NotInLedgerError
from service.api.current_release import NothingDecides
from service.api.parts import ScopeMissing
from service.api.recording import OtherRequest, WordsErased
from service.problems import MEDIA_TYPE, problem_response
from service.waiting import TooManyWaiting

log = logging.getLogger("understudy.api")
TRY_AGAIN = {"Retry-After": "1"}
LOST = "The ledger cannot be written at this moment, so nothing was recorded. Try again in a moment."
NO_SUCH_DECISION = "There is no decision with this id."
_KINDS = frozenset(("thumbs", "csat", "escalation", "correction"))


class PointedAt(BaseModel):
    """One thing that is wrong with a request."""

    pointer: str = Field(
        description="into the body as a JSON pointer, or the name of a header or of a part of the path"
    )
    detail: str


class Problem(BaseModel):
    """A refusal (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[PointedAt] | None = None
    missing: list[str] | None = None


_SAYS = {
    400: "the request cannot be read",
    401: "no token, or one that is unknown, revoked or over",
    403: "the token lacks the scope",
    404: "there is no such decision",
    408: "the body did not arrive in time",
    409: "the decision was answered without a person, so there is no handoff",
    410: "the words of the decision were erased",
    413: "the body is too large",
    415: "the body is not application/json",
    422: "the request is not as it must be; `errors` says where",
    429: "too many requests for this token",
    503: "nothing can be decided or recorded at this moment; see Retry-After",
}


def problems(*statuses: int, **said: str) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a route: these statuses as problem documents. ``said``: other words, such as ``s404``."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        one: {"description": said.get(f"s{one}", _SAYS[one]), "content": content, **_headers(one)} for one in statuses
    }


class JsonRequest(Request):
    """A request whose body is JSON and nothing near it: no NaN, no broken UTF-8, no half characters, no endless nesting."""

    async def json(self) -> Any:
        """The body. Raises ``JSONDecodeError``, which becomes a 422."""
        if not hasattr(self, "_json"):
            try:
                self._json = orjson.loads(await self.body())
            except orjson.JSONDecodeError as problem:
                raise json.JSONDecodeError(problem.msg, "", 0) from None
        return self._json


class JsonRoute(APIRoute):
    """A route that reads ``JsonRequest`` and refuses other kinds of body before reading them."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        """See FastAPI, "Custom Request and APIRoute class"."""
        handle = super().get_route_handler()

        async def handle_json(request: Request) -> Response:
            if self.body_field is not None and not _is_json(request.headers.get("content-type", "")):
                raise HTTPException(415, "Send the body as application/json.")
            return await handle(JsonRequest(request.scope, request.receive))

        return handle_json


def _is_json(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() == "application/json"


def add_refusals(app: FastAPI) -> None:
    """Let what the routes raise become problem documents."""
    said: dict[type[Exception], tuple[int, Mapping[str, str] | None]] = {
        ScopeMissing: (403, None),
        OtherRequest: (422, None),
        WordsErased: (410, None),
        TooManyWaiting: (503, TRY_AGAIN),
        NothingDecides: (503, {"Retry-After": "5"}),
        InvalidEventError: (422, None),
    }
    for kind, (status, headers) in said.items():
        app.add_exception_handler(kind, _saying(status, headers))
    app.add_exception_handler(NotInLedgerError, _fixed(404, NO_SUCH_DECISION))
    app.add_exception_handler(IdempotencyConflictError, _fixed(422, str(OtherRequest())))
    app.add_exception_handler(LedgerBusyError, _fixed(503, LOST, TRY_AGAIN))
    app.add_exception_handler(SQLAlchemyError, _ledger_fails)
    app.add_exception_handler(RequestValidationError, _not_as_it_must_be)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _ours)


def _saying(status: int, headers: Mapping[str, str] | None) -> Callable[[Request, Exception], Any]:
    async def handle(request: Request, problem: Exception) -> Response:
        return problem_response(status, str(problem), headers)

    return handle


def _fixed(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Callable[[Request, Exception], Any]:
    async def handle(request: Request, problem: Exception) -> Response:
        return problem_response(status, detail, headers)

    return handle


async def _ledger_fails(request: Request, problem: Exception) -> Response:
    cause = getattr(problem, "orig", None) or problem
    # SQLite's words are its own, such as that the disk is full; PostgreSQL's may repeat what a statement carried.
    log.error("the ledger failed: %s", cause if isinstance(cause, sqlite3.Error) else type(cause).__name__)
    return problem_response(503, LOST, TRY_AGAIN)


async def _not_as_it_must_be(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, RequestValidationError)
    errors = [{"pointer": _place(one), "detail": _in_words(one)} for one in problem.errors()[:20]]
    detail = "; ".join(f"{one['pointer']}: {one['detail']}" for one in errors[:3])
    body = {"type": "about:blank", "title": "Unprocessable Entity", "status": 422, "detail": detail, "errors": errors}
    return Response(orjson.dumps(body), 422, media_type=MEDIA_TYPE)


async def _http(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, HTTPException)
    return problem_response(problem.status_code, str(problem.detail), problem.headers)


async def _ours(request: Request, problem: Exception) -> Response:
    log.error("a request failed", exc_info=problem)
    return problem_response(500, "That did not work, and the mistake is ours. The server's log says what happened.")


def _place(error: Mapping[str, Any]) -> str:
    if error["type"] == "json_invalid":
        return "#"  # else the place in the text
    return "#/kind" if error["type"].startswith("union_tag") else pointer(error["loc"])


def pointer(place: Sequence[str | int]) -> str:
    """Where in a request: ``#/conversation/0/text`` for a body, ``Idempotency-Key`` for a header, a name in the path."""
    where, *path = place
    if where == "header":
        return "-".join(part.capitalize() for part in str(path[0]).split("-")) if path else "header"
    if where != "body":
        return str(path[0]) if path else str(where)
    # A union says which of its members it means before it says where in it.
    steps = [str(one) for one in path if one != "[key]"]
    steps = steps[1:] if steps and steps[0] in _KINDS else steps
    return "#" + "".join("/" + one.replace("~", "~0").replace("/", "~1")[:80] for one in steps)


def _in_words(error: Mapping[str, Any]) -> str:
    if error["type"] == "json_invalid":
        return "this is no JSON in UTF-8"
    if error["type"] == "extra_forbidden":
        return "there is no such field"
    if error["type"] == "missing":
        return "this is missing"
    if error["type"].startswith("union_tag"):  # pydantic's own sentence repeats what was sent
        return f"this is one of {', '.join(sorted(_KINDS))}"
    if error["type"] == "string_pattern_mismatch":
        return f"this must match {error['ctx']['pattern']}"
    return str(error["msg"]).removeprefix("Value error, ")


def _headers(status: int) -> dict[str, Any]:
    if status not in (429, 503):
        return {}
    return {"headers": {"Retry-After": {"description": "seconds", "schema": {"type": "string"}}}}

"""The OpenAPI document: what a client may send, and what it gets.

Belongs here: what FastAPI cannot know. Does not belong here: single routes and shapes.
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from service.api.refusals import Problem

DESCRIPTION = (
    "What the agent does with a customer's message, and what became of it. Every decision and every word of feedback is "
    "recorded before it is acknowledged. Refusals are problem documents (RFC 9457). Make a token on the server: "
    "`understudy token issue`."
)


def use_schema(app: FastAPI) -> None:
    """Let the app describe itself by ours; made at the first asking."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _made(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _made(app: FastAPI) -> dict[str, Any]:
    schema = get_openapi(
        title="Understudy", version=app.version, description=DESCRIPTION, routes=app.routes, openapi_version="3.1.0"
    )
    parts = schema.setdefault("components", {}).setdefault("schemas", {})
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    parts |= problem.pop("$defs", {})
    parts["Problem"] = problem
    for unused in ("HTTPValidationError", "ValidationError"):
        parts.pop(unused, None)
    return schema

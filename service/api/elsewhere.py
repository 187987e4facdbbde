"""What is asked for where the open paths and the API have nothing: 404 for a path, 405 for a method, as problem documents.

Belongs here: the last routes under the paths that are ours; without them the console, which is mounted on everything else,
would answer with its page, even to strangers. Does not belong here: any route that does something.
"""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

from service.problems import problem_response

OURS = ("/v1/{rest:path}", "/survey/{rest:path}", "/health", "/ready", "/openapi.json", "/login")


class _Elsewhere:
    """An endpoint for every method."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._routes = [one for one in routes if isinstance(one, Route)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        known: set[str] = set()
        for route in self._routes:
            if route.matches(scope)[0] == Match.PARTIAL:
                known |= route.methods or set()
        answer = problem_response(404, "There is nothing here.")
        if known:
            allowed = ", ".join(sorted(known))
            answer = problem_response(405, f"This can be asked with {allowed} only.", {"Allow": allowed})
        await answer(scope, receive, send)


def add_elsewhere(app: FastAPI, routers: Sequence[APIRouter]) -> None:
    """To be called after these routers were included and before anything is mounted."""
    elsewhere = _Elsewhere([route for one in routers for route in one.routes] + app.routes)
    for path in OURS:
        app.router.routes.append(Route(path, endpoint=elsewhere, include_in_schema=False))

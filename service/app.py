"""The app: the API, the survey, the login and the console, behind one gate.

Belongs here: putting them together. Does not belong here: any of them. Serve it with one worker: claims, and requests under
one key, are kept in the memory of one process.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from fastapi import FastAPI

if TYPE_CHECKING:
    from service.service import Service

RECONNECT_SECONDS = 30.0
"""How long a page that lost its connection may come back as it was. NiceGUI's 3 s, of which it takes 2 s without a sign of life
for a loss, are too few while a whole run keeps the machine busy: pages were loaded anew, and a click made meanwhile was lost."""


def create_app(service: Service) -> FastAPI:
    """The whole app over a service, which it starts, and closes at its end."""
    from nicegui import ui

    from service.api import decisions, feedback, handoffs, health, releases, surveys
    from service.api.elsewhere import add_elsewhere
    from service.api.parts import Parts
    from service.api.refusals import add_refusals
    from service.api.schema import use_schema
    from service.console.pages import register_pages
    from service.gate import Gate
    from service.login import router as login

    parts = Parts.of(service)

    @asynccontextmanager
    async def lives(app: FastAPI) -> AsyncIterator[None]:
        service.release.start()
        yield
        parts.close()
        service.close()

    app = FastAPI(
        title="Understudy", version=_version(), lifespan=lives, openapi_url="/openapi.json", docs_url=None, redoc_url=None,
        redirect_slashes=False,
    )  # fmt: skip
    app.state.parts = parts
    open_to_programs = [one.router for one in (decisions, feedback, handoffs, releases, surveys, health)]
    routers = [*open_to_programs, surveys.pages, login]
    for one in routers:
        app.include_router(one)
    add_refusals(app)
    use_schema(app)
    add_elsewhere(app, routers)
    register_pages()
    ui.run_with(app, title="Understudy", show_welcome_message=False, reconnect_timeout=RECONNECT_SECONDS)
    app.add_middleware(Gate, service=service)
    return app


def _version() -> str:
    try:
        return version("understudy")
    except PackageNotFoundError:
        return "0"

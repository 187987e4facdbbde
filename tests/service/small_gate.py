"""The real gate and login around a few routes, over a desk of one file: what the gate lets through answers ``through``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fastapi import FastAPI, Request, WebSocket
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from desk.service import ServiceSettings
from service.gate import Gate
from service.identity.tokens import IN_SCOPE as TOKEN
from service.identity.visitor import IN_SCOPE as VISITOR
from service.login import router
from service.service import Service
from tests.service.identity.doorways import Clock, ledger_in, open_doors

DESK = """desk_id: lindwurm
company: Lindwurm (fictional)
helpdesks: [{name: zendesk, kind: zendesk, exports: "zendesk-*"}]
"""
HERE = "http://testserver"
OURS = {"origin": HERE}
"""What a browser says of a form on our own page."""


class NoRelease:
    """Nothing decides here."""

    def close(self) -> None:
        """Nothing to give back."""


def routes() -> FastAPI:
    """An app that says who came through."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.include_router(router)

    @app.get("/health")
    @app.post("/survey/{token}")
    @app.get("/survey/{token}")
    async def unguarded() -> str:
        return "through"

    @app.post("/v1/echo")
    async def echo(request: Request) -> dict:
        return {"size": len(await request.body()), "token": request.scope[TOKEN].name}

    @app.get("/v1/fails")
    async def fails() -> None:
        raise ValueError("inside")

    @app.get("/")
    @app.get("/answers")
    @app.post("/answers")
    async def page(request: Request) -> dict:
        return {"who": request.scope[VISITOR].account().login, "body": (await request.body()).decode()}

    @app.websocket("/_nicegui_ws/socket.io/")
    @app.websocket("/v1/socket")
    async def socket(websocket: WebSocket) -> None:
        await websocket.accept()
        with suppress(WebSocketDisconnect):
            while True:
                await websocket.send_text("heard " + await websocket.receive_text())

    return app


@contextmanager
def served(folder: Path, clock: Clock, **settings: object) -> Iterator[tuple[Service, TestClient]]:
    """A service and a browser that keeps cookies and follows nothing."""
    (folder / "desk.yaml").write_text(DESK)
    ledger = ledger_in(folder)
    doors = open_doors(folder, ledger, clock, **settings)  # type: ignore[arg-type]
    service = Service(folder, ServiceSettings(**settings), ledger, doors, NoRelease(), clock)  # type: ignore[arg-type]
    try:
        app = routes()
        app.add_middleware(Gate, service=service)
        yield service, TestClient(app, base_url=HERE, follow_redirects=False)
    finally:
        service.close()


def another(client: TestClient) -> TestClient:
    """A second browser, with cookies of its own."""
    return TestClient(client.app, base_url=HERE, follow_redirects=False)


def form_of(client: TestClient) -> str:
    """The hidden value of the login form."""
    page = client.get("/login")
    return page.text.partition('name="form" value="')[2].partition('"')[0]


def log_in(client: TestClient, login: str, password: str, **fields: str):
    """Send the login form as a browser does; the answer."""
    return client.post(
        "/login", data={"form": form_of(client), "login": login, "password": password, **fields}, headers=OURS
    )

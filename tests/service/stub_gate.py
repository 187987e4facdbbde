"""The console without logging in: who is there stands in a cookie. For tests of one page alone.

The real gate has tests of its own, and the tests of a whole way through the console use it.
"""

from __future__ import annotations

import importlib
import os
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from nicegui import ui

from desk.loading import load_desk
from service.app import RECONNECT_SECONDS
from service.console.frame import SERVICE, VISITOR
from service.identity.account import Account, Role
from service.identity.visitor import Visitor
from service.service import Service

COOKIE = "stub_login"
PAGES = "STUB_PAGES"
"""Variable with the modules whose pages are served, separated by commas."""
PEOPLE = {
    "ada": Account("a1", "ada", "Ada Moreno", frozenset(Role), ("support lead", "reviewer")),
    "noor": Account("a2", "noor", "Noor Haddad", frozenset({Role.REVIEWER}), ("reviewer",)),
    "tomas": Account("a3", "tomas", "Tomas Reyl", frozenset({Role.APPROVER}), ("head of support",)),
}
"""tomas may read, and reviews nothing."""


def create_app(folder: Path) -> FastAPI:
    """Pages of the console over a desk; nothing decides, and everybody is who the cookie says (ada without one)."""
    from orchestration.lake import Lake
    from orchestration.people.review_desk import open_ledger_of

    for module in filter(None, os.environ.get(PAGES, "").split(",")):
        importlib.import_module(module)
    desk = load_desk(folder)
    Lake(desk.home).prepare()
    service = Service(folder, desk.settings.service, open_ledger_of(desk), None, None)  # type: ignore[arg-type]
    app = FastAPI()

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    ui.run_with(app, title="Understudy", show_welcome_message=False, reconnect_timeout=RECONNECT_SECONDS)
    app.add_middleware(_StubGate, service=service)
    return app


class _StubGate:
    def __init__(self, app: Any, service: Service) -> None:
        self.app, self.service = app, service

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] in ("http", "websocket"):
            cookies = SimpleCookie(dict(scope["headers"]).get(b"cookie", b"").decode("latin-1"))
            account = PEOPLE[cookies[COOKIE].value if COOKIE in cookies else "ada"]
            scope[SERVICE] = self.service
            scope[VISITOR] = Visitor(f"s-{account.login}", "csrf", lambda: account)
        await self.app(scope, receive, send)

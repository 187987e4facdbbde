"""Ask for every route of the real app without credentials: ``python -m tests.service.route_walk FOLDER``.

Prints one line of JSON: path, method and status of each; 'script' for the status where the answer is a page with scripts. A
path's parameters are filled with ``x``.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from tests.service.small_gate import DESK

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


def paths_of(routes: list[Any], prefix: str = "") -> Iterator[str]:
    """The path of every route, those of mounted apps and included routers too."""
    for route in routes:
        path = prefix + (getattr(route, "path", "") or "")
        owner = getattr(route, "original_router", None) or getattr(route, "app", None)
        inner = getattr(owner, "routes", None) or getattr(route, "routes", None)
        if inner and not getattr(route, "methods", None):
            yield from paths_of(list(inner), path.rstrip("/"))
        yield re.sub(r"\{[^}]*\}", "x", path) or "/"


def main(folder: Path) -> None:
    """Walk."""
    (folder / "desk.yaml").write_text(DESK)
    from service.app import create_app
    from service.open_service import open_service

    app = create_app(open_service(folder))
    client = TestClient(app, base_url="http://testserver", follow_redirects=False, raise_server_exceptions=False)
    walked: list[tuple[str, str, int | str]] = []
    for path in sorted(set(paths_of(app.routes)) | {"/nowhere/at/all", "/_nicegui_ws/socket.io/"}):
        for method in METHODS:
            answer = client.request(method, path)
            walked.append((path, method, "script" if "<script" in answer.text else answer.status_code))
        try:
            with client.websocket_connect(path, headers={"origin": "http://elsewhere.example"}):
                walked.append((path, "WEBSOCKET", 101))
        except WebSocketDisconnect:
            walked.append((path, "WEBSOCKET", 403 if not path.startswith("/v1") else 401))
    print(json.dumps(walked))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

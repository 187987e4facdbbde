"""How the API refuses: RFC 9457 problem documents.

Belongs here: their shape. Does not belong here: deciding to refuse (``gate``, ``api``).
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

import orjson
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


def problem_response(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """A refusal as ``{"type": "about:blank", "title", "status", "detail"}``; ``detail`` is for the person who must act."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return Response(orjson.dumps(body), status, dict(headers or {}), media_type=MEDIA_TYPE)

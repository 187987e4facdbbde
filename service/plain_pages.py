"""Pages that need no script and no session, such as the login: one look, one strict policy.

Belongs here: filling a template into a response. Does not belong here: what such a page says or does (``login``,
``api.surveys``). Values are escaped by the template.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from service.gatekeeping.response_headers import plain_page

TEMPLATES = Path(__file__).parent / "templates"


def plain_response(
    template: str, values: Mapping[str, Any], *, status: int = 200, headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    """The page of a template in ``service/templates`` that extends ``plain.html.j2``."""
    page = _environment().get_template(template).render(values)
    policy = {"Content-Security-Policy": plain_page(_style_hash()), "Cache-Control": "no-store"}
    return HTMLResponse(page, status, {**policy, **(headers or {})})


@functools.cache
def _environment() -> Environment:
    found = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    found.globals["style"] = _style()
    return found


@functools.cache
def _style() -> str:
    return (TEMPLATES / "plain.css").read_text(encoding="utf-8")


@functools.cache
def _style_hash() -> str:
    return base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()

"""What every answer says to the browser about what may be done with it.

Belongs here: security headers and caching. A page that knows better sets its own policy, which is then left as it is.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""For answers that are no pages."""
# NiceGUI's pages start with an inline script and compile their templates in the browser; everything comes from here.
CONSOLE = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; font-src 'self' data:; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'none'"
)
STATIC = "/_nicegui/"
"""Files of the user interface itself: the same for everybody, and worth keeping in the browser."""


def plain_page(style_hash: str) -> str:
    """The policy of a page without scripts, whose one style has this hash."""
    return (
        f"default-src 'none'; style-src 'sha256-{style_hash}'; img-src data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


def answering(send: Send, path: str, *, is_https: bool, note_status: Callable[[int], None]) -> Send:
    """A ``send`` that adds the headers to a response's start and tells its status."""

    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            note_status(message["status"])
            headers = MutableHeaders(raw=list(message.get("headers", ())))
            _complete(headers, path, is_https)
            message = {**message, "headers": headers.raw}
        await send(message)

    return with_headers


def _complete(headers: MutableHeaders, path: str, is_https: bool) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    # Not 'no-referrer': browsers then hide the Origin of our own forms, too, by which a forged one is told from ours. To
    # other sites neither sends anything.
    headers.setdefault("Referrer-Policy", "same-origin")
    is_page = headers.get("content-type", "").startswith("text/html")
    headers.setdefault("Content-Security-Policy", CONSOLE if is_page or path.startswith(STATIC) else NOTHING)
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if is_https:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if not (path.startswith(STATIC) and "cache-control" in headers):
        headers["Cache-Control"] = "no-store"

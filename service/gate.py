"""The gate: every request and websocket passes it, and what it does not know it refuses.

Belongs here: who may go on to which kind of route, and how the others are turned away. Does not belong here: what a role may
do (pages ask), which scope a route of the API needs (``api``), keeping accounts and tokens (``identity``).

Open to everybody are ``OPEN`` and survey links, which carry their own signature. ``/v1`` needs a bearer token. Everything
else, known or not, needs a session. Nothing a request carries is written to the log but its method and path.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import re
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar
from urllib.parse import quote

from sqlalchemy.exc import SQLAlchemyError
from starlette._utils import get_route_path
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ledger.errors import LedgerError
from service.gatekeeping import origins, sockets
from service.gatekeeping.bodies import BodyTooLarge, BodyTooSlow, handing_on, read_body
from service.gatekeeping.rates import Rates
from service.gatekeeping.response_headers import STATIC, answering
from service.gatekeeping.threads import Line
from service.identity.refusals import TooBusy
from service.identity.tokens import IN_SCOPE as TOKEN
from service.identity.tokens import Token
from service.identity.visitor import IN_SCOPE as VISITOR
from service.identity.visitor import SessionEnded, Visitor
from service.problems import problem_response
from service.service import IN_SCOPE as SERVICE
from service.service import Service

OPEN = frozenset({"/health", "/ready", "/openapi.json", "/login"})
_SURVEY = re.compile(r"/survey/[^/]+")
_API = "/v1"
_BEARER = re.compile(r"bearer +(\S+)", re.IGNORECASE)
_SAFE = frozenset({"GET", "HEAD"})
_TOKEN_KEPT = dt.timedelta(seconds=1)
"""A token that was found is not looked up again for so long: revoking takes effect within as much."""
_SOCKET_TRUSTED = dt.timedelta(seconds=1)
"""Between two looks at the session behind an open page; its heartbeats come every four seconds."""
_MISTAKE = "The service made a mistake. It was noted; try again, and tell whoever runs it if it stays."
_MOMENT = "The service cannot look that up at the moment. Try again in a few seconds."

P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger("understudy.gate")
access = logging.getLogger("understudy.access")


class _Refused(Exception):
    """A request goes no further; ``response`` is its answer."""

    def __init__(self, response: Response) -> None:
        self.response = response


class Gate:
    """ASGI middleware around the whole app. Puts the service, and the token or visitor, into the scope."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self.app, self._service = app, service
        settings = service.settings
        self._rates = Rates(settings.requests_per_minute)
        self._lookups = Line("gate", at_once=8, waiting=512)
        self._limit = settings.body_kilobytes * 1024
        self._is_https = settings.public_url.lower().startswith("https:")
        self._found: dict[bytes, tuple[dt.datetime, Token]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through or answer it."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        else:
            raise RuntimeError(f"an unknown kind of connection: {scope['type']}")

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, headers, began = get_route_path(scope), Headers(scope=scope), time.perf_counter()
        status, is_gone, asks = 0, False, receive

        def note(code: int) -> None:
            nonlocal status
            status = code

        async def heard() -> Message:
            nonlocal is_gone
            message = await asks()
            is_gone = is_gone or message["type"] == "http.disconnect"
            return message

        receive, send = heard, answering(send, path, is_https=self._is_https, note_status=note)
        scope[SERVICE] = self._service
        who = "-"
        try:
            if is_open(path):
                _, receive = await self._bounded(scope, headers, receive)
            elif path == _API or path.startswith(_API + "/"):
                token = scope[TOKEN] = await self._token(scope, headers)
                who = f"token {token.token_id}"
                _, receive = await self._bounded(scope, headers, receive)
            else:
                visitor = scope[VISITOR] = await self._visitor(scope, headers, path)
                who = f"session {visitor.session_id}"
                receive = await self._own_request(scope, headers, path, receive, visitor)
            await self.app(scope, receive, send)
        except _Refused as refused:
            await refused.response(scope, receive, send)
        except Exception:
            if is_gone:
                # Whoever asked hung up; what the app makes of that is no mistake of ours, and nobody reads an answer.
                log.info("nobody waits any more: %s %s", scope["method"], _shown(path))
                return
            if status:
                raise  # half an answer is out: the server cuts the connection
            log.exception("a request failed: %s %s", scope["method"], _shown(path))
            await problem_response(500, _MISTAKE)(scope, receive, send)
        finally:
            level = logging.DEBUG if path.startswith((STATIC, sockets.PATH)) else logging.INFO
            spent = 1000 * (time.perf_counter() - began)
            access.log(level, "%s %s %d %.0f ms %s", scope["method"], _shown(path), status, spent, who)

    async def _token(self, scope: Scope, headers: Headers) -> Token:
        """The token of a request to the API, counted. Raises ``_Refused``."""
        given = _BEARER.fullmatch(headers.get("authorization", "").strip())
        if given is None:
            detail = "This needs a token: send it as 'Authorization: Bearer und_…'."
            raise _Refused(problem_response(401, detail, {"WWW-Authenticate": 'Bearer realm="understudy"'}))
        token = await self._known_token(given[1])
        if token is None:
            wait = self._rates.wait_of_stranger(address_of(scope))
            if wait:
                raise _Refused(_too_many("Too many tokens that open nothing came from this address.", wait))
            challenge = {"WWW-Authenticate": 'Bearer realm="understudy", error="invalid_token"'}
            raise _Refused(problem_response(401, "This token is unknown, revoked or no longer good.", challenge))
        wait = self._rates.wait_of_token(token.token_id)
        if wait:
            raise _Refused(_too_many("This token has made as many requests in a minute as it may.", wait))
        return token

    async def _known_token(self, text: str) -> Token | None:
        key, now = hashlib.sha256(text.encode()).digest(), self._service.clock()
        known = self._found.get(key)
        if known is not None and _is_within(_TOKEN_KEPT, known[0], now):
            return known[1]
        token = await self._look_up(self._service.doors.token, text)
        # Only what is good is kept, so strangers cannot fill this; it is at most as long as the list of tokens.
        if token is None:
            self._found.pop(key, None)
        else:
            self._found[key] = (now, token)
        return token

    async def _visitor(self, scope: Scope, headers: Headers, path: str) -> Visitor:
        """Who is behind a request to the console. Raises ``_Refused``."""
        is_chatter = path.startswith((STATIC, sockets.PATH))
        visitor = await self._session(headers, is_use=not is_chatter)
        if visitor is not None:
            return visitor
        if scope["method"] in _SAFE and not is_chatter and _wants_page(headers):
            raise _Refused(RedirectResponse(_login_address(scope, path), status_code=303))
        raise _Refused(
            problem_response(401, "Sign in first, at /login.", {"WWW-Authenticate": 'Session realm="understudy"'})
        )

    async def _session(self, headers: Headers, *, is_use: bool = True) -> Visitor | None:
        value = cookie_value(headers, self._is_https)
        return await self._look_up(self._service.doors.visitor, value, is_use=is_use) if value else None

    async def _own_request(
        self, scope: Scope, headers: Headers, path: str, receive: Receive, visitor: Visitor
    ) -> Receive:
        """The request's ``receive`` if it cannot have been forged by another site. Raises ``_Refused``."""
        public_url, is_chatter = self._service.settings.public_url, path.startswith((STATIC, sockets.PATH))
        if scope["method"] in _SAFE and not is_chatter:
            return (await self._bounded(scope, headers, receive))[1]
        # A page's chatter is read by scripts: another site must not even ask, and a sender must say where it is from.
        is_foreign = origins.is_from_another_page(headers, public_url)
        if is_foreign or (scope["method"] not in _SAFE and not origins.is_from_own_page(headers, public_url)):
            raise _Refused(problem_response(403, "This request did not come from a page of this service."))
        body, receive = await self._bounded(scope, headers, receive)
        # NiceGUI's own posts name an open page by its unguessable id; everything else carries the session's value.
        if scope["method"] not in _SAFE and not is_chatter and not origins.has_csrf(headers, body, visitor.csrf):
            raise _Refused(problem_response(403, "This form is out of date. Load the page again."))
        return receive

    async def _bounded(self, scope: Scope, headers: Headers, receive: Receive) -> tuple[bytes, Receive]:
        """The body, within its bound, and a ``receive`` that gives it again. Raises ``_Refused``."""
        if scope["method"] in _SAFE and "content-length" not in headers and "transfer-encoding" not in headers:
            return b"", receive
        try:
            body = await read_body(headers, receive, self._limit)
        except BodyTooLarge:
            detail = f"A request may hold at most {self._limit // 1024} KiB."
            raise _Refused(problem_response(413, detail, {"Connection": "close"})) from None
        except BodyTooSlow:
            raise _Refused(
                problem_response(408, "The request did not arrive in time.", {"Connection": "close"})
            ) from None
        return body, handing_on(body, receive)

    async def _look_up(self, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the doors say. Raises ``_Refused`` where they cannot be asked."""
        try:
            return await self._lookups.run(step, *args, **kwargs)
        except (SQLAlchemyError, LedgerError, TooBusy) as problem:
            log.error("nobody can be let in: %s", problem)
            raise _Refused(problem_response(503, _MOMENT, {"Retry-After": "3"})) from problem

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, headers = get_route_path(scope), Headers(scope=scope)
        if not path.startswith(sockets.PATH) or not origins.is_from_own_page(
            headers, self._service.settings.public_url
        ):
            await sockets.refuse(receive, send)
            return
        try:
            visitor = await self._session(headers, is_use=False)
        except _Refused:
            await sockets.refuse(receive, send)
            return
        if visitor is None:
            await sockets.let_reload(receive, send)
            return
        scope[SERVICE], scope[VISITOR] = self._service, visitor
        await self.app(scope, *self._while_signed_in(visitor, receive, send))

    def _while_signed_in(self, visitor: Visitor, receive: Receive, send: Send) -> tuple[Receive, Send]:
        """A connection that ends with the session; a person's steps count as its use, heartbeats do not."""
        looked_at, is_over = self._service.clock(), False

        async def receive_checked() -> Message:
            nonlocal looked_at, is_over
            message = await receive()
            if message["type"] != "websocket.receive":
                return message
            is_step, now = sockets.is_step(message), self._service.clock()
            if not is_step and _is_within(_SOCKET_TRUSTED, looked_at, now):
                return message
            looked_at = now
            try:
                await self._look_up(self._service.doors.account_of, visitor.session_id, is_use=is_step)
            except (SessionEnded, _Refused):
                is_over = True
                await sockets.send_to_login(send)
                return {"type": "websocket.disconnect", "code": 1008}
            return message

        async def send_until_over(message: Message) -> None:
            if not is_over:
                await send(message)

        return receive_checked, send_until_over


def _is_within(span: dt.timedelta, since: dt.datetime, now: dt.datetime) -> bool:
    # A clock that was set back must not lengthen trust.
    return dt.timedelta() <= now - since < span


def is_open(path: str) -> bool:
    """Whether a path needs no credentials at all."""
    return path in OPEN or _SURVEY.fullmatch(path) is not None


def cookie_name(is_https: bool) -> str:
    """The session cookie's name. With TLS, a prefix by which browsers let no neighbouring host set it."""
    return "__Host-understudy" if is_https else "understudy_session"


def cookie_value(headers: Headers, is_https: bool) -> str:
    """What the session cookie holds, empty where there is none."""
    return cookie_parser("; ".join(headers.getlist("cookie"))).get(cookie_name(is_https), "")


def address_of(scope: Scope) -> str:
    """Where a request comes from, as the server believes (behind a proxy: as that proxy says)."""
    client = scope.get("client")
    return client[0] if client else "unknown"


def _shown(path: str) -> str:
    """A path for the log: without what opens a survey, and without line breaks of its own."""
    # Wherever it stands: a link that was mangled on its way opens nothing and is signed all the same.
    start, survey, _ = path.partition("/survey/")
    return quote(start[:200]) + "/survey/…" if survey else quote(path[:200])


def _wants_page(headers: Headers) -> bool:
    return headers.get("sec-fetch-mode") == "navigate" or "text/html" in headers.get("accept", "")


def _login_address(scope: Scope, path: str) -> str:
    query = scope.get("query_string", b"").decode("latin-1")
    wanted = path + (f"?{query}" if query else "")
    if wanted == "/" or origins.local_path(wanted) == "/":
        return "/login"
    return f"/login?next={quote(wanted, safe='/')}"


def _too_many(detail: str, seconds: int) -> Response:
    return problem_response(429, f"{detail} Try again in {seconds} seconds.", {"Retry-After": str(seconds)})

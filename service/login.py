"""Signing in and out: plain pages that work without a script.

Belongs here: the login form, its cookie, and signing out. Does not belong here: checking passwords (``identity``), one's own
password and sessions (``console.me``).

The session cookie is ``SameSite=Lax``: with ``Strict``, a link to a draft in a mail or chat would always end at the login.
What Lax leaves open, posts by other sites, the gate refuses by their origin and by the session's forgery value.
"""

from __future__ import annotations

import logging
import re
import secrets

from fastapi import APIRouter, Request
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response

from ledger.errors import LedgerError
from service.gate import address_of, cookie_name, cookie_value
from service.gatekeeping.origins import form_fields, is_from_own_page, is_same_secret, local_path
from service.gatekeeping.threads import Line
from service.identity.refusals import TooBusy, TooManyAttempts, WrongLogin
from service.identity.visitor import IN_SCOPE as VISITOR
from service.plain_pages import plain_response
from service.problems import problem_response
from service.service import IN_SCOPE as SERVICE
from service.service import Service

FORM_COOKIE = "understudy_form"
_FORM_VALUE = re.compile(r"[A-Za-z0-9_-]{43}")
NOTES = {
    "ended": "You were signed out, because the session was over.",
    "out": "You are signed out.",
    "changed": "Your password was changed. Sign in with the new one.",
}
_OUT_OF_DATE = "This form was out of date, or the browser keeps no cookies. Please try again."
_NOT_NOW = "Signing in does not work at the moment. Try again in a few seconds."

router = APIRouter(include_in_schema=False)
# Of the process, as the memory is that a flood of logins would take. Whoever only looks does not stand in that line.
_signing_in = Line("sign-in", at_once=2, waiting=30)
_looking = Line("login", at_once=4, waiting=200)
log = logging.getLogger("understudy.login")


@router.get("/login")
async def show_login(request: Request) -> Response:
    """The form; whoever is signed in already goes on."""
    service: Service = request.scope[SERVICE]
    goal = local_path(request.query_params.get("next", "/"))
    value = cookie_value(request.headers, _is_https(service))
    if value and await _is_signed_in(service, value):
        return RedirectResponse(goal, status_code=303)
    note = next((words for name, words in NOTES.items() if name in request.query_params), "")
    return await _page(request, goal, note=note)


@router.post("/login")
async def sign_in(request: Request) -> Response:
    """Let somebody in, or show the form again with what is wrong."""
    service: Service = request.scope[SERVICE]
    fields = form_fields(await request.body())
    goal, login = local_path(fields.get("next", "/")), fields.get("login", "")[:200]
    is_ours = is_from_own_page(request.headers, service.settings.public_url)
    if not is_ours or not is_same_secret(fields.get("form", ""), _form_cookie(request)):
        return await _page(request, goal, problem=_OUT_OF_DATE, status=403)
    before = cookie_value(request.headers, _is_https(service))
    try:
        value = await _signing_in.run(
            _let_in, service, login, fields.get("password", ""), address_of(request.scope), before
        )
    except WrongLogin as problem:
        return await _page(request, goal, login=login, problem=str(problem), status=401)
    except TooManyAttempts as problem:
        headers = {"Retry-After": str(problem.seconds)}
        return await _page(request, goal, login=login, problem=str(problem), status=429, headers=headers)
    except TooBusy as problem:
        return await _page(request, goal, login=login, problem=str(problem), status=503, headers={"Retry-After": "3"})
    except (SQLAlchemyError, LedgerError) as problem:
        log.error("signing in failed: %s", problem)
        return await _page(request, goal, login=login, problem=_NOT_NOW, status=503, headers={"Retry-After": "3"})
    answer = RedirectResponse(goal, status_code=303)
    _set_cookie(answer, service, cookie_name(_is_https(service)), value)
    answer.delete_cookie(FORM_COOKIE, path="/login", secure=_is_https(service), httponly=True, samesite="strict")
    return answer


@router.post("/logout")
async def sign_out(request: Request) -> Response:
    """End this session. The gate has made sure that a page of ours asks."""
    service: Service = request.scope[SERVICE]
    try:
        await _looking.run(service.doors.sign_out, request.scope[VISITOR].session_id)
    except (SQLAlchemyError, LedgerError, TooBusy) as problem:
        log.error("signing out failed: %s", problem)
        return problem_response(
            503, "Signing out does not work at the moment. Go back and try again.", {"Retry-After": "3"}
        )
    answer = RedirectResponse("/login?out=1", status_code=303)
    secure = _is_https(service)
    answer.delete_cookie(cookie_name(secure), path="/", secure=secure, httponly=True, samesite="lax")
    return answer


def _let_in(service: Service, login: str, password: str, address: str, cookie_before: str) -> str:
    """Sign in; the new session's cookie value. The session that the browser had, if any, ends: its id is never used again."""
    value, _ = service.doors.sign_in(login, password, address)
    before = service.doors.visitor(cookie_before, is_use=False) if cookie_before else None
    if before is not None:
        service.doors.sign_out(before.session_id)
    return value


async def _is_signed_in(service: Service, value: str) -> bool:
    try:
        return await _looking.run(service.doors.visitor, value, is_use=False) is not None
    except (SQLAlchemyError, LedgerError, TooBusy):
        return False  # the form says the rest


async def _page(
    request: Request,
    goal: str,
    *,
    login: str = "",
    problem: str = "",
    note: str = "",
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    service: Service = request.scope[SERVICE]
    known = _form_cookie(request)
    # The same in every tab, so that opening a second one does not spoil the form in the first.
    form = known if _FORM_VALUE.fullmatch(known) else secrets.token_urlsafe(32)
    try:
        company, has_accounts = await _looking.run(_company_and_accounts, service)
    except (SQLAlchemyError, LedgerError, TooBusy):
        company, has_accounts, problem = "", True, problem or _NOT_NOW
    values: dict[str, object] = {"form": form, "next": goal, "login": login, "problem": problem, "note": note}
    values |= {"company": company, "has_accounts": has_accounts}
    page = plain_response("login.html.j2", values, status=status, headers=headers)
    secure = _is_https(service)
    page.set_cookie(FORM_COOKIE, form, max_age=3600, path="/login", secure=secure, httponly=True, samesite="strict")
    return page


def _form_cookie(request: Request) -> str:
    return cookie_parser("; ".join(request.headers.getlist("cookie"))).get(FORM_COOKIE, "")


def _company_and_accounts(service: Service) -> tuple[str, bool]:
    return service.company, service.doors.has_accounts()


def _set_cookie(answer: Response, service: Service, name: str, value: str) -> None:
    hours = service.settings.session_hours
    answer.set_cookie(
        name, value, max_age=int(hours * 3600), path="/", secure=_is_https(service), httponly=True, samesite="lax"
    )


def _is_https(service: Service) -> bool:
    return service.settings.public_url.lower().startswith("https:")

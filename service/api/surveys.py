"""The survey behind a signed link: did the answer help? One click, no login, and a word more for whoever likes.

Belongs here: ``POST /v1/surveys`` that makes a link, and the page behind it. Does not belong here: the signature
(``survey_links``), the texts (``survey_words``), sending the link to anybody.

Mail scanners open links, so opening one changes nothing: a rating is a form that is sent. A later rating replaces the
earlier; both stay in the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import orjson
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from ledger.errors import NotInLedgerError
from ledger.live import feedback_given, read_decision, record_feedback
from service.api.answers import SurveyOut, moment
from service.api.models import SurveyIn
from service.api.parts import Parts, ThePartsOfTheApp, with_scope
from service.api.refusals import JsonRoute, problems
from service.api.survey_links import ForgedLink, SurveyLink
from service.api.survey_words import SurveyWords, words_in
from service.gatekeeping.origins import form_fields
from service.identity.tokens import Scope, Token
from service.plain_pages import plain_response

RATINGS = ("good", "bad")
CUSTOMER, ROLE, SOURCE = "survey link", "customer", "survey"
MAX_COMMENT_CHARS = 2_000
MOST_WORDS = 20
"""How often one link is listened to; after that its last word stands."""

router = APIRouter(prefix="/v1", route_class=JsonRoute)
pages = APIRouter(include_in_schema=False)


@router.post(
    "/surveys",
    operation_id="make_survey_link",
    summary="Make a survey link for a customer",
    response_model=SurveyOut,
    responses=problems(401, 403, 404, 408, 413, 415, 422, 429, 503),
)
async def make_link(
    about: SurveyIn,
    request: Request,
    parts: ThePartsOfTheApp,
    token: Annotated[Token, with_scope(Scope.FEEDBACK_WRITE)],
) -> Response:
    """Put the link into the message that says a ticket is resolved. Whoever opens it may rate this one decision until it
    ends, without logging in.
    """
    await parts.writer.run(_require_decision, parts, about.decision_id)
    signed, expires_at = parts.surveys.make(about.decision_id)
    base = parts.service.settings.public_url or str(request.base_url)
    body = {"url": f"{base.rstrip('/')}/survey/{signed}", "expires_at": moment(expires_at)}
    return Response(orjson.dumps(body), media_type="application/json")


@pages.get("/survey/{signed}")
async def show(signed: str, parts: ThePartsOfTheApp, rating: str = "") -> Response:
    """The question, or the thanks where it was answered. Changes nothing."""
    try:
        link = parts.surveys.read(signed)
    except ForgedLink:
        return _forged(parts)
    return await parts.reader.run(_shown, parts, link, rating)


@pages.post("/survey/{signed}")
async def rate(signed: str, request: Request, parts: ThePartsOfTheApp) -> Response:
    """Record the rating, then show the page anew, so that loading it again sends nothing again."""
    try:
        link = parts.surveys.read(signed)
    except ForgedLink:
        return _forged(parts)
    fields = form_fields(await request.body())
    comment = fields.get("comment", "").strip()[:MAX_COMMENT_CHARS]
    said = (parts, link, signed, fields.get("rating", ""), comment)
    # Whoever sends the same a thousand times does not stand before the decisions that are to be recorded.
    answer = await parts.reader.run(_answered, *said)
    return await parts.writer.run(_rated, *said) if answer is None else answer


@dataclass(frozen=True)
class _Told:
    """What a customer has said so far through their link."""

    rating: str | None
    has_comment: bool
    times: int


def _require_decision(parts: Parts, decision_id: str) -> None:
    if read_decision(parts.service.ledger, decision_id) is None:
        raise NotInLedgerError(f"No decision {decision_id} was made.")


def _forged(parts: Parts) -> Response:
    # Looked at without the writer: anybody may send as many of these as they like.
    language, words = words_in(None)
    return _page(parts, language, words, said=words.forged, status=404)


def _shown(parts: Parts, link: SurveyLink, preselected: str) -> Response:
    found = read_decision(parts.service.ledger, link.decision_id)
    if found is None:
        return _forged(parts)
    language, words = words_in(found.decision["language"] if found.decision else None)
    if link.has_expired:
        return _page(parts, language, words, said=words.expired, status=410)
    told = _told(parts, link.decision_id)
    return _page(parts, language, words, told=told, preselected=preselected if preselected in RATINGS else "")


def _answered(parts: Parts, link: SurveyLink, signed: str, rating: str, comment: str) -> Response | None:
    """The answer where there is nothing to record, else None."""
    if link.has_expired or rating not in RATINGS:
        return _shown(parts, link, "")
    told = _told(parts, link.decision_id)
    if told.times >= MOST_WORDS:
        found = read_decision(parts.service.ledger, link.decision_id)
        language, words = words_in(found.decision["language"] if found and found.decision else None)
        return _page(parts, language, words, said=words.often, status=429)
    return None if rating != told.rating or comment else _anew(signed)


def _rated(parts: Parts, link: SurveyLink, signed: str, rating: str, comment: str) -> Response:
    # Asked again: on this thread nobody comes between the question and the record.
    if (answer := _answered(parts, link, signed, rating, comment)) is not None:
        return answer
    record_feedback(
        parts.service.ledger,
        link.decision_id,
        kind="csat",
        words={"rating": rating, "comment": comment or None, "source": SOURCE},
        by=CUSTOMER,
        role=ROLE,
        occurred_at=parts.service.clock(),
    )
    return _anew(signed)


def _anew(signed: str) -> Response:
    return RedirectResponse(f"/survey/{signed}", status_code=303)


def _told(parts: Parts, decision_id: str) -> _Told:
    said = [
        words
        for event, _, words in feedback_given(parts.service.ledger, decision_id)
        if event.role == ROLE and words.get("source") == SOURCE
    ]
    last = said[-1] if said else {}
    return _Told(last.get("rating"), bool(last.get("comment")), len(said))


def _page(
    parts: Parts,
    language: str,
    words: SurveyWords,
    *,
    told: _Told | None = None,
    said: str = "",
    preselected: str = "",
    status: int = 200,
) -> Response:
    values = {
        "words": words, "language": language, "company": parts.company, "said": said, "preselected": preselected,
        "rating": told.rating if told else None, "has_comment": told.has_comment if told else False,
    }  # fmt: skip
    return plain_response("survey.html.j2", values, status=status, headers={"Referrer-Policy": "no-referrer"})

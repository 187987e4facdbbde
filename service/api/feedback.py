"""``POST /v1/feedback``: what customers and colleagues say of a decision.

Belongs here: the route. Does not belong here: the survey behind a link (``surveys``), how handoffs end (``handoffs``).
"""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Body
from starlette.responses import Response

from ledger.live import record_feedback
from service.api.answers import FeedbackOut, moment
from service.api.decisions import NO_KEY, IdempotencyKey
from service.api.models import FEEDBACK_EXAMPLES, CsatIn, FeedbackIn
from service.api.parts import ThePartsOfTheApp, with_scope
from service.api.recording import CLIENT, event_key
from service.api.refusals import JsonRoute, problems
from service.identity.tokens import Scope, Token

router = APIRouter(prefix="/v1", route_class=JsonRoute)


@router.post(
    "/feedback",
    operation_id="give_feedback",
    summary="Say how a decision went down",
    response_model=FeedbackOut,
    responses=problems(401, 403, 404, 408, 413, 415, 422, 429, 503),
)
async def give_feedback(
    said: Annotated[FeedbackIn, Body(examples=FEEDBACK_EXAMPLES)],
    parts: ThePartsOfTheApp,
    token: Annotated[Token, with_scope(Scope.FEEDBACK_WRITE)],
    idempotency_key: IdempotencyKey = NO_KEY,
) -> Response:
    """Thumbs, a satisfaction score, why a person was wanted, or what would have been right. Recorded before it is answered."""
    words = {
        name: value
        for name, value in said.model_dump(mode="json", exclude={"kind", "decision_id", "score"}).items()
        if value not in (None, "")
    }
    if isinstance(said, CsatIn):
        words |= csat_words(said.score)
    event = await parts.writer.run(
        record_feedback,
        parts.service.ledger,
        said.decision_id,
        kind=said.kind,
        words=words,
        by=token.name,
        role=CLIENT,
        occurred_at=parts.service.clock(),
        idempotency_key=event_key(token.token_id, "feedback", idempotency_key),
    )
    body = {"feedback_id": event.event_id, "decision_id": said.decision_id, "recorded_at": moment(event.occurred_at)}
    return Response(orjson.dumps(body), media_type="application/json")


def csat_words(score: int | str) -> dict[str, Any]:
    """A score as the ledger keeps it: ``score`` for a number, ``rating`` for good and bad."""
    return {"rating": score} if isinstance(score, str) else {"score": score}

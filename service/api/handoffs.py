"""``POST /v1/handoffs/{decision_id}/outcome``: how a person ended what the agent handed over or drafted.

Belongs here: the route.
"""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Path
from starlette.exceptions import HTTPException
from starlette.responses import Response

from ledger.events import Event
from ledger.live import close_handoff, read_decision
from service.api.answers import HandoffOutcomeOut, moment
from service.api.decisions import NO_KEY, IdempotencyKey
from service.api.models import DECISION_ID, HandoffOutcomeIn
from service.api.parts import Parts, ThePartsOfTheApp, with_scope
from service.api.recording import CLIENT, event_key
from service.api.refusals import NO_SUCH_DECISION, JsonRoute, problems
from service.identity.tokens import Scope, Token

router = APIRouter(prefix="/v1", route_class=JsonRoute)


@router.post(
    "/handoffs/{decision_id}/outcome",
    operation_id="close_handoff",
    summary="Say how a handoff ended",
    response_model=HandoffOutcomeOut,
    responses=problems(401, 403, 404, 408, 409, 413, 415, 422, 429, 503),
)
async def close(
    decision_id: Annotated[str, Path(pattern=DECISION_ID)],
    said: HandoffOutcomeIn,
    parts: ThePartsOfTheApp,
    token: Annotated[Token, with_scope(Scope.HANDOFFS_WRITE)],
    idempotency_key: IdempotencyKey = NO_KEY,
) -> Response:
    """For decisions with the action draft or escalate. Said again, the last word holds."""
    event = await parts.writer.run(
        _close, parts, decision_id, said, token, event_key(token.token_id, "handoffs", idempotency_key)
    )
    body = {"outcome_id": event.event_id, "decision_id": decision_id, "recorded_at": moment(event.occurred_at)}
    return Response(orjson.dumps(body), media_type="application/json")


def _close(parts: Parts, decision_id: str, said: HandoffOutcomeIn, token: Token, key: str | None) -> Event:
    found = read_decision(parts.service.ledger, decision_id)
    if found is None:
        raise HTTPException(404, NO_SUCH_DECISION)
    if found.decision is not None and found.decision["handoff"] is None:
        raise HTTPException(409, "This was answered without a person, so there is no handoff to close.")
    return close_handoff(
        parts.service.ledger,
        decision_id,
        **said.model_dump(mode="json"),
        by=token.name,
        role=CLIENT,
        occurred_at=parts.service.clock(),
        idempotency_key=key,
    )

"""``POST /v1/decisions``: a customer's message in, what to do with it out, recorded before it is said.

Belongs here: the route and its order of steps. Does not belong here: deciding (``current_release``), the mode (``sending``),
recording (``recording``).
"""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, Header
from starlette.responses import Response

from service.api.answers import DecisionOut, decision_body
from service.api.models import KEY, DecisionIn
from service.api.parts import ThePartsOfTheApp, with_scope
from service.api.recording import Recorded, decision_id_of
from service.api.refusals import JsonRoute, problems
from service.identity.tokens import Scope, Token

router = APIRouter(prefix="/v1", route_class=JsonRoute)

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=KEY,
        description="chosen by the client; sent again with the same request it gives the first response again, and records "
        "nothing more; but sends is false where it may not be sent any more. 1 to 200 visible ASCII characters",
    ),
]
NO_KEY = ""
REPLAYED = {"Idempotent-Replay": "true"}


@router.post(
    "/decisions",
    operation_id="decide",
    summary="Decide what to do with a message",
    response_model=DecisionOut,
    responses={
        200: {
            "headers": {
                "Idempotent-Replay": {
                    "description": "true where the key was used before and this is the response of then",
                    "schema": {"type": "string", "enum": ["true"]},
                }
            }
        },
        **problems(401, 403, 408, 410, 413, 415, 422, 429, 503),
    },
)
async def decide(
    asked: DecisionIn,
    parts: ThePartsOfTheApp,
    token: Annotated[Token, with_scope(Scope.DECISIONS_WRITE)],
    idempotency_key: IdempotencyKey = NO_KEY,
) -> Response:
    """The current release decides. The decision is in the ledger before it is answered; ask again under the same key
    where no answer arrived. Only `sends` says whether the reply may reach the customer without a person.
    """
    request = asked.model_dump(mode="json")
    has_key = idempotency_key != NO_KEY
    decision_id = decision_id_of(token.token_id, idempotency_key) if has_key else uuid.uuid4().hex
    async with parts.one_at_a_time.under(decision_id if has_key else None):
        found = await parts.writer.run(parts.record.earlier, decision_id, request) if has_key else None
        if found is None:
            from assets.configure_behavior.decisions.decision import Turn

            turns = [Turn(one.author, one.text) for one in asked.conversation]
            decision = await parts.service.release.decide(asked.message, turns, asked.context)
            found = await parts.writer.run(
                parts.record.record, decision_id, request, decision, token.name, has_key=has_key
            )
    return _response(found)


def _response(found: Recorded) -> Response:
    headers = REPLAYED if found.is_replay else {}
    return Response(decision_body(found), 200, headers, media_type="application/json")

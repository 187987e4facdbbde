"""``GET /v1/releases/current``: what decides now.

Belongs here: the route. Does not belong here: activating or comparing releases (the console, the terminal).
"""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import orjson
from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

from service.api.answers import ReleaseOut, moment
from service.api.current_release import Deciding
from service.api.parts import ThePartsOfTheApp, with_scope
from service.api.refusals import JsonRoute, problems
from service.identity.tokens import Scope, Token

router = APIRouter(prefix="/v1", route_class=JsonRoute)


@router.get(
    "/releases/current",
    operation_id="current_release",
    summary="The release that decides now",
    response_model=ReleaseOut,
    responses=problems(401, 403, 404, 429, s404="no release decides yet"),
)
async def current(parts: ThePartsOfTheApp, token: Annotated[Token, with_scope(Scope.RELEASES_READ)]) -> Response:
    """Which release, since when, and for which categories it may do what."""
    deciding = parts.service.release.deciding
    if deciding is None:
        raise HTTPException(404, "No release decides yet.")
    return Response(_body(deciding, parts.service.release.refused is not None), media_type="application/json")


def _body(deciding: Deciding, is_refused: bool) -> bytes:
    release, recipe = deciding.release, deciding.saved.recipe
    about = Counter(entry.category_id for entry in release.entries.values())
    import pandas as pd

    return orjson.dumps(
        {
            "release_id": release.release_id,
            "since": moment(deciding.since),
            "activated_as": deciding.role,
            "knows_until": moment(pd.Timestamp(recipe["as_of"]).to_pydatetime()),
            "count_entries": len(release.entries),
            "count_categories": len(release.categories),
            "categories": [
                {"id": one.category_id, "name": one.name, "bucket": one.bucket, "entries": about[one.category_id]}
                for one in release.categories.values()
            ],
            "behavior_hash": recipe["behavior"],
            "refused": is_refused,
        }
    )

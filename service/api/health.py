"""``GET /health`` and ``GET /ready``: for whoever supervises the server. Open to everybody, so they say little.

Belongs here: what must work before requests are sent here.
"""

from __future__ import annotations

import logging
import os
import shutil
import time
from pathlib import Path

import orjson
from fastapi import APIRouter
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response

from ledger.errors import LedgerError
from service.api.answers import HealthOut, ReadyOut
from service.api.parts import Parts, ThePartsOfTheApp
from service.api.refusals import problems
from service.problems import MEDIA_TYPE
from service.waiting import TooManyWaiting

router = APIRouter()
log = logging.getLogger("understudy.api")
KNOWN_FOR_SECONDS = 2.0
"""Whoever asks more often is told the same: the question is open to everybody, and costs a transaction."""

LEAST_FREE_BYTES = 4 * 1024 * 1024


@router.get("/health", operation_id="health", summary="Whether the process answers", response_model=HealthOut)
async def health() -> Response:
    """Says nothing about whether it can decide: see /ready."""
    return Response(b'{"status":"ok"}', media_type="application/json")


@router.get(
    "/ready",
    operation_id="ready",
    summary="Whether messages can be decided and recorded",
    response_model=ReadyOut,
    responses=problems(503, s503="something is missing; `missing` says what"),
)
async def ready(parts: ThePartsOfTheApp) -> Response:
    """A release is loaded, and the ledger takes events."""
    release = parts.service.release
    missing = [*await _of_ledger(parts)]
    if release.is_loading and release.release_id is None:
        missing.append("the release is being loaded")
    elif release.release_id is None:
        missing.append("the current release cannot be used" if release.refused else "no release is current")
    if missing:
        body = {
            "type": "about:blank", "title": "Service Unavailable", "status": 503,
            "detail": f"Not ready: {'; '.join(missing)}.", "missing": missing,
        }  # fmt: skip
        return Response(orjson.dumps(body), 503, {"Retry-After": "5"}, media_type=MEDIA_TYPE)
    said = {"status": "ready", "release_id": release.release_id, "refused": release.refused is not None}
    return Response(orjson.dumps(said), media_type="application/json")


async def _of_ledger(parts: Parts) -> list[str]:
    known = parts.readiness
    if known.missing is None or time.monotonic() - known.at > KNOWN_FOR_SECONDS:
        known.at = time.monotonic()
        try:
            known.missing = await parts.writer.run(_ledger_problem, parts)
        except TooManyWaiting:
            known.missing = ["the ledger is busy"]
    return known.missing


def _ledger_problem(parts: Parts) -> list[str]:
    engine = parts.service.ledger.engine
    try:
        if engine.is_sqlite:
            file = Path(str(engine.url.database))
            if not os.access(file, os.W_OK):
                return ["the ledger's file cannot be written"]
            # A transaction that writes nothing succeeds on a full disk, too.
            if shutil.disk_usage(file.parent).free < LEAST_FREE_BYTES:
                return ["the ledger's disk is full"]
        with engine.writing():
            pass
    except (LedgerError, SQLAlchemyError, OSError) as problem:
        log.error("the ledger does not take events: %s", type(problem).__name__)
        return ["the ledger does not take events"]
    return []

"""What people say of one answer this moment, for whoever is about to say something of it too.

Belongs here: reading one answer's reviews quickly, and noticing that there are more than were seen. Does not belong here:
recording (`reviews`), frames of all reviews.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ledger.errors import ReviewError
from ledger.events import EventType, utc_moment
from ledger.schema import ledger_actors, ledger_events, ledger_payloads
from ledger.store import Ledger

_ANSWER = "answer"


@dataclass(frozen=True)
class GivenReview:
    """What one person says of an answer. reviewer: the name, or 16 digits of the pseudonym once it was erased; said: tag,
    reason, comment, right_answer, decision, edited_reply and source, those that are there."""

    review_id: str
    answer_id: str
    actor_id: str
    reviewer: str
    reviewed_at: datetime
    said: dict[str, Any]


class ReviewedMeanwhileError(ReviewError):
    """Somebody else has said something of the answer that the reviewer has not seen; nothing was recorded."""

    def __init__(self, given: list[GivenReview]) -> None:
        self.given = given
        names = " and ".join(dict.fromkeys(one.reviewer for one in given))
        super().__init__(f"Nothing was recorded. {names} reviewed answer {given[0].answer_id} meanwhile.")


def given_reviews(ledger: Ledger, answer_id: str) -> list[GivenReview]:
    """What stands of one answer, a row a reviewer, the earliest first."""
    with ledger.reading() as connection:
        return given_within(connection, answer_id)


def require_seen(connection: sa.Connection, answer_id: str, seen: Collection[str], *, own: str | None) -> None:
    """Inside a transaction: raise `ReviewedMeanwhileError` where another than the actor `own` gave a review not in `seen`."""
    unseen = [
        one for one in given_within(connection, answer_id) if one.actor_id != own and one.review_id not in set(seen)
    ]
    if unseen:
        raise ReviewedMeanwhileError(unseen)


def given_within(connection: sa.Connection, answer_id: str) -> list[GivenReview]:
    """`given_reviews` inside a transaction."""
    columns, actors, payloads = ledger_events.c, ledger_actors.c, ledger_payloads.c
    source = ledger_events.outerjoin(ledger_actors, actors.actor_id == columns.actor_id).outerjoin(
        ledger_payloads, payloads.payload_digest == columns.payload_digest
    )
    query = (
        sa.select(columns.event_id, columns.actor_id, columns.occurred_at, actors.name, payloads.body)
        .select_from(source)
        .where(
            columns.subject_kind == _ANSWER,
            columns.subject_hash == answer_id,
            columns.event_type == str(EventType.ANSWER_REVIEWED),
        )
        .order_by(columns.sequence)
    )
    last: dict[str, GivenReview | None] = {}
    for row in connection.execute(query):
        words = json.loads(row.body) if row.body else {}
        # Taken out and put back: the latest word decides the place too. Withdrawn or erased: nothing older takes its place.
        last.pop(row.actor_id, None)
        last[row.actor_id] = (
            GivenReview(
                row.event_id, answer_id, row.actor_id, row.name or row.actor_id[:16], utc_moment(row.occurred_at), words
            )
            if "tag" in words
            else None
        )
    return [one for one in last.values() if one is not None]

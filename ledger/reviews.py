"""What people said of the agent's answers: tags, reasons, approvals, and edited replies.

Belongs here: recording reviews, whole batches or none, and reading what stands. Does not belong here: which answers there
are (the stage that owns them), tags set in a helpdesk, what was sent (`deliveries`).

A reviewer has one word on an answer. Saying it again is no event; filling in what was left open adds to it; saying
something else takes `replaces`, so that a mistyped file never overturns what a person said on purpose.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ledger.errors import InvalidEventError, ReviewError
from ledger.events import Event, EventType, NewEvent, display_name, name_key
from ledger.given_reviews import require_seen
from ledger.knowledge import decided, decisions_frame
from ledger.schema import ledger_events, ledger_payloads
from ledger.signable import require_known_role
from ledger.store import Ledger, find_actor

if TYPE_CHECKING:
    import pandas as pd

ANSWER = "answer"
TAGS = ("correct", "needs_improvement", "incorrect")
REASONS = (
    "wrong_answer",
    "wrong_category",
    "wrong_condition",
    "missing_step",
    "outdated",
    "tone",
    "too_long",
    "should_have_escalated",
    "needless_escalation",
    "other",
)
DECISIONS = ("approve", "edit", "reject")
SOURCES = ("terminal", "csv", "console")
MAX_WORDS_CHARS = 20_000
"""Length of a comment, a right answer or an edited reply at most."""
COLUMNS = (
    "review_id", "answer_id", "reviewer", "role", "source", "reviewed_at", "tag", "reason", "comment", "right_answer",
    "decision", "edited_reply", "is_current",
)  # fmt: skip
_SAID = ("tag", "reason", "comment", "right_answer", "decision", "edited_reply")
_WITHDRAWN = "withdrawn"
_MANY = 500


@dataclass(frozen=True)
class AnswerReview:
    """What one person says of one answer; blank words count as none.

    tag: one of `TAGS`. reason: one of `REASONS`. decision: one of `DECISIONS`, None where the answer is only tagged.
    edited_reply: what is sent instead, with the decision edit. right_answer: what would have been right, for learning.
    Raises `ReviewError` on construction.
    """

    answer_id: str
    tag: str
    reason: str | None = None
    comment: str | None = None
    right_answer: str | None = None
    decision: str | None = None
    edited_reply: str | None = None

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            object.__setattr__(self, one.name, (str(value).strip() or None) if value is not None else None)
        if not self.answer_id:
            raise ReviewError("A review names no answer; give the id of the answer it is about.")
        about = f"The review of answer {self.answer_id[:80]}"
        for what, value, known in (
            ("tag", self.tag, TAGS), ("reason", self.reason, REASONS), ("decision", self.decision, DECISIONS),
        ):  # fmt: skip
            if value is not None and value not in known:
                raise ReviewError(f"{about} has the {what} {value[:80]!r}; there are {', '.join(known)}.")
        if self.tag is None:
            raise ReviewError(f"{about} has no tag; give one of {', '.join(TAGS)}.")
        if self.decision == "approve" and self.tag == "incorrect":
            raise ReviewError(f"{about} approves what it calls incorrect; edit or reject it, or tag it otherwise.")
        if self.decision == "edit" and self.edited_reply is None:
            raise ReviewError(f"{about} says edit, but not what is sent instead; give the edited reply.")
        if self.edited_reply is not None and self.decision != "edit":
            raise ReviewError(f"{about} has an edited reply without the decision edit; say edit, or leave it out.")
        for what in ("comment", "right_answer", "edited_reply"):
            if len(getattr(self, what) or "") > MAX_WORDS_CHARS:
                raise ReviewError(f"{about}: {what} has more than {MAX_WORDS_CHARS:,} characters; make it shorter.")

    def words(self) -> dict[str, str]:
        """What was said, without the answer's id and what was left open."""
        return {name: value for name, value in asdict(self).items() if name != "answer_id" and value is not None}


def contradiction(earlier: AnswerReview, later: AnswerReview) -> str | None:
    """How two reviews of one answer by one person contradict each other: "tag 'correct' and 'incorrect'"; None: not.

    What only one of them says is no contradiction, nor is another comment.
    """
    for name in ("tag", "decision", "reason", "edited_reply", "right_answer"):
        was, now = getattr(earlier, name), getattr(later, name)
        if was is not None and now is not None and was != now:
            if name in ("edited_reply", "right_answer"):
                return f"two different texts as {name.replace('_', ' ')}"
            return f"the {name} '{was}' and '{now}'"
    return None


def record_reviews(
    ledger: Ledger,
    reviews: Sequence[AnswerReview],
    *,
    by: str,
    role: str,
    occurred_at: datetime,
    known_roles: Iterable[str],
    source: str,
    replaces: bool = False,
    seen: Collection[str] | None = None,
) -> list[Event]:
    """Record what one person says of answers in one transaction; returns the events, none for what was said before.

    `replaces`: a changed mind. The new review then stands as it is, instead of completing the old one.
    `seen`: ids of the reviews by others that this person has seen; None: it does not matter.
    Raises `ReviewError` for two reviews that contradict each other (in the batch, or unless `replaces` against what this
    person said before) or an unknown source, `ReviewedMeanwhileError` where others said more than was `seen`,
    `SignOffError` for a role that may not; nothing is recorded then.
    """
    reviewed = [(by, one) for one in reviews]
    return record_reviews_by(
        ledger, reviewed, role=role, occurred_at=occurred_at, known_roles=known_roles, source=source, replaces=replaces,
        seen=seen,
    )  # fmt: skip


def record_reviews_by(
    ledger: Ledger,
    reviewed: Sequence[tuple[str, AnswerReview]],
    *,
    role: str,
    occurred_at: datetime,
    known_roles: Iterable[str],
    source: str,
    replaces: bool = False,
    seen: Collection[str] | None = None,
) -> list[Event]:
    """`record_reviews` for a file that several people filled in: pairs of reviewer and review, all of them or none."""
    require_known_role(role, known_roles, signs="a review")
    if source not in SOURCES:
        raise ReviewError(f"Nothing was recorded. {source[:80]!r} is no source of reviews; there are {_list(SOURCES)}.")
    batches: dict[str, tuple[str, dict[str, AnswerReview]]] = {}
    for by, review in reviewed:
        try:
            name, said = batches.setdefault(name_key(by), (display_name(by), {}))
        except InvalidEventError as problem:
            raise ReviewError(f"Nothing was recorded. {problem}") from problem
        earlier = said.get(review.answer_id)
        if earlier is not None and (quarrel := contradiction(earlier, review)):
            raise ReviewError(
                f"Nothing was recorded. {name} reviews answer {review.answer_id} twice, with {quarrel}; keep one of the two."
            )
        said[review.answer_id] = review if earlier is None else _completed(earlier, review)
    with ledger.engine.writing() as connection:
        written = []
        for name, said in batches.values():
            before = _standing(connection, name, list(said))
            for answer_id, review in said.items():
                if seen is not None:
                    require_seen(connection, answer_id, seen, own=find_actor(connection, name))
                stands = before.get(answer_id)
                if stands is not None and not replaces:
                    if quarrel := contradiction(stands, review):
                        raise ReviewError(
                            f"Nothing was recorded. {name} has reviewed answer {answer_id} before: that makes {quarrel}. "
                            "If the new one is meant to replace the old one, say so (--replaces)."
                        )
                    review = _completed(stands, review)
                if review != stands:
                    written.append(_event(answer_id, {**review.words(), "source": source}, name, role, occurred_at))
        return ledger.append_within(connection, written)


def withdraw_review(
    ledger: Ledger, answer_id: str, *, by: str, role: str, occurred_at: datetime, known_roles: Iterable[str]
) -> Event:
    """Take back one's own word on an answer; the record keeps both. Raises `ReviewError` where there is none."""
    require_known_role(role, known_roles, signs="a review")
    withdrawn = _event(answer_id, {_WITHDRAWN: True}, by, role, occurred_at)
    with ledger.engine.writing() as connection:
        if answer_id not in _standing(connection, by, [answer_id]):
            raise ReviewError(f"{display_name(by)} has said nothing of answer {answer_id}, so nothing was taken back.")
        return ledger.append_within(connection, [withdrawn])[0]


def standing_reviews(ledger: Ledger, answer_ids: Sequence[str], by: str) -> dict[str, AnswerReview]:
    """What this person says of these answers now, by answer; those of which nothing is said are left out."""
    with ledger.reading() as connection:
        return _standing(connection, by, answer_ids)


def answer_reviews(ledger: Ledger, *, with_history: bool = False) -> pd.DataFrame:
    """Frame [review] of what stands, `COLUMNS`: one row an answer and reviewer, in the order in which they were recorded.

    reviewer: the name, or the first 16 digits of the pseudonym once the name was erased. review_id: of the event.
    `with_history`: also what a later word of the same person replaced, is_current false there. A review whose words were
    erased is gone, and nothing older takes its place.
    """
    rows: list[dict[str, Any]] = []
    last: dict[tuple[str, str], dict[str, Any] | None] = {}
    for event, by, words in decided(ledger, [EventType.ANSWER_REVIEWED], ANSWER):
        key = (event.actor_id, event.subject_hash)
        if (replaced := last.get(key)) is not None:
            replaced["is_current"] = False
        last[key] = None
        if "tag" not in words:
            continue
        last[key] = {
            "review_id": event.event_id,
            "answer_id": event.subject_hash,
            "reviewer": by or event.actor_id[:16],
            "role": event.role,
            "reviewed_at": event.occurred_at,
            **{name: words.get(name) for name in ("source", *_SAID)},
            "is_current": True,
        }
        rows.append(last[key])  # type: ignore[arg-type]
    shown = [row for row in rows if with_history or row["is_current"]]
    frame = decisions_frame(shown, [name for name in COLUMNS if name != "is_current"], at="reviewed_at")
    frame = frame.astype({name: "string" for name in COLUMNS if name not in ("reviewed_at", "is_current")})
    frame["is_current"] = [row["is_current"] for row in shown]
    return frame.astype({"is_current": "boolean"})


def _completed(earlier: AnswerReview, later: AnswerReview) -> AnswerReview:
    """The later review, with what it leaves open from the earlier one."""
    return AnswerReview(later.answer_id, **{**earlier.words(), **later.words()})


def _standing(connection: sa.Connection, name: str, answer_ids: Sequence[str]) -> dict[str, AnswerReview]:
    """What a person says of these answers, inside a transaction."""
    actor_id = find_actor(connection, name)
    if actor_id is None:
        return {}
    columns = ledger_events.c
    query = (
        sa.select(columns.subject_hash, ledger_payloads.c.body)
        .select_from(
            ledger_events.outerjoin(ledger_payloads, ledger_payloads.c.payload_digest == columns.payload_digest)
        )
        .where(
            columns.actor_id == actor_id,
            columns.event_type == str(EventType.ANSWER_REVIEWED),
            columns.subject_kind == ANSWER,
        )
        .order_by(columns.sequence)
    )
    if len(answer_ids) <= _MANY:
        query = query.where(columns.subject_hash.in_(answer_ids))
    last = {row.subject_hash: _read(row.body) for row in connection.execute(query)}
    return {
        answer_id: AnswerReview(answer_id, **{name: words[name] for name in _SAID if name in words})
        for answer_id in answer_ids
        if "tag" in (words := last.get(answer_id) or {})
    }


def _read(body: str | None) -> Mapping[str, Any]:
    return json.loads(body) if body else {}


def _event(answer_id: str, words: dict[str, Any], by: str, role: str, occurred_at: datetime) -> NewEvent:
    try:
        made = NewEvent(EventType.ANSWER_REVIEWED, ANSWER, answer_id, by, role, occurred_at, payload=words)
        made.payload_body()
    except InvalidEventError as problem:
        raise ReviewError(f"Nothing was recorded. {problem}") from problem
    return made


def _list(words: Iterable[str]) -> str:
    return ", ".join(words)

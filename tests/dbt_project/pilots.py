"""An invented pilot for dbt to read: tickets of one helpdesk, what the agent decided on them, and what people said of it.

A ``Story`` is one ticket; times are hours after it came in. Nothing here knows what the marts should say of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from assets.pilot_agent.answers.frames import ANSWER, ASSIGNMENT, OUTBOX, PLAN, REVIEW, frame_of
from orchestration.lake import write_parquet
from tests.dbt_project.lakes import Record, write_lake

AS_OF = pd.Timestamp("2026-03-30 00:00", tz="UTC")
SHADOW_START = pd.Timestamp("2026-02-23", tz="UTC")
ROLLOUT_START = pd.Timestamp("2026-03-09", tz="UTC")
SETTLE_DAYS, SHARE = 3, 0.2
IN_ROLLOUT = "2026-03-10 10:00"
IN_SHADOW = "2026-02-24 10:00"
HOUR = pd.Timedelta(hours=1)


@dataclass(frozen=True)
class Said:
    """A comment. ``role``: requester, staff, bot or note (staff, not public)."""

    role: str
    hours: float
    is_solution: bool = False


@dataclass(frozen=True)
class Turn:
    """One decision. status: of the reply in the outbox, None: not there."""

    action: str = "draft"
    hours: float = 0.1
    status: str | None = None
    approved_by: str | None = None
    reviews: tuple[tuple[str, str, str | None], ...] = ()
    """(reviewer, tag, reason), each current; a reviewer in brackets said it before and something else since."""
    category_id: str | None = None
    release_id: str = "r1"


@dataclass(frozen=True)
class Story:
    """One ticket from its arrival to the clock of the run."""

    name: str
    said: tuple[Said, ...] = ()
    turns: tuple[Turn, ...] = (Turn(),)
    at: str = IN_ROLLOUT
    status: str = "open"
    arm: str | None = "ai"
    mode: str | None = None
    share: float | None = SHARE
    category_id: str | None = "password_reset"
    requester: str | None = ""
    csat: str | None = None
    solved_hours: float | None = None
    pilot_id: str = "spring"
    is_erased: bool = False
    plan: str | None = "pro"

    @property
    def ticket_id(self) -> str:
        return f"forum:{self.name}"

    @property
    def created_at(self) -> pd.Timestamp:
        return pd.Timestamp(self.at, tz="UTC")

    @property
    def who(self) -> str | None:
        return self.requester if self.requester is None else self.requester or f"{self.name}-person"

    @property
    def decided_in(self) -> str:
        return self.mode or {"ai": "rollout", "control": "control", None: "shadow"}[self.arm]


@dataclass(frozen=True)
class Pilot:
    """The frames that the platform's assets would have written."""

    stories: Sequence[Story]
    points: Mapping[str, float] = field(default_factory=dict)

    def write(self, home: Path, desk_fields: list[tuple]) -> None:
        """The lake as dbt finds it before the pilot's models run."""
        write_lake(
            home, [record for one in self.stories if not one.is_erased for record in _records(one)], desk_fields, []
        )
        write_frames(home, self.frames())

    def frames(self) -> dict[str, pd.DataFrame]:
        answers, reviews, replies = [], [], []
        for story in self.stories:
            for number, turn in enumerate(story.turns, 1):
                row = _answer(story, turn, number)
                answers.append(row)
                reviews += [_review(row, *one, place) for place, one in enumerate(turn.reviews)]
                if turn.status is not None:
                    replies.append(_reply(row, turn))
        drawn = {
            one.who: (0.1 if one.arm == "ai" else 0.9)
            for one in self.stories
            if one.arm is not None and one.who is not None
        } | dict(self.points)
        assignments = [
            _row(ASSIGNMENT, pilot_id="spring", requester_id=who, point=point) for who, point in drawn.items()
        ]
        return {
            "pilot_plan": frame_of([_plan("spring", is_current=True), _plan("winter", is_current=False)], PLAN),
            "shadow_answers": frame_of(answers, ANSWER),
            "answer_reviews": frame_of(reviews, REVIEW),
            "rollout_assignments": frame_of(assignments, ASSIGNMENT),
            "outbox": frame_of(replies, OUTBOX),
        }


def write_frames(home: Path, frames: Mapping[str, pd.DataFrame]) -> None:
    """As the platform writes them."""
    for name, frame in frames.items():
        write_parquet(frame, home / "lake" / f"{name}.parquet")


def empty_frames() -> dict[str, pd.DataFrame]:
    """A desk without a pilot, once the stage has run."""
    shapes = {
        "pilot_plan": PLAN, "shadow_answers": ANSWER, "answer_reviews": REVIEW, "rollout_assignments": ASSIGNMENT,
        "outbox": OUTBOX,
    }  # fmt: skip
    return {name: frame_of([], columns) for name, columns in shapes.items()}


def _row(columns: Mapping[str, str], **values: Any) -> dict[str, Any]:
    assert not set(values) - set(columns)
    return {**dict.fromkeys(columns), **values}


def _plan(pilot_id: str, *, is_current: bool) -> dict[str, Any]:
    return _row(
        PLAN, pilot_id=pilot_id, pilot_hash=f"{pilot_id}-hash", is_current=is_current, registered_hash=f"{pilot_id}-hash",
        first_seen_as_of=SHADOW_START, as_of=AS_OF, shadow_start=SHADOW_START, rollout_start=ROLLOUT_START,
        settle_days=SETTLE_DAYS, resolution_kind="assumed",
    )  # fmt: skip


def _answer(story: Story, turn: Turn, number: int) -> dict[str, Any]:
    is_handed_over = turn.action in ("draft", "escalate")
    return _row(
        ANSWER, answer_id=f"{story.name}-{number}", pilot_id=story.pilot_id, ticket_id=story.ticket_id, turn=number,
        requester_id=story.who, created_at=story.created_at, asked_at=story.created_at,
        decided_at=story.created_at + turn.hours * HOUR, phase="shadow" if story.arm is None else "rollout",
        mode=story.decided_in, arm=story.arm, share=None if story.arm is None else story.share, action=turn.action,
        category_id=turn.category_id or story.category_id, bucket="automate", confidence=0.8 + number / 100,
        entry_ids=["k1"], steps=["answer"], handoff_reason="low_confidence" if is_handed_over else None,
        release_id=turn.release_id, language="en", plan=story.plan, channel="web",
    )  # fmt: skip


def _review(answer: Mapping[str, Any], reviewer: str, tag: str, reason: str | None, place: int) -> dict[str, Any]:
    return _row(
        REVIEW, review_id=f"{answer['answer_id']}-{place}", answer_id=answer["answer_id"], ticket_id=answer["ticket_id"],
        reviewer=reviewer.strip("()"), tag=tag, reason=reason, reviewed_at=answer["decided_at"] + place * HOUR,
        is_current=not reviewer.startswith("("), source="csv",
    )  # fmt: skip


def _reply(answer: Mapping[str, Any], turn: Turn) -> dict[str, Any]:
    return _row(
        OUTBOX, answer_id=answer["answer_id"], ticket_id=answer["ticket_id"], mode=answer["mode"], action=answer["action"],
        status=turn.status, approved_by=turn.approved_by, ready_at=answer["decided_at"],
        delivered_at=answer["decided_at"] + HOUR if turn.status == "delivered" else None,
    )  # fmt: skip


def _records(story: Story) -> list[Record]:
    ticket = {
        "id": story.name, "created_at": _iso(story.created_at), "updated_at": _iso(AS_OF), "status": story.status,
        "subject": "Help", "body_text": "I need help", "requester_id": story.who, "csat": story.csat,
        "solved_at": None if story.solved_hours is None else _iso(story.created_at + story.solved_hours * HOUR),
    }  # fmt: skip
    records = [Record("ffffffffffffffff", "forum", "generic", "ticket", ticket, ticket["updated_at"])]
    for number, one in enumerate(story.said, 1):
        at = _iso(story.created_at + one.hours * HOUR)
        role = "staff" if one.role == "note" else one.role
        comment = {
            "id": f"{story.name}-{number}", "ticket_id": story.name, "created_at": at, "body_text": f"words {number}",
            "author_role": role, "author_id": story.who if role == "requester" else f"a-{role}",
            "is_public": one.role != "note", "is_solution": one.is_solution,
        }  # fmt: skip
        records.append(Record("ffffffffffffffff", "forum", "generic", "comment", comment, at, story.name))
    return records


def _iso(at: pd.Timestamp) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")

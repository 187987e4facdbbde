"""What the API answers: the shapes, and one decision in the words of its event.

Belongs here: responses. Does not belong here: requests (``models``), refusals (``service.problems``).

A decision's response is made from what was recorded and nothing else, so that asking again under the same key gives the
same bytes, as long as what was to be sent still may be.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field

from service.api.recording import Recorded

EXAMPLE: dict[str, Any] = {
    "decision_id": "0f8fad5bd9cb469fa16570867728950e",
    "action": "ask",
    "mode": "rollout",
    "sends": True,
    "reply": "Hi,\n\nDo you sign in with a password of your own, or through your company's login (single sign-on)?",
    "suggested_reply": None,
    "language": "en",
    "category": "password_reset",
    "confidence": 0.97,
    "threshold": 0.76,
    "risk": 0.15,
    "entries": [
        {"id": "password-reset-sso", "question": "How do I reset my password?", "content_hash": "3" * 64,
         "probability": 0.97, "applies": None},
    ],
    "reasons": [{"step": "threshold", "sentence": "Sure enough for 15 % risk."}],
    "ask_for": ["sso"],
    "handoff": None,
    "release_id": "f" * 64,
    "decided_at": "2026-07-01T09:00:00.000000Z",
}  # fmt: skip


class Shape(BaseModel):
    """Base of all responses."""

    model_config = ConfigDict(extra="forbid")


class EntryOut(Shape):
    """An entry the reply rests on, or that was considered; the best first."""

    id: str
    question: str
    content_hash: str = Field(description="of the version that was used")
    probability: float = Field(description="that it answers the message")
    applies: bool | None = Field(description="whether it is for this customer; null where the context leaves it open")


class ReasonOut(Shape):
    """One rule that was asked, in order."""

    step: str
    sentence: str


class TurnOut(Shape):
    """One message of the conversation, as it was read."""

    author: Literal["customer", "agent", "ai_agent"]
    text: str


class HandoffOut(Shape):
    """What the person who takes over gets; what behavior.yaml leaves out is empty."""

    queue: str
    is_urgent: bool
    reason: str
    history: list[TurnOut]
    sentiment: dict[str, Any] = Field(description="frustration from 0 to 1, and the signals it is read from")
    attempted: list[str] = Field(description="what the AI said before")


class DecisionOut(Shape):
    """What to do with the message, and why."""

    decision_id: str = Field(description="for feedback, handoffs and surveys")
    action: Literal["answer", "ask", "draft", "escalate"] = Field(
        description="answer: reply answers. ask: reply is the question that decides. draft: a person sends or edits "
        "suggested_reply. escalate: a person takes over; reply is what may be said meanwhile"
    )
    mode: Literal["shadow", "rollout", "control"] = Field(
        description="shadow: a person approves before anything is sent, since no rollout has begun, the category is not in "
        "it, was stopped or lost its autonomy (reasons then say why), or a person has answered in this conversation. rollout: the requester was drawn. control: the requester was not "
        "drawn or is not known, or the rollout is stopped; show nothing of this to the customer or to whoever answers them"
    )
    sends: bool = Field(description="whether reply goes to the customer now, without a person; if false, never do so")
    reply: str | None
    suggested_reply: str | None = Field(description="for the person, where one is needed")
    language: str
    category: str | None
    confidence: float | None = Field(description="calibrated probability that the best entry answers")
    threshold: float | None = Field(description="what confidence had to reach; null where no safe threshold exists")
    risk: float | None = Field(description="share of wrong answers that the threshold keeps to")
    entries: list[EntryOut]
    reasons: list[ReasonOut]
    ask_for: list[str] = Field(description="fields of context that would decide")
    handoff: HandoffOut | None = Field(description="null for answer and ask")
    release_id: str
    decided_at: dt.datetime

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})


class FeedbackOut(Shape):
    """That it was recorded."""

    feedback_id: str
    decision_id: str
    recorded_at: dt.datetime


class HandoffOutcomeOut(Shape):
    """That it was recorded."""

    outcome_id: str
    decision_id: str
    recorded_at: dt.datetime


class SurveyOut(Shape):
    """A link to send to the customer. ``?rating=good`` or ``?rating=bad`` behind it preselects a button."""

    url: str
    expires_at: dt.datetime


class CategoryOut(Shape):
    """A category as it was signed."""

    id: str
    name: str
    bucket: Literal["automate", "hybrid", "escalate"]
    entries: int = Field(description="entries about it")


class ReleaseOut(Shape):
    """The release that decides now."""

    release_id: str
    since: dt.datetime = Field(description="when it was made current")
    activated_as: str = Field(description="the role in which somebody made it current")
    knows_until: dt.datetime = Field(description="tickets after this moment are unseen by it")
    count_entries: int
    count_categories: int
    categories: list[CategoryOut]
    behavior_hash: str = Field(description="of the signed behavior")
    refused: bool = Field(description="a newer release was made current and cannot be used; the server's log says why")


class HealthOut(Shape):
    """The process answers."""

    status: Literal["ok"]


class ReadyOut(Shape):
    """Messages can be decided and recorded."""

    status: Literal["ready"]
    release_id: str
    refused: bool = Field(description="a newer release was made current and cannot be used; the server's log says why")


def decision_body(recorded: Recorded) -> bytes:
    """``DecisionOut`` of a recorded decision as JSON."""
    words = recorded.words
    decision = words["decision"]
    handoff = decision["handoff"]
    return orjson.dumps(
        {
            "decision_id": recorded.decision_id,
            "action": decision["action"],
            "mode": words["mode"],
            "sends": words["sends"],
            "reply": decision["reply"],
            "suggested_reply": None if handoff is None else handoff["suggested_reply"],
            "language": decision["language"],
            "category": decision["category_id"],
            "confidence": decision["confidence"],
            "threshold": decision["threshold"],
            "risk": decision["risk"],
            "entries": [_entry(one) for one in decision["entries"]],
            "reasons": [{"step": one["step"], "sentence": one["sentence"]} for one in decision["reasons"]],
            "ask_for": decision["ask_for"],
            "handoff": None if handoff is None else _handoff(handoff),
            "release_id": decision["release_id"],
            "decided_at": moment(recorded.decided_at),
        }
    )


def moment(at: dt.datetime) -> str:
    """A time as the API writes it: UTC, to the microsecond."""
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _entry(use: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": use["entry_id"],
        "question": use["question"],
        "content_hash": use["content_hash"],
        "probability": use["probability"],
        "applies": use["applies"],
    }


def _handoff(packet: Mapping[str, Any]) -> dict[str, Any]:
    return {name: packet[name] for name in ("queue", "is_urgent", "reason", "history", "sentiment", "attempted")}

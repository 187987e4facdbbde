"""What clients send, as the API takes it: every field named, bounded and described; nothing else is accepted.

Belongs here: requests. Does not belong here: what comes back (``answers``), what is done with it (the routes).

Customer words may hold anything that is text; ids and names are printable. Values are taken as they are: the text "5" is no
number, so that a client notices.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)

MAX_MESSAGE_CHARS = 60_000
MAX_TURNS = 200
MAX_CONTEXT_FIELDS, MAX_FIELD_CHARS, MAX_VALUE_CHARS = 50, 60, 200
MAX_WORDS_CHARS = 20_000
GREATEST_NUMBER = 10**15
SAYS_SOMETHING = "[^ \\t\\r\\n]"
DECISION_ID = "^[0-9a-f]{32}$"
KEY = "^[!-~]{1,200}$"


def _scalar(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        if len(value) > MAX_VALUE_CHARS:
            raise ValueError(f"a value may have at most {MAX_VALUE_CHARS} characters")
        return value
    if isinstance(value, int | float):
        if not -GREATEST_NUMBER <= value <= GREATEST_NUMBER:
            raise ValueError(f"a number must lie between -{GREATEST_NUMBER} and {GREATEST_NUMBER}")
        return value
    raise ValueError("a value is a short text, a number, true, false or null")


Scalar = Annotated[
    Any,
    PlainValidator(_scalar),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "maxLength": MAX_VALUE_CHARS},
                {"type": "number", "minimum": -GREATEST_NUMBER, "maximum": GREATEST_NUMBER},
                {"type": "boolean"},
                {"type": "null"},
            ]
        }
    ),
]
FieldName = Annotated[str, Field(min_length=1, max_length=MAX_FIELD_CHARS)]
Identifier = Annotated[str, Field(min_length=1, max_length=200, pattern="^[^\\u0000-\\u0020\\u007f]+$")]
"""Without spaces and control characters."""
DecisionId = Annotated[str, Field(pattern=DECISION_ID, description="as the decision was answered with")]
Words = Annotated[str, Field(min_length=1, max_length=MAX_WORDS_CHARS, pattern=SAYS_SOMETHING)]


class Request(BaseModel):
    """Base of all requests."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class TurnIn(Request):
    """One earlier message."""

    author: Literal["customer", "agent", "ai_agent"] = Field(
        description="customer; agent: a person of the support team; ai_agent: what this API answered before"
    )
    text: str = Field(max_length=MAX_MESSAGE_CHARS)


class DecisionIn(Request):
    """A customer's message, to be decided."""

    message: str = Field(
        max_length=MAX_MESSAGE_CHARS, description="what the customer wrote; may hold markup, or nothing"
    )
    conversation: list[TurnIn] = Field(
        default=[], max_length=MAX_TURNS, description="what was said before, oldest first, without the message itself"
    )
    context: dict[FieldName, Scalar] = Field(
        default={},
        max_length=MAX_CONTEXT_FIELDS,
        description="what is known of the customer, such as plan or page; fields that no entry knows do no harm",
    )
    requester_id: Identifier | None = Field(
        default=None,
        description="who asks: the e-mail address, else <helpdesk>:<id> as in the exports, so that the same person is drawn "
        "into the rollout alike everywhere; without it nothing is ever sent by itself",
    )
    ticket_id: Identifier | None = Field(default=None, description="the ticket, as <helpdesk>:<id>, where there is one")
    channel: Identifier | None = Field(default=None, description="such as email, chat or web")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "message": "How do I reset my password?",
                    "conversation": [],
                    "context": {"plan": "pro", "sso": False},
                    "requester_id": "lena@example.com",
                    "ticket_id": "zendesk:48211",
                    "channel": "chat",
                }
            ]
        }
    )


class ThumbsIn(Request):
    """A quick yes or no."""

    kind: Literal["thumbs"]
    decision_id: DecisionId
    thumbs: Literal["up", "down"]
    comment: Words | None = None


def _score(value: Any) -> Any:
    if isinstance(value, str) and value in ("good", "bad"):
        return value
    # 4.0 is a whole number in JSON.
    if isinstance(value, int | float) and not isinstance(value, bool) and value in range(1, 6):
        return int(value)
    raise ValueError("a score is a whole number from 1 to 5, or good, or bad")


class CsatIn(Request):
    """How satisfied the customer is."""

    kind: Literal["csat"]
    decision_id: DecisionId
    score: Annotated[
        Any,
        BeforeValidator(_score),
        WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1, "maximum": 5}, {"enum": ["good", "bad"]}]}),
    ] = Field(description="1 (worst) to 5 (best), or good or bad")
    comment: Words | None = None


class EscalationIn(Request):
    """The customer wanted a person after all."""

    kind: Literal["escalation"]
    decision_id: DecisionId
    reason: Words = Field(description="why, in words")


class CorrectionIn(Request):
    """A colleague says what would have been right: in words, or by naming the entry, or both."""

    kind: Literal["correction"]
    decision_id: DecisionId
    right_answer: Words = Field(default_factory=str)
    right_entry_id: Identifier = Field(default_factory=str)

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": ["right_answer"]}, {"required": ["right_entry_id"]}]}
    )

    @model_validator(mode="after")
    def _says_something(self) -> CorrectionIn:
        if not (self.right_answer or self.right_entry_id):
            raise ValueError("give right_answer, or right_entry_id, or both")
        return self


FeedbackIn = Annotated[ThumbsIn | CsatIn | EscalationIn | CorrectionIn, Discriminator("kind")]
FEEDBACK_EXAMPLES = [
    {"kind": "csat", "decision_id": "0" * 32, "score": 5, "comment": "Quick and right."},
    {"kind": "thumbs", "decision_id": "0" * 32, "thumbs": "down"},
    {"kind": "escalation", "decision_id": "0" * 32, "reason": "The answer is about another plan."},
    {"kind": "correction", "decision_id": "0" * 32, "right_entry_id": "reset-password-sso"},
]


class HandoffOutcomeIn(Request):
    """How a person ended what was handed to them."""

    resolved_by: str = Field(
        min_length=1, max_length=200, pattern=SAYS_SOMETHING, description="the person, as the ledger may remember them"
    )
    outcome: Literal["resolved", "unresolved", "duplicate", "no_reply"]
    was_needed: bool | None = Field(default=None, description="whether it had to be handed to a person at all")
    handle_minutes: float | None = Field(default=None, ge=0, le=100_000, description="how long the person worked on it")
    right_answer: Words | None = Field(default=None, description="what the customer was told in the end")
    comment: Words | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"resolved_by": "Ada Moreno", "outcome": "resolved", "was_needed": True, "handle_minutes": 6.5}
            ]
        }
    )


class SurveyIn(Request):
    """Which decision a survey is about."""

    decision_id: DecisionId

    model_config = ConfigDict(json_schema_extra={"examples": [{"decision_id": "0" * 32}]})

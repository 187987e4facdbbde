"""The ``reviews:`` block of a helpdesk: which of its tags and fields say what people think of the agent's answers.

Belongs here: the shape of the block and the words a person reads when it is wrong. Does not belong here: reading tickets
with it (``assets.pilot_agent.answers.helpdesk_reviews``).
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

ReviewTag = Literal["correct", "needs_improvement", "incorrect"]
ReviewReason = Literal[
    "wrong_answer", "wrong_category", "wrong_condition", "missing_step", "outdated", "tone", "too_long",
    "should_have_escalated", "needless_escalation", "other",
]  # fmt: skip


class Reviews(BaseModel):
    """How people say in the helpdesk itself what they think of an answer: by tags of the ticket, or by a field."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tags: dict[str, ReviewTag] = Field(
        default={}, description="tag or field value of the helpdesk to what it says, such as ai_good: correct"
    )
    reasons: dict[str, ReviewReason] = Field(
        default={}, description="tag or field value to a reason, such as ai_old: outdated; of several the first counts"
    )
    field: str | None = Field(default=None, description="context field that holds the tag, such as ai_review")
    reason_field: str | None = Field(default=None, description="context field that holds the reason")
    approved_tags: list[str] = Field(default=[], description="tags that release a draft: it is sent as it is")
    rejected_tags: list[str] = Field(default=[], description="tags that keep a draft from being sent")

    @model_validator(mode="after")
    def _says_one_thing(self) -> Reviews:
        if not (self.tags or self.field or self.approved_tags or self.rejected_tags):
            raise ValueError("names neither 'tags' nor a 'field', so nothing in the helpdesk says what people think")
        approved, rejected = ({_folded(tag) for tag in tags} for tags in (self.approved_tags, self.rejected_tags))
        if both := sorted(approved & rejected):
            raise ValueError(f"'{both[0]}' both approves and rejects; keep it in one of the two")
        for mapped in (self.tags, self.reasons):
            seen: dict[str, str] = {}
            for value, meaning in mapped.items():
                if seen.setdefault(_folded(value), meaning) != meaning:
                    raise ValueError(f"'{value}' means both {seen[_folded(value)]} and {meaning}; case does not count")
        return self


def _folded(value: str) -> str:
    return value.casefold().strip()

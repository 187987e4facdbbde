"""What a decision is: the action, what it rests on, every reason in order, and what travels to a person.

Belongs here: plain data, and its JSON form. Does not belong here: deciding (``decide``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Action = Literal["answer", "ask", "draft", "escalate"]
"""answer: the reply goes out. ask: a question that decides goes out. draft: a person sends or edits the suggested
reply. escalate: a person takes over, and the customer reads the handoff message."""

Author = Literal["customer", "agent", "ai_agent"]
"""agent is a person of the support team."""


@dataclass(frozen=True)
class Turn:
    """One earlier message of the conversation, oldest first in a list."""

    author: Author
    text: str


@dataclass(frozen=True)
class Reason:
    """One step of the decision: which rule was asked, what it said, and the numbers it compared.

    ``step`` names the rule (such as "trigger:cancelling", "category", "bucket", "conditions", "threshold"); ``sentence``
    is for people.
    """

    step: str
    sentence: str
    score: float | None = None
    threshold: float | None = None


@dataclass(frozen=True)
class EntryUse:
    """An entry the reply rests on, or was considered for it. ``applies`` is None where the context leaves it open."""

    entry_id: str
    content_hash: str
    question: str
    conditions: dict[str, list[str]]
    probability: float
    applies: bool | None


@dataclass(frozen=True)
class HandoffPacket:
    """What a person who takes over gets; a part the spec leaves out is empty."""

    queue: str
    is_urgent: bool
    reason: str
    history: tuple[Turn, ...] = ()
    sentiment: Mapping[str, Any] = field(default_factory=dict)
    attempted: tuple[str, ...] = ()
    entries: tuple[EntryUse, ...] = ()
    suggested_reply: str | None = None


@dataclass(frozen=True)
class Decision:
    """What the agent does with one message, and why.

    ``reply`` is what the customer reads now (an answer, a question, or the handoff message); None for a draft, whose
    text is ``handoff.suggested_reply``. ``confidence`` is the calibrated probability that the best entry answers,
    ``threshold`` what it had to reach (None: no safe threshold, or not asked). ``deciding_conditions`` are those of the
    chosen entry that told it from its variants. ``ask_for`` are the fields that would decide.
    """

    action: Action
    language: str
    category_id: str | None
    category_confidence: float
    bucket: str | None
    confidence: float | None
    threshold: float | None
    risk: float | None
    entries: tuple[EntryUse, ...]
    deciding_conditions: dict[str, list[str]]
    ask_for: tuple[str, ...]
    reply: str | None
    reasons: tuple[Reason, ...]
    handoff: HandoffPacket | None
    release_id: str

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, in the order of the fields."""
        return asdict(self)

"""One answer as the console works with it, and what people said of it.

Belongs here: a row of ``shadow_answers`` in plain Python, read once. Does not belong here: how it looks (the panels), who
reviews it (``sitting``).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ledger.events import name_key
from ledger.reviews import SOURCES

if TYPE_CHECKING:
    import pandas as pd

    from ledger.given_reviews import GivenReview

SHOWN_CHARS = 20_000
"""Of any one text at most; what is left out is counted."""
_TURNS, _REASONS, _FACTS = 30, 40, 30


@dataclass(frozen=True)
class Said:
    """What one person says of an answer now. tag is None where it was only approved, edited or rejected."""

    review_id: str
    reviewer: str
    reviewed_at: dt.datetime
    source: str | None
    tag: str | None
    reason: str | None = None
    comment: str | None = None
    right_answer: str | None = None
    decision: str | None = None
    edited_reply: str | None = None

    def is_by(self, name: str) -> bool:
        """Whether this person said it, as the ledger tells people apart."""
        return name_key(self.reviewer) == name_key(name)


@dataclass(frozen=True)
class Item:
    """An answer. confidence: of the calibrated scores, None where nothing was scored. context: what was known then."""

    answer_id: str
    ticket_id: str
    turn: int
    mode: str
    action: str
    category_id: str | None
    confidence: float | None
    threshold: float | None
    asked_at: dt.datetime
    decided_at: dt.datetime
    language: str | None
    plan: str | None
    channel: str | None
    question: str
    reply: str
    handoff_reason: str | None
    handoff_queue: str | None
    is_urgent: bool
    is_decided_by_people: bool
    """Whether a person decides if the reply goes out."""
    is_sent_alone: bool
    entries: tuple[tuple[str, str], ...]
    """Ids and hashes of the entries it rests on or that were considered, best first."""
    conversation: tuple[tuple[str, str], ...]
    """Earlier turns, the oldest first: author (customer, ai_agent or agent) and text."""
    reasons: tuple[tuple[str, str], ...]
    """Rule and sentence, in the order in which they were asked."""
    context: tuple[tuple[str, str], ...] = field(default=())


def items_of(answers: pd.DataFrame) -> list[Item]:
    """The answers in order, the longest waiting first.

    Args:
        answers: ``frames.ANSWER``.
    """
    rows: list[Any] = answers.sort_values(["asked_at", "answer_id"]).to_dict("records")
    return [_item(row) for row in rows]


def said_in(reviews: pd.DataFrame) -> dict[str, list[Said]]:
    """What stands, by answer, the earliest first.

    Args:
        reviews: ``frames.REVIEW``.
    """
    found: dict[str, list[Said]] = {}
    rows: list[Any] = reviews[reviews["is_current"].fillna(False).astype(bool)].to_dict("records")
    for row in rows:
        words = {name: _text(row[name]) for name in _WORDS}
        said = Said(row["review_id"], row["reviewer"], row["reviewed_at"].to_pydatetime(), **words)
        found.setdefault(row["answer_id"], []).append(said)
    return found


def said_given(given: Iterable[GivenReview], before: Iterable[Said]) -> list[Said]:
    """What the ledger says this moment, with what ``before`` has from the helpdesk by people who are not in the ledger."""
    now = [
        Said(one.review_id, one.reviewer, one.reviewed_at, **{name: one.said.get(name) for name in _WORDS})
        for one in given
    ]
    kept = [one for one in before if one.source not in SOURCES and not any(new.is_by(one.reviewer) for new in now)]
    return kept + now


_WORDS = ("source", "tag", "reason", "comment", "right_answer", "decision", "edited_reply")


def _item(row: Mapping[str, Any]) -> Item:
    import pandas as pd

    from assets.pilot_agent.answers.frames import as_list
    from orchestration.people.review_desk import is_sent_alone, needs_decision

    turns = [one for one in _json(row["conversation"], list) if isinstance(one, dict)][-_TURNS:]
    reasons = [one for one in _json(row["reasons"], list) if isinstance(one, dict)][:_REASONS]
    facts = list(_json(row["context"], dict).items())[:_FACTS]
    return Item(
        answer_id=str(row["answer_id"]), ticket_id=str(row["ticket_id"]), turn=int(row["turn"]), mode=str(row["mode"]),
        action=str(row["action"]), category_id=_text(row["category_id"]), confidence=_number(row["confidence"]),
        threshold=_number(row["threshold"]), asked_at=row["asked_at"].to_pydatetime(),
        decided_at=row["decided_at"].to_pydatetime(), language=_text(row["language"]), plan=_text(row["plan"]),
        channel=_text(row["channel"]), question=_text(row["question"]) or "", reply=_text(row["reply"]) or "",
        handoff_reason=_text(row["handoff_reason"]), handoff_queue=_text(row["handoff_queue"]),
        is_urgent=not pd.isna(row["is_urgent"]) and bool(row["is_urgent"]),
        is_decided_by_people=needs_decision(row), is_sent_alone=is_sent_alone(row),
        entries=tuple(zip(map(str, as_list(row["entry_ids"])), map(str, as_list(row["entry_hashes"])), strict=False)),
        conversation=tuple((str(one.get("author", "")), str(one.get("text", ""))) for one in turns),
        reasons=tuple((str(one.get("step", "")), str(one.get("sentence", ""))) for one in reasons),
        context=tuple((str(name), str(value)) for name, value in facts),
    )  # fmt: skip


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, float | int) and value == value else None


def _json(value: Any, kind: type) -> Any:
    try:
        read = json.loads(value) if isinstance(value, str) else None
    except ValueError:
        read = None
    return read if isinstance(read, kind) else kind()

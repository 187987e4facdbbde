"""What somebody said of a live decision as a row: a rating, a reason, a right answer, how a handoff ended.

Belongs here: the columns ``frames.LIVE_FEEDBACK``, and what counts as positive. Does not belong here: reading the ledger
(``live_events``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assets.pilot_agent.live.frames import GOOD_BAD, HANDOFF, LIVE_FEEDBACK, SCORE, THUMBS
from assets.pilot_agent.live.private_words import Redactor
from assets.pilot_agent.live.recorded_decision import Unreadable, optional, text
from ledger.events import Event, EventType
from ledger.live import FEEDBACK_KINDS, OUTCOMES

NUMBERS = (int, float)
_TWO_WAYS = {"up": 1, "down": -1, "good": 1, "bad": -1}
_POSITIVE, _NEGATIVE = 4, 2
"""Of five: as in the satisfaction that helpdesks export, the middle says neither."""


def live_feedback(event: Event, by: str | None, words: Mapping[str, Any], redactor: Redactor) -> dict[str, Any]:
    """One row, ``LIVE_FEEDBACK`` but for redactor_version. Empty words were erased.

    Raises:
        Unreadable: the words are not those of feedback or of a closed handoff.
    """
    is_handoff = event.event_type == EventType.HANDOFF_CLOSED
    row: dict[str, Any] = dict.fromkeys(LIVE_FEEDBACK)
    row |= {"event_id": event.event_id, "sequence": event.sequence, "decision_id": event.subject_hash}
    row |= {
        "given_at": event.occurred_at,
        "source": by,
        "kind": HANDOFF if is_handoff else None,
        "is_erased": not words,
    }
    if not words:
        return row
    row |= {name: redactor.words(optional(words, name, str)) for name in ("reason", "comment", "right_answer")}
    row["right_entry_id"] = redactor.identifier(optional(words, "right_entry_id", str))
    return row | (_of_handoff(words) if is_handoff else _of_feedback(words))


def _of_feedback(words: Mapping[str, Any]) -> dict[str, Any]:
    kind = text(words, "kind")
    if kind not in FEEDBACK_KINDS:
        raise Unreadable(f"its kind is none of {', '.join(FEEDBACK_KINDS)}")
    score = optional(words, "score", NUMBERS)
    if score is not None:
        if not 1 <= score <= 5:
            raise Unreadable("its score is not one of 1 to 5")
        is_positive = True if score >= _POSITIVE else False if score <= _NEGATIVE else None
        return {"kind": kind, "rating": score, "rating_scale": SCORE, "is_positive": is_positive}
    scale, said = (THUMBS, "thumbs") if kind == "thumbs" else (GOOD_BAD, "rating")
    rating = optional(words, said, str)
    if rating is None:
        if kind in ("thumbs", "csat"):
            raise Unreadable("it rates, and holds no rating")
        return {"kind": kind}
    if rating not in _TWO_WAYS:
        raise Unreadable("its rating is none that is known")
    value = _TWO_WAYS[rating]
    return {"kind": kind, "rating": value, "rating_scale": scale, "is_positive": value > 0}


def _of_handoff(words: Mapping[str, Any]) -> dict[str, Any]:
    outcome, minutes = text(words, "outcome"), optional(words, "handle_minutes", NUMBERS)
    if outcome not in OUTCOMES:
        raise Unreadable(f"its outcome is none of {', '.join(OUTCOMES)}")
    if minutes is not None and minutes < 0:
        raise Unreadable("its handle_minutes are below zero")
    return {"outcome": outcome, "was_needed": optional(words, "was_needed", bool), "handle_minutes": minutes}

"""A decision back from the form in which it was recorded.

Belongs here: reading JSON that an older or newer version of the service may have written. Does not belong here: what a
decision is (``configure_behavior.decisions.decision``), its row (``live_decisions``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from assets.configure_behavior.decisions.decision import Action, Decision, EntryUse, HandoffPacket, Reason

ACTIONS = get_args(Action)


class Unreadable(ValueError):
    """An event does not hold what its type promises; ``str()`` says what is missing, in none of the event's words."""


def recorded_decision(recorded: object) -> Decision:
    """What ``Decision.to_dict()`` made, after JSON. The handoff's history is left out: nothing that is landed holds it.

    Raises:
        Unreadable: a field is missing or of another type. Fields that are not known are passed over.
    """
    words = mapping(recorded, "decision")
    action = text(words, "action")
    if action not in ACTIONS:
        raise Unreadable(f"its decision's action is none of {', '.join(ACTIONS)}")
    return Decision(
        action=action,  # type: ignore[arg-type]
        language=text(words, "language"),
        category_id=optional(words, "category_id", str),
        category_confidence=_needed(words, "category_confidence", (int, float)),
        bucket=optional(words, "bucket", str),
        confidence=optional(words, "confidence", (int, float)),
        threshold=optional(words, "threshold", (int, float)),
        risk=optional(words, "risk", (int, float)),
        entries=tuple(_entry(one) for one in _list(words, "entries")),
        deciding_conditions={},
        ask_for=(),
        reply=optional(words, "reply", str),
        reasons=tuple(_reason(one) for one in _list(words, "reasons")),
        handoff=_handoff(words.get("handoff")),
        release_id=text(words, "release_id"),
    )


def mapping(value: object, what: str) -> Mapping[str, Any]:
    """The value, if it is a mapping. Raises ``Unreadable``."""
    if not isinstance(value, Mapping):
        raise Unreadable(f"it holds no {what}")
    return value


def text(words: Mapping[str, Any], name: str) -> str:
    """A text that must be there. Raises ``Unreadable``."""
    return str(_needed(words, name, str))


def optional(words: Mapping[str, Any], name: str, kind: type | tuple[type, ...]) -> Any:
    """A value that may be missing; True is no number. Raises ``Unreadable`` for one of another kind."""
    value = words.get(name)
    if value is None or (isinstance(value, kind) and (kind is bool or not isinstance(value, bool))):
        return value
    raise Unreadable(f"its {name} is of another kind than expected")


def _needed(words: Mapping[str, Any], name: str, kind: type | tuple[type, ...]) -> Any:
    value = optional(words, name, kind)
    if value is None:
        raise Unreadable(f"its {name} is missing")
    return value


def _list(words: Mapping[str, Any], name: str) -> Sequence[Any]:
    value = words.get(name)
    if not isinstance(value, (list, tuple)):
        raise Unreadable(f"its {name} are no list")
    return value


def _entry(value: object) -> EntryUse:
    words = mapping(value, "entry where one is listed")
    return EntryUse(
        entry_id=text(words, "entry_id"),
        content_hash=text(words, "content_hash"),
        question="",
        conditions={},
        probability=float(_needed(words, "probability", (int, float))),
        applies=optional(words, "applies", bool),
    )


def _reason(value: object) -> Reason:
    words = mapping(value, "reason where one is listed")
    return Reason(
        step=text(words, "step"),
        sentence=text(words, "sentence"),
        score=optional(words, "score", (int, float)),
        threshold=optional(words, "threshold", (int, float)),
    )


def _handoff(value: object) -> HandoffPacket | None:
    if value is None:
        return None
    words = mapping(value, "handoff")
    return HandoffPacket(
        queue=text(words, "queue"),
        is_urgent=bool(_needed(words, "is_urgent", bool)),
        reason=text(words, "reason"),
        suggested_reply=optional(words, "suggested_reply", str),
    )

"""What travels to the person who takes over.

Belongs here: the packet's parts, as the spec names them. Does not belong here: why it is handed over (``decide``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assets.audit_tickets.roadmap.risk_signals import find_risk_signals, frustration_score
from assets.configure_behavior.decisions.decision import EntryUse, HandoffPacket, Turn
from assets.configure_behavior.decisions.reading import Reading
from desk.behavior import Handoff

MAX_ATTEMPTS, MAX_ATTEMPT_CHARS = 10, 600
MAX_MESSAGES_FELT = 10
"""Latest messages of the customer whose tone is read."""


def build_handoff(
    spec: Handoff,
    reading: Reading,
    reason: str,
    *,
    category_id: str | None,
    entries: Sequence[EntryUse] = (),
    suggested_reply: str | None = None,
    queue: str | None = None,
    is_urgent: bool = False,
) -> HandoffPacket:
    """The packet; a part that ``spec.parts`` leaves out is empty. ``queue`` is a trigger's own, if it has one."""
    parts = set(spec.parts)
    history = (*reading.turns, Turn("customer", reading.text))[-spec.max_history_messages :]
    attempted = [text[:MAX_ATTEMPT_CHARS] for text in reading.said_by_agent[-MAX_ATTEMPTS:]]
    return HandoffPacket(
        queue=queue or spec.queues.get(category_id or "", spec.default_queue),
        is_urgent=is_urgent,
        reason=reason if "reason" in parts else "",
        history=tuple(history) if "history" in parts else (),
        sentiment=sentiment([*reading.earlier, reading.text]) if "sentiment" in parts else {},
        attempted=tuple(attempted) if "attempted" in parts else (),
        entries=tuple(entries) if "entries" in parts else (),
        suggested_reply=suggested_reply if "suggested_reply" in parts else None,
    )


def sentiment(messages: Sequence[str]) -> dict[str, Any]:
    """How the customer sounds: ``frustration`` (the most frustrated of the latest messages, 0..1) and ``signals``, the
    risk signals with the words that show them. A hint for a person, not a measurement."""
    signals: dict[str, str] = {}
    frustration = 0.0
    for text in messages[-MAX_MESSAGES_FELT:]:
        hits = find_risk_signals(text)
        for hit in hits:
            signals[hit.signal] = hit.phrase
        frustration = max(frustration, frustration_score(text, hits))
    return {"frustration": round(frustration, 3), "signals": dict(sorted(signals.items()))}

"""How bad one failure is for the customer, and how much of people's time goes into it.

Belongs here: the table of harm, and minutes. Does not belong here: how many there are, ranking (``fix_queue``).

Harm is a convention, not a measurement: 1 is what must never happen, a small number what a customer hardly notices. It says
in which order things are mended, and is written down here so that a desk can argue with it.
"""

from __future__ import annotations

from collections.abc import Sequence

from assets.retrain_agent.frames import (
    EDGE_CASE_COLLISION,
    INTENT_MISCLASSIFICATION,
    KNOWLEDGE_GAP,
    MISSED_ESCALATION,
    NEEDLESS_ESCALATION,
    RETRIEVAL_MISS,
    STALE_KNOWLEDGE,
    TONE_OR_LENGTH,
    UNEXPLAINED,
)

HARM = {
    MISSED_ESCALATION: 1.0,  # somebody in need of a person got a machine
    STALE_KNOWLEDGE: 0.8,  # the customer is told what is not true, and has no reason to doubt it
    EDGE_CASE_COLLISION: 0.8,  # likewise: true for others
    INTENT_MISCLASSIFICATION: 0.6,  # an answer to another question: the customer sees that, and has to ask again
    KNOWLEDGE_GAP: 0.5,
    RETRIEVAL_MISS: 0.5,
    UNEXPLAINED: 0.5,
    NEEDLESS_ESCALATION: 0.2,  # the customer is helped, later than need be; people's time is lost
    TONE_OR_LENGTH: 0.15,  # the content is right
}
"""Harm of a failure of each type when the agent said it."""
SAID = {"answer": 1.0, "ask": 0.8, "draft": 0.5, "escalate": 0.3}
"""What is left of it by what the agent did: a question back costs a turn, a draft is still read by a person, and who is
handed over is told nothing wrong. A needless handover is a handover: its harm stands as it is."""


def harm_of(failure_type: str, action: str | None) -> float:
    """Harm of one failure, 0..1."""
    harm = HARM.get(failure_type, HARM[UNEXPLAINED])
    if failure_type == NEEDLESS_ESCALATION:
        return harm
    return harm * SAID.get(str(action), 1.0)


def minutes_per_month(tickets_per_month: float, minutes: Sequence[float | None]) -> tuple[float | None, str]:
    """People's minutes for a pattern's tickets of a month, and in words what that rests on; None where nothing is known.

    Args:
        minutes: people's handle time of each failure, None where it is not known.
    """
    known = [float(one) for one in minutes if one is not None]
    if not known:
        return None, "no handle time is known"
    mean = sum(known) / len(known)
    return round(mean * tickets_per_month, 1), f"mean of the {len(known)} of {len(minutes)} failures with a handle time"

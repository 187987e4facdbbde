"""The columns of the frames that the live side is landed in, with their types.

Belongs here: names and dtypes. Does not belong here: how a frame comes about.
"""

from __future__ import annotations

from collections.abc import Mapping

from assets.pilot_agent.answers.frames import DECISION, NUMBER, TEXT, TIME, TRUTH, WHOLE

LIVE_DECISION: Mapping[str, str] = {
    "decision_id": TEXT, "sequence": WHOLE, "decided_at": TIME, "source": TEXT, "mode": TEXT, "sends": TRUTH,
    "channel": TEXT, "ticket_id": TEXT, "requester_id": TEXT, **DECISION, "language": TEXT, "question": TEXT,
    "is_erased": TRUTH, "redactor_version": TEXT,
}  # fmt: skip
"""``live_decisions`` [decision]. sequence: the event's place in the ledger; source: the client that asked, null once its
name was erased; mode: shadow, rollout or control; sends: the reply was to go out without a person; requester_id: the
pseudonym; question, reply and reasons: redacted; is_erased: its words were erased, and what is read from them is null."""

LIVE_FEEDBACK: Mapping[str, str] = {
    "event_id": TEXT, "sequence": WHOLE, "decision_id": TEXT, "kind": TEXT, "given_at": TIME, "source": TEXT,
    "rating": NUMBER, "rating_scale": TEXT, "is_positive": TRUTH, "reason": TEXT, "comment": TEXT, "right_answer": TEXT,
    "right_entry_id": TEXT, "outcome": TEXT, "was_needed": TRUTH, "handle_minutes": NUMBER, "is_erased": TRUTH,
    "redactor_version": TEXT,
}  # fmt: skip
"""``live_feedback`` [feedback event]. kind: one of ``KINDS``, null once erased, except handoff; rating: as it was given,
in the scale that ``rating_scale`` names; is_positive: null for the middle of a scale; outcome, was_needed and
handle_minutes: of a handoff that a person closed; reason, comment and right_answer: redacted."""

REJECTED: Mapping[str, str] = {
    "event_id": TEXT, "sequence": WHOLE, "event_type": TEXT, "decision_id": TEXT, "occurred_at": TIME, "reason": TEXT,
}  # fmt: skip
"""``rejected_live_events`` [event that could not be read]. reason: in words, none of them from the event."""

HANDOFF = "handoff"
KINDS = ("thumbs", "csat", "escalation", "correction", HANDOFF)
THUMBS, SCORE, GOOD_BAD = "thumbs", "score", "good_bad"
SCALES = (THUMBS, SCORE, GOOD_BAD)
"""thumbs and good_bad: 1 and -1. score: 1 to 5."""

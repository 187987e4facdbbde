"""Which events of the ledger the live side records, and which change what the pipeline is made from.

Does not belong here: what an event is (``ledger.events``).
"""

from __future__ import annotations

from ledger.events import EventType

LIVE_TYPES = (EventType.DECISION_MADE, EventType.FEEDBACK_GIVEN, EventType.HANDOFF_CLOSED)
"""What is landed as ``live_decisions`` and ``live_feedback``."""

AT_THE_DOOR = (EventType.ACCOUNT_CHANGED, EventType.TOKEN_CHANGED, EventType.SIGNED_IN, EventType.SIGNED_OUT)
"""Who may come in, and who did: recorded, and nothing follows from it."""

DECIDING_TYPES = tuple(one for one in EventType if one not in (*LIVE_TYPES, *AT_THE_DOOR))
"""What people decide about knowledge, behavior, releases and answers: there are few, and much is built from them."""

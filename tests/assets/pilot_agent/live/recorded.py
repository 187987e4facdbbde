"""Ledgers in which a service has recorded something, with people who do not exist."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from assets.configure_behavior.decisions.decision import Decision, EntryUse, HandoffPacket, Reason, Turn
from assets.pilot_agent.live.live_events import Landed, land_live_events
from ledger.export import events_frame, read_events
from ledger.live import record_decision
from ledger.store import Ledger, open_ledger

BEGUN = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
RELEASE = "a" * 64
DESK_ID, WIDGET = "brindlebase", "Help widget"
VERSIONS = {
    "release_as_of": pd.Timestamp("2026-05-31", tz="UTC"),
    "encoder_revision": "e5",
    "behavior_hash": "b" * 64,
}


def new_ledger(folder: Path) -> Ledger:
    """An empty one."""
    return open_ledger(folder / "ledger.sqlite")


def decision_id(number: int) -> str:
    return f"{number:032x}"


def decision(action: str = "answer", **changed: Any) -> Decision:
    """What an agent might decide."""
    is_handed_over = action in ("draft", "escalate")
    handoff = HandoffPacket(
        queue="billing", is_urgent=False, reason="Ada Moreno asks for a person", history=(Turn("customer", "hello"),),
        suggested_reply="Choose Forgot password, Ada.",
    )  # fmt: skip
    made: dict[str, Any] = {
        "action": action,
        "language": "en",
        "category_id": "password_reset",
        "category_confidence": 0.9,
        "bucket": "automate",
        "confidence": 0.97,
        "threshold": 0.8,
        "risk": 0.05,
        "entries": (EntryUse("e1", "c" * 64, "How do I reset my password?", {"sso": ["false"]}, 0.97, True),),
        "deciding_conditions": {},
        "ask_for": (),
        "reply": None if action == "draft" else "Hi Ada,\n\nChoose Forgot password.",
        "reasons": (Reason("category", "It resembles password_reset; ada.moreno@example.org wrote so.", 0.9, 0.5),),
        "handoff": handoff if is_handed_over else None,
        "release_id": RELEASE,
    }
    return Decision(**{**made, **changed})


def record(
    ledger: Ledger,
    number: int,
    *,
    message: str = "I cannot sign in, write to ada.moreno@example.org",
    mode: str = "rollout",
    sends: bool = True,
    request: Mapping[str, Any] | None = None,
    made: Decision | None = None,
    by: str = WIDGET,
) -> str:
    """Record one decision and return its id."""
    asked = {
        "message": message,
        "conversation": [],
        "context": {"name": "Ada Moreno", "plan": "pro"},
        "requester_id": "Ada.Moreno@example.org",
        "ticket_id": "zendesk:17",
        "channel": "chat",
        **(request or {}),
    }
    record_decision(
        ledger, decision_id(number), request=asked, decision=(made or decision()).to_dict(), mode=mode, sends=sends,
        by=by, role="client", occurred_at=BEGUN + timedelta(minutes=number),
    )  # fmt: skip
    return decision_id(number)


def exported(ledger: Ledger) -> pd.DataFrame:
    """``ledger_events`` as it would be exported now."""
    frames = list(read_events(ledger))
    return pd.concat(frames, ignore_index=True) if frames else events_frame()


def landed(ledger: Ledger, previous: Landed | None = None) -> Landed:
    """What is landed of everything that was recorded by now."""
    return land_live_events(ledger, exported(ledger), DESK_ID, lambda release_id: VERSIONS, previous)

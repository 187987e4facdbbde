"""Tickets of an invented company during a pilot, and what the small release says to them."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

import pandas as pd

from assets.configure_behavior.releases.agent_release import AgentRelease
from assets.pilot_agent.answers.draft_answers import draft_answers
from assets.pilot_agent.assignment.assign_rollout import rollout_points
from desk.pilot import PilotFile
from ledger.pilots import ShareChange
from tests.assets.configure_behavior.decisions.small_release import small_release

START = pd.Timestamp("2026-03-02", tz="UTC")
DATA_CUT = START - pd.Timedelta(days=3)
IN_SHADOW, IN_ROLLOUT = START + pd.Timedelta(days=3), START + pd.Timedelta(days=20)
AS_OF = START + pd.Timedelta(days=30)
SALT = "spring"

EXPORT, PASSWORD, SYNC = (
    "How do I export all documents?",
    "I forgot my password",
    "the app does not sync since the update",
)
INVOICE, HACKED, PURPLE = "Where is my invoice?", "our account was hacked", "do you sell garden furniture in purple"


@cache
def release() -> AgentRelease:
    """Built once: decisions change nothing."""
    return small_release()


def plan(**changes: Any) -> PilotFile:
    document = {
        "pilot_id": "spring",
        "start": START.date(),
        "primary": [
            {"metric": "resolution_rate", "kind": "assumed", "margin": 0.05},
            {"metric": "missed_escalation_rate", "against": "limit", "limit": 0.03},
        ],
    }
    return PilotFile.model_validate({**document, **changes})


def shares(*changes: tuple[float, str]) -> list[ShareChange]:
    """(share, since), in the ledger's order."""
    return [
        ShareChange("spring", share, "a" * 64, dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC), "Ada Moreno",
                    "support lead", "As planned.", place)
        for place, (share, at) in enumerate(changes, 1)
    ]  # fmt: skip


BEGUN = ((0.2, "2026-03-16"),)


@cache
def someone(low: float, high: float) -> str:
    """A requester whose point lies between these bounds."""
    names = [f"person-{number}" for number in range(2_000)]
    points = rollout_points(names, SALT)
    return next(name for name, point in zip(names, points, strict=True) if low <= point < high)


DRAWN, NOT_DRAWN = someone(0.0, 0.1), someone(0.8, 0.9)


def ticket(name: str, text: str, at: pd.Timestamp = IN_SHADOW, **changes: Any) -> dict[str, Any]:
    return {
        "ticket_id": f"zd:{name}", "created_at": at, "text": text, "requester_id": DRAWN, "is_in_audit": True,
        "status": "new", "count_staff_replies": 0, "plan": "pro", "channel": "email", "page": None, "os": None,
        "sso": None, "context": "{}", **changes,
    }  # fmt: skip


def frames(*tickets: dict[str, Any]) -> dict[str, pd.DataFrame]:
    """``fct_tickets`` and ``ticket_vectors``."""
    whole = pd.DataFrame(list(tickets), columns=list(ticket("", "")))
    whole["created_at"] = pd.to_datetime(whole["created_at"], utc=True).astype("datetime64[us, UTC]")
    return {"tickets": whole.drop(columns="text"), "texts": whole[["ticket_id", "text"]]}


def comments(*rows: tuple[str, int, str, float, str], is_public: bool = True) -> pd.DataFrame:
    """``redacted_comments`` from (ticket, position, role, hours after ``IN_ROLLOUT``, text)."""
    made = [
        {
            "comment_id": f"zd:{name}-{position}", "ticket_id": f"zd:{name}", "position": position, "author_role": role,
            "is_public": is_public, "created_at": IN_ROLLOUT + pd.Timedelta(hours=hours), "text": text,
        }
        for name, position, role, hours, text in rows
    ]  # fmt: skip
    columns = ["comment_id", "ticket_id", "position", "author_role", "is_public", "created_at", "text"]
    frame = pd.DataFrame(made, columns=columns)
    frame["created_at"] = pd.to_datetime(frame["created_at"], utc=True).astype("datetime64[us, UTC]")
    return frame


def drafted(*tickets: dict[str, Any], **changes: Any) -> pd.DataFrame:
    """``shadow_answers``; without shares unless told otherwise."""
    arguments: dict[str, Any] = {
        "release": release(), "release_as_of": DATA_CUT, "pilot": plan(), "shares": [], "comments": comments(),
        "previous": None, "as_of": AS_OF, **frames(*tickets), **changes,
    }  # fmt: skip
    return draft_answers(**arguments)

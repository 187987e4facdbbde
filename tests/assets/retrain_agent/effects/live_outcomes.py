"""Invented live outcomes, counted out by hand."""

import pandas as pd

from assets.retrain_agent.effects.live_window import LiveChange

RELEASED = pd.Timestamp("2026-03-16T09:00Z")
AS_OF = RELEASED + pd.Timedelta(days=60)
CHANGE = LiveChange("C-031", RELEASED, frozenset({"password_reset"}), frozenset({"billing", "refunds"}))


def outcomes(groups: list[tuple[str, float, int, int]], first: int = 0) -> pd.DataFrame:
    """Tickets of (category, weeks after the release, tickets that score, tickets that do not), each by somebody else."""
    rows = []
    for category, week, scores, others in groups:
        created = RELEASED + pd.Timedelta(days=7 * week)
        rows += [(category, created, True)] * scores + [(category, created, False)] * others
    frame = pd.DataFrame(rows, columns=["category_id", "created_at", "outcome"]).astype({"outcome": "boolean"})
    frame.insert(0, "requester_id", [f"requester-{first + place}" for place in range(len(frame))])
    frame.insert(0, "ticket_id", [f"ticket-{first + place}" for place in range(len(frame))])
    return frame


def steady(before: tuple[int, int] = (30, 30), after: tuple[int, int] = (30, 30), weeks: range = range(-8, 4)):
    """The same every week in every category, but for the targeted one after the change."""
    return outcomes(
        [
            (name, week + 0.5, *(after if name == "password_reset" and week >= 0 else before))
            for week in weeks
            for name in ("password_reset", "billing", "refunds")
        ]
    )

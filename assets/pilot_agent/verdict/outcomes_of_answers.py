"""From ``fct_ai_answers`` to outcomes that can be counted: the rollout's two arms, and the shadow weeks by themselves.

Belongs here: choosing rows and filling in what a phase leaves open. Does not belong here: what an outcome means (dbt
defines it once, in ``fct_ai_answers``), counting (``metrics``).
"""

from __future__ import annotations

import pandas as pd

from assets.pilot_agent.verdict.outcomes import AI, REQUIRED

CUTS = ("plan", "language", "channel", "week", "day")
KINDS = ("assumed", "confirmed", "verified")
SHADOW, ROLLOUT = "shadow", "rollout"


def rollout_outcomes(answers: pd.DataFrame, kind: str | None = None) -> pd.DataFrame:
    """Tickets that were assigned to an arm, as ``read_outcomes`` takes them.

    Args:
        answers: ``fct_ai_answers``.
        kind: whose word on resolution counts, one of ``KINDS``; None: the registered one.
    """
    return _ready(answers[answers["arm"].notna()], kind)


def shadow_outcomes(answers: pd.DataFrame) -> pd.DataFrame:
    """Tickets of the shadow weeks, as one arm: the agent decided every one, so that it is involved in all of them.

    Nothing was sent by the agent, so that resolution, ratings and returns say nothing about it and are left out. The week
    is that of the shadow phase, from 0.
    """
    shadow = answers[answers["arm"].isna()]
    mine = _ready(shadow.assign(week=shadow["shadow_week"]), None).assign(arm=AI)
    mine["is_involved"] = True
    mine["is_escalated"] = mine["action"] == "escalate"
    for name in ("is_resolved", "is_false_resolution", "csat_positive"):
        mine[name] = pd.Series(pd.NA, index=mine.index, dtype="boolean")
    return mine


def _ready(answers: pd.DataFrame, kind: str | None) -> pd.DataFrame:
    frame = answers.reset_index(drop=True).copy()
    if kind is not None:
        frame["is_resolved"] = frame[f"is_resolved_{kind}"]
    frame["handle_minutes"] = handle_minutes(frame)
    # A nullable whole number of DuckDB comes back as a float.
    frame["week"] = frame["week"].astype("Int64")
    for name in CUTS:
        # A value that nobody knows is a value of its own: tickets must not vanish from a cut.
        frame[name] = frame[name].astype("string").fillna("unknown")
    return frame[[*REQUIRED, "handle_minutes", "action", *CUTS]]


def handle_minutes(frame: pd.DataFrame) -> pd.Series:
    """Minutes a person spent: the helpdesk's where it records any in these tickets, else the named proxy; never mixed."""
    recorded = frame["handle_time_minutes"].astype("float64")
    return recorded if recorded.notna().any() else frame["handle_time_proxy_minutes"].astype("float64")

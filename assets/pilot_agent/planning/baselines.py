"""Baselines: how people did before the pilot, counted from history with the window that produced them.

Belongs here: one number a metric, over all and by category, with its design effect. Does not belong here: writing them
into the plan (the person who registers it decides), the pilot's own outcomes (dbt's ``fct_ai_answers``).

The definitions are those of ``fct_ai_answers`` for tickets that people answered: resolved (assumed) is solved, or answered
and the customer did not write again in the ticket; confirmed is a reply the customer accepted; false resolution is the same
requester back on the same category within seven days, or the ticket reopened. Only tickets whose window is over count.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from assets.pilot_agent.answers.frames import DONE
from assets.pilot_agent.verdict.clustered_rates import tally
from desk.pilot import PilotFile
from desk.pilot_blocks import Baseline

RETURN_DAYS = 7


def history_outcomes(
    tickets: pd.DataFrame, intents: pd.DataFrame, comments: pd.DataFrame, as_of: pd.Timestamp, settle_days: int
) -> pd.DataFrame:
    """Outcomes of past tickets [ticket of the audit]: requester_id, category_id, created_at, is_resolved_assumed,
    is_resolved_confirmed, is_false_resolution, csat_positive (nullable), handle_minutes.

    Args:
        tickets: ``fct_tickets``. intents: ``ticket_intents``. comments: ``fct_ticket_comments``.
        as_of: end of history. settle_days: until a ticket's outcome is known.
    """
    mine = tickets[tickets["is_in_audit"].fillna(False).astype(bool)].copy()
    category = intents.set_index("ticket_id")["assigned_category_id"]
    mine["category_id"] = mine["ticket_id"].map(category).astype("string")
    is_read = comments["is_public"].astype(bool) & ~comments["is_spam"].fillna(False).astype(bool)
    public = comments[is_read & comments["ticket_id"].isin(set(mine["ticket_id"]))]
    last = (
        public.sort_values(["created_at", "position"]).drop_duplicates("ticket_id", keep="last").set_index("ticket_id")
    )
    is_reply = public["author_role"].isin(["staff", "bot"]) & (public["position"] > 1)
    replies = public[is_reply].groupby("ticket_id")["created_at"].max()
    accepted = set(public.loc[public["is_solution"].fillna(False).astype(bool), "ticket_id"])
    # Not map: where nobody was ever answered it has no times to take a type from.
    answered_at = replies.reindex(mine["ticket_id"]).set_axis(mine.index)
    waits = mine["ticket_id"].map(last["author_role"]) == "requester"
    resolved = (mine["status"].isin(DONE) & answered_at.notna()) | (answered_at.notna() & ~waits)
    settled = (answered_at.fillna(mine["created_at"]) + pd.Timedelta(days=settle_days)) <= as_of
    frame = pd.DataFrame(
        {
            "ticket_id": mine["ticket_id"],
            "requester_id": mine["requester_id"],
            "category_id": mine["category_id"],
            "created_at": mine["created_at"],
            "is_resolved_assumed": resolved.astype("boolean").mask(~settled),
            "is_resolved_confirmed": mine["ticket_id"].isin(accepted).astype("boolean").mask(~settled),
            "csat_positive": (mine["csat"] == "good").astype("boolean").mask(mine["csat"].isna()),
            "handle_minutes": _handle_minutes(mine),
            # From the last answer and not from the solved time: helpdesks close days later.
            "resolved_at": answered_at.where(resolved),
            "reopens": mine["count_reopens"].fillna(0),
        }
    )
    can_return = frame["requester_id"].notna() & frame["category_id"].notna()
    known = can_return & settled & (frame["resolved_at"] + pd.Timedelta(days=RETURN_DAYS) <= as_of)
    frame["is_false_resolution"] = (_came_back(frame) | (frame["reopens"] > 0)).astype("boolean").mask(~known)
    return frame.drop(columns=["resolved_at", "reopens"]).reset_index(drop=True)


def baselines_from_history(
    outcomes: pd.DataFrame,
    pilot: PilotFile,
    categories: Sequence[str],
    weeks: int = 12,
    until: pd.Timestamp | None = None,
) -> list[Baseline]:
    """Baselines over the ``weeks`` before the pilot, over all categories in scope and of each.

    Args:
        outcomes: ``history_outcomes``. categories: in scope.
        until: end of history, where it ends before the pilot starts.

    Returns:
        Of every metric that can be counted from history: resolution (assumed or confirmed, as registered),
        false_resolution_rate, csat and handle_time; a category without any is left out. Resolution as a review sees it
        (verified) has no history.
    """
    # Days that have not come yet are no window, however late the pilot starts.
    end = pd.Timestamp(pilot.start, tz="UTC")
    end = end if until is None else min(end, until.ceil("D"))
    begin = end - pd.Timedelta(weeks=weeks)
    mine = outcomes[outcomes["category_id"].isin(list(categories))]
    mine = mine[(mine["created_at"] >= begin) & (mine["created_at"] < end)]
    found: list[Baseline] = []
    for name in [None, *categories]:
        part = mine if name is None else mine[mine["category_id"] == name]
        if pilot.resolution_kind != "verified":
            column = f"is_resolved_{pilot.resolution_kind}"
            found += _rate(part, column, "resolution_rate", name, pilot, begin, end, kind=pilot.resolution_kind)
        found += _rate(part, "is_false_resolution", "false_resolution_rate", name, pilot, begin, end)
        found += _rate(part, "csat_positive", "csat", name, pilot, begin, end)
        minutes = part["handle_minutes"].dropna()
        if len(minutes):
            found.append(
                Baseline(
                    metric="handle_time", category_id=name, numerator=round(float(minutes.sum()), 1),
                    denominator=len(minutes), window_start=begin.date(), window_end=(end - pd.Timedelta(days=1)).date(),
                )
            )  # fmt: skip
    return found


def csat_response(outcomes: pd.DataFrame) -> float:
    """Share of settled tickets that were rated; 0 without any."""
    settled = outcomes[outcomes["is_resolved_assumed"].notna()]
    return float(settled["csat_positive"].notna().mean()) if len(settled) else 0.0


def _rate(
    part: pd.DataFrame,
    column: str,
    metric: str,
    category: str | None,
    pilot: PilotFile,
    begin: pd.Timestamp,
    end: pd.Timestamp,
    kind: str | None = None,
) -> list[Baseline]:
    known = part[part[column].notna()]
    if known.empty:
        return []
    codes = pd.factorize(known["requester_id"].fillna(known["ticket_id"]))[0]
    one = tally(known[column].to_numpy(dtype=bool), codes)
    return [
        Baseline.model_validate(
            {
                "metric": metric, "kind": kind, "category_id": category, "numerator": one.numerator,
                "denominator": one.denominator, "window_start": begin.date(),
                "window_end": (end - pd.Timedelta(days=1)).date(), "design_effect": round(one.design_effect, 3),
            }
        )
    ]  # fmt: skip


def _came_back(frame: pd.DataFrame) -> pd.Series:
    """Whether the same requester opened another ticket of the same category within ``RETURN_DAYS`` of the resolution."""
    keyed = frame[frame["requester_id"].notna() & frame["category_id"].notna()]
    found = pd.Series(False, index=frame.index)
    for _, part in keyed.groupby(["requester_id", "category_id"], sort=False):
        if len(part) < 2:
            continue
        opened, resolved = (part[name].dt.tz_convert(None).to_numpy() for name in ("created_at", "resolved_at"))
        days = (opened[:, None] - resolved[None, :]) / np.timedelta64(1, "D")
        # A ticket that its requester opened does not come back as itself, whatever the clocks say.
        np.fill_diagonal(days, np.nan)
        found[part.index] = ((days > 0) & (days <= RETURN_DAYS)).any(axis=0)
    return found


def _handle_minutes(tickets: pd.DataFrame) -> pd.Series:
    recorded = tickets["handle_time_minutes"].astype("float64")
    return recorded if recorded.notna().any() else tickets["handle_time_proxy_minutes"].astype("float64")

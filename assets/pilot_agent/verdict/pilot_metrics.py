"""Every metric of a pilot as published: by phase, over all and by category, plan, language, channel, week and day.

Belongs here: the frame ``pilot_metrics``. Does not belong here: what a metric counts (``metrics``), what an outcome is
(dbt's ``fct_ai_answers``).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from assets.pilot_agent.verdict.clustered_rates import tally, wilson
from assets.pilot_agent.verdict.metrics import METRICS, RATE_COLUMNS, handle_time, rates
from assets.pilot_agent.verdict.outcomes import AI, read_outcomes
from assets.pilot_agent.verdict.outcomes_of_answers import (
    CUTS,
    KINDS,
    ROLLOUT,
    SHADOW,
    rollout_outcomes,
    shadow_outcomes,
)

ALL = "all"
COLUMNS = ("phase", "cut", "value", "category_id", *RATE_COLUMNS)
BY_KIND = ("resolution_rate", "automation_rate", "false_resolution_rate")
"""Metrics that depend on who says that a ticket is resolved: published for each kind, as resolution_rate_assumed."""
IN_SHADOW = (
    "escalation_rate", "missed_escalation_rate", "answer_quality", "answer_needs_improvement_rate", "answer_incorrect_rate",
    "review_share",
)  # fmt: skip
"""What can be said of drafts: every ticket gets one, and nothing is sent."""
HANDLE_TIME, AT_ONCE = "handle_time_minutes", "handed_over_at_once_rate"
_CATEGORY_BY = ("category_id", "day"), ("category_id", "week")


def pilot_metrics(answers: pd.DataFrame) -> pd.DataFrame:
    """Rates [phase x cut x value x metric x arm] with ``COLUMNS``.

    Args:
        answers: ``fct_ai_answers`` of one pilot.

    Returns:
        cut: all, category, plan, language, channel, week, day, category_day, category_week or reason; value: of the cut;
        category_id: "all" unless the cut is by category. Rows as assigned are marked ``as_assigned``. handle_time_minutes
        has a mean in ``rate`` and whole minutes in ``numerator``.
    """
    parts: list[pd.DataFrame] = []
    rollout = rollout_outcomes(answers)
    if len(rollout):
        others = [name for name in METRICS if name not in BY_KIND]
        parts += _every_cut(rollout, others, ROLLOUT)
        for kind in KINDS:
            named = _every_cut(rollout_outcomes(answers, kind), BY_KIND, ROLLOUT)
            parts += [one.assign(metric=one["metric"] + f"_{kind}") for one in named]
        parts.append(_handle_time(rollout))
        parts.append(_reasons(answers))
    shadow = shadow_outcomes(answers)
    if len(shadow):
        parts += _every_cut(shadow, IN_SHADOW, SHADOW)
    parts = [one for one in parts if len(one)]
    whole = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))
    whole = whole[list(COLUMNS)].astype(
        dict.fromkeys(("phase", "cut", "value", "category_id", "metric", "arm"), "string")
    )
    for name in ("window_start", "window_end"):
        whole[name] = pd.to_datetime(whole[name], utc=True).astype("datetime64[us, UTC]")
    numbers = {"numerator": "float64", "denominator": "Int64", "count_requesters": "Int64", "as_assigned": "boolean"}
    return whole.astype({**numbers, **dict.fromkeys(("rate", "low", "high", "design_effect"), "float64")})


def _every_cut(outcomes: pd.DataFrame, metrics: Sequence[str], phase: str) -> list[pd.DataFrame]:
    data = read_outcomes(outcomes)
    found = []
    for as_assigned in (False, True) if phase == ROLLOUT else (False,):
        found.append(rates(data, (), metrics, as_assigned=as_assigned).assign(cut=ALL, value=ALL, category_id=ALL))
        by_category = rates(data, ("category_id",), metrics, as_assigned=as_assigned)
        found.append(by_category.assign(cut="category", value=by_category["category_id"]))
    for cut in CUTS:
        part = rates(data, (cut,), metrics)
        found.append(part.assign(cut=cut, value=part[cut].astype(str), category_id=ALL))
    for by in _CATEGORY_BY:
        part = rates(data, by, metrics)
        found.append(part.assign(cut=f"category_{by[1]}", value=part[by[1]].astype(str)))
    return [one.assign(phase=phase) for one in found if len(one)]


def _handle_time(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Minutes a person spent, as assigned: over all and by category."""
    parts = [(ALL, ALL, outcomes)]
    parts += [("category", str(name), part) for name, part in outcomes.groupby("category_id")]
    return pd.concat([_minutes(cut, value, part) for cut, value, part in parts], ignore_index=True)


def _minutes(cut: str, value: str, outcomes: pd.DataFrame) -> pd.DataFrame:
    found = handle_time(read_outcomes(outcomes))
    return pd.DataFrame(
        {
            "phase": ROLLOUT, "cut": cut, "value": value, "category_id": value, "metric": HANDLE_TIME, "arm": found["arm"],
            "as_assigned": True, "numerator": found["mean_minutes"] * found["denominator"],
            "denominator": found["denominator"], "rate": found["mean_minutes"], "low": found["low"],
            "high": found["high"], "count_requesters": found["count_requesters"], "design_effect": np.nan,
            "window_start": outcomes["created_at"].min(), "window_end": outcomes["created_at"].max(),
        }
    )  # fmt: skip


def _reasons(answers: pd.DataFrame) -> pd.DataFrame:
    """Why tickets of the agent's arm went to a person: after an attempt, and at once."""
    mine = answers[answers["arm"] == AI]
    involved = mine["is_involved"].fillna(False).astype(bool)
    rows: list[dict[str, object]] = []
    for metric, part in (("escalation_rate", mine[involved]), (AT_ONCE, mine[~involved])):
        base = part if metric == "escalation_rate" else mine
        codes = pd.factorize(base["requester_id"].fillna(base["ticket_id"]))[0]
        handed = part["is_escalated"].fillna(False).astype(bool)
        for reason in sorted(part.loc[handed, "escalation_reason"].dropna().unique()):
            hits = (base["escalation_reason"] == reason).fillna(False) & base.index.isin(part.index[handed])
            one = tally(hits.to_numpy(dtype=bool), codes)
            low, high = wilson(one)
            rows.append(
                {"phase": ROLLOUT, "cut": "reason", "value": reason, "category_id": ALL, "metric": metric, "arm": AI,
                 "as_assigned": False, "numerator": one.numerator, "denominator": one.denominator, "rate": one.rate,
                 "low": low, "high": high, "count_requesters": one.requesters, "design_effect": one.design_effect,
                 "window_start": base["created_at"].min(), "window_end": base["created_at"].max()}
            )  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))

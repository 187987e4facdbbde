"""What to train first, and how many tickets a month that could spare.

Belongs here: the complexity of a category, the training order, and the estimate of automatable tickets. Does not
belong here: the bucket of a category (`buckets`), which both start from.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from assets.audit_tickets.roadmap.category_metrics import wilson_interval

COMPLEXITY_WEIGHTS: Mapping[str, float] = {
    "answers_differ": 0.30,
    "account_facts": 0.30,
    "several_replies": 0.20,
    "risk": 0.10,
    "known_context": 0.10,
}
"""Parts of the complexity score and their weights, which sum to 1."""

UNKNOWN_PART = 0.5
"""What a part that could not be measured counts as: neither simple nor hard."""

ALIKE_ENOUGH = 0.40
"""Likeness of answers that counts as "no difference left"; macros measure above it, free prose far below."""

_BUCKET_ORDER = {"automate": 0, "hybrid": 1}


def complexity_parts(
    answer_consistency: float,
    account_context_rate: float,
    several_replies_rate: float,
    risk_rate: float,
    risk_limit: float,
    count_differing_fields: int,
) -> dict[str, float]:
    """The parts, each from 0 (simple) to 1, NaN where not measured.

    answers_differ: 1 at likeness 0, 0 from `ALIKE_ENOUGH`. account_facts: share of answered tickets that needed them.
    several_replies: share of answered tickets with two staff replies or more. risk: share of risky tickets, 1 from
    the desk's limit. known_context: half for each fact (plan, sso, page, os) that answers depend on, up to 1.
    """
    return {
        "answers_differ": 1 - min(max(answer_consistency, 0.0), ALIKE_ENOUGH) / ALIKE_ENOUGH
        if not math.isnan(answer_consistency)
        else math.nan,
        "account_facts": account_context_rate,
        "several_replies": several_replies_rate,
        "risk": min(1.0, risk_rate / risk_limit) if not math.isnan(risk_rate) else math.nan,
        "known_context": math.nan if math.isnan(answer_consistency) else min(1.0, count_differing_fields / 2),
    }


def complexity_score(parts: Mapping[str, float]) -> float:
    """Weighted mean of the parts, from 0 (simple) to 1 (hard); a part not measured counts as `UNKNOWN_PART`.

    NaN when no part was measured.
    """
    if all(math.isnan(value) for value in parts.values()):
        return math.nan
    return sum(w * (UNKNOWN_PART if math.isnan(parts[n]) else parts[n]) for n, w in COMPLEXITY_WEIGHTS.items())


def assign_training_order(roadmap: pd.DataFrame) -> pd.Series:
    """1, 2, 3 … in the order to train; missing for what is not trained.

    Trained are categories (not candidates) in `automate` or `hybrid` with enough examples and tickets in the window.
    Order: `automate` first, then the tier that the desk set (without one: last), then tickets a month times
    (1 - complexity), highest first: high volume and low complexity.
    """
    trained = roadmap[
        roadmap["bucket"].isin(list(_BUCKET_ORDER))
        & (roadmap["kind"] == "category")
        & roadmap["has_enough_examples"].astype(bool)
        & (roadmap["count_tickets"] > 0)
    ]
    keys = pd.DataFrame(
        {
            "bucket": trained["bucket"].map(_BUCKET_ORDER),
            "tier": trained["tier"].fillna(10**6).astype(float),
            "gain": -trained["tickets_per_month"] * (1 - trained["complexity"].fillna(1.0)),
            "category_id": trained["category_id"],
        }
    ).sort_values(["bucket", "tier", "gain", "category_id"], kind="stable")
    order = pd.Series(pd.NA, index=roadmap.index, dtype="Int64")
    order.loc[keys.index] = range(1, len(keys) + 1)
    return order


def find_simple_tickets(tickets: pd.DataFrame, comments: pd.DataFrame, hard_ticket_ids: set[str]) -> pd.DataFrame:
    """Which answered tickets looked as if one good answer was all they needed.

    Args:
        tickets: rows of `fct_tickets`.
        comments: rows of `fct_ticket_comments`.
        hard_ticket_ids: tickets with a risk signal, anger, a demand for a person, or a need for account facts.

    Returns:
        Frame [ticket with a public staff reply]: ticket_id, is_simple: exactly one staff reply, not hard, never
        reopened, and either solved in one touch or left by the requester without another message.
    """
    public = comments[comments["is_public"].fillna(False).astype(bool)]
    first_staff = public[public["author_role"] == "staff"].groupby("ticket_id", as_index=False)["created_at"].min()
    mine = public.loc[public["author_role"] == "requester", ["ticket_id", "created_at"]]
    both = mine.merge(first_staff, on="ticket_id", suffixes=("", "_staff"))
    returned = set(both.loc[both["created_at"] > both["created_at_staff"], "ticket_id"])
    replies = pd.to_numeric(tickets["count_staff_replies"], errors="coerce").fillna(0)
    answered = tickets[replies >= 1]
    one_touch = answered["is_one_touch_resolution"].fillna(False).astype(bool)
    reopened = pd.to_numeric(answered["count_reopens"], errors="coerce").fillna(0) > 0
    is_simple = (
        (replies[replies >= 1] == 1)
        & ~answered["ticket_id"].isin(hard_ticket_ids)
        & ~reopened
        & (one_touch | ~answered["ticket_id"].isin(returned))
    )
    return pd.DataFrame({"ticket_id": answered["ticket_id"], "is_simple": is_simple}).reset_index(drop=True)


def expected_automatable(
    tickets_per_month: float, count_simple: int, count_answered: int
) -> tuple[float, float, float]:
    """Tickets a month that one good answer might settle: estimate, low, high.

    Volume times the share of past tickets that were simple, with the Wilson interval of that share. It supposes that
    the volume stays and that the agent answers as people did; the pilot measures whether it does. NaN when no
    answered ticket was read.
    """
    if not count_answered:
        return math.nan, math.nan, math.nan
    low, high = wilson_interval(count_simple, count_answered)
    return tickets_per_month * count_simple / count_answered, tickets_per_month * low, tickets_per_month * high

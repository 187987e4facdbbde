"""What the texts of the tickets outside the holdout say, by category: the roadmap's second source of figures.

Belongs here: running risk signals, likeness of answers, account facts and simple tickets over the same tickets, and
turning them into columns. Does not belong here: any single measurement, and the helpdesk's own figures
(`category_metrics`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from assets.audit_tickets.roadmap.account_context import find_account_context
from assets.audit_tickets.roadmap.answer_consistency import (
    answers_by_ticket,
    find_context_differences,
    measure_answer_consistency,
)
from assets.audit_tickets.roadmap.category_metrics import rate_columns
from assets.audit_tickets.roadmap.risk_patterns import SIGNALS
from assets.audit_tickets.roadmap.risk_signals import score_risk_signals
from assets.audit_tickets.roadmap.training_order import find_simple_tickets

CONTEXT_FIELDS = ("plan", "sso", "page", "os")


@dataclass(frozen=True)
class TextFacts:
    """What was read, ticket by ticket and category by category."""

    tickets: pd.DataFrame  # [ticket read]: group_id, is_risk, has_<signal>, is_strained, frustration
    consistency: pd.DataFrame  # by group
    differences: Mapping[str, tuple[str, ...]]
    answered: pd.DataFrame  # [ticket with a staff reply]: group_id, needs_account_facts, is_simple


def read_texts(
    read: pd.DataFrame,
    texts: pd.DataFrame,
    comments: pd.DataFrame,
    seed: int,
    on_progress: Callable[[int, int], None] | None,
) -> TextFacts:
    """Measure the texts of `read`, rows of `fct_tickets` with group_id, outside the holdout."""
    risk = score_risk_signals(texts, on_progress)
    scored = read[["ticket_id", "group_id"]].merge(risk, on="ticket_id", how="inner")
    scored["is_strained"] = scored["has_anger"] | scored["has_asks_for_person"]
    grouped = read.dropna(subset=["group_id"]).set_index("ticket_id")["group_id"]
    answers = answers_by_ticket(texts, grouped)
    consistency = measure_answer_consistency(answers, seed).set_index("category_id")
    contexts = read.set_index("ticket_id")[[name for name in CONTEXT_FIELDS if name in read]]
    found = find_context_differences(answers, contexts, seed)
    differences = {str(c): tuple(rows["field"]) for c, rows in found.groupby("category_id")}
    account = find_account_context(texts)
    hard = set(scored.loc[scored["is_risk"] | scored["is_strained"], "ticket_id"])
    hard |= set(account.loc[account["needs_account_facts"], "ticket_id"])
    mine = comments[comments["ticket_id"].isin(read["ticket_id"])]
    simple = find_simple_tickets(read, mine, hard).merge(account, on="ticket_id", how="inner")
    simple["group_id"] = simple["ticket_id"].map(read.set_index("ticket_id")["group_id"])
    return TextFacts(scored, consistency, differences, simple)


def text_columns(category_id: str, facts: TextFacts) -> dict[str, Any]:
    """The columns of one category; rates as in `rate_columns`, NaN where nothing was read."""
    scored = facts.tickets[facts.tickets["group_id"] == category_id]
    answered = facts.answered[facts.answered["group_id"] == category_id]
    likeness = ("answer_consistency", "answer_consistency_low", "answer_consistency_high")
    nan = float("nan")
    measured: dict[Any, Any] = {**dict.fromkeys(likeness, nan), "count_answers": 0}
    if category_id in facts.consistency.index:
        measured = facts.consistency.loc[category_id].to_dict()
    columns: dict[str, Any] = {
        **{name: float(measured[name]) for name in likeness},
        "count_answers": int(measured["count_answers"]),
        "answer_differs_by": list(facts.differences.get(category_id, ())),
        "count_read": len(scored),
        **rate_columns("risk_rate", int(scored["is_risk"].sum()), len(scored)),
        **rate_columns("strain_rate", int(scored["is_strained"].sum()), len(scored)),
        "mean_frustration": float(scored["frustration"].mean()) if len(scored) else nan,
        **rate_columns("account_context_rate", int(answered["needs_account_facts"].sum()), len(answered)),
        **rate_columns("simple_ticket_rate", int(answered["is_simple"].sum()), len(answered)),
    }
    return columns | {f"count_{signal}": int(scored[f"has_{signal}"].sum()) for signal in SIGNALS}

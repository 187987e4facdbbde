"""The roadmap's figures as words: rates with their counts, times, headlines, next steps.

Belongs here: every sentence and number format of the page that depends on data. Does not belong here: HTML
(`templates/roadmap.html.j2`) and measuring.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pandas as pd

from assets.audit_tickets.roadmap.build_roadmap import RoadmapResult
from assets.audit_tickets.roadmap.risk_patterns import SIGNALS
from assets.audit_tickets.roadmap.roadmap_examples import shorten

NOT_MEASURED = "not measured"
_FIRST_TO_TRAIN = 3


@dataclass(frozen=True)
class PageSignature:
    """One person's signature on the decisions as they stand."""

    by: str
    role: str
    signed_at: datetime
    note: str = ""


@dataclass(frozen=True)
class PageSignOff:
    """Who signed and who is missing. `count_decisions` is how many categories have a bucket set by the desk."""

    count_decisions: int = 0
    signatures: Sequence[PageSignature] = field(default_factory=tuple)
    missing_roles: Sequence[str] = field(default_factory=tuple)
    content_hash: str = ""

    @property
    def state(self) -> str:
        """`undecided`, `unsigned`, `partly signed` or `signed`."""
        if not self.count_decisions:
            return "undecided"
        if not self.missing_roles and self.signatures:
            return "signed"
        return "partly signed" if self.signatures else "unsigned"


def percent(value: float) -> str:
    """A share for people: whole percents, one decimal under 1 %, `not measured` for NaN."""
    if math.isnan(value):
        return NOT_MEASURED
    return f"{value:.1%}" if 0 < value < 0.01 else f"{value:.0%}"


def rate(row: Mapping[str, Any], name: str) -> str:
    """`71% (12 of 17, 47–87%)`, or `not measured` without a denominator."""
    total = row[f"{name}_denominator"]
    if not total:
        return NOT_MEASURED
    low, high = row[f"{name}_low"] * 100, row[f"{name}_high"] * 100
    return f"{percent(row[name])} ({row[f'{name}_numerator']:,} of {total:,}, {low:.0f}–{high:.0f}%)"


def minutes(value: float) -> str:
    """Calendar minutes as minutes, hours or days."""
    if math.isnan(value):
        return NOT_MEASURED
    if value < 90:
        return f"{value:.0f} min"
    if value < 48 * 60:
        return f"{value / 60:.1f} h"
    return f"{value / 1440:.1f} days"


def median(row: Mapping[str, Any], name: str) -> str:
    """`3.2 h (2.8 h – 4.1 h, 120 tickets)`."""
    if not row[f"{name}_count"]:
        return NOT_MEASURED
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    interval = "" if math.isnan(low) else f"{minutes(low)} – {minutes(high)}, "
    return f"{minutes(row[name])} ({interval}{row[f'{name}_count']:,} tickets)"


def trend(row: Mapping[str, Any]) -> str:
    """`rising, +1.2 a week each week (0.4 to 2.0)`."""
    if math.isnan(row["trend_per_week"]):
        return NOT_MEASURED
    numbers = f"{row['trend_per_week']:+.1f} tickets a week, each week"
    return f"{row['trend_label']} ({numbers}; {row['trend_per_week_low']:+.1f} to {row['trend_per_week_high']:+.1f})"


def likeness(row: Mapping[str, Any]) -> str:
    """`12% (8–16%, 48 answers)`."""
    if math.isnan(row["answer_consistency"]):
        return f"{NOT_MEASURED} ({row['count_answers']} answers)"
    low, high = (round(row[f"answer_consistency_{end}"] * 100) for end in ("low", "high"))
    return f"{row['answer_consistency']:.1%} ({low} to {high}%, {row['count_answers']:,} answers)"


def risk_in_words(row: Mapping[str, Any]) -> str:
    """The signals found, most frequent first: `churn 12, refund 4`; `none` or `not measured`."""
    if not row["risk_rate_denominator"]:
        return NOT_MEASURED
    found = sorted(((row[f"count_{s}"], s) for s in SIGNALS if row[f"count_{s}"]), key=lambda pair: (-pair[0], pair[1]))
    return ", ".join(f"{signal.replace('_', ' ')} {count:,}" for count, signal in found) or "none"


def headline(result: RoadmapResult) -> list[str]:
    """What the roadmap says, in three or four sentences."""
    totals = result.totals
    if not totals.count_audited:
        return ["No ticket of the window is in the audit, so there is nothing to plan yet."]
    by = totals.tickets_by_bucket
    known = max(1, totals.count_audited)
    sentences = [
        f"In the {totals.window_days} days to {totals.as_of:%-d %B %Y}, {totals.count_audited:,} tickets were audited, "
        f"about {totals.tickets_per_month:,.0f} a month.",
        f"{percent(by['automate'] / known)} of them fall into categories to automate, {percent(by['hybrid'] / known)} "
        f"into hybrid ones, where the AI drafts and a person sends, and {percent(by['escalate'] / known)} always go to "
        f"a person. {percent(by['unknown'] / known)} are not recognised yet.",
    ]
    estimate, low, high = totals.expected_automatable
    if by["automate"] and not math.isnan(estimate):
        sentences.append(
            f"Of the automate categories, some {estimate:,.0f} tickets a month ({low:,.0f} to {high:,.0f}) looked "
            "as if one good answer was all they needed. That is what the past looked like, not a promise: the pilot "
            "measures it."
        )
    elif not by["automate"]:
        sentences.append("No category is ready to be automated; the reasons stand beside each one.")
    return sentences


def next_steps(result: RoadmapResult, sign_off: PageSignOff) -> list[str]:
    """What the team should do now, most urgent first."""
    frame = result.frame.astype({"is_top": bool, "has_enough_examples": bool})
    steps = []
    undecided = int((frame["decided_bucket"].isna() & (frame["kind"] == "category") & frame["is_top"]).sum())
    if undecided:
        steps.append(
            f"Decide: {undecided} of the top categories have no bucket yet. Read the reasons below, then set bucket, "
            "tier and owner in categories.yaml."
        )
    differing = frame[frame["decided_bucket"].notna() & (frame["decided_bucket"] != frame["proposed_bucket"])]
    if len(differing):
        steps.append(f"Look again at {_names(differing)}: what was decided differs from what the figures propose.")
    if sign_off.count_decisions and sign_off.missing_roles:
        steps.append(f"Sign: {', '.join(sign_off.missing_roles)} still to sign the decisions.")
    order = frame[frame["training_order"].notna()].sort_values("training_order")
    if len(order):
        steps.append(f"Train first: {_names(order.head(_FIRST_TO_TRAIN))}.")
    candidates = frame[(frame["kind"] == "candidate") & frame["is_top"]]
    if len(candidates):
        steps.append(f"Name or dismiss the proposed categories among the top: {_names(candidates)}.")
    short = frame[frame["is_top"] & (frame["kind"] == "category") & ~frame["has_enough_examples"]]
    if len(short):
        steps.append(
            f"Collect examples for {_names(short)}: fewer than {result.settings.rules.min_training_examples} so far."
        )
    return steps or ["Nothing: every category is decided, and the decisions are signed."]


def _names(rows: pd.DataFrame) -> str:
    names = [f"“{shorten(str(name), 60)}”" for name in rows["name"]]
    shown = names if len(names) <= 5 else [*names[:4], f"{len(names) - 4} more"]
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]


def bot_in_words(bot: Mapping[str, Any]) -> list[str]:
    """What a bot already in use did; empty without one."""
    if not bot["count_bot_tickets"]:
        return []
    return [
        f"A bot replied in {bot['count_bot_tickets']:,} of the audited tickets, and in "
        f"{bot['count_bot_only_tickets']:,} of them no person did.",
        f"Solved without a person: {rate(bot, 'bot_resolution_rate')}.",
        f"Rated good where the bot was alone: {rate(bot, 'bot_csat')}; asked customers who rated: "
        f"{rate(bot, 'bot_csat_response_rate')}.",
    ]

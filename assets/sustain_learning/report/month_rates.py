"""The rates of a month's answers beside those of the month before: all, by category, by arm, and of drafts.

Belongs here: which published metric is cut by what. Does not belong here: what a metric counts: that is
``pilot_agent.verdict.metrics``, once; outcomes are dbt's ``fct_ai_answers``.

A month is that of the ticket. The agent's arm is read as it answered (involved tickets), as the pilot publishes it; the
people's arm of the same month stands beside it. Drafts of the shadow weeks are another thing than answers that were sent,
and are never added to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from assets.pilot_agent.verdict.metrics import Counter, handle_time
from assets.pilot_agent.verdict.outcomes import AI, CONTROL, Outcomes, read_outcomes, requester_codes
from assets.pilot_agent.verdict.outcomes_of_answers import KINDS, rollout_outcomes, shadow_outcomes
from assets.pilot_agent.verdict.pilot_metrics import AT_ONCE, BY_KIND, HANDLE_TIME, IN_SHADOW
from assets.sustain_learning.report.handover_kinds import handover_kinds
from assets.sustain_learning.report.learning_frames import Span
from assets.sustain_learning.report.report_rows import ALL, Figure, mean_figure, rate_figure

HIGHER_IS_BETTER: Mapping[str, bool | None] = {
    "resolution_rate": True, "automation_rate": True, "false_resolution_rate": False, "involvement_rate": None,
    "escalation_rate": False, "missed_escalation_rate": False, "csat": True, "csat_response_rate": None,
    "answer_quality": True, "answer_needs_improvement_rate": False, "answer_incorrect_rate": False, "review_share": None,
}  # fmt: skip
"""None where more is neither good nor bad: how much is answered follows from the share that people set."""
SENT = tuple(name for name in HIGHER_IS_BETTER if name not in BY_KIND)
OF_PEOPLE = (
    "csat", "csat_response_rate", "resolution_rate_assumed", "resolution_rate_confirmed", "false_resolution_rate_assumed",
)  # fmt: skip
"""What means the same where people answer alone."""
OF_CATEGORIES = (
    "escalation_rate", "missed_escalation_rate", "csat", "answer_quality", "answer_incorrect_rate",
)  # fmt: skip
ARM, PHASE, REASON = "arm:", "phase:", "reason:"


def month_rates(answers: pd.DataFrame, span: Span) -> list[Figure]:
    """Every rate of the month's answers.

    Args:
        answers: ``fct_ai_answers``; a desk that answered nobody may give none.
    """
    known = answers["created_at"]
    both = answers[span.now(known) | span.then(known)].reset_index(drop=True)
    if both.empty:
        return []
    return [*_sent(both, span), *_drafts(both, span)]


def _sent(answers: pd.DataFrame, span: Span) -> Iterator[Figure]:
    whole = rollout_outcomes(answers)
    data = read_outcomes(whole)
    is_now = span.now(whole["created_at"]).to_numpy(dtype=bool)
    yield from _rates(data, is_now, SENT, OF_CATEGORIES)
    for kind in KINDS:
        of_kind = read_outcomes(rollout_outcomes(answers, kind))
        # Whoever comes back was taken for resolved because he had not: the other two words know it from the start.
        metrics = BY_KIND if kind == "assumed" else tuple(one for one in BY_KIND if one != "false_resolution_rate")
        yield from _rates(of_kind, is_now, metrics, ("resolution_rate", "false_resolution_rate"), f"_{kind}")
    yield from _handovers(answers[answers["arm"].notna()].reset_index(drop=True), data, is_now)
    yield from _handle_time(data, is_now)


def _rates(
    data: Outcomes, is_now: np.ndarray, metrics: tuple[str, ...], of_categories: tuple[str, ...], suffix: str = ""
) -> Iterator[Figure]:
    counter = Counter(data)
    category = data.frame["category_id"]
    named = sorted(str(one) for one in category[data.is_ai].dropna().unique())
    masks = [(one, (category == one).fillna(False).to_numpy(dtype=bool)) for one in named]
    for metric in metrics:
        counts, hits = counter.marks(metric, as_assigned=False)
        better = HIGHER_IS_BETTER[metric]
        mine = counts & data.is_ai
        yield rate_figure(metric + suffix, ALL, hits, mine, data.requester, is_now, better)
        if metric + suffix in OF_PEOPLE:
            others = counts & ~data.is_ai
            yield rate_figure(metric + suffix, f"{ARM}{CONTROL}", hits, others, data.requester, is_now, better)
        for one, mask in masks if metric in of_categories else ():
            if (mine & mask).any():
                yield rate_figure(metric + suffix, one, hits, mine & mask, data.requester, is_now, better)


def _handovers(rollout: pd.DataFrame, data: Outcomes, is_now: np.ndarray) -> Iterator[Figure]:
    """By kind: after the agent had replied, and at once (of all tickets of its arm); ``pilot_metrics`` has them by reason."""
    kinds = handover_kinds(rollout)
    at_once = data.is_ai & ~data.is_involved
    yield rate_figure(AT_ONCE, ALL, at_once & data.is_escalated, data.is_ai, data.requester, is_now, False)
    for metric, part, base in (
        ("escalation_rate", data.is_ai & data.is_involved, data.is_ai & data.is_involved),
        (AT_ONCE, at_once, data.is_ai),
    ):
        handed = part & data.is_escalated
        for kind in sorted(kinds[handed].unique()):
            hits = handed & (kinds == kind).to_numpy(dtype=bool)
            # Whether a reason is good or bad depends on the reason: a needed handover is no failing.
            yield rate_figure(metric, f"{REASON}{kind}", hits, base, data.requester, is_now, None)


def _handle_time(data: Outcomes, is_now: np.ndarray) -> Iterator[Figure]:
    minutes = data.frame["handle_minutes"].to_numpy(dtype=np.float64, na_value=np.nan)
    found: list[Any] = handle_time(read_outcomes(data.frame[is_now])).to_dict("records") if is_now.any() else []
    intervals = {one["arm"]: (float(one["low"]), float(one["high"])) for one in found}
    for arm, cut, which in ((AI, ALL, data.is_ai), (CONTROL, f"{ARM}{CONTROL}", ~data.is_ai)):
        interval = intervals.get(arm, (np.nan, np.nan))
        values = np.where(which, minutes, np.nan)
        yield mean_figure(HANDLE_TIME, cut, "minutes", values, data.requester, is_now, interval, False)


def live_rates(decisions: pd.DataFrame, span: Span) -> Iterator[Figure]:
    """What the live service handed over, of what it was asked; read as the drafts are, since its outcomes come as signals.

    Args:
        decisions: ``live_decisions``; of a ticket the last of a month counts, as it does in the pilot.
    """
    at = decisions["decided_at"]
    both = decisions[span.now(at) | span.then(at)].sort_values(["decided_at", "sequence"], kind="stable")
    subject = both["ticket_id"].fillna(both["decision_id"])
    month = span.now(both["decided_at"])
    both = both[~pd.DataFrame({"subject": subject, "month": month}).duplicated(keep="last")]
    if both.empty:
        return
    is_now = span.now(both["decided_at"]).to_numpy(dtype=bool)
    codes, _ = requester_codes(both["requester_id"])
    hits = (both["action"] == "escalate").fillna(False).to_numpy(dtype=bool)
    yield rate_figure("escalation_rate", f"{PHASE}live", hits, np.ones(len(both), dtype=bool), codes, is_now, False)


def _drafts(answers: pd.DataFrame, span: Span) -> Iterator[Figure]:
    whole = shadow_outcomes(answers)
    if whole.empty:
        return
    data = read_outcomes(whole)
    is_now = span.now(whole["created_at"]).to_numpy(dtype=bool)
    counter = Counter(data)
    for metric in IN_SHADOW:
        counts, hits = counter.marks(metric, as_assigned=False)
        yield rate_figure(metric, f"{PHASE}shadow", hits, counts, data.requester, is_now, HIGHER_IS_BETTER[metric])

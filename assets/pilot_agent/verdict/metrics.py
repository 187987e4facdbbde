"""What every metric counts, once, and the frame of rates cut by day, category or anything else.

Belongs here: numerators and denominators over outcomes, and their Wilson intervals on effective samples. Does not belong
here: comparing arms (``conditions``), verdicts.

Two readings. *As assigned* takes every ticket of an arm, whoever answered it: the only reading in which the arms can be
compared, because who is answered by the agent inside its arm is not drawn. Otherwise the agent's arm counts what the
agent was involved in, and resolved means without a person.

| metric | numerator | denominator |
|---|---|---|
| involvement_rate | the agent attempted | tickets of its arm |
| resolution_rate | resolved (by the registered kind), not handed over | involved, outcome known |
| automation_rate | resolved without a person | tickets of its arm, outcome known |
| false_resolution_rate | same requester back on the same category in 7 days | resolved, return known |
| escalation_rate | handed to a person | involved |
| missed_escalation_rate | should have been handed over and was not | involved, judged |
| csat | positive | rated |
| csat_response_rate | rated | all tickets |
| answer_quality, answer_needs_improvement_rate, answer_incorrect_rate | tagged so | tagged |
| review_share | tagged | involved |
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from assets.pilot_agent.verdict.clustered_rates import NOTHING, Tally, tally, wilson
from assets.pilot_agent.verdict.outcomes import AI, CONTROL, REVIEWS, Outcomes, read_outcomes

Marks = tuple[np.ndarray, np.ndarray]
"""(n,) whether a ticket counts, and whether it scores."""


def _resolution(data: Outcomes, as_assigned: bool) -> Marks:
    is_known, is_resolved = ~np.isnan(data.is_resolved), data.is_resolved == 1
    if as_assigned:
        return is_known, is_resolved
    # Handed over is not resolved by the agent, whatever becomes of it: known at once.
    counts = np.where(data.is_ai, data.is_involved & (is_known | data.is_escalated), is_known)
    return counts, is_resolved & ~(data.is_ai & data.is_escalated)


def _automation(data: Outcomes, as_assigned: bool) -> Marks:
    by_person = ~data.is_involved | data.is_escalated
    return data.is_ai & (by_person | ~np.isnan(data.is_resolved)), (data.is_resolved == 1) & ~by_person


def _false_resolution(data: Outcomes, as_assigned: bool) -> Marks:
    counts = (data.is_resolved == 1) & ~np.isnan(data.is_false_resolution)
    return _involved(
        data, counts & ~(data.is_ai & data.is_escalated), counts, as_assigned
    ), data.is_false_resolution == 1


def _missed_escalation(data: Outcomes, as_assigned: bool) -> Marks:
    counts = ~np.isnan(data.should_escalate)
    return _involved(data, counts, counts, as_assigned), (data.should_escalate == 1) & ~data.is_escalated


def _csat(data: Outcomes, as_assigned: bool) -> Marks:
    counts = ~np.isnan(data.csat_positive)
    return _involved(data, counts, counts, as_assigned), data.csat_positive == 1


def _involved(data: Outcomes, counts: np.ndarray, all_counts: np.ndarray, as_assigned: bool) -> np.ndarray:
    return all_counts if as_assigned else counts & (~data.is_ai | data.is_involved)


def _tagged(review: str) -> Callable[[Outcomes, bool], Marks]:
    place = REVIEWS.index(review)
    return lambda data, as_assigned: (data.is_ai & data.is_involved & (data.review >= 0), data.review == place)


METRICS: dict[str, Callable[[Outcomes, bool], Marks]] = {
    "involvement_rate": lambda data, as_assigned: (data.is_ai, data.is_involved),
    "resolution_rate": _resolution,
    "automation_rate": _automation,
    "false_resolution_rate": _false_resolution,
    "escalation_rate": lambda data, as_assigned: (data.is_ai & data.is_involved, data.is_escalated),
    "missed_escalation_rate": _missed_escalation,
    "csat": _csat,
    "csat_response_rate": lambda data, as_assigned: (np.ones(len(data), dtype=bool), ~np.isnan(data.csat_positive)),
    "answer_quality": _tagged("correct"),
    "answer_needs_improvement_rate": _tagged("needs_improvement"),
    "answer_incorrect_rate": _tagged("incorrect"),
    "review_share": lambda data, as_assigned: (data.is_ai & data.is_involved, data.review >= 0),
}


class Counter:
    """Counts a metric over any part of the outcomes, the marks of every metric made once."""

    def __init__(self, data: Outcomes) -> None:
        self.data = data
        self._marks: dict[tuple[str, bool], Marks] = {}

    def marks(self, metric: str, *, as_assigned: bool) -> Marks:
        """Which tickets count, and which score."""
        key = (metric, as_assigned)
        if key not in self._marks:
            self._marks[key] = METRICS[metric](self.data, as_assigned)
        return self._marks[key]

    def count(self, metric: str, which: np.ndarray, *, as_assigned: bool) -> tuple[Tally, Tally]:
        """A metric of the agent's arm and of the control arm, over the tickets of a mask (n,)."""
        counts, hits = self.marks(metric, as_assigned=as_assigned)
        kept = counts & which
        arms = [np.flatnonzero(kept & arm) for arm in (self.data.is_ai, ~self.data.is_ai)]
        ai, control = (tally(hits[places], self.data.requester[places]) for places in arms)
        return ai, control


RATE_COLUMNS = (
    "metric", "arm", "as_assigned", "numerator", "denominator", "rate", "low", "high", "count_requesters",
    "design_effect", "window_start", "window_end",
)  # fmt: skip


def rates(
    outcomes: pd.DataFrame | Outcomes,
    by: Sequence[str] = (),
    metrics: Sequence[str] = tuple(METRICS),
    *,
    as_assigned: bool = False,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Frame of rates [by x arm x metric].

    Args:
        outcomes: as ``read_outcomes`` takes them; a requester may come back, so intervals are clustered by requester.
        by: columns of the frame to cut by, such as ("day", "category_id"); none: all tickets together.
        as_assigned: every ticket of the arm, instead of what the agent was involved in.

    Returns:
        ``by`` and ``RATE_COLUMNS``; the window runs from the first to the last ticket of the row's group. Rows without a
        denominator are left out: not measured is not zero.
    """
    data = outcomes if isinstance(outcomes, Outcomes) else read_outcomes(outcomes)
    groups: list[tuple[tuple[Any, ...], np.ndarray]] = [((), np.arange(len(data)))]
    if by:
        found = data.frame.reset_index(drop=True).groupby(list(by), sort=True, observed=True).indices
        groups = [(key if isinstance(key, tuple) else (key,), np.asarray(places)) for key, places in found.items()]
    marks = {name: METRICS[name](data, as_assigned) for name in metrics}
    created_at = data.frame["created_at"].reset_index(drop=True)
    rows: list[tuple[Any, ...]] = []
    for key, places in groups:
        if not len(places):
            continue
        window = (created_at.iloc[places].min(), created_at.iloc[places].max())
        requester = np.unique(data.requester[places], return_inverse=True)[1]
        for name, (counts, hits) in marks.items():
            for arm, which in ((AI, data.is_ai[places]), (CONTROL, ~data.is_ai[places])):
                kept = counts[places] & which
                one = tally(hits[places][kept], requester[kept]) if kept.any() else NOTHING
                if one.denominator:
                    low, high = wilson(one, confidence)
                    rows.append(
                        (*key, name, arm, as_assigned, one.numerator, one.denominator, one.rate, low, high,
                         one.requesters, one.design_effect, *window)
                    )  # fmt: skip
    return pd.DataFrame(rows, columns=[*by, *RATE_COLUMNS])


def handle_time(data: Outcomes, confidence: float = 0.95) -> pd.DataFrame:
    """Mean minutes a person spent, by arm as assigned [arm]: mean, low, high, count; clustered by requester.

    From the frame's ``handle_minutes``; empty where the frame has none. Normal interval with the jackknife variance over
    requesters: a mean of minutes, skewed as they are, needs some hundred tickets to deserve it.
    """
    from statistics import NormalDist

    columns = ["arm", "mean_minutes", "low", "high", "denominator", "count_requesters"]
    if "handle_minutes" not in data.frame:
        return pd.DataFrame(columns=columns)
    minutes = data.frame["handle_minutes"].to_numpy(dtype=np.float64, na_value=np.nan)
    rows = []
    for arm, which in ((AI, data.is_ai), (CONTROL, ~data.is_ai)):
        kept = which & ~np.isnan(minutes)
        codes = np.unique(data.requester[kept], return_inverse=True)[1]
        sizes, sums = np.bincount(codes), np.bincount(codes, weights=minutes[kept])
        n, groups = int(sizes.sum()), len(sizes)
        if groups < 2:
            continue
        mean = sums.sum() / n
        spread = (groups - 1) / groups * np.square((sums - mean * sizes) / (n - sizes)).sum()
        half = NormalDist().inv_cdf(0.5 + confidence / 2) * float(np.sqrt(spread))
        rows.append((arm, float(mean), float(mean - half), float(mean + half), n, groups))
    return pd.DataFrame(rows, columns=columns)

"""Which changes of a month are said to have helped.

Belongs here: from measurements to effects, the least a measurement needs, and what is done because many changes are looked
at. Does not belong here: the measurements themselves, sentences (``effect_words``).

An effect is called where two things agree: its p-value passes Benjamini and Hochberg's step-up over everything measured in
the month, and its interval leaves zero out. Benjamini and Hochberg (1995), because what people read is the list of
improvements: of what is on it, one in twenty at most is expected to be luck, however many changes a month has. Since no
p-value above 5 % ever passes, and half of luck is bad, a change without any effect is called an improvement in 2.5 % of
cases at most. Holm's step-down would promise that no month has a single mistake and hide most true effects of a busy one.
Effects measured on the same tickets go up and down together; the step-up keeps its promise then (Benjamini and Yekutieli
2001), and the benchmark tries it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from assets.retrain_agent.effects import differences_in_differences as live
from assets.retrain_agent.effects import paired
from assets.retrain_agent.effects.effect import Effect, not_measurable
from assets.retrain_agent.effects.live_window import LiveChange, lacking, select_tickets

ALPHA = 0.05
LEAST_REPLAYED_REQUESTERS = 6
"""With fewer, even a change that mends every ticket cannot be told from luck: 2 / 2^5 is above 5 %."""
LEAST_JUDGED = 0.5
"""Share of replayed tickets that must be judged on both sides: else those left out could decide."""
PRE_TREND_ALPHA = 0.05


def paired_effect(change_id: str, metric: str, frame: pd.DataFrame, *, higher_is_better: bool = True) -> Effect:
    """Effect on replayed tickets, judged alone; see ``paired.read_pairs`` for the frame and its errors."""
    pairs = paired.read_pairs(frame)
    left_out = _left_out({"could not be judged on both sides": pairs.n_unjudged, "were repeated": pairs.n_repeated})
    gained, lost = int(pairs.gained.sum()), int(pairs.lost.sum())
    counted = f"{_tickets(pairs.n)} replayed; {gained:,} score only after the change, {lost:,} only before it{left_out}"
    problem = ""
    if pairs.n < LEAST_JUDGED * (pairs.n + pairs.n_unjudged):
        problem = f"{pairs.n_unjudged:,} of {_tickets(pairs.n + pairs.n_unjudged)} could not be judged on both sides"
    elif len(pairs.sizes) < LEAST_REPLAYED_REQUESTERS:
        problem = (
            f"{_tickets(pairs.n)} of {_people(len(pairs.sizes))}; {LEAST_REPLAYED_REQUESTERS} requesters are needed"
        )
    if problem:
        return not_measurable(change_id, metric, "paired", pairs.n, problem, counted, higher_is_better)
    exact, mid_p = paired.exact_test(pairs)
    low, high = paired.interval(pairs)
    effect = Effect(
        change_id, metric, "paired", pairs.n, pairs.n_discordant, pairs.difference, low, high, exact, "no_effect_shown", "",
        counted, mid_p, higher_is_better,
    )  # fmt: skip
    return judge_month([effect])[0]


def live_effect(
    change: LiveChange, metric: str, frame: pd.DataFrame, as_of: pd.Timestamp, *, higher_is_better: bool = True
) -> Effect:
    """Effect on live outcomes, judged alone; see ``live_window.select_tickets`` for the frame and its errors."""
    tickets = select_tickets(frame, change, as_of)
    left_out = _left_out(
        {
            "were too young to be judged": tickets.n_young,
            "have no known outcome": tickets.n_unknown,
            "were repeated": tickets.n_repeated,
        }
    )
    parts = ", ".join(f"{int(which.sum()):,} {name}" for name, which in tickets.groups().items())
    until = "" if change.ended_at is None else f", until {change.ended_at.tz_convert('UTC'):%-d %B %Y, %H:%M} UTC"
    counted = f"{_tickets(len(tickets))} ({parts}){until}{left_out}"
    if problems := lacking(tickets):
        return not_measurable(
            change.change_id, metric, "live", len(tickets), "; ".join(problems), counted, higher_is_better
        )
    found = live.measure(tickets)
    problem = ""
    if found.pre_trend_p is None:
        problem = "the weeks before the change have too few tickets to see whether both groups moved alike"
    elif found.pre_trend_p < PRE_TREND_ALPHA:
        problem = (
            "the targeted categories and the untouched ones did not move alike before the change "
            f"(p = {_p(found.pre_trend_p)}), so what came after it cannot be laid to the change"
        )
    elif not np.isfinite([found.low, found.high]).all():
        problem = "a few requesters or weeks decide everything"
    if problem:
        return not_measurable(change.change_id, metric, "live", len(tickets), problem, counted, higher_is_better)
    effect = Effect(
        change.change_id, metric, "live", len(tickets), None, found.difference, found.low, found.high, found.p,
        "no_effect_shown", "", counted, None, higher_is_better,
    )  # fmt: skip
    return judge_month([effect])[0]


def judge_month(effects: Sequence[Effect], alpha: float = ALPHA) -> list[Effect]:
    """The same effects in the same order, each with the verdict it has among the others.

    Args:
        effects: everything measured on the changes of one month; what is not measurable stays so and costs the others
            nothing. Judging again, with more, starts from the p-values anew.
    """
    from scipy.stats import false_discovery_control

    measured = [place for place, one in enumerate(effects) if one.is_measured]
    adjusted = false_discovery_control([effects[place].p for place in measured]) if measured else []
    judged = list(effects)
    for place, p in zip(measured, adjusted, strict=True):
        judged[place] = _judge(effects[place], float(p), len(measured), alpha)
    return judged


def _judge(effect: Effect, adjusted: float, family: int, alpha: float) -> Effect:
    among = "" if family == 1 else f", {_p(adjusted)} among {family} effects looked at"
    said = f"p = {_p(effect.p)}{among}"
    if adjusted <= alpha and effect.excludes_nothing_happened:
        is_good = (effect.difference > 0) == effect.higher_is_better
        return replace(effect, verdict="improvement" if is_good else "worse", why=said)
    if effect.n_discordant == 0:
        why = f"every one of {_tickets(effect.n)} came out as before"
    elif effect.p > alpha:
        why = f"no more than chance explains ({said})"
    elif adjusted > alpha:
        why = f"among so many effects chance explains one like this ({said})"
    else:
        why = f"the interval does not leave zero out ({said})"
    return replace(effect, verdict="no_effect_shown", why=why)


def _left_out(counts: dict[str, int]) -> str:
    said = [f"{count:,} {words}" for words, count in counts.items() if count]
    return f"; left out: {', '.join(said)}" if said else ""


def _tickets(count: int) -> str:
    return f"{count:,} ticket{'' if count == 1 else 's'}"


def _people(count: int) -> str:
    return f"{count:,} requester{'' if count == 1 else 's'}"


def _p(value: float) -> str:
    return "below 0.001" if value < 0.001 else f"{value:.3f}"

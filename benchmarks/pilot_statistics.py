"""Does the verdict keep its promises? `make bench-pilot-statistics`.

Pilots with known truth are simulated and judged by the product's own code. Requesters come back with a heavy tail (most
once, some dozens of times) and one requester's tickets resemble one another; some categories are large and some small.
Reported with exact (Clopper and Pearson) bounds: how often an agent that is worse by exactly its margin, or by more, is
expanded; how often a good one is; how often a harmful one is rolled back, and a harmless one by mistake; how often 95 %
intervals hold the truth, for the methods considered. The draw of requesters is tried on a million ids.

A simulated requester has a number between 0 and 1 for every outcome; a ticket uses it with probability sqrt(icc), else
one of its own, and scores where the number lies below the rate. So rates are exact, and two tickets of one requester
correlate by ``icc``.
"""

from __future__ import annotations

import argparse
import math
import time
from collections import Counter as Count
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from assets.pilot_agent.assignment.assign_rollout import assign_rollout
from assets.pilot_agent.assignment.balance import balance
from assets.pilot_agent.assignment.realised_share import realised_share
from assets.pilot_agent.verdict.clustered_rates import Tally, exact_bounds, wilson
from assets.pilot_agent.verdict.conditions import examine
from assets.pilot_agent.verdict.differences import difference_interval
from assets.pilot_agent.verdict.families import OVER_ALL
from assets.pilot_agent.verdict.judge_pilot import judge
from assets.pilot_agent.verdict.judged import Judged
from benchmarks.results_file import write_results
from desk.pilot import PilotFile

HERE = Path(__file__).resolve().parent
MARGIN, LIMIT, CSAT_MARGIN = 0.05, 0.03, 0.10
LARGE = {"large_1": 0.3, "large_2": 0.25, "large_3": 0.2}
SMALL = {"small_1": 0.09, "small_2": 0.08, "small_3": 0.05, "small_4": 0.03}
"""Shares of volume; at the default volume the small ones cannot be judged alone."""


@dataclass(frozen=True)
class Truth:
    """A pilot's world. ``difference`` and ``csat_difference``: agent minus people, as assigned, in every category that
    ``own`` does not name."""

    difference: float = 0.0
    own: tuple[tuple[str, float], ...] = ()
    resolution: float = 0.7
    csat: float = 0.8
    csat_difference: float = 0.0
    missed: float = 0.005
    incorrect: float = 0.02
    categories: tuple[tuple[str, float], ...] = tuple({**LARGE, **SMALL}.items())
    tickets_per_week: int = 2500
    weeks: int = 4
    share: float = 0.2
    icc: float = 0.2
    tail: float = 1.8
    unhappy_return: bool = False
    response: float = 0.15
    involvement: float = 0.8


def plan(**changes: Any) -> PilotFile:
    """The registered plan that all scenarios share, with changes."""
    document: dict[str, Any] = {
        "pilot_id": "simulated",
        "start": date(2026, 1, 5),
        "rollout_weeks": 4,
        "rollout_share": 0.2,
        "primary": [
            {"metric": "resolution_rate", "kind": "assumed", "margin": MARGIN},
            {"metric": "csat", "margin": CSAT_MARGIN},
            {"metric": "missed_escalation_rate", "against": "limit", "limit": LIMIT},
        ],
        "categories": {"ids": sorted({**LARGE, **SMALL}), "min_answered": 150},
    }
    return PilotFile.model_validate({**document, **changes})


SEQUENTIAL = {"analysis": {"rule": "sequential", "looks_after_weeks": [2, 3, 4]}}
ONE = {"categories": {"ids": ["only"]}}


def ticket_rate(rate: float, truth: Truth) -> float:
    """Rate over tickets of an outcome whose rate over requesters is ``rate``; they differ where the unhappy return."""
    if not truth.unhappy_return:
        return rate
    # Requesters above 0.7 write twice as often, see `simulate`.
    below = min(rate, 0.7) + 2 * max(rate - 0.7, 0.0)
    return math.sqrt(truth.icc) * below / 1.3 + (1 - math.sqrt(truth.icc)) * rate


def requester_rate(wanted: float, truth: Truth) -> float:
    """The inverse of ``ticket_rate``."""
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if ticket_rate(middle, truth) < wanted else (low, middle)
    return (low + high) / 2


def simulate(rng: np.random.Generator, truth: Truth) -> pd.DataFrame:
    """Outcomes of one pilot's rollout, one row a ticket."""
    wanted = truth.tickets_per_week * truth.weeks
    own = rng.random(wanted)
    repeats = np.minimum(60, np.floor(rng.random(wanted) ** (-1 / truth.tail))).astype(np.int64)
    if truth.unhappy_return:
        repeats = repeats * np.where(own > 0.7, 2, 1)
    count = int(np.searchsorted(np.cumsum(repeats), wanted)) + 1
    in_rollout = rng.random(count) < truth.share
    requester = np.repeat(np.arange(count), repeats[:count])
    n = len(requester)
    is_ai = in_rollout[requester]
    names = [name for name, _ in truth.categories]
    odds = np.array([odds for _, odds in truth.categories])
    category = rng.choice(len(names), size=n, p=odds / odds.sum())
    shared = math.sqrt(truth.icc)

    def scores(rate: np.ndarray | float, first: np.ndarray | None = None) -> np.ndarray:
        mine = rng.random(count) if first is None else first
        number = np.where(rng.random(n) < shared, mine[requester], rng.random(n))
        return number < rate

    differences = dict.fromkeys(names, truth.difference) | dict(truth.own)
    base = requester_rate(truth.resolution, truth)
    rate_ai = np.array([requester_rate(truth.resolution + differences[name], truth) for name in names])
    is_resolved = scores(np.where(is_ai, rate_ai[category], base), own[:count])
    is_involved = is_ai & (rng.random(n) < truth.involvement)
    is_missed = is_involved & scores(truth.missed)
    is_escalated = is_involved & (rng.random(n) < 0.15) & ~is_missed
    is_positive = scores(np.where(is_ai, truth.csat + truth.csat_difference, truth.csat))
    is_rated = rng.random(n) < truth.response
    is_wrong = scores(truth.incorrect)
    seconds = (rng.random(n) * truth.weeks * 7 * 86400).astype(np.int64)
    nothing = np.full(n, np.nan)
    return pd.DataFrame(
        {
            "ticket_id": np.arange(n),
            "requester_id": requester,
            "category_id": pd.Categorical.from_codes(category, categories=pd.Index(names)),
            "arm": pd.Categorical.from_codes(is_ai.astype(int), categories=pd.Index(["control", "ai"])),
            "created_at": pd.DatetimeIndex(
                (seconds + 1_768_780_800) * 1_000_000_000, tz="UTC"
            ),  # seconds after 2026-01-19, when the rollout of `plan` starts
            "is_involved": is_involved,
            "is_resolved": is_resolved.astype(float),
            "is_false_resolution": nothing,
            "csat_positive": np.where(is_rated, is_positive, np.nan),
            "should_escalate": np.where(is_involved, is_missed | is_escalated, np.nan),
            "is_escalated": is_escalated,
            "review": pd.Categorical.from_codes(
                np.where(is_involved, np.where(is_wrong, 2, 0), -1),
                categories=pd.Index(["correct", "needs_improvement", "incorrect"]),
            ),
        },
        copy=False,
    )


def as_of(pilot: PilotFile, weeks: int) -> pd.Timestamp:
    """When the outcomes of so many weeks of rollout are known."""
    return pd.Timestamp(pilot.rollout_start, tz="UTC") + pd.Timedelta(days=7 * weeks + pilot.settle_days)


@dataclass(frozen=True)
class Scenario:
    """A world, a plan, and what may hardly ever happen: expanding any of ``never``."""

    says: str
    truth: Truth
    plan: PilotFile
    never: frozenset[str] = frozenset()
    good: frozenset[str] = frozenset()


def scenarios() -> dict[str, Scenario]:
    """What is simulated. "Margin" is the boundary: one step better would be acceptable, so errors are most likely there."""
    everything = frozenset({OVER_ALL, *LARGE, *SMALL})
    usual, one = plan(), plan(**ONE)
    only = Truth(categories=(("only", 1.0),))
    whole = frozenset({OVER_ALL, "only"})
    bad_one = Truth(difference=0.03, own=(("large_2", -MARGIN),))
    very_bad = Truth(difference=0.05, own=(("large_2", -0.2),), tickets_per_week=5000)
    good = Truth(difference=0.05, tickets_per_week=5000, missed=0.002)
    return {
        "margin": Scenario("resolution worse by exactly the margin, everywhere", Truth(-MARGIN), usual, everything),
        "twice_the_margin": Scenario("worse by twice the margin", Truth(-2 * MARGIN), usual, everything),
        "margin_sequential": Scenario("the same as margin, three looks", Truth(-MARGIN), plan(**SEQUENTIAL), everything),
        "margin_one_category": Scenario(
            "one category alone at the margin: the test without a family's caution",
            replace(only, difference=-MARGIN, missed=0.0), plan(**ONE), whole,
        ),
        "margin_one_category_sequential": Scenario(
            "the same, three looks", replace(only, difference=-MARGIN, missed=0.0), plan(**ONE, **SEQUENTIAL), whole
        ),
        "margin_unhappy_return": Scenario(
            "at the margin, and who was not helped writes twice as often",
            replace(only, difference=-MARGIN, missed=0.0, unhappy_return=True), one, whole,
        ),
        "csat_margin": Scenario(
            "csat worse by exactly its margin", Truth(difference=0.1, csat_difference=-CSAT_MARGIN, missed=0.0), usual, everything
        ),
        "missed_at_limit": Scenario(
            "missed escalations exactly at the limit", replace(only, difference=0.1, missed=LIMIT), one, whole
        ),
        "one_bad_category": Scenario("good, but one category at the margin", bad_one, usual, frozenset({"large_2"})),
        "one_very_bad_category": Scenario(
            "good, but one category worse by 20 points", very_bad, usual, frozenset({"large_2"}),
            frozenset({"large_1", "large_3"}),
        ),
        "good": Scenario("five points better, twice the volume", good, usual, good=everything),
        "good_sequential": Scenario("the same, three looks", good, plan(**SEQUENTIAL), good=everything),
        "equal": Scenario("equal to people", Truth(missed=0.002), usual, good=everything),
        "harmful": Scenario("15 % of answers incorrect where 5 % are allowed", Truth(incorrect=0.15), usual, everything),
        "safe_at_limits": Scenario(
            "incorrect and missed exactly at the safety limits", Truth(incorrect=0.05, missed=LIMIT), usual
        ),
    }  # fmt: skip


def play(scenario: Scenario, seed: int, count: int) -> Iterator[Judged]:
    """Simulated pilots, judged when the rollout's outcomes are known."""
    for number in range(count):
        frame = simulate(np.random.default_rng((seed, number)), scenario.truth)
        yield judge(frame, scenario.plan, as_of(scenario.plan, scenario.truth.weeks))


def bounds(count: int, total: int) -> dict[str, Any]:
    """A simulated share with its exact 95 % bounds, each one-sided."""
    low, high = exact_bounds(Tally(count, total, total, 1.0), 0.05)
    return {"count": count, "of": total, "rate": round(count / total, 4), "low": round(low, 4), "high": round(high, 4)}


def run_scenario(scenario: Scenario, seed: int, count: int, holds: dict[str, list[bool]], name: str) -> dict[str, Any]:
    """Shares of verdicts over simulated pilots; ``holds`` gathers, by interval, whether it held the truth."""
    verdicts: dict[str, Count[str]] = {}
    wrong = wrong_over_all = wrong_by_peeking = stopped = 0
    weeks: list[int] = []
    for judged in play(scenario, seed, count):
        expanded = {group for group, one in judged.decisions.items() if one.verdict == "expand"}
        wrong += bool(expanded & scenario.never)
        stopped += any(one.cause == "safety" for one in judged.decisions.values())
        wrong_over_all += OVER_ALL in expanded & scenario.never
        for group, one in judged.decisions.items():
            verdicts.setdefault(group, Count())[one.verdict] += 1
        if name == PEEKED_IN:
            wrong_by_peeking += peeks(judged, scenario.plan)
        whole = judged.decisions[OVER_ALL]
        if whole.is_final and whole.week is not None:
            weeks.append(whole.week)
        if name in COVERED_IN:
            note_coverage(judged, scenario, holds)
    found: dict[str, Any] = {
        "says": scenario.says,
        "pilots": count,
        "over_all": dict(verdicts[OVER_ALL]),
        "stopped_by_safety_anywhere": bounds(stopped, count),
        "mean_weeks_to_a_verdict": round(float(np.mean(weeks)), 2) if weeks else None,
    }
    if len(verdicts) > 2:
        found["categories"] = {group: dict(found) for group, found in sorted(verdicts.items()) if group != OVER_ALL}
    if scenario.never:
        found["wrongly_expanded"] = bounds(wrong, count)
        if OVER_ALL in scenario.never:
            found["wrongly_expanded_over_all"] = bounds(wrong_over_all, count)
    if name == PEEKED_IN:
        found["wrongly_expanded_by_whoever_peeks"] = bounds(wrong_by_peeking, count)
    if scenario.good:
        found["rightly_expanded"] = {
            group: bounds(verdicts[group]["expand"], count) for group in sorted(scenario.good & set(verdicts))
        }
    return found


PEEKED_IN = "margin_one_category"


def peeks(judged: Judged, pilot: PilotFile) -> bool:
    """Whether somebody who tests at full alpha after 1, 2, 3 and 4 weeks, against the rules, would expand."""
    (target,) = (one for one in pilot.primary if one.metric == "resolution_rate")
    parts = (judged.week_of < week for week in (1, 2, 3, 4))
    return any(examine(judged.counter, target, part, (), pilot).p_value <= pilot.alpha for part in parts)


COVERED_IN = ("margin", "equal", "margin_unhappy_return")
"""Scenarios over which coverage is counted: far from 0 and 1, and with informative numbers of tickets."""


def note_coverage(judged: Judged, scenario: Scenario, holds: dict[str, list[bool]]) -> None:
    """Whether each 95 % interval holds the truth, by method and size of group."""
    counter, truth = judged.counter, scenario.truth
    size = dict.fromkeys(LARGE, "large") | dict.fromkeys(SMALL, "small")
    category = counter.data.frame["category_id"]
    groups = {OVER_ALL: np.ones(len(counter.data), dtype=bool)}
    groups |= {name: (category == name).to_numpy() for name in ("large_3", "small_2", "small_4") if name in size}
    suffix = " unhappy_return" if truth.unhappy_return else ""
    values = {
        "resolution_rate": (truth.resolution + truth.difference, truth.resolution),
        "csat": (truth.csat + truth.csat_difference, truth.csat),
        "missed_escalation_rate": (truth.missed, math.nan),
        "answer_incorrect_rate": (truth.incorrect, math.nan),
    }
    for name, which in groups.items():
        for metric, (first, second) in values.items():
            ai, control = counter.count(metric, which, as_assigned=metric in ("resolution_rate", "csat"))
            if not ai.denominator:
                continue
            where = f"{metric}, {size.get(name, OVER_ALL)}{suffix}"
            naive = Tally(ai.numerator, ai.denominator, ai.denominator, 1.0)
            for method, (low, high) in {
                "wilson": wilson(ai),
                "wilson, requesters ignored": wilson(naive),
                "exact": exact_bounds(ai, 0.025),
            }.items():
                holds.setdefault(f"rate by {method}: {where}", []).append(low <= first <= high)
            if math.isnan(second) or not control.denominator:
                continue
            naive_control = Tally(control.numerator, control.denominator, control.denominator, 1.0)
            for method, (low, high) in {
                "score": difference_interval(ai, control),
                "score, requesters ignored": difference_interval(naive, naive_control),
                "wald": wald(ai, control),
                "newcombe": newcombe(ai, control),
            }.items():
                holds.setdefault(f"difference by {method}: {where}", []).append(low <= first - second <= high)


def wald(first: Tally, second: Tally) -> tuple[float, float]:
    """Cluster-robust linear probability model: the alternative of first resort, for comparison."""
    half = 1.959964 * math.sqrt(sum(one.rate * (1 - one.rate) / one.effective for one in (first, second)))
    return first.rate - second.rate - half, first.rate - second.rate + half


def newcombe(first: Tally, second: Tally) -> tuple[float, float]:
    """Newcombe's square-and-add of two Wilson intervals, on effective samples; for comparison."""
    (low1, high1), (low2, high2) = wilson(first), wilson(second)
    middle = first.rate - second.rate
    return (
        middle - math.hypot(first.rate - low1, high2 - second.rate),
        middle + math.hypot(high1 - first.rate, second.rate - low2),
    )


def try_assignment(seed: int, count: int, draws: int = 400) -> dict[str, Any]:
    """The draw over many ids: speed, stickiness, nobody moved by a change of share, share and balance."""
    ids = [f"requester-{number:07d}" for number in range(count)]
    start = time.process_time()
    drawn = assign_rollout(ids, "salt", 0.15)
    seconds = time.process_time() - start
    order = np.random.default_rng(seed).permutation(count)
    again = assign_rollout([ids[place] for place in order], "salt", 0.15)
    more, less = assign_rollout(ids, "salt", 0.20), assign_rollout(ids, "salt", 0.10)
    other = assign_rollout(ids, "another salt", 0.15)
    rng = np.random.default_rng((seed, 1))
    tickets = pd.DataFrame(
        {
            "requester_id": ids,
            "arm": np.where(drawn, "ai", "control"),
            "plan": rng.choice(["free", "pro", "enterprise"], count, p=[0.6, 0.3, 0.1]),
            "language": rng.choice(["en", "de", "es"], count, p=[0.7, 0.2, 0.1]),
            "channel": rng.choice(["mail", "chat", "web"], count),
        }
    )
    alike = balance(tickets)
    repeated = imbalance_alarms(seed, draws)
    return {
        "ids": count,
        "cpu_seconds": round(seconds, 2),
        "is_sticky": bool((again == drawn[order]).all()),
        "raising_moves_nobody_out": bool((more | ~drawn).all()),
        "lowering_adds_nobody": bool((drawn | ~less).all()),
        "share": float(drawn.mean()),
        "share_p_value": round(realised_share(tickets, 0.15).p_value, 4),
        "share_in_both_of_two_salts": float((drawn & other).mean()),
        "largest_standardised_difference": round(float(alike["standardised_difference"].abs().max()), 5),
        "balance_p_values": {
            name: round(p, 4)
            for name, p in alike.drop_duplicates("covariate").set_index("covariate")["p_value"].items()
        },
        "false_balance_alarms": repeated,
    }


def imbalance_alarms(seed: int, draws: int) -> dict[str, Any]:
    """How often a fair draw of requesters who come back looks unbalanced at 5 %, with and without the correction."""
    from scipy.stats import chi2_contingency

    with_it = without = 0
    for number in range(draws):
        frame = simulate(np.random.default_rng((seed, 2, number)), Truth(tickets_per_week=800))
        plans = np.random.default_rng((seed, 3, number)).choice(
            ["free", "pro", "enterprise"], frame["requester_id"].max() + 1
        )
        frame["plan"] = plans[frame["requester_id"]]
        with_it += int(float(balance(frame, ["plan"])["p_value"].iloc[0]) < 0.05)
        without += int(chi2_contingency(pd.crosstab(frame["plan"], frame["arm"])).pvalue < 0.05)
    return {"clustered": bounds(with_it, draws), "requesters_ignored": bounds(without, draws)}


def run(seed: int, pilots: int, ids: int) -> dict[str, Any]:
    """Everything that is written."""
    from rich.progress import track

    started = time.process_time()
    holds: dict[str, list[bool]] = {}
    told = {
        name: run_scenario(scenario, seed, pilots, holds, name)
        for name, scenario in track(scenarios().items(), description="simulating pilots")
    }
    coverage = {name: bounds(sum(values), len(values)) for name, values in sorted(holds.items())}
    used = {name: one for name, one in coverage.items() if name.startswith(("difference by score:", "rate by wilson:"))}
    return {
        "claims": {
            "a_worse_agent_is_expanded_in_5_percent_at_most": all(
                one[key]["low"] <= 0.05 for one in told.values() for key in ("wrongly_expanded",) if key in one
            ),
            "intervals_hold_the_truth_in_95_percent": all(one["high"] >= 0.95 for one in used.values()),
            "safety_stops_a_harmless_agent_in_5_percent_at_most": told["safe_at_limits"]["stopped_by_safety_anywhere"][
                "low"
            ]
            <= 0.05,
        },
        "scenarios": told,
        "coverage_of_95_percent_intervals": coverage,
        "assignment": try_assignment(seed, ids),
        "pilots_a_scenario": pilots,
        "cpu_seconds": round(time.process_time() - started),
    }


def main() -> None:
    """Run, print tables, write benchmarks/results/pilot_statistics.json."""
    from rich.console import Console
    from rich.table import Table

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pilots", type=int, default=1_000)
    parser.add_argument("--ids", type=int, default=1_000_000)
    parser.add_argument("--dry", action="store_true", help="write nothing")
    options = parser.parse_args()
    record = run(options.seed, options.pilots, options.ids)
    console = Console()
    table = Table("scenario", "over all", "wrongly expanded (exact 95 % lower, upper bound)", "weeks")
    for name, one in record["scenarios"].items():
        wrong = one.get("wrongly_expanded")
        said = f"{wrong['rate']:.3f} ({wrong['low']:.3f}, {wrong['high']:.3f})" if wrong else ""
        table.add_row(
            name, ", ".join(f"{verdict} {count}" for verdict, count in one["over_all"].items()), said,
            str(one["mean_weeks_to_a_verdict"]),
        )  # fmt: skip
    console.print(table)
    table = Table("95 % interval", "holds the truth")
    for name, one in record["coverage_of_95_percent_intervals"].items():
        table.add_row(name, f"{one['rate']:.3f} ({one['low']:.3f}, {one['high']:.3f})")
    console.print(table)
    console.print(record["assignment"])
    console.print(record["claims"])
    if not options.dry:
        file = write_results("pilot_statistics", record, "numpy", "scipy", "statsmodels", "pandas", seed=options.seed)
        console.print(f"written to {file}")


if __name__ == "__main__":
    main()

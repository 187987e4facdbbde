"""Is what is said of a change's effect true? `make bench-effects`.

Changes whose effect is known are simulated (``effects_worlds``) and judged by the product's own code, month by month, ten
at a time. Reported with exact (Clopper and Pearson) bounds: how many of 500 changes without any effect are called an
improvement, each alone, in months of such changes, and in months with as many changes that do have one; how often 95 %
intervals hold the truth, ours and others'; how often effects of some size are found at some number of tickets; and what
happens where a live effect's assumption is broken.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from assets.pilot_agent.verdict.clustered_rates import Tally, exact_bounds
from assets.retrain_agent.effects.differences_in_differences import measure
from assets.retrain_agent.effects.effect import Effect
from assets.retrain_agent.effects.judge_effects import judge_month, live_effect, paired_effect
from assets.retrain_agent.effects.live_window import LiveChange, lacking, select_tickets
from assets.retrain_agent.effects.paired import interval, read_pairs
from benchmarks.effects_rivals import live_rivals, paired_rivals
from benchmarks.effects_worlds import RELEASED, LiveWorld, PairedWorld, lived, replayed, replayed_together
from benchmarks.results_file import write_results

METRIC = "resolution_rate"
MONTH = 10
AS_OF = RELEASED + pd.Timedelta(days=60)
World = PairedWorld | LiveWorld

RARE = LiveWorld(base=(0.06, 0.04, 0.02, 0.03), season=0.005, trend=0.0)
NO_EFFECT: dict[str, World] = {
    "replay": PairedWorld(),
    "replay, 40 tickets, everybody once": PairedWorld(n=40, tail=0.0, gained=0.1, lost=0.1),
    "replay, requesters very alike": PairedWorld(n=400, icc=0.5, tail=1.3, gained=0.08, lost=0.08),
    "replay, few tickets change": PairedWorld(n=300, gained=0.01, lost=0.01),
    "replay, a third not judged": PairedWorld(unjudged=0.33),
    "live": LiveWorld(),
    "live, requesters very alike": LiveWorld(icc=0.5, tail=1.3),
    "live, strong season and trend in common": LiveWorld(season=0.1, trend=0.012),
    "live, targeted category small": LiveWorld(shares=(0.06, 0.6, 0.2, 0.14)),
    "live, rare outcomes": RARE,
}
EFFECTS: dict[str, World] = {
    "replay +12 points": PairedWorld(gained=0.15, lost=0.03),
    "replay +12 points, 25 tickets": PairedWorld(n=25, gained=0.15, lost=0.03),
    "replay +12 points, everybody once": PairedWorld(tail=0.0, gained=0.15, lost=0.03),
    "replay +4 points, nothing lost": PairedWorld(gained=0.04, lost=0.0),
    "replay -5 points, requesters very alike": PairedWorld(n=400, icc=0.5, tail=1.3, gained=0.03, lost=0.08),
    "live +10 points": LiveWorld(effect=0.10),
    "live +10 points, requesters very alike": LiveWorld(effect=0.10, icc=0.5, tail=1.3),
    "live +20 points, targeted category small": LiveWorld(effect=0.20, shares=(0.06, 0.6, 0.2, 0.14)),
    "live -3 points, rare outcomes": replace(RARE, effect=-0.03),
    "live +10 points, rolled back after 12 days": LiveWorld(effect=0.10, tickets_per_week=600, weeks_after=12 / 7),
    "live +10 points, shocks of 3 points a category and week": LiveWorld(effect=0.10, shocks=0.03),
}
BROKEN: dict[str, World] = {
    "live, own trend of 1 point a week": LiveWorld(own_trend=0.01),
    "live, own trend of 2 points a week": LiveWorld(own_trend=0.02),
    "live, shocks of 4 points a category and week": LiveWorld(shocks=0.04, tickets_per_week=1000),
}
"""No effect, and the targeted category moves by itself."""


def change_of(world: LiveWorld, number: int) -> LiveChange:
    """The simulated change; what ends early was rolled back."""
    names = [f"category_{place}" for place in range(len(world.shares))]
    is_early = world.weeks_after != int(world.weeks_after)
    return LiveChange(
        f"C-{number:03d}", RELEASED, frozenset(names[:1]), frozenset(names[1:]),
        RELEASED + pd.Timedelta(days=7 * world.weeks_after) if is_early else None,
    )  # fmt: skip


def effect_of(world: World, seed: tuple[int, ...]) -> Effect:
    """One simulated change, judged alone."""
    rng = np.random.default_rng(seed)
    if isinstance(world, PairedWorld):
        return paired_effect(f"C-{seed[-1]:03d}", METRIC, replayed(rng, world))
    return live_effect(change_of(world, seed[-1]), METRIC, lived(rng, world), AS_OF)


def bounds(count: int, total: int) -> dict[str, Any]:
    """A simulated share with its exact 95 % bounds, each one-sided."""
    low, high = exact_bounds(Tally(count, total, total, 1.0), 0.05)
    return {"count": count, "of": total, "rate": round(count / max(total, 1), 4), "low": round(low, 4), "high": round(high, 4)}  # fmt: skip


def called(effects: Iterable[Effect], verdict: str = "improvement") -> int:
    """How many have a verdict."""
    return sum(one.verdict == verdict for one in effects)


def months(effects: list[Effect]) -> list[Effect]:
    """Judged again, ``MONTH`` at a time."""
    return [one for at in range(0, len(effects), MONTH) for one in judge_month(effects[at : at + MONTH])]


def without_effect(seed: int, changes: int, step: Any) -> dict[str, Any]:
    """Changes without any effect, alone, in months of their own, and in months where as many have one."""
    null, real, names = [], [], []
    effective = [EFFECTS["replay +12 points"], EFFECTS["live +10 points"]]
    for number in range(changes):
        name = list(NO_EFFECT)[number % len(NO_EFFECT)]
        names.append(name)
        null.append(effect_of(NO_EFFECT[name], (seed, 1, number)))
        real.append(effect_of(effective[number % 2], (seed, 2, number)))
        step()
    own = months(null)
    mixed_null: list[Effect] = []
    mixed_real: list[Effect] = []
    for at in range(0, changes, MONTH):
        judged = judge_month(null[at : at + MONTH] + real[at : at + MONTH])
        mixed_null += judged[: len(null[at : at + MONTH])]
        mixed_real += judged[len(null[at : at + MONTH]) :]
    found = called(mixed_real)
    return {
        "changes": changes,
        "called_improvements": bounds(called(own), changes),
        "called_worse": bounds(called(own, "worse"), changes),
        "called_improvements_alone": bounds(called(null), changes),
        "called_improvements_in_months_where_half_have_an_effect": bounds(called(mixed_null), changes),
        "wrong_among_what_is_called_in_those_months": bounds(
            called(mixed_null) + called(mixed_null, "worse"), called(mixed_null) + called(mixed_null, "worse") + found
        ),
        "true_effects_found_in_those_months": bounds(found, changes),
        "verdicts": dict(Counter(one.verdict for one in own)),
        "by_world_alone": {
            name: {
                "called_improvements": bounds(
                    sum(one.verdict == "improvement" and where == name for one, where in zip(null, names, strict=True)),
                    names.count(name),
                ),
                "not_measurable": sum(
                    one.verdict == "not_measurable" and where == name for one, where in zip(null, names, strict=True)
                ),
            }
            for name in NO_EFFECT
        },
    }


def same_tickets(seed: int, count: int) -> dict[str, Any]:
    """Months whose ten changes were replayed on the same tickets, so that luck is theirs in common; five have an effect."""
    wrong: list[float] = []
    null_called = 0
    for number in range(count):
        frames = replayed_together(
            np.random.default_rng((seed, 6, number)), PairedWorld(n=300), [0.0, 0.08] * (MONTH // 2)
        )
        judged = judge_month([paired_effect(f"C-{at}", METRIC, frame) for at, frame in enumerate(frames)])
        said = [one.verdict != "no_effect_shown" for one in judged]
        null_called += called(judged[::2])
        wrong.append(sum(said[::2]) / max(sum(said), 1))
    return {
        "months": count,
        "called_improvements_without_effect": bounds(null_called, count * MONTH // 2),
        "mean_share_wrong_among_what_is_called": round(float(np.mean(wrong)), 4),
    }


def coverage(world: World, seed: int, place: int, draws: int, rivals: int, step: Any) -> dict[str, Any]:
    """How often 95 % intervals hold the true effect: ours on ``draws`` changes, others on the first ``rivals``."""
    holds: dict[str, list[bool]] = {}
    width: list[float] = []
    for number in range(draws):
        step()
        rng = np.random.default_rng((seed, 3, place, number))
        if isinstance(world, PairedWorld):
            frame = replayed(rng, world)
            pairs = read_pairs(frame)
            ends = {"ours": interval(pairs)} | (paired_rivals(frame, pairs) if number < rivals else {})
        else:
            tickets = select_tickets(lived(rng, world), change_of(world, number), AS_OF)
            if lacking(tickets):
                continue
            found = measure(tickets)
            ends = {"ours": (found.low, found.high)} | (live_rivals(tickets) if number < rivals else {})
        for name, (low, high) in ends.items():
            holds.setdefault(name, []).append(low - 1e-9 <= world.effect <= high + 1e-9)
        width.append(ends["ours"][1] - ends["ours"][0])
    return {
        "effect": round(world.effect, 4),
        **{name: bounds(sum(one), len(one)) for name, one in holds.items()},
        "median_width_in_points": round(100 * float(np.median(width)), 1),
    }


def power(seed: int, draws: int, step: Any) -> list[dict[str, Any]]:
    """Share of true effects that are called when judged alone, by method, size and effect."""
    rows = []
    for size in (50, 100, 200, 400):
        for gained, lost in ((0.08, 0.03), (0.13, 0.03), (0.23, 0.03)):
            rows.append(("replay", f"{size} tickets", PairedWorld(n=size, gained=gained, lost=lost)))
    for size in (100, 400, 1500):
        for effect in (0.05, 0.10, 0.20):
            rows.append(("live", f"{size} tickets a week, a quarter targeted", LiveWorld(tickets_per_week=size, effect=effect)))  # fmt: skip
    told = []
    for place, (method, size, world) in enumerate(rows):
        effects = []
        for number in range(draws):
            effects.append(effect_of(world, (seed, 4, place, number)))
            step()
        row = {"method": method, "size": size, "effect": round(world.effect, 4)}
        told.append(
            {**row, "found": bounds(called(effects), draws), "not_measurable": called(effects, "not_measurable")}
        )
    return told


def broken(seed: int, draws: int, step: Any) -> dict[str, Any]:
    """No effect, and the assumption does not hold: what is called, and what the weeks before give away."""
    told = {}
    for place, (name, world) in enumerate(BROKEN.items()):
        effects = []
        for number in range(draws):
            effects.append(effect_of(world, (seed, 5, place, number)))
            step()
        told[name] = {
            "called_improvements": bounds(called(effects), draws),
            "not_measurable": bounds(called(effects, "not_measurable"), draws),
        }
    return told


def run(seed: int, changes: int, draws: int) -> dict[str, Any]:
    """Everything that is written; ``draws``: simulated changes an effect for coverage."""
    from rich.progress import Progress

    started = time.process_time()
    few = max(draws // 5, 1)
    total = changes + draws * len(EFFECTS) + few * (21 + len(BROKEN))
    with Progress() as progress:
        task = progress.add_task("simulating changes", total=total)

        def step() -> None:
            progress.advance(task)

        null = without_effect(seed, changes, step)
        held = {
            name: coverage(world, seed, place, draws, few, step) for place, (name, world) in enumerate(EFFECTS.items())
        }
        shared = same_tickets(seed, few)
        found = power(seed, few, step)
        lost = broken(seed, few, step)
    return {
        "claims": {
            "changes_without_effect_are_called_improvements_in_5_percent_at_most": all(
                null[key]["low"] <= 0.05
                for key in null
                if key.startswith("called_improvements") or key.startswith("wrong_among")
            ),
            "intervals_hold_planted_effects_in_95_percent": all(one["ours"]["high"] >= 0.95 for one in held.values()),
        },
        "without_effect": null,
        "ten_changes_on_the_same_tickets": shared,
        "coverage_of_95_percent_intervals": held,
        "power_alone": found,
        "assumption_broken": lost,
        "cpu_seconds": round(time.process_time() - started),
    }


def main() -> None:
    """Run, print tables, write benchmarks/results/effects.json."""
    from rich.console import Console
    from rich.table import Table

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--changes", type=int, default=500, help="without any effect")
    parser.add_argument("--draws", type=int, default=500, help="a planted effect")
    parser.add_argument("--dry", action="store_true", help="write nothing")
    options = parser.parse_args()
    record = run(options.seed, options.changes, options.draws)
    console = Console()
    for name, one in record["without_effect"].items():
        if isinstance(one, dict) and "rate" in one:
            console.print(f"{name}: {_said(one)}", highlight=False)
    table = Table("planted effect", "95 % interval", "holds it (exact 95 % lower, upper bound)")
    for name, one in record["coverage_of_95_percent_intervals"].items():
        for method, held in one.items():
            if isinstance(held, dict):
                table.add_row(name, method, _said(held))
    console.print(table)
    table = Table("method", "size", "effect", "found", "not measurable")
    for row in record["power_alone"]:
        table.add_row(
            row["method"], row["size"], f"{row['effect']:+.2f}", _said(row["found"]), str(row["not_measurable"])
        )
    console.print(table)
    console.print({name: record[name] for name in ("ten_changes_on_the_same_tickets", "assumption_broken")})
    console.print(record["claims"])
    if not options.dry:
        file = write_results("effects", record, "numpy", "scipy", "statsmodels", "pandas", seed=options.seed)
        console.print(f"written to {file}")


def _said(one: dict[str, Any]) -> str:
    return f"{one['rate']:.3f} ({one['low']:.3f}, {one['high']:.3f})"


if __name__ == "__main__":
    main()

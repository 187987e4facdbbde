"""Rates over many broken worlds, with 95 % intervals that know that failures of one fault stand and fall together.

Belongs here: the three promised rates, their parts, their intervals. Does not belong here: how the rows came about
(``try_detectors``).

Intervals are percentile bootstraps over clusters (Davison and Hinkley 1997): whole faults are drawn again, and for patterns,
which may hold failures of several faults, whole worlds. Where every cluster says the same the bootstrap sees no doubt at
all; Wilson's interval over as many clusters as there are then takes its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from assets.retrain_agent.planted_faults.try_detectors import NO_FAULT, SEVERAL, Found

PURE = 0.9
"""A pattern is pure when at least this share of its planted failures come from one fault."""
DRAWS = 4_000
SEED = 7


def measure_found(worlds: Mapping[int, Found]) -> dict[str, Any]:
    """Figures, JSON-ready, over worlds by seed.

    type_accuracy: planted failures with the right type; pattern_purity: patterns with a planted failure of which at least
    ``PURE`` of the planted failures come from one fault, beside it only those with two planted failures and more, counted by
    failures, and ``_with_others``: of all failures of the pattern, those included that nobody planted; removed_by_fix: planted failures that are right again with the
    fixes. Each with _low and _high; ``_elsewhere``: of tickets that nothing may be learnt from; then by kind of fault, and
    counts.
    """
    failures = [(f"{seed}/{row['fault']}", row) for seed, found in worlds.items() for row in found.failures]
    is_one = len(worlds) == 1  # then each pattern has to stand for itself
    patterns = [
        (str(row["pattern_id"] if is_one else seed), row) for seed, found in worlds.items() for row in found.patterns
    ]
    elsewhere = [(cluster, row) for cluster, row in failures if row["side"] != "train"]
    kinds = sorted({row["kind"] for _, row in failures})

    def typed(rows: Sequence[tuple[str, Mapping[str, Any]]]) -> list[tuple[str, float, float]]:
        return [(cluster, float(row["found"] == row["expected"]), 1.0) for cluster, row in rows]

    def removed(rows: Sequence[tuple[str, Mapping[str, Any]]]) -> list[tuple[str, float, float]]:
        return [(cluster, float(row["is_removed"]), 1.0) for cluster, row in rows]

    shares = [(world, *_share_of_one(row)) for world, row in patterns]
    counts: Counter[str] = Counter()
    for found in worlds.values():
        counts.update(found.counts)
    return {
        **rate("type_accuracy", typed(failures)),
        **rate("pattern_purity", [(world, float(share >= PURE), 1.0) for world, share, _, _ in shares]),
        **rate("removed_by_fix", removed(failures)),
        **rate("pattern_purity_with_others", [(world, float(share >= PURE), 1.0) for world, _, share, _ in shares]),
        **rate(
            "pattern_purity_of_two_and_more",
            [(world, float(share >= PURE), 1.0) for world, share, _, size in shares if size > 1],
        ),
        **rate(
            "pattern_purity_by_failures", [(world, (share >= PURE) * size, size) for world, share, _, size in shares]
        ),
        **rate("removed_elsewhere", removed(elsewhere)),
        **rate("type_accuracy_elsewhere", typed(elsewhere)),
        "by_kind": {
            kind: {
                **rate("type_accuracy", typed(mine)),
                **rate("removed_by_fix", removed(mine)),
                "failures": len(mine),
                "faults": len({cluster for cluster, _ in mine}),
                "found": dict(Counter(row["found"] for _, row in mine).most_common()),
            }
            for kind in kinds
            if (mine := [(cluster, row) for cluster, row in failures if row["kind"] == kind])
        },
        "worlds": len(worlds),
        "faults": sum(len(found.faults) for found in worlds.values()),
        "faults_with_failures": len({cluster for cluster, _ in failures}),
        "failures": len(failures),
        "failures_elsewhere": len(elsewhere),
        "patterns": len(patterns),
        "fixes": dict(Counter(str(row["fix"]) for _, row in patterns).most_common()),
        "fixes_refused": sum(len(found.problems) for found in worlds.values()),
        "counts": dict(counts),
    }


def rate(name: str, rows: Sequence[tuple[str, float, float]]) -> dict[str, float | None]:
    """A rate with its 95 % interval as ``<name>``, ``<name>_low``, ``<name>_high``; None without rows.

    Args:
        rows: cluster, what counts, and out of what.
    """
    if not rows:
        return {name: None, f"{name}_low": None, f"{name}_high": None}
    value, low, high = _interval(rows)
    return {name: round(value, 4), f"{name}_low": round(low, 4), f"{name}_high": round(high, 4)}


def _interval(rows: Sequence[tuple[str, float, float]]) -> tuple[float, float, float]:
    from statsmodels.stats.proportion import proportion_confint

    clusters = sorted({cluster for cluster, _, _ in rows})
    place = {cluster: at for at, cluster in enumerate(clusters)}
    hits, all_of = np.zeros(len(clusters)), np.zeros(len(clusters))
    for cluster, hit, of in rows:
        hits[place[cluster]] += hit
        all_of[place[cluster]] += of
    value = float(hits.sum() / all_of.sum())
    drawn = np.random.default_rng(SEED).integers(0, len(clusters), size=(DRAWS, len(clusters)))
    rates = hits[drawn].sum(axis=1) / all_of[drawn].sum(axis=1)
    if float(np.ptp(rates)) == 0.0:
        low, high = proportion_confint(value * len(clusters), len(clusters), method="wilson")
        return value, float(low), float(high)
    low, high = np.quantile(rates, [0.025, 0.975])
    return value, float(low), float(high)


def _share_of_one(row: Mapping[str, Any]) -> tuple[float, float, float]:
    """The largest share of a pattern's planted failures that come from one fault, the same of all its failures, and how
    many were planted."""
    planted = [count for name, count in row["faults"].items() if name not in (NO_FAULT, SEVERAL)]
    most = max(planted, default=0)
    return most / sum(planted), most / sum(row["faults"].values()), float(sum(planted))

"""Are the published rates made of the counts that dbt keeps by day? One definition in two places, held together.

Belongs here: comparing sums. Does not belong here: either counting.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from assets.pilot_agent.verdict.metrics import METRICS
from assets.pilot_agent.verdict.outcomes_of_answers import ROLLOUT
from assets.pilot_agent.verdict.pilot_metrics import ALL, BY_KIND

AS_ASSIGNED = "_as_assigned"
Key = tuple[str, bool, str, str]
"""Metric as published, whether as assigned, arm, category."""


def differing_counts(metrics: pd.DataFrame, daily: pd.DataFrame, kind: str) -> list[str]:
    """Sentences on every rate of the rollout whose counts are not the sums of the days; empty where all are.

    Args:
        metrics: ``pilot_metrics``. daily: ``fct_pilot_daily``. kind: whose word on resolution is registered.
    """
    published = metrics[(metrics["phase"] == ROLLOUT) & metrics["cut"].isin([ALL, "category"])]
    rows: list[Any] = published.to_dict("records")
    have: dict[Key, tuple[int, int]] = {
        (row["metric"], bool(row["as_assigned"]), row["arm"], row["category_id"]): (
            int(row["numerator"]),
            int(row["denominator"]),
        )
        for row in rows
    }
    by_day = dict(_sums(daily, kind))
    columns = {(named(metric, kind), as_assigned) for metric, as_assigned, _ in _counted(daily)}
    found = []
    # A rate that no day counts is as wrong as one that they count otherwise.
    for key in [*by_day, *(one for one in have if one not in by_day and one[:2] in columns)]:
        own, counts = have.get(key, (0, 0)), by_day.get(key, (0, 0))
        if own != counts:
            metric, as_assigned, arm, category = key
            reading = " as assigned" if as_assigned else ""
            found.append(
                f"{metric}{reading}, {arm}, {category}: {own[0]:,}/{own[1]:,} published, {counts[0]:,}/{counts[1]:,} by day"
            )
    return found


def named(metric: str, kind: str) -> str:
    """How a metric is called where it is published for each kind of resolution."""
    return f"{metric}_{kind}" if metric in BY_KIND else metric


def _counted(daily: pd.DataFrame) -> list[tuple[str, bool, str]]:
    """Metrics that the days count, the reading, and the beginning of their columns' names."""
    readings = [(metric, as_assigned) for metric in METRICS for as_assigned in (False, True)]
    named_so = [(metric, one, f"{metric}{AS_ASSIGNED if one else ''}") for metric, one in readings]
    return [(metric, one, column) for metric, one, column in named_so if f"{column}_denominator" in daily]


def _sums(daily: pd.DataFrame, kind: str) -> Iterator[tuple[Key, tuple[int, int]]]:
    drawn = daily[daily["arm"].notna()]
    groups = [(ALL, drawn), *((str(name), part) for name, part in drawn.groupby("category_id"))]
    for category, whole in groups:
        for arm, part in whole.groupby("arm"):
            for metric, as_assigned, column in _counted(daily):
                counts = int(part[f"{column}_numerator"].sum()), int(part[f"{column}_denominator"].sum())
                yield (named(metric, kind), as_assigned, str(arm), category), counts

"""The pilot's metrics as tables: all tickets, and cut by category, plan, language, channel and week.

Belongs here: laying out published rates. Does not belong here: what a metric counts (``verdict.metrics``), counting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from assets.pilot_agent.report import pilot_words
from assets.pilot_agent.report.pilot_tables import cell
from assets.pilot_agent.verdict.outcomes import AI, CONTROL
from assets.pilot_agent.verdict.outcomes_of_answers import ROLLOUT
from assets.pilot_agent.verdict.pilot_metrics import ALL, HANDLE_TIME

CUTS = {
    "category": "By category",
    "plan": "By plan",
    "language": "By language",
    "channel": "By channel",
    "week": "By week",
}


@dataclass(frozen=True)
class Line:
    """A metric as the page shows it. ``{kind}`` in the name is the registered kind of resolution.

    has_people: whether people in the other arm have it too; as_assigned: whether it can be read of a whole arm;
    of_arm: it counts all tickets of the arm and nothing else.
    """

    metric: str
    title: str
    means: str
    has_people: bool = False
    as_assigned: bool = False
    of_arm: bool = False


SECTIONS: Mapping[str, Sequence[Line]] = {
    "Resolution": (
        Line("resolution_rate_assumed", "Resolved, assumed", "the customer did not come back in time", True, True),
        Line("resolution_rate_verified", "Resolved, verified", "a review says correct, of reviewed"),
        Line("resolution_rate_confirmed", "Resolved, confirmed", "the customer says so", True, True),
        Line("automation_rate_{kind}", "Resolved without a person", "of all tickets of the agent's arm", of_arm=True),
        Line(
            "false_resolution_rate_{kind}", "False resolutions", "back on the same category within 7 days, of resolved",
            True, True,
        ),
    ),
    "Handing over": (
        Line("involvement_rate", "Involved", "the agent replied, of all tickets of its arm", of_arm=True),
        Line("escalation_rate", "Handed to a person", "of those it was involved in"),
        Line("missed_escalation_rate", "Missed escalations", "should have gone to a person and did not, of reviewed"),
    ),
    "Customers and people": (
        Line("csat", "CSAT", "positive, of rated", True, True),
        Line("csat_response_rate", "CSAT response", "rated, of all tickets of the arm", True, of_arm=True),
        Line(HANDLE_TIME, "Handle time", "mean minutes a person spent on a ticket of the arm, as assigned", True, True),
    ),
    "Answer quality": (
        Line("answer_quality", "Correct", "of reviewed answers"),
        Line("answer_needs_improvement_rate", "Needs improvement", "of reviewed answers"),
        Line("answer_incorrect_rate", "Incorrect", "of reviewed answers"),
        Line("review_share", "Reviewed", "of tickets the agent was involved in"),
    ),
}  # fmt: skip
SHADOW_LINES = (
    Line("escalation_rate", "Would be handed over", "of all new tickets"),
    *SECTIONS["Answer quality"][:-1],
    Line("review_share", "Reviewed", "of all decisions"),
    Line("missed_escalation_rate", "Missed escalations", "should have gone to a person, of reviewed decisions"),
)
IN_CUTS: Sequence[tuple[str, str, str]] = (
    ("resolution_rate_assumed", AI, "Resolved, assumed"),
    ("resolution_rate_{kind}", CONTROL, "Resolved, {kind}, people"),
    ("resolution_rate_verified", AI, "Resolved, verified"),
    ("resolution_rate_confirmed", AI, "Resolved, confirmed"),
    ("false_resolution_rate_{kind}", AI, "False resolutions"),
    ("escalation_rate", AI, "Handed over"),
    ("missed_escalation_rate", AI, "Missed escalations"),
    ("csat", AI, "CSAT"),
    ("csat", CONTROL, "CSAT, people"),
    ("csat_response_rate", AI, "CSAT response"),
    ("answer_quality", AI, "Correct"),
    ("answer_incorrect_rate", AI, "Incorrect"),
)
"""Columns of the tables by cut: metric, arm, title."""
WEEKLY: Sequence[tuple[str, str, Sequence[tuple[str, str, str]]]] = (
    (
        "Resolution",
        "resolved",
        (("agent, where involved", AI, "resolution_rate_{kind}"), ("people", CONTROL, "resolution_rate_{kind}")),
    ),
    ("CSAT", "positive of rated", (("agent, where involved", AI, "csat"), ("people", CONTROL, "csat"))),
    ("Handed to a person", "of involved", (("agent", AI, "escalation_rate"),)),
    ("Incorrect answers", "of reviewed", (("agent", AI, "answer_incorrect_rate"),)),
)
"""Pictures by week: title, axis, and lines of name, arm and metric."""
_MISSING = {"rate": pilot_words.NOT_MEASURED, "count": "", "interval": ""}


class Measured:
    """Every published figure by what it is of, as cells of text.

    Args:
        metrics: ``pilot_metrics``. kind: the registered kind of resolution, None where no plan can be read.
    """

    def __init__(self, metrics: pd.DataFrame, kind: str | None) -> None:
        self.kind = kind or "assumed"
        self.frame = metrics
        self._cells: dict[tuple[str, str, str, str, str, bool], dict[str, str]] = {}
        for row in metrics.to_dict("records"):
            key = (row["phase"], row["cut"], row["value"], row["metric"], row["arm"], bool(row["as_assigned"]))
            self._cells[key] = (
                _minutes(row)
                if row["metric"] == HANDLE_TIME
                else cell(row["rate"], row["numerator"], row["denominator"], row["low"], row["high"])
            )

    def at(
        self, phase: str, cut: str, value: str, metric: str, arm: str, *, as_assigned: bool = False
    ) -> dict[str, str]:
        """A figure as text; “not measured” where there is none."""
        return self._cells.get((phase, cut, value, metric.format(kind=self.kind), arm, as_assigned), _MISSING)

    def has(self, phase: str) -> bool:
        """Whether anything was measured in a phase."""
        return bool((self.frame["phase"] == phase).any())

    def window(self, phase: str) -> str:
        """First and last day of the tickets a phase's rates count."""
        mine = self.frame[(self.frame["phase"] == phase) & (self.frame["cut"] == ALL)]
        return f"{pilot_words.day(mine['window_start'].min())} to {pilot_words.day(mine['window_end'].max())}"

    def is_registered(self, metric: str) -> bool:
        """Whether it is the registered kind of a metric that has several."""
        return metric == f"resolution_rate_{self.kind}"

    def sections(self) -> list[dict[str, Any]]:
        """All tickets of the rollout: the agent where it was involved, people, and the agent's arm as assigned."""
        return [{"title": title, "rows": [self._line(line) for line in lines]} for title, lines in SECTIONS.items()]

    def _line(self, line: Line) -> dict[str, Any]:
        def of(arm: str, as_assigned: bool) -> dict[str, str]:
            return self.at(ROLLOUT, ALL, ALL, line.metric, arm, as_assigned=as_assigned)

        # Handle time is published as assigned only: minutes of people, whoever answered.
        is_time = line.metric == HANDLE_TIME
        whole_arm = of(AI, not line.of_arm) if line.as_assigned or line.of_arm else None
        return {
            "title": line.title,
            "means": line.means,
            "is_registered": self.is_registered(line.metric),
            "ai": None if is_time or line.of_arm else of(AI, False),
            "people": of(CONTROL, is_time) if line.has_people else None,
            "assigned": whole_arm,
        }

    def shadow(self) -> list[dict[str, Any]]:
        """What reviewers said in the shadow weeks, all drafts together."""
        return [
            {"title": line.title, "means": line.means, "ai": self.at("shadow", ALL, ALL, line.metric, AI)}
            for line in SHADOW_LINES
        ]

    def cuts(self, names: Mapping[str, str]) -> list[dict[str, Any]]:
        """A table of the rollout for each cut that has values; columns are ``IN_CUTS``."""
        tables = []
        for cut, title in CUTS.items():
            mine = self.frame[(self.frame["phase"] == ROLLOUT) & (self.frame["cut"] == cut)]
            rows = [
                {
                    "value": _value_in_words(cut, value, names),
                    "cells": [self.at(ROLLOUT, cut, value, metric, arm) for metric, arm, _ in IN_CUTS],
                }
                for value in _in_order(cut, mine)
            ]
            if rows:
                tables.append(
                    {"title": title, "rows": rows, "columns": [name.format(kind=self.kind) for *_, name in IN_CUTS]}
                )
        return tables

    def weeks(self, metric: str, arm: str) -> pd.DataFrame:
        """A metric week by week [label, rate, low, high, numerator, denominator]: the shadow weeks, then the rollout's."""
        frame = self.frame
        which = (frame["cut"] == "week") & (frame["metric"] == metric.format(kind=self.kind)) & (frame["arm"] == arm)
        mine = frame[which & ~frame["as_assigned"].fillna(False).astype(bool)]
        if metric == "escalation_rate":
            # In shadow it is out of all tickets, in the rollout out of those attempted: one line would join two rates.
            mine = mine[mine["phase"] == ROLLOUT]
        mine = mine.sort_values(["phase", "window_start"], ascending=[False, True], kind="stable")
        labels = [_week_label(row["phase"], row["value"]) for row in mine.to_dict("records")]
        numbers = ("rate", "low", "high", "numerator", "denominator")
        return mine.assign(label=labels)[["label", *numbers]].astype(
            {"label": "object", **dict.fromkeys(numbers, "float64")}
        )

    def weekly(self) -> list[tuple[str, str, list[tuple[str, str, pd.DataFrame]]]]:
        """What ``WEEKLY`` asks for, where anything was measured."""
        made = [
            (title, axis, [(name, arm, self.weeks(metric, arm)) for name, arm, metric in lines])
            for title, axis, lines in WEEKLY
        ]
        return [one for one in made if any(len(frame) for *_, frame in one[2])]


def _in_order(cut: str, rows: pd.DataFrame) -> list[str]:
    ordered = rows.sort_values("window_start" if cut == "week" else "value", kind="stable")
    return list(dict.fromkeys(map(str, ordered["value"])))


def _value_in_words(cut: str, value: str, names: Mapping[str, str]) -> str:
    if cut == "week":
        return f"week {int(value) + 1}" if value.isdigit() else value
    return names.get(value, value) if cut == "category" else value


def _week_label(phase: str, value: str) -> str:
    """“1” for the rollout's first week; shadow weeks are named as such, and are one where nobody counted them."""
    number = f"{int(value) + 1}" if value.isdigit() else ""
    return f"shadow {number}".strip() if phase != ROLLOUT else number or value


def _minutes(row: Mapping[Any, Any]) -> dict[str, str]:
    """A mean of minutes: its numerator is the minutes of all tickets."""
    return {
        "rate": f"{row['rate']:.1f} min",
        "count": f"{row['numerator']:,.0f} min in {int(row['denominator']):,} tickets",
        "interval": f"{row['low']:.1f}–{row['high']:.1f} min",
    }

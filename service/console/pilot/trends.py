"""The metrics that can be followed from week to week, as lines of points with their words.

Belongs here: which metrics, and a published row as a point. Does not belong here: counting, drawing (``charts``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assets.pilot_agent.report.metric_tables import Measured
from assets.pilot_agent.verdict.outcomes import AI, CONTROL

AGENT_INVOLVED, PEOPLE = "agent, where involved", "people"


@dataclass(frozen=True)
class Metric:
    """A choice of the list. ``{kind}`` in the name is the registered kind of resolution; has_people: people in the other arm
    have it too."""

    name: str
    title: str
    counts: str
    axis: str
    has_people: bool = False


METRICS = (
    Metric("resolution_rate_{kind}", "Resolved", "tickets resolved without a person, of those the agent was involved in; "
           "for people: resolved, of the other arm's", "resolved", True),
    Metric("involvement_rate", "Involved", "tickets the agent replied to or asked back on, of all in its arm", "involved"),
    Metric("escalation_rate", "Handed to a person", "tickets that went to a person, of those the agent was involved in", "handed over"),
    Metric("csat", "CSAT", "positive ratings, of rated tickets", "positive", True),
    Metric("false_resolution_rate_{kind}", "False resolutions", "resolved tickets whose requester was back on the same category "
           "within 7 days, of resolved", "back within 7 days", True),
    Metric("answer_quality", "Correct answers", "tickets whose answers reviewers call correct, of those reviewed", "correct"),
    Metric("answer_incorrect_rate", "Incorrect answers", "tickets with an answer reviewers call incorrect, of those reviewed",
           "incorrect"),
)  # fmt: skip


@dataclass(frozen=True)
class Point:
    """A week's rate with its interval; ``says``: the same in words."""

    week: str
    numerator: int
    denominator: int
    rate: float
    low: float
    high: float

    @property
    def says(self) -> str:
        """“week 2: 53.6 % (15 of 28), 95 % interval 33.6 to 72.4 %”."""
        name = self.week if self.week.startswith("shadow") else f"week {self.week}"
        return (
            f"{name}: {100 * self.rate:.1f} %\n{self.numerator:,} of {self.denominator:,}, 95 % interval "
            f"{100 * self.low:.1f} to {100 * self.high:.1f} %"
        )


@dataclass(frozen=True)
class Line:
    """One side's weeks. arm: ai or control."""

    name: str
    arm: str
    points: Sequence[Point]


def lines_of(measured: Measured, metric: Metric) -> list[Line]:
    """The lines of a metric that have a week."""
    sides = (
        (AGENT_INVOLVED if metric.has_people else "agent", AI),
        *(((PEOPLE, CONTROL),) if metric.has_people else ()),
    )
    lines = [
        Line(name, arm, [_point(row) for row in measured.weeks(metric.name, arm).to_dict("records")])
        for name, arm in sides
    ]
    return [line for line in lines if line.points]


def measurable(measured: Measured) -> list[Metric]:
    """The metrics of which any week is measured."""
    return [metric for metric in METRICS if lines_of(measured, metric)]


def _point(row: dict[Any, Any]) -> Point:
    return Point(
        str(row["label"]), int(row["numerator"]), int(row["denominator"]), row["rate"], row["low"], row["high"]
    )

"""The blocks of ``pilot.yaml``: conditions, baselines, safety rules, the least sample, scope and looks.

Belongs here: one pydantic model a block, with the words a person reads when a value is wrong. Does not belong here: the
file as a whole and its hash (``pilot``).

Shares and margins are numbers between 0 and 1; ``15 %`` is understood too. A margin of 0.05 is five points.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from desk.models import Block, Slug

MIN_WEEKS = 2
"""Weeks that shadow and rollout each last at least."""

MetricName = Literal[
    "resolution_rate",
    "false_resolution_rate",
    "missed_escalation_rate",
    "escalation_rate",
    "csat",
    "answer_quality",
    "handle_time",
]
TargetMetric = Literal["resolution_rate", "csat", "missed_escalation_rate", "false_resolution_rate", "answer_quality"]
SafetyMetric = Literal["answer_incorrect_rate", "missed_escalation_rate", "false_resolution_rate"]
ResolutionKind = Literal["assumed", "verified", "confirmed"]

OVERALL_BY_DEFAULT = frozenset(("csat",))
"""Metrics too sparse in one category: they are judged over all categories unless the file says otherwise."""
AI_ONLY = frozenset(("answer_quality",))
"""Metrics that people in the control arm do not have."""
_NUMBER = re.compile(r"\s*[+-]?\d*\.?\d+\s*")
_PERCENT = re.compile(r"\s*([+-]?\d+(?:\.\d+)?)\s*%\s*")


def read_share(value: float | str) -> float:
    """A share as people write it, on a command line too, where a number is text.

    Raises:
        ValueError: it is none, in one sentence.
    """
    found = _share(float(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else value)
    if isinstance(found, float):
        return found
    raise ValueError(f"{value!r} is no share; write a number between 0 and 1, such as 0.15, or 15 %")


def _share(value: Any) -> Any:
    """A number between 0 and 1, also as "15 %". One sentence for what is neither."""
    number = value
    if isinstance(value, str):
        percent = _PERCENT.fullmatch(value)
        if percent is None:
            raise ValueError(f"'{value}' is no share; write a number between 0 and 1, such as 0.15, or 15 %")
        number = float(percent[1]) / 100
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        return value
    if not math.isfinite(number) or number < 0:
        raise ValueError(f"a share of {number:.6g} is not possible; write a number between 0 and 1, such as 0.15")
    if number > 1:
        hint = (
            f"; {number:g} % is written {number / 100:g}" if isinstance(value, (int, float)) and number <= 100 else ""
        )
        raise ValueError(f"a share of {number * 100:.6g} % is more than all; write a number between 0 and 1{hint}")
    return float(number)


Share = Annotated[float, BeforeValidator(_share)]


class ShareRange(Block):
    """Shares of volume the rollout may take. Widening it is a decision that is signed with the rest."""

    low: Share = 0.10
    high: Share = 0.20

    @model_validator(mode="after")
    def _is_a_range(self) -> ShareRange:
        if not 0 < self.low <= self.high < 1:
            raise ValueError(f"low ({self.low:g}) and high ({self.high:g}) must rise and lie between 0 and 1")
        return self


class Target(Block):
    """One condition that must hold to expand.

    ``against: control`` compares everybody assigned to the agent with everybody assigned to people, whoever answered in
    the end. ``baseline`` compares what the agent did alone with a frozen number from history; ``limit`` with a number
    written here. Better by nothing is fine in the first two: worse by ``margin`` is not.
    """

    metric: TargetMetric
    kind: ResolutionKind | None = Field(default=None, description="resolution_rate only: who says that it is resolved")
    against: Literal["control", "baseline", "limit"] = "control"
    margin: Share | None = Field(default=None, description="how much worse is still acceptable, in points: 0.05")
    limit: Share | None = Field(default=None, description="with against: limit, the rate that must be kept to")
    level: Literal["category", "overall"] | None = Field(
        default=None, description="where it must hold; csat over all categories, everything else in each"
    )
    expected: Share | None = Field(default=None, description="the rate you expect of the agent; for planning only")

    @property
    def tested_at(self) -> Literal["category", "overall"]:
        """Where it must hold, the default filled in."""
        return self.level or ("overall" if self.metric in OVERALL_BY_DEFAULT else "category")

    @property
    def higher_is_better(self) -> bool:
        """Whether more of it is good."""
        return self.metric in ("resolution_rate", "csat", "answer_quality")

    @model_validator(mode="after")
    def _says_what_must_hold(self) -> Target:
        if (self.metric == "resolution_rate") != (self.kind is not None):
            raise ValueError(
                "resolution_rate needs 'kind': assumed (no return within the window), verified (a review says correct) or "
                "confirmed (the customer says so)"
                if self.kind is None
                else f"'kind' is for resolution_rate only; remove it from {self.metric}"
            )
        if self.metric in AI_ONLY and self.against == "control":
            raise ValueError(f"{self.metric} exists for the agent only; write against: limit or baseline")
        if self.against == "limit":
            if self.limit is None or self.margin is not None:
                raise ValueError(f"{self.metric} against a limit needs 'limit' and no 'margin'")
            if not 0 < self.limit < 1:
                raise ValueError(f"{self.metric}: a limit of {self.limit:g} can be neither kept nor broken")
        elif self.margin is None or self.limit is not None:
            raise ValueError(f"{self.metric} against {self.against} needs 'margin' and no 'limit'")
        elif not 0 < self.margin <= 0.5:
            raise ValueError(
                f"{self.metric}: a margin of {self.margin:g} decides nothing; write points between 0 and 0.5, such as 0.05. "
                "With no margin at all not even an equal agent can be shown to be good enough"
            )
        return self


class Baseline(Block):
    """A frozen number from history. ``numerator`` and ``denominator`` are counts; minutes and tickets for handle_time."""

    metric: MetricName
    kind: ResolutionKind | None = None
    category_id: Slug | None = Field(default=None, description="empty: all categories in scope together")
    numerator: float = Field(ge=0, allow_inf_nan=False)
    denominator: int = Field(ge=1)
    window_start: dt.date
    window_end: dt.date = Field(description="last day that counts")
    design_effect: float = Field(default=1.0, ge=1, allow_inf_nan=False, description="how much repeat requesters cost")

    @property
    def rate(self) -> float:
        """Numerator over denominator."""
        return self.numerator / self.denominator

    @model_validator(mode="after")
    def _is_possible(self) -> Baseline:
        if self.metric != "handle_time" and self.numerator > self.denominator:
            raise ValueError(f"{self.metric}: {self.numerator:g} of {self.denominator} is not possible")
        if self.window_start > self.window_end:
            raise ValueError(f"{self.metric}: window_start {self.window_start} lies after window_end {self.window_end}")
        return self


class SafetyRule(Block):
    """A rate that, once it is shown to be above its limit, ends the rollout at once."""

    metric: SafetyMetric
    limit: Share

    @model_validator(mode="after")
    def _is_a_limit(self) -> SafetyRule:
        if not 0 < self.limit < 1:
            raise ValueError(f"{self.metric}: a limit of {self.limit:g} can be neither kept nor broken")
        return self


class Safety(Block):
    """When to roll back without waiting. ``alpha``: chance of a false alarm over the whole pilot, all checks together."""

    alpha: float = Field(default=0.05, gt=0, le=0.2)
    rules: list[SafetyRule] = Field(
        default=[
            SafetyRule(metric="answer_incorrect_rate", limit=0.05),
            SafetyRule(metric="missed_escalation_rate", limit=0.03),
        ],
        min_length=1,
    )


class MinimumSample(Block):
    """What the rollout's arm must hold before anything but a safety stop is said."""

    answered: int = Field(default=200, ge=30, description="tickets the agent was involved in")
    rated: int = Field(default=50, ge=0, description="ratings by customers")
    reviewed: int = Field(default=100, ge=0, description="answers a reviewer tagged")
    known_share: Share = Field(default=0.9, description="share of tickets, in both arms, whose resolution is known")
    review_share: Share = Field(default=0.8, description="share of the agent's answers that must be tagged")


class CategoriesInScope(Block):
    """Which categories are judged, and what happens to small ones."""

    ids: list[Slug] = Field(default=[], description="empty: all categories the release automates")
    min_answered: int = Field(default=100, ge=20, description="answered tickets a category needs to be judged alone")
    small: Literal["pool", "shrink"] = Field(
        default="pool",
        description="pool: smaller ones are judged together; shrink: so too, and one whose own figures, shrunk towards the "
        "rest, fall short is held back",
    )

    @field_validator("ids", mode="after")
    @classmethod
    def _occur_once(cls, value: list[str]) -> list[str]:
        if twice := sorted({name for name in value if value.count(name) > 1}):
            raise ValueError(f"category named twice: {', '.join(twice)}")
        return value


class Analysis(Block):
    """When the data may be looked at. ``fixed``: once, at the end; ``sequential``: after the weeks named, no other day."""

    rule: Literal["fixed", "sequential"] = "fixed"
    looks_after_weeks: list[int] = Field(default=[], max_length=12)

    @model_validator(mode="after")
    def _names_its_looks(self) -> Analysis:
        looks = self.looks_after_weeks
        if self.rule == "fixed" and looks:
            raise ValueError(
                "a fixed analysis looks once, at the end: remove looks_after_weeks, or write rule: sequential"
            )
        if self.rule == "sequential" and len(looks) < 2:
            raise ValueError("a sequential analysis names at least two looks, such as looks_after_weeks: [2, 3, 4]")
        if any(later <= earlier for earlier, later in pairwise(looks)):
            raise ValueError(f"looks_after_weeks must rise; found {looks}")
        if looks and looks[0] < MIN_WEEKS:
            raise ValueError(f"the first look comes after {looks[0]} week; two weeks is the earliest")
        return self

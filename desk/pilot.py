"""The shape of ``pilot.yaml``: what a pilot measures and what must hold to expand, written and signed before it starts.

Belongs here: the file as a whole, the hash that is signed, and what is still missing before it can be signed. Does not
belong here: its blocks (``pilot_blocks``), reading the file (``loading``), computing baselines, planning, metrics or the
verdict (``assets.pilot_agent``).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from pydantic import Field, field_validator, model_validator

from desk.models import Block, Slug
from desk.pilot_blocks import (
    MIN_WEEKS,
    Analysis,
    Baseline,
    CategoriesInScope,
    MetricName,
    MinimumSample,
    ResolutionKind,
    Safety,
    Share,
    ShareRange,
    Target,
)


class PilotFile(Block):
    """``pilot.yaml``."""

    pilot_id: Slug = Field(max_length=50)
    start: dt.date = Field(description="first day of shadow, in UTC")
    shadow_weeks: int = 2
    rollout_weeks: int = 4
    rollout_share: Share = 0.15
    share_range: ShareRange = ShareRange()
    salt: str | None = Field(default=None, min_length=1, max_length=200, description="empty: the pilot's id")
    primary: list[Target] = Field(min_length=1, description="all of these must hold to expand")
    secondary: list[MetricName] = Field(
        default=["false_resolution_rate", "escalation_rate", "answer_quality", "handle_time"],
        description="reported, and decide nothing",
    )
    baselines: list[Baseline] = Field(default=[], description="frozen from history before the plan is signed")
    safety: Safety = Safety()
    alpha: float = Field(default=0.05, gt=0, le=0.2, description="chance that something worse is expanded; one-sided")
    power: float = Field(default=0.8, ge=0.5, lt=1, description="chance wanted that a good agent is expanded")
    minimum_sample: MinimumSample = MinimumSample()
    categories: CategoriesInScope = CategoriesInScope()
    analysis: Analysis = Analysis()
    settle_days: int = Field(default=7, ge=0, le=60, description="days until a ticket's outcome is known")

    @property
    def assignment_salt(self) -> str:
        """What requesters are drawn with."""
        return self.salt or self.pilot_id

    @property
    def rollout_start(self) -> dt.date:
        """First day of the rollout."""
        return self.start + dt.timedelta(weeks=self.shadow_weeks)

    @property
    def look_weeks(self) -> list[int]:
        """Weeks of rollout after which the data are looked at; the last is the end."""
        return self.analysis.looks_after_weeks or [self.rollout_weeks]

    @property
    def resolution_kind(self) -> ResolutionKind:
        """Who says that a ticket is resolved."""
        return next(one.kind for one in self.primary if one.kind is not None)

    def baseline(self, metric: str, category_id: str | None = None) -> Baseline | None:
        """The frozen number of a metric: a category's own, else the one over all."""
        fitting = [one for one in self.baselines if one.metric == metric and one.category_id in (category_id, None)]
        return next(iter(sorted(fitting, key=lambda one: one.category_id is None)), None)

    @field_validator("shadow_weeks", "rollout_weeks", mode="after")
    @classmethod
    def _lasts(cls, value: int) -> int:
        if not MIN_WEEKS <= value <= 52:
            raise ValueError(f"{value} weeks; it lasts two weeks at least and 52 at most")
        return value

    @field_validator("primary", mode="after")
    @classmethod
    def _decide(cls, value: list[Target]) -> list[Target]:
        metrics = [(one.metric, one.against) for one in value]
        if twice := sorted({name for name in metrics if metrics.count(name) > 1}):
            raise ValueError(f"two conditions on {' against '.join(twice[0])}; keep one")
        if len(kinds := {one.kind for one in value if one.kind is not None}) > 1:
            raise ValueError(f"resolution is judged by one kind; found {', '.join(sorted(map(str, kinds)))}")
        named = {one.metric for one in value}
        if absent := [name for name in ("resolution_rate", "missed_escalation_rate") if name not in named]:
            raise ValueError(f"no condition on {' and '.join(absent)}: whoever expands an agent has looked at that")
        if all(one.tested_at == "overall" for one in value):
            raise ValueError("no condition has to hold in a category; give one level: category")
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> PilotFile:
        low, high = self.share_range.low, self.share_range.high
        if not low <= self.rollout_share <= high:
            raise ValueError(
                f"rollout_share {self.rollout_share:.4g} lies outside {low:g} to {high:g}; change it, or decide on another "
                "share_range"
            )
        if self.look_weeks[-1] != self.rollout_weeks:
            raise ValueError(
                f"the last look comes after {self.look_weeks[-1]} weeks, but the rollout lasts {self.rollout_weeks}; let the "
                "last look be its end"
            )
        seen: set[tuple[str, str | None]] = set()
        for one in self.baselines:
            if (one.metric, one.category_id) in seen:
                raise ValueError(f"two baselines of {one.metric} for {one.category_id or 'all categories'}; keep one")
            seen.add((one.metric, one.category_id))
            if one.window_end >= self.start:
                raise ValueError(
                    f"the baseline of {one.metric} runs to {one.window_end}, into the pilot that starts {self.start}: "
                    "baselines come from before"
                )
            if one.metric == "resolution_rate" and one.kind != self.resolution_kind:
                raise ValueError(
                    f"the baseline of resolution_rate is of kind {one.kind}, the condition of kind {self.resolution_kind}"
                )
        return self


def missing_for_signature(pilot: PilotFile) -> list[str]:
    """What must still be written before the plan can be signed, as sentences; empty when nothing is."""
    undecidable = [
        f"{one.metric}{'' if one.kind is None else f' ({one.kind})'} is not known of people's own tickets: write against: "
        "limit or baseline."
        for one in pilot.primary
        if one.against == "control" and (one.metric == "missed_escalation_rate" or one.kind == "verified")
    ]
    needed = [one.metric for one in pilot.primary if one.against != "limit"]
    return undecidable + [
        f"No baseline of {metric}: write it from history before the plan is signed."
        for metric in dict.fromkeys(needed)
        if not any(one.metric == metric and one.category_id is None for one in pilot.baselines)
    ]


def pilot_content(pilot: PilotFile) -> dict[str, Any]:
    """The plan in its one form, JSON-ready, defaults included: what is signed."""
    return pilot.model_dump(mode="json")


def pilot_hash(pilot: PilotFile) -> str:
    """SHA-256 over the canonical form, as the ledger takes it; 64 hex digits."""
    text = json.dumps(pilot_content(pilot), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()

"""What a judgement holds: one decision a group, what it rests on, and what is recorded of the look.

Belongs here: plain data. Does not belong here: the order in which rules are applied (``judge_pilot``), words
(``pilot_verdict``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from assets.pilot_agent.verdict.conditions import Tested
from assets.pilot_agent.verdict.looks import Look, Verdict
from assets.pilot_agent.verdict.metrics import Counter
from assets.pilot_agent.verdict.safety import SafetyStop

Cause = Literal[
    "safety", "harm", "harm_over_all", "nothing_left", "shown", "not_shown", "gate", "others_rolled_back", "held_back", "sample", "look",
    "recorded",
]  # fmt: skip

Tests = dict[str, list[Tested]]


@dataclass
class Decision:
    """A verdict on one group with what it rests on.

    judged_as: the group whose figures were tested. week: after how many weeks of rollout; None while nothing was judged.
    lacking: what the sample lacks, as sentences. alpha: p-value the group's own conditions had to reach, with the caution
    that several categories need; gate_alpha: the same for conditions over all categories.
    """

    name: str
    verdict: Verdict
    cause: Cause
    week: int | None = None
    judged_as: str = ""
    members: tuple[str, ...] = ()
    tests: list[Tested] = field(default_factory=list)
    gates: list[Tested] = field(default_factory=list)
    alpha: float = 0.0
    gate_alpha: float = 0.0
    lacking: list[str] = field(default_factory=list)
    stop: SafetyStop | None = None

    @property
    def is_final(self) -> bool:
        """Whether later data cannot change it, a safety stop apart."""
        return self.verdict != "keep_collecting"


@dataclass(frozen=True)
class Judged:
    """All decisions, and what is recorded: every look that was made, in order, and safety stops. ``weeks_settled``: weeks of
    rollout whose outcomes are known."""

    decisions: dict[str, Decision]
    weeks_passed: int
    weeks_settled: int
    looks: tuple[Look, ...]
    notes: tuple[str, ...]
    counter: Counter
    week_of: np.ndarray
    stops: tuple[SafetyStop, ...] = ()

    @property
    def look(self) -> Look | None:
        """The last look that was made; None before the first."""
        return self.looks[-1] if self.looks else None

"""The reasons of a decision as they come up, and what they add up to.

Belongs here: collecting. Does not belong here: the rules that give reasons (``rules``).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from assets.configure_behavior.decisions.decision import Reason


@dataclass
class Trail:
    """Reasons so far, and why nothing may be answered without a person (the first such reason), if so."""

    reasons: list[Reason] = field(default_factory=list)
    held_by: str = ""

    def note(self, step: str, sentence: str, score: float | None = None, threshold: float | None = None) -> None:
        """A reason that leaves things as they are."""
        self.reasons.append(Reason(step, sentence, score, threshold))

    def hold(self, step: str, sentence: str, score: float | None = None, threshold: float | None = None) -> None:
        """A reason why a person has to look before anything goes out."""
        self.note(step, sentence, score, threshold)
        self.held_by = self.held_by or sentence


@dataclass(frozen=True)
class Handover:
    """Why a person takes over, and a trigger's own queue."""

    reason: str
    queue: str | None = None
    is_urgent: bool = False


@dataclass(frozen=True)
class Sureness:
    """How sure the answer is, and what it has to reach."""

    confidence: float | None = None
    threshold: float | None = None
    risk: float | None = None

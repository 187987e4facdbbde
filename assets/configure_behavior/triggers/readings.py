"""A customer's message as triggers read it: its signals, amounts and frustration, each worked out once.

Belongs here: what is read from one message whatever the spec says. Does not belong here: what a spec listens to
(``find_triggers``), the wording of signals (``risk_patterns``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from assets.audit_tickets.roadmap.risk_signals import RiskHit, find_risk_signals
from assets.configure_behavior.triggers.amounts import amounts_in
from assets.configure_behavior.triggers.frustration import frustration_level
from assets.configure_behavior.triggers.own_phrases import bounded, shown_and_folded, without_explained


@dataclass(frozen=True)
class Reading:
    """One message; ``turn`` is 0 for the newest, 1 for the one before."""

    message: str
    turn: int = 0

    @cached_property
    def text(self) -> str:
        """What is read of it."""
        return bounded(self.message)

    @cached_property
    def signals(self) -> dict[str, RiskHit]:
        """Risk signals by name. Every language's rules are tried: a misdetected language must not hide a threat."""
        return {hit.signal: hit for hit in find_risk_signals(self.text)}

    @cached_property
    def sentences(self) -> list[tuple[str, str]]:
        """Its sentences, as shown and as searched."""
        return shown_and_folded(self.text)

    @cached_property
    def amounts(self) -> list[float]:
        """Amounts of money named."""
        return amounts_in(self.text)

    @cached_property
    def frustration(self) -> int:
        """0 not frustrated, 1 frustrated, 2 furious."""
        return frustration_level(self.text, self.signals.values())

    def without(self, unless: list[str]) -> Reading:
        """The same without the sentences that hold one of these phrases."""
        kept = without_explained(self.text, unless)
        return self if kept == self.text else Reading(kept, self.turn)

"""What a run may still spend on a language model.

Belongs here: counting cost and calls against the desk's limits. Does not belong here: prices and requests (`client`).
"""

from __future__ import annotations

from dataclasses import dataclass

from assets.build_knowledge.language_model.completion import BudgetSpentError


@dataclass
class Budget:
    """Limits of one run and what was used of them."""

    max_cost_usd: float
    max_calls: int
    spent_usd: float = 0.0
    count_calls: int = 0

    def begin_call(self, most_usd: float) -> None:
        """Count a request that costs at most ``most_usd``. Raises `BudgetSpentError` where a limit would be exceeded."""
        if self.count_calls + 1 > self.max_calls:
            raise BudgetSpentError(
                f"The language model was not asked further: {self.count_calls} requests were sent and this run may send "
                f"{self.max_calls} (language_model.max_calls in desk.yaml)."
            )
        # A sum of many small costs may miss its limit by rounding alone.
        if self.spent_usd + most_usd > self.max_cost_usd + 1e-9:
            raise BudgetSpentError(
                f"The language model was not asked further: ${self.spent_usd:.4f} is spent, the next request may cost up to "
                f"${most_usd:.4f}, and this run may cost ${self.max_cost_usd:.2f} (language_model.max_cost_usd in desk.yaml)."
            )
        self.count_calls += 1

    def charge(self, usd: float) -> None:
        """Add what a request cost."""
        self.spent_usd += usd

"""What is said of one change and one metric.

Belongs here: the shape of an effect. Does not belong here: how it is measured (``paired``,
``differences_in_differences``), how it is judged among others (``judge_effects``), sentences (``effect_words``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Method = Literal["paired", "live"]
Verdict = Literal["improvement", "worse", "no_effect_shown", "not_measurable"]


@dataclass(frozen=True)
class Effect:
    """Effect of a change on a metric [change x metric x method].

    n: tickets it was measured on. n_discordant: those that came out differently before and after; None live. difference,
    low, high: after less before, as a share, with its 95 % interval; NaN where it cannot be judged. p: two-sided, of "no
    effect", before anything is done about other changes of the month. mid_p: beside the exact one; None live. counted:
    what was counted and what was left out. why: what the verdict rests on.
    """

    change_id: str
    metric: str
    method: Method
    n: int
    n_discordant: int | None
    difference: float
    low: float
    high: float
    p: float
    verdict: Verdict
    why: str
    counted: str = ""
    mid_p: float | None = None
    higher_is_better: bool = True

    @property
    def is_measured(self) -> bool:
        """Whether there is a p-value to judge."""
        return self.verdict != "not_measurable"

    @property
    def excludes_nothing_happened(self) -> bool:
        """Whether the interval leaves no effect out."""
        return self.low > 0 or self.high < 0


def not_measurable(
    change_id: str, metric: str, method: Method, n: int, why: str, counted: str = "", higher_is_better: bool = True
) -> Effect:
    """An effect nobody can judge: no figures, so that nobody reads one into it."""
    nothing = math.nan
    return Effect(
        change_id, metric, method, n, None, nothing, nothing, nothing, nothing, "not_measurable", why, counted, None,
        higher_is_better,
    )  # fmt: skip

"""Did the draw take the share it should have?

Belongs here: the realised share of volume and of requesters, by week too. Does not belong here: whether the arms are
alike (``balance``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from assets.pilot_agent.verdict.clustered_rates import Tally, tally, wilson
from assets.pilot_agent.verdict.outcomes import AI

ALARM = 0.001
"""A draw that would come out like this in one of a thousand pilots is taken for a fault, not for luck."""


@dataclass(frozen=True)
class RealisedShare:
    """Share of tickets and of requesters in the rollout. p_value: exact, two-sided, over requesters, because they are
    what is drawn."""

    tickets: Tally
    requesters: Tally
    wanted: float
    p_value: float
    count_unknown: int

    @property
    def is_as_drawn(self) -> bool:
        """Whether the draw is in order."""
        return self.p_value >= ALARM

    @property
    def sentence(self) -> str:
        """For people."""
        low, high = wilson(self.tickets)
        unknown = (
            f" {self.count_unknown:,} tickets of unknown requesters stayed with people." if self.count_unknown else ""
        )
        if not self.tickets.denominator:
            return f"No ticket of a known requester came in.{unknown}"
        said = (
            f"{self.tickets.rate:.1%} of the tickets ({low:.1%} to {high:.1%}) and {self.requesters.rate:.1%} of "
            f"{self.requesters.denominator:,} requesters are in the rollout; {self.wanted:.1%} were to be"
        )
        if self.is_as_drawn:
            return f"{said}.{unknown}"
        return (
            f"{said}: chance does not explain that (p {self.p_value:.1g}). Look for tickets that lose their requester, bypass "
            f"the draw, or were drawn with another share or salt.{unknown}"
        )


def realised_share(tickets: pd.DataFrame, share: float) -> RealisedShare:
    """The share as it came out.

    Args:
        tickets: [requester_id (null or empty: unknown), arm] of a time with one share.
        share: of requesters that was to be drawn.

    Raises:
        ValueError: a requester is in both arms, so that more than one share was in force.
    """
    from scipy.stats import binomtest

    is_known = tickets["requester_id"].notna() & (tickets["requester_id"] != "")
    known = tickets[is_known]
    codes = pd.factorize(known["requester_id"])[0]
    is_ai = (known["arm"] == AI).to_numpy(dtype=bool)
    sides = pd.Series(is_ai).groupby(codes).agg(["min", "max"])
    if (mixed := int((sides["min"] != sides["max"]).sum())) > 0:
        raise ValueError(f"{mixed:,} requesters are in both arms; give the tickets of a time with one share")
    drawn, count = int(sides["max"].sum()), len(sides)
    p_value = float(binomtest(drawn, count, share).pvalue) if count and 0 < share < 1 else 1.0
    tickets_in = tally(is_ai, codes) if count else Tally(0, 0, 0, 1.0)
    return RealisedShare(tickets_in, Tally(drawn, count, count, 1.0), share, p_value, int((~is_known).sum()))


def share_by_week(tickets: pd.DataFrame) -> pd.DataFrame:
    """Realised share of volume by week [week, numerator, denominator, rate, low, high], clustered by requester.

    Args:
        tickets: [requester_id, arm, week].
    """
    rows = []
    for week, part in tickets[tickets["requester_id"].notna()].groupby("week", sort=True):
        one = tally((part["arm"] == AI).to_numpy(dtype=bool), np.asarray(pd.factorize(part["requester_id"])[0]))
        rows.append((week, one.numerator, one.denominator, one.rate, *wilson(one)))
    return pd.DataFrame(rows, columns=["week", "numerator", "denominator", "rate", "low", "high"])

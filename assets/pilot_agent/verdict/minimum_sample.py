"""Is there enough to say anything: the registered sample, and how much of it is known.

Belongs here: the minimum over all. Does not belong here: which categories are large enough alone (``families``).

An outcome that is missing for one arm more than for the other would decide by itself; hence the shares that must be known.
"""

from __future__ import annotations

import numpy as np

from assets.pilot_agent.verdict.metrics import Counter
from assets.pilot_agent.verdict.outcomes import Outcomes
from desk.pilot import PilotFile


def count_answered(data: Outcomes, which: np.ndarray) -> int:
    """Tickets of the agent's arm that the agent was involved in."""
    return int((which & data.is_ai & data.is_involved).sum())


def lacking(counter: Counter, seen: np.ndarray, pilot: PilotFile) -> list[str]:
    """What the sample lacks at a cut (n,), as parts of a sentence; empty when it is there."""
    need, data = pilot.minimum_sample, counter.data
    found = []
    if (answered := count_answered(data, seen)) < need.answered:
        found.append(f"{answered:,} answered tickets; {need.answered:,} are needed")
    rated, _ = counter.count("csat", seen, as_assigned=True)
    if any(one.metric == "csat" for one in pilot.primary) and rated.denominator < need.rated:
        found.append(f"{rated.denominator:,} ratings; {need.rated:,} are needed")
    reviewed, _ = counter.count("review_share", seen, as_assigned=False)
    if reviewed.numerator < need.reviewed:
        found.append(f"{reviewed.numerator:,} tagged answers; {need.reviewed:,} are needed")
    if reviewed.denominator and reviewed.rate < need.review_share:
        found.append(f"{reviewed.rate:.0%} of the answers are tagged; {need.review_share:.0%} are needed")
    is_known = ~np.isnan(data.is_resolved)
    for words, arm in (("the agent's arm", data.is_ai), ("the control arm", ~data.is_ai)):
        part = seen & arm
        share = is_known[part].mean() if part.any() else 0.0
        if share < need.known_share:
            found.append(f"the resolution of {share:.0%} in {words} is known; {need.known_share:.0%} is needed")
    return found

"""Which past tickets the agent would leave to a person however sure it is.

Belongs here: deciding past tickets as if every threshold were reached. Does not belong here: thresholds themselves.

A bound on wrong answers is about the answers that are given. Tickets on which a trigger fires, in a language the agent
may not answer in, or on a page that is left to people are never answered, so that they must not count as answered when
thresholds are certified.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from assets.configure_behavior.confidence.thresholds import Threshold, Thresholds
from assets.configure_behavior.decisions.decide import decide
from assets.configure_behavior.releases.agent_release import AgentRelease

if TYPE_CHECKING:
    import pandas as pd

ANSWERING = ("answer", "ask")
"""A question back may end in an answer; the calibration plays that through by itself."""


def kept_from_answering(
    release: AgentRelease,
    tickets: pd.DataFrame,
    contexts: Mapping[str, Mapping[str, object]],
    on_progress: Callable[[int, int], None] | None = None,
) -> set[str]:
    """Ids of the tickets that get no answer whatever the thresholds.

    Args:
        release: its thresholds are not looked at.
        tickets: ticket_id and text (redacted), as in ``ticket_vectors``; calibration tickets.
        contexts: what is known of each customer, by ticket_id.
        on_progress: called with (tickets decided, in all).
    """
    open_release = replace(release, thresholds=_always_reached(release))
    kept = set()
    rows = list(zip(tickets["ticket_id"].astype(str), tickets["text"].fillna(""), strict=True))
    for number, (ticket_id, text) in enumerate(rows, start=1):
        if decide(str(text), [], contexts.get(ticket_id, {}), open_release).action not in ANSWERING:
            kept.add(ticket_id)
        if on_progress is not None:
            on_progress(number, len(rows))
    return kept


def _always_reached(release: AgentRelease) -> Thresholds:
    spec = release.behavior.confidence
    return Thresholds(
        tuple(
            Threshold(
                category_id=one.category_id, risk=spec.risk_of(one.category_id), certainty=spec.certainty, threshold=0.0,
                certified_on="category", count_calibration=0, count_answered=0, count_wrong=0, upper_bound=None,
                coverage=1.0, label_source="", why="",
            )
            for one in release.categories.values()
            if one.bucket == "automate"
        )
    )  # fmt: skip

"""Which answers of the walk may be given without a person, decided on what was known by then alone.

Belongs here: confidence and thresholds at a moment, and the walk as one frame. Does not belong here: the agents
(``compounding_walk``), measuring (``compounding``).

As in the product: evidence, what of it may be answered at all, confidence, and a threshold. What teaches and proves them is
the record of the walk itself: every earlier month was asked by the agent of that month, which had not seen it. At a moment
the older half of that record, judged by the links written by then, teaches confidence, and the newer half says where to
answer from; a ticket without a link by then is in neither. Two thresholds, both over all answers together:

- *estimated*: the lowest of the product's grid at which the newer half was wrong in no more than the allowed share. An
  estimate without a promise.
- *certified*: the product's ``certify`` from ``likeliest_start``, at the desk's default certainty. A promise, and often none
  can be made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from assets.configure_behavior.confidence.certify import GRID, certify, likeliest_start
from assets.configure_behavior.confidence.confidence_model import ConfidenceModel
from assets.configure_behavior.confidence.evidence import Evidence
from benchmarks.compounding_walk import Asked, Month

ANSWER = (
    "agent", "month", "ticket_id", "requester_id", "created_at", "entry_id", "rank", "is_unknown", "may_answer", "confidence",
    "is_first_right", "is_answered", "is_answered_certified",
)  # fmt: skip
Links = Callable[[pd.Timestamp], Mapping[str, set[str]]]


@dataclass(frozen=True)
class Permission:
    """Confidence and both thresholds at a moment, None where there is none; ``taught_on`` and ``tried_on`` count tickets."""

    model: ConfidenceModel
    estimated: float | None
    certified: float | None
    taught_on: int
    tried_on: int

    def allows(self, evidence: Evidence, threshold: float | None) -> bool:
        """Whether the answer may be given without a person."""
        return threshold is not None and evidence.may_answer and self.model.probability(evidence) >= threshold


def permit(
    at: pd.Timestamp, record: Sequence[Asked], links: Mapping[str, set[str]], risk: float, certainty: float
) -> Permission:
    """Learn confidence and choose thresholds on what was asked and answered before a moment.

    Args:
        record: of tickets created before it.
        links: articles linked before it, by ticket (``Forum.links``).
        risk: share wrong among answered that is allowed.
        certainty: of the certified threshold.

    Raises:
        ValueError: the record reaches beyond the moment.
    """
    if late := [one.ticket_id for one in record if one.created_at >= at]:
        raise ValueError(f"{len(late)} tickets of the record, such as {late[0]}, had not been asked by {at:%Y-%m-%d}")
    judged = sorted((one for one in record if one.ticket_id in links), key=lambda one: (one.created_at, one.ticket_id))
    half = len(judged) // 2
    older, newer = judged[:half], judged[half:]
    model = ConfidenceModel.fit([one.evidence for one in older], (~_is_wrong(older, links)).tolist())
    taught, tried = (_possible(part, links, model) for part in (older, newer))
    safe = [one for one in GRID if (given := tried[0] >= one).any() and tried[1][given].mean() <= risk]
    start = likeliest_start(*taught, len(tried[0]), risk, certainty)
    return Permission(
        model, min(safe, default=None), certify(*tried, risk, certainty, start).threshold, half, len(newer)
    )


def _is_wrong(judged: Sequence[Asked], links: Mapping[str, set[str]]) -> np.ndarray:
    return np.array([one.evidence.entry_id not in links[one.ticket_id] for one in judged], dtype=bool)


def _possible(
    judged: Sequence[Asked], links: Mapping[str, set[str]], model: ConfidenceModel
) -> tuple[np.ndarray, np.ndarray]:
    """Confidence of those that may be answered at all, and whether each is wrong."""
    possible = [one for one in judged if one.evidence.may_answer]
    return np.array([model.probability(one.evidence) for one in possible]), _is_wrong(possible, links)


@dataclass(frozen=True)
class Walked:
    """``answers`` [agent x ticket], ``ANSWER``; ``months`` [agent x month]: what was known at its start."""

    answers: pd.DataFrame
    months: pd.DataFrame


def decide(months: Sequence[Month], links: Links, risk: float, certainty: float) -> Walked:
    """Decide the answers of every month in which both agents were asked.

    Args:
        months: the walk from its first month on, in order.
        links: articles linked before a moment, by ticket.
        risk, certainty: as ``permit`` takes them.
    """
    record: list[Asked] = []
    rows: list[tuple[Any, ...]] = []
    known: list[dict[str, Any]] = []
    permissions: dict[pd.Timestamp, Permission] = {}
    for month in months:
        for name, side in month.sides.items() if len(month.sides) > 1 else ():
            if side.known_at not in permissions:
                # First met in the month that begins at this moment, so that the record holds nothing later yet.
                permissions[side.known_at] = permit(side.known_at, record, links(side.known_at), risk, certainty)
            permission = permissions[side.known_at]
            rows += [_row(name, month, one, permission) for one in side.asked]
            known.append(
                {
                    "agent": name,
                    "month": f"{month.at:%Y-%m}",
                    "known_at": f"{side.known_at:%Y-%m-%d}",
                    "tickets_known": side.tickets_known,
                    "categories_known": side.categories_known,
                    "threshold_tried_on": permission.tried_on,
                    "threshold": permission.estimated,
                    "threshold_certified": permission.certified,
                }
            )
        record += next(iter(month.sides.values())).asked
    return Walked(pd.DataFrame(rows, columns=list(ANSWER)), pd.DataFrame(known))


def _row(name: str, month: Month, one: Asked, permission: Permission) -> tuple[Any, ...]:
    evidence = one.evidence
    return (
        name, f"{month.at:%Y-%m}", one.ticket_id, one.requester_id, one.created_at, evidence.entry_id, one.rank,
        evidence.is_unknown, evidence.may_answer, permission.model.probability(evidence), evidence.entry_id in one.right,
        permission.allows(evidence, permission.estimated), permission.allows(evidence, permission.certified),
    )  # fmt: skip

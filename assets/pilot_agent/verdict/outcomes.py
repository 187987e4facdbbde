"""What happened to every ticket of the rollout, as assigned: reading the frame, and refusing one that cannot be judged.

Belongs here: columns, arms, unknown values, and which tickets can be compared at all. Does not belong here: what a metric
counts (``metrics``) or where the frame comes from.

Arms are as assigned at the ticket's creation, whoever answered: a requester drawn for the agent whose ticket a person
took still counts for the agent. A requester nobody knows cannot be drawn, so such tickets stand outside the comparison.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

AI, CONTROL = "ai", "control"
REVIEWS = ("correct", "needs_improvement", "incorrect")
REQUIRED = (
    "ticket_id",
    "requester_id",
    "category_id",
    "arm",
    "created_at",
    "is_involved",
    "is_resolved",
    "is_false_resolution",
    "csat_positive",
    "should_escalate",
    "is_escalated",
    "review",
)
"""Columns the verdict needs; plan, language, channel, week and handle_minutes are used where a metric is cut by them."""
CERTAIN = ("is_involved", "is_escalated")


class OutcomesError(ValueError):
    """The frame cannot be judged; the message names every problem and what to do."""


@dataclass(frozen=True)
class Outcomes:
    """Arrays over tickets, (n,) each. Nullable truths are floats: 1, 0, NaN where not known.

    requester: code of the requester; tickets of unknown requesters have one each. review: place in ``REVIEWS`` or -1.
    """

    frame: pd.DataFrame
    is_ai: np.ndarray
    requester: np.ndarray
    is_drawable: np.ndarray
    is_involved: np.ndarray
    is_escalated: np.ndarray
    is_resolved: np.ndarray
    is_false_resolution: np.ndarray
    csat_positive: np.ndarray
    should_escalate: np.ndarray
    review: np.ndarray

    def __len__(self) -> int:
        return len(self.is_ai)


def read_outcomes(frame: pd.DataFrame) -> Outcomes:
    """Read outcomes [ticket].

    Args:
        frame: ``REQUIRED``: arm ('ai' or 'control' as assigned), created_at (with time zone), is_resolved by the
            registered kind and whoever resolved it (null: not known yet), is_false_resolution, csat_positive and
            should_escalate (null: not known), is_escalated (handed to a person), review ('correct', 'needs_improvement',
            'incorrect' or null). category_id must be what was known in both arms alike, such as the category predicted
            from the first message.

    Raises:
        OutcomesError: columns are missing, a ticket occurs twice, or values are not what they must be.
    """
    if absent := [name for name in REQUIRED if name not in frame]:
        raise OutcomesError(f"outcomes lack the columns {', '.join(absent)}; add them, null where nothing is known")
    problems = []
    if frame["ticket_id"].duplicated().any():
        twice = frame.loc[frame["ticket_id"].duplicated(), "ticket_id"].iloc[0]
        problems.append(f"ticket {twice} occurs more than once; give one row a ticket")
    is_ai, is_control = (frame["arm"] == AI).to_numpy(dtype=bool), (frame["arm"] == CONTROL).to_numpy(dtype=bool)
    if not (is_ai | is_control).all():
        odd = frame.loc[~(is_ai | is_control), "arm"].iloc[0]
        problems.append(f"arm {odd!r} is neither '{AI}' nor '{CONTROL}'; every ticket has the arm it was assigned to")
    if getattr(frame["created_at"].dtype, "tz", None) is None:
        problems.append("created_at has no time zone; give UTC times")
    for name in CERTAIN:
        if frame[name].isna().any():
            problems.append(f"{name} is empty for some tickets; it is known for all of them")
    codes, tags = pd.factorize(frame["review"])
    places = {review: place for place, review in enumerate(REVIEWS)}
    # The last place is null's, whose code is -1.
    review = np.array([*(places.get(tag, -1) for tag in tags), -1], dtype=np.int8)[codes]
    if (odd := frame["review"].notna().to_numpy() & (review < 0)).any():
        problems.append(f"review {frame['review'][odd].iloc[0]!r} is none of {', '.join(REVIEWS)}")
    if problems:
        raise OutcomesError("; ".join(problems))
    requester, is_drawable = requester_codes(frame["requester_id"])
    is_involved, is_escalated = (frame[name].to_numpy(dtype=bool) for name in CERTAIN)
    return Outcomes(
        frame=frame,
        is_ai=is_ai,
        requester=requester,
        is_drawable=is_drawable,
        is_involved=is_involved,
        is_escalated=is_escalated,
        is_resolved=truths(frame["is_resolved"]),
        is_false_resolution=truths(frame["is_false_resolution"]),
        csat_positive=truths(frame["csat_positive"]),
        should_escalate=truths(frame["should_escalate"]),
        review=review,
    )


def requester_codes(ids: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Requesters as whole numbers (n,), and whether each is known (n,); an unknown one has a number of its own a ticket."""
    is_empty = (ids == "").fillna(False).to_numpy(dtype=bool)
    codes, known = pd.factorize(ids.mask(is_empty) if is_empty.any() else ids)
    codes = codes.astype(np.int64)
    is_known = codes >= 0
    codes[~is_known] = len(known) + np.arange((~is_known).sum())
    return codes, is_known


def truths(column: pd.Series) -> np.ndarray:
    """Nullable truths as 1, 0 and NaN."""
    return column.astype("Float64" if column.dtype.name == "boolean" else "float64").to_numpy(
        dtype=np.float64, na_value=np.nan
    )

"""The risk-coverage curve: how much is answered at each threshold, and how much of it is wrong.

Belongs here: the table. Does not belong here: choosing a threshold from it (``certify``), drawing it
(``risk_coverage_plot``).
"""

from __future__ import annotations

import pandas as pd

from assets.configure_behavior.confidence.certify import GRID, upper_bound

ALL = "all"
COLUMNS = (
    "scope",
    "threshold",
    "count_calibration",
    "count_answered",
    "count_wrong",
    "coverage",
    "risk",
    "upper_bound",
)


def risk_coverage(answers: pd.DataFrame, category_ids: list[str], certainty: float) -> pd.DataFrame:
    """Frame [scope x threshold of the grid at which anything changes].

    Args:
        answers: of the certifying part: category_id, confidence, may_answer, is_wrong.
        category_ids: those that may be automated; others are never answered and not in the curve.
        certainty: of the bound.

    Returns:
        scope ("all" or a category id), threshold, count_calibration (labelled tickets in scope), count_answered,
        count_wrong, coverage (answered of calibration), risk (wrong of answered; null where nothing is), upper_bound
        (exact, of each threshold by itself: it is no promise for a threshold picked by looking at the curve).
    """
    rows = []
    ours = answers[answers["category_id"].isin(category_ids)]
    for scope in [ALL, *sorted(category_ids)]:
        mine = ours if scope == ALL else ours[ours["category_id"] == scope]
        before = None
        for threshold in GRID:
            is_answered = mine["may_answer"] & (mine["confidence"] >= threshold)
            answered, wrong = int(is_answered.sum()), int((mine["is_wrong"] & is_answered).sum())
            if answered in (0, before):
                continue
            before = answered
            bound = upper_bound(wrong, answered, certainty)
            rows.append((scope, threshold, len(mine), answered, wrong, answered / len(mine), wrong / answered, bound))
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(
        {"scope": "str", **dict.fromkeys(("threshold", "coverage", "risk", "upper_bound"), "float64")}
    )

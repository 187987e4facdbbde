"""Whether people who tagged the same answers see the same in them.

Belongs here: pairs of reviewers and the answers both tagged. Does not belong here: kappa itself (``verdict.agreement``),
which of two tags counts.
"""

from __future__ import annotations

from itertools import combinations

import pandas as pd

from assets.pilot_agent.answers.answer_reviews import standing
from assets.pilot_agent.verdict.agreement import Agreement, cohens_kappa

COLUMNS = ("first", "second", "count_answers", "observed", "kappa", "low", "high", "weighted_kappa")


def reviewer_agreement(reviews: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Agreement of every pair of reviewers on the answers that both tagged.

    Args:
        reviews: ``frames.REVIEW``; tags that stand count.

    Returns:
        Frame [pair of reviewers], ``COLUMNS``, names in alphabetical order, the pair with most answers first; kappa and its
        95 % interval are null where it cannot be computed. And the same in sentences; one that says so where no answer was
        tagged twice.
    """
    tags: dict[str, dict[str, str]] = {}
    for row in standing(reviews, "tag").itertuples():
        tags.setdefault(str(row.reviewer), {})[str(row.answer_id)] = str(row.tag)
    found: list[tuple[str, str, Agreement]] = []
    for first, second in combinations(sorted(tags), 2):
        if both := sorted(tags[first].keys() & tags[second].keys()):
            said = [[tags[one][answer] for answer in both] for one in (first, second)]
            found.append((first, second, cohens_kappa(*said)))
    found.sort(key=lambda pair: (-pair[2].count, pair[0], pair[1]))
    rows = [
        (first, second, one.count, one.observed, one.kappa, one.low, one.high, one.weighted_kappa)
        for first, second, one in found
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    numbers = dict.fromkeys(("observed", "kappa", "low", "high", "weighted_kappa"), "float64")
    frame = frame.astype({"first": "string", "second": "string", "count_answers": "Int64", **numbers})
    sentences = [f"{first} and {second}: {one.sentence}" for first, second, one in found]
    return frame, sentences or ["No answer was tagged by two people, so nothing is known of how far they agree."]

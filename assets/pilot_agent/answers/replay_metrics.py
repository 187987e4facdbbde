"""What a replay says: rates with intervals, and how much is wrong at which coverage.

Belongs here: numbers over ``replay_answers``. Does not belong here: metrics of live answers (``verdict.metrics``), from
which these are kept apart everywhere.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd

from assets.pilot_agent.answers.frames import SENT_ALONE
from assets.pilot_agent.verdict.clustered_rates import Tally, exact_bounds, tally, wilson

CURVE = ("coverage", "risk", "low", "high", "threshold", "count_answered")
RATES = ("rate", "numerator", "denominator", "value", "low", "high")
IN_WORDS = {
    "involvement_rate": "answered or asked back, of all tickets",
    "category_agreement": "category as the helpdesk's label says, of labelled tickets",
    "category_agreement_where_known": "the same, where the release names a category",
    "article_agreement": "best entry is from the article people linked, of tickets with such a link",
    "answer_agreement": "best entry says what people said or linked, of tickets where that can be told",
    "answered_right": "right among what is answered, where that can be told",
    "escalation_agreement": "handed to a person, of tickets people passed on",
    "needless_escalation": "handed to a person, of tickets people did not pass on",
}


def replay_rates(replay: pd.DataFrame) -> pd.DataFrame:
    """Frame [rate] with ``RATES``, clustered by requester; rates without a denominator are left out.

    Args:
        replay: ``replay_answers`` of one release.
    """
    sends = replay["action"].isin(SENT_ALONE)
    answers = replay["action"] == "answer"
    category, entry = replay["is_category_right"], replay["is_entry_right"]
    escalates, passed_on = replay["action"] == "escalate", replay["was_escalated"]
    whole = pd.Series(True, index=replay.index)
    parts = {
        "involvement_rate": (whole, sends),
        "category_agreement": (category.notna(), category),
        "category_agreement_where_known": (category.notna() & replay["category_id"].notna(), category),
        "article_agreement": (replay["judged_by"] == "link", entry),
        "answer_agreement": (entry.notna(), entry),
        "answered_right": (answers & entry.notna(), entry),
        "escalation_agreement": (passed_on.fillna(False), escalates),
        "needless_escalation": (~passed_on.fillna(True), escalates),
    }
    rows = []
    for name, (counts, hits) in parts.items():
        kept = counts.fillna(False).to_numpy(dtype=bool)
        one = _tally(hits[kept], replay["requester_id"][kept])
        if one.denominator:
            rows.append((name, one.numerator, one.denominator, one.rate, *wilson(one)))
    return pd.DataFrame(rows, columns=list(RATES))


def replay_curve(replay: pd.DataFrame, steps: int = 60) -> pd.DataFrame:
    """Risk against coverage [step] with ``CURVE``: of the tickets whose right entry is known, the most confident first.

    risk is the share wrong among those, low and high its exact 95 % bounds, clustered by requester; coverage is out of all
    that are known. Tickets that the agent leaves to a person for another reason than its confidence (a trigger, an unknown
    category, a hybrid one) are never covered, so that coverage ends below 1.
    """
    known = replay[replay["is_entry_right"].notna()]
    is_open = [row["action"] == "answer" or _waits_for_confidence(row) for row in known.to_dict("records")]
    open_to_us = known[known["confidence"].notna().to_numpy() & np.array(is_open, dtype=bool)]
    open_to_us = open_to_us.sort_values("confidence", ascending=False, kind="stable")
    wrong = ~open_to_us["is_entry_right"].astype(bool)
    count_steps = min(steps, len(wrong))
    places = np.unique(np.linspace(min(1, count_steps), len(wrong), count_steps).round().astype(int))
    rows = []
    for count in places:
        found = _tally(wrong.iloc[:count], open_to_us["requester_id"].iloc[:count])
        least = float(open_to_us["confidence"].iloc[count - 1])
        rows.append((count / len(known), found.rate, *exact_bounds(found, 0.025), least, int(count)))
    return pd.DataFrame(rows, columns=list(CURVE))


def _waits_for_confidence(row: dict[Any, Any]) -> bool:
    """Whether nothing but the threshold held an answer back."""
    if row["action"] != "draft" or pd.isna(row["reasons"]):
        return False
    held = row["handoff_reason"]
    return any(one["step"] == "threshold" and one["sentence"] == held for one in json.loads(row["reasons"]))


def _tally(hits: pd.Series, requesters: pd.Series) -> Tally:
    marks = hits.fillna(False).to_numpy(dtype=bool)
    if not len(marks):
        return tally(marks, np.zeros(0, dtype=int))
    codes = pd.factorize(requesters)[0]
    codes = np.where(codes < 0, codes.max() + 1 + np.arange(len(codes)), codes)
    return tally(marks, np.unique(codes, return_inverse=True)[1])

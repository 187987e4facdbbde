"""Training tickets whose category is likely wrong, suggested to people: the frame ``suggested_label_errors``.

Belongs here: probabilities of training tickets by models that did not see them, and what cleanlab finds in them. Does not
belong here: correcting anything (a person does), the model (``intent_model``), its folds (``intent_cross_fitting``).

Confident learning (Northcutt, Jiang and Chuang 2021) by cleanlab: a ticket's label is an error where the model, not having
seen the ticket or its requester, is surer of another category than it usually is of tickets labelled so. Of cleanlab's
filters the one is used that also needs the model to prefer another category (``both``), since a person reads every one.
Tried on the 512 labelled training tickets of the sample desk's history, with 5 and 10 % of their labels swapped: 70 to 90 %
of the suggestions were swapped ones, and half of the swapped were suggested (a category too small to be learnt is not doubted).
The other filters of cleanlab found as many or one more, with more false ones. Categories that overlap give suggestions that
are a matter of taste: on 2,200 topics of a public forum seven of ten drawn at random were right.

Calibration and holdout tickets are left alone: correcting them by the model's word would let it grade itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from assets.pilot_agent.answers.frames import frame_of, typed
from assets.retrain_agent.frames import LABEL_ERROR

if TYPE_CHECKING:
    from assets.audit_tickets.categories.intent_model import IntentModel

OPEN, CORRECTED, KEPT = "open", "corrected", "kept"
TRAIN = "train"
FILTER, QUALITY = "both", "self_confidence"
LEAST_SURE = 0.5
"""Probability of the suggested category at least: a coin's worth of doubt is not worth a person's minute."""
AT_MOST = 50
"""Suggestions a month, the worst first; whoever works through them gets the next ones a month later."""
MAX_TEXT_CHARS = 500


def label_errors(
    tickets: pd.DataFrame,
    vectors: np.ndarray,
    splits: pd.DataFrame,
    model: IntentModel,
    month: str,
    *,
    folds: int = 5,
    seed: int = 0,
) -> pd.DataFrame:
    """Suggest training tickets whose label a person should look at.

    Args:
        tickets: ticket_id, text (redacted), label_category_id. vectors: their sentence vectors (n, d), same order.
        splits: ``ticket_splits``: ticket_id, split, group_id.
        model: fitted on the training tickets; its settings and vocabulary judge them in folds. Tickets of a category that
            it did not learn are left out: there is too little to doubt them by.
        month: YYYY-MM, for the frame.

    Returns:
        ``frames.LABEL_ERROR``, the surest error first, ``AT_MOST`` rows, all open.
    """
    side = tickets["ticket_id"].map(splits.set_index("ticket_id")["split"])
    is_ours = (
        (side == TRAIN)
        & tickets["label_category_id"].isin(model.categories)
        & (tickets["text"].fillna("").str.strip() != "")
    ).to_numpy(dtype=bool)
    mine = tickets[is_ours].reset_index(drop=True)
    if len(model.categories) < 2 or mine.empty:
        return frame_of([], LABEL_ERROR)
    given = np.array([model.categories.index(str(one)) for one in mine["label_category_id"]])
    group_of = splits.set_index("ticket_id")["group_id"].fillna("").astype(str)
    chances = out_of_fold(
        model,
        mine["text"].tolist(),
        np.asarray(vectors)[is_ours],
        given,
        mine["ticket_id"].map(group_of).tolist(),
        folds,
        seed,
    )
    found = suspicious(given, chances)
    rows = [
        (
            month,
            str(mine["ticket_id"].iloc[place]),
            model.categories[given[place]],
            model.categories[int(chances[place].argmax())],
            quality,
            str(mine["text"].iloc[place])[:MAX_TEXT_CHARS],
            OPEN,
        )
        for place, quality in found[:AT_MOST]
    ]
    return frame_of(rows, LABEL_ERROR)


def out_of_fold(
    model: IntentModel,
    texts: Sequence[str],
    vectors: np.ndarray,
    given: np.ndarray,
    groups: Sequence[str],
    folds: int = 5,
    seed: int = 0,
) -> np.ndarray:
    """Probabilities (n, categories) of training texts by models of the same settings that saw neither them nor their group.

    Scores are tempered to mean something as probabilities (Guo et al. 2017); the temperature is the one under which the
    given labels are likeliest, wrong ones among them, so that it errs on the side of doubt.
    """
    from scipy.optimize import minimize_scalar

    from assets.audit_tickets.categories.intent_cross_fitting import cross_scores

    names = [model.categories[one] for one in given]
    scores = cross_scores(model, texts, vectors, names, groups, folds, seed).astype(float)

    def loss(log_temperature: float) -> float:
        chances = softmax(scores, float(np.exp(log_temperature)))
        return float(-np.log(np.clip(chances[np.arange(len(given)), given], 1e-9, 1)).mean())

    found = minimize_scalar(loss, bounds=(np.log(0.02), np.log(20.0)), method="bounded")
    return softmax(scores, float(np.exp(found.x)))


def suspicious(given: np.ndarray, chances: np.ndarray) -> list[tuple[int, float]]:
    """(place, quality) of likely errors, the lowest quality first.

    Args:
        given: (n,) index of the label. chances: (n, categories), of models that had not seen the text.
    """
    from cleanlab.filter import find_label_issues
    from cleanlab.rank import get_label_quality_scores

    # cleanlab wants every category to be there; those that no ticket is labelled with cannot be anybody's label.
    present, labels = np.unique(given, return_inverse=True)
    if len(present) < 2:
        return []
    of_present = chances[:, present]
    of_present = of_present / np.maximum(of_present.sum(axis=1, keepdims=True), 1e-12)
    is_issue = find_label_issues(labels, of_present, filter_by=FILTER, n_jobs=1)
    quality = get_label_quality_scores(labels, of_present, method=QUALITY)
    is_other = (chances.argmax(axis=1) != given) & (chances.max(axis=1) >= LEAST_SURE)
    places = np.flatnonzero(np.asarray(is_issue, dtype=bool) & is_other)
    return sorted(((int(place), float(quality[place])) for place in places), key=lambda one: (one[1], one[0]))


def with_decisions(
    suggested: pd.DataFrame,
    previous: pd.DataFrame | None,
    corrections: Mapping[str, str],
    month: str,
    labels: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """The suggestions of all months, each with what people have said of it since.

    Args:
        suggested: ``label_errors`` of ``month``. previous: what stood before, if anything; open rows of the same month give
            way.
        corrections: category_id by ticket_id that a person said last.
        labels: category_id by ticket_id as the helpdesk has it now, where that is known.

    corrected: a person gave the ticket another category than it was labelled with, here or in the helpdesk; kept: a person
    confirmed its label. A ticket that a person has spoken about is not suggested again.
    """
    before = frame_of([], LABEL_ERROR) if previous is None else typed(previous, LABEL_ERROR)
    gives_way = (before["month"] == month) & ~before["ticket_id"].isin(set(corrections))
    new = suggested[~suggested["ticket_id"].isin(set(corrections))]
    frame = pd.concat([before[~gives_way], new], ignore_index=True)
    frame["status"] = [
        _status(str(row["label_category_id"]), corrections.get(ticket), (labels or {}).get(ticket))
        for row in frame.to_dict("records")
        for ticket in [str(row["ticket_id"])]
    ]
    # A ticket suggested again and again is one open question.
    is_open = frame["status"] == OPEN
    last = ~frame.duplicated("ticket_id", keep="last")
    return typed(frame[~is_open | last], LABEL_ERROR)


def softmax(scores: np.ndarray, temperature: float) -> np.ndarray:
    """Rows that add up to one; (n, categories)."""
    scaled = scores / temperature
    raised = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _status(label: str, said: str | None, now: str | None) -> str:
    if said is None:
        return OPEN if now is None or now == label else CORRECTED
    return KEPT if said == label else CORRECTED

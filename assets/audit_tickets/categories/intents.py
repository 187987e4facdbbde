"""Which known category every ticket belongs to, who said so, and how sure that is: the frame ``ticket_intents``.

Belongs here: choosing what may be learnt from, running the model honestly over every ticket, and letting a helpdesk's
label stand. Does not belong here: the model itself (``intent_model``), its measures (``intent_report``), or tickets
that no category fits (``candidates``).

Honesty: training tickets are judged by cross-fitted models that saw neither them nor their requester; confidence and
the unknown threshold come from the calibration split; holdout tickets are predicted and reported, and touch nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from assets.audit_tickets.categories.calibration import FEW
from assets.audit_tickets.categories.intent_cross_fitting import cross_scores
from assets.audit_tickets.categories.intent_model import IntentModel, IntentSettings, training_digest
from assets.audit_tickets.categories.intent_report import IntentReport, measure, measure_categories
from assets.audit_tickets.categories.label_corrections import that_may_teach

Progress = Callable[[int, int], None]
STEPS = 4


@dataclass(frozen=True)
class AssignmentSettings:
    """What is learnt from and when a label is doubted.

    Only tickets of the last ``training_days`` teach, because the meaning of labels drifts. A label that should have been
    seen ``retired_after_expected`` times in the last ``retired_days`` (at its earlier pace) and was not seen once counts
    as retired. A helpdesk's label is doubted, and still counted, when the model, not having seen the ticket, gives
    another category with at least ``doubt_above`` probability.
    """

    model: IntentSettings = field(default_factory=IntentSettings)
    training_days: int = 365
    retired_days: int = 60
    retired_after_expected: float = 8.0
    doubt_above: float = 0.9
    folds: int = 5


@dataclass(frozen=True)
class IntentAssignment:
    """``frame``: ticket_intents without candidates (``candidate_id`` is null); ``model``: what predicted it."""

    frame: pd.DataFrame
    model: IntentModel
    report: IntentReport


def example_phrases(accepted_categories: pd.DataFrame) -> pd.DataFrame:
    """The phrases people wrote for their categories, one row each: category_id, text. Encode ``text`` in this order
    and give the vectors to ``assign_intents``."""
    rows = [
        (str(row["category_id"]), str(text).strip())
        for row in accepted_categories.to_dict("records")
        for text in row["examples"]
        if str(text).strip()
    ]
    return pd.DataFrame(rows, columns=["category_id", "text"], dtype="str")


def assign_intents(
    tickets: pd.DataFrame,
    vectors: np.ndarray,
    splits: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    encoder_revision: str,
    phrases: pd.DataFrame | None = None,
    phrase_vectors: np.ndarray | None = None,
    accepted_members: pd.DataFrame | None = None,
    corrections: pd.DataFrame | None = None,
    settings: AssignmentSettings | None = None,
    seed: int = 0,
    on_progress: Progress | None = None,
) -> IntentAssignment:
    """Learn the known categories and give every ticket a verdict.

    Args:
        tickets: one row a ticket: ticket_id, text, label_category_id (null where the helpdesk gave none) and, to notice
            old and retired labels, created_at (UTC).
        vectors: sentence vectors (n, d) in the same order.
        splits: ticket_id, split, group_id; a ticket without a split counts as excluded: predicted, never learnt from.
        as_of: the data's present.
        encoder_revision: what made the vectors.
        phrases: category_id, text of people's example phrases (``example_phrases``), more to learn from.
        phrase_vectors: their sentence vectors, same order.
        accepted_members: ticket_id, category_id of tickets in candidates that a person accepted
            (``category_proposals.accepted_members``); they stand for a label where the helpdesk gave none.
        corrections: ticket_id, category_id, change_id: what people corrected (``label_corrections``). A corrected training
            ticket counts and teaches by its correction; corrections of other tickets are passed over.
        settings: what is learnt from.
        seed: of the solver and folds.
        on_progress: called with (steps done, steps).

    Returns:
        The frame has one row a ticket, sorted by ticket_id: ticket_id, model_version, predicted_category_id,
        confidence, margin, runner_up_category_id, unknown_score, is_unknown, unknown_reason, label_category_id,
        label_is_doubtful, assigned_category_id, assigned_by (label, correction, model or unknown), correction_change_id
        (null unless corrected), candidate_id (null), split. label_category_id stays what the helpdesk says.
    """
    settings = settings or AssignmentSettings()
    report_step = on_progress or (lambda done, total: None)
    if len(tickets) != len(vectors):
        raise ValueError(
            f"{len(tickets)} tickets but {len(vectors)} vectors; give one vector a ticket, in the same order"
        )
    order = np.argsort(tickets["ticket_id"].to_numpy(dtype=str), kind="stable")
    tickets, vectors = tickets.iloc[order].reset_index(drop=True), np.asarray(vectors, dtype=np.float32)[order]
    texts = tickets["text"].fillna("").astype(str).tolist()
    side = tickets["ticket_id"].map(splits.set_index("ticket_id")["split"]).fillna("excluded").to_numpy(dtype=object)
    groups = _groups(tickets, splits)
    label = tickets["label_category_id"].astype("object").where(tickets["label_category_id"].notna(), None).to_numpy()
    given_label, corrected = label, that_may_teach(corrections, splits).set_index("ticket_id")
    is_corrected = tickets["ticket_id"].isin(corrected.index).to_numpy(dtype=bool)
    label = np.where(is_corrected, tickets["ticket_id"].map(corrected["category_id"]).to_numpy(dtype=object), label)
    lent = _lent_labels(tickets, accepted_members)
    taught = np.where(pd.isna(label), lent, label)
    is_current, retired = current_labels(tickets, taught, side == "train", as_of, settings)
    has_text = np.array([bool(text.strip()) for text in texts], dtype=bool)
    teaches = (side == "train") & pd.notna(taught) & is_current & has_text
    report_step(0, STEPS)

    model, count_phrases = _fit(
        texts, vectors, taught, teaches, phrases, phrase_vectors, encoder_revision, settings, seed
    )
    report_step(1, STEPS)
    scores = model.scores(texts, vectors)
    report_step(2, STEPS)
    at = np.flatnonzero(teaches)
    if len(at):
        lessons, lesson_groups = [texts[i] for i in at], [groups[i] for i in at]
        scores[at] = cross_scores(model, lessons, vectors[at], taught[at].tolist(), lesson_groups, settings.folds, seed)
    report_step(3, STEPS)
    has_label = pd.notna(label) & is_current & has_text
    on, calibrated_on = _calibration_rows(side, has_label)
    calibrator = model.calibrate_scores(scores[on], label[on], training_digest([texts[i] for i in on], label[on]), seed)
    predictions = model.predict_scores(scores, texts)
    frame = _verdicts(tickets, predictions, label, lent, side, model, settings)
    frame = _with_corrections(frame, given_label, is_corrected, corrected)
    report_step(4, STEPS)

    def measured(rows: np.ndarray) -> dict[str, float | None]:
        return measure(predictions[rows].reset_index(drop=True), label[rows])

    judged = has_label & (side == "train")
    learnt_texts = pd.Series(taught[teaches]).value_counts().to_dict() if teaches.any() else {}
    return IntentAssignment(
        frame,
        model,
        IntentReport(
            model_version=model.model_version,
            encoder_revision=encoder_revision,
            count_tickets=len(tickets),
            count_labelled=int(pd.notna(given_label).sum()),
            count_training_tickets=int(teaches.sum()),
            count_training_phrases=count_phrases,
            count_from_candidates=int((pd.isna(label) & pd.notna(lent)).sum()),
            categories=tuple(model.categories),
            not_learnt=model.not_learnt,
            retired=retired,
            calibrated_on=calibrated_on,
            calibrator=calibrator,
            foreign_below=None if np.isinf(model.foreign_below) else model.foreign_below,
            cross_fitted=measured(judged),
            calibration=measured(has_label & (side == "calibration")),
            holdout=measured(has_label & (side == "holdout")),
            per_category=measure_categories(
                predictions.loc[judged, "predicted_category_id"].to_numpy(dtype=object),
                label[judged],
                model.categories,
                {str(name): int(count) for name, count in learnt_texts.items()},
            ),
            count_doubtful_labels=int(frame["label_is_doubtful"].sum()),
            count_assigned_by={str(k): int(v) for k, v in frame["assigned_by"].value_counts().items()},
            count_unknown_by_reason={
                str(k): int(v)
                for k, v in frame.loc[frame["assigned_by"] == "unknown", "unknown_reason"].value_counts().items()
            },
        ),
    )


def current_labels(
    tickets: pd.DataFrame, labels: np.ndarray, is_train: np.ndarray, as_of: pd.Timestamp, settings: AssignmentSettings
) -> tuple[np.ndarray, dict[str, int]]:
    """Which tickets' labels are of today: bool (n,), and the retired labels with their number of training tickets."""
    if "created_at" not in tickets:
        return np.ones(len(tickets), dtype=bool), {}
    created = pd.to_datetime(tickets["created_at"], utc=True)
    recent = created > as_of - pd.Timedelta(days=settings.training_days)
    late = created > as_of - pd.Timedelta(days=settings.retired_days)
    known = pd.Series(labels, index=tickets.index)
    retired: dict[str, int] = {}
    for name, rows in known[recent & known.notna() & is_train].groupby(known):
        earlier = created[rows.index][~late[rows.index]]
        if len(earlier) == len(rows) and len(rows):
            days = max((as_of - pd.Timedelta(days=settings.retired_days) - earlier.min()).days, 1)
            if len(earlier) / days * settings.retired_days >= settings.retired_after_expected:
                retired[str(name)] = len(rows)
    return (recent & ~known.isin(retired)).to_numpy(dtype=bool), retired


def with_candidates(intents: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """``ticket_intents`` with the candidate of each unknown ticket (``members``: ticket_id, candidate_id)."""
    found = intents["ticket_id"].map(members.set_index("ticket_id")["candidate_id"]).astype("string")
    return intents.assign(candidate_id=found.where(intents["assigned_by"] == "unknown"))


def _fit(
    texts: list[str], vectors: np.ndarray, taught: np.ndarray, teaches: np.ndarray, phrases: pd.DataFrame | None,
    phrase_vectors: np.ndarray | None, encoder_revision: str, settings: AssignmentSettings, seed: int,
) -> tuple[IntentModel, int]:  # fmt: skip
    at = np.flatnonzero(teaches)
    lessons, labels, taught_vectors = [texts[i] for i in at], list(taught[at]), vectors[at]
    count_phrases = len(phrases) if phrases is not None else 0
    if phrases is not None and count_phrases:
        if phrase_vectors is None or len(phrase_vectors) != count_phrases:
            raise ValueError(f"{count_phrases} example phrases need as many vectors, in the same order")
        lessons += phrases["text"].tolist()
        labels += phrases["category_id"].tolist()
        taught_vectors = np.vstack([taught_vectors, np.asarray(phrase_vectors, dtype=np.float32)])
    model = IntentModel(settings.model, encoder_revision).fit(lessons, taught_vectors, labels, seed)
    return model, count_phrases


def _groups(tickets: pd.DataFrame, splits: pd.DataFrame) -> list[str]:
    if "group_id" not in splits:
        return [""] * len(tickets)
    return tickets["ticket_id"].map(splits.set_index("ticket_id")["group_id"]).fillna("").astype(str).tolist()


def _lent_labels(tickets: pd.DataFrame, accepted_members: pd.DataFrame | None) -> np.ndarray:
    if accepted_members is None or not len(accepted_members):
        return np.full(len(tickets), None, dtype=object)
    given = tickets["ticket_id"].map(
        accepted_members.drop_duplicates("ticket_id").set_index("ticket_id")["category_id"]
    )
    return given.astype("object").where(given.notna(), None).to_numpy()


def _calibration_rows(side: np.ndarray, has_label: np.ndarray) -> tuple[np.ndarray, str]:
    own = np.flatnonzero((side == "calibration") & has_label)
    if len(own) >= FEW:
        return own, "calibration"
    both = np.flatnonzero(np.isin(side, ["calibration", "train"]) & has_label)
    return both, "calibration and cross-fitted training" if len(both) > len(own) else "calibration"


def _verdicts(
    tickets: pd.DataFrame, predictions: pd.DataFrame, label: np.ndarray, lent: np.ndarray, side: np.ndarray,
    model: IntentModel, settings: AssignmentSettings,
) -> pd.DataFrame:  # fmt: skip
    predicted = predictions["predicted_category_id"].to_numpy(dtype=object)
    unknown = predictions["is_unknown"].to_numpy(dtype=bool)
    given = np.where(pd.isna(label), lent, label)
    has_given = pd.notna(given)
    assigned = given.copy()
    assigned[~has_given & ~unknown] = predicted[~has_given & ~unknown]
    confidence = predictions["confidence"].to_numpy()
    doubtful = (
        pd.notna(label) & np.isin(label.astype(str), model.categories) & (predicted != label) & ~unknown
        & (confidence >= settings.doubt_above)
    )  # fmt: skip
    # A training ticket was cross-fitted, so its doubt is fair; where the model knows one category there is none to doubt.
    doubtful &= len(model.categories) > 1
    return pd.DataFrame(
        {
            "ticket_id": tickets["ticket_id"].astype("string"),
            "model_version": pd.array([model.model_version] * len(tickets), dtype="string"),
            **{name: predictions[name] for name in predictions.columns},
            "label_category_id": pd.array(label, dtype="string"),
            "label_is_doubtful": doubtful.astype(bool),
            "assigned_category_id": pd.array(assigned, dtype="string"),
            "assigned_by": pd.array(
                np.where(has_given, "label", np.where(unknown, "unknown", "model")), dtype="string"
            ),
            "candidate_id": pd.array([None] * len(tickets), dtype="string"),
            "split": pd.array(side, dtype="string"),
        }
    )


def _with_corrections(
    frame: pd.DataFrame, given_label: np.ndarray, is_corrected: np.ndarray, corrected: pd.DataFrame
) -> pd.DataFrame:
    """The verdicts with what the helpdesk said beside what people corrected; nobody doubts what a person looked at."""
    change = frame["ticket_id"].map(corrected["change_id"]).astype("string")
    return frame.assign(
        label_category_id=pd.array(given_label, dtype="string"),
        label_is_doubtful=frame["label_is_doubtful"] & ~is_corrected,
        assigned_by=frame["assigned_by"].mask(is_corrected, "correction"),
        correction_change_id=change.where(is_corrected),
    )

"""How good the category model is, told without ever counting a ticket that it was trained on.

Belongs here: the report of one run of ``intents`` and its measures per category. Does not belong here: choosing
anything by them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from assets.audit_tickets.categories.calibration import CalibrationReport


@dataclass(frozen=True)
class IntentReport:
    """One run of the category model.

    ``cross_fitted`` measures training tickets, each by a model that had not seen it or its requester;
    ``calibration`` and ``holdout`` measure the published model on those splits. Holdout figures are for reading only:
    nothing is chosen by them. Each holds count_tickets, accuracy, macro_f1, share_known (share not called unknown) and
    accuracy_when_known, or None where there is no labelled ticket.

    ``per_category`` has one row a learnt category: category_id, count_training_texts, and precision and recall with
    numerators and denominators, cross-fitted. ``not_learnt`` counts the texts of categories that had too few;
    ``retired`` those of labels that the helpdesk has stopped using.
    """

    model_version: str
    encoder_revision: str
    count_tickets: int
    count_labelled: int
    count_training_tickets: int
    count_training_phrases: int
    count_from_candidates: int
    categories: tuple[str, ...]
    not_learnt: dict[str, int]
    retired: dict[str, int]
    calibrated_on: str
    calibrator: CalibrationReport
    foreign_below: float | None
    cross_fitted: dict[str, float | None]
    calibration: dict[str, float | None]
    holdout: dict[str, float | None]
    per_category: pd.DataFrame
    count_doubtful_labels: int
    count_assigned_by: dict[str, int] = field(default_factory=dict)
    count_unknown_by_reason: dict[str, int] = field(default_factory=dict)

    def as_metadata(self) -> dict[str, Any]:
        """The figures as flat names with plain values, for a log or asset metadata."""
        flat: dict[str, Any] = {
            "model_version": self.model_version,
            "encoder_revision": self.encoder_revision,
            "tickets": self.count_tickets,
            "labelled_tickets": self.count_labelled,
            "training_tickets": self.count_training_tickets,
            "training_phrases": self.count_training_phrases,
            "categories_learnt": len(self.categories),
            "categories_not_learnt": ", ".join(f"{k} ({v})" for k, v in sorted(self.not_learnt.items())) or "none",
            "labels_no_longer_used": ", ".join(f"{k} ({v})" for k, v in sorted(self.retired.items())) or "none",
            "calibrated_on": self.calibrated_on,
            "calibration_method": self.calibrator.method,
            "doubtful_labels": self.count_doubtful_labels,
        }
        if self.calibrator.ece is not None and self.calibrator.brier is not None:
            flat |= {"expected_calibration_error": self.calibrator.ece, "brier_score": self.calibrator.brier}
        for where, measures in (("cross_fitted", self.cross_fitted), ("holdout", self.holdout)):
            flat |= {f"{where}_{name}": value for name, value in measures.items() if value is not None}
        flat |= {f"assigned_by_{name}": count for name, count in self.count_assigned_by.items()}
        return flat | {f"unknown_{name}": count for name, count in self.count_unknown_by_reason.items()}


def measure(predictions: pd.DataFrame, labels: np.ndarray) -> dict[str, float | None]:
    """Measures of predictions (as ``IntentModel.predict`` gives them) against true category ids."""
    count = len(labels)
    if count == 0 or predictions["predicted_category_id"].isna().all():
        names = ("accuracy", "macro_f1", "share_known", "accuracy_when_known")
        return {"count_tickets": float(count), **dict.fromkeys(names)}
    from sklearn.metrics import f1_score

    predicted = predictions["predicted_category_id"].to_numpy(dtype=object)
    correct = predicted == labels
    known = ~predictions["is_unknown"].to_numpy(dtype=bool)
    return {
        "count_tickets": float(count),
        "accuracy": float(correct.mean()),
        "macro_f1": float(f1_score(labels, predicted, labels=sorted(set(labels)), average="macro", zero_division=0)),
        "share_known": float(known.mean()),
        "accuracy_when_known": float(correct[known].mean()) if known.any() else None,
    }


def measure_categories(
    predicted: np.ndarray, labels: np.ndarray, categories: list[str], texts_learnt: dict[str, int]
) -> pd.DataFrame:
    """Precision and recall of every category, each with numerator and denominator (null where that is zero)."""
    rows = []
    for name in categories:
        hits = int(((predicted == name) & (labels == name)).sum())
        said, true = int((predicted == name).sum()), int((labels == name).sum())
        rows.append(
            {
                "category_id": name,
                "count_training_texts": texts_learnt.get(name, 0),
                "precision": hits / said if said else None,
                "precision_numerator": hits,
                "precision_denominator": said,
                "recall": hits / true if true else None,
                "recall_numerator": hits,
                "recall_denominator": true,
            }
        )
    columns = ["category_id", "count_training_texts"] + [
        name + part for name in ("precision", "recall") for part in ("", "_numerator", "_denominator")
    ]
    return pd.DataFrame(rows, columns=columns)

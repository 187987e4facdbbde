"""The model of known categories: a linear layer and landmarks over one text's numbers, calibrated, able to say "unknown".

Belongs here: learning from labelled texts, scoring, calibrated prediction. Does not belong here: which tickets may be
learnt from (``intents``), how probabilities are calibrated (``calibration``), what a text looks like as numbers
(``text_features``), likeness to landmarks (``landmarks``), the files of a model (``intent_files``).

Method: two views of a frozen encoder's vector beside TF-IDF, added up: one-against-rest linear support vectors, and
kernel ridge regression over landmarks. They err on different texts, and on short customer questions the sum beats
fine-tuning the encoder for minutes, at seconds of cost. A text's resemblance comes from the landmarks alone: unlike
the largest linear score or probability it falls to zero far from everything learnt, and needs no foreign example.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from assets.audit_tickets.categories.calibration import (
    CalibrationReport,
    Calibrator,
    best_and_margin,
    fit_calibrator,
    keep_threshold,
)
from assets.audit_tickets.categories.landmarks import Landmarks, LandmarkSettings
from assets.audit_tickets.categories.text_features import FeatureSettings, TextFeatures

FORMAT = 2
CHUNK = 4096
REASONS = ("no_known_categories", "no_text", "resembles_no_category", "between_categories")


@dataclass(frozen=True)
class IntentSettings:
    """How categories are learnt and when a ticket is called unknown.

    A category with fewer than ``min_examples`` training texts is not learnt. ``keep_share`` of tickets that do belong
    to a known category are kept from being called foreign (``calibration.keep_threshold``). A prediction whose
    calibrated probability is under ``min_confidence`` is called unknown as well: at 0.5, a category is only given
    when it is more likely right than wrong. ``regularisation`` is the C of the linear support vectors; ``balance``
    weights a category by its size to the power of minus this (0: by size, 1: all categories alike). ``linear_share``
    is what the linear layer's scores count beside those of the landmarks.
    """

    min_examples: int = 8
    keep_share: float = 0.95
    min_confidence: float = 0.5
    regularisation: float = 0.5
    balance: float = 0.25
    linear_share: float = 0.4
    features: FeatureSettings = field(default_factory=FeatureSettings)
    landmarks: LandmarkSettings = field(default_factory=LandmarkSettings)


@dataclass
class IntentModel:
    """A fitted model; make one with ``IntentModel().fit(…)``, then ``calibrate(…)``.

    ``categories`` are in column order of the scores. ``not_learnt`` counts the training texts of every category that
    had too few. Before ``calibrate``, confidence is one half and nothing is foreign.
    """

    settings: IntentSettings = field(default_factory=IntentSettings)
    encoder_revision: str = ""
    categories: list[str] = field(default_factory=list)
    not_learnt: dict[str, int] = field(default_factory=dict)
    calibrator: Calibrator = field(default_factory=Calibrator)
    foreign_below: float = float("-inf")
    model_version: str = ""
    features: TextFeatures = field(default_factory=TextFeatures)
    coefficients: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    intercepts: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    landmarks: Landmarks = field(default_factory=Landmarks)

    def fit(self, texts: Sequence[str], vectors: np.ndarray, labels: Sequence[str], seed: int = 0) -> IntentModel:
        """Learn from labelled texts; deterministic for the same texts, in any order, on the same machine.

        Args:
            texts: n training texts.
            vectors: their sentence vectors (n, d), from the encoder named by ``encoder_revision``.
            labels: their category ids.
            seed: of the solver.
        """
        texts, truth, vectors = list(texts), np.array([str(label) for label in labels], dtype=str), np.asarray(vectors)
        if not len(texts) == len(truth) == len(vectors):
            raise ValueError(
                f"{len(texts)} texts, {len(truth)} labels and {len(vectors)} vectors; give one of each a text"
            )
        # The solver visits rows in order: sorted by content, the same texts give the same model.
        order = np.array(sorted(range(len(texts)), key=lambda i: (truth[i], texts[i])), dtype=np.int64)
        names, counts = np.unique(truth, return_counts=True)
        self.categories = [str(name) for name in names[counts >= self.settings.min_examples]]
        self.not_learnt = {
            str(name): int(count)
            for name, count in zip(names, counts, strict=True)
            if count < self.settings.min_examples
        }
        kept = order[np.isin(truth[order], self.categories)]
        kept_texts = [texts[i] for i in kept]
        self.features = TextFeatures(self.settings.features).fit(kept_texts)
        matrix = self.features.transform(kept_texts, vectors[kept]) if kept_texts else None
        self.solve(matrix, truth[kept], balanced_weights(truth[kept], self.settings.balance), seed)
        self.calibrator, self.foreign_below = Calibrator(), float("-inf")
        self.model_version = self._version(training_digest(texts, truth.tolist()), seed)
        return self

    def calibrate(
        self, texts: Sequence[str], vectors: np.ndarray, labels: Sequence[str], seed: int = 0
    ) -> CalibrationReport:
        """Fit confidence and the threshold of "resembles no category" on labelled tickets that were not learnt from."""
        return self.calibrate_scores(self.scores(texts, vectors), labels, training_digest(texts, labels), seed)

    def calibrate_scores(
        self, scores: np.ndarray, labels: Sequence[str], digest: str, seed: int = 0
    ) -> CalibrationReport:
        """Like ``calibrate`` for scores made elsewhere, such as cross-fitted ones; ``digest`` names their texts.

        Tickets of a category the model never learnt count as wrong for confidence and are left out of the threshold.
        """
        truth = np.asarray(labels, dtype=object).astype(str)
        is_known = np.isin(truth, self.categories)
        if self.categories and len(truth):
            correct = np.asarray(self.categories)[scores.argmax(axis=1)] == truth
        else:
            correct = np.zeros(len(truth), dtype=bool)
        self.calibrator, report = fit_calibrator(scores, correct, seed)
        known_best = best_and_margin(scores[is_known])[0] if is_known.any() else np.zeros(0)
        self.foreign_below = keep_threshold(known_best, self.settings.keep_share)
        self.model_version = self._version(self.model_version + digest, seed)
        return report

    def scores(self, texts: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        """One score a category: float32 (n, categories).

        Within a row, higher is likelier. The highest of a row is the text's resemblance to anything learnt, comparable
        between texts.
        """
        if not self.categories or len(texts) == 0:
            return np.zeros((len(texts), len(self.categories)), dtype=np.float32)
        vectors = np.asarray(vectors, dtype=np.float32)
        return np.vstack(
            [
                self.feature_scores(self.features.transform(texts[at : at + CHUNK], vectors[at : at + CHUNK]))
                for at in range(0, len(texts), CHUNK)
            ]
        )

    def feature_scores(self, matrix: Any) -> np.ndarray:
        """``scores`` of texts that are numbers already: features (n, f) to float32 (n, categories)."""
        linear = np.asarray(matrix @ self._by_feature() + self.intercepts, dtype=np.float32)
        if not len(self.landmarks.vectors):
            return linear
        by_landmarks, resemblance = self.landmarks.scores(matrix)
        together = by_landmarks + np.float32(self.settings.linear_share) * linear
        # The order and distances within a row come from both views; its level, the resemblance, from landmarks alone.
        return np.asarray(together + (resemblance - together.max(axis=1))[:, None], dtype=np.float32)

    def predict(self, texts: Sequence[str], vectors: np.ndarray) -> pd.DataFrame:
        """Category and confidence of each text, in order; columns as ``predict_scores`` describes."""
        return self.predict_scores(self.scores(texts, vectors), texts)

    def predict_scores(self, scores: np.ndarray, texts: Sequence[str]) -> pd.DataFrame:
        """Read scores (n, categories) of n texts.

        Returns:
            predicted_category_id and runner_up_category_id (null without categories), confidence (calibrated
            probability, 0..1), margin (best score minus second best), unknown_score (higher: more foreign),
            is_unknown, unknown_reason (one of ``REASONS``, or null).
        """
        count = len(texts)
        has_text = np.array([bool(text and not text.isspace()) for text in texts], dtype=bool)
        if not self.categories:
            reasons = np.full(count, "no_known_categories", dtype=object)
            nothing = np.full(count, None, dtype=object)
            return _frame(nothing, np.zeros(count), np.zeros(count), nothing.copy(), np.zeros(count), reasons)
        best, margin = best_and_margin(scores)
        order = np.argsort(-scores, axis=1, kind="stable")
        names = np.asarray(self.categories, dtype=object)
        runner_up = names[order[:, 1]] if len(names) > 1 else np.full(count, None, dtype=object)
        confidence = np.where(has_text, self.calibrator.confidence(scores), 0.0)
        reasons = np.full(count, None, dtype=object)
        reasons[confidence < self.settings.min_confidence] = "between_categories"
        reasons[best < self.foreign_below] = "resembles_no_category"
        reasons[~has_text] = "no_text"
        return _frame(names[order[:, 0]], confidence, margin, runner_up, -best, reasons)

    def save(self, folder: Path) -> None:
        """Write the model's files into ``folder`` (``intent_files.write_model``)."""
        from assets.audit_tickets.categories.intent_files import write_model

        write_model(self, folder)

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """Read what ``save`` wrote. Raises FileNotFoundError, or ValueError for another format."""
        from assets.audit_tickets.categories.intent_files import read_model

        return read_model(folder)

    def solve(self, matrix: Any, labels: np.ndarray, importance: np.ndarray, seed: int) -> None:
        """Fit layer and landmarks for ``categories`` to features (n, f), category ids (n,) and weights (n,)."""
        self.landmarks = Landmarks(self.settings.landmarks)
        self.__dict__.pop("_transposed", None)
        if len(self.categories) < 2:
            # One category has nothing to be told apart from: its score is the likeness to its mean.
            mean = np.asarray(matrix.mean(axis=0), dtype=np.float32) if self.categories else np.zeros((0, 0))
            lengths = np.linalg.norm(mean, axis=1, keepdims=True)
            self.coefficients = (mean / np.where(lengths > 0, lengths, 1)).astype(np.float32)
            self.intercepts = np.zeros(len(self.categories), dtype=np.float32)
            return
        from sklearn.svm import LinearSVC

        solver: Any = LinearSVC(C=self.settings.regularisation, random_state=seed, tol=1e-3, max_iter=2000)
        solver.fit(matrix, labels, sample_weight=importance)
        # Two categories share one line; its other side is its negative.
        two = len(self.categories) == 2
        slopes = np.vstack([-solver.coef_, solver.coef_]) if two else solver.coef_
        offsets = np.concatenate([-solver.intercept_, solver.intercept_]) if two else solver.intercept_
        self.coefficients, self.intercepts = slopes.astype(np.float32), offsets.astype(np.float32)
        column = np.searchsorted(np.asarray(self.categories), labels)
        self.landmarks.fit(matrix, self.features.count_terms, column, importance)

    def _by_feature(self) -> np.ndarray:
        # A sparse row times a transposed view copies the whole layer first, milliseconds a text; this copies it once.
        if "_transposed" not in self.__dict__:
            self._transposed = np.ascontiguousarray(self.coefficients.T)
        return self._transposed

    def _version(self, digest: str, seed: int) -> str:
        recipe = json.dumps([FORMAT, digest, seed, self.encoder_revision, asdict(self.settings)], sort_keys=True)
        return "intents_" + hashlib.sha256(recipe.encode()).hexdigest()[:12]


def balanced_weights(labels: np.ndarray, balance: float) -> np.ndarray:
    """Weight of each label (n,): mean size of a category by its own size, to the power of ``balance``."""
    if not balance or not len(labels):
        return np.ones(len(labels))
    _, inverse, counts = np.unique(labels, return_inverse=True, return_counts=True)
    return np.asarray((counts.mean() / counts[inverse]) ** balance)


def training_digest(texts: Sequence[str], labels: Sequence[str]) -> str:
    """Hash of labelled texts that does not depend on their order."""
    rows = sorted(
        hashlib.sha256(json.dumps([text, str(label)]).encode()).hexdigest()
        for text, label in zip(texts, labels, strict=True)
    )
    return hashlib.sha256("".join(rows).encode()).hexdigest()


def _frame(
    predicted: np.ndarray,
    confidence: np.ndarray,
    margin: np.ndarray,
    runner_up: np.ndarray,
    unknown_score: np.ndarray,
    reasons: np.ndarray,
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "predicted_category_id": pd.array(predicted, dtype="string"),
            "confidence": np.clip(confidence, 0, 1).astype(float),
            "margin": margin.astype(float),
            "runner_up_category_id": pd.array(runner_up, dtype="string"),
            "unknown_score": unknown_score.astype(float),
            "is_unknown": np.array([reason is not None for reason in reasons], dtype=bool),
            "unknown_reason": pd.array(reasons, dtype="string"),
        }
    )

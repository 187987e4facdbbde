"""The model of known categories: one linear layer over sentence vector and TF-IDF, calibrated, able to say "unknown".

Belongs here: learning from labelled texts, scoring, calibrated prediction, saving and loading. Does not belong here:
which tickets may be learnt from (``intents``), how probabilities are calibrated (``calibration``), what a text looks
like as numbers (``text_features``).

Method: one-against-rest linear support vectors over a frozen encoder's vector beside TF-IDF. On short customer
questions this beats fine-tuning the encoder for minutes, at seconds of cost. A text's resemblance is its largest
score: it separates foreign texts better than the largest probability does, because a softmax hides how far all
categories are.
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
from assets.audit_tickets.categories.text_features import FeatureSettings, TextFeatures

FORMAT = 1
CHUNK = 4096
REASONS = ("no_known_categories", "no_text", "resembles_no_category", "between_categories")


@dataclass(frozen=True)
class IntentSettings:
    """How categories are learnt and when a ticket is called unknown.

    A category with fewer than ``min_examples`` training texts is not learnt. ``keep_share`` of tickets that do belong
    to a known category are kept from being called foreign (``calibration.keep_threshold``). A prediction whose
    calibrated probability is under ``min_confidence`` is called unknown as well: at 0.5, a category is only given
    when it is more likely right than wrong. ``regularisation`` is the C of the linear support vectors; ``balance``
    weights a category by its size to the power of minus this (0: by size, 1: all categories alike).
    """

    min_examples: int = 8
    keep_share: float = 0.95
    min_confidence: float = 0.5
    regularisation: float = 0.5
    balance: float = 0.25
    features: FeatureSettings = field(default_factory=FeatureSettings)


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
        """One score a category, higher is more alike: float32 (n, categories)."""
        if not self.categories or len(texts) == 0:
            return np.zeros((len(texts), len(self.categories)), dtype=np.float32)
        vectors = np.asarray(vectors, dtype=np.float32)
        return np.vstack(
            [
                self.features.transform(texts[at : at + CHUNK], vectors[at : at + CHUNK]) @ self.coefficients.T
                + self.intercepts
                for at in range(0, len(texts), CHUNK)
            ]
        ).astype(np.float32)

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
        """Write ``intent_model.json`` and ``intent_model.npz``: no pickle, equal bytes for an equal model."""
        folder.mkdir(parents=True, exist_ok=True)
        state, arrays = self.features.to_state()
        document = {
            "format": FORMAT,
            "model_version": self.model_version,
            "encoder_revision": self.encoder_revision,
            "categories": self.categories,
            "not_learnt": self.not_learnt,
            "foreign_below": None if np.isinf(self.foreign_below) else self.foreign_below,
            "calibrator": asdict(self.calibrator),
            "settings": asdict(self.settings),
            "features": state,
        }
        (folder / "intent_model.json").write_text(
            json.dumps(document, ensure_ascii=False, sort_keys=True), encoding="utf-8"
        )
        packed: dict[str, Any] = {"coefficients": self.coefficients, "intercepts": self.intercepts, **arrays}
        np.savez_compressed(folder / "intent_model.npz", **dict(sorted(packed.items())))

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """Read what ``save`` wrote. Raises FileNotFoundError, or ValueError for another format."""
        document = json.loads((folder / "intent_model.json").read_text(encoding="utf-8"))
        if document.get("format") != FORMAT:
            raise ValueError(
                f"{folder}: written by another version of the model format ({document.get('format')}); fit it again"
            )
        with np.load(folder / "intent_model.npz", allow_pickle=False) as packed:
            arrays = {name: packed[name] for name in packed.files}
        settings = dict(document["settings"])
        feature_settings: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in settings.pop("features").items()
        }
        calibrator = dict(document["calibrator"])
        calibrator["weights"] = tuple(calibrator["weights"])
        calibrator["steps"] = tuple(tuple(step) for step in calibrator["steps"])
        chosen = IntentSettings(features=FeatureSettings(**feature_settings), **settings)
        return cls(
            settings=chosen,
            encoder_revision=document["encoder_revision"],
            categories=document["categories"],
            not_learnt=document["not_learnt"],
            calibrator=Calibrator(**calibrator),
            foreign_below=float("-inf") if document["foreign_below"] is None else document["foreign_below"],
            model_version=document["model_version"],
            features=TextFeatures.from_state(chosen.features, document["features"], arrays),
            coefficients=arrays["coefficients"],
            intercepts=arrays["intercepts"],
        )

    def solve(self, matrix: Any, labels: np.ndarray, importance: np.ndarray, seed: int) -> None:
        """Fit the linear layer for ``categories`` to features (n, f), category ids (n,) and weights (n,)."""
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

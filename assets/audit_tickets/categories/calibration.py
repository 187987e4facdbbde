"""Turning a model's scores into probabilities that mean what they say, and choosing where "unknown" begins.

Belongs here: fitting and choosing a calibrator on calibration tickets, its error measures, and thresholds that come
with a stated guarantee. Does not belong here: the model that scores, or which tickets are calibration tickets.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

Method = Literal["constant", "temperature", "platt", "isotonic"]
METHODS: tuple[Method, ...] = ("temperature", "platt", "isotonic")
FEW = 30
CLEARLY_BETTER = 0.002


@dataclass(frozen=True)
class Calibrator:
    """Probability that the best-scored category is the right one.

    ``temperature`` divides the scores before a softmax (Guo et al. 2017); ``platt`` is a logistic curve over best
    score and margin (Platt 1999); ``isotonic`` a rising step curve over the tempered softmax (Zadrozny and Elkan
    2002); ``constant`` is the share that was right, for when there is too little to fit more.
    """

    method: Method = "constant"
    temperature: float = 1.0
    constant: float = 0.5
    weights: tuple[float, float, float] = (0.0, 0.0, 0.0)
    steps: tuple[tuple[float, ...], tuple[float, ...]] = ((), ())

    def confidence(self, scores: np.ndarray) -> np.ndarray:
        """Probability of being right for each row of ``scores`` (n, categories); float64 (n,), within 0..1."""
        if self.method == "constant" or scores.shape[1] == 0:
            return np.full(len(scores), self.constant)
        top = top_probability(scores, self.temperature)
        if self.method == "platt":
            best, margin = best_and_margin(scores)
            return _sigmoid(self.weights[0] + self.weights[1] * best + self.weights[2] * margin)
        if self.method == "isotonic":
            return np.interp(top, self.steps[0], self.steps[1])
        return top


@dataclass(frozen=True)
class CalibrationReport:
    """How honest the probabilities are, measured on calibration tickets that the fitted curve had not seen.

    ``log_loss`` holds every method tried; ``ece`` is the expected calibration error over ten equally filled bins;
    ``brier`` the mean squared error of the probability. Both are None without enough tickets.
    """

    method: Method
    count_tickets: int
    accuracy: float | None
    ece: float | None
    brier: float | None
    log_loss: dict[str, float] = field(default_factory=dict)


def fit_calibrator(scores: np.ndarray, correct: np.ndarray, seed: int = 0) -> tuple[Calibrator, CalibrationReport]:
    """Choose a calibrator by five-fold cross-validation on calibration tickets and fit it on all of them.

    The simplest method wins unless another is clearly better (log loss lower by 0.002). Under 30 tickets, or when all
    or none are right, the answer is the share that was right, pulled towards one half (Laplace).

    Args:
        scores: model scores (n, categories) of tickets the model was not trained on.
        correct: bool (n,), whether the best-scored category was the right one.
        seed: of the folds.
    """
    correct = np.asarray(correct, dtype=bool)
    count, right = len(correct), int(correct.sum())
    constant = Calibrator("constant", constant=(right + 1) / (count + 2))
    if count < FEW or right in (0, count) or scores.shape[1] < 2:
        accuracy = right / count if count else None
        return constant, CalibrationReport("constant", count, accuracy, None, None)
    folds = _folds(count, seed)
    held_out: dict[str, np.ndarray] = {}
    for method in METHODS:
        held_out[method] = np.empty(count)
        for fold in range(5):
            inside = folds != fold
            fitted = _fit(method, scores[inside], correct[inside])
            held_out[method][~inside] = fitted.confidence(scores[~inside])
    losses = {method: log_loss(held_out[method], correct) for method in METHODS}
    chosen: Method = METHODS[0]
    for method in METHODS[1:]:
        if losses[method] < losses[chosen] - CLEARLY_BETTER:
            chosen = method
    return _fit(chosen, scores, correct), CalibrationReport(
        chosen,
        count,
        right / count,
        expected_calibration_error(held_out[chosen], correct),
        brier_score(held_out[chosen], correct),
        {str(method): loss for method, loss in losses.items()},
    )


def keep_threshold(scores: np.ndarray, keep_share: float) -> float:
    """The score below which a text counts as resembling no category, so that a stated share of known texts is kept.

    Split conformal prediction (Vovk et al. 2005; Angelopoulos and Bates 2021): when new tickets of known categories
    are exchangeable with those given, at least ``keep_share`` of them score at or above the returned value, whatever
    the model. Too few tickets to promise that give minus infinity: everything is kept.

    Args:
        scores: resemblance scores (n,) of calibration tickets whose category is known; higher is more alike.
        keep_share: share to keep, such as 0.95.
    """
    if not 0 < keep_share < 1:
        raise ValueError(f"keep_share must lie between 0 and 1, not {keep_share}")
    allowed = int(np.floor((len(scores) + 1) * (1 - keep_share) + 1e-9))
    return float(np.sort(scores)[allowed - 1]) if allowed >= 1 else float("-inf")


def expected_calibration_error(confidence: np.ndarray, correct: np.ndarray, bins: int = 10) -> float:
    """Mean distance between stated confidence and share right, over bins holding equally many tickets; 0 is perfect."""
    order = np.argsort(confidence, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return float(sum(len(part) * abs(confidence[part].mean() - correct[part].mean()) for part in parts) / len(order))


def brier_score(confidence: np.ndarray, correct: np.ndarray) -> float:
    """Mean squared distance between confidence and outcome (Brier 1950); 0 is perfect, 0.25 is a coin."""
    return float(np.mean((confidence - correct) ** 2))


def log_loss(confidence: np.ndarray, correct: np.ndarray) -> float:
    """Mean negative log probability of the outcome; confidence is kept within 0.001..0.999."""
    kept = np.clip(confidence, 1e-3, 1 - 1e-3)
    return float(-np.mean(np.where(correct, np.log(kept), np.log(1 - kept))))


def top_probability(scores: np.ndarray, temperature: float) -> np.ndarray:
    """Softmax probability of the best category at a temperature; (n, categories) to (n,)."""
    scaled = scores / temperature
    return 1 / np.exp(scaled - scaled.max(axis=1, keepdims=True)).sum(axis=1)


def best_and_margin(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Best score and its distance to the second best, each (n,); the margin over a single category is its score."""
    if scores.shape[1] == 1:
        return scores[:, 0], scores[:, 0]
    top = np.sort(scores, axis=1)[:, -2:]
    return top[:, 1], top[:, 1] - top[:, 0]


def _fit(method: Method, scores: np.ndarray, correct: np.ndarray) -> Calibrator:
    right = (correct.sum() + 1) / (len(correct) + 2)
    if correct.all() or not correct.any():
        return Calibrator("constant", constant=float(right))
    if method == "platt":
        return Calibrator("platt", weights=_platt(scores, correct))
    temperature = _minimise(lambda value: log_loss(top_probability(scores, value), correct), 0.02, 20.0)
    if method == "temperature":
        return Calibrator("temperature", temperature=temperature)
    return Calibrator(
        "isotonic", temperature=temperature, steps=_isotonic(top_probability(scores, temperature), correct)
    )


def _platt(scores: np.ndarray, correct: np.ndarray) -> tuple[float, float, float]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=10.0).fit(np.column_stack(best_and_margin(scores)), correct)
    return float(model.intercept_[0]), float(model.coef_[0, 0]), float(model.coef_[0, 1])


def _isotonic(top: np.ndarray, correct: np.ndarray) -> tuple[tuple[float, ...], tuple[float, ...]]:
    from sklearn.isotonic import IsotonicRegression

    model: Any = IsotonicRegression(y_min=0.01, y_max=0.99, out_of_bounds="clip").fit(top, correct.astype(float))
    return tuple(map(float, model.X_thresholds_)), tuple(map(float, model.y_thresholds_))


def _minimise(loss: Callable[[float], float], low: float, high: float) -> float:
    from scipy.optimize import minimize_scalar

    found = minimize_scalar(lambda x: loss(float(np.exp(x))), bounds=(np.log(low), np.log(high)), method="bounded")
    return float(np.exp(found.x))


def _folds(count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).permutation(count) % 5


def _sigmoid(values: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(values, -30, 30)))

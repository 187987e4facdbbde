"""A threshold with a promise: at most so many wrong among answered, with so much certainty.

Belongs here: bounds on a share, and choosing a threshold by a procedure that keeps its promise. Does not belong here:
which tickets it is chosen on, categories, sentences for people (``choose_thresholds``).

Method: Learn then Test (Angelopoulos, Bates, Candès, Jordan and Lei 2021). For every threshold t of a grid fixed
beforehand stands the hypothesis "more than ``risk`` of what is answered at t is wrong". Given how many calibration
tickets are answered at t, the number of wrong ones among them is binomial with the true share at t, because tickets
are independent draws; so the exact binomial tail (Clopper and Pearson 1934) is a valid p-value for the share *among
answered*, whatever share is answered. Hypotheses are tested one after the other, from a fixed start towards lower
thresholds, each at level 1 - certainty, and testing stops at the first that cannot be refuted. The first true hypothesis
of that order is refuted with probability at most 1 - certainty, and nothing behind it is reached unless it is: that is
all it takes for every returned threshold to keep its promise with the stated certainty, without a correction for how
many were tried.

The start matters for how much is answered, not for the promise, as long as it is chosen without looking at the
calibration tickets. At the highest threshold so little is answered that nothing can be proved and the search would end
at once; too low a start is itself unsafe. Where tickets that taught confidence are at hand, the search starts where they
say a proof is likeliest (``likeliest_start``; Angelopoulos et al. call this split fixed sequence testing). Else it starts
where calibrated confidence alone would promise half the risk, at one minus half of it.
The grid ends at one half: what is more likely wrong than right is not said, whatever the average.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

GRID: tuple[float, ...] = (
    *(round(0.995 - 0.005 * step, 3) for step in range(20)),
    *(round(0.89 - 0.01 * step, 2) for step in range(40)),
)
"""Thresholds that may be chosen, the highest first: 0.995 to 0.9 by 0.005, then to 0.5 by 0.01; fixed for every desk."""


@dataclass(frozen=True)
class Certified:
    """What the search found. ``threshold`` is None where not even the start could be proved safe; then the counts are
    those at the start. ``upper_bound`` is the exact upper confidence bound of the share wrong among answered."""

    threshold: float | None
    start: float
    count_answered: int
    count_wrong: int
    upper_bound: float


def certify(
    confidence: np.ndarray, is_wrong: np.ndarray, risk: float, certainty: float, start: float | None = None
) -> Certified:
    """Choose the lowest threshold that is proved safe.

    Args:
        confidence: (n,) of calibration tickets that may be answered at all; none of them taught the confidence.
        is_wrong: (n,) whether the answer would be wrong.
        risk: share of wrong answers allowed among those given.
        certainty: how sure the promise must be.
        start: threshold of the grid to start from, chosen without these tickets; by default ``usual_start``.

    Raises:
        ValueError: the two are not of one length, a share does not lie between 0 and 1, or the start is not on the grid.
    """
    confidence, is_wrong = np.asarray(confidence, dtype=np.float64), np.asarray(is_wrong, dtype=bool)
    start = usual_start(risk) if start is None else start
    if confidence.shape != is_wrong.shape:
        raise ValueError(f"{confidence.shape} confidences but {is_wrong.shape} outcomes; give one of each a ticket")
    if not (0 < risk < 1 and 0 < certainty < 1):
        raise ValueError(f"risk ({risk}) and certainty ({certainty}) must lie between 0 and 1")
    if start not in GRID:
        raise ValueError(f"{start} is no threshold of the grid, so that nothing can be tested from there on")
    tested = np.array(GRID[GRID.index(start) :])
    answered, wrong = _counts(confidence, is_wrong, tested)
    is_open = p_values(wrong, answered, risk) > 1 - certainty
    proved = int(np.argmax(is_open)) if is_open.any() else len(tested)
    at = max(proved - 1, 0)
    bound = upper_bound(int(wrong[at]), int(answered[at]), certainty)
    return Certified(float(tested[at]) if proved else None, start, int(answered[at]), int(wrong[at]), bound)


def usual_start(risk: float) -> float:
    """The highest threshold of the grid that is not above one minus half the risk."""
    return next(threshold for threshold in GRID if threshold <= 1 - risk / 2 + 1e-9)


def likeliest_start(confidence: np.ndarray, is_wrong: np.ndarray, count: int, risk: float, certainty: float) -> float:
    """The threshold at which a proof is likeliest, going by tickets that are not certified on.

    Args:
        confidence, is_wrong: (m,) of other tickets that may be answered, such as those that taught confidence.
        count: of calibration tickets that may be answered; how many, not how well.
        risk, certainty: of the promise.

    Returns:
        Of each threshold is asked: if calibration tickets are answered at the rate of these, and wrong at their rate
        (with one wrong and one right added), how probable is it that the risk is refuted? The highest of the best is
        returned; ``usual_start`` where none is likelier than a false proof.
    """
    from scipy.stats import binom

    confidence, is_wrong = np.asarray(confidence, dtype=np.float64), np.asarray(is_wrong, dtype=bool)
    if not len(confidence) or not count:
        return usual_start(risk)
    answered, wrong = _counts(confidence, is_wrong, np.array(GRID))
    expected = np.round(count * answered / len(confidence))
    allowed = binom.ppf(1 - certainty, expected, risk)
    allowed = np.where(p_values(allowed, expected, risk) > 1 - certainty, allowed - 1, allowed)
    chance = np.where(expected > 0, binom.cdf(allowed, expected, (wrong + 1) / (answered + 2)), 0.0)
    best = int(np.argmax(chance))
    return GRID[best] if chance[best] > 1 - certainty else usual_start(risk)


def _counts(confidence: np.ndarray, is_wrong: np.ndarray, thresholds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many reach each threshold, and how many of these are wrong."""
    order = np.argsort(-confidence, kind="stable")
    answered = np.searchsorted(-confidence[order], -thresholds, side="right")
    wrong = np.concatenate([[0], np.cumsum(is_wrong[order])])[answered]
    return answered, wrong


def p_values(wrong: np.ndarray, answered: np.ndarray, risk: float) -> np.ndarray:
    """``p_value`` of many."""
    from scipy.stats import binom

    return np.where(answered > 0, binom.cdf(wrong, answered, risk), 1.0)


def p_value(wrong: int, answered: int, risk: float) -> float:
    """Probability of so few wrong or fewer among so many answered, were the true share ``risk``; 1 without any."""
    return float(p_values(np.array([wrong]), np.array([answered]), risk)[0])


def upper_bound(wrong: int, answered: int, certainty: float) -> float:
    """Exact one-sided upper confidence bound of a share (Clopper and Pearson 1934); 1 without any answer."""
    from scipy.stats import beta

    return 1.0 if wrong >= answered else float(beta.ppf(certainty, wrong + 1, answered - wrong))


def lower_bound(wrong: int, answered: int, certainty: float) -> float:
    """Exact one-sided lower confidence bound of a share (Clopper and Pearson 1934); 0 without a wrong answer."""
    from scipy.stats import beta

    return 0.0 if wrong == 0 else float(beta.ppf(1 - certainty, wrong, answered - wrong + 1))


def fewest_answers(risk: float, certainty: float, wrong: int = 0) -> int:
    """Fewest answers that prove a risk when so many of them are wrong: 59 for 5 % at 95 % without any."""
    answered = max(wrong, 1)
    while upper_bound(wrong, answered, certainty) > risk:
        answered += 1
    return answered

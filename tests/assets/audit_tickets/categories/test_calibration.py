import numpy as np
import pytest

from assets.audit_tickets.categories.calibration import (
    Calibrator,
    brier_score,
    expected_calibration_error,
    fit_calibrator,
    keep_threshold,
    top_probability,
)


def overconfident_scores(count: int = 2000, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Scores whose softmax at temperature 3 is the truth, so that at temperature 1 they promise too much."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(count, 5)) * 4
    right = rng.random(count) < top_probability(scores, 3.0)
    return scores, right


def test_the_fitted_probability_is_honest_where_the_raw_one_was_not():
    scores, right = overconfident_scores()
    fresh, fresh_right = overconfident_scores(seed=1)
    calibrator, report = fit_calibrator(scores, right)
    assert expected_calibration_error(top_probability(fresh, 1.0), fresh_right) > 0.1
    assert expected_calibration_error(calibrator.confidence(fresh), fresh_right) < 0.04
    assert report.ece is not None
    assert report.ece < 0.04
    assert report.brier == pytest.approx(brier_score(calibrator.confidence(scores), right), abs=0.01)


def test_the_simplest_method_wins_unless_another_is_clearly_better():
    scores, right = overconfident_scores()
    calibrator, report = fit_calibrator(scores, right)
    assert calibrator.method == "temperature"
    assert calibrator.temperature == pytest.approx(3.0, rel=0.25)
    assert set(report.log_loss) == {"temperature", "platt", "isotonic"}
    # Right exactly when the margin is large whatever the probability: no temperature can say that.
    margin = np.sort(scores, axis=1)[:, -1] - np.sort(scores, axis=1)[:, -2]
    assert fit_calibrator(scores, (margin > 2) & (margin < 6))[0].method == "isotonic"


@pytest.mark.parametrize(("right", "expected"), [([], 0.5), ([True] * 8, 0.9), ([False] * 8, 0.1)])
def test_too_little_to_fit_gives_the_share_that_was_right(right: list[bool], expected: float):
    calibrator, report = fit_calibrator(np.ones((len(right), 3)), np.array(right, dtype=bool))
    assert calibrator == Calibrator("constant", constant=expected)
    assert calibrator.confidence(np.zeros((2, 3))).tolist() == [expected, expected]
    assert report.ece is None


@pytest.mark.parametrize("method", ["temperature", "platt", "isotonic"])
def test_every_method_stays_within_zero_and_one(method: str):
    extreme = np.array([[1e4, -1e4], [-1e4, 1e4], [0.0, 0.0]])
    calibrator = Calibrator(method, 0.5, weights=(1.0, 2.0, 3.0), steps=((0.4, 0.9), (0.1, 0.99)))
    confidence = calibrator.confidence(extreme)
    assert np.isfinite(confidence).all()
    assert ((confidence >= 0) & (confidence <= 1)).all()


def test_the_threshold_keeps_the_stated_share_of_fresh_known_texts():
    rng = np.random.default_rng(0)
    kept = [(rng.normal(size=2000) >= keep_threshold(rng.normal(size=200), 0.95)).mean() for _ in range(200)]
    # 0.95 is promised on average; an off-by-one in the rank moves it by half a per cent.
    assert 0.95 <= np.mean(kept) < 0.956


def test_too_few_tickets_to_promise_anything_keep_everything():
    assert keep_threshold(np.arange(18.0), 0.95) == float("-inf")
    assert keep_threshold(np.arange(19.0), 0.95) == 0.0


def test_a_share_outside_its_range_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        keep_threshold(np.arange(5.0), 1.0)


def test_ece_is_the_distance_between_promise_and_outcome():
    assert expected_calibration_error(np.full(100, 0.9), np.arange(100) < 60) == pytest.approx(0.3, abs=0.2)
    assert expected_calibration_error(np.full(10, 0.9), np.arange(10) < 0, bins=1) == pytest.approx(0.9)

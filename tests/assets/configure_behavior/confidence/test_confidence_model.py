"""Confidence is sane with little to learn from, never falls with better evidence, and is the same when read again."""

import json

import numpy as np
import pytest

from assets.configure_behavior.confidence.confidence_model import (
    FEATURES,
    FEWEST_EXAMPLES,
    ConfidenceModel,
    features,
)
from tests.assets.configure_behavior.confidence.evidences import evidence

BETTER = {
    "category_confidence": 0.99,
    "entry_probability": 0.99,
    "rival_probability": 0.0,
    "similarity": 0.95,
    "voter_share": 0.95,
    "category_margin": 2.0,
    "unknown_score": -2.0,
    "variant_probability": 0.05,
}


def examples(count, seed=0, noise=0.0):
    """Evidence whose entry is right as often as its probability says."""
    rng = np.random.default_rng(seed)
    found, right = [], []
    for _ in range(count):
        sure = rng.uniform(0.05, 0.99)
        found.append(
            evidence(
                entry_probability=sure,
                rival_probability=(1 - sure) / 2,
                category_confidence=rng.uniform(0.3, 0.99),
                similarity=float(np.clip(sure + rng.normal(0, 0.1), 0, 1)),
                entry_category_id="login" if rng.random() < 0.9 else "billing",
            )
        )
        right.append(bool(rng.random() < sure) != bool(rng.random() < noise))
    return found, right


def test_without_training_it_is_retrievals_probability_times_what_the_category_is_worth():
    model = ConfidenceModel()
    assert model.probability(evidence()) == pytest.approx(0.9 * 0.95)
    assert model.probability(evidence(entry_category_id="billing")) == pytest.approx(0.9 * 0.05)
    assert model.probability(evidence(variant_probability=0.4)) == pytest.approx(0.95)
    few = examples(FEWEST_EXAMPLES - 1)
    assert ConfidenceModel.fit(*few) == ConfidenceModel()


def test_without_an_entry_there_is_no_confidence():
    none = evidence(entry_id=None, entry_category_id=None)
    assert ConfidenceModel().probability(none) == 0.0
    assert ConfidenceModel.fit(*examples(200)).probability(none) == 0.0


@pytest.mark.parametrize("noise", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("count", [30, 300])
def test_better_evidence_never_lowers_confidence(count, noise):
    model = ConfidenceModel.fit(*examples(count, noise=noise))
    assert all(weight >= 0 for weight in model.weights)
    for name, value in BETTER.items():
        assert model.probability(evidence(**{name: value})) >= model.probability(evidence()) - 1e-12, name
    assert model.probability(evidence()) >= model.probability(evidence(entry_category_id="billing"))


def test_thirty_right_answers_are_no_certainty():
    found, _ = examples(30)
    model = ConfidenceModel.fit(found, [True] * 30)
    assert 0.8 < model.probability(evidence()) < 0.995
    wrong = ConfidenceModel.fit(found, [False] * 30)
    assert wrong.probability(evidence()) < 0.3


def test_it_is_calibrated_where_there_is_enough_to_learn_from():
    model = ConfidenceModel.fit(*examples(2_000))
    asked, right = examples(4_000, seed=1)
    given = np.array([model.probability(one) for one in asked])
    for low in np.arange(0.1, 0.9, 0.2):
        inside = (given >= low) & (given < low + 0.2)
        assert abs(given[inside].mean() - np.array(right)[inside].mean()) < 0.06


def test_unsure_labels_count_less():
    found, right = examples(100)
    spoilt = [*found, *found], [*right, *([False] * 100)]
    unsure = ConfidenceModel.fit(*spoilt, weights=[1.0] * 100 + [0.01] * 100)
    sure = ConfidenceModel.fit(*spoilt)
    clean = ConfidenceModel.fit(found, right)
    one = evidence()
    assert sure.probability(one) < unsure.probability(one) - 0.1
    assert unsure.probability(one) == pytest.approx(clean.probability(one), abs=0.05)


def test_it_survives_json_and_is_the_same_each_time():
    model = ConfidenceModel.fit(*examples(120))
    again = ConfidenceModel.from_json(json.loads(json.dumps(model.to_json())))
    assert again == model == ConfidenceModel.fit(*examples(120))
    assert again.probability(evidence()) == model.probability(evidence())
    with pytest.raises(ValueError, match="fit it again"):
        ConfidenceModel.from_json({**model.to_json(), "names": ["moon"]})


def test_extreme_evidence_gives_a_probability():
    model = ConfidenceModel.fit(*examples(100))
    worst = evidence(category_confidence=0.0, entry_probability=0.0, category_margin=0.0, unknown_score=1e6)
    best = evidence(category_confidence=1.0, entry_probability=1.0, unknown_score=-1e6)
    assert 0 <= model.probability(worst) <= model.probability(best) <= 1
    assert set(features(worst)) == set(FEATURES)

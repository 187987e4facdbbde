from dataclasses import replace

import numpy as np
import pytest

from assets.audit_tickets.categories.intent_cross_fitting import cross_scores
from assets.audit_tickets.categories.intent_model import IntentModel, IntentSettings, balanced_weights
from assets.audit_tickets.categories.text_features import FeatureSettings
from tests.assets.audit_tickets.categories.ticket_topics import make_tickets, vectors_of

KNOWN = ["password", "invoice", "import"]


@pytest.fixture(scope="module")
def model() -> IntentModel:
    lessons, check = make_tickets(KNOWN, 40), make_tickets(KNOWN, 30, seed=1)
    fitted = IntentModel(encoder_revision="hashing").fit(lessons["text"], vectors_of(lessons), lessons["topic"])
    fitted.calibrate(check["text"].tolist(), vectors_of(check), check["topic"])
    return fitted


def test_known_topics_are_told_apart_with_confidence_and_runner_up(model: IntentModel):
    fresh = make_tickets(KNOWN, 20, seed=2)
    found = model.predict(fresh["text"].tolist(), vectors_of(fresh))
    assert (found["predicted_category_id"] == fresh["topic"]).mean() > 0.95
    assert found["confidence"].between(0, 1).all()
    assert (found["runner_up_category_id"] != found["predicted_category_id"]).all()
    assert (found["margin"] >= 0).all()
    assert found["is_unknown"].mean() < 0.2


def test_a_topic_never_seen_is_more_foreign_than_the_known_and_mostly_unknown(model: IntentModel):
    known, foreign = make_tickets(KNOWN, 20, seed=2), make_tickets(["printer"], 40, seed=3)
    known_score = model.predict(known["text"].tolist(), vectors_of(known))["unknown_score"]
    found = model.predict(foreign["text"].tolist(), vectors_of(foreign))
    assert found["unknown_score"].median() > known_score.quantile(0.9)
    assert (found["unknown_reason"].fillna("") == "resembles_no_category").mean() > 0.6


def test_a_text_without_words_is_unknown_for_that_reason(model: IntentModel):
    found = model.predict(["", " \n", "reset my password"], np.vstack([np.zeros((2, 128)), np.ones((1, 128))]))
    assert found["unknown_reason"].tolist()[:2] == ["no_text", "no_text"]
    assert found["confidence"].tolist()[:2] == [0.0, 0.0]


def test_order_of_the_lessons_changes_nothing():
    lessons = make_tickets(KNOWN, 15)
    shuffled = lessons.sample(frac=1, random_state=5)
    one = IntentModel().fit(lessons["text"].tolist(), vectors_of(lessons), lessons["topic"].tolist())
    other = IntentModel().fit(shuffled["text"].tolist(), vectors_of(shuffled), shuffled["topic"].tolist())
    assert one.model_version == other.model_version
    assert np.array_equal(one.coefficients, other.coefficients)
    assert np.array_equal(one.landmarks.weights, other.landmarks.weights)


def test_the_version_follows_lessons_settings_encoder_and_calibration():
    lessons = make_tickets(KNOWN, 12)
    texts, vectors, labels = lessons["text"].tolist(), vectors_of(lessons), lessons["topic"].tolist()
    versions = [
        IntentModel().fit(texts, vectors, labels).model_version,
        IntentModel().fit(texts[1:], vectors[1:], labels[1:]).model_version,
        IntentModel(encoder_revision="other").fit(texts, vectors, labels).model_version,
        IntentModel(replace(IntentSettings(), min_confidence=0.6)).fit(texts, vectors, labels).model_version,
    ]
    calibrated = IntentModel().fit(texts, vectors, labels)
    calibrated.calibrate(texts[:9], vectors[:9], labels[:9])
    assert len({*versions, calibrated.model_version}) == 5


def test_landmarks_and_linear_layer_both_decide(model: IntentModel):
    fresh = make_tickets(KNOWN, 20, seed=2)
    matrix = model.features.transform(fresh["text"].tolist(), vectors_of(fresh))
    by_landmarks, resemblance = model.landmarks.scores(matrix)
    linear = matrix @ model.coefficients.T + model.intercepts
    found = model.feature_scores(matrix)
    assert found.max(axis=1) == pytest.approx(resemblance, abs=1e-5)
    together = by_landmarks + model.settings.linear_share * linear
    assert np.diff(found, axis=1) == pytest.approx(np.diff(together, axis=1), abs=1e-4)


def test_fitting_again_leaves_nothing_of_the_first_lessons():
    first, second = make_tickets(["password", "invoice"], 20), make_tickets(["import", "printer"], 20)
    texts, vectors = second["text"].tolist(), vectors_of(second)
    used = IntentModel().fit(first["text"].tolist(), vectors_of(first), first["topic"].tolist())
    used.scores(first["text"].tolist(), vectors_of(first))
    again = used.fit(texts, vectors, second["topic"].tolist()).scores(texts, vectors)
    assert np.array_equal(again, IntentModel().fit(texts, vectors, second["topic"].tolist()).scores(texts, vectors))


def test_rare_categories_are_reported_and_not_learnt():
    lessons = make_tickets(["password", "invoice"], 10)
    texts, labels = [*lessons["text"], "printer jam"], [*lessons["topic"], "printer"]
    vectors = np.vstack([vectors_of(lessons), np.ones((1, 128))])
    fitted = IntentModel(IntentSettings(min_examples=5)).fit(texts, vectors, labels)
    assert fitted.categories == ["invoice", "password"]
    assert fitted.not_learnt == {"printer": 1}


def test_without_lessons_everything_is_unknown():
    fitted = IntentModel().fit([], np.zeros((0, 128)), [])
    report = fitted.calibrate([], np.zeros((0, 128)), [])
    found = fitted.predict(["reset my password"], np.ones((1, 128)))
    assert found["unknown_reason"].tolist() == ["no_known_categories"]
    assert found["predicted_category_id"].isna().all()
    assert report.count_tickets == 0
    assert len(fitted.predict([], np.zeros((0, 128)))) == 0


def test_a_single_category_is_told_from_what_does_not_resemble_it():
    lessons, foreign = make_tickets(["password"], 60), make_tickets(["printer"], 20)
    fitted = IntentModel().fit(lessons["text"].tolist(), vectors_of(lessons), lessons["topic"].tolist())
    check, fresh = make_tickets(["password"], 60, seed=1), make_tickets(["password"], 30, seed=2)
    fitted.calibrate(check["text"].tolist(), vectors_of(check), check["topic"].tolist())
    assert fitted.predict(fresh["text"].tolist(), vectors_of(fresh))["is_unknown"].mean() < 0.25
    assert fitted.predict(foreign["text"].tolist(), vectors_of(foreign))["is_unknown"].mean() > 0.8


def test_saving_and_loading_gives_the_same_predictions_and_equal_bytes(model: IntentModel, tmp_path):
    model.save(tmp_path / "a")
    loaded = IntentModel.load(tmp_path / "a")
    loaded.save(tmp_path / "b")
    fresh = make_tickets(["password", "printer"], 10, seed=4)
    texts, vectors = fresh["text"].tolist(), vectors_of(fresh)
    assert loaded.predict(texts, vectors).equals(model.predict(texts, vectors))
    assert loaded.model_version == model.model_version
    for name in ("intent_model.json", "intent_model.npz"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_another_format_is_refused(model: IntentModel, tmp_path):
    model.save(tmp_path)
    file = tmp_path / "intent_model.json"
    file.write_text(file.read_text().replace('"format": 2', '"format": 99'))
    with pytest.raises(ValueError, match="fit it again"):
        IntentModel.load(tmp_path)


def test_a_term_of_one_customer_never_enters_the_vocabulary():
    lessons = make_tickets(KNOWN, 10)
    texts = [*lessons["text"], "zanzibarquux password"]
    fitted = IntentModel().fit(
        texts, np.vstack([vectors_of(lessons), np.ones((1, 128))]), [*lessons["topic"], "password"]
    )
    assert not [term for term in fitted.features.terms["word"] if "zanzibarquux" in term]


def test_cross_fitting_never_shows_a_text_its_own_label():
    # Labels are noise: a model that saw its own text would recite them, a fair one cannot.
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(120, 64))
    texts = [f"ticket {number}" for number in range(120)]
    labels = np.where(rng.random(120) < 0.5, "a", "b")
    settings = IntentSettings(regularisation=100.0, features=FeatureSettings(weight=0.0))
    fitted = IntentModel(settings).fit(texts, vectors, labels.tolist())
    names = np.array(fitted.categories)
    own = (names[fitted.scores(texts, vectors).argmax(1)] == labels).mean()
    fair = (names[cross_scores(fitted, texts, vectors, labels, [""] * 120).argmax(1)] == labels).mean()
    assert own > 0.9
    assert fair < 0.65


def test_balance_lifts_small_categories():
    labels = np.array(["big"] * 90 + ["small"] * 10)
    weights = balanced_weights(labels, 1.0)
    assert weights[labels == "big"].sum() == pytest.approx(weights[labels == "small"].sum())
    assert (balanced_weights(labels, 0.0) == 1).all()

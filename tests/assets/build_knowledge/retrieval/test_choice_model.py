"""The choice model: the likeliest weights, wording kept by its directions, answers shared."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from assets.build_knowledge.retrieval.choice_model import ChoiceModel, wording_directions
from assets.build_knowledge.retrieval.entry_models import Examples, whole_entries
from assets.build_knowledge.retrieval.retrieval_settings import RetrievalSettings

SETTINGS = RetrievalSettings()
LONG = replace(SETTINGS, choice_steps=2_000)


def texts(seed=0, count=40):
    """Vectors, wording of 12 words and 5 letter groups, and one of 4 entries, whose own word each text contains."""
    random = np.random.default_rng(seed)
    answered = np.arange(count) % 4
    vectors = random.normal(size=(count, 6)).astype(np.float32)
    vectors[np.arange(count), answered] += 2
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    words = random.random((count, 17)) * (random.random((count, 17)) < 0.2)
    words[np.arange(count), answered] += 1
    wording = sparse.csr_matrix(words.astype(np.float32))
    return vectors, wording, np.eye(4, dtype=np.float32)[answered]


def fitted(vectors, wording, answers, settings=SETTINGS, weights=None):
    weights = np.ones(len(vectors), dtype=np.float32) if weights is None else weights
    return ChoiceModel.fit(wording_directions(wording, 12, settings), vectors, wording, answers, weights, settings)


def probabilities(model, vectors, wording):
    raised = np.exp(model.scores(vectors, wording, SETTINGS).astype(np.float64))
    return raised / raised.sum(axis=1, keepdims=True)


def test_texts_it_has_not_seen_are_led_to_their_entry():
    model = fitted(*texts())
    vectors, wording, answers = texts(seed=1, count=200)
    found = model.scores(vectors, wording, SETTINGS).argmax(axis=1)
    assert (found == answers.argmax(axis=1)).mean() > 0.9


def test_wording_alone_teaches_too():
    vectors, wording, answers = texts()
    model = fitted(np.zeros_like(vectors), wording, answers)
    found = model.scores(np.zeros_like(vectors), wording, SETTINGS).argmax(axis=1)
    assert (found == answers.argmax(axis=1)).mean() > 0.9


def test_the_weights_are_the_likeliest_under_the_prior():
    vectors, wording, answers = texts()
    counted = np.linspace(0.2, 1.0, len(vectors)).astype(np.float32)
    model = fitted(vectors, wording, answers, LONG, counted)
    placed = LONG.direction_weight * (wording[:, :12] @ model.directions)
    rows = np.hstack([vectors, placed, np.ones((len(vectors), 1))])
    error = (probabilities(model, vectors, wording) - answers) * counted[:, None]
    slope = rows.T @ error + model.weights / LONG.choice_variance
    assert np.abs(slope).max() < 1e-2
    assert np.abs(rows.T @ error).max() > 1e-2  # so that the prior is in it


def test_a_text_with_two_answers_shares_itself():
    vectors, wording, answers = texts()
    answers[:] = 0
    answers[:, :2] = 1
    share = probabilities(fitted(vectors, wording, answers), vectors, wording)
    assert share[:, :2] == pytest.approx(0.5, abs=0.02)


def test_a_text_that_weighs_nothing_teaches_nothing():
    vectors, wording, answers = texts()
    other = answers.copy()
    other[0] = np.roll(answers[0], 1)
    counted = np.r_[0.0, np.ones(len(vectors) - 1)].astype(np.float32)
    one, two = (fitted(vectors, wording, given, SETTINGS, counted) for given in (answers, other))
    assert np.array_equal(one.weights, two.weights)


def test_directions_keep_what_words_have_in_common_and_leave_letters_out():
    _, wording, _ = texts()
    directions = wording_directions(wording, 12, SETTINGS)
    words = wording[:, :12].toarray()
    assert directions.T @ directions == pytest.approx(np.eye(12), abs=1e-4)
    placed = words @ directions
    assert placed @ placed.T == pytest.approx(words @ words.T, abs=1e-4)


def test_fewer_directions_are_the_leading_ones():
    _, wording, _ = texts()
    whole = wording_directions(wording, 12, SETTINGS)
    few = wording_directions(wording, 12, replace(SETTINGS, word_directions=3))
    assert few.shape == (12, 3)
    assert np.abs(whole[:, :3].T @ few) == pytest.approx(np.eye(3), abs=1e-4)
    spread = ((wording[:, :12] @ whole) ** 2).sum(axis=0)
    assert (np.diff(spread) <= 1e-6).all()


def test_words_that_always_come_together_are_one_direction():
    wording = sparse.csr_matrix(np.array([[1, 1], [2, 2], [0.5, 0.5]], dtype=np.float32))
    assert wording_directions(wording, 2, SETTINGS).shape == (2, 1)


@pytest.mark.parametrize("count_words", [0, 12])
def test_without_a_word_meaning_decides(count_words):
    vectors, wording, answers = texts()
    nothing = sparse.csr_matrix(wording.shape, dtype=np.float32)
    directions = wording_directions(nothing, count_words, SETTINGS)
    assert directions.shape == (count_words, 0)
    ones = np.ones(len(vectors), dtype=np.float32)
    model = ChoiceModel.fit(directions, vectors, nothing, answers, ones, SETTINGS)
    assert (model.scores(vectors, nothing, SETTINGS).argmax(axis=1) == answers.argmax(axis=1)).mean() > 0.9


def test_a_whole_entry_is_the_middle_of_its_documents():
    vectors = np.array([[1, 0], [0, 1], [0, -1]], dtype=np.float32)
    wording = sparse.csr_matrix(np.array([[2, 0], [0, 2], [0, 0]], dtype=np.float32))
    answers = np.array([[1, 0, 0], [1, 0, 0], [0, 0, 1]], dtype=np.float32)
    found = whole_entries(Examples(vectors, wording, answers, np.ones(3, dtype=np.float32)))
    half = np.sqrt(0.5)
    assert found.vectors == pytest.approx(np.array([[half, half], [0, -1]]), abs=1e-6)
    assert found.wording.toarray() == pytest.approx(np.array([[half, half], [0, 0]]), abs=1e-6)
    assert found.answers.tolist() == [[1, 0, 0], [0, 0, 1]]

import numpy as np
import pytest
from scipy import sparse

from assets.audit_tickets.categories.landmarks import (
    Landmarks,
    LandmarkSettings,
    groups_within,
    heaviest,
    mean_rows,
)

CORNERS = np.array([[1, 0], [-1, 0], [0, 1], [0, -1]], dtype=np.float32)


def corner_texts(count: int = 40, seed: int = 0) -> tuple[sparse.csr_matrix, np.ndarray]:
    """Opposite corners share a category, so that no line tells them apart; the only term says nothing."""
    rng = np.random.default_rng(seed)
    corner = np.arange(count) % 4
    vectors = CORNERS[corner] + rng.normal(scale=0.1, size=(count, 2))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return sparse.csr_matrix(np.column_stack([vectors, np.full(count, 0.1)]).astype(np.float32)), corner // 2


@pytest.fixture
def corners() -> Landmarks:
    matrix, column = corner_texts()
    return Landmarks().fit(matrix, 1, column, np.ones(len(column)))


def test_categories_that_no_line_separates_are_told_apart(corners: Landmarks):
    matrix, column = corner_texts(seed=1)
    scores, resemblance = corners.scores(matrix)
    assert (scores.argmax(axis=1) == column).all()
    assert resemblance.shape == (40,)


def test_resemblance_falls_far_from_all_landmarks_and_between_categories(corners: Landmarks):
    places = sparse.csr_matrix(np.array([[1, 0, 0.1], [0.7, 0.7, 0.1], [0, 0, 0.1], [0, 0, 5.0]], dtype=np.float32))
    _, (amid, between, off, far) = corners.scores(places)
    assert amid > between > far
    assert amid > off > far
    assert far < 0.05


def test_likeness_is_one_at_a_landmark_and_the_stated_gaussian_elsewhere(corners: Landmarks):
    at = sparse.hstack([sparse.csr_matrix(corners.vectors), corners.terms], format="csr")
    assert np.diag(corners.likeness(at)) == pytest.approx(1, abs=1e-5)
    moved = at.toarray() + np.array([0.3, -0.2, 0.4], dtype=np.float32)
    distance = 0.3**2 + 0.2**2 + corners.settings.term_weight**2 * 0.4**2
    expected = np.exp(-corners.settings.sharpness * distance / 2)
    assert np.diag(corners.likeness(sparse.csr_matrix(moved))) == pytest.approx(expected, rel=1e-4)


def test_importance_decides_where_two_texts_contradict_each_other():
    matrix = sparse.csr_matrix(np.array([[1, 0], [1, 0], [-1, 0], [-1, 0]], dtype=np.float32))
    column = np.array([0, 1, 0, 1])
    fitted = Landmarks(LandmarkSettings(max_texts=1)).fit(matrix, 1, column, np.array([5.0, 1.0, 1.0, 5.0]))
    assert fitted.scores(matrix)[0].argmax(axis=1).tolist() == [0, 0, 1, 1]


def test_groups_hold_every_text_once_within_its_category_and_keep_like_texts_together():
    rng = np.random.default_rng(0)
    column = rng.integers(0, 3, 100)
    vectors = rng.normal(size=(100, 8)) + 20 * (np.arange(100) % 2)[:, None]
    groups = groups_within(vectors, column, LandmarkSettings(max_texts=4))
    assert sorted(np.concatenate(groups).tolist()) == list(range(100))
    assert all(len(set(column[rows])) == 1 for rows in groups)
    assert all(2 <= len(rows) <= 4 for rows in groups)
    assert np.mean([len(set((rows % 2).tolist())) == 1 for rows in groups]) > 0.8


def test_many_texts_share_landmarks_instead_of_exceeding_their_number():
    vectors = np.random.default_rng(0).normal(size=(400, 8))
    groups = groups_within(vectors, np.zeros(400, dtype=int), LandmarkSettings(max_texts=4, max_landmarks=40))
    assert len(groups) <= 2 * 40
    assert min(map(len, groups)) >= 5


def test_means_are_of_the_groups_rows():
    means = mean_rows([np.array([0, 2]), np.array([1])], 3) @ np.array([[2.0], [5.0], [4.0]])
    assert means.ravel().tolist() == [3.0, 5.0]


def test_only_the_heaviest_terms_of_a_row_are_kept():
    rows = sparse.csr_matrix(np.array([[0.1, 0.5, 0.0, 0.5, 0.3], [0.0, 0.2, 0.0, 0.0, 0.0]], dtype=np.float32))
    kept = heaviest(rows, 2).toarray()
    assert kept == pytest.approx(np.array([[0, 0.5, 0, 0.5, 0], [0, 0.2, 0, 0, 0]]))


def test_arrays_give_the_same_landmarks_again(corners: Landmarks):
    matrix, _ = corner_texts(seed=2)
    again = Landmarks.from_arrays(corners.settings, corners.to_arrays())
    for one, other in zip(corners.scores(matrix), again.scores(matrix), strict=True):
        assert np.array_equal(one, other)
    assert Landmarks().to_arrays() == {}
    assert len(Landmarks.from_arrays(LandmarkSettings(), {}).vectors) == 0

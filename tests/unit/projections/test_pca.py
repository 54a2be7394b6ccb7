import numpy as np
import pytest
from sklearn.decomposition import PCA

from wunderkammer.projections.pca import Pca


@pytest.mark.parametrize("shape", [(200, 20), (20, 200), (50, 50), (9000, 3)])
def test_points_are_the_principal_scores_up_to_sign(shape):
    data = np.random.default_rng(0).normal(size=shape) * np.linspace(1, 3, shape[1])
    ours = Pca(normalise=False).project(data.astype(np.float32))
    theirs = PCA(2, svd_solver="full").fit_transform(data.astype(np.float32).astype(float))
    np.testing.assert_allclose(np.abs(ours), np.abs(theirs), atol=1e-4)


def test_flat_data_keep_their_distances():
    flat = np.random.default_rng(1).normal(size=(80, 2))
    turn = np.linalg.qr(np.random.default_rng(2).normal(size=(30, 30)))[0][:, :2]
    points = Pca(normalise=False).project((flat @ turn.T + 5).astype(np.float32))
    before = np.linalg.norm(flat[:, None] - flat, axis=2)
    np.testing.assert_allclose(np.linalg.norm(points[:, None] - points, axis=2), before, atol=1e-4)


def test_signs_do_not_turn_with_the_order_of_media():
    data = np.random.default_rng(3).normal(size=(100, 10)).astype(np.float32)
    order = np.random.default_rng(4).permutation(100)
    np.testing.assert_allclose(Pca().project(data[order]), Pca().project(data)[order], atol=1e-9)


def test_normalised_features_forget_their_lengths():
    data = np.random.default_rng(5).normal(size=(40, 8)).astype(np.float32)
    louder = data * np.random.default_rng(6).uniform(0.1, 10, (40, 1)).astype(np.float32)
    np.testing.assert_allclose(Pca().project(louder), Pca().project(data), atol=1e-5)


def test_one_medium_lies_at_the_origin_and_two_on_a_line():
    assert Pca().project(np.ones((1, 4), np.float32)).tolist() == [[0, 0]]
    two = Pca(normalise=False).project(np.array([[0, 0], [3, 4]], np.float32))
    assert np.abs(two[0] - two[1]).tolist() == pytest.approx([5, 0], abs=1e-6)

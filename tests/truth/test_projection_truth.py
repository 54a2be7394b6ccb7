"""Projections against features whose groups are known."""

import numpy as np
import pytest
from sklearn.cluster import DBSCAN
from sklearn.neighbors import KNeighborsClassifier

from wunderkammer.metrics.embedding import neighbourhoods
from wunderkammer.projections.pca import Pca
from wunderkammer.projections.tsne import Tsne


def blobs(n, n_groups, distance, seed=0):
    draw = np.random.default_rng(seed)
    centres = draw.normal(size=(n_groups, 40)) * distance
    groups = np.arange(n) % n_groups
    return (centres[groups] + draw.normal(size=(n, 40))).astype(np.float32), groups


def test_three_blobs_stay_three():
    features, groups = blobs(240, 3, 4)
    points = Tsne().project(features)
    radius = np.ptp(points, axis=0).max() / 10
    found = DBSCAN(eps=radius, min_samples=3).fit_predict(points)
    assert len(set(found)) == 3
    assert all(len(set(groups[found == one])) == 1 for one in set(found))


@pytest.mark.parametrize("gradient", ["barnes-hut", "fft"])
def test_neighbours_in_the_map_are_of_the_same_group(gradient):
    features, groups = blobs(600, 8, 1.2)
    points = Tsne(gradient=gradient, n_iter=150).project(features)
    split = np.arange(600) < 400
    accuracy = [
        KNeighborsClassifier(5).fit(data[split], groups[split]).score(data[~split], groups[~split])
        for data in (features, points)
    ]
    assert accuracy[1] > accuracy[0] - 0.03


def test_tsne_keeps_more_neighbours_than_principal_components():
    features, _ = blobs(500, 6, 1.5)
    tsne = neighbourhoods(features, Tsne(normalise=False).project(features))
    pca = neighbourhoods(features, Pca(normalise=False).project(features))
    assert tsne.trustworthiness > pca.trustworthiness + 0.02
    assert tsne.neighbours_kept > pca.neighbours_kept * 1.5

import numpy as np
import pytest

from wunderkammer.projections._compiling import Parts
from wunderkammer.projections._similarities import joint_similarities, similarities
from wunderkammer.projections.neighbours import NeighbourGraph

DRAW = np.random.default_rng(0)


def exactly(data, k):
    apart = np.linalg.norm(data[:, None] - data[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    indices = np.argsort(apart, axis=1)[:, :k].astype(np.int32)
    distances = np.take_along_axis(apart, indices.astype(np.int64), axis=1).astype(np.float32)
    return NeighbourGraph(indices, distances, 1.0)


def test_each_row_has_the_perplexity_that_was_asked():
    graph = exactly(DRAW.normal(size=(300, 6)), 60)
    found = similarities(graph.distances, 20, Parts(300, 1)).astype(float)
    assert np.allclose(found.sum(axis=1), 1, atol=1e-5)
    entropy = -(found * np.log(np.maximum(found, 1e-30))).sum(axis=1)
    assert np.allclose(np.exp(entropy), 20, rtol=1e-3)


def test_twins_attend_to_all_alike():
    found = similarities(np.zeros((4, 9), np.float32), 3, Parts(4, 1))
    assert np.allclose(found, 1 / 9)


def test_joined_they_are_those_of_the_reference():
    affinity = pytest.importorskip("openTSNE.affinity")
    from openTSNE.nearest_neighbors import PrecomputedNeighbors

    graph = exactly(DRAW.normal(size=(300, 6)), 30)
    joint = joint_similarities(graph, 10, Parts(300, 1))
    known = PrecomputedNeighbors(graph.indices.astype(np.int64), graph.distances.astype(float))
    other = affinity.PerplexityBasedNN(perplexity=10, knn_index=known).P
    assert joint.sum() == pytest.approx(1, abs=1e-4)
    assert np.allclose(joint.toarray(), joint.toarray().T)
    assert np.allclose(joint.toarray(), other.toarray(), atol=2e-6)

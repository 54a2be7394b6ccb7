import numpy as np
import pytest
from pydantic import ValidationError

from wunderkammer.core.errors import NotEnoughMediaError, StageError
from wunderkammer.metrics.embedding import embedding_quality
from wunderkammer.projections.neighbours import NeighbourGraph, most_alike
from wunderkammer.projections.umap import Umap

DATA = np.random.default_rng(0).normal(size=(60, 12)).astype(np.float32)


def test_too_many_neighbours_say_what_would_do():
    with pytest.raises(NotEnoughMediaError) as caught:
        Umap(n_neighbors=15).project(DATA[:10])
    assert caught.value.message == (
        "embedding: 15 neighbours need at least 16 media, and 10 have features."
    )
    assert "Lower it to 9 or less" in caught.value.hint
    assert np.isfinite(Umap(n_neighbors=9, n_epochs=5).project(DATA[:10])).all()


def test_neighbours_that_are_known_are_taken_from_4096_media():
    pytest.importorskip("faiss")
    draw = np.random.default_rng(0)
    data = (draw.normal(size=(8, 6))[np.arange(4_200) % 8] * 4).astype(np.float32)
    data += draw.normal(size=data.shape).astype(np.float32)
    umap = Umap(n_neighbors=5, n_epochs=10, initialisation="pca")
    assert umap.n_neighbours(4_095) == 0
    graph = most_alike(data, umap.n_neighbours(4_200) + 3)
    assert graph.k == 7
    points = umap.project(data, neighbours=graph)
    assert points.tobytes() == umap.project(data, neighbours=most_alike(data, 4)).tobytes()
    kept = embedding_quality(data, points, n_sample=300)["neighbours_kept"]
    strangers = np.random.default_rng(0).permutation(4_200).astype(np.int32)
    mixed = NeighbourGraph(strangers[graph.indices], graph.distances, 1.0)
    lost = embedding_quality(data, umap.project(data, neighbours=mixed), n_sample=300)
    assert kept > 5 * lost["neighbours_kept"]


def test_features_that_are_not_finite_are_counted():
    broken = DATA.copy()
    broken[[3, 9], 0] = np.nan
    with pytest.raises(StageError, match="2 of 60 media are not finite"):
        Umap().project(broken)
    with pytest.raises(StageError, match="2 of 60 media are not finite"):
        Umap().project_both(DATA, broken)


@pytest.mark.parametrize("initialisation", ["spectral", "pca", "random"])
def test_a_seed_decides_the_map(initialisation):
    one, same, other = (
        Umap(initialisation=initialisation, n_epochs=20, seed=seed).project(DATA)
        for seed in (1, 1, 2)
    )
    assert (one == same).all()
    assert not np.allclose(one, other)


def test_it_equals_the_library(recwarn):
    import umap

    ours = Umap(normalise=False, n_neighbors=7, seed=89).project_both(DATA[:50], DATA[50:])
    theirs = umap.UMAP(n_neighbors=7, random_state=89, transform_seed=89).fit(DATA[:50])
    shift = theirs.embedding_.mean(axis=0, dtype=np.float64)
    assert np.allclose(ours[0], theirs.embedding_ - shift, atol=1e-5)
    assert np.allclose(ours[1], theirs.transform(DATA[50:]) - shift, atol=1e-5)


@pytest.mark.parametrize(
    "wrong", [{"n_neighbors": 1}, {"min_dist": 2}, {"n_epochs": 0}, {"initialisation": "magic"}]
)
def test_settings_outside_their_range_are_refused(wrong):
    with pytest.raises(ValidationError):
        Umap(**wrong)

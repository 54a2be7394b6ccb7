import numpy as np
import pytest
from pydantic import ValidationError

from wunderkammer.core.errors import NotEnoughMediaError, StageError
from wunderkammer.metrics.embedding import embedding_quality
from wunderkammer.projections.neighbours import NeighbourGraph, nearest_graph
from wunderkammer.projections.tsne import Tsne

DATA = np.random.default_rng(0).normal(size=(120, 30)).astype(np.float32)


def test_a_perplexity_that_is_too_high_says_what_would_do():
    with pytest.raises(NotEnoughMediaError) as caught:
        Tsne(perplexity=30).project(DATA[:40])
    assert caught.value.message == (
        "embedding: perplexity 30 needs at least 91 media, and 40 have features."
    )
    assert "Lower it to 13 or less" in caught.value.hint
    assert np.isfinite(Tsne(perplexity=13, n_iter=5).project(DATA[:40])).all()


def test_a_set_perplexity_refuses_a_handful():
    with pytest.raises(NotEnoughMediaError, match="needs at least 5 media, and 4 have"):
        Tsne(perplexity=1).project(DATA[:4])


def test_features_that_are_not_finite_are_counted():
    broken = DATA.copy()
    broken[[3, 9], 0] = np.inf
    with pytest.raises(StageError, match="2 of 120 media are not finite"):
        Tsne().project(broken)


def test_a_seed_decides_a_random_start():
    one = Tsne(initialisation="random", n_iter=20, seed=1).project(DATA)
    same = Tsne(initialisation="random", n_iter=20, seed=1).project(DATA)
    other = Tsne(initialisation="random", n_iter=20, seed=2).project(DATA)
    assert (one == same).all()
    assert not np.allclose(one, other)


@pytest.mark.parametrize(
    "settings",
    [
        {"neighbours": "annoy"},
        {"gradient": "fft"},
        {"gradient": "fft", "neighbours": "annoy", "initialisation": "spectral"},
        {"metric": "cosine"},
        {"metric": "manhattan", "input_pca": 0},
        {"dof": 0.7, "exaggeration": 2.0},
    ],
)
def test_every_way_gives_the_same_bytes_on_two_threads(settings):
    tsne = Tsne(early_exaggeration_iter=20, n_iter=20, **settings)
    one, two = (tsne.project(DATA, n_threads=n) for n in (1, 2))
    assert np.isfinite(one).all()
    assert one.tobytes() == two.tobytes()


@pytest.mark.parametrize(
    "wrong", [{"perplexity": 0}, {"learning_rate": -1}, {"theta": 2}, {"initialisation": "magic"}]
)
def test_settings_outside_their_range_are_refused(wrong):
    with pytest.raises(ValidationError):
        Tsne(**wrong)


def groups(n, n_groups=6, seed=1):
    draw = np.random.default_rng(seed)
    centres = draw.normal(size=(n_groups, 20)) * 1.5
    return (centres[np.arange(n) % n_groups] + draw.normal(size=(n, 20))).astype(np.float32)


def test_the_fast_engine_makes_as_good_a_map_as_the_reference():
    pytest.importorskip("faiss")
    data = groups(1_200)
    figures = {}
    fast, reference = (
        embedding_quality(data, Tsne(engine=engine).project(data, watch=figures.__setitem__))
        for engine in ("fast", "opentsne")
    )
    assert fast["trustworthiness"] > reference["trustworthiness"] - 0.005
    assert fast["neighbours_kept"] > reference["neighbours_kept"] - 0.015
    assert 0 < figures["kl_divergence"] < 5
    assert figures["n_iterations"] <= 750
    assert figures["predicted_bytes"] > 1_200 * 90 * 8


def test_the_fast_engine_gives_the_same_bytes_on_two_threads():
    pytest.importorskip("faiss")
    data = groups(700)
    fast = Tsne(engine="fast", n_iter=60, early_exaggeration_iter=60)
    one, two = (fast.project_both(data[:600], data[600:], n_threads=n) for n in (1, 2))
    assert [part.tobytes() for part in one] == [part.tobytes() for part in two]


def test_neighbours_that_are_known_are_taken():
    pytest.importorskip("faiss")
    data = groups(600)
    fast = Tsne(engine="fast", n_iter=50)
    graph = nearest_graph(data / np.linalg.norm(data, axis=1, keepdims=True), 95)
    told = {}
    points = fast.project(data, neighbours=graph, watch=told.__setitem__)
    assert fast.n_neighbours(600) == 90
    assert "neighbour_recall" not in told
    assert points.tobytes() == fast.project(data).tobytes()
    strangers = np.random.default_rng(0).permutation(600).astype(np.int32)
    mixed = NeighbourGraph(strangers[graph.indices], graph.distances, 1.0)
    assert not np.allclose(points, fast.project(data, neighbours=mixed))


def test_a_map_is_done_where_the_divergence_no_longer_falls():
    pytest.importorskip("faiss")
    data = groups(400)
    n_done = []
    for least_fall in (0.0, 0.2):
        told = {}
        Tsne(engine="fast", least_fall=least_fall).project(data, watch=told.__setitem__)
        n_done.append(told["n_iterations"])
    assert n_done[1] < n_done[0] <= 750


def test_media_fall_among_their_like_on_a_fast_map_and_leave_it_alone():
    pytest.importorskip("faiss")
    data = groups(900)
    fast = Tsne(engine="fast")
    points, placed = fast.project_both(data[:780], data[780:])
    nearest = np.linalg.norm(placed[:, None] - points[None], axis=2).argmin(axis=1)
    assert (nearest % 6 == np.arange(780, 900) % 6).mean() > 0.9
    alone = fast.project_both(data[:780], data[780:781])[1]
    assert np.allclose(alone[0], placed[0], atol=1e-3)
    assert points.tobytes() == fast.project(data[:780]).tobytes()


@pytest.mark.parametrize("n", [5, 6, 12, 40])
def test_the_fast_engine_maps_a_handful_and_twins(n):
    pytest.importorskip("faiss")
    data = groups(n)
    assert np.isfinite(Tsne(engine="fast", n_iter=60).project(data)).all()
    assert np.isfinite(Tsne(engine="fast", n_iter=60).project(np.ones((n, 20), np.float32))).all()


def test_the_fast_engine_is_the_rule_from_ten_thousand_media():
    assert Tsne().n_neighbours(9_999) == 0
    assert Tsne().n_neighbours(10_000) == 90
    assert Tsne(perplexity=12).n_neighbours(10_000) == 36
    assert Tsne(dof=0.7).n_neighbours(10_000) == 0
    assert Tsne(neighbours="annoy").n_neighbours(10_000) == 0
    assert Tsne(engine="opentsne").n_neighbours(10_000) == 0

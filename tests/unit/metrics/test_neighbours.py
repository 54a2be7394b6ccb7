import json

import numpy as np
import pytest

from wunderkammer.core.device import Device
from wunderkammer.core.errors import NotEnoughMediaError, StageError
from wunderkammer.metrics import neighbours
from wunderkammer.metrics.neighbours import nearest_neighbours, neighbour_figures, voted

LINE = np.array([[0.0], [1.0], [3.0], [7.0], [15.0]])
DRAW = np.random.default_rng(0)
CLOUD = DRAW.normal(size=(70, 5))


def test_five_on_a_line_by_hand():
    found = nearest_neighbours(LINE, 2)
    assert found.indices.tolist() == [[1, 2], [0, 2], [1, 0], [2, 1], [3, 2]]
    np.testing.assert_allclose(found.distances[0], [1, 3], atol=1e-6)


def test_two_images_of_a_specimen_never_face_each_other():
    found = nearest_neighbours(LINE, 2, groups=["a", "a", "b", "b", None])
    assert found.indices.tolist() == [[2, 3], [2, 3], [1, 0], [1, 0], [3, 2]]


def test_who_has_too_few_others_gets_none_in_their_place():
    found = nearest_neighbours(LINE[:3], 2, groups=["a", "a", "b"])
    assert found.indices.tolist() == [[2, -1], [2, -1], [1, 0]]
    assert np.isinf(found.distances[0, 1])
    assert json.loads(json.dumps(found.figures()))["distances"][0][1] is None


def test_queries_of_another_set_may_be_anywhere_but_in_their_own_specimen():
    queries = [[0.9], [14.0]]
    free = nearest_neighbours(LINE, 1, queries=queries)
    assert free.indices.tolist() == [[1], [4]]
    parted = nearest_neighbours(
        LINE, 1, queries=queries, groups=list("abcde"), query_groups=["b", None]
    )
    assert parted.indices.tolist() == [[0], [4]]
    with pytest.raises(StageError, match="one of references and queries only"):
        nearest_neighbours(LINE, 1, queries=queries, groups=list("abcde"))


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_blocks_and_threads_change_nothing(monkeypatch, metric):
    whole = nearest_neighbours(CLOUD, 6, metric=metric)
    monkeypatch.setattr(neighbours, "_ROWS", 9)
    monkeypatch.setattr(neighbours, "_COLUMNS", 4)
    parts = nearest_neighbours(CLOUD, 6, metric=metric, device=Device(n_threads=2))
    assert (parts.indices == whole.indices).all()
    np.testing.assert_allclose(parts.distances, whole.distances, atol=1e-6)


def test_torch_gives_the_same():
    groups = np.arange(70) // 2
    here = nearest_neighbours(CLOUD, 6, groups=groups)
    there = nearest_neighbours(CLOUD, 6, groups=groups, device=Device("cpu:0"))  # as on a GPU
    assert (there.indices == here.indices).all()
    np.testing.assert_allclose(there.distances, here.distances, atol=1e-6)


def test_the_nearest_of_a_tie_wins_and_nobody_votes_for_nothing():
    rows = np.array([[2, 1, 1, 2], [3, 1, 1, 0], [-1, -1, -1, 4], [-1, -1, -1, -1]])
    assert voted(rows).tolist() == [2, 1, 4, -1]


def test_figures_by_hand():
    features = np.array([[0.0], [1.0], [2.5], [10.0], [11.0], [30.0]])
    found = neighbour_figures(
        nearest_neighbours(features, 2), ["a", "a", "b", "b", "b", "c"], k=1, at=(1, 2, 3)
    )
    assert (found.n_media, found.n_labels, found.n_alone) == (5, 2, 1)
    assert found.accuracy.value == pytest.approx(4 / 5)  # the third sees an a first
    assert found.balanced_accuracy == pytest.approx((1 + 2 / 3) / 2)
    assert found.recall_at == {1: pytest.approx(4 / 5), 2: pytest.approx(4 / 5)}
    assert found.most_common == pytest.approx(3 / 5)
    assert json.loads(json.dumps(found.figures()))["recall_at"]["1"] == pytest.approx(4 / 5)


def test_a_label_that_only_one_specimen_has_cannot_be_told():
    found = nearest_neighbours(LINE, 2, groups=["s", "s", "t", "u", "v"])
    figures = neighbour_figures(found, ["x", "x", "y", "y", None], k=1)
    assert (figures.n_media, figures.n_alone) == (2, 2)


def test_leakage_is_seen_where_it_is_and_not_where_it_is_not():
    institution = np.array(["NHM", "Kew", "AMNH"])[DRAW.integers(0, 3, 300)]
    features = DRAW.normal(size=(300, 8))
    clean = neighbour_figures(nearest_neighbours(features, 5), institution)
    assert clean.accuracy.value == pytest.approx(1 / 3, abs=0.1)
    features[:, 0] += 6 * (institution == "Kew")
    stained = neighbour_figures(nearest_neighbours(features, 5), institution)
    assert stained.accuracy.value > clean.accuracy.value + 0.2


def test_what_cannot_be_told_is_refused():
    with pytest.raises(NotEnoughMediaError, match=r"6 neighbours are asked for.*are 5"):
        nearest_neighbours(LINE, 6)
    found = nearest_neighbours(LINE, 1)
    with pytest.raises(NotEnoughMediaError, match="at least 2 labels"):
        neighbour_figures(found, ["a"] * 5)
    with pytest.raises(NotEnoughMediaError, match="no medium has another"):
        neighbour_figures(found, list("abcde"))

from types import SimpleNamespace

import numpy as np
import pytest

from wunderkammer.core.errors import DamagedFileError, NotEnoughMediaError, StageError
from wunderkammer.projections import neighbours
from wunderkammer.projections.neighbours import (
    load_neighbours,
    most_alike,
    nearest_graph,
    nearest_of,
    recall_of,
)

pytest.importorskip("faiss")

DRAW = np.random.default_rng(0)
DATA = (DRAW.normal(size=(30, 16))[DRAW.integers(0, 30, 3_000)] * 2).astype(np.float32)
DATA += DRAW.normal(size=DATA.shape).astype(np.float32)


def distances_to(rows, asked):
    return np.linalg.norm(rows[asked][:, None].astype(float) - rows[None], axis=2)


def test_they_are_the_nearest_in_order_and_never_oneself():
    graph = nearest_graph(DATA, 12)
    all_of_some = distances_to(DATA, np.arange(200))
    all_of_some[np.arange(200), np.arange(200)] = np.inf
    assert graph.recall == 1
    assert np.allclose(graph.distances[:200], np.sort(all_of_some, axis=1)[:, :12], atol=1e-3)
    assert not (graph.indices == np.arange(len(DATA))[:, None]).any()
    assert (np.diff(graph.distances, axis=1) >= 0).all()


def test_beyond_what_is_compared_exactly_the_recall_is_what_was_asked(monkeypatch):
    true = nearest_graph(DATA, 15)
    monkeypatch.setattr(neighbours, "EXACT_UP_TO", 1_000)
    graph = nearest_graph(DATA, 15, recall=0.9)
    over_all = recall_of(true.indices, graph.indices)
    assert graph.recall >= 0.9
    assert abs(over_all - graph.recall) < 0.05
    assert nearest_graph(DATA, 15, recall=1).indices.tobytes() == true.indices.tobytes()


@pytest.mark.parametrize("wanted", [1, 5, 8, 37, 99, 100])
def test_no_more_cells_are_looked_through_than_are_needed(wanted):
    index = SimpleNamespace(nprobe=0, nlist=100)
    true = np.arange(100)[None]

    def ask():
        return np.where(true < index.nprobe, true, -1)

    reached = neighbours._widened(index, ask, true, wanted / 100)
    assert (index.nprobe, reached) == (wanted, wanted / 100)


def test_neither_threads_nor_a_second_time_change_them(monkeypatch):
    monkeypatch.setattr(neighbours, "EXACT_UP_TO", 1_000)
    one = nearest_graph(DATA, 10, n_threads=1, seed=4)
    two = nearest_graph(DATA, 10, n_threads=2, seed=4)
    assert one.indices.tobytes() == two.indices.tobytes()
    assert one.distances.tobytes() == two.distances.tobytes()
    assert one.recall == two.recall


def test_twins_are_neighbours_of_each_other_and_not_of_themselves():
    data = DATA[:300].copy()
    data[:40] = data[0]
    graph = nearest_graph(data, 10)
    assert not (graph.indices == np.arange(300)[:, None]).any()
    assert (graph.indices[:40] < 40).all()
    assert graph.distances[:40].max() < 0.01


def test_others_find_their_nearest_rows():
    indices, found = nearest_of(DATA[:500], DATA[500:520], 4)
    true = np.linalg.norm(DATA[500:520][:, None].astype(float) - DATA[None, :500], axis=2)
    assert (indices == np.argsort(true, axis=1)[:, :4]).all()
    assert np.allclose(found, np.sort(true, axis=1)[:, :4], atol=1e-3)


def test_what_was_saved_is_read_back(tmp_path):
    graph = nearest_graph(DATA[:50], 5)
    graph.save(tmp_path)
    again = load_neighbours(tmp_path)
    assert (again.indices == graph.indices).all()
    assert (again.distances == graph.distances).all()
    assert again.k == 5


def test_files_that_are_gone_say_what_to_do(tmp_path):
    with pytest.raises(DamagedFileError, match=r"indices\.npy cannot be read") as caught:
        load_neighbours(tmp_path)
    assert "wk verify --repair" in caught.value.hint


def test_more_neighbours_than_others_are_refused():
    with pytest.raises(NotEnoughMediaError, match="5 neighbours need at least 6 media, and 5 have"):
        nearest_graph(DATA[:5], 5)


def test_what_is_alike_goes_by_directions():
    longer = DATA[:300] * np.random.default_rng(1).uniform(0.5, 9, (300, 1)).astype(np.float32)
    plain, scaled = most_alike(DATA[:300], 6), most_alike(longer, 6)
    assert recall_of(plain.indices, scaled.indices) > 0.999
    ends = DATA[[0, plain.indices[0, 0]]].astype(float)
    cosine = ends[0] @ ends[1] / np.prod(np.linalg.norm(ends, axis=1))
    assert plain.distances[0, 0] == pytest.approx(2 * np.sin(np.arccos(cosine) / 2), abs=1e-3)


def test_features_that_are_no_numbers_are_counted():
    broken = DATA[:30].copy()
    broken[4, 0] = np.nan
    with pytest.raises(StageError, match="1 of 30 media are not finite"):
        most_alike(broken, 3)


def test_very_many_others_are_looked_for_in_cells(monkeypatch):
    rows, others = DATA[:2_800], DATA[2_800:]
    true = nearest_of(rows, others, 10)
    monkeypatch.setattr(neighbours, "_MOST_PAIRS", 1_000)
    found = nearest_of(rows, others, 10)
    assert recall_of(true[0], found[0]) > 0.9
    assert (np.diff(found[1], axis=1) >= 0).all()
    two = nearest_of(rows, others, 10, n_threads=2)
    assert [one.tobytes() for one in found] == [one.tobytes() for one in two]

"""What is alike is found in few bytes and few cells, and how well is measured."""

import numpy as np
import pytest

from wunderkammer.atlas.alike import AlikeFile, Directions, unit_rows, write_alike

N, WIDTH = 900, 24


@pytest.fixture(scope="module")
def features():
    rng = np.random.default_rng(4)
    kinds = rng.normal(size=(30, WIDTH))
    return (kinds[np.arange(N) % 30] + rng.normal(0, 0.5, (N, WIDTH))).astype(np.float32)


@pytest.fixture(scope="module")
def directions(features):
    units = unit_rows(features)
    mean = units.mean(axis=0)
    _, _, along = np.linalg.svd(units - mean, full_matrices=False)
    return Directions(mean, along.astype(np.float32))


def written(folder, features, directions, recall):
    path = folder / "alike.bin"
    rows = np.arange(len(features), dtype=np.uint32)[::-1]
    made = write_alike(
        path, features, rows, directions, recall=recall, seed=1, reference="alike.bin"
    )
    return path, made, rows


def exact(features, vector, k):
    similar = unit_rows(features) @ unit_rows(vector[None])[0]
    order = np.argsort(-similar, kind="stable")[:k]
    return order, similar[order]


def test_with_all_directions_and_cells_it_finds_what_all_features_find(
    tmp_path, features, directions
):
    path, made, rows = written(tmp_path, features, directions, recall=1)
    file = AlikeFile(path, made)
    vector = features[5] + features[11]
    found, similar = file.nearest(vector, 10, n_read=10**6)
    truth, wanted = exact(features, vector, 10)
    assert len(np.intersect1d(found, rows[truth])) >= 9
    np.testing.assert_allclose(np.sort(similar), np.sort(wanted), atol=0.02)


def test_the_share_that_is_told_is_the_share_that_is_found(tmp_path, features, directions):
    path, made, rows = written(tmp_path, features, directions, recall=0.9)
    assert made.recall >= 0.9
    n_cells = next(block for block in made.blocks if block.name == "centre").shape[0]
    assert made.n_read < n_cells / 2, "most of the file is not read"
    file, shares = AlikeFile(path, made), []
    for place in range(0, N, 9):
        truth = [one for one in exact(features, features[place], 11)[0] if one != place][:10]
        found = [one for one in file.nearest(features[place], 11)[0] if one != rows[place]][:10]
        shares.append(len(np.intersect1d(found, rows[truth])) / 10)
    assert abs(np.mean(shares) - made.recall) < 0.06


def test_fewer_directions_are_fewer_bytes_and_tell_less(tmp_path, features, directions):
    few = Directions(directions.mean, directions.along[:3])
    path, made, _ = written(tmp_path, features, few, recall=0.99)
    assert path.stat().st_size < N * (3 + 4) + 4096
    assert made.recall < 0.9, "it says so where the wish cannot be met"


def test_the_same_features_give_the_same_bytes(tmp_path, features, directions):
    contents = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        path, _, _ = written(tmp_path / name, features, directions, recall=0.8)
        contents.append(path.read_bytes())
    assert contents[0] == contents[1]


def test_two_media_that_are_all_zeros_are_no_error(tmp_path):
    nothing = np.zeros((2, WIDTH), np.float32)
    flat = Directions(np.zeros(WIDTH, np.float32), np.eye(1, WIDTH, dtype=np.float32))
    path, made, _ = written(tmp_path, nothing, flat, recall=0.9)
    found, similar = AlikeFile(path, made).nearest(np.ones(WIDTH, np.float32), 5, n_read=9)
    assert sorted(found) == [0, 1]
    assert np.isfinite(similar).all()

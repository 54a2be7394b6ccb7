"""What every projection promises, whatever the features."""

import numpy as np
import pytest

from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.projections import registry


def features(n, n_features=24, seed=0):
    draw = np.random.default_rng(seed)
    centres = draw.normal(size=(4, n_features)) * 3
    return (centres[np.arange(n) % 4] + draw.normal(size=(n, n_features))).astype(np.float32)


@pytest.fixture(params=registry.names())
def projection(request):
    return registry.get(request.param)()


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6, 10, 40, 300])
def test_any_number_of_media_gives_finite_points_or_says_how_many_are_needed(projection, n):
    try:
        points = projection.project(features(n))
    except NotEnoughMediaError as error:
        refusal = error
        assert n < 5
        assert str(n) in refusal.message
        return
    assert points.shape == (n, 2)
    assert points.dtype == np.float64
    assert np.isfinite(points).all()


def test_the_same_features_give_the_same_bytes_on_any_number_of_threads(projection):
    data = features(300)
    first = projection.project(data, n_threads=1)
    assert projection.project(data, n_threads=1).tobytes() == first.tobytes()
    assert projection.project(data, n_threads=2).tobytes() == first.tobytes()


def test_twins_and_constant_features_do_not_break_it(projection):
    data = features(60)
    data[10:30] = data[0]
    data[:, 5] = 7
    assert np.isfinite(projection.project(data)).all()
    assert np.isfinite(projection.project(np.ones((60, 24), np.float32))).all()
    assert np.isfinite(projection.project(np.zeros((60, 24), np.float32))).all()


def test_media_that_differ_lie_apart(projection):
    points = projection.project(features(200))
    assert len(np.unique(points, axis=0)) == 200


def test_features_are_left_as_they_were(projection):
    data = features(50)
    before = data.copy()
    projection.project(data)
    assert (data == before).all()


def test_more_features_than_media_are_taken(projection):
    assert projection.project(features(30, n_features=500)).shape == (30, 2)


def test_media_are_placed_on_a_map_that_they_do_not_change(projection):
    data = features(260)
    train, tests = data[:200], data[200:]
    before = data.copy()
    points, placed = projection.project_both(train, tests)
    assert points.tobytes() == projection.project(train).tobytes()
    assert placed.shape == (60, 2)
    assert placed.dtype == np.float64
    assert np.isfinite(placed).all()
    assert (data == before).all()
    again = projection.project_both(train, tests, n_threads=2)
    assert [one.tobytes() for one in again] == [points.tobytes(), placed.tobytes()]


def test_a_medium_falls_among_its_like(projection):
    data = features(260)
    points, placed = projection.project_both(data[:200], data[200:])
    nearest = np.linalg.norm(placed[:, None] - points[None], axis=2).argmin(axis=1)
    assert (nearest % 4 == np.arange(200, 260) % 4).mean() > 0.9


def test_media_are_placed_on_a_map_that_was_finished_before(projection):
    data = features(260)
    points = projection.project(data[:200])
    before = points.copy()
    placed = projection.placed(data[:200], points, data[200:])
    assert points.tobytes() == before.tobytes()
    assert placed.shape == (60, 2)
    assert placed.dtype == np.float64
    nearest = np.linalg.norm(placed[:, None] - points[None], axis=2).argmin(axis=1)
    assert (nearest % 4 == np.arange(200, 260) % 4).mean() > 0.9
    again = projection.placed(data[:200], points, data[200:], n_threads=2)
    assert again.tobytes() == placed.tobytes()
    assert projection.placed(data[:200], points, data[:0]).shape == (0, 2)


def test_a_map_from_which_media_have_gone_takes_others_too(projection):
    data = features(260)
    points = projection.project(data[:200])
    placed = projection.placed(data[:150], points[:150] + 100, data[200:])
    nearest = np.linalg.norm(placed[:, None] - points[None] - 100, axis=2).argmin(axis=1)
    assert (nearest % 4 == np.arange(200, 260) % 4).mean() > 0.9


def test_a_map_that_goes_on_from_another_is_known_again(projection):
    data = features(200)
    points = projection.project(data)
    again = projection.project(data, start=points)
    assert again.tobytes() == projection.project(data, start=points, n_threads=2).tobytes()
    one, other = ((where - where.mean(axis=0)) / where.std(axis=0) for where in (points, again))
    middles = np.array([one[kind::4].mean(axis=0) for kind in range(4)])
    kinds = np.linalg.norm(other[:, None] - middles[None], axis=2).argmin(axis=1)
    assert (kinds == np.arange(200) % 4).mean() > 0.9


@pytest.mark.parametrize("n", [1, 3, 5, 8])
def test_a_few_media_are_a_map_too(projection, n):
    data = features(n + 2)
    points, placed = projection.project_both(data[:n], data[n:])
    assert points.shape == (n, 2)
    assert placed.shape == (2, 2)
    assert np.isfinite(placed).all()
    assert projection.project_both(data, data[:0])[1].shape == (0, 2)
    assert np.isfinite(projection.placed(data[:n], points, data[n:])).all()


def test_nothing_is_no_map(projection):
    with pytest.raises(NotEnoughMediaError, match="no medium to map"):
        projection.project_both(features(4)[:0], features(4))
    assert projection.project(features(4)[:0]).shape == (0, 2)

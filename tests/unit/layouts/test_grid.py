import numpy as np
import pytest
from PIL import Image

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.layouts import Placement
from wunderkammer.layouts.grid import Grid

POINTS = np.random.default_rng(0).normal(size=(50, 2))
ASPECTS = np.random.default_rng(1).uniform(0.4, 2.5, 50)


@pytest.mark.parametrize(
    ("settings", "n", "shape"),
    [
        ({}, 1, (1, 1)),
        ({}, 2, (1, 2)),
        ({}, 9, (3, 3)),
        ({}, 1000, (32, 32)),
        ({"aspect": 16 / 9}, 1000, (42, 24)),
        ({"columns": 7}, 50, (7, 8)),
        ({"rows": 7}, 50, (8, 7)),
        ({"columns": 10, "rows": 10}, 50, (10, 10)),
        ({"cell_aspect": 2.0}, 800, (20, 40)),
    ],
)
def test_the_wall_is_near_the_asked_shape_with_few_empty_cells(settings, n, shape):
    assert Grid(**settings).shape(n) == shape


def test_primes_leave_few_cells_empty():
    for n in (97, 101, 997, 7919):
        columns, rows = Grid().shape(n)
        assert n <= columns * rows < n * 1.12
        assert 0.8 < columns / rows < 1.25


def test_too_small_a_wall_says_how_many_rows_are_needed():
    with pytest.raises(ConfigurationError, match="7 columns x 7 rows hold 49 media") as caught:
        Grid(columns=7, rows=7).place(POINTS, ASPECTS)
    assert "8 rows are needed" in caught.value.hint


def test_empty_cells_are_at_the_end_of_the_bottom_row():
    positions = Grid(columns=8, fit="fill").place(POINTS, ASPECTS).positions
    rows = np.floor(positions[:, 1])
    assert (np.bincount(rows.astype(int)) == [8, 8, 8, 8, 8, 8, 2]).all()
    assert set(positions[rows == 6, 0]) == {0.5, 1.5}


def test_spread_empty_cells_lie_where_the_map_is_empty():
    points = np.vstack([POINTS * 0.1, POINTS * 0.1 + (10, 0)])
    positions = Grid(columns=20, rows=10, empty="spread").place(points, np.ones(100)).positions
    left = positions[:50, 0]
    right = positions[50:, 0]
    assert right.min() - left.max() > 3


def test_fill_makes_all_sprites_cells_and_contain_keeps_them_inside():
    filled = Grid(fit="fill", cell_aspect=0.75).place(POINTS, ASPECTS)
    contained = Grid(fit="contain", cell_aspect=0.75).place(POINTS, ASPECTS)
    assert (filled.sizes == (0.75, 1.0)).all()
    assert (contained.sizes <= (0.75 + 1e-12, 1.0 + 1e-12)).all()
    touching = np.isclose(contained.sizes, (0.75, 1.0)).any(axis=1)
    assert touching.all()


def test_the_gap_is_the_distance_between_cells():
    positions = Grid(columns=10, gap=0.25, fit="fill").place(POINTS, ASPECTS).positions
    assert set(np.diff(np.unique(positions[:, 0].round(9))).round(9)) == {1.25}


def test_a_round_wall_has_its_cells_in_a_circle_and_few_of_them_empty():
    wall = Grid(mask="circle", fit="fill")
    points = np.random.default_rng(2).normal(size=(1000, 2))
    positions = wall.place(points, np.ones(1000)).positions
    columns, rows = wall.shape(1000)
    assert columns * rows == pytest.approx(1000 * 4 / np.pi, rel=0.06)
    middle = np.array([columns, rows]) / 2
    # the last row is not full, and the whole begins where the first sprite does
    assert np.hypot(*((positions - middle) / middle).T).max() < 1.1


def test_a_mask_from_a_file_is_filled(tmp_path):
    pixels = np.zeros((30, 30), np.uint8)
    pixels[:10] = pixels[:, :10] = 255
    Image.fromarray(pixels).save(tmp_path / "corner.png")
    grid = Grid(mask="corner.png", fit="fill")
    assert list(grid.files(tmp_path).values()) == [tmp_path / "corner.png"]
    points = np.random.default_rng(2).normal(size=(500, 2))
    positions = grid.within(tmp_path).place(points, np.ones(500)).positions
    columns, rows = grid.within(tmp_path).shape(500)
    free = (positions[:, 0] > columns / 3 + 1) & (positions[:, 1] > rows / 3 + 1)
    assert not free.any()
    assert len(np.unique(positions, axis=0)) == 500


def test_a_mask_that_nobody_knows_is_refused_when_it_is_set():
    with pytest.raises(ConfigurationError, match="no mask is called 'heart'"):
        Grid(mask="heart")


def before_of(placement, n):
    found = Placement(np.full((n, 2), np.nan), np.full((n, 2), np.nan))
    found.positions[: len(placement.positions)] = placement.positions
    found.sizes[: len(placement.sizes)] = placement.sizes
    return found


def added(grid, n_old, n):
    points = np.random.default_rng(3).normal(size=(n, 2))
    first = grid.place(points[:n_old], np.ones(n_old))
    after = grid.place(points, np.ones(n), before=before_of(first, n))
    assert (after.positions[:n_old] == first.positions).all()
    return first.positions, after.positions


def test_added_media_take_the_empty_cells_of_the_last_row():
    first, after = added(Grid(columns=10), 95, 100)
    assert len(np.unique(after, axis=0)) == 100
    assert after.max(axis=0).tolist() == first.max(axis=0).tolist()


@pytest.mark.parametrize(
    ("settings", "n_old", "n", "shape"),
    [
        ({"columns": 10}, 100, 101, (10, 11)),
        ({"rows": 10}, 100, 101, (11, 10)),
        ({}, 100, 101, (10, 11)),
        ({"aspect": 2}, 200, 201, (20, 11)),
        ({"columns": 11, "rows": 11}, 100, 121, (11, 11)),
    ],
)
def test_a_full_wall_grows_at_its_end(settings, n_old, n, shape):
    _, after = added(Grid(**settings), n_old, n)
    extent = np.unique(after[:, 0]).size, np.unique(after[:, 1]).size
    assert extent == shape


def test_spare_cells_are_kept_all_over_and_taken_by_what_is_added():
    grid = Grid(spare=0.1, empty="even")
    first, after = added(grid, 400, 430)
    assert after.max(axis=0).tolist() == first.max(axis=0).tolist()


def test_sprites_of_many_sizes_are_as_large_as_they_are_in_cells_of_the_largest():
    longest = np.r_[2.0, np.full(24, 0.5)]
    wall = Grid(columns=5).place(POINTS[:25], np.ones(25), longest=longest)
    np.testing.assert_allclose(wall.sizes[:, 0], longest)
    assert set(np.diff(np.unique(wall.positions[:, 0].round(9))).round(9)) == {2.0}

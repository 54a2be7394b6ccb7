import numpy as np
import pytest

from wunderkammer.imaging.boxes import overlapping_pairs
from wunderkammer.layouts._vacancy import vacant

LATTICE = np.stack(np.meshgrid(np.arange(20.0), np.arange(20.0)), -1).reshape(-1, 2)


def test_a_box_takes_the_hole_it_fits_exactly():
    holes = np.array([47, 211, 350])
    rest = np.delete(LATTICE, holes, axis=0)
    wishes = LATTICE[holes] + (0.3, -0.2)
    found = vacant(wishes, np.ones((3, 2)), rest, np.ones((397, 2)))
    np.testing.assert_allclose(found, LATTICE[holes], atol=1e-9)


def test_where_it_is_free_a_box_lies_where_it_wants_to():
    wish = np.array([[0.9, 1.1]])
    around = np.array([[0.0, 0.0], [2.0, 2.5]])
    assert (vacant(wish, np.full((1, 2), 0.2), around, np.ones((2, 2))) == wish).all()


def test_nobody_beats_the_place_that_is_found():
    draw = np.random.default_rng(0)
    places, taken = draw.uniform(0, 12, (60, 2)), draw.uniform(0.3, 1.4, (60, 2))
    wish, box = np.array([[6.0, 6.0]]), np.array([[0.8, 0.5]])
    found = vacant(wish, box, places, taken)
    way = np.hypot(*(found - wish).T)[0]
    tried = draw.uniform(0, 12, (200_000, 2))
    depth = (taken[None, :, :] + box) / 2 - np.abs(places[None, :, :] - tried[:2000, None, :])
    free = ~(depth > 0).all(axis=2).any(axis=1)
    assert np.hypot(*(tried[:2000][free] - wish).T).min() >= way - 1e-9
    assert overlapping_pairs(np.vstack([places, found]), np.vstack([taken, box])) == (
        overlapping_pairs(places, taken)
    )


def test_nothing_goes_further_up_or_left_than_what_is_there():
    wishes = np.full((30, 2), -5.0)
    found = vacant(wishes, np.ones((30, 2)), LATTICE, np.ones((400, 2)))
    assert (found > -1e-9).all()
    both = np.vstack([LATTICE, found])
    assert overlapping_pairs(both, np.ones((430, 2))) == 0


@pytest.mark.parametrize("n", [1, 7, 150])
def test_boxes_of_all_sizes_find_room_in_a_full_room(n):
    draw = np.random.default_rng(n)
    boxes = np.exp(draw.normal(scale=1.0, size=(n, 2))).clip(0.05, 6)
    found = vacant(draw.uniform(0, 20, (n, 2)), boxes, LATTICE, np.ones((400, 2)))
    sizes = np.vstack([np.ones((400, 2)), boxes])
    assert overlapping_pairs(np.vstack([LATTICE, found]), sizes) == 0

import numpy as np
import pytest

from wunderkammer.layouts._treemap import Rectangle, squarified


def test_the_example_of_the_paper_comes_out_as_drawn_there():
    found = squarified([6, 6, 4, 3, 2, 2, 1], Rectangle(0, 0, 6, 4))
    aspects = [max(one.width / one.height, one.height / one.width) for one in found]
    np.testing.assert_allclose(found[0], (0, 0, 3, 2))
    np.testing.assert_allclose(found[1], (0, 2, 3, 2))
    np.testing.assert_allclose(found[2], (3, 0, 12 / 7, 7 / 3))
    np.testing.assert_allclose(found[3], (3 + 12 / 7, 0, 9 / 7, 7 / 3))
    assert max(aspects) == pytest.approx(25 / 9)


@pytest.mark.parametrize("n", [1, 2, 17, 500])
def test_rectangles_fill_the_space_and_share_it_by_weight(n):
    weights = np.sort(np.random.default_rng(n).pareto(1.0, n) + 0.01)[::-1].tolist()
    space = Rectangle(-3.0, 5.0, 31.0, 7.0)
    found = np.array(squarified(weights, space))
    np.testing.assert_allclose(found[:, 2] * found[:, 3], np.array(weights) / sum(weights) * 217)
    assert (found[:, :2] >= (-3 - 1e-9, 5 - 1e-9)).all()
    assert (found[:, :2] + found[:, 2:] <= (28 + 1e-9, 12 + 1e-9)).all()


def test_nothing_parts_nothing():
    assert squarified([], Rectangle(0, 0, 1, 1)) == []


def test_an_inset_wider_than_the_rectangle_leaves_something():
    assert min(Rectangle(0, 0, 1, 2).inset(5)[2:]) > 0
